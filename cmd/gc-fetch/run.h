/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run.h -- one call, from its first request to its last record.
 *
 *	send --> poll until true --> multipart? parts.h
 *	                             JSON? items --> taker, next page, again
 *	                             NDJSON? lines --> taker    (take.c)
 *
 * When it is over, what was delivered is held against what the service
 * promised. A struct run belongs to one thread and serves many calls, one
 * after the other; compiled expressions stay.
 */
#ifndef GC_FETCH_RUN_H
#define GC_FETCH_RUN_H

#include "net/page.h"
#include "net/wire.h"
#include "ahead.h"
#include "doubled.h"
#include "kept.h"
#include "parts.h"

struct run_opts {
	const char *other_parts;        /* a folder, or NULL */
	bool pages;                     /* answers as they are, a line each */
	bool whole;                     /* each answer is one record */
	bool raw;                       /* answers' bytes, no JSON needed */
	int64_t max_pages;              /* 0: no limit */
	int64_t deadline;               /* clock_mono(); 0: none */
	double interval;                /* of polling; < 0: the call's */
	double max_wait;                /* of polling; < 0: the call's */
	size_t max_record;
	bool keep_rejects;
	const char *prefix;             /* path of the API's URL, or NULL */
	int jobs;                       /* pages asked for at once; 1 or 0: one
	                                 * after the other */
};

struct run {
	/* set by the caller */
	struct client *client;
	struct wire *wire;
	const struct run_opts *opts;
	const struct taker *taker;
	bool silent;            /* nothing is handed to the taker */
	/* Called when a page's records have been handed out, p being ready
	 * for the next one; and, with skip, where a limit ended it within
	 * the page that before is about to ask for. NULL: nobody. */
	int (*checkpoint)(void *ctx, struct run *r, const struct buf *before,
	    uint64_t skip, struct fail *why);
	void *ctx;
	struct json_val resume; /* what page_save() wrote, p NULL: from the
	                         * start */
	uint64_t skip;          /* records of the first page, handed out
	                         * before */

	/* told; page is valid during checkpoint() */
	struct page page;
	uint64_t doubled;       /* records that came a second time */
	uint64_t taken;         /* records handed out by this call */
	uint64_t bytes;         /* of bodies, all calls */
	uint64_t left_out;      /* parts that are no JSON, all calls */
	struct buf body;        /* the last JSON answer */
	char type[AHEAD_TYPE];  /* its Content-Type, "" for none */
	struct buf answered;    /* the URL it came from */

	/* its own */
	const struct call *call;
	struct parts parts;
	struct taker from_parts;
	bool multipart, enough, paged;
	struct kept_expr items, map, until, failed;
	struct json_val *list;  /* owned: what items found */
	size_t nlist, list_cap;
	struct doubled ids;
	struct buf before;      /* the page's state before its answer */
	struct buf first;       /* the call's first URL */
	struct ahead ahead;
	struct buf line;        /* the last answer's audit line, unfinished */
};

void run_init(struct run *r);

/* Sends the page's request; its 2xx answer is in body, or went to the parts. */
int run_send(struct run *r, double max_wait, struct fail *why);

/* Adds the last answer to those of the steps before: *all, an array, is made
 * anew in b, which it may point into. Returns 0 or -1. */
int run_keep_answer(const struct run *r, struct buf *b, struct json_val *all,
    struct fail *why);

/* take.c: hands a record to the taker, and notes what it said. */
int run_hand_out(struct run *r, struct json_val v, struct fail *why);

/* take.c: the answer's records out, also where no way leads on from it; the
 * next page's request ready. Returns as page_next() does. */
int run_take_page(struct run *r, struct fail *why);

/* Returns 0; -1 with why, EXIT_INCOMPLETE where a limit ended it or records
 * are missing. */
int run_call(struct run *r, const struct call *call, struct fail *why);

void run_free(struct run *r);

#endif
