/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pool.h -- work done side by side, results taken in the order of the work.
 *
 * A ring of jobs. The owner puts jobs in and takes them out in the same
 * order; n threads work on them in between. The ring is bounded, so that a
 * slow writer holds back a fast reader. With n = 1 no thread is started:
 * pool_put() does the work at once, and a program behaves the same.
 *
 *	pool_start(&p, jobs, 4 * jobs, work, ctx);
 *	for (;;) {
 *		while (pool_full(p) && (job = pool_take(p)))
 *			write_out(job);
 *		if (!(job = read_more()))
 *			break;
 *		pool_put(p, job);
 *	}
 *	while ((job = pool_take(p)))
 *		write_out(job);
 *	pool_stop(p);
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include "base/fail.h"

struct pool;

/* Does one job; worker is 0..n-1, for state a thread keeps to itself. */
typedef void pool_work(void *ctx, int worker, void *job);

/* Starts n workers over a ring of size jobs. Returns 0 or -1. */
int pool_start(struct pool **p, int n, int size, pool_work *work, void *ctx,
    struct fail *why);

/* Is the ring full? Then take before you put. */
bool pool_full(struct pool *p);

/* Hands a job in. The ring must not be full. */
void pool_put(struct pool *p, void *job);

/* The oldest job, when it is done (waits for it); NULL where none is left. */
void *pool_take(struct pool *p);

/* The oldest job if it is done already, else NULL. */
void *pool_try(struct pool *p);

/* Ends the threads; jobs not taken are dropped undone or done. */
void pool_stop(struct pool *p);

#endif
