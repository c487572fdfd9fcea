/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/buf.h"
#include "unit.h"

static void
grows_and_keeps_bytes(void **state)
{
	struct buf b = BUF_INIT(BUF_LINE);
	int i;

	(void)state;
	for (i = 0; i < 1000; i++)
		assert_int_equal(buf_addf(&b, "%d,", i), 0);
	assert_int_equal(b.len, 10 * 2 + 90 * 3 + 900 * 4);
	assert_memory_equal(b.p, "0,1,2,", 6);
	assert_string_equal(buf_str(&b) + b.len - 4, "999,");
	buf_free(&b);
}

static void
stops_at_its_ceiling(void **state)
{
	struct buf b = BUF_INIT(10);

	(void)state;
	assert_int_equal(buf_add(&b, "12345678", 8), 0);
	assert_int_equal(buf_add(&b, "abc", 3), -1);
	assert_int_equal(b.err, E2BIG);
	assert_int_equal(b.len, 8);
	assert_int_equal(buf_putc(&b, 'x'), -1);        /* sticky */
	buf_clear(&b);
	assert_int_equal(buf_add(&b, "0123456789", 10), 0);
	assert_int_equal(buf_putc(&b, 'x'), -1);
	buf_free(&b);
}

static void
empty_is_an_empty_string(void **state)
{
	struct buf b = BUF_INIT(10);

	(void)state;
	assert_string_equal(buf_str(&b), "");
	assert_int_equal(buf_add(&b, NULL, 0), 0);
	buf_free(&b);
}

static void
line_ends_come_off(void **state)
{
	static const char *const pair[][2] = {
		{ "", "" }, { "\n", "" }, { "a", "a" }, { "a\n", "a" },
		{ "a\r\n", "a" }, { "a\n\n", "a\n" }, { "a\r", "a" },
		{ "a\n\r\n", "a\n" }
	};
	struct buf b = BUF_INIT(10);
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(pair); i++) {
		buf_clear(&b);
		buf_str_add(&b, pair[i][0]);
		buf_chomp(&b);
		assert_string_equal(buf_str(&b), pair[i][1]);
	}
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows_and_keeps_bytes),
		cmocka_unit_test(stops_at_its_ceiling),
		cmocka_unit_test(empty_is_an_empty_string),
		cmocka_unit_test(line_ends_come_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
