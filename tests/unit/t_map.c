/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The map: numbers in order of arrival, keys of any bytes, for life. */
#include "base/map.h"
#include "unit.h"

static void
numbers_in_order_of_arrival(void **state)
{
	struct map m = MAP_INIT;
	bool fresh;

	(void)state;
	assert_int_equal(map_find(&m, "a", 1), MAP_NONE);
	assert_int_equal(map_add(&m, "a", 1, &fresh), 0);
	assert_true(fresh);
	assert_int_equal(map_add(&m, "", 0, &fresh), 1);
	assert_int_equal(map_add(&m, "a\0b", 3, &fresh), 2);
	assert_int_equal(map_add(&m, "a", 1, &fresh), 0);
	assert_false(fresh);
	assert_int_equal(map_find(&m, NULL, 0), 1);
	assert_int_equal(m.keys[2].len, 3);
	assert_int_equal(map_key_cmp(&m.keys[0], &m.keys[2]), -1);
	map_free(&m);
	assert_int_equal(map_find(&m, "a", 1), MAP_NONE);
}

static void
a_hundred_thousand_keys(void **state)
{
	struct map m = MAP_INIT;
	const char *first;
	char key[32];
	uint32_t i;
	int n;

	(void)state;
	for (i = 0; i < 100000; i++) {
		n = snprintf(key, sizeof key, "key-%u", i);
		assert_int_equal(map_add(&m, key, (size_t)n, NULL), i);
		if (i == 0)
			first = m.keys[0].p;
	}
	assert_ptr_equal(m.keys[0].p, first);   /* keys never move */
	for (i = 0; i < 100000; i += 17) {
		n = snprintf(key, sizeof key, "key-%u", i);
		assert_int_equal(map_find(&m, key, (size_t)n), i);
		assert_string_equal(m.keys[i].p, key);
	}
	assert_true(m.bytes > 100000 * sizeof *m.keys);
	map_free(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_in_order_of_arrival),
		cmocka_unit_test(a_hundred_thousand_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
