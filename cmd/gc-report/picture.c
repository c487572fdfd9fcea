/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture.c -- the page that a picture stands on; gc-serve draws too. */
#include "report.h"
#include "base/clock.h"
#include "base/num.h"
#include "out/dots.h"
#include "out/glyph.h"

#define LINE_MOST 122           /* columns of a line below the title */

struct plot_page
picture_page(double w, double h, const char *title, const char *desc)
{
	struct plot_page page = { w, h, 150, title, desc,
	    clock_is_fixed() ? clock_now() : UNDATED };

	return page;
}

size_t
picture_lines(struct buf *b, const char *text, const char **line, size_t most)
{
	size_t n = 0, at = 0, end, w, start[8], i, column = 0;
	struct buf one = BUF_INIT(BUF_DOC);

	glyph_line(&one, text, strlen(text));
	buf_clear(b);
	while (at < one.len && n <= most && n < COUNT(start)) {
		for (end = at; end < one.len && one.p[end] != ' '; end++)
			continue;
		w = glyph_width(one.p + at, end - at);
		if (n == 0 || column + 1 + w > LINE_MOST) {
			if (n == most)
				break;
			if (n)
				buf_putc(b, '\0');
			start[n++] = b->len;
			column = 0;
		} else {
			buf_putc(b, ' ');
			column++;
		}
		buf_add(b, one.p + at, end - at);
		column += w;
		at = end + 1;
	}
	if (at < one.len)
		buf_str_add(b, " \xe2\x80\xa6");
	buf_str(b);
	for (i = 0; i < n; i++)
		line[i] = b->p + start[i];
	buf_free(&one);
	return n;
}

/* What stands beside a dot: the figure, its interval, what it rests on. */
static void
put_words(struct buf *b, const struct figure *f)
{
	char num[NUM_MAX];

	if (isnan(f->v)) {
		buf_str_add(b, "not known");
		return;
	}
	buf_add(b, num, table_human(num, f->v));
	if (isfinite(f->low) && isfinite(f->high)) {
		buf_str_add(b, " (");
		buf_add(b, num, table_human(num, f->low));
		buf_str_add(b, " to ");
		buf_add(b, num, table_human(num, f->high));
		buf_putc(b, ')');
	}
	if (isfinite(f->n)) {
		buf_str_add(b, ", n ");
		buf_add(b, num, table_human(num, f->n));
	}
}

int
dots_picture(struct report *r, const struct figure *v, size_t n,
    const char *title, int (*lead)(struct report *r, struct buf *b,
    struct fail *why), enum plot_form form, struct buf *b, struct fail *why)
{
	struct buf text = BUF_INIT(BUF_DOC), said = BUF_INIT(BUF_DOC),
	    below = BUF_INIT(BUF_DOC), script = BUF_INIT(BUF_DOC);
	static const char *const heading[] = { "Figures", "Intents, F1" };
	struct dot dot[DOTS_MOST];
	struct plot_page page;
	size_t i, at[DOTS_MOST];
	struct dots c;
	int bad;

	memset(&c, 0, sizeof c);
	for (i = 0; i < n && i < DOTS_MOST; i++) {
		at[i] = text.len;
		put_words(&text, &v[i]);
		buf_putc(&text, '\0');
	}
	for (i = 0; i < n && i < DOTS_MOST; i++) {
		bool drawn = v[i].share;

		dot[i].name = v[i].name;
		dot[i].n = strlen(v[i].name);
		dot[i].value = drawn ? v[i].v : NAN;
		dot[i].low = drawn ? v[i].low : NAN;
		dot[i].high = drawn ? v[i].high : NAN;
		dot[i].text = text.err ? "" : text.p + at[i];
		dot[i].group = v[i].key == NULL;
	}
	c.title = r->o->title ? r->o->title : title;
	c.heading = heading;
	c.ndots = n < DOTS_MOST ? n : DOTS_MOST;
	c.dot = dot;
	bad = lead(r, &said, why);
	picture_lines(&below, buf_str(&said), c.subtitle, COUNT(c.subtitle));
	dots_script(&script, &c);
	page = picture_page(10, dots_height(&c), c.title, buf_str(&said));
	if (!bad && (text.err || said.err || below.err))
		bad = fail(why, EXIT_MACHINE, "out of memory");
	if (!bad)
		bad = plot_run(b, &script, &page, form, why);
	buf_free(&text);
	buf_free(&said);
	buf_free(&below);
	buf_free(&script);
	return bad;
}
