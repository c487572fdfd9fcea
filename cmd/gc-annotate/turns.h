/* SPDX-License-Identifier: GPL-3.0-or-later */
/* turns.h -- records of one interaction, one after the other.
 *
 * Threads work on many records at once; those that have the same id must not
 * overtake each other, else what is written depends on chance. A record waits
 * until all before it have told their ids, and until those of the same id are
 * over. Nobody waits for one that comes later, so that nobody waits forever.
 *
 *	turns_take(&t, rec->serial, id.p, id.n)         in record()
 *	turns_over(&t, serial)                          in over()
 */
#ifndef GC_ANNOTATE_TURNS_H
#define GC_ANNOTATE_TURNS_H

#include "base/fail.h"

#include <pthread.h>

#define TURNS 256               /* more than there are lines at work */

struct turns {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	uint64_t next;          /* all before it have come */
	struct turn {
		bool come;      /* told its id, or is over */
		char *id;       /* owned; NULL: none, or over */
		size_t n;
		uint64_t serial;
	} v[TURNS];             /* by serial */
};

void turns_init(struct turns *t);

/* Waits for this record's turn. Returns 0, or -1 where memory ends. */
int turns_take(struct turns *t, uint64_t serial, const char *id, size_t n,
    struct fail *why);

/* The line is over, whether it took a turn or not. */
void turns_over(struct turns *t, uint64_t serial);

void turns_free(struct turns *t);

#endif
