/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/num.h"
#include "out/spark.h"
#include "out/text.h"
#include "unit.h"

static void
fill(struct table *t)
{
	table_init(t, NULL);
	table_column(t, "product", TABLE_TEXT);
	table_column(t, "n", TABLE_BAR);
	table_column(t, "share", TABLE_NUMBER);
	table_str(t, "router");
	table_num(t, 10);
	table_num(t, 2.0 / 3);
	table_str(t, "\xe6\x97\xa5\xe6\x9c\xac\033[2J");
	table_num(t, 4);
	table_null(t);
	table_str(t, "");
	table_num(t, 0);
	table_num(t, 1e-9);
	assert_int_equal(table_check(t, NULL), 0);
}

static void
plain_text(void **state)
{
	const struct text_style plain = { false, false, 0 };
	struct buf b = BUF_INIT(BUF_LINE);
	struct table t;

	(void)state;
	fill(&t);
	text_table(&b, &t, &plain);
	assert_string_equal(buf_str(&b),
	    "product    n    share\n"
	    "--------  --  -------\n"
	    "router    10   0.6667  ########################################\n"
	    "\xe6\x97\xa5\xe6\x9c\xac\xef\xbf\xbd[2J   4        -  "
	    "################\n"
	    "           0  1.0e-09\n");
	table_free(&t);
	buf_free(&b);
}

static void
bars_of_blocks(void **state)
{
	const struct text_style style = { true, true, 0 };
	struct buf b = BUF_INIT(BUF_LINE);
	struct table t;

	(void)state;
	table_init(&t, "T");
	table_column(&t, "n", TABLE_BAR);
	table_num(&t, 320);
	table_num(&t, 9);
	text_table(&b, &t, &style);
	assert_non_null(strstr(buf_str(&b), "T\n\n\033[1m  n\n\033[0m"
	    "\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\n320  \033[36m\xe2\x96\x88"));
	/* nine eighths: one whole block and the thinnest */
	assert_non_null(strstr(buf_str(&b),
	    "  9  \033[36m\xe2\x96\x88\xe2\x96\x8f\033[0m\n"));
	table_free(&t);
	buf_free(&b);
}

static void
markdown_escapes(void **state)
{
	struct buf b = BUF_INIT(BUF_LINE);
	struct table t;

	(void)state;
	table_init(&t, NULL);
	table_column(&t, "a|b", TABLE_TEXT);
	table_column(&t, "n", TABLE_NUMBER);
	table_str(&t, "<b>&`x`\n_y_ card_arrival");
	table_num(&t, 0.25);
	text_markdown(&b, &t);
	assert_string_equal(buf_str(&b), "| a\\|b | n |\n| --- | ---: |\n"
	    "| &lt;b&gt;&amp;\\`x\\` \\_y\\_ card_arrival | 0.2500 |\n");
	table_free(&t);
	buf_free(&b);
}

static void
human_numbers(void **state)
{
	static const struct { double v; const char *want; } cases[] = {
		{ 0, "0" }, { 3080, "3080" }, { -2, "-2" }, { 0.5, "0.5000" },
		{ 0.89058441558441561, "0.8906" }, { 0.0001, "0.0001" },
		{ 0.00005, "0.0001" }, { 0.00004, "4.0e-05" },
		{ 1e-300, "1.0e-300" }, { 1e16, "10000000000000000" },
		{ 1234567.25, "1234567.2500" },
	};
	char out[NUM_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		assert_int_equal(table_human(out, cases[i].v),
		    strlen(cases[i].want));
		assert_string_equal(out, cases[i].want);
	}
}

/* What a line of bars looks like, plain and in blocks. */
static void
spark(const char *numbers, bool blocks, const char *want)
{
	struct buf b = BUF_INIT(BUF_LINE);

	spark_line(&b, numbers, strlen(numbers), blocks);
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

static void
lines_of_bars(void **state)
{
	struct buf many = BUF_INIT(BUF_LINE), b = BUF_INIT(BUF_LINE);
	int i;

	(void)state;
	spark("", false, "");
	spark("0 0 0", false, "___");
	spark("0 1 2 3 4 5 6 7", false, "_.:-=+*#");
	spark("7 0", true, "\xe2\x96\x88\xe2\x96\x81");
	spark("1000 1", false, "#.");           /* little is not nothing */
	spark("x -3 1e400 2", false, "___#");   /* what is no number is 0 */
	for (i = 0; i < 1000; i++)
		buf_str_add(&many, i < 500 ? "1 " : "4 ");
	assert_int_equal(spark_line(&b, many.p, many.len, false), SPARK_MOST);
	assert_string_equal(buf_str(&b), "::::::::::::::::::::"
	    "####################");
	buf_free(&many);
	buf_free(&b);
}

static void
sentences_are_wrapped(void **state)
{
	const struct text_style plain = { false, false, 0 },
	    narrow = { false, false, 20 };
	struct buf b = BUF_INIT(BUF_LINE);

	(void)state;
	text_lead(&b, "One two\033[2J three four five six seven eight nine ten "
	    "eleven twelve thirteen fourteen fifteen", &plain);
	assert_string_equal(buf_str(&b), "One two\xef\xbf\xbd[2J three four "
	    "five six seven eight nine ten eleven twelve thirteen\n"
	    "fourteen fifteen\n\n");
	buf_clear(&b);
	text_lead(&b, "One two three four five six", &narrow);
	assert_string_equal(buf_str(&b), "One two three four\nfive six\n\n");
	buf_clear(&b);
	text_markdown_lead(&b, "a *b* <i>");
	assert_string_equal(buf_str(&b), "a \\*b\\* &lt;i&gt;\n\n");
	buf_free(&b);
}

/* What would be a list, a heading or code at the beginning of a line. */
static void
sentences_begin_plainly(void **state)
{
	static const char *const of[][2] = {
		{ "- leads", "\\- leads\n\n" },
		{ "+ leads", "\\+ leads\n\n" },
		{ "= leads", "\\= leads\n\n" },
		{ "12. leads", "12\\. leads\n\n" },
		{ "12) leads", "12\\) leads\n\n" },
		{ "12 leads", "12 leads\n\n" },
		{ "    leads", "&#32;   leads\n\n" },
	};
	struct buf b = BUF_INIT(BUF_LINE);
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(of); i++) {
		buf_clear(&b);
		text_markdown_lead(&b, of[i][0]);
		assert_string_equal(buf_str(&b), of[i][1]);
	}
	buf_free(&b);
}

/* A narrow terminal: bars are shorter, then texts are cut. */
static void
a_narrow_terminal(void **state)
{
	struct text_style style = { false, false, 40 };
	struct buf b = BUF_INIT(BUF_LINE);
	struct table t;

	(void)state;
	table_init(&t, NULL);
	table_column(&t, "name", TABLE_TEXT);
	table_column(&t, "n", TABLE_BAR);
	table_str(&t, "a name of some length, more or less");
	table_num(&t, 10);
	text_table(&b, &t, &style);
	assert_string_equal(buf_str(&b),
	    "name                                  n\n"
	    "-----------------------------------  --\n"
	    "a name of some length, more or less  10\n");
	buf_clear(&b);
	style.columns = 50;
	text_table(&b, &t, &style);
	assert_non_null(strstr(buf_str(&b), "less  10  #########\n"));
	buf_clear(&b);
	style.columns = 30;
	text_table(&b, &t, &style);
	assert_non_null(strstr(buf_str(&b), "a name of some length,"));
	assert_null(strstr(buf_str(&b), "more or less"));
	table_free(&t);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_bars),
		cmocka_unit_test(sentences_are_wrapped),
		cmocka_unit_test(sentences_begin_plainly),
		cmocka_unit_test(a_narrow_terminal),
		cmocka_unit_test(plain_text),
		cmocka_unit_test(bars_of_blocks),
		cmocka_unit_test(markdown_escapes),
		cmocka_unit_test(human_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
