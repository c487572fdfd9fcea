/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run.h -- keys with their counts and sums, in sorted stretches of files.
 *
 * A run is items one after the other, in this machine's own byte order:
 *
 *	struct head	count, place, length of the key, number of parts
 *	the key's bytes
 *	its sum's parts, doubles
 */
#ifndef CMD_COUNT_RUN_H
#define CMD_COUNT_RUN_H

#include "base/buf.h"
#include "base/fail.h"
#include "stat/exactsum.h"

/* A key as it comes out. */
struct item {
	const char *key;        /* lives until the next one */
	uint32_t nkey;
	uint64_t count;
	uint64_t place;         /* in the order of keys; second sort only */
	uint32_t nparts;
	double part[EXACTSUM_PARTS];    /* its sum */
};

/* A sorted stretch of a file. */
struct run {
	int fd;
	off_t at, end;
};

struct head {
	uint64_t count, place;
	uint32_t nkey, nparts;
};

/* A temporary file without a name, in TMPDIR: its descriptor, or -1. */
int run_file(struct fail *why);

/* Writes a run at the end of a file. */
struct writer {
	struct run run;
	struct buf b;
};

void writer_open(struct writer *w, int fd, off_t at);
int writer_add(struct writer *w, const struct item *x, struct fail *why);

/* What is left; w->run is whole then. ok false only frees. */
int writer_close(struct writer *w, bool ok, struct fail *why);

/* Reads a run through a buffer. */
struct reader {
	struct run run;         /* what is not read yet */
	char *p;                /* owned; n bytes, those before at are done */
	size_t n, cap, at;
	struct item item;       /* the next one */
};

int reader_open(struct reader *r, struct run run, size_t buffer,
    struct fail *why);

/* Takes the next item. 1, 0 at the end of the run, -1. */
int reader_next(struct reader *r, struct fail *why);
void reader_close(struct reader *r);

#endif
