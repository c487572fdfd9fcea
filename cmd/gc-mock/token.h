/* SPDX-License-Identifier: GPL-3.0-or-later */
/* token.h -- OAuth 2.0 client credentials (RFC 6749 4.4), and who may what.
 *
 * One client is known. It may say who it is with HTTP Basic or in the form,
 * not both. A token asked for without scope is the platform's kind: it may
 * do what the client's role may, here everything. One asked for with scopes,
 * the tutorials' kind, opens the routes of those scopes only.
 *
 * A token ends by the clock that only goes forward, so that a fixed --now
 * does not keep it alive. Each has its own window of the rate limit: a
 * minute, from its first request on.
 */
#ifndef MOCK_TOKEN_H
#define MOCK_TOKEN_H

#include "base/map.h"
#include "route.h"

#define CLIENT_ID "7f1c2a34-9b0e-4c58-a6d1-3e5f70829b4d"
#define CLIENT_SECRET "gc-mock-secret-Zm9yIHRlc3RzIG9ubHk"
#define RATE_UNLIMITED 1000000  /* what the headers say without a limit */

struct grant {
	char text[88];          /* the token itself */
	char *scopes;           /* owned; words; NULL: the platform's kind */
	int64_t ends;           /* by clock_mono() */
	int64_t life;           /* seconds announced */
	bool revoked;
	int64_t window;         /* when its minute began, by clock_mono() */
	int64_t count;          /* of requests in it */
};

struct tokens {
	uint64_t seed;
	struct map names;       /* token -> number in grants */
	struct grant **grants;  /* owned, each of them */
	int64_t life;           /* seconds, of tokens to come */
	int64_t limit;          /* requests a minute; 0: none */
	struct grant nobody;    /* the window of requests without a token */
};

void tokens_init(struct tokens *ts, uint64_t seed, int64_t life,
    int64_t limit);
void tokens_free(struct tokens *ts);

/* A new token with these scopes (NULL: the platform's kind) and a life in
 * seconds. NULL where memory ends. */
struct grant *tokens_issue(struct tokens *ts, const char *scopes,
    int64_t life);

/* May this request go on to its route? Finds q->grant. Returns 0, or -1
 * after an answer of 401 or 403. */
int tokens_check(struct tokens *ts, const struct route *r, struct request *q,
    struct answer *a);

/* The token of a request ends now. */
void tokens_revoke(struct tokens *ts, const struct request *q);

/* Counts a request against its minute. Returns 0, or -1 after an answer of
 * 429 with Retry-After. */
int tokens_rate(struct tokens *ts, struct request *q, struct answer *a);

/* The headers that every answer carries. */
void tokens_rate_headers(struct tokens *ts, const struct request *q,
    struct answer *a);

/* The 429 of the platform, for the given wait; date: as an HTTP date. */
void answer_too_many(struct answer *a, int64_t seconds, bool date);

#endif
