/* SPDX-License-Identifier: GPL-3.0-or-later */
/* budget.h -- one pace (rate.h) for all processes that use the same token.
 *
 * The service counts requests a token, not a process: eight siblings of a
 * make -j8 that each pace themselves run into the limit together. So the
 * state of the pace is kept in a small file, which each locks (fcntl) for the
 * microseconds of a look and a change. Times in it are of the machine's
 * forward clock; a state that cannot be true now, as after a restart, is
 * dropped. The file has no secret in it; its name is a hash of the key.
 *
 * Pacing is a courtesy: where the file cannot be used, the process paces
 * itself alone, and nothing fails. Not locked between threads of one process:
 * they need a mutex around each call.
 *
 *	budget_open(&b, "/home/me/.cache/gcpipe", key, 5, 5, clock_mono());
 *	wait = budget_take(&b, clock_mono());
 *	budget_told(&b, count, allowed, reset, clock_mono());
 *	budget_close(&b);
 */
#ifndef NET_BUDGET_H
#define NET_BUDGET_H

#include "net/rate.h"

#define BUDGET_HOLD 3600.0      /* seconds: no hold in a file is longer */

struct budget {
	int fd;                 /* -1: this process paces itself alone */
	struct rate rate;       /* the state as last seen */
};

/* Begins: dir/rate-HASH of the key, which says who asks whom: the API's
 * origin and the client's id. dir is there (NULL: no sharing); per_second is
 * this process's own --rate, 0 where it has none, bucket what of it may go at
 * once. Says whether it is shared. */
bool budget_open(struct budget *b, const char *dir, const char *key,
    double per_second, double bucket, int64_t now);

/* rate_take(), rate_told() and rate_hold() on the shared state. */
double budget_take(struct budget *b, int64_t now);
void budget_told(struct budget *b, const char *count, const char *allowed,
    const char *reset, int64_t now);
void budget_hold(struct budget *b, double seconds, int64_t now);

void budget_close(struct budget *b);

#endif
