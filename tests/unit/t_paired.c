/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/paired.h"
#include "near.h"

/* Fagerland, Lydersen and Laake (2013), airway hyper-responsiveness before
 * and after transplantation: 1, 1 | 7, 12: exact .0703, mid-p .0391. */
static void
as_published(void **state)
{
	struct paired p = { .both = 1, .lost = 1, .gained = 7, .neither = 12 };

	(void)state;
	assert_near(paired_exact(&p), 18. / 256, 1e-13);
	assert_near(paired_mid_p(&p), 10. / 256, 1e-13);
	assert_near(paired_difference(&p), 6. / 21, 1e-15);
}

static void
nothing_to_tell_apart(void **state)
{
	struct paired none = { 0, 0, 0, 0 }, same = { 10, 0, 0, 5 };
	struct paired even = { 10, 4, 4, 5 };

	(void)state;
	assert_true(paired_exact(&none) == 1 && paired_mid_p(&none) == 1 &&
	    isnan(paired_difference(&none)) &&
	    isnan(paired_interval(&none, 0.95).low));
	assert_true(paired_exact(&same) == 1 && paired_mid_p(&same) == 1);
	assert_true(paired_difference(&same) == 0);
	assert_near(paired_exact(&even), 1, 0);
	assert_near(paired_mid_p(&even), 1, 1e-14);
}

/* Newcombe (1998), paired data: method 10 for e f g h = 36 12 2 0 and
 * 36 14 0 0. */
static void
intervals_as_published(void **state)
{
	static const struct { struct paired p; double low, high; } t[] = {
		{ { 36, 2, 12, 0 }, 0.0569, 0.3404 },
		{ { 36, 0, 14, 0 }, 0.1528, 0.4167 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct interval v = paired_interval(&t[i].p, 0.95);

		if (fabs(v.low - t[i].low) > 5.1e-5)
			print_error("%zu: %.6f %.6f\n", i, v.low, v.high);
		assert_true(fabs(v.low - t[i].low) < 5.1e-5);
		assert_true(fabs(v.high - t[i].high) < 5.1e-5);
	}
}

static void
swapping_turns_it_round(void **state)
{
	struct paired p = { 50, 7, 19, 24 }, q = { 50, 19, 7, 24 };
	struct interval i = paired_interval(&p, 0.9);
	struct interval j = paired_interval(&q, 0.9);

	(void)state;
	assert_near(i.low, -j.high, 1e-13);
	assert_near(i.high, -j.low, 1e-13);
	assert_true(paired_exact(&p) == paired_exact(&q));
	assert_true(paired_mid_p(&p) < paired_exact(&p));
	assert_true(i.low < 0.12 && 0.12 < i.high);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_published),
		cmocka_unit_test(nothing_to_tell_apart),
		cmocka_unit_test(intervals_as_published),
		cmocka_unit_test(swapping_turns_it_round),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
