/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/thinsum.h"
#include "base/rng.h"
#include "unit.h"

/* Against exactsum, over numbers that spread over e binary orders. */
static void
check(int e, bool want_wide)
{
	struct thinsum t = THINSUM_INIT;
	struct exactsum s, u;
	struct rng r;
	int i;

	rng_seed(&r, (uint64_t)e);
	exactsum_init(&s);
	for (i = 0; i < 5000; i++) {
		double x = ldexp(rng_double(&r) - 0.5,
		    (int)rng_below(&r, (uint64_t)e + 1) - e / 2);

		exactsum_add(&s, x);
		assert_int_equal(thinsum_add(&t, x), 0);
	}
	assert_true(thinsum_value(&t) == exactsum_value(&s));
	assert_true((t.wide != NULL) == want_wide);
	/* not only rounded the same: nothing is left over */
	thinsum_get(&t, &u);
	exactsum_add(&s, -exactsum_value(&u));
	exactsum_add(&u, -exactsum_value(&u));
	assert_true(exactsum_value(&s) == exactsum_value(&u));
	thinsum_free(&t);
}

static void
as_exact_as_the_thick_one(void **state)
{
	(void)state;
	check(0, false);
	check(20, false);
	check(60, false);
	check(600, true);
	check(2000, true);
}

static void
near_the_largest(void **state)
{
	struct thinsum t = THINSUM_INIT;

	(void)state;
	assert_int_equal(thinsum_add(&t, 1), 0);
	assert_int_equal(thinsum_add(&t, DBL_MAX), 0);
	assert_int_equal(thinsum_add(&t, DBL_MAX), 0);
	assert_true(thinsum_value(&t) == HUGE_VAL);
	assert_int_equal(thinsum_add(&t, -DBL_MAX), 0);
	assert_int_equal(thinsum_add(&t, -DBL_MAX), 0);
	assert_true(thinsum_value(&t) == 1);
	thinsum_free(&t);
}

static void
back_to_nothing(void **state)
{
	struct thinsum t = THINSUM_INIT;

	(void)state;
	assert_true(thinsum_value(&t) == 0);
	assert_int_equal(thinsum_add(&t, 0.1), 0);
	assert_int_equal(thinsum_add(&t, 1e16), 0);
	assert_int_equal(thinsum_add(&t, -0.1), 0);
	assert_int_equal(thinsum_add(&t, -1e16), 0);
	assert_true(thinsum_value(&t) == 0 && !t.wide);
	assert_true(t.part[0] == 0 && t.part[1] == 0 && t.part[2] == 0);
	thinsum_free(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_exact_as_the_thick_one),
		cmocka_unit_test(near_the_largest),
		cmocka_unit_test(back_to_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
