/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/wide.h"
#include "base/rng.h"
#include "unit.h"

static void
products(void **state)
{
	struct wide x;

	(void)state;
	x = wide_mul(UINT64_MAX, UINT64_MAX);
	assert_true(x.hi == UINT64_MAX - 1 && x.lo == 1);
	x = wide_mul((uint64_t)1 << 32, (uint64_t)1 << 32);
	assert_true(x.hi == 1 && x.lo == 0);
	x = wide_mul(0, UINT64_MAX);
	assert_true(x.hi == 0 && x.lo == 0);
	x = wide_mul(0xffffffffu, 0x100000001u);
	assert_true(x.hi == 0 && x.lo == 0xffffffffffffffffu);
}

/* (a+b)(c+d) = ac + ad + bc + bd, and back by subtraction. */
static void
arithmetic_agrees_with_itself(void **state)
{
	struct rng r;
	int i;

	(void)state;
	rng_seed(&r, 7);
	for (i = 0; i < 10000; i++) {
		uint64_t a = rng_next(&r) >> 2, b = rng_next(&r) >> 2;
		uint64_t c = rng_next(&r) >> 2, d = rng_next(&r) >> 2;
		struct wide left = wide_mul(a + b, c + d), right;

		right = wide_add(wide_add(wide_mul(a, c), wide_mul(a, d)),
		    wide_add(wide_mul(b, c), wide_mul(b, d)));
		assert_int_equal(wide_cmp(left, right), 0);
		right = wide_sub(left, wide_mul(a, c));
		assert_int_equal(wide_cmp(right, left), -(a && c));
		assert_int_equal(wide_cmp(wide_add(right, wide_mul(a, c)),
		    left), 0);
	}
}

static void
rounds_once_to_even(void **state)
{
	struct wide half = { (uint64_t)1 << 53, (uint64_t)1 << 63 };
	struct wide odd = { ((uint64_t)1 << 53) + 1, 0 };

	(void)state;
	assert_true(wide_double(wide_mul(3, 5)) == 15);
	/* 2^117 + 2^63: not even half a unit */
	assert_true(wide_double(half) == 0x1p117);
	/* 2^117 + 2^64: exactly half, to even */
	assert_true(wide_double(odd) == 0x1p117);
	odd.lo = 1;                     /* a hair above half */
	assert_true(wide_double(odd) == 0x1p117 + 0x1p65);
	half.hi = UINT64_MAX;
	half.lo = UINT64_MAX;
	assert_true(wide_double(half) == 0x1p128);
}

static void
differences_keep_what_doubles_lose(void **state)
{
	uint64_t n = (uint64_t)1 << 62;

	(void)state;
	assert_true(wide_cross(n + 1, n - 1, n, n) == -1);
	assert_true(wide_cross(n, n, n + 1, n - 1) == 1);
	assert_true(wide_cross(n, n, n, n) == 0);
	assert_true(wide_cross(UINT64_MAX, 1, 0, 5) == 0x1p64);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(products),
		cmocka_unit_test(arithmetic_agrees_with_itself),
		cmocka_unit_test(rounds_once_to_even),
		cmocka_unit_test(differences_keep_what_doubles_lose),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
