/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bookmark.h -- where the next incremental run begins.
 *
 *	{"version":1,"query":"9f86...","since":"2026-01-31T12:00:00Z",
 *	 "records":250}
 *
 * After a run that was complete, and only then, --since FILE gets the moment
 * that run started; or, with --since-by EXPR, the greatest value of EXPR on
 * its records (numbers by size, strings in code-point order). The next run
 * finds it as the variable since, and as {since} in a path or a body.
 */
#ifndef GC_FETCH_BOOKMARK_H
#define GC_FETCH_BOOKMARK_H

#include "fetch.h"
#include "json/expr.h"
#include "taker.h"

struct bookmark {
	const char *path;               /* NULL: there is none */
	const char *query;
	char started[32];
	struct expr *by;
	struct buf greatest;            /* JSON; empty: no record had any */
	uint64_t records;
	const struct taker *next;
	struct taker taker;
};

/* Reads the bookmark of --since into value, empty where the file is not there
 * yet. query is the digest of what is asked for, this value left aside.
 * Returns 0, or -1 with EXIT_USAGE where it belongs to another query. */
int bookmark_load(const char *path, const char *query, struct buf *value,
    struct fail *why);

/* Looks at the records on their way to the taker: *out is who takes them
 * then. Returns 0 or -1. */
int bookmark_watch(struct bookmark *m, const struct fetch *f,
    const struct taker *taker, const struct taker **out, struct fail *why);

/* The value it would be saved with now, as JSON, added to b; false where there
 * is none. And back, in a later life of the same run (v.p may be NULL). */
bool bookmark_value(const struct bookmark *m, struct buf *b);
int bookmark_restore(struct bookmark *m, struct json_val v,
    struct fail *why);

/* The run was complete. Returns 0 or -1. */
int bookmark_save(struct bookmark *m, struct fail *why);

void bookmark_free(struct bookmark *m);

#endif
