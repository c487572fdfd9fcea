/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/key.h"
#include "unit.h"

static struct buf
key(const char *text)
{
	struct buf b = BUF_INIT(BUF_LINE);
	struct json_val v;

	assert_int_equal(json_check(text, strlen(text), &v, NULL), 0);
	assert_int_equal(key_add(&b, v), 0);
	return b;
}

static int
cmp(const char *one, const char *two)
{
	struct buf a = key(one), b = key(two);
	int c = key_cmp(a.p, a.len, b.p, b.len);

	/* equal keys are equal bytes */
	assert_true((c == 0) == (a.len == b.len &&
	    memcmp(a.p, b.p, a.len) == 0));
	buf_free(&a);
	buf_free(&b);
	return c < 0 ? -1 : c > 0;
}

static void
same_value_same_key(void **state)
{
	(void)state;
	assert_int_equal(cmp("\"A\"", "\"\\u0041\""), 0);
	assert_int_equal(cmp("1.0", "1"), 0);
	assert_int_equal(cmp("1e2", "100"), 0);
	assert_int_equal(cmp("-0.0", "0"), 0);
	assert_int_equal(cmp("-0", "0"), 0);
	assert_int_equal(cmp("0.10", "1e-1"), 0);
	assert_int_equal(cmp("[1, \"a\\/b\" ]", "[1.0,\"a/b\"]"), 0);
	assert_int_equal(cmp("{ \"a\" : null}", "{\"\\u0061\":null}"), 0);
	assert_int_equal(cmp("true", "true"), 0);
	/* a name that stands twice: the last value, in the first's place */
	assert_int_equal(cmp("{\"a\":1,\"b\":2,\"\\u0061\":3}",
	    "{\"a\":3,\"b\":2}"), 0);
	assert_int_equal(cmp("[{\"a\":{\"b\":1,\"b\":2}}]",
	    "[{\"a\":{\"b\":2}}]"), 0);
}

static void
other_value_other_key(void **state)
{
	(void)state;
	assert_int_not_equal(cmp("\"1\"", "1"), 0);
	assert_int_not_equal(cmp("\"null\"", "null"), 0);
	assert_int_not_equal(cmp("9007199254740993", "9007199254740992"), 0);
	assert_int_not_equal(cmp("\"\"", "null"), 0);
	assert_int_not_equal(cmp("[]", "{}"), 0);
	assert_int_not_equal(cmp("\"a\\u0000\"", "\"a\""), 0);
	assert_int_not_equal(cmp("0.1", "0.10000000000000002"), 0);
}

/* Rising: as jq sorts; strings by code points, a space before a quote. */
static void
order(void **state)
{
	static const char *rising[] = {
		"null", "false", "true", "-1e9", "-2", "0", "0.5", "2", "10",
		"1e3", "\"\"", "\" \"", "\"!\"", "\"A\"", "\"A b\"", "\"AB\"",
		"\"a\"", "\"\xc3\x89\"", "\"\xef\xbf\xbd\"",
		"\"\xf0\x9f\x98\x80\"", "[]", "{}",
	};
	size_t i, j, n = sizeof rising / sizeof rising[0];

	(void)state;
	for (i = 0; i < n; i++)
		for (j = 0; j < n; j++)
			assert_int_equal(cmp(rising[i], rising[j]),
			    i < j ? -1 : i > j);
}

static void
writes_the_value_again(void **state)
{
	static const char *values[] = {
		"null", "false", "true", "0.1", "9007199254740993",
		"\"a \\\"b\\\" \\n\"", "\"\"", "[1,[null,\"x\"]]",
		"{\"a\":{\"b\":[]}}",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof values / sizeof values[0]; i++) {
		struct buf k = key(values[i]), b = BUF_INIT(BUF_LINE);

		key_write(&b, k.p, k.len);
		assert_string_equal(buf_str(&b), values[i]);
		buf_free(&b);
		buf_free(&k);
	}
}

static void
numbers(void **state)
{
	struct buf k = key("2.50"), s = key("\"2.5\"");

	(void)state;
	assert_true(key_double(k.p, k.len) == 2.5);
	assert_true(key_double(s.p, s.len) != key_double(s.p, s.len));
	assert_int_equal(key_type(k.p, k.len), JSON_NUMBER);
	assert_int_equal(key_type(s.p, s.len), JSON_STRING);
	buf_free(&k);
	buf_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_value_same_key),
		cmocka_unit_test(other_value_other_key),
		cmocka_unit_test(order),
		cmocka_unit_test(writes_the_value_again),
		cmocka_unit_test(numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
