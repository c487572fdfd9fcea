/* SPDX-License-Identifier: GPL-3.0-or-later */
/* out.h -- where results go: stdout, or a file that appears only complete.
 *
 * A file is written beside its final name and renamed when out_close() is
 * reached, after fsync; a program that fails calls out_abort() and leaves
 * the old file as it was. A new file in an old one's place keeps its
 * permissions; a link stays, what it leads to is replaced; a file that may
 * not be written is refused. Every write is checked, the last one too. A
 * closed stdout is death by SIGPIPE, also where the parent had it ignored.
 *
 *	struct out out;
 *	if (out_open(&out, path, 0, &why) < 0) ...
 *	if (out_write(&out, line, n, &why) < 0) ...
 *	if (out_close(&out, &why) < 0) ...
 */
#ifndef BASE_OUT_H
#define BASE_OUT_H

#include "base/buf.h"
#include "base/fail.h"

enum {
	OUT_LINES = 1,          /* flush after each write (terminal, --unbuffered) */
	OUT_IF_CHANGED = 2,     /* leave a file with the same bytes untouched */
	OUT_RESUME = 4,         /* temporary is PATH.part, kept by out_abort() */
	OUT_PRIVATE = 8         /* mode 0600, whatever the old file's */
};

struct out {
	int fd;                 /* -1: not open */
	unsigned flags;
	struct buf b;           /* not yet written */
	char *path, *temp;      /* owned; NULL for stdout */
	uint64_t bytes;         /* taken so far */
	int err;                /* errno of a write that failed: no more come,
	                         * and out_close() fails */
};

/* Opens stdout (path NULL or "-") or a file. With OUT_RESUME an existing
 * PATH.part is kept and its end is where writing goes on. Returns 0 or -1. */
int out_open(struct out *o, const char *path, unsigned flags,
    struct fail *why);

/* Would these two write over each other: one file, or both stdout? */
bool out_same(const struct out *a, const struct out *b);

/* Takes bytes. Returns 0 or -1. */
int out_write(struct out *o, const void *p, size_t n, struct fail *why);

/* Hands what was taken to the system. Returns 0 or -1. */
int out_flush(struct out *o, struct fail *why);

/* out_flush() and fsync: what was taken survives a crash. */
int out_sync(struct out *o, struct fail *why);

/* OUT_RESUME: cuts the temporary file back to a length. Returns 0, or -1, with
 * EXIT_USAGE where it never was so long. */
int out_cut(struct out *o, uint64_t length, struct fail *why);

/* OUT_RESUME: keeps the temporary file to ourselves, until it is closed: two
 * of us on one file, as when cron is faster than the service, would write over
 * each other. Returns 0, or -1 with EXIT_INCOMPLETE where another has it. */
int out_lock(struct out *o, struct fail *why);

/* OUT_RESUME, for one whose work was complete and so many bytes long: was an
 * earlier life killed after it had renamed the file? */
bool out_is_renamed(const struct out *o, uint64_t length);

/* Closes without a trace: an empty temporary file goes too. */
void out_forget(struct out *o);

/* Flushes, syncs, renames. Returns 0 or -1; the out is closed either way. */
int out_close(struct out *o, struct fail *why);

/* Closes without finishing: the file's old content stays. */
void out_abort(struct out *o);

/* May a file be made in its folder? Better known before the work than after.
 * Returns 0, or -1 with EXIT_USAGE. */
int out_can_create(const char *path, struct fail *why);

/* Writes a whole small file at once, by the same road. Returns 0 or -1. */
int out_file(const char *path, const void *p, size_t n, unsigned flags,
    struct fail *why);

/* Writes all of p to a descriptor, checked; EPIPE dies by SIGPIPE on
 * stdout. Returns 0, or -1 with errno. */
int out_fd(int fd, const void *p, size_t n);

#endif
