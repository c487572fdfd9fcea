/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/exactsum.h"
#include "base/rng.h"
#include "unit.h"

static double
sum(const double *x, size_t n)
{
	struct exactsum s;
	size_t i;

	exactsum_init(&s);
	for (i = 0; i < n; i++)
		exactsum_add(&s, x[i]);
	return exactsum_value(&s);
}

#define SUM(...) sum((double[]){ __VA_ARGS__ }, \
	sizeof (double[]){ __VA_ARGS__ } / sizeof (double))

static void
known_sums(void **state)
{
	(void)state;
	assert_true(sum(NULL, 0) == 0);
	assert_true(SUM(1e100, 1, -1e100) == 1);
	assert_true(SUM(0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1)
	    == 1);
	assert_true(SUM(-0.5, 0.25) == -0.25);
	assert_true(SUM(DBL_MAX, DBL_MAX, -DBL_MAX) == DBL_MAX);
	assert_true(SUM(DBL_MAX, DBL_MAX) == HUGE_VAL);
	assert_true(SUM(-DBL_MAX, -DBL_MAX) == -HUGE_VAL);
	assert_true(SUM(4.9406564584124654e-324, DBL_MIN) ==
	    DBL_MIN + 4.9406564584124654e-324);
	assert_true(SUM(-4.9406564584124654e-324) == -4.9406564584124654e-324);
	assert_true(SUM(1, -1, 4.9406564584124654e-324) ==
	    4.9406564584124654e-324);
}

/* Half a unit of the last place goes to even, a hair more goes up. */
static void
rounds_to_nearest_even(void **state)
{
	(void)state;
	assert_true(SUM(1, 0x1p-53) == 1);
	assert_true(SUM(1 + 0x1p-52, 0x1p-53) == 1 + 0x1p-51);
	assert_true(SUM(1, 0x1p-53, 0x1p-1074) == 1 + 0x1p-52);
	assert_true(SUM(-1, -0x1p-53, -0x1p-1074) == -1 - 0x1p-52);
	assert_true(SUM(1, 0x1p-53, -0x1p-1074) == 1);
	/* carries all the way to the next power of two */
	assert_true(SUM(0x1.fffffffffffffp0, 0x1p-53) == 2);
	assert_true(SUM(DBL_MAX, 0x1p969) == DBL_MAX);
	assert_true(SUM(DBL_MAX, 0x1p970) == HUGE_VAL);
}

static void
specials(void **state)
{
	(void)state;
	assert_true(SUM(1, HUGE_VAL) == HUGE_VAL);
	assert_true(SUM(-HUGE_VAL, 1) == -HUGE_VAL);
	assert_true(isnan(SUM(HUGE_VAL, -HUGE_VAL)));
	assert_true(isnan(SUM(1, NAN)));
}

/* A double of any exponent, sign and mantissa. */
static double
wild(struct rng *r)
{
	double x;

	do {
		uint64_t bits = rng_next(r);

		memcpy(&x, &bits, sizeof x);
	} while (!isfinite(x) || fabs(x) > 1e300);
	return x;
}

/* Whatever is added and taken away again in any order leaves the rest. */
static void
order_does_not_matter(void **state)
{
	static double x[4001];
	struct rng r;
	size_t i, j, n = 4001, round;
	double t;

	(void)state;
	rng_seed(&r, 11);
	for (round = 0; round < 20; round++) {
		for (i = 0; i < 2000; i++) {
			x[2 * i] = wild(&r);
			x[2 * i + 1] = -x[2 * i];
		}
		x[4000] = wild(&r);
		t = x[4000];
		for (i = n - 1; i > 0; i--) {
			double swap;

			j = rng_below(&r, i + 1);
			swap = x[i];
			x[i] = x[j];
			x[j] = swap;
		}
		assert_true(sum(x, n) == t);
	}
}

static void
merged_parts_are_the_whole(void **state)
{
	struct exactsum whole, part[3], back;
	double p[EXACTSUM_PARTS];
	struct rng r;
	int i, j, n;

	(void)state;
	rng_seed(&r, 13);
	exactsum_init(&whole);
	for (i = 0; i < 3; i++)
		exactsum_init(part + i);
	for (i = 0; i < 30000; i++) {
		double x = wild(&r);

		exactsum_add(&whole, x);
		exactsum_add(part + rng_below(&r, 3), x);
	}
	exactsum_merge(part + 2, part + 0);
	/* one of them by way of its parts, as a file would have it */
	n = exactsum_parts(part + 1, p);
	assert_true(n > 1);
	exactsum_init(&back);
	for (j = n - 1; j >= 0; j--)
		exactsum_add(&back, p[j]);
	exactsum_merge(part + 2, &back);
	assert_true(exactsum_value(part + 2) == exactsum_value(&whole));
	exactsum_init(&back);
	n = exactsum_parts(&whole, p);
	for (j = 0; j < n; j++)
		exactsum_add(&back, -p[j]);
	exactsum_merge(&back, part + 2);
	assert_true(exactsum_value(&back) == 0);
	assert_int_equal(exactsum_parts(&back, p), 0);
}

static void
parts_are_few(void **state)
{
	struct exactsum s;
	double p[EXACTSUM_PARTS];
	int i;

	(void)state;
	exactsum_init(&s);
	for (i = 0; i < 1000000; i++)
		exactsum_add(&s, 0.1);
	assert_int_equal(exactsum_parts(&s, p), 2);
	assert_true(p[0] == 100000 && p[1] == 5.551115123125783e-12);
	for (i = 0; i < 63; i++)
		exactsum_add(&s, ldexp(1, 33 * i - 1074));
	assert_true(exactsum_parts(&s, p) <= EXACTSUM_PARTS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_sums),
		cmocka_unit_test(rounds_to_nearest_even),
		cmocka_unit_test(specials),
		cmocka_unit_test(order_does_not_matter),
		cmocka_unit_test(merged_parts_are_the_whole),
		cmocka_unit_test(parts_are_few),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
