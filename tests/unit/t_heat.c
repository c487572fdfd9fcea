/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out/glyph.h"
#include "out/heat.h"
#include "out/plot.h"
#include "unit.h"

/* Relative luminance of WCAG 2, computed once more. */
static double
luminance(uint32_t color)
{
	static const double weight[] = { 0.0722, 0.7152, 0.2126 };
	double sum = 0, c;
	int i;

	for (i = 0; i < 3; i++) {
		c = (double)(color >> 8 * i & 0xff) / 255;
		sum += weight[i] * (c <= 0.04045 ? c / 12.92 :
		    pow((c + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double
contrast(uint32_t a, uint32_t b)
{
	double x = luminance(a) + 0.05, y = luminance(b) + 0.05;

	return x > y ? x / y : y / x;
}

static void
little_is_quiet_and_much_stands_out(void **state)
{
	double last = 2, dark = -1;
	uint32_t c;
	int i;

	(void)state;
	assert_true(contrast(heat_color(0), 0xffffff) < 1.1);
	assert_true(contrast(heat_color(1), 0xffffff) > 12);
	/* the ground of a dark page's card */
	assert_true(contrast(heat_color_dark(0), 0x171d23) < 1.2);
	assert_true(contrast(heat_color_dark(1), 0x171d23) > 12);
	assert_int_equal(heat_color(-1), heat_color(0));
	assert_int_equal(heat_color(2), heat_color(1));
	assert_int_equal(heat_color(0.5), 0x4c8bd2);
	/* halfway between two anchors, channel by channel */
	assert_int_equal(heat_color(0.05), 0xe0f1fe);
	for (i = 0; i <= 100; i++) {
		c = heat_color(i / 100.0);
		assert_true(luminance(c) < last);
		last = luminance(c);
		c = heat_color_dark(i / 100.0);
		assert_true(luminance(c) > dark);
		dark = luminance(c);
	}
}

/* A pair of shares as far apart as any is told apart without its hue. */
static void
steps_of_lightness_are_even(void **state)
{
	double step, l[11];
	int i;

	(void)state;
	for (i = 0; i <= 10; i++)
		l[i] = cbrt(luminance(heat_color(i / 10.0)));
	for (i = 1; i <= 10; i++) {
		step = l[i - 1] - l[i];
		assert_true(step > 0.05 && step < 0.095);
	}
}

static void
numbers_can_be_read_on_every_color(void **state)
{
	uint32_t c[2];
	int i, k;

	(void)state;
	for (i = 0; i <= 1000; i++) {
		c[0] = heat_color(i / 1000.0);
		c[1] = heat_color_dark(i / 1000.0);
		for (k = 0; k < 2; k++)
			assert_true(contrast(c[k], heat_wants_white(c[k]) ?
			    0xffffff : 0) >= 4.5);
	}
}

static void
ink_has_the_greater_contrast(void **state)
{
	(void)state;
	assert_false(heat_wants_white(0xffffff));
	assert_true(heat_wants_white(0x000000));
	assert_false(heat_wants_white(heat_color(0)));
	assert_true(heat_wants_white(heat_color(1)));
	/* WCAG: at #757575 white has 4.61 : 1, black 4.56 : 1 */
	assert_true(heat_wants_white(0x757575));
	assert_false(heat_wants_white(0x767676 + 0x020202));
}

static void
nothing_in_a_label_is_script(void **state)
{
	struct buf b = BUF_INIT(BUF_LINE);

	(void)state;
	plot_text(&b, "ab c1\"'`$@\\%\n", 13, 80);
	assert_string_equal(buf_str(&b), "\"ab c\\061\\042\\047\\140\\044\\100"
	    "\\134\\045 \"");
	buf_clear(&b);
	plot_tic(&b, "5%", 2, 80);
	assert_string_equal(buf_str(&b), "\"\\065\\045\\045\"");
	buf_clear(&b);
	plot_text(&b, "abcdef", 6, 4);
	assert_string_equal(buf_str(&b), "\"abc\\342\\200\\246\"");
	buf_free(&b);
}

static void
fits(const char *p, size_t n, size_t max, const char *want, size_t columns)
{
	struct buf b = BUF_INIT(BUF_LINE);

	assert_int_equal(glyph_fit(&b, p, n, max), columns);
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

static void
text_on_a_line(void **state)
{
	(void)state;
	fits("abc", 3, 3, "abc", 3);
	fits("abcd", 4, 3, "ab\xe2\x80\xa6", 3);
	fits("", 0, 0, "", 0);
	fits("ab", 2, 0, "", 0);
	fits("a\nb\tc", 5, 9, "a b c", 5);
	fits("a\033[31m", 6, 9, "a\xef\xbf\xbd[31m", 6);
	fits("\xe2\x80\xae" "abc", 6, 9, "\xef\xbf\xbd" "abc", 4);
	fits("\xff\xc3", 2, 9, "\xef\xbf\xbd\xef\xbf\xbd", 2);
	fits("\xed\xa0\x80", 3, 9, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", 3);
	fits("\xef\xbf\xbf", 3, 9, "\xef\xbf\xbd", 1);
	/* two columns each; combining marks none */
	fits("\xe6\x97\xa5\xe6\x9c\xac", 6, 9,
	    "\xe6\x97\xa5\xe6\x9c\xac", 4);
	fits("\xe6\x97\xa5\xe6\x9c\xac", 6, 3, "\xe6\x97\xa5\xe2\x80\xa6", 3);
	fits("e\xcc\x81", 3, 9, "e\xcc\x81", 1);
	fits("\xf0\x9f\x98\x80", 4, 9, "\xf0\x9f\x98\x80", 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(little_is_quiet_and_much_stands_out),
		cmocka_unit_test(steps_of_lightness_are_even),
		cmocka_unit_test(numbers_can_be_read_on_every_color),
		cmocka_unit_test(ink_has_the_greater_contrast),
		cmocka_unit_test(nothing_in_a_label_is_script),
		cmocka_unit_test(text_on_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
