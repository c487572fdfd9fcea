/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stored.h -- what a store holds, as rows of plain values.
 *
 * A header of its own: what out/ and store/ call a cell are two things. The
 * store is opened for reading, asked, and closed; each answer is of one
 * moment.
 */
#ifndef SERVE_STORED_H
#define SERVE_STORED_H

#include "base/buf.h"
#include "base/fail.h"

#define STORED_DAYS_MOST 92     /* how far back mentions are shown */

enum stored_what {
	STORED_TREND,           /* day, product, mentions */
	STORED_MENTIONS,        /* group, text, conversations; a row without a
	                         * group is how many conversations there are */
	STORED_SCORES           /* score, of the newest day that has some */
};

struct stored_value {
	const char *p;          /* "" where it is null */
	size_t n;
	double number;          /* NaN where it is none */
};

/* Takes a row, whose values die on return. 0 to go on, -1 with why. */
typedef int stored_row(void *ctx, const struct stored_value *v, size_t n,
    struct fail *why);

/* Reads rows. *updated is when the newest was loaded (ms). Returns 0; 1 where
 * the store is not there, or has nothing of that kind; -1 with why. */
int stored_read(const char *dsn, enum stored_what what, int64_t *updated,
    stored_row *one, void *ctx, struct fail *why);

/* Is it a server, and no file? */
bool stored_server(const char *dsn);

/* Tells states of a store apart, of a file by its times and sizes; all of a
 * server's are the same. */
uint64_t stored_mark(const char *dsn);

/* The DSN that options and environment name, into dsn; empty where they name
 * none. Returns 0, or -1 with EXIT_USAGE. */
int stored_find(struct buf *dsn, const char *flag, const char *file,
    struct fail *why);

#endif
