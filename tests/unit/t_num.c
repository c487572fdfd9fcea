/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers: strictly in, shortest out. */
#include "base/num.h"
#include "base/rng.h"
#include "unit.h"

static void
whole_numbers_take_all_or_nothing(void **state)
{
	int64_t v;

	(void)state;
	assert_int_equal(num_int("42", 0, 100, &v), 0);
	assert_int_equal(v, 42);
	assert_int_equal(num_int("-9223372036854775808", INT64_MIN, 0, &v), 0);
	assert_int_equal(num_int("8x", 0, 100, &v), -1);
	assert_int_equal(num_int("", 0, 100, &v), -1);
	assert_int_equal(num_int(" 8", 0, 100, &v), -1);
	assert_int_equal(num_int("+8", 0, 100, &v), -1);
	assert_int_equal(num_int("101", 0, 100, &v), -1);
	assert_int_equal(errno, ERANGE);
	assert_int_equal(num_int("9223372036854775808", 0, INT64_MAX, &v), -1);
	assert_int_equal(errno, ERANGE);
}

static void
sizes_and_times_take_units(void **state)
{
	uint64_t n;
	double s;

	(void)state;
	assert_int_equal(num_size("64M", &n), 0);
	assert_int_equal(n, 64 << 20);
	assert_int_equal(num_size("1k", &n), 0);
	assert_int_equal(n, 1024);
	assert_int_equal(num_size("64MB", &n), -1);
	assert_int_equal(num_size("99999999999G", &n), -1);
	assert_int_equal(num_seconds("1.5h", &s), 0);
	assert_true(s == 5400);
	assert_int_equal(num_seconds("250ms", &s), 0);
	assert_true(s == 0.25);
	assert_int_equal(num_seconds("2w", &s), -1);
	assert_int_equal(num_seconds("11574d", &s), 0);
	assert_int_equal(num_seconds("11575d", &s), -1);
	assert_int_equal(num_seconds("-1", &s), -1);
	assert_int_equal(num_seconds("1.2.3", &s), -1);
}

static void
doubles_are_finite_decimals(void **state)
{
	double v;

	(void)state;
	assert_int_equal(num_double("0.05", 0, 1, &v), 0);
	assert_int_equal(num_double(".5", 0, 1, &v), 0);
	assert_int_equal(num_double("nan", 0, 1, &v), -1);
	assert_int_equal(num_double("inf", 0, 1e308, &v), -1);
	assert_int_equal(num_double("0x1p3", 0, 100, &v), -1);
	assert_int_equal(num_double("1e999", 0, 1e308, &v), -1);
	assert_int_equal(num_double("2", 0, 1, &v), -1);
}

static void
spelled(double v, const char *want)
{
	char out[NUM_MAX];

	num_format(out, v);
	assert_string_equal(out, want);
}

static void
the_shortest_spelling(void **state)
{
	(void)state;
	spelled(0, "0");
	spelled(-0.0, "-0");
	spelled(3, "3");
	spelled(0.1, "0.1");
	spelled(1.0 / 3, "0.3333333333333333");
	spelled(9007199254740992, "9007199254740992");
	spelled(1e17, "1e+17");
	spelled(5e-324, "5e-324");
	spelled(1.5e-310, "1.5e-310");
	spelled(0x1p-44, "5.684341886080802e-14");
	spelled(-0x1p-44, "-5.684341886080802e-14");
	spelled(0x1p-24, "5.960464477539063e-08");
	spelled(0.1 + 0.2, "0.30000000000000004");
}

static void
both_ways_for_random_doubles(void **state)
{
	struct rng r;
	char out[NUM_MAX];
	uint64_t bits;
	double v, back;
	int i;

	(void)state;
	rng_seed(&r, 11);
	for (i = 0; i < 200000; i++) {
		if (i % 2) {
			bits = rng_next(&r);
			memcpy(&v, &bits, sizeof v);
		} else {
			v = (double)(int64_t)rng_below(&r, 1000000) /
			    (double)(1 + rng_below(&r, 1000));
		}
		if (!isfinite(v))
			continue;
		back = num_json(out, num_format(out, v));
		if (back != v || back != strtod(out, NULL))
			fail_msg("%.17g came back as %.17g", v, back);
	}
}

static void
a_long_number_is_read_whole(void **state)
{
	char text[400];

	(void)state;
	memset(text, '0', sizeof text);
	text[0] = '1';
	memcpy(text + 300, "e-299", 5);
	assert_true(num_json(text, 305) == 1);
	assert_true(num_json("123456789012345678901234567890", 30) ==
	    123456789012345678901234567890.0);
	assert_true(isinf(num_json("-1e400", 6)));
	assert_true(num_json("-12.50", 6) == -12.5);
}

static void
decimals_as_people_round_them(void **state)
{
	static const struct { double v; int decimals; const char *text; } of[] = {
		{ 0.12335, 4, "0.1234" },       /* the double lies below */
		{ 1.005, 2, "1.01" }, { 2.5, 0, "3" }, { -2.5, 0, "-3" },
		{ 0.5, 0, "1" }, { 0.4, 0, "0" }, { 99.995, 2, "100.00" },
		{ 0.00005, 4, "0.0001" }, { 0.00004, 4, "0.0000" },
		{ -0.00004, 4, "0.0000" }, { -0.0, 1, "0.0" },
		{ 0.1, 3, "0.100" }, { 12, 2, "12.00" }, { 1e-300, 4, "0.0000" },
		{ 123456.789, 1, "123456.8" }, { 0.0999996, 5, "0.10000" },
		{ 999999999999999.5, 0, "1000000000000000" },
		{ 1e20, 4, "1e+20" }, { 2.0 / 3, 4, "0.6667" },
	};
	char out[NUM_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(of); i++) {
		assert_int_equal(num_fixed(out, of[i].v, of[i].decimals),
		    strlen(of[i].text));
		assert_string_equal(out, of[i].text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decimals_as_people_round_them),
		cmocka_unit_test(whole_numbers_take_all_or_nothing),
		cmocka_unit_test(sizes_and_times_take_units),
		cmocka_unit_test(doubles_are_finite_decimals),
		cmocka_unit_test(the_shortest_spelling),
		cmocka_unit_test(both_ways_for_random_doubles),
		cmocka_unit_test(a_long_number_is_read_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
