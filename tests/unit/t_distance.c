/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/distance.h"
#include "near.h"

static struct pair
pair(const uint64_t *a, const uint64_t *b, size_t k)
{
	struct pair p;

	assert_int_equal(pair_init(&p, a, b, k, NULL), 0);
	return p;
}

static void
closed_forms(void **state)
{
	static const uint64_t a[] = { 90, 10 }, b[] = { 10, 90 };
	struct pair p = pair(a, b, 2);
	/* half a count each: 90.5/101 and 10.5/101, twice */
	double psi = 2 * (80. / 101) * log(90.5 / 10.5);
	double js = log(2) + 0.9 * log(0.9) + 0.1 * log(0.1);

	(void)state;
	assert_near(distance_tvd(&p), 0.8, 1e-15);
	assert_near(distance_psi(&p), psi, 1e-14);
	assert_near(distance_js(&p), js, 1e-14);
	assert_near(distance_hellinger(&p), sqrt(0.9) - sqrt(0.1), 1e-14);
}

/* scipy.spatial.distance.jensenshannon([1,0],[.5,.5]) is the root. */
static void
published_values(void **state)
{
	static const uint64_t a[] = { 2, 0 }, b[] = { 1, 1 };
	static const uint64_t c[] = { 5, 0, 0 }, d[] = { 0, 9, 0 };
	struct pair p = pair(a, b, 2);

	(void)state;
	assert_near(sqrt(distance_js(&p)), 0.46450140402245893, 1e-15);
	p = pair(c, d, 3);              /* nothing in common */
	assert_near(distance_js(&p), log(2), 1e-15);
	assert_near(distance_tvd(&p), 1, 1e-15);
	assert_near(distance_hellinger(&p), 1, 1e-15);
}

static void
zero_only_for_equal_shares(void **state)
{
	static const uint64_t a[] = { 3, 6, 0 }, b[] = { 4, 8, 0 };
	static const uint64_t big[] = { 3000000000, 6000000000 };
	static const uint64_t near[] = { 3000000001, 5999999999 };
	struct pair p = pair(a, b, 3);

	(void)state;
	assert_true(distance_tvd(&p) == 0 && distance_js(&p) == 0 &&
	    distance_hellinger(&p) == 0);
	/* the half counts pull unequal totals apart a little */
	assert_true(distance_psi(&p) > 0 && distance_psi(&p) < 0.001);
	p = pair(big, near, 2);
	assert_near(distance_tvd(&p), 1. / 9e9, 1e-15);
	assert_near(distance_js(&p), 6.9444444e-21, 1e-7);
}

static void
swapping_sides_changes_nothing(void **state)
{
	static const uint64_t a[] = { 1, 20, 0, 7 }, b[] = { 9, 15, 3, 0 };
	struct pair p = pair(a, b, 4), q = pair(b, a, 4);

	(void)state;
	assert_near(distance_psi(&p), distance_psi(&q), 1e-15);
	assert_near(distance_js(&p), distance_js(&q), 1e-15);
	assert_near(distance_tvd(&p), distance_tvd(&q), 1e-15);
	assert_near(distance_hellinger(&p), distance_hellinger(&q), 1e-15);
}

static void
empty_categories_and_sides(void **state)
{
	static const uint64_t a[] = { 20, 0, 10 }, b[] = { 18, 0, 12 };
	static const uint64_t c[] = { 20, 10 }, d[] = { 18, 12 };
	static const uint64_t none[] = { 0, 0 };
	struct pair p = pair(a, b, 3), q = pair(c, d, 2);

	(void)state;
	assert_true(distance_psi(&p) == distance_psi(&q));
	assert_true(distance_js(&p) == distance_js(&q));
	p = pair(c, none, 2);
	assert_true(isnan(distance_psi(&p)) && isnan(distance_tvd(&p)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(closed_forms),
		cmocka_unit_test(published_values),
		cmocka_unit_test(zero_only_for_equal_shares),
		cmocka_unit_test(swapping_sides_changes_nothing),
		cmocka_unit_test(empty_categories_and_sides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
