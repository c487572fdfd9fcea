/* SPDX-License-Identifier: GPL-3.0-or-later */
/* retry.h -- what to do when a request did not work out.
 *
 * Pure: no clock, no sleep, no socket. The caller tells what happened and
 * gets a verdict; the same history, time and random numbers give the same
 * verdicts.
 *
 *	outcome                            verdict
 *	---------------------------------  -----------------------------------
 *	2xx                                RETRY_DONE
 *	401, the first                     RETRY_RENEW, then at once
 *	401 again; 3xx, any other 4xx;     RETRY_GIVE_UP
 *	501, 505; what HTTP_REFUSED and
 *	HTTP_STOPPED stand for
 *	429; no connection (HTTP_UNSENT)   again, for every request: it was
 *	                                   not carried out
 *	408, 425, other 5xx; a broken      again, for requests that may be
 *	connection                         repeated
 *
 * Again means: up to 5 tries in all. The wait is the Retry-After that came,
 * kept whole: seconds, or an HTTP date (told from the answer's own Date,
 * where there is one, so that clocks need not agree). Without one it is
 * random in [0, base * 2^k), k the failures before, at most 60 s: "full
 * jitter" (M. Brooker, "Exponential Backoff And Jitter", 2015). The base is
 * 5 s after a 429 and 1 s otherwise: a limit is counted by the minute, a
 * broken connection may be well again at once.
 *
 * A Retry-After longer than max_delay, or a wait that would pass the budget
 * max_wait, is RETRY_LATER: it is the caller's caller who waits (exit 7).
 *
 *	struct retry r = RETRY_INIT;
 *	do {
 *		... send ...
 *		v = retry_next(&r, &policy, &event, &rng, &advice);
 *		if (v == RETRY_WAIT) clock_sleep(advice.seconds);
 *	} while (v == RETRY_WAIT || v == RETRY_RENEW);
 */
#ifndef NET_RETRY_H
#define NET_RETRY_H

#include "base/rng.h"
#include "net/http.h"

struct retry_policy {
	int tries;              /* requests in all, renewals not counted */
	double base;            /* seconds; the first wait's bound */
	double base_limit;      /* the same after a 429 */
	double cap;             /* seconds; a wait of our own is no longer */
	double max_delay;       /* seconds; a longer Retry-After ends it */
	double max_wait;        /* seconds; all waits together */
};

#define RETRY_POLICY { 5, 1, 5, 60, 300, HUGE_VAL }

/* One request's history. */
struct retry {
	int failed;             /* tries that failed */
	bool renewed;           /* the token was; set it where there is none */
	double waited;          /* seconds waited so far */
};

#define RETRY_INIT { 0, false, 0 }

/* What happened. */
struct retry_event {
	enum http_broken broken;
	int status;             /* 0 where none came */
	bool repeatable;        /* carrying it out twice does no harm */
	const char *retry_after;        /* that header's text, or NULL */
	const char *date;               /* the Date header's, or NULL */
	int64_t now;            /* clock_now() */
};

enum retry_verdict {
	RETRY_DONE, RETRY_GIVE_UP, RETRY_RENEW, RETRY_WAIT, RETRY_LATER
};

struct retry_advice {
	double seconds;         /* RETRY_WAIT, RETRY_LATER: how long from now */
	int64_t at;             /* the moment that is */
	bool asked;             /* the service named it (Retry-After) */
	bool budget;            /* RETRY_LATER: max_wait ended it */
};

/* Decides, and writes it into the history. advice is set where a wait is
 * part of the verdict. */
enum retry_verdict retry_next(struct retry *r,
    const struct retry_policy *policy, const struct retry_event *event,
    struct rng *rng, struct retry_advice *advice);

/* Reads a Retry-After: seconds from now, 0 where it has passed. False where
 * it is NULL or nothing that can be read. date may be NULL. */
bool retry_after(const char *text, const char *date, int64_t now,
    double *seconds);

/* May a request of this method be repeated without harm (RFC 9110 9.2.2)? */
bool retry_is_idempotent(const char *method);

#endif
