/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "near.h"
#include "base/rng.h"
#include "stat/adwin.h"

/* Adds `blocks` blocks of 32 numbers that are 1 with probability p; how many
 * changes were seen, the last one in *c. */
static int
feed(struct adwin *a, struct rng *r, int blocks, double p,
    struct adwin_change *c)
{
	struct fail why;
	int seen = 0, i, j, ones;

	for (i = 0; i < blocks; i++) {
		for (ones = j = 0; j < 32; j++)
			ones += rng_double(r) < p;
		assert_int_equal(adwin_add(a, 32, ones, ones, &why), 0);
		while (adwin_change(a, c))
			seen++;
	}
	return seen;
}

static void
a_mean_that_stays(void **state)
{
	struct adwin_change c;
	struct adwin a;
	struct rng r;

	(void)state;
	rng_seed(&r, 7);
	adwin_init(&a, 0.002);
	assert_int_equal(feed(&a, &r, 10000, 0.3, &c), 0);
	assert_near(a.all.n, 320000, 0);
	assert_true(a.rows <= 15);
	assert_true(fabs(a.all.sum / a.all.n - 0.3) < 0.005);
	adwin_free(&a);
}

static void
a_mean_that_moves(void **state)
{
	struct adwin_change c;
	struct adwin a;
	struct rng r;

	(void)state;
	rng_seed(&r, 8);
	adwin_init(&a, 0.002);
	assert_int_equal(feed(&a, &r, 300, 0.3, &c), 0);
	assert_true(feed(&a, &r, 100, 0.5, &c) > 0);
	assert_true(c.after > 0.4 && c.before < 0.35);
	/* what stood before is forgotten, but for less than the last block */
	assert_true(a.all.n <= 110 * 32 && a.all.n > 50 * 32);
	assert_true(fabs(a.all.sum / a.all.n - 0.5) < 0.05);
	adwin_free(&a);
}

/* Blocks are joined, never lost: the window's sums are those of its parts. */
static void
sums_stay(void **state)
{
	struct adwin a;
	struct fail why;
	double n = 0, sum = 0;
	int i, j;

	(void)state;
	adwin_init(&a, 0.002);
	for (i = 0; i < 1000; i++)
		adwin_add(&a, 32, i % 3, i % 3, &why);
	for (i = 0; i < a.rows; i++) {
		assert_true(a.row[i].n <= ADWIN_ROW);
		for (j = 0; j < a.row[i].n; j++) {
			assert_near(a.row[i].block[j].n, ldexp(32, i), 0);
			n += a.row[i].block[j].n;
			sum += a.row[i].block[j].sum;
		}
	}
	assert_near(n, 32000, 0);
	assert_near(sum, 999, 0);
	assert_near(a.all.sum, 999, 0);
	adwin_free(&a);
}

/* All zeros, then all ones: the cut lies where they meet. */
static void
a_cut_that_is_clear(void **state)
{
	struct adwin_change c;
	struct adwin a;
	struct fail why;
	int i;

	(void)state;
	adwin_init(&a, 0.002);
	for (i = 0; i < 64; i++)
		adwin_add(&a, 32, 0, 0, &why);
	assert_true(!adwin_change(&a, &c));
	for (i = 0; i < 4; i++)
		adwin_add(&a, 32, 32, 32, &why);
	assert_true(adwin_change(&a, &c));
	assert_true(c.before == 0 && c.after == 1);
	assert_near(c.n_before, 64 * 32, 0);
	assert_near(a.all.n, 128, 0);
	/* 2/3 (1/2048 + 1/128) ln(2 ln(2176) / 0.002), and the variance's */
	assert_near(c.limit, sqrt(2 * (1. / 2048 + 1. / 128) * (128. / 2176 -
	    128. / 2176 * 128 / 2176) * log(2 * log(2176) / 0.002)) +
	    2. / 3 * (1. / 2048 + 1. / 128) * log(2 * log(2176) / 0.002),
	    1e-14);
	adwin_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mean_that_stays),
		cmocka_unit_test(a_mean_that_moves),
		cmocka_unit_test(sums_stay),
		cmocka_unit_test(a_cut_that_is_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
