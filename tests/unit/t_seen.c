/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A load's keys: no that is said is true. */
#include "base/rng.h"
#include "store/seen.h"
#include "unit.h"

static void
tells_what_came_before(void **state)
{
	struct seen s = SEEN_INIT;
	uint64_t i;

	(void)state;
	for (i = 0; i < 100000; i++)
		assert_false(seen_add(&s, rng_mix(i)));
	for (i = 0; i < 100000; i += 97)
		assert_true(seen_add(&s, rng_mix(i)));
	assert_false(seen_add(&s, 0));
	assert_true(seen_add(&s, 0));
	seen_free(&s);
	assert_false(seen_add(&s, rng_mix(5)));
	seen_free(&s);
}

static void
beyond_its_bound_all_may_be(void **state)
{
	struct seen s = SEEN_INIT;
	uint64_t i;

	(void)state;
	for (i = 0; i < SEEN_MOST; i++)
		if (seen_add(&s, rng_mix(i)))
			fail_msg("%d came before", (int)i);
	assert_true(seen_add(&s, rng_mix(i)));
	assert_true(seen_add(&s, rng_mix(i + 1)));
	assert_null(s.slot);
	seen_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_came_before),
		cmocka_unit_test(beyond_its_bound_all_may_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
