/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/edit.h"
#include "unit.h"

static void
assert_put(const char *doc, const char *path, const char *value,
    const char *want)
{
	struct buf b = BUF_INIT(BUF_LINE);

	buf_str_add(&b, doc);
	assert_int_equal(json_put(&b, path, value), want ? 0 : -1);
	assert_string_equal(buf_str(&b), want ? want : doc);
	buf_free(&b);
}

static void
changes_one_member_in_place(void **state)
{
	(void)state;
	assert_put("{ \"a\" : 1.0 , \"n\":1,\"b\":[ 2 ]}", "n", "22",
	    "{ \"a\" : 1.0 , \"n\":22,\"b\":[ 2 ]}");
	assert_put("{\"n\":12345}", "n", "1", "{\"n\":1}");
	assert_put(" {\"p\":{\"n\":1,\"s\":9007199254740993}}\n", "p.n", "2",
	    " {\"p\":{\"n\":2,\"s\":9007199254740993}}\n");
	assert_put("{\"a\":{\"b\":{\"c\":\"x\"}}}", "a.b.c", "null",
	    "{\"a\":{\"b\":{\"c\":null}}}");
	assert_put("{\"\\u006e\":1}", "n", "2", "{\"\\u006e\":2}");
}

static void
the_last_of_two_counts(void **state)
{
	(void)state;
	assert_put("{\"n\":1,\"n\":2}", "n", "3", "{\"n\":1,\"n\":3}");
}

static void
adds_what_is_not_there_at_the_end(void **state)
{
	(void)state;
	assert_put("", "n", "1", "{\"n\":1}");
	assert_put("{}", "p.n", "1", "{\"p\":{\"n\":1}}");
	assert_put("{ }", "n", "1", "{\"n\":1 }");
	assert_put("{\n  \"a\": 1\n}\n", "n", "1",
	    "{\n  \"a\": 1,\"n\":1\n}\n");
	assert_put("{\"p\":{\"s\":100}}", "p.n", "2",
	    "{\"p\":{\"s\":100,\"n\":2}}");
	assert_put("{\"p\":{}}", "p.q.n", "2",
	    "{\"p\":{\"q\":{\"n\":2}}}");
	assert_put("{}", "a\"b", "1", "{\"a\\\"b\":1}");
}

static void
what_is_no_object_on_the_way_is_replaced(void **state)
{
	(void)state;
	assert_put("{\"p\":null,\"z\":1}", "p.n", "2",
	    "{\"p\":{\"n\":2},\"z\":1}");
	assert_put("{\"p\":[1,2]}", "p.n", "2", "{\"p\":{\"n\":2}}");
}

static void
what_is_no_object_is_refused(void **state)
{
	(void)state;
	assert_put("[1]", "n", "2", NULL);
	assert_put("{\"n\":", "n", "2", NULL);
	assert_put("x=1", "n", "2", NULL);
}

static void
stops_at_the_ceiling(void **state)
{
	struct buf b = BUF_INIT(10);

	(void)state;
	buf_str_add(&b, "{\"n\":1}");
	assert_int_equal(json_put(&b, "n", "123456"), -1);
	buf_free(&b);
}

static void
follows_a_path(void **state)
{
	const char *text = "{\"a\":{\"b\":{\"c\":3}},\"a.b\":4,\"s\":\"x\"}";
	struct json_val v, out;

	(void)state;
	assert_int_equal(json_check(text, strlen(text), &v, NULL), 0);
	assert_true(json_path(v, "a.b.c", &out));
	assert_memory_equal(out.p, "3", 1);
	assert_true(json_path(v, "s", &out));
	assert_false(json_path(v, "a.b.c.d", &out));
	assert_false(json_path(v, "s.x", &out));
	assert_false(json_path(v, "a.x", &out));
	assert_false(json_path(v, "", &out));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_one_member_in_place),
		cmocka_unit_test(the_last_of_two_counts),
		cmocka_unit_test(adds_what_is_not_there_at_the_end),
		cmocka_unit_test(what_is_no_object_on_the_way_is_replaced),
		cmocka_unit_test(what_is_no_object_is_refused),
		cmocka_unit_test(stops_at_the_ceiling),
		cmocka_unit_test(follows_a_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
