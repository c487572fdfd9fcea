/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cache.h -- what a fetch brought, kept for --cache's time.
 *
 * ${XDG_CACHE_HOME:-~/.cache}/gcpipe/fetch/, mode 0700, holds KEY.ndjson, mode
 * 0600: a line {"at": when it was asked for, "whole": is it one answer, not
 * a list}, then the records as they went out. KEY is the SHA-256 of what was
 * asked for and by whom: API, client or ready token, request, variables,
 * record. A folder or file that others can read is
 * refused. What is a week old is removed on the way.
 *
 * Kept are GETs, queries by POST, and POSTs whose named request says "cache";
 * only whole answers, none with rejects.
 */
#ifndef GC_FETCH_CACHE_H
#define GC_FETCH_CACHE_H

#include "base/out.h"
#include "fetch.h"
#include "taker.h"

struct cache {
	char *path;             /* owned; NULL: nothing is kept */
	double age;             /* seconds that it is good for */
	bool refresh;           /* what is there does not count */
	bool whole;             /* to be set before cache_add() and
	                         * cache_keep(); told by cache_find() */
	struct out out;
	bool writing;
	struct fail broken;     /* why it cannot be written */
};

/* May what this call brings be kept? */
bool cache_fits(const struct call *c);

/* Finds the place for what f asks for, with a record where there is one.
 * Without --cache, or where fits is false, everything below does nothing.
 * Returns 0 or -1. */
int cache_open(struct cache *c, const struct fetch *f,
    const struct json_val *record, bool fits, struct fail *why);

/* Hands out what is there and young enough. Returns 1 then; 0 where there is
 * nothing, and what comes is to be added; -1. */
int cache_find(struct cache *c, const struct taker *taker, struct fail *why);

/* Adds a line (struct deliver's copy). A failure to write is told once by
 * cache_keep(), and is not the fetch's. */
int cache_add(void *ctx, const char *line, size_t n, struct fail *why);

/* All is there: from now on it counts. Returns 0. */
int cache_keep(struct cache *c, struct fail *why);

void cache_close(struct cache *c);

#endif
