/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/url.h"
#include "unit.h"

static void
assert_resolved(const char *base, const char *ref, const char *want)
{
	struct buf out = BUF_INIT(BUF_LINE);

	assert_int_equal(url_resolve(&out, base, ref), 0);
	if (strcmp(buf_str(&out), want) != 0)
		fail_msg("%s against %s: %s, not %s", ref, base,
		    buf_str(&out), want);
	buf_free(&out);
}

/* Fragments are left out, for they are not sent. */
static void
resolves_the_examples_of_rfc_3986(void **state)
{
	static const char *const x[][2] = {
		{ "g:h", "g:h" }, { "g", "http://a/b/c/g" },
		{ "./g", "http://a/b/c/g" }, { "g/", "http://a/b/c/g/" },
		{ "/g", "http://a/g" }, { "//g", "http://g" },
		{ "?y", "http://a/b/c/d;p?y" }, { "g?y", "http://a/b/c/g?y" },
		{ "#s", "http://a/b/c/d;p?q" }, { "g#s", "http://a/b/c/g" },
		{ "g?y#s", "http://a/b/c/g?y" }, { ";x", "http://a/b/c/;x" },
		{ "g;x", "http://a/b/c/g;x" },
		{ "g;x?y#s", "http://a/b/c/g;x?y" },
		{ "", "http://a/b/c/d;p?q" }, { ".", "http://a/b/c/" },
		{ "./", "http://a/b/c/" }, { "..", "http://a/b/" },
		{ "../", "http://a/b/" }, { "../g", "http://a/b/g" },
		{ "../..", "http://a/" }, { "../../", "http://a/" },
		{ "../../g", "http://a/g" },
		/* 5.4.2, abnormal */
		{ "../../../g", "http://a/g" },
		{ "../../../../g", "http://a/g" },
		{ "/./g", "http://a/g" }, { "/../g", "http://a/g" },
		{ "g.", "http://a/b/c/g." }, { ".g", "http://a/b/c/.g" },
		{ "g..", "http://a/b/c/g.." }, { "..g", "http://a/b/c/..g" },
		{ "./../g", "http://a/b/g" }, { "./g/.", "http://a/b/c/g/" },
		{ "g/./h", "http://a/b/c/g/h" },
		{ "g/../h", "http://a/b/c/h" },
		{ "g;x=1/./y", "http://a/b/c/g;x=1/y" },
		{ "g;x=1/../y", "http://a/b/c/y" },
		{ "g?y/./x", "http://a/b/c/g?y/./x" },
		{ "g?y/../x", "http://a/b/c/g?y/../x" },
		{ "http:g", "http:g" }
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(x); i++)
		assert_resolved("http://a/b/c/d;p?q", x[i][0], x[i][1]);
}

static void
resolves_what_services_send(void **state)
{
	const char *base = "https://api.x.com/api/v2/users?pageNumber=1";
	struct buf out = BUF_INIT(BUF_LINE);

	(void)state;
	assert_resolved(base, "/api/v2/users?pageNumber=2",
	    "https://api.x.com/api/v2/users?pageNumber=2");
	assert_resolved(base, "https://api.x.com/a?b=%2B+c",
	    "https://api.x.com/a?b=%2B+c");
	assert_resolved("https://api.x.com", "users",
	    "https://api.x.com/users");
	assert_resolved(base, "/a b\\c?d=\xc3\xa9|{e}",
	    "https://api.x.com/a%20b%5Cc?d=%C3%A9%7C%7Be%7D");
	assert_resolved(base, "/\\evil.com/", "https://api.x.com/%5Cevil.com/");
	assert_int_equal(url_resolve(&out, base, "/a\nb"), -1);
	assert_int_equal(url_resolve(&out, base, "/a\x7f"), -1);
	buf_free(&out);
}

static void
takes_a_url_apart(void **state)
{
	struct url u;

	(void)state;
	url_split("https://h:80/p?q#f", &u);
	assert_int_equal(u.host.n, 1);
	assert_memory_equal(u.port.p, "80", 2);
	assert_memory_equal(u.path.p, "/p", 2);
	assert_memory_equal(u.query.p, "q", 1);
	assert_memory_equal(u.fragment.p, "f", 1);
	url_split("//[::1]", &u);
	assert_null(u.scheme.p);
	assert_int_equal(u.host.n, 5);
	assert_null(u.port.p);
	url_split("?", &u);
	assert_null(u.authority.p);
	assert_non_null(u.query.p);
	assert_int_equal(u.query.n, 0);
	assert_null(u.fragment.p);
}

static void
assert_refused(const char *url, const char *words)
{
	struct fail why = { 0, "" };

	assert_int_equal(url_check(url, &why), -1);
	assert_int_equal(why.code, EXIT_USAGE);
	assert_non_null(strstr(why.text, words));
	assert_false(url_same_origin(url, url));
	assert_false(url_is_loopback(url));
}

static void
refuses_what_two_parsers_could_read_differently(void **state)
{
	struct fail why;

	(void)state;
	assert_int_equal(url_check("https://api.x.com/a?b", &why), 0);
	assert_int_equal(url_check("HTTP://[::1]:8080", &why), 0);
	assert_int_equal(url_check("http://h:/", &why), 0);
	assert_refused("https://api.x.com@evil.com/", "a user");
	assert_refused("https://api.x.com:443@evil.com/", "a user");
	assert_refused("https://evil.com\\@api.x.com/", "backslash");
	assert_refused("https://api.x.com /", "blank");
	assert_refused("https://api.x%2ecom/", "host");
	assert_refused("https://\xc3\xa9.com/", "host");
	assert_refused("https://[::1%25lo]/", "host");
	assert_refused("https://[]/", "host");
	assert_refused("https://a,b/", "host");
	assert_refused("https:///path", "host");
	assert_refused("https:path", "host");
	assert_refused("https://h:x/", "host");
	assert_refused("https://h:65536/", "port");
	assert_refused("https://h:99999999999999999999/", "port");
	assert_refused("https://h:0/", "port");
	assert_refused("ftp://h/", "http");
	assert_refused("//h/", "http");
	assert_refused("/api", "http");
	assert_refused("", "http");
}

static void
a_password_in_a_url_is_not_repeated(void **state)
{
	struct fail why;

	(void)state;
	assert_int_equal(url_check("https://me:hunter2@h/", &why), -1);
	assert_null(strstr(why.text, "hunter2"));
}

static void
origins_are_scheme_host_and_port(void **state)
{
	struct buf b = BUF_INIT(BUF_LINE);

	(void)state;
	assert_true(url_same_origin("https://API.x.com/a",
	    "https://api.X.com"));
	assert_true(url_same_origin("https://h", "https://h:443/b?c#d"));
	assert_true(url_same_origin("http://h:80", "HTTP://h:/"));
	assert_true(url_same_origin("http://h:0080", "http://h"));
	assert_false(url_same_origin("https://h", "http://h"));
	assert_false(url_same_origin("https://h", "https://h:8443"));
	assert_false(url_same_origin("https://h", "https://h.evil.com"));
	assert_false(url_same_origin("https://h", "https://h."));
	assert_false(url_same_origin("https://127.0.0.1", "https://localhost"));
	assert_int_equal(url_origin(&b, "HTTPS://API.x.com/a"), 0);
	assert_string_equal(buf_str(&b), "https://api.x.com:443");
	buf_free(&b);
}

/* The tutorial sent its bearer wherever nextPageUri pointed. */
static void
defect_the_bearer_went_wherever_the_next_page_was(void **state)
{
	static const char *const others[] = {
		"//evil.com/api/v2/x", "https://evil.com/", "http://api.x.com/",
		"https://api.x.com.evil.com/", "https://api.x.com:8443/",
		"https://api.x.com@evil.com/", "https:evil.com"
	};
	const char *base = "https://api.x.com/api/v2/archiving?a=1";
	struct buf next = BUF_INIT(BUF_LINE);
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(others); i++) {
		buf_clear(&next);
		assert_int_equal(url_resolve(&next, base, others[i]), 0);
		assert_false(url_same_origin(base, buf_str(&next)));
	}
	buf_free(&next);
}

static void
loopback_is_only_what_is_spelled_so(void **state)
{
	(void)state;
	assert_true(url_is_loopback("http://127.0.0.1:8080/x"));
	assert_true(url_is_loopback("http://127.255.0.9"));
	assert_true(url_is_loopback("http://LOCALHOST"));
	assert_true(url_is_loopback("http://[::1]:1"));
	assert_true(url_is_loopback("http://[0:0:0:0:0:0:0:1]"));
	assert_false(url_is_loopback("http://127.0.0.1.evil.com"));
	assert_false(url_is_loopback("http://localhost.evil.com"));
	assert_false(url_is_loopback("http://128.0.0.1"));
	assert_false(url_is_loopback("http://0.0.0.0"));
	assert_false(url_is_loopback("http://127.1"));
	assert_false(url_is_loopback("http://0177.0.0.1"));
	assert_false(url_is_loopback("http://0x7f000001"));
	assert_false(url_is_loopback("http://[::2]"));
	assert_false(url_is_loopback("http://[127.0.0.1]"));
}

static void
encodes_and_decodes(void **state)
{
	struct buf a = BUF_INIT(BUF_LINE), b = BUF_INIT(BUF_LINE);
	char all[256];
	int i;

	(void)state;
	for (i = 0; i < 256; i++)
		all[i] = (char)i;
	assert_int_equal(url_encode(&a, all, sizeof all), 0);
	assert_int_equal(a.len, 66 + 3 * 190);
	assert_int_equal(url_decode(&b, a.p, a.len), 0);
	assert_int_equal(b.len, 256);
	assert_memory_equal(b.p, all, 256);
	buf_clear(&b);
	assert_int_equal(url_decode(&b, "a+%zz%4%2b%", 11), 0);
	assert_string_equal(buf_str(&b), "a+%zz%4+%");
	buf_free(&a);
	buf_free(&b);
}

static void
assert_query(const char *url, const char *name, const char *want)
{
	struct url_part v;
	bool there = url_query_get(url, name, &v);

	assert_int_equal(there, want != NULL);
	if (want) {
		assert_int_equal(v.n, strlen(want));
		assert_memory_equal(v.p, want, v.n);
	}
}

static void
reads_query_parameters_as_they_stand(void **state)
{
	const char *u = "/p?a=1&cursor=x%2By%3D&b&a=2&c=#cursor=f";

	(void)state;
	assert_query(u, "a", "1");
	assert_query(u, "cursor", "x%2By%3D");
	assert_query(u, "b", "");
	assert_query(u, "c", "");
	assert_query(u, "d", NULL);
	assert_query(u, "urso", NULL);
	assert_query("/p?page%4Eumber=3", "pageNumber", "3");
	assert_query("/p?cursors=1", "cursor", NULL);
	assert_query("/p", "a", NULL);
	assert_query("/p?", "a", NULL);
	assert_query("/p?a=b=c", "a", "b=c");
}

static void
assert_set(const char *url, const char *name, const char *value,
    const char *want)
{
	struct buf b = BUF_INIT(BUF_LINE);

	buf_str_add(&b, url);
	assert_int_equal(url_query_set(&b, name, value), 0);
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

static void
sets_a_query_parameter_and_nothing_else(void **state)
{
	(void)state;
	assert_set("/p?a=1&b=%zz&&c", "a", "2", "/p?a=2&b=%zz&&c");
	assert_set("/p?x&a=1&b=2&a=3&", "a", "2", "/p?x&a=2&b=2&");
	assert_set("/p?a", "a", "2", "/p?a=2");
	assert_set("/p?pag%65=1", "page", "2", "/p?pag%65=2");
	assert_set("/p", "a", "2", "/p?a=2");
	assert_set("/p?", "a", "2", "/p?a=2");
	assert_set("/p?b=1", "a", "x%20y", "/p?b=1&a=x%20y");
	assert_set("/p?b=1&", "a", "2", "/p?b=1&a=2");
	assert_set("/p?b=1&?", "a", "2", "/p?b=1&?&a=2");
	assert_set("/p?&", "a", "2", "/p?&a=2");
	assert_set("/p?b=1#f?a=9", "a", "2", "/p?b=1&a=2#f?a=9");
	assert_set("/p#f", "a b", "", "/p?a%20b=#f");
	assert_set("/p?a=1&b=2&a=3", "a", NULL, "/p?b=2");
	assert_set("/p?a=1", "a", NULL, "/p");
	assert_set("/p?b=1", "a", NULL, "/p?b=1");
	assert_set("http://h?b", "a", "1", "http://h?b&a=1");
	assert_set("http://h", "a", "1", "http://h?a=1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resolves_the_examples_of_rfc_3986),
		cmocka_unit_test(resolves_what_services_send),
		cmocka_unit_test(takes_a_url_apart),
		cmocka_unit_test(
		    refuses_what_two_parsers_could_read_differently),
		cmocka_unit_test(a_password_in_a_url_is_not_repeated),
		cmocka_unit_test(origins_are_scheme_host_and_port),
		cmocka_unit_test(
		    defect_the_bearer_went_wherever_the_next_page_was),
		cmocka_unit_test(loopback_is_only_what_is_spelled_so),
		cmocka_unit_test(encodes_and_decodes),
		cmocka_unit_test(reads_query_parameters_as_they_stand),
		cmocka_unit_test(sets_a_query_parameter_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
