/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mock.h -- the platform in a box: all that lives as long as the server.
 *
 * One lock guards it all: a request is decided under it (fault, token, rate,
 * route, answer, journal) as one step, so that n in the journal is the order
 * in which things happened. Waiting and sending are done outside of it.
 */
#ifndef MOCK_MOCK_H
#define MOCK_MOCK_H

#include "base/opt.h"
#include "bot.h"
#include "fault.h"
#include "gen.h"
#include "job.h"
#include "journal.h"
#include "route.h"
#include "shelf.h"
#include "token.h"

struct mock_opts {
	int64_t port, seed, records;
	const char *faults, *journal, *now;
	bool drift;
	double token_life;      /* seconds */
	int64_t rate_limit;     /* requests a minute; 0: none */
	struct opt_list prefixes;
};

struct mock {
	const struct mock_opts *opts;
	struct gen gen;
	struct routes routes;
	struct faults faults;
	struct tokens tokens;
	struct journal journal;
	struct bot bot;
	struct jobs jobs;
	struct shelf shelf;
	uint64_t requests;      /* so far */
	int port;               /* where it listens */

	pthread_mutex_t lock;
	pthread_cond_t stop;    /* stopping became true */
	bool stopping;
};

/* Reads all files. Returns 0 or -1. */
int mock_open(struct mock *m, const struct mock_opts *o, struct fail *why);
void mock_free(struct mock *m);

/* Decides one request: fills q's own fields (path, query, json, grant, fault,
 * number) and the answer. */
void mock_decide(struct mock *m, struct request *q, struct answer *a);

/* Waits; returns 0, or -1 at once when the server is to end. */
int mock_wait(struct mock *m, int64_t ms);

/* Ends all waits, now and later. */
void mock_stop(struct mock *m);

#endif
