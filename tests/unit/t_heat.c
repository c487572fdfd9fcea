/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out/glyph.h"
#include "out/heat.h"
#include "out/plot.h"
#include "unit.h"

static void
colors_run_from_light_to_dark(void **state)
{
	uint32_t last = 0xffffff, c;
	int i;

	(void)state;
	assert_int_equal(heat_color(0), 0xfde725);
	assert_int_equal(heat_color(1), 0x440154);
	assert_int_equal(heat_color(-1), 0xfde725);
	assert_int_equal(heat_color(2), 0x440154);
	assert_int_equal(heat_color(0.5), 0x21918c);
	/* halfway between two anchors, channel by channel */
	assert_int_equal(heat_color(0.05), 0xdde326);
	for (i = 0; i <= 100; i++) {
		/* green falls all the way: a stand-in for lightness */
		c = heat_color(i / 100.0);
		assert_true((c >> 8 & 0xff) <= (last >> 8 & 0xff));
		last = c;
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
		cmocka_unit_test(colors_run_from_light_to_dark),
		cmocka_unit_test(ink_has_the_greater_contrast),
		cmocka_unit_test(nothing_in_a_label_is_script),
		cmocka_unit_test(text_on_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
