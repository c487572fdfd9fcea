/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/interval.h"
#include "stat/moved.h"
#include "near.h"

static void
assert_interval(struct interval i, double low, double high, double off)
{
	if (fabs(i.low - low) > off || fabs(i.high - high) > off)
		print_error("[%.10g, %.10g], not [%.10g, %.10g]\n", i.low,
		    i.high, low, high);
	assert_true(fabs(i.low - low) <= off && fabs(i.high - high) <= off);
}

/* Newcombe, "Two-sided confidence intervals for the single proportion:
 * comparison of seven methods", Statistics in Medicine 17 (1998), table I,
 * method 3. */
static void
wilson_as_published(void **state)
{
	(void)state;
	assert_interval(interval_wilson(81, 263, 0.95), .2553, .3662, 5e-5);
	assert_interval(interval_wilson(15, 148, 0.95), .0624, .1605, 5e-5);
	assert_interval(interval_wilson(0, 20, 0.95), 0, .1611, 5e-5);
	assert_interval(interval_wilson(1, 29, 0.95), .0061, .1718, 5e-5);
}

static void
wilson_stays_inside(void **state)
{
	struct interval i, j;
	double z2 = 1.959963984540054 * 1.959963984540054;

	(void)state;
	i = interval_wilson(0, 40, 0.95);
	assert_true(i.low == 0);
	assert_near(i.high, z2 / (40 + z2), 1e-14);
	i = interval_wilson(40, 40, 0.95);
	assert_true(i.high == 1);
	assert_near(i.low, 40 / (40 + z2), 1e-14);
	i = interval_wilson(3, 1e12, 0.95);
	assert_true(i.low > 0 && i.high < 1e-11);
	i = interval_wilson(7, 19, 0.9);
	j = interval_wilson(12, 19, 0.9);
	assert_near(i.low, 1 - j.high, 1e-14);
	i = interval_wilson(0, 0, 0.95);
	assert_true(isnan(i.low) && isnan(i.high));
}

/* Newcombe's paper on differences (1998), table II, method 10: seven of its
 * eight contrasts; his difference is the first share less the second. */
static void
newcombe_as_published(void **state)
{
	static const struct {
		uint64_t a, m, b, n;
		double low, high;
	} t[] = {
		{ 56, 70, 48, 80, .0524, .3339 },
		{ 9, 10, 3, 10, .1705, .8090 },
		{ 6, 7, 2, 7, .0582, .8062 },
		{ 5, 56, 0, 29, -.0381, .1926 },
		{ 0, 10, 0, 20, -.1611, .2775 },
		{ 0, 10, 0, 10, -.2775, .2775 },
		{ 10, 10, 0, 20, .6791, 1.0000 },
		{ 10, 10, 0, 10, .6075, 1.0000 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof t / sizeof t[0]; i++)
		assert_interval(interval_newcombe(t[i].b, t[i].n, t[i].a,
		    t[i].m, 0.95), t[i].low, t[i].high, 5.1e-5);
}

static void
f1_is_mapped_from_jaccard(void **state)
{
	struct interval j = interval_wilson(30, 50, 0.95);
	struct interval f = interval_f1(30, 20, 0.95);

	(void)state;
	assert_near(f.low, 2 * j.low / (1 + j.low), 1e-15);
	assert_true(f.low < 0.75 && f.high > 0.75);     /* 60/80 */
	f = interval_f1(12, 0, 0.95);
	assert_true(f.high == 1 && f.low > 0.8);
	assert_true(isnan(interval_f1(0, 0, 0.95).low));
}

static void
wald_is_cut(void **state)
{
	(void)state;
	assert_interval(interval_wald(0.5, 0.1, -1, 1, 0.95),
	    0.30400360154599, 0.69599639845401, 1e-13);
	assert_interval(interval_wald(0.99, 0.1, -1, 1, 0.95),
	    0.79400360154599, 1, 1e-13);
	assert_true(isnan(interval_wald(NAN, 0.1, -1, 1, 0.95).low));
}

static void
what_moved(void **state)
{
	static const uint64_t a[] = { 60, 15, 0, 0 }, b[] = { 90, 0, 15, 0 };
	struct pair p;
	struct moved m;
	struct interval i;

	(void)state;
	assert_int_equal(pair_init(&p, a, b, 4, NULL), 0);
	moved_category(&m, &p, 0, 0.95);
	assert_near(m.baseline, 0.8, 1e-15);
	assert_near(m.current, 90. / 105, 1e-15);
	assert_near(m.difference, 90. / 105 - 0.8, 1e-14);
	assert_near(m.residual, 0.2672612419124244, 1e-14);
	assert_near(m.z, 1.01418510567422, 1e-14);
	assert_near(m.p, 0.3104944343172349, 1e-13);
	i = interval_newcombe(60, 75, 90, 105, 0.95);
	assert_true(m.interval.low == i.low && m.interval.high == i.high);
	assert_int_equal(m.status, MOVED_SAME);
	moved_category(&m, &p, 1, 0.95);
	assert_int_equal(m.status, MOVED_GONE);
	assert_true(m.z < 0 && m.residual < 0 && m.difference == -0.2);
	moved_category(&m, &p, 2, 0.95);
	assert_int_equal(m.status, MOVED_NEW);
	assert_true(m.z > 0 && m.interval.low > 0);
	moved_category(&m, &p, 3, 0.95);
	assert_int_equal(m.status, MOVED_EMPTY);
	assert_true(m.difference == 0 && isnan(m.z) && isnan(m.residual));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wilson_as_published),
		cmocka_unit_test(wilson_stays_inside),
		cmocka_unit_test(newcombe_as_published),
		cmocka_unit_test(f1_is_mapped_from_jaccard),
		cmocka_unit_test(wald_is_cut),
		cmocka_unit_test(what_moved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
