/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lines.h -- files to runs of whole lines.
 *
 * Reads named files, or stdin, one after the other, and hands out runs of
 * whole lines: as much as one read gives, so that a slow pipe is not held
 * back. A byte order mark at the start of a file is dropped. A line longer
 * than the ceiling is not kept: it is told by its place and length.
 */
#ifndef JSON_LINES_H
#define JSON_LINES_H

#include "base/buf.h"
#include "base/fail.h"

struct run {
	char *p;                /* owned by whoever was handed the run */
	size_t n, cap;
	const char *file;       /* "stdin" for "-" */
	uint64_t first;         /* the number of the first line */
	uint64_t offset;        /* of the first byte in the file */
	uint64_t too_long;      /* not 0: this run is one line over the
	                         * ceiling, of that length, and holds nothing */
};

struct lines {
	char **files;
	int nfiles, at;
	int fd;
	size_t max;             /* the ceiling of a line */
	struct buf rest;        /* what was read past the last line end */
	uint64_t line, offset;  /* of rest */
	uint64_t bytes;         /* read in all */
	uint64_t total;         /* to be read in all; 0: not known */
	bool eof, fresh;        /* of the current file */
};

/* files may be empty: stdin. Every named file is opened once and closed to
 * find out now what cannot be read: -1 with EXIT_USAGE. */
int lines_open(struct lines *l, char **files, int nfiles, size_t max,
    struct fail *why);

/* The next run into *r, whose memory is used again. Returns 1, 0 at the end
 * of the last file, or -1. A run with n 0 and
 * too_long 0 says that a signal came before anything was read. */
int lines_next(struct lines *l, struct run *r, struct fail *why);

/* Would lines_next() have to wait? */
bool lines_waits(const struct lines *l);

void lines_close(struct lines *l);

#endif
