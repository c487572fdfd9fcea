/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times as text, in every form that is taken, and none that is not. */
#include "base/clock.h"
#include "unit.h"

static void
reads(const char *text, const char *want)
{
	char out[TIME_MAX];
	int64_t ms;

	if (time_parse(text, strlen(text), &ms) < 0)
		fail_msg("not read: %s", text);
	assert_string_equal(time_format(out, ms), want);
}

static void
refuses(const char *text)
{
	int64_t ms;

	if (time_parse(text, strlen(text), &ms) == 0)
		fail_msg("read: %s", text);
}

static void
iso_times(void **state)
{
	(void)state;
	reads("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z");
	reads("2026-11-21", "2026-11-21T00:00:00Z");
	reads("2026-11-21T04:52Z", "2026-11-21T04:52:00Z");
	reads("2026-11-21T04:52:07.25+02:00", "2026-11-21T02:52:07.250Z");
	reads("2026-11-21t04:52:07z", "2026-11-21T04:52:07Z");
	reads("2000-02-29T23:59:59-00:30", "2000-03-01T00:29:59Z");
	reads("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z");
	reads("0001-01-01", "0001-01-01T00:00:00Z");
	reads("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z");
	refuses("2026-13-01");
	refuses("2026-02-29");
	refuses("1900-02-29");
	refuses("2026-11-21T24:00:00Z");
	refuses("2026-11-21T04:52:07");       /* whose time? */
	refuses("2026-11-21T04:52:07Z ");
	refuses("26-11-21");
	refuses("2026-11-21T04:52:07.Z");
	refuses("");
}

static void
a_day_is_what_it_is_in_utc(void **state)
{
	char out[TIME_MAX];
	int64_t ms;

	(void)state;
	time_parse("2026-11-21T23:30:00-01:00", 25, &ms);
	assert_string_equal(time_format_day(out, ms), "2026-11-22");
}

static void
every_day_of_four_centuries_comes_back(void **state)
{
	char out[TIME_MAX];
	int64_t day, ms;

	(void)state;
	for (day = -150000; day < 150000; day += 7) {
		time_format(out, day * 86400000);
		assert_int_equal(time_parse(out, strlen(out), &ms), 0);
		assert_int_equal(ms, day * 86400000);
	}
}

static void
http_dates(void **state)
{
	static const char *const forms[] = {
		"Sun, 06 Nov 1994 08:49:37 GMT",
		"Sunday, 06-Nov-94 08:49:37 GMT",
		"Sun Nov  6 08:49:37 1994",
	};
	int64_t ms;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(forms); i++) {
		assert_int_equal(time_parse_http(forms[i], &ms), 0);
		assert_true(ms == 784111777000);
	}
	assert_int_equal(time_parse_http("120", &ms), -1);
	assert_int_equal(time_parse_http("Sun, 31 Feb 1994 08:49:37 GMT", &ms),
	    -1);
	assert_int_equal(time_parse_http("Sun, 06 Nov 1994 08:49:37 PST", &ms),
	    -1);
	assert_int_equal(time_parse_http("Sun, 06 anF 1994 08:49:37 GMT", &ms),
	    -1);
}

static void
the_clock_can_be_fixed(void **state)
{
	struct fail why;

	(void)state;
	assert_int_equal(clock_fix("soon", &why), -1);
	assert_int_equal(why.code, EXIT_USAGE);
	assert_int_equal(clock_fix("2026-11-21T00:00:00Z", &why), 0);
	assert_true(clock_is_fixed());
	assert_true(clock_now() == clock_now());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(iso_times),
		cmocka_unit_test(a_day_is_what_it_is_in_utc),
		cmocka_unit_test(every_day_of_four_centuries_comes_back),
		cmocka_unit_test(http_dates),
		cmocka_unit_test(the_clock_can_be_fixed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
