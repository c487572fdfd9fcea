/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random numbers: the published sequence, and fair draws. */
#include "base/rng.h"
#include "unit.h"

/* SplitMix64's first outputs from seed 1234567 (its authors' test vector),
 * and xoshiro256** from the state 1, 2, 3, 4 (computed by hand from the
 * definition: rotl(2 * 5, 7) * 9 = 11520). */
static void
published_values(void **state)
{
	struct rng r = { { 1, 2, 3, 4 } };

	(void)state;
	assert_true(rng_mix(1234567) == 6457827717110365317u);
	assert_true(rng_mix(1234567 + 0x9e3779b97f4a7c15u) ==
	    3203168211198807973u);
	assert_true(rng_next(&r) == 11520);
	assert_true(rng_next(&r) == 0);
	assert_true(rng_next(&r) == 1509978240);
}

static void
draws_are_fair(void **state)
{
	uint64_t n[7] = { 0 };
	double sum = 0, chi = 0, d;
	struct rng r;
	int i;

	(void)state;
	rng_seed(&r, 5);
	for (i = 0; i < 70000; i++) {
		n[rng_below(&r, 7)]++;
		d = rng_double(&r);
		assert_true(d >= 0 && d < 1);
		sum += d;
	}
	for (i = 0; i < 7; i++)
		chi += ((double)n[i] - 1e4) * ((double)n[i] - 1e4) / 1e4;
	assert_true(chi < 22.46);               /* 6 df, p 0.001 */
	assert_true(fabs(sum / 70000 - 0.5) < 0.005);
	assert_int_equal(rng_below(&r, 1), 0);
}

static void
hashes_tell_bytes_and_seeds_apart(void **state)
{
	(void)state;
	assert_true(rng_hash(1, "abc", 3) == rng_hash(1, "abc", 3));
	assert_true(rng_hash(1, "abc", 3) != rng_hash(2, "abc", 3));
	assert_true(rng_hash(1, "abc", 3) != rng_hash(1, "abd", 3));
	assert_true(rng_hash(1, "a\0", 2) != rng_hash(1, "a", 1));
	assert_true(rng_hash(1, "12345678", 8) != rng_hash(1, "12345679", 8));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_values),
		cmocka_unit_test(draws_are_fair),
		cmocka_unit_test(hashes_tell_bytes_and_seeds_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
