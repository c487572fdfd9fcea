/* SPDX-License-Identifier: GPL-3.0-or-later */
/* turn.h -- one process asks, the others wait for what it gets.
 *
 * Whoever finds no good token in the cache tries for the lock, and looks into
 * the cache again when it has it: what it waited for may be there already.
 * The waiting look as well, so that they go on the moment a token is there.
 *
 * A service that fails is asked by one process as well: what it found out, it
 * notes in the lock's file, and those who waited for it take that for their
 * own answer. (Not so a refused client: another process may know a better
 * secret.) Who comes later asks again.
 */
#ifndef GC_AUTH_TURN_H
#define GC_AUTH_TURN_H

#include "cache.h"

struct turn {
	double margin;          /* seconds; a token must be good for longer */
	double max_wait;        /* seconds */
	double waited;          /* out: how long it took */
	void (*note)(const char *fmt, ...) PRINTF_LIKE(1, 2);
};

/* A good token, or the lock, whichever comes first. A token is good while it
 * has more than the margin to live; and one that came while this process
 * waited is as good as one of its own would be, however short its life.
 * Returns 1 with *t filled, 0 with the lock held, -1 with EXIT_INCOMPLETE
 * where neither came in time, with what the one who asked failed with, or with
 * what the cache failed with. */
int turn_take(struct turn *turn, struct cache *c, struct cached *t,
    struct fail *why);

/* The lock, whatever the cache holds. Returns 0 or -1 likewise. */
int turn_lock(struct turn *turn, struct cache *c, struct fail *why);

/* Tells those who wait that the service failed (EXIT_SERVICE,
 * EXIT_INCOMPLETE; nothing else is passed on). The lock must be held. */
void turn_failed(struct cache *c, const struct fail *why);

#endif
