/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions: plain paths on the record's bytes and libjq give the same. */
#include "base/rng.h"
#include "json/expr.h"
#include "json/write.h"
#include "unit.h"

/* valgrind takes a second for each start of libjq: a part of it all then. */
#define SLOW (getenv("GC_TEST_SLOW") != NULL)

static struct json_val
val(const char *text)
{
	struct json_val v;

	assert_int_equal(json_check(text, strlen(text), &v, NULL), 0);
	return v;
}

/* All results of an expression, one after the other, or its error. */
static void
eval(const char *expr, struct json_val v, struct buf *out)
{
	struct fail why;
	struct expr *e;
	size_t i;

	buf_clear(out);
	if (expr_open(&e, expr, "it", &why) < 0) {
		buf_str_add(out, "does not compile");
		return;
	}
	if (expr_eval(e, v, &why) < 0) {
		buf_str_add(out, "error");
	} else {
		for (i = 0; i < e->n; i++) {
			buf_add(out, e->v[i].p, e->v[i].n);
			buf_putc(out, '\n');
		}
	}
	expr_close(e);
}

static void
is(const char *expr, const char *record, const char *want)
{
	struct buf out = BUF_INIT(BUF_DOC);

	eval(expr, val(record), &out);
	if (strcmp(buf_str(&out), want) != 0)
		fail_msg("%s on %s: %s, not %s", expr, record, buf_str(&out),
		    want);
	buf_free(&out);
}

static void
points(const char *text, const char *want)
{
	struct buf b = BUF_INIT(BUF_LINE);
	struct fail why;
	struct expr *e;

	assert_int_equal(expr_open(&e, text, "it", &why), 0);
	if (want) {
		assert_true(expr_pointer(e, &b));
		assert_string_equal(buf_str(&b), want);
	} else {
		assert_false(expr_pointer(e, &b));
	}
	expr_close(e);
	buf_free(&b);
}

static void
paths_are_pointers(void **state)
{
	(void)state;
	points(".", "");
	points(".a.b?", "/a/b");
	points(".[\"a/b~c\"][0]", "/a~1b~0c/0");
	points(".a[-1]", NULL);
	points(".a[]", NULL);
	points(".a | .b", NULL);
}

static void
plain_paths(void **state)
{
	(void)state;
	is(".", " {\"a\":1.0}", "{\"a\":1.0}\n");
	is(".a", "{\"a\":1.0,\"a\":9007199254740993}", "9007199254740993\n");
	is(" .a.b ", "{\"a\":{\"b\":[1, 2]}}", "[1, 2]\n");
	is(".a.b", "{\"a\":null}", "null\n");
	is(".a.b", "{\"a\":1}", "error");
	is(".a.b?", "{\"a\":1}", "");
	is(".a[]", "{\"a\":[1,[],{\"x\":2}]}", "1\n[]\n{\"x\":2}\n");
	is(".a[].b", "{\"a\":[{\"b\":1},{}]}", "1\nnull\n");
	is(".a[]", "{\"a\":null}", "error");
	is(".a[]?", "{\"a\":null}", "");
	is(".[]", "{\"a\":1,\"b\":2,\"a\":3}", "3\n2\n");
	is(".[0]", "[1,2,3]", "1\n");
	is(".[-1]", "[1,2,3]", "3\n");
	is(".[-4]", "[1,2,3]", "null\n");
	is(".[\"x y\"]", "{\"x y\":0}", "0\n");
	is(".\"x y\"[1]", "{\"x y\":[0,{}]}", "{}\n");
	is(".[0].a[\"b\"]", "[{\"a\":{\"b\":7}}]", "7\n");
	is(".[0]", "{\"a\":1}", "error");
	is(".a", "[1]", "error");
}

static void
the_rest_goes_through_libjq(void **state)
{
	struct expr *e;
	struct fail why;

	(void)state;
	is(".a + 1", "{\"a\":1.0}", "2\n");
	is("[.a,.b]", "{\"a\":1,\"b\":\"x\"}", "[1,\"x\"]\n");
	is("empty", "1", "");
	is("error(\"no\")", "1", "error");
	is(".a[1:]", "{\"a\":[1,2,3]}", "[2,3]\n");
	assert_int_equal(expr_open(&e, ".a b", "--key", &why), -1);
	assert_int_equal(why.code, EXIT_USAGE);
	assert_true(strncmp(why.text, "--key: syntax error", 19) == 0);
	assert_int_equal(expr_open(&e, ".a.b[0]", "--key", &why), 0);
	assert_true(expr_is_path(e));
	expr_close(e);
	assert_int_equal(expr_open(&e, ".a|.b", "--key", &why), 0);
	assert_false(expr_is_path(e));
	expr_close(e);
}

/* Deeper than libjq goes is an error of ours, not a cut value. */
/* What ends a program or asks for files is an end or an error, never ours. */
static void
ends_and_modules(void **state)
{
	struct fail why;
	struct expr *e;

	(void)state;
	is("halt", "1", "");
	is("., halt, 2", "1", "1\n");
	is("halt_error", "{}", "error");
	is("\"a\\n\" | halt_error(0)", "1", "error");
	is("., error(\"x\")", "1", "error");
	is("[inputs]", "1", "[]\n");
	is("get_search_list", "1", "[]\n");
	is("import \"a\" as a; 1", "1", "does not compile");
	is("include \"a\"; 1", "1", "does not compile");
	assert_int_equal(expr_open(&e, "\"no\\n\" | halt_error", "it", &why),
	    0);
	assert_int_equal(expr_eval(e, val("1"), &why), -1);
	assert_string_equal(why.text, "it: no");
	/* and it goes on with the next record */
	assert_int_equal(expr_eval(e, val("1"), &why), -1);
	expr_close(e);
}

static void
depth_is_an_error_not_a_cut(void **state)
{
	char text[2 * 300 + 1];
	struct buf out = BUF_INIT(BUF_DOC), deep = BUF_INIT(BUF_DOC);
	int i;

	(void)state;
	memset(text, '[', 300);
	memset(text + 300, ']', 300);
	text[600] = '\0';
	eval(".", val(text), &out);
	assert_int_equal(out.len, 601);
	eval(". as $x | $x", val(text), &out);
	assert_string_equal(buf_str(&out), "error");
	/* objects as deep as arrays: 256, and not 128 */
	buf_clear(&deep);
	for (i = 0; i < JQ_DEPTH; i++)
		buf_str_add(&deep, "{\"a\":");
	buf_str_add(&deep, "1");
	for (i = 0; i < JQ_DEPTH; i++)
		buf_putc(&deep, '}');
	eval(". as $x | $x", val(buf_str(&deep)), &out);
	buf_putc(&deep, '\n');
	assert_string_equal(buf_str(&out), buf_str(&deep));
	eval("[.] | .[0]", val("[[1]]"), &out);
	assert_string_equal(buf_str(&out), "[[1]]\n");
	text[250] = '1';
	memset(text + 251, ']', 250);
	text[501] = '\0';
	eval("[[[[[[[[[.]]]]]]]]]", val(text), &out);
	assert_string_equal(buf_str(&out), "error");
	buf_free(&out);
	buf_free(&deep);
}

/* ---- random records and paths on both roads ---- */

static void
make_value(struct buf *b, struct rng *r, int depth)
{
	static const char *const scalars[] = {
		"null", "true", "false", "0", "-1.5e3", "12345678901234567890",
		"\"\"", "\"a\"", "\"caf\xc3\xa9 \\u00e9\\n\"", "1e300", "0.1"
	};
	static const char *const keys[] = {
		"\"a\"", "\"b\"", "\"\\u0061\"", "\"x y\"", "\"\""
	};
	int i, n = (int)rng_below(r, 4);

	if (depth == 0 || rng_below(r, 4) == 0) {
		buf_str_add(b, scalars[rng_below(r, COUNT(scalars))]);
		return;
	}
	if (rng_below(r, 3) == 0) {
		buf_putc(b, '[');
		for (i = 0; i < n; i++) {
			json_sep(b);
			make_value(b, r, depth - 1);
		}
		buf_putc(b, ']');
		return;
	}
	buf_putc(b, '{');
	for (i = 0; i < n; i++) {
		json_sep(b);
		buf_str_add(b, keys[rng_below(r, COUNT(keys))]);
		buf_putc(b, ':');
		make_value(b, r, depth - 1);
	}
	buf_putc(b, '}');
}

static void
make_path(struct buf *b, struct rng *r)
{
	static const char *const steps[] = {
		".a", ".b", ".\"x y\"", "[\"a\"]", "[0]", "[-1]", "[]", ".a?",
		"[]?", "[1]"
	};
	int i, n = 1 + (int)rng_below(r, 3);

	for (i = 0; i < n; i++) {
		const char *s = steps[rng_below(r, COUNT(steps))];

		if (i == 0 && s[0] == '[')
			buf_putc(b, '.');
		buf_str_add(b, s);
	}
}

static void
collect(struct expr *e, struct json_val v, struct buf *out)
{
	struct fail why;
	size_t i;

	if (expr_eval(e, v, &why) < 0) {
		buf_str_add(out, "\"error\"");
		return;
	}
	buf_putc(out, '[');
	for (i = 0; i < e->n; i++) {
		json_sep(out);
		buf_add(out, e->v[i].p, e->v[i].n);
	}
	buf_putc(out, ']');
}

static struct expr *equal;

/* Does jq call the two equal? */
static bool
jq_equal(const char *a, const char *b)
{
	struct buf pair = BUF_INIT(BUF_DOC);
	struct fail why;
	bool r;

	buf_addf(&pair, "[%s,%s]", a, b);
	if (expr_eval(equal, val(buf_str(&pair)), &why) < 0)
		fail_msg("%s: %s", buf_str(&pair), why.text);
	r = equal->n == 1 && equal->v[0].p[0] == 't';
	buf_free(&pair);
	return r;
}

static void
both_roads_agree(void **state)
{
	struct buf rec = BUF_INIT(BUF_DOC), a = BUF_INIT(BUF_DOC),
	    b = BUF_INIT(BUF_DOC), path = BUF_INIT(BUF_DOC);
	struct expr *fast, *slow;
	struct fail why;
	struct rng r;
	int i, k;

	(void)state;
	rng_seed(&r, 3);
	assert_int_equal(expr_open(&equal, ".[0] == .[1]", "eq", &why), 0);
	for (i = 0; i < 60; i++) {
		buf_clear(&path);
		make_path(&path, &r);
		assert_int_equal(expr_open(&fast, buf_str(&path), "f", &why),
		    0);
		assert_true(expr_is_path(fast));
		buf_str_add(&path, "|.");
		assert_int_equal(expr_open(&slow, buf_str(&path), "s", &why),
		    0);
		assert_false(expr_is_path(slow));
		for (k = 0; k < 200; k++) {
			buf_clear(&rec);
			buf_clear(&a);
			buf_clear(&b);
			make_value(&rec, &r, 4);
			collect(fast, val(buf_str(&rec)), &a);
			collect(slow, val(buf_str(&rec)), &b);
			if (!jq_equal(buf_str(&a), buf_str(&b)))
				fail_msg("%s on %s: %s, not %s",
				    buf_str(&path), buf_str(&rec),
				    buf_str(&a), buf_str(&b));
		}
		expr_close(fast);
		expr_close(slow);
	}
	expr_close(equal);
	buf_free(&rec);
	buf_free(&a);
	buf_free(&b);
	buf_free(&path);
}

/* ---- the scanner against libjq's parser ---- */

/* Values as libjq writes them, by way of our own walk: members once, the
 * last of a name in the place of the first, numbers through doubles. */
static void
rewrite(struct json_val v, struct buf *b)
{
	struct json_iter it = json_iter(v), earlier;
	struct buf name = BUF_INIT(BUF_DOC);
	struct json_val last;
	bool seen;

	switch (json_type(v)) {
	case JSON_NUMBER:
		json_num(b, json_double(v));
		break;
	case JSON_STRING:
		json_decode(v, &name);
		json_str(b, name.p, name.len);
		break;
	case JSON_ARRAY:
		buf_putc(b, '[');
		while (json_next(&it)) {
			json_sep(b);
			rewrite(it.val, b);
		}
		buf_putc(b, ']');
		break;
	case JSON_OBJECT:
		buf_putc(b, '{');
		while (json_next(&it)) {
			buf_clear(&name);
			json_decode(it.key, &name);
			seen = false;
			earlier = json_iter(v);
			while (!seen && json_next(&earlier) &&
			    earlier.key.p != it.key.p)
				seen = json_is_n(earlier.key, buf_str(&name),
				    name.len);
			if (seen)
				continue;
			json_sep(b);
			json_str(b, name.p, name.len);
			buf_putc(b, ':');
			json_get_n(v, buf_str(&name), name.len, &last);
			rewrite(last, b);
		}
		buf_putc(b, '}');
		break;
	default:
		json_raw(b, v);
	}
	buf_free(&name);
}

/* One byte of a text changed, taken out or put in, or none. */
static void
damage(struct buf *b, struct rng *r)
{
	static const char bytes[] = "{}[]:,\"\\0123.eE+-tfnul \n\xc3\xa9\x01";
	char c = bytes[rng_below(r, sizeof bytes - 1)];
	size_t at = rng_below(r, b->len);

	switch (rng_below(r, 4)) {
	case 0:
		b->p[at] = c;
		break;
	case 1:
		memmove(b->p + at, b->p + at + 1, b->len - at - 1);
		b->len--;
		break;
	case 2:
		buf_putc(b, c);
		break;
	}
}

/* What we take, libjq's own parser (fromjson) takes, and reads the same values
 * in it. What we refuse libjq may take: it is the laxer one (nan, controls, bad
 * UTF-8 mended). */
static void
what_is_taken_libjq_takes(void **state)
{
	struct buf text = BUF_INIT(BUF_DOC), ours = BUF_INIT(BUF_DOC),
	    theirs = BUF_INIT(BUF_DOC), quoted = BUF_INIT(BUF_DOC);
	struct expr *identity;
	struct json_val v;
	struct fail why;
	struct rng r;
	int i, taken = 0, all = SLOW ? 1000 : 20000;

	(void)state;
	rng_seed(&r, 17);
	assert_int_equal(expr_open(&equal, ".[0] == .[1]", "eq", &why), 0);
	assert_int_equal(expr_open(&identity, "fromjson", "id", &why), 0);
	for (i = 0; i < all; i++) {
		buf_clear(&text);
		buf_clear(&ours);
		make_value(&text, &r, 5);
		damage(&text, &r);
		if (json_check(text.p, text.len, &v, NULL) < 0)
			continue;
		taken++;
		buf_clear(&quoted);
		json_str(&quoted, text.p, text.len);
		if (expr_eval(identity, val(buf_str(&quoted)), &why) < 0)
			fail_msg("libjq refuses %s: %s", buf_str(&text),
			    why.text);
		rewrite(v, &ours);
		assert_int_equal(identity->n, 1);
		buf_clear(&theirs);
		buf_add(&theirs, identity->v[0].p, identity->v[0].n);
		if (!jq_equal(buf_str(&ours), buf_str(&theirs)))
			fail_msg("%s: %s, not %s", buf_str(&text),
			    buf_str(&ours), buf_str(&theirs));
	}
	assert_true(taken > all / 4 && taken < all);
	expr_close(identity);
	expr_close(equal);
	buf_free(&text);
	buf_free(&ours);
	buf_free(&theirs);
	buf_free(&quoted);
}

/* ---- jq's own tests ---- */

struct suite {
	FILE *f, *lacks;
	const char *name;
	int line;
	char text[65536];
};

static bool
next_line(struct suite *s)
{
	size_t n;

	if (!fgets(s->text, sizeof s->text, s->f))
		return false;
	s->line++;
	n = strlen(s->text);
	if (n && s->text[n - 1] == '\n')
		s->text[n - 1] = '\0';
	return true;
}

/* Is this test on the list of what jq 1.6 lacks (file:line reason)? */
static bool
left_out(struct suite *s, int line)
{
	char want[64], have[512];
	size_t n = (size_t)snprintf(want, sizeof want, "%s:%d ", s->name, line);

	rewind(s->lacks);
	while (fgets(have, sizeof have, s->lacks))
		if (strncmp(have, want, n) == 0)
			return true;
	return false;
}

/* One test, its program in s->text. Returns whether it holds. */
static bool
one_test(struct suite *s)
{
	struct buf program = BUF_INIT(BUF_PROG), input = BUF_INIT(BUF_PROG),
	    got = BUF_INIT(BUF_DOC), want = BUF_INIT(BUF_DOC);
	struct expr *e = NULL;
	struct json_val v;
	struct fail why;
	const char *in;
	bool good;

	buf_str_add(&program, s->text);
	good = next_line(s);
	in = strncmp(s->text, "\xef\xbb\xbf", 3) == 0 ? s->text + 3 : s->text;
	buf_str_add(&input, in);
	buf_putc(&want, '[');
	while (next_line(s) && s->text[0] && s->text[0] != '#') {
		json_sep(&want);
		buf_str_add(&want, s->text);
	}
	buf_putc(&want, ']');
	if (json_check(input.p, input.len, &v, NULL) < 0 ||
	    json_check(want.p, want.len, NULL, NULL) < 0) {
		good = true;            /* not JSON: nan and the like */
	} else if (expr_open(&e, buf_str(&program), "test", &why) < 0) {
		good = false;
	} else {
		collect(e, v, &got);
		good = jq_equal(buf_str(&got), buf_str(&want));
	}
	expr_close(e);
	buf_free(&program);
	buf_free(&input);
	buf_free(&got);
	buf_free(&want);
	return good;
}

static void
run_suite(struct suite *s, int *ran, int *out)
{
	bool must_fail;
	int line;

	while (next_line(s)) {
		if (!s->text[0] || s->text[0] == '#')
			continue;
		if (SLOW && s->line % 8) {
			while (next_line(s) && s->text[0] && s->text[0] != '#')
				;
			continue;
		}
		must_fail = strncmp(s->text, "%%FAIL", 6) == 0;
		if (must_fail && !next_line(s))
			break;
		line = s->line;
		/* JQ_LIST: to make that list anew */
		if (getenv("JQ_LIST") && !left_out(s, line))
			fprintf(stderr, "%s:%d\n", s->name, line);
		if (must_fail && left_out(s, line)) {
			while (next_line(s) && s->text[0])
				;
			++*out;
		} else if (must_fail) {
			struct expr *e;
			bool compiles = expr_open(&e, s->text, "t", NULL) == 0;

			expr_close(e);
			while (next_line(s) && s->text[0])
				;
			if (compiles)
				fail_msg("%s:%d compiles", s->name, line);
			++*ran;
		} else if (left_out(s, line)) {
			while (next_line(s) && s->text[0] &&
			    s->text[0] != '#')
				;
			++*out;
		} else {
			if (!one_test(s)) {
				if (!getenv("JQ_LIST"))
					fail_msg("%s:%d", s->name, line);
				fprintf(stderr, "FAILS\n");
			}
			++*ran;
		}
	}
}

static void
jqs_own_tests(void **state)
{
	static const char *const names[] = {
		"jq.test", "man.test", "manonig.test", "onig.test",
		"base64.test", "uri.test", "optional.test"
	};
	struct suite s;
	struct fail why;
	int ran = 0, out = 0;
	char path[64];
	size_t i;

	(void)state;
	if (!test_data("jq/jq.test"))
		skip();
	setenv("TZ", "UTC", 1);
	s.lacks = fopen("tests/data/jq-1.6-lacks.txt", "r");
	assert_non_null(s.lacks);
	assert_int_equal(expr_open(&equal, ".[0] == .[1]", "eq", &why), 0);
	for (i = 0; i < COUNT(names); i++) {
		snprintf(path, sizeof path, "jq/%s", names[i]);
		assert_non_null(s.f = fopen(test_data(path), "r"));
		s.name = names[i];
		s.line = 0;
		run_suite(&s, &ran, &out);
		fclose(s.f);
	}
	fclose(s.lacks);
	expr_close(equal);
	print_message("%d ran, %d are beyond jq 1.6\n", ran, out);
	assert_true(ran > (SLOW ? 40 : 300));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_paths),
		cmocka_unit_test(the_rest_goes_through_libjq),
		cmocka_unit_test(ends_and_modules),
		cmocka_unit_test(depth_is_an_error_not_a_cut),
		cmocka_unit_test(both_roads_agree),
		cmocka_unit_test(paths_are_pointers),
		cmocka_unit_test(what_is_taken_libjq_takes),
		cmocka_unit_test(jqs_own_tests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
