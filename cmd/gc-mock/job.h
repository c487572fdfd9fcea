/* SPDX-License-Identifier: GPL-3.0-or-later */
/* job.h -- work that a client starts, asks after, and fetches.
 *
 * A job advances by being asked, not by the clock, so that a run is the same
 * each time: the first asks find it not there yet or under way, then it is
 * done.
 */
#ifndef MOCK_JOB_H
#define MOCK_JOB_H

#include "gen.h"

struct job {
	char id[GEN_ID];
	uint64_t of;            /* which sort: a hash that the maker chose */
	int64_t asked;          /* how often its state was asked for */
	int64_t low, high;      /* the records it is about */
	bool cancelled;
};

struct jobs {
	struct map names;       /* id -> number in v */
	struct job **v;         /* owned, each of them */
	struct kind ids;        /* how ids are made */
};

void jobs_init(struct jobs *js, uint64_t seed);
void jobs_free(struct jobs *js);

/* A new job; NULL where memory ends. */
struct job *jobs_add(struct jobs *js, uint64_t of);

/* The job of an id and a sort, or NULL. */
struct job *jobs_find(struct jobs *js, uint64_t of, const char *id);

#endif
