/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/scan.h"
#include "out/csv.h"
#include "unit.h"

/* What was read: cells one after the other, '|' behind each, LF behind a row;
 * an empty cell without quotes is '~'. */
static int
spell(void *ctx, const struct csv_row *row, struct fail *why)
{
	struct buf *b = ctx;
	size_t i;

	(void)why;
	for (i = 0; i < row->n; i++) {
		if (row->cell[i].p)
			buf_add(b, row->cell[i].p, row->cell[i].n);
		else
			buf_putc(b, '~');
		buf_putc(b, '|');
	}
	buf_putc(b, '\n');
	return 0;
}

/* Reads in pieces of `step` bytes. */
static int
read_csv(const char *p, size_t n, size_t step, csv_on_row *on_row, void *ctx,
    struct fail *why)
{
	struct csv_reader *r;
	size_t at, k;
	int bad = 0;

	assert_int_equal(csv_reader_open(&r, 1000000, on_row, ctx, why), 0);
	for (at = 0; at < n && !bad; at += k) {
		k = n - at < step ? n - at : step;
		bad = csv_reader_feed(r, p + at, k, why);
	}
	if (!bad)
		bad = csv_reader_end(r, why);
	csv_reader_close(r);
	return bad;
}

static void
reads(const char *csv, const char *want)
{
	struct buf got = BUF_INIT(BUF_LINE);
	struct fail why;
	size_t step;

	for (step = 1; step <= strlen(csv) + 1; step++) {
		buf_clear(&got);
		assert_int_equal(read_csv(csv, strlen(csv), step, spell, &got,
		    &why), 0);
		assert_string_equal(buf_str(&got), want);
	}
	buf_free(&got);
}

static void
refuses(const char *csv, const char *message)
{
	struct buf got = BUF_INIT(BUF_LINE);
	struct fail why;
	size_t step;

	for (step = 1; step <= strlen(csv); step++) {
		assert_int_equal(read_csv(csv, strlen(csv), step, spell, &got,
		    &why), -1);
		assert_int_equal(why.code, EXIT_DATA);
		assert_string_equal(why.text, message);
	}
	buf_free(&got);
}

static void
reads_by_the_rfc(void **state)
{
	(void)state;
	reads("", "");
	reads("a", "a|\n");
	reads("a,b\n1,2\n", "a|b|\n1|2|\n");
	reads("a,b\r\n1,2\r\n", "a|b|\n1|2|\n");
	reads("a,,\"\",\n", "a|~||~|\n");
	reads("\"a\"\"b\",\"c\nd\"\ne", "a\"b|c\nd|\ne|\n");
}

static void
white_space_belongs_to_the_field(void **state)
{
	(void)state;
	reads("  a  ,\tb\t\n", "  a  |\tb\t|\n");
	reads("\" a \"\n", " a |\n");
}

static void
a_bom_goes_and_half_a_bom_stays(void **state)
{
	(void)state;
	reads("\xef\xbb\xbf" "a,b\n", "a|b|\n");
	reads("\xef\xbb" "a,b\n", "\xef\xbb" "a|b|\n");
	reads("\xef\xbb", "\xef\xbb|\n");
	reads("\xef\xbb\xbf", "");
	reads("\xef\xbb\xbf\"a,\"\n", "a,|\n");
}

static void
names_the_line_of_an_error(void **state)
{
	(void)state;
	refuses("a\nb\"c\n", "line 2: invalid CSV: a quote inside a field "
	    "that has none around it");
	refuses("a\n\"b\n\"c\n", "line 3: invalid CSV: text behind a closing "
	    "quote");
	refuses("a\n\n\"b\n,c", "line 3: invalid CSV: a quote that is never "
	    "closed");
}

static int
note_line(void *ctx, const struct csv_row *row, struct fail *why)
{
	(void)why;
	buf_addf(ctx, "%d ", (int)row->line);
	return 0;
}

static void
rows_know_their_line(void **state)
{
	static const char csv[] = "a\r\n\"b\r\n\r\nc\"\r\n\r\n\r\nd\r\n";
	struct buf got = BUF_INIT(BUF_LINE);
	struct fail why;
	size_t step;

	(void)state;
	for (step = 1; step < sizeof csv; step++) {
		buf_clear(&got);
		assert_int_equal(read_csv(csv, sizeof csv - 1, step, note_line,
		    &got, &why), 0);
		assert_string_equal(buf_str(&got), "1 2 7 ");
	}
	/* a lone CR ends a line too, whatever the pieces */
	for (step = 1; step < 8; step++) {
		buf_clear(&got);
		assert_int_equal(read_csv("a\rb\r\r\nc", 7, step, note_line,
		    &got, &why), 0);
		assert_string_equal(buf_str(&got), "1 2 4 ");
	}
	buf_free(&got);
}

static void
a_row_has_a_ceiling(void **state)
{
	struct csv_reader *r;
	struct buf got = BUF_INIT(BUF_LINE);
	struct fail why;

	(void)state;
	assert_int_equal(csv_reader_open(&r, 8, spell, &got, &why), 0);
	assert_int_equal(csv_reader_feed(r, "123,456\n12,45\n", 14, &why), 0);
	assert_int_equal(csv_reader_feed(r, "\"1234\n", 6, &why), 0);
	assert_int_equal(csv_reader_feed(r, "5678", 4, &why), -1);
	assert_int_equal(why.code, EXIT_DATA);
	assert_memory_equal(why.text, "line 3: a row longer than 8 bytes", 33);
	csv_reader_close(r);
	buf_free(&got);
}

/* ---- writing ---- */

static const char *
written(const struct csv_style *style, const char *p, size_t n)
{
	static struct buf b = BUF_INIT(BUF_LINE);

	buf_clear(&b);
	csv_field(&b, p, n, style);
	return buf_str(&b);
}

static void
quotes_only_where_needed(void **state)
{
	struct csv_style style = { false, false, false, false };

	(void)state;
#define W(s) written(&style, s, sizeof s - 1)
	assert_string_equal(W("plain"), "plain");
	assert_string_equal(W(" a "), " a ");
	assert_string_equal(W(""), "");
	assert_string_equal(W("a,b"), "\"a,b\"");
	assert_string_equal(W("a\"b"), "\"a\"\"b\"");
	assert_string_equal(W("a\nb"), "\"a\nb\"");
	assert_string_equal(W("a\rb"), "\"a\rb\"");
	assert_string_equal(W("=1"), "=1");
	assert_memory_equal(W("a\0,"), "\"a\0,\"", 5);
	style.excel_safe = true;
	assert_string_equal(W("=1"), "'=1");
	assert_string_equal(W("@a,b"), "\"'@a,b\"");
	assert_string_equal(W("\tx"), "'\tx");
	assert_string_equal(W("\n=1"), "\"'\n=1\"");
	assert_string_equal(W("\xef\xbc\x9d" "1"), "'\xef\xbc\x9d" "1");
	assert_string_equal(W("\xef\xbc\xa1" "1"), "\xef\xbc\xa1" "1");
	assert_string_equal(W("a=1"), "a=1");
	style.excel_safe = false;
	style.tsv = true;
	assert_string_equal(W("a\tb\nc\\d,\"e\""), "a\\tb\\nc\\\\d,\"e\"");
#undef W
}

static void
a_table_in_every_style(void **state)
{
	struct csv_style style = { false, false, false, false };
	struct buf b = BUF_INIT(BUF_LINE);
	struct table t;

	(void)state;
	table_init(&t, NULL);
	table_column(&t, "n,1", TABLE_TEXT);
	table_column(&t, "v", TABLE_NUMBER);
	table_str(&t, "");
	table_num(&t, 0.1);
	table_null(&t);
	table_num(&t, (double)INFINITY);
	table_str(&t, "-x");
	table_num(&t, -5);
	assert_int_equal(table_check(&t, NULL), 0);
	csv_table(&b, &t, &style);
	assert_string_equal(buf_str(&b), "\"n,1\",v\n,0.1\n,\n-x,-5\n");
	buf_clear(&b);
	style.crlf = style.bom = style.excel_safe = true;
	csv_table(&b, &t, &style);
	assert_string_equal(buf_str(&b), "\xef\xbb\xbf\"n,1\",v\r\n,0.1\r\n"
	    ",\r\n'-x,-5\r\n");
	table_free(&t);
	buf_free(&b);
}

static void
an_empty_only_field_stays_a_row(void **state)
{
	struct csv_style style = { false, false, false, false };
	struct buf b = BUF_INIT(BUF_LINE);
	struct table t;

	(void)state;
	table_init(&t, NULL);
	table_column(&t, "a", TABLE_TEXT);
	table_null(&t);
	table_str(&t, "x");
	csv_table(&b, &t, &style);
	assert_string_equal(buf_str(&b), "a\n\"\"\nx\n");
	reads(buf_str(&b), "a|\n|\nx|\n");
	table_free(&t);
	buf_free(&b);
}

/* ---- csv-spectrum: read, compare with what it means, write, read again ---- */

static int
to_table(void *ctx, const struct csv_row *row, struct fail *why)
{
	struct table *t = ctx;
	bool head = t->ncols == 0;
	size_t i;

	(void)why;
	for (i = 0; i < row->n; i++) {
		const char *p = row->cell[i].p ? row->cell[i].p : "";

		if (head)
			table_column_n(t, p, row->cell[i].n, TABLE_TEXT);
		else
			table_text(t, p, row->cell[i].n);
	}
	return 0;
}

static void
slurp(struct buf *b, const char *dir, const char *name, const char *end)
{
	char path[128];
	const char *full;
	int fd;

	snprintf(path, sizeof path, "csv-spectrum/%s/%s%s", dir, name, end);
	full = test_data(path);
	assert_non_null(full);
	fd = open(full, O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(buf_read_fd(b, fd), 0);
	close(fd);
}

static void
same_cell(const struct table_cell *c, struct json_val string)
{
	struct buf b = BUF_INIT(BUF_LINE);

	assert_int_equal(json_decode(string, &b), 0);
	assert_int_equal(c->n, b.len);
	assert_memory_equal(c->p, buf_str(&b), b.len);
	buf_free(&b);
}

static void
same_as_json(const struct table *t, struct json_val rows)
{
	struct json_iter r = json_iter(rows), m;
	size_t row = 0, col;

	for (; json_next(&r); row++) {
		m = json_iter(r.val);
		for (col = 0; json_next(&m); col++) {
			struct table_cell name = table_name(t, col),
			    cell = table_cell(t, row, col);

			same_cell(&name, m.key);
			same_cell(&cell, m.val);
		}
		assert_int_equal(col, t->ncols);
	}
	assert_int_equal(row, table_rows(t));
}

/* The files marked crlf came through git without their CRs. */
static void
add_crs(struct buf *b)
{
	struct buf with = BUF_INIT(BUF_LINE);
	size_t i;

	for (i = 0; i < b->len; i++) {
		if (b->p[i] == '\n' && (i == 0 || b->p[i - 1] != '\r'))
			buf_putc(&with, '\r');
		buf_putc(&with, b->p[i]);
	}
	buf_free(b);
	*b = with;
}

static void
spectrum(void **state)
{
	static const char *const names[] = {
		"comma_in_quotes", "empty", "empty_crlf", "escaped_quotes",
		"json", "newlines", "newlines_crlf", "quotes_and_newlines",
		"simple", "simple_crlf", "utf8",
	};
	size_t i, step;

	(void)state;
	if (!test_data("csv-spectrum/readme.md"))
		skip();
	for (i = 0; i < COUNT(names); i++) {
		struct csv_style style = { false, false, false, false };
		struct buf csv = BUF_INIT(BUF_LINE), json = BUF_INIT(BUF_LINE),
		    again = BUF_INIT(BUF_LINE);
		struct json_val rows;
		struct table t;

		slurp(&csv, "csvs", names[i], ".csv");
		slurp(&json, "json", names[i], ".json");
		style.crlf = strstr(names[i], "crlf") != NULL;
		if (style.crlf)
			add_crs(&csv);
		assert_int_equal(json_check(json.p, json.len, &rows, NULL), 0);
		for (step = 1; step <= csv.len; step += 6) {
			table_init(&t, NULL);
			assert_int_equal(read_csv(csv.p, csv.len, step,
			    to_table, &t, NULL), 0);
			same_as_json(&t, rows);
			buf_clear(&again);
			csv_table(&again, &t, &style);
			table_free(&t);
			table_init(&t, NULL);
			assert_int_equal(read_csv(again.p, again.len, step,
			    to_table, &t, NULL), 0);
			same_as_json(&t, rows);
			table_free(&t);
		}
		buf_free(&csv);
		buf_free(&json);
		buf_free(&again);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_by_the_rfc),
		cmocka_unit_test(white_space_belongs_to_the_field),
		cmocka_unit_test(a_bom_goes_and_half_a_bom_stays),
		cmocka_unit_test(names_the_line_of_an_error),
		cmocka_unit_test(rows_know_their_line),
		cmocka_unit_test(a_row_has_a_ceiling),
		cmocka_unit_test(quotes_only_where_needed),
		cmocka_unit_test(a_table_in_every_style),
		cmocka_unit_test(an_empty_only_field_stays_a_row),
		cmocka_unit_test(spectrum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
