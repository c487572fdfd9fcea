/* SPDX-License-Identifier: GPL-3.0-or-later */
/* state.h -- where a fetch stands, in a file that is always whole.
 *
 *	{"version":1,"query":"9f86...","path":0,"step":0,"answers":null,
 *	 "page":{...},"skip":0,"doubled":0,"records":300,"bytes":81920,
 *	 "mark":"2026-01-31T12:00:00Z","complete":false}
 *
 * It is written when a page's records are safe on disk, and says how long the
 * output was then. So whatever the moment of a kill: on the way to the next
 * writing, the output is cut back to that length and the page asked for again;
 * after the last one ("complete") only the renaming of FILE.part is left to
 * do, and after that nothing but this file to be removed.
 *
 * It holds no secret, and belongs to one query: another is refused.
 */
#ifndef GC_FETCH_STATE_H
#define GC_FETCH_STATE_H

#include "base/fail.h"
#include "json/scan.h"

struct state {
	const char *path;       /* the file; NULL: there is no state */
	const char *query;      /* digest of what is asked for */
	struct buf text;        /* what was read; the three below point into it */
	struct json_val page;   /* p NULL: at the start of the path */
	struct json_val answers;        /* of the steps before; p NULL: none */
	struct json_val mark;   /* of --since, so far; p NULL: none */
	int64_t path_number, step;
	uint64_t skip, doubled, records, bytes;
	bool complete;
};

/* Reads the file, where it is there. Returns 1; 0 where it is not; -1 with
 * EXIT_USAGE where it belongs to another query or is none. */
int state_load(struct state *s, const char *path, const char *query,
    struct fail *why);

/* Writes it. Returns 0 or -1. */
int state_save(const struct state *s, struct fail *why);

/* All is done: removes it. Returns 0 or -1. */
int state_remove(const struct state *s, struct fail *why);

void state_free(struct state *s);

#endif
