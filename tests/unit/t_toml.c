/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/toml.h"
#include "unit.h"

/* All items as "table|key|text\n", an s before each string. */
static int
collect(void *ctx, const struct toml_item *item, struct fail *why)
{
	(void)why;
	return buf_addf(ctx, "%u %s|%s|%s%s\n", item->line, item->table,
	    item->key, item->string ? "s:" : "", item->text);
}

static void
reads(const char *text, const char *expect)
{
	struct buf b = BUF_INIT(BUF_LINE);
	struct fail why = { 0, "" };

	if (toml_each("f", text, strlen(text), collect, &b, &why) < 0)
		fail_msg("%s", why.text);
	assert_string_equal(buf_str(&b), expect);
	buf_free(&b);
}

static void
fails_n(const char *text, size_t n, const char *expect)
{
	struct buf b = BUF_INIT(BUF_LINE);
	struct fail why = { 0, "" };

	assert_int_equal(toml_each("f", text, n, collect, &b, &why), -1);
	assert_string_equal(why.text, expect);
	assert_int_equal(why.code, EXIT_USAGE);
	buf_free(&b);
}

static void
fails(const char *text, const char *expect)
{
	fails_n(text, strlen(text), expect);
}

static void
takes_both_forms_of_the_cli(void **state)
{
	(void)state;
	reads("[DEFAULT]\nclient_credentials=\"id\"\n",
	    "2 DEFAULT|client_credentials|s:id\n");
	reads("[default]\r\n  client_credentials = 'id'\r\n",
	    "2 default|client_credentials|s:id\n");
	reads("[default]\nlogging_enabled = false # no\nn=1_000\n",
	    "2 default|logging_enabled|false\n3 default|n|1_000\n");
	reads("[a]\noauth_token_data = '{\"access_token\":\"t\"}'\n",
	    "2 a|oauth_token_data|s:{\"access_token\":\"t\"}\n");
}

static void
takes_names_of_all_kinds(void **state)
{
	(void)state;
	reads("a-b_9 = 1\n\"x y\" = 2\n'#' = 3\na . \"b.c\".d = 4",
	    "1 |a-b_9|1\n2 |x y|2\n3 |#|3\n4 |a.b.c.d|4\n");
	reads("[ \"my profile\" ] # one\nk='v'", "2 my profile|k|s:v\n");
	reads("[a.b]\nk=1\n[c]\nk=2", "2 a.b|k|1\n4 c|k|2\n");
}

static void
decodes_strings(void **state)
{
	(void)state;
	reads("k = \"a\\tb\\\\\\\"\\u00e9\\U0001F600#\" # c",
	    "1 |k|s:a\tb\\\"\xc3\xa9\xf0\x9f\x98\x80#\n");
	reads("k = 'a\\tb\"#'", "1 |k|s:a\\tb\"#\n");
	reads("k = \"\"\nl = ''", "1 |k|s:\n2 |l|s:\n");
}

static void
steps_over_what_it_does_not_need(void **state)
{
	(void)state;
	reads("k = [1, \"]\", [2]] # c\nl = { a = '}' }\nm = 1979-05-27\n",
	    "1 |k|[1, \"]\", [2]]\n2 |l|{ a = '}' }\n3 |m|1979-05-27\n");
	reads("", "");
	reads("\n\r\n \t # only\n", "");
	reads("\xef\xbb\xbfk=1", "1 |k|1\n");
}

static void
names_line_and_column_of_an_error(void **state)
{
	(void)state;
	fails("[a\n", "f:1:3: expected ']'");
	fails("[]\n", "f:1:2: expected a name");
	fails("k=1\n[[a]]\n", "f:2:1: an array of tables is not read here");
	fails("k\n", "f:1:2: expected '='");
	fails("= 1\n", "f:1:1: expected a name");
	fails("k =\n", "f:1:4: expected a value");
	fails("k = # c\n", "f:1:5: expected a value");
	fails("k = 'a' b\n", "f:1:9: expected the end of the line");
	fails("[a] b\n", "f:1:5: expected the end of the line");
	fails("x=1\n\nk = \"abc\nd\"", "f:3:5: unterminated string");
	fails("k = 'abc", "f:1:5: unterminated string");
	fails("k = \"abc\\", "f:1:9: unterminated string");
	fails("k = \"\\q\"", "f:1:6: unknown escape");
	fails("k = \"\\e\"", "f:1:6: unknown escape");
	fails("k = \"\\u12\"", "f:1:8: bad \\u escape");
	fails("k = \"\\ud800\"", "f:1:8: bad \\u escape");
	fails("k = \"\\u0000\"", "f:1:8: bad \\u escape");
	fails("k = \"\\U00110000\"", "f:1:8: bad \\u escape");
	fails("k = \"\"\"a\"\"\"",
	    "f:1:5: a string over several lines is not read here");
	fails("k = '''a'''",
	    "f:1:5: a string over several lines is not read here");
	fails("k = [1,\n2]",
	    "f:1:5: an array or table over several lines is not read here");
}

static void
refuses_hostile_bytes(void **state)
{
	(void)state;
	fails_n("a=1\nk='a\0b'", 11, "f:2:5: NUL byte");
	fails("k='\x01'", "f:1:4: control character");
	fails("k='\x7f'", "f:1:4: control character");
	fails("a=1\rb=2", "f:1:4: control character");
	fails("# \x1b[2J", "f:1:3: control character");
	fails("x=1\nk='\xff'", "f:2:4: invalid UTF-8");
	fails("k='\xed\xa0\x80'", "f:1:4: invalid UTF-8");
}

static void
never_quotes_a_value(void **state)
{
	struct buf b = BUF_INIT(BUF_LINE);
	struct fail why;
	static const char *const text[] = {
		"client_secret = hunter2 'x'\n'", "client_secret = 'hunter2",
		"client_secret 'hunter2'", "'hunter2\n", "[hunter2\n",
		"client_secret = \"hunter2\\q\""
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(text); i++) {
		why.text[0] = '\0';
		assert_int_equal(toml_each("f", text[i], strlen(text[i]),
		    collect, &b, &why), -1);
		assert_null(strstr(why.text, "hunter2"));
	}
	buf_free(&b);
}

static void
ends_where_the_taker_says(void **state)
{
	struct buf full = BUF_INIT(5);  /* "1 |a|" does not fit */
	struct fail why = { 0, "" };

	(void)state;
	assert_int_equal(toml_each("f", "a=1\nb=2", 7, collect, &full, &why),
	    -1);
	assert_int_equal(full.len, 0);
	buf_free(&full);
}

static void
takes_the_longest_file_and_no_longer(void **state)
{
	struct buf b = BUF_INIT(BUF_CONF + 1), out = BUF_INIT(BUF_CONF * 2);
	struct fail why = { 0, "" };
	size_t i;

	(void)state;
	buf_str_add(&b, "k='");
	while (b.len < BUF_CONF - 1)
		buf_putc(&b, 'x');
	buf_putc(&b, '\'');
	assert_int_equal(toml_each("f", b.p, b.len, collect, &out, &why), 0);
	assert_int_equal(out.len, BUF_CONF - 4 + strlen("1 |k|s:\n"));
	buf_putc(&b, '\n');
	assert_int_equal(toml_each("f", b.p, b.len, collect, &out, &why), -1);
	assert_string_equal(why.text, "f: longer than 1048576 bytes");
	/* as many brackets as fit: depth is counted, not recursed */
	buf_clear(&b);
	buf_str_add(&b, "k=");
	for (i = 0; i < 400000; i++)
		buf_putc(&b, '[');
	assert_int_equal(toml_each("f", b.p, b.len, collect, &out, &why), -1);
	buf_free(&b);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_both_forms_of_the_cli),
		cmocka_unit_test(takes_names_of_all_kinds),
		cmocka_unit_test(decodes_strings),
		cmocka_unit_test(steps_over_what_it_does_not_need),
		cmocka_unit_test(names_line_and_column_of_an_error),
		cmocka_unit_test(refuses_hostile_bytes),
		cmocka_unit_test(never_quotes_a_value),
		cmocka_unit_test(ends_where_the_taker_says),
		cmocka_unit_test(takes_the_longest_file_and_no_longer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
