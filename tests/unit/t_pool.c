/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pool: every job once, taken in the order they were put. */
#include "base/pool.h"
#include "base/rng.h"
#include "unit.h"

#define JOBS 5000

struct job {
	int in, out, worker;
};

static void
square(void *ctx, int worker, void *job)
{
	struct job *j = job;
	volatile uint64_t x = (uint64_t)j->in;
	uint64_t i, spin = rng_mix(x) % 2000;

	(void)ctx;
	for (i = 0; i < spin; i++)      /* jobs end out of order */
		x = rng_mix(x);
	j->out = j->in * j->in;
	j->worker = worker;
}

static void
in_order(int workers, int size)
{
	static struct job jobs[JOBS];
	struct pool *p;
	struct job *j;
	int put = 0, taken = 0;

	assert_int_equal(pool_start(&p, workers, size, square, NULL, NULL), 0);
	while (put < JOBS) {
		while (pool_full(p) && (j = pool_take(p))) {
			assert_int_equal(j->in, taken++);
			assert_int_equal(j->out, j->in * j->in);
			assert_true(j->worker >= 0 && j->worker < workers);
		}
		while ((j = pool_try(p)))
			assert_int_equal(j->in, taken++);
		jobs[put].in = put;
		jobs[put].out = -1;
		pool_put(p, &jobs[put++]);
	}
	while ((j = pool_take(p)))
		assert_int_equal(j->in, taken++);
	assert_int_equal(taken, JOBS);
	pool_stop(p);
}

static void
order_is_kept(void **state)
{
	(void)state;
	in_order(1, 1);
	in_order(1, 8);
	in_order(2, 3);
	in_order(8, 25);
}

static void
stopping_drops_what_was_not_taken(void **state)
{
	static struct job jobs[4];
	struct pool *p;
	int i;

	(void)state;
	assert_int_equal(pool_start(&p, 2, 4, square, NULL, NULL), 0);
	for (i = 0; i < 4; i++)
		pool_put(p, &jobs[i]);
	assert_true(pool_full(p));
	pool_stop(p);
	pool_stop(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_is_kept),
		cmocka_unit_test(stopping_drops_what_was_not_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
