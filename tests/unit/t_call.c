/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/call.h"
#include "unit.h"

static int
parse(struct call *c, const char *text, struct fail *why)
{
	struct json_val v;

	assert_int_equal(json_check(text, strlen(text), &v, NULL), 0);
	return call_parse(c, v, "request x", why);
}

static void
reads_every_member(void **state)
{
	struct call c;
	struct fail why;

	(void)state;
	assert_int_equal(parse(&c, "{\"method\":\"PATCH\",\"path\":\"/a\","
	    "\"headers\":{\"X-A\":\"1\",\"X-B\":null,\"x-a\":\"2\"},"
	    "\"query\":{\"n\":1.50,\"t\":true,\"s\":\"a b&c=\xc3\xa9\","
	    "\"l\":[1,\"x\",null],\"z\":null},"
	    "\"body\":{\"k\" : 9007199254740993},\"items\":\".e\","
	    "\"map\":\".x\",\"add\":{\"kind\":\"k\"},"
	    "\"paginate\":{\"style\":\"page\"},"
	    "\"poll\":{\"until\":\".d\",\"failed\":\".f\",\"interval\":2,"
	    "\"max_wait\":\"1m\"},\"scopes\":[\"a\",\"b\"],"
	    "\"auth\":{\"env\":\"TOK\"},\"repeat\":true,\"cache\":true,"
	    "\"more\":true}", &why), 0);
	assert_string_equal(call_method(&c), "PATCH");
	assert_string_equal(c.path,
	    "/a?n=1.50&t=true&s=a%20b%26c%3D%C3%A9&l=1&l=x");
	assert_int_equal(c.nheaders, 2);
	assert_string_equal(c.headers[0], "x-a: 2");
	assert_string_equal(c.headers[1], "Content-Type: application/json");
	assert_null(c.headers[2]);
	assert_string_equal(c.body, "{\"k\" : 9007199254740993}");
	assert_int_equal(c.nbody, strlen(c.body));
	assert_string_equal(c.items, ".e");
	assert_string_equal(c.map, ".x");
	assert_string_equal(c.add, "{\"kind\":\"k\"}");
	assert_string_equal(c.paginate, "{\"style\":\"page\"}");
	assert_string_equal(c.poll.until, ".d");
	assert_string_equal(c.poll.failed, ".f");
	assert_true(c.poll.interval == 2 && c.poll.max_wait == 60);
	assert_string_equal(c.scopes, "a b");
	assert_string_equal(c.auth_env, "TOK");
	assert_true(c.repeat && c.cache && c.more && !c.no_auth);
	call_free(&c);
}

static void
little_is_needed(void **state)
{
	struct call c;
	struct fail why;

	(void)state;
	assert_int_equal(parse(&c, "{\"path\":\"/a?b=1\",\"query\":{\"c\":2},"
	    "\"items\":null,\"auth\":\"none\",\"paginate\":false,"
	    "\"poll\":\".x\",\"body\":null}", &why), 0);
	assert_string_equal(call_method(&c), "GET");
	assert_string_equal(c.path, "/a?b=1&c=2");
	assert_string_equal(c.items, ".");
	assert_string_equal(c.paginate, "\"none\"");
	assert_string_equal(c.poll.until, ".x");
	assert_true(c.poll.interval < 0 && c.no_auth && !c.body);
	assert_int_equal(c.nheaders, 0);
	call_free(&c);
	assert_int_equal(parse(&c, "{\"path\":\"/a\",\"body\":[]}", &why), 0);
	assert_string_equal(call_method(&c), "POST");
	call_free(&c);
	assert_int_equal(parse(&c, "{\"path\":\"/a\",\"body\":\"a=b\\u0026c\","
	    "\"headers\":{\"content-type\":\"application/x-www-form-urlencoded"
	    "\"}}", &why), 0);
	assert_string_equal(c.body, "a=b&c");
	call_free(&c);
}

static void
what_means_nothing_is_an_error(void **state)
{
	static const char *const bad[] = { "[]", "{}", "{\"path\":\"\"}",
	    "{\"path\":1}", "{\"path\":\"/a\",\"mehtod\":\"GET\"}",
	    "{\"path\":\"/a\",\"method\":\"get\"}",
	    "{\"path\":\"/a\\u0000\"}", "{\"path\":\"/a\",\"headers\":[]}",
	    "{\"path\":\"/a\",\"headers\":{\"a\":1}}",
	    "{\"path\":\"/a\",\"query\":[]}",
	    "{\"path\":\"/a\",\"query\":{\"a\":{}}}",
	    "{\"path\":\"/a\",\"query\":{\"a\":[[1]]}}",
	    "{\"path\":\"/a\",\"add\":[]}",
	    "{\"path\":\"/a\",\"paginate\":1}",
	    "{\"path\":\"/a\",\"poll\":{\"interval\":1}}",
	    "{\"path\":\"/a\",\"poll\":{\"until\":\".a\",\"interval\":-1}}",
	    "{\"path\":\"/a\",\"poll\":{\"until\":\".a\",\"every\":1}}",
	    "{\"path\":\"/a\",\"scopes\":[1]}",
	    "{\"path\":\"/a\",\"auth\":\"maybe\"}",
	    "{\"path\":\"/a\",\"repeat\":1}" };
	struct call c;
	struct fail why;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		if (parse(&c, bad[i], &why) == 0)
			print_error("# taken: %s\n", bad[i]);
		call_free(&c);
		assert_int_equal(parse(&c, bad[i], &why), -1);
		assert_int_equal(why.code, EXIT_USAGE);
		call_free(&c);
	}
}

static void
some_may_be_repeated(void **state)
{
	static const struct { const char *text; bool yes; } c[] = {
		{ "{\"path\":\"/a\"}", true },
		{ "{\"path\":\"/a\",\"method\":\"PUT\"}", true },
		{ "{\"path\":\"/a\",\"method\":\"DELETE\"}", true },
		{ "{\"path\":\"/a\",\"body\":1}", false },
		{ "{\"path\":\"/a\",\"method\":\"PATCH\"}", false },
		{ "{\"path\":\"/a\",\"body\":1,\"repeat\":true}", true },
	};
	struct call call;
	struct fail why;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(c); i++) {
		assert_int_equal(parse(&call, c[i].text, &why), 0);
		assert_int_equal(call_repeatable(&call), c[i].yes);
		call_free(&call);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_member),
		cmocka_unit_test(little_is_needed),
		cmocka_unit_test(what_means_nothing_is_an_error),
		cmocka_unit_test(some_may_be_repeated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
