/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scanner: every rule of RFC 8259, a place for every fault, and walks,
 * names and strings on checked text. */
#include "json/scan.h"
#include "json/write.h"
#include "unit.h"

#include <dirent.h>

static const struct { const char *text; size_t offset; const char *why; }
bad[] = {
	{ "", 0, "expected a value" },
	{ "  ", 2, "expected a value" },
	{ "{", 1, "unexpected end" },
	{ "{\"a\" 1}", 5, "expected ':'" },
	{ "{\"a\":1,}", 7, "expected a name in quotes" },
	{ "{\"a\":1 \"b\":2}", 7, "expected ',' or '}'" },
	{ "{a:1}", 1, "expected a name in quotes" },
	{ "[1,]", 3, "expected a value" },
	{ "[1 2]", 3, "expected ',' or ']'" },
	{ "[1}", 2, "expected ',' or ']'" },
	{ "01", 1, "number with a leading zero" },
	{ "-", 1, "expected a digit" },
	{ "1.", 2, "expected a digit" },
	{ "1e+", 3, "expected a digit" },
	{ "+1", 0, "expected a value" },
	{ "NaN", 0, "expected a value" },
	{ "nul", 0, "expected a value" },
	{ "nullx", 4, "text after the value" },
	{ "1 2", 2, "text after the value" },
	{ "\"abc", 4, "unterminated string" },
	{ "\"a\tb\"", 2, "control character in string" },
	{ "\"a\\x\"", 2, "invalid escape" },
	{ "\"\\u12g4\"", 1, "invalid \\u escape" },
	{ "\"\\ud800\"", 1, "lone surrogate escape" },
	{ "\"\\ud800\\u0041\"", 1, "lone surrogate escape" },
	{ "\"\\udc00\"", 1, "lone surrogate escape" },
	{ "\"\xff\"", 1, "invalid UTF-8" },
	{ "\"\xc0\xaf\"", 1, "invalid UTF-8" },
	{ "\"\xed\xa0\x80\"", 1, "invalid UTF-8" },
	{ "\"\xf4\x90\x80\x80\"", 1, "invalid UTF-8" },
	{ "\"\xe2\x82\"", 1, "invalid UTF-8" },
};

/* Members whose order is known: what is taken is what json_next() would take,
 * and what is not as expected is left to it. */
static void
members_in_their_order(void **state)
{
	static const char *const texts[] = {
		"{\"a\":1,\"b\":\"x\\\"y\",\"c\":[1,{\"}\":2}],\"d\":null}",
		"{\"a\":-1e9 ,\"b\":{} , \"c\":true,\"d\":\"\"}",
		"{\"a\" :1,\"\\u0062\":2,\"c\": 3,\"a\":4,\"d\":5}",
		"{\"b\":1}", "{}", "{ \"a\":1}", "{\"a\":1}",
	};
	static const char *const names[] = { "\"a\":", "\"b\":", "\"c\":",
		"\"d\":" };
	struct json_iter slow, fast;
	struct json_val v;
	size_t i, next, taken = 0;

	(void)state;
	for (i = 0; i < COUNT(texts); i++) {
		assert_int_equal(json_check(texts[i], strlen(texts[i]), &v,
		    NULL), 0);
		slow = fast = json_iter(v);
		for (next = 0; json_next(&slow); next++) {
			if (next < COUNT(names) &&
			    json_next_is(&fast, names[next], 4))
				taken++;
			else
				assert_true(json_next(&fast));
			assert_ptr_equal(fast.val.p, slow.val.p);
			assert_int_equal(fast.val.n, slow.val.n);
			assert_int_equal(fast.key.n, slow.key.n);
			assert_ptr_equal(fast.key.p, slow.key.p);
		}
		assert_false(json_next_is(&fast, names[0], 4));
		assert_false(json_next(&fast));
	}
	assert_int_equal(taken, 8);
}

static void
a_fault_has_a_place_and_a_reason(void **state)
{
	struct json_err err;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		if (json_check(bad[i].text, strlen(bad[i].text), NULL, &err)
		    == 0)
			fail_msg("taken: %s", bad[i].text);
		if (err.offset != bad[i].offset ||
		    strcmp(err.text, bad[i].why) != 0)
			fail_msg("%s: said %zu %s, not %zu %s", bad[i].text,
			    err.offset, err.text, bad[i].offset, bad[i].why);
	}
}

static void
a_thousand_levels_and_no_more(void **state)
{
	char text[2 * (JSON_DEPTH + 1) + 1];
	struct json_err err;
	int n;

	(void)state;
	for (n = JSON_DEPTH; n <= JSON_DEPTH + 1; n++) {
		memset(text, '[', (size_t)n);
		memset(text + n, ']', (size_t)n);
		assert_int_equal(json_check(text, (size_t)n * 2, NULL, &err),
		    n == JSON_DEPTH ? 0 : -1);
	}
	assert_int_equal(err.offset, JSON_DEPTH);
}

/* What is done with each i_ file is documented in gc-json(5): taken are all
 * whose text is well formed, whatever its numbers' size. */
static const char *const taken[] = {
	"i_number_double_huge_neg_exp.json", "i_number_huge_exp.json",
	"i_number_neg_int_huge_exp.json", "i_number_pos_double_huge_exp.json",
	"i_number_real_neg_overflow.json", "i_number_real_pos_overflow.json",
	"i_number_real_underflow.json", "i_number_too_big_neg_int.json",
	"i_number_too_big_pos_int.json", "i_number_very_big_negative_int.json",
	"i_structure_500_nested_arrays.json",
};

static bool
expected(const char *name)
{
	size_t i;

	if (name[0] != 'i')
		return name[0] == 'y';
	for (i = 0; i < COUNT(taken); i++)
		if (strcmp(name, taken[i]) == 0)
			return true;
	return false;
}

static void
json_test_suite(void **state)
{
	const char *probe = test_data("jsontestsuite/observed.json");
	char dir[4096], path[8192];
	struct buf b = BUF_INIT(BUF_DOC);
	struct dirent *e;
	int n = 0, fd;
	DIR *d;

	(void)state;
	if (!probe)
		skip();
	snprintf(dir, sizeof dir, "%.*s/test_parsing",
	    (int)(strrchr(probe, '/') - probe), probe);
	assert_non_null(d = opendir(dir));
	while ((e = readdir(d))) {
		if (!strstr(e->d_name, ".json"))
			continue;
		snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
		assert_true((fd = open(path, O_RDONLY)) >= 0);
		buf_clear(&b);
		assert_int_equal(buf_read_fd(&b, fd), 0);
		close(fd);
		if ((json_check(b.p, b.len, NULL, NULL) == 0) !=
		    expected(e->d_name))
			fail_msg("%s", e->d_name);
		n++;
	}
	closedir(d);
	buf_free(&b);
	assert_int_equal(n, 318);
}

static struct json_val
val(const char *text)
{
	struct json_val v;

	assert_int_equal(json_check(text, strlen(text), &v, NULL), 0);
	return v;
}

static void
same(struct json_val v, const char *want)
{
	assert_int_equal(v.n, strlen(want));
	assert_memory_equal(v.p, want, v.n);
}

static void
the_last_of_a_name_counts(void **state)
{
	struct json_val v;

	(void)state;
	assert_true(json_get(val("{\"a\":1, \"b\" : [2] ,\"\\u0061\":3.0}"),
	    "a", &v));
	same(v, "3.0");
	assert_true(json_get(val("{\"a\":1, \"b\" : [2, {}] }"), "b", &v));
	same(v, "[2, {}]");
	assert_false(json_get(val("{\"a\":1}"), "A", &v));
	assert_false(json_get(val("[1]"), "a", &v));
	assert_true(json_get(val("{\"a\\\"]\":{\"x\":\"\\\\\"},\"z\":0}"), "z",
	    &v));
	same(v, "0");
}

static void
strings_decode(void **state)
{
	struct buf b = BUF_INIT(1000);

	(void)state;
	json_decode(val("\"a\\n\\u00e9\\ud83d\\ude00\\u0000/\\/\""), &b);
	assert_int_equal(b.len, 11);
	assert_memory_equal(b.p, "a\n\xc3\xa9\xf0\x9f\x98\x80\0//", 11);
	assert_true(json_is(val("\"\\u00e9\""), "\xc3\xa9"));
	assert_false(json_is(val("\"\\u00e9x\""), "\xc3\xa9"));
	assert_false(json_is(val("\"\\u00e9\""), "\xc3\xa9x"));
	assert_false(json_is(val("\"\\\\n\""), "\\n1"));
	buf_free(&b);
}

static void
set(const char *obj, const char *want)
{
	struct buf b = BUF_INIT(1000);

	json_set(&b, val(obj), "n", "{}", 2);
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

static void
a_field_is_added_and_the_rest_is_kept(void **state)
{
	(void)state;
	set("{}", "{\"n\":{}}");
	set("{ }", "{ \"n\":{}}");
	set("{\"a\" : 1.0 }", "{\"a\" : 1.0 ,\"n\":{}}");
	set("{\"n\":1}", "{\"n\":{}}");
	set("{\"n\":1,\"a\":2}", "{\"a\":2,\"n\":{}}");
	set("{\"a\":9007199254740993, \"n\":1}",
	    "{\"a\":9007199254740993,\"n\":{}}");
	set("{\"n\":1, \"\\u006e\":2, \"a\":3,\"n\":4 , \"b\":5}",
	    "{  \"a\":3 , \"b\":5,\"n\":{}}");
	set("{\"a\":[\"n\",{\"n\":1}],\"n\":\"}\"}",
	    "{\"a\":[\"n\",{\"n\":1}],\"n\":{}}");
}

static void
twice_is_the_same_as_once(void **state)
{
	struct buf a = BUF_INIT(1000), b = BUF_INIT(1000);

	(void)state;
	json_set(&a, val("{\"n\":0 , \"x\" : 1, \"n\":[]}"), "n", "7", 1);
	json_set(&b, val(buf_str(&a)), "n", "7", 1);
	assert_string_equal(buf_str(&a), buf_str(&b));
	buf_free(&a);
	buf_free(&b);
}

/* Found by fuzzing: the white space before the comma was cut along. */
static void
white_space_before_the_comma_stays(void **state)
{
	(void)state;
	set("{\"e\":1\r}", "{\"e\":1\r,\"n\":{}}");
	set("{\"e\":1\r,\"n\":{}}", "{\"e\":1\r,\"n\":{}}");
}

static void
written_strings_are_always_json(void **state)
{
	struct buf b = BUF_INIT(1000);

	(void)state;
	json_str(&b, "a\"\\\x01\xff\xe2\x82z\xf0\x9f\x98\x80\x7f", 13);
	assert_string_equal(buf_str(&b), "\"a\\\"\\\\\\u0001\xef\xbf\xbd"
	    "\xef\xbf\xbdz\xf0\x9f\x98\x80\x7f\"");
	assert_int_equal(json_check(b.p, b.len, NULL, NULL), 0);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_in_their_order),
		cmocka_unit_test(a_fault_has_a_place_and_a_reason),
		cmocka_unit_test(a_thousand_levels_and_no_more),
		cmocka_unit_test(json_test_suite),
		cmocka_unit_test(the_last_of_a_name_counts),
		cmocka_unit_test(strings_decode),
		cmocka_unit_test(a_field_is_added_and_the_rest_is_kept),
		cmocka_unit_test(white_space_before_the_comma_stays),
		cmocka_unit_test(twice_is_the_same_as_once),
		cmocka_unit_test(written_strings_are_always_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
