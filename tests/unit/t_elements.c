/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/elements.h"
#include "unit.h"

#include <dirent.h>

static int
keep(void *ctx, struct json_val v, struct fail *why)
{
	struct buf *b = ctx;

	(void)why;
	buf_add(b, v.p, v.n);
	return buf_putc(b, '|');
}

/* Feeds text in pieces of a size; the values, each ended by a bar. */
static int
cut(const char *text, size_t n, size_t piece, size_t max, struct buf *values,
    struct fail *why)
{
	struct json_elements e;
	size_t i, k;
	int r = 0;

	buf_clear(values);
	json_elements_init(&e, max, keep, values);
	for (i = 0; r == 0 && i < n; i += k) {
		char *copy;             /* exact, for the sanitizer */

		k = n - i < piece ? n - i : piece;
		copy = malloc(k);
		memcpy(copy, text + i, k);
		r = json_elements_feed(&e, copy, k, why);
		free(copy);
	}
	if (r == 0)
		r = json_elements_end(&e, why);
	json_elements_free(&e);
	return r;
}

static void
whatever_the_pieces(void **state)
{
	static const struct { const char *text, *values; } c[] = {
		{ "[]", "" },
		{ " [ ] \r\n", "" },
		{ "[1,2]", "1|2|" },
		{ "[ {\"a\":[1,{\"b\":\"]},\"}]} ,\n\"x\\\"],[\", null ]",
		    "{\"a\":[1,{\"b\":\"]},\"}]}|\"x\\\"],[\"|null|" },
		{ "{\"a\":[1,2]}", "{\"a\":[1,2]}|" },
		{ "\xef\xbb\xbf[true]", "true|" },
		{ "\xef\xbb\xbf {}", "{}|" },
		{ "  42  ", "42|" },
		{ "\"\\\\\"", "\"\\\\\"|" },
		{ "[[],[[]],{}]", "[]|[[]]|{}|" },
	};
	struct buf values = BUF_INIT(BUF_LINE);
	struct fail why;
	size_t i, piece;

	(void)state;
	for (i = 0; i < COUNT(c); i++)
		for (piece = 1; piece <= strlen(c[i].text); piece++) {
			assert_int_equal(cut(c[i].text, strlen(c[i].text),
			    piece, 64, &values, &why), 0);
			assert_string_equal(buf_str(&values), c[i].values);
		}
	buf_free(&values);
}

static void
what_is_wrong_stays_wrong(void **state)
{
	static const char *const bad[] = { "", " ", "[", "[1", "[1,", "[1,]",
	    "[,1]", "[1 2]", "[1}", "[1]]", "[1] 2", "{", "{}{}", "[\"a]",
	    "[{]}", "[tru]", "]", "[1,,2]", "[\"\x01\"]", "[\"\\ud800\"]",
	    "[\"\xff\"]", "\xef[]", "\xef\xbb[]", "nul", "\xef\xbb\xbf",
	    "[1]\xef\xbb\xbf", "[01]" };
	struct buf values = BUF_INIT(BUF_LINE);
	struct fail why;
	size_t i, piece;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		for (piece = 1; piece <= strlen(bad[i]) + 1; piece++) {
			if (cut(bad[i], strlen(bad[i]), piece, 64, &values,
			    &why) == 0)
				print_error("# taken: %s\n", bad[i]);
			assert_int_equal(cut(bad[i], strlen(bad[i]), piece,
			    64, &values, &why), -1);
			assert_int_equal(why.code, EXIT_DATA);
		}
	assert_int_equal(cut("[1,2,x]", 7, 2, 64, &values, &why), -1);
	assert_string_equal(buf_str(&values), "1|2|");
	assert_non_null(strstr(why.text, "at byte 6)"));
	buf_free(&values);
}

static void
the_ceiling_is_for_a_value_not_for_all(void **state)
{
	static const char text[] = "[\"12345\",\"12345\",\"12345\",\"12345\"]";
	struct buf values = BUF_INIT(BUF_LINE);
	struct fail why;
	size_t piece;

	(void)state;
	for (piece = 1; piece < sizeof text; piece++) {
		assert_int_equal(cut(text, sizeof text - 1, piece, 7, &values,
		    &why), 0);
		assert_int_equal(cut(text, sizeof text - 1, piece, 6, &values,
		    &why), -1);
		assert_non_null(strstr(why.text, "more than 6 bytes"));
	}
	buf_free(&values);
}

/* One file, in small pieces: taken where the scanner takes it. A byte order
 * mark is this one's business alone; depth is counted from the element. */
static void
compare(const char *path, const char *name)
{
	struct buf values = BUF_INIT(BUF_DOC), text = BUF_INIT(BUF_DOC);
	struct fail why;
	FILE *f = fopen(path, "rb");
	int c, want, got;

	assert_non_null(f);
	while ((c = getc(f)) != EOF)
		buf_putc(&text, (char)c);
	fclose(f);
	want = json_check(text.p, text.len, NULL, NULL);
	got = cut(text.p, text.len, 3, BUF_DOC, &values, &why);
	if (want != got && !strstr(name, "BOM"))
		print_error("# %s: %d, not %d\n", name, got, want);
	if (!strstr(name, "BOM"))
		assert_int_equal(got, want);
	buf_free(&text);
	buf_free(&values);
}

static void
agrees_with_the_scanner(void **state)
{
	const char *one = test_data("jsontestsuite/test_parsing/"
	    "y_array_empty.json");
	char path[4096];
	struct dirent *e;
	int files = 0;
	DIR *d;

	(void)state;
	if (!one)
		skip();
	snprintf(path, sizeof path, "%.*s", (int)(strrchr(one, '/') - one),
	    one);
	d = opendir(path);
	assert_non_null(d);
	while ((e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%.*s/%s",
		    (int)(strrchr(one, '/') - one), one, e->d_name);
		compare(path, e->d_name);
		files++;
	}
	closedir(d);
	assert_true(files > 300);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_the_pieces),
		cmocka_unit_test(what_is_wrong_stays_wrong),
		cmocka_unit_test(the_ceiling_is_for_a_value_not_for_all),
		cmocka_unit_test(agrees_with_the_scanner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
