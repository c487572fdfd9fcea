/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ahead.h -- pages asked for before their turn.
 *
 * Where pages are counted and the total is known, the requests for the next
 * ones are known too, and several can be on their way at once: with a round
 * trip of 20 ms that is the difference between ten seconds and three. What
 * comes is handed out in the order of the pages, so that nothing else of a
 * run notices. A page that nobody has promised is never asked for; a request
 * that turns out not to be the next one is thrown away with all behind it.
 */
#ifndef GC_FETCH_AHEAD_H
#define GC_FETCH_AHEAD_H

#include "base/pool.h"
#include "net/page.h"
#include "net/wire.h"

#define AHEAD_TYPE 160          /* bytes of a Content-Type that are kept */

struct ahead_job {
	struct call call;       /* lent, but for its method and body */
	const char *first;      /* the call's first URL */
	struct buf url, body;   /* the request */
	/* what came */
	int result;             /* of wire_send() */
	struct fail why;
	struct buf answer, line, answered;      /* body; audit; the URL */
	char type[AHEAD_TYPE];
	uint64_t bytes;
};

struct ahead {
	int n;                  /* requests at once; 0: none */
	struct pool *pool;
	struct wire **wires;
	struct ahead_job *jobs;
	int queued, next;
};

/* Prepares n connections. Returns 0 or -1. */
int ahead_open(struct ahead *a, int n, struct client *c, struct fail *why);

/* Asks for the pages that follow, so many more at most, as far as p knows
 * them. Returns 0 or -1. */
int ahead_ask(struct ahead *a, struct page *p, const struct call *call,
    const char *first, uint64_t most, struct fail *why);

/* The answer to p's next request, where it was asked for; NULL where not. It
 * stays until the next ahead_ask(). */
struct ahead_job *ahead_take(struct ahead *a, const struct page *p);

/* Waits for what is on its way and throws it away: what ahead_ask() was lent
 * may go then. */
void ahead_drop(struct ahead *a);

void ahead_close(struct ahead *a);

#endif
