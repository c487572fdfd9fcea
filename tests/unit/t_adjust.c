/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/adjust.h"
#include "stat/dist.h"
#include "stat/power.h"
#include "near.h"

/* The fifteen p-values of Benjamini and Hochberg (1995), section 3: at .05
 * their procedure rejects four, Bonferroni's three. */
static const double paper[15] = {
	.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240,
	.4262, .5719, .6528, .7590, 1.000,
};

static int
called(const double *p, size_t n)
{
	int k = 0;

	while (n-- > 0)
		k += p[n] <= 0.05;
	return k;
}

static void
as_published(void **state)
{
	double p[15];

	(void)state;
	memcpy(p, paper, sizeof p);
	assert_int_equal(adjust(p, 15, ADJUST_BH, NULL), 0);
	assert_int_equal(called(p, 15), 4);
	assert_near(p[3], .0095 * 15 / 4, 1e-14);
	assert_near(p[4], .0201 * 15 / 5, 1e-14);
	assert_near(p[5], .0298 * 15 / 7, 1e-14);       /* p[6]'s is less */
	memcpy(p, paper, sizeof p);
	assert_int_equal(adjust(p, 15, ADJUST_BONFERRONI, NULL), 0);
	assert_int_equal(called(p, 15), 3);
	assert_true(p[14] == 1);
	memcpy(p, paper, sizeof p);
	assert_int_equal(adjust(p, 15, ADJUST_NONE, NULL), 0);
	assert_int_equal(called(p, 15), 9);
}

static void
nan_does_not_count(void **state)
{
	double p[] = { 0.01, 0.04, NAN, 0.03 };

	(void)state;
	assert_int_equal(adjust(p, 4, ADJUST_BH, NULL), 0);
	assert_near(p[0], 0.03, 1e-14);
	assert_near(p[1], 0.04, 1e-14);
	assert_true(isnan(p[2]));
	assert_near(p[3], 0.04, 1e-14);
	assert_int_equal(adjust(p, 0, ADJUST_BH, NULL), 0);
}

/* Cohen (1988), table 7.3.15 f.: alpha .05, power .80: n for w = .1 is 785
 * at df 1, 964 at df 2, 1,090 at df 3. */
static void
effect_as_published(void **state)
{
	(void)state;
	assert_near(power_effect(1, 785, 0.05, 0.8), 0.1, 0.001);
	assert_near(power_effect(2, 964, 0.05, 0.8), 0.1, 0.001);
	assert_near(power_effect(3, 1090, 0.05, 0.8), 0.1, 0.001);
	/* df 1: (1.959964 + 0.841621)^2 but for the far tail */
	assert_near(power_effect(1, 1, 0.05, 0.8), 2.801585, 1e-5);
	assert_true(isnan(power_effect(0, 10, 0.05, 0.8)) &&
	    isnan(power_effect(3, 0, 0.05, 0.8)));
	assert_near(power_share(0.1, 500, 500), 0.1, 1e-12);
}

/* At an end of the interval, the statistic stands at a tail's edge; where it
 * could well be from no effect at all, the interval begins at 0. */
static void
interval_of_v(void **state)
{
	struct interval i = power_interval(30, 4, 200, 0.95);

	(void)state;
	assert_true(i.low > 0 && i.low < sqrt(30. / 200));
	assert_true(i.high > sqrt(30. / 200) && i.high < 1);
	assert_near(dist_chisq_noncentral(30, 4, 200 * i.low * i.low), 0.025,
	    1e-9);
	assert_near(dist_chisq_noncentral(30, 4, 200 * i.high * i.high),
	    0.975, 1e-9);
	i = power_interval(4, 4, 200, 0.95);
	assert_true(i.low == 0 && i.high > 0);
	i = power_interval(0, 4, 200, 0.95);
	assert_true(i.low == 0 && i.high == 0);
	i = power_interval(200, 1, 200, 0.95);
	assert_true(i.low > 0.8 && i.high <= 1);
	assert_true(isnan(power_interval(3, 0, 10, 0.95).low) &&
	    isnan(power_interval(NAN, 2, 10, 0.95).high));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_published),
		cmocka_unit_test(nan_does_not_count),
		cmocka_unit_test(effect_as_published),
		cmocka_unit_test(interval_of_v),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
