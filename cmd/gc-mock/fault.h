/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fault.h -- what is to go wrong, and when: a script, a rule a line.
 *
 *	{"match":{"method":"GET","path":"/api/v2/users*","nth":[2,"5-7"]},
 *	 "do":{"status":429,"retry_after":1}}
 *
 * A rule fits a request when all that "match" names fits: method; path (a
 * glob whose * takes anything, or the beginning of the path up to a slash);
 * query (a glob over its text as it came); body (a piece of it); nth (which of
 * the requests that fit so far, from 1: a number, "a-b", "a-", or a list of
 * such). Every rule counts for itself; the first that fits is carried out.
 *
 * Rules with a status answer in the route's place, which then is not run: the
 * request has had no effect. Rules without let the route answer and spoil the
 * answer: the effect is there, the answer is lost.
 */
#ifndef MOCK_FAULT_H
#define MOCK_FAULT_H

#include "exchange.h"

/* What is wrong with a list's page. */
enum twist {
	TWIST_NONE,
	TWIST_REPEAT,   /* the page before, once more */
	TWIST_SHIFT,    /* a record came in before it: one comes twice */
	TWIST_SKIP,     /* a record went: one never comes */
	TWIST_LOOP,     /* the next page is this page */
	TWIST_SHORT,    /* no next page, whatever the total says */
	TWIST_TOTAL,    /* a total that is more than there is */
	TWIST_FOREIGN,  /* the next page is at another origin */
	TWIST_REVERSE,  /* answers in another order than the questions */
	TWIST_DOUBLE,   /* the last one twice */
	TWIST_DROP,     /* the last one missing */
	TWIST_STRANGE   /* the last one answers what nobody asked */
};

/* What comes after the bytes, where they were cut or counted wrongly. */
enum fault_end { END_CLOSE, END_RESET, END_HANG };

struct span {
	uint64_t low, high;
};

struct fault {
	int line;               /* of the script */
	char *method, *path, *query, *body;     /* owned; NULL: any */
	struct span *nth;       /* owned; nnth of them, 0: every one */
	size_t nnth;
	uint64_t seen;          /* requests that fitted all but nth */

	int64_t status;         /* 0: the route's own */
	struct params headers;
	struct buf answer;      /* the body */
	bool has_answer;
	int64_t delay_ms;
	int64_t cut_after;      /* bytes of body; -1: no cut */
	int64_t content_length; /* -1: the right one */
	struct buf raw;         /* all the bytes of the answer */
	bool has_raw;
	int64_t slow_bytes, slow_ms;    /* 0: at once */
	int64_t retry_after;    /* seconds; -1: none */
	bool retry_date;
	int64_t expires_in;     /* of a token; -1: as ever */
	bool expire;            /* the request's token ends */
	bool conflict;          /* another writer comes first */
	enum twist twist;
	enum fault_end end;
};

struct faults {
	struct buf text;
	struct fault *v;        /* owned; n of them */
	size_t n;
};

/* Reads a script (NULL: none). Returns 0, or -1 with EXIT_USAGE and the
 * line. */
int faults_open(struct faults *fs, const char *path, struct fail *why);
void faults_free(struct faults *fs);

/* The rule to carry out on a request, or NULL. Counts. */
const struct fault *faults_find(struct faults *fs, const struct request *q);

/* Does it need the bare wire, since no proper HTTP server would do so? */
bool fault_on_wire(const struct fault *f);

/* Makes the answer of a rule with status. */
void fault_answer(const struct fault *f, struct answer *a);

/* Puts the rule's body in the place of the answer's. */
void fault_spoil(const struct fault *f, struct answer *a);

/* Adds the rule's headers to an answer. */
void fault_headers(const struct fault *f, struct answer *a);

/* Does a text fit a glob, whose * takes anything? */
bool glob_fits(const char *glob, const char *text);

#endif
