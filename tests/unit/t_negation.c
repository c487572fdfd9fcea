/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names that are denied. */
#include "ner/negation.h"
#include "unit.h"

/* A text where [...] is the name. */
static bool
denied(const char *marked)
{
	char text[256];
	size_t n = 0, start = 0, end = 0;

	for (; *marked; marked++)
		if (*marked == '[')
			start = n;
		else if (*marked == ']')
			end = n;
		else
			text[n++] = *marked;
	return negation_of(text, n, start, end);
}

static void
before(void **state)
{
	(void)state;
	assert_true(denied("it is not the [router]"));
	assert_true(denied("No [router] here"));
	assert_true(denied("I don't have a [router]"));
	assert_true(denied("I don\xe2\x80\x99t want your new [router]"));
	assert_true(denied("I never asked for [Spark]"));
	assert_true(denied("the lamp instead of the [router]"));
	assert_true(denied("anything other than [Halo]"));
	assert_true(denied("a plan without [Halo]"));
	assert_false(denied("the [router] is not working"));
	assert_false(denied("I can't connect to the [router]"));
	assert_false(denied("I can't use the [router]"));
	assert_false(denied("it's not just the [router]"));
	assert_true(denied("it can't be the [router]"));
	assert_true(denied("I don't use the [router]"));
	assert_false(denied("not now, the [router]"));
	assert_false(denied("No. The [router]"));
	assert_false(denied("[router]"));
	assert_false(denied("nobody told another [router]"));
	assert_false(denied("not a the a the a the [router]"));
}

static void
behind(void **state)
{
	(void)state;
	assert_true(denied("the [router] is not the problem"));
	assert_true(denied("my [router] isn't the issue"));
	assert_false(denied("the [router] is not the newest"));
	assert_false(denied("the [router]. is not the problem"));
	assert_false(denied("the [router] is"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(before),
		cmocka_unit_test(behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
