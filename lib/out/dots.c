/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out/dots.h"
#include "out/glyph.h"
#include "out/plot.h"

#define NAME_MAX_COLUMNS 34
#define TEXT_MAX_COLUMNS 60
#define LINE 0.27               /* inches a figure or a heading takes */
#define FOOT 0.5                /* inches below */
#define INK "textcolor rgb '#222222'"
#define FAINT "textcolor rgb '#555555'"

static size_t
lines(const struct dots *c)
{
	size_t i, n = 0;

	for (i = 0; i < c->ndots; i++)
		n += i == 0 ? 2 : c->dot[i].group != c->dot[i - 1].group ?
		    3 : 1;
	return n ? n : 1;
}

/* Inches above: the title, and the lines below it. */
static double
head(const struct dots *c)
{
	double h = 0.75;
	size_t i;

	for (i = 0; i < COUNT(c->subtitle) && c->subtitle[i]; i++)
		h += 0.24;
	return h;
}

double
dots_height(const struct dots *c)
{
	return head(c) + (double)lines(c) * LINE + FOOT;
}

static void
put_dot(struct buf *b, const struct dot *d, size_t i, size_t line)
{
	size_t tag = 10 + 3 * i;

	buf_addf(b, "set label %zu noenhanced ", tag + 1);
	plot_text(b, d->name, d->n, NAME_MAX_COLUMNS);
	buf_addf(b, " at graph 0, first %zu right offset -1,0 font ',10.5' "
	    INK "\nset label %zu noenhanced ", line, tag + 2);
	plot_text(b, d->text, strlen(d->text), TEXT_MAX_COLUMNS);
	buf_addf(b, " at graph 1, first %zu left offset 1.5,0 font ',9.5' "
	    INK "\n", line);
	if (isfinite(d->low) && isfinite(d->high))
		buf_addf(b, "set arrow from %.6g,%zu to %.6g,%zu nohead front "
		    "lc rgb '#0072b2' lw 2.2\n", d->low, line, d->high, line);
}

static void
put_dots(struct buf *b, const struct dots *c)
{
	size_t i, line = 0, drawn = 0;
	struct buf at = BUF_INIT(BUF_DOC);

	for (i = 0; i < c->ndots; i++) {
		const struct dot *d = &c->dot[i];

		if (i == 0 || d->group != d[-1].group) {
			line += i ? 2 : 1;
			buf_addf(b, "set label %zu noenhanced ", 10 + 3 * i);
			plot_text(b, c->heading[d->group],
			    strlen(c->heading[d->group]), 60);
			buf_addf(b, " at graph 0, first %zu right offset -1,0 "
			    "font ',11.5' " FAINT "\n", line - 1);
		}
		put_dot(b, d, i, line);
		if (isfinite(d->value)) {
			buf_addf(&at, "%.6g %zu\n", d->value, line);
			drawn++;
		}
		line++;
	}
	buf_str_add(b, "$dots << END_OF_DOTS\n");
	if (drawn)
		buf_add(b, at.p, at.len);
	else
		buf_str_add(b, "-9 -9\n");      /* gnuplot wants a point */
	buf_str_add(b, "END_OF_DOTS\n");
	if (at.err)
		b->err = at.err;
	buf_free(&at);
}

void
dots_script(struct buf *b, const struct dots *c)
{
	double height = dots_height(c);
	size_t i, widest = 8, w;

	for (i = 0; i < c->ndots; i++) {
		w = glyph_width(c->dot[i].name, c->dot[i].n);
		widest = w > widest ? w : widest;
	}
	if (widest > NAME_MAX_COLUMNS)
		widest = NAME_MAX_COLUMNS;
	plot_head(b, c->title, c->subtitle, COUNT(c->subtitle), 2,
	    1 - 0.38 / height, 0.3 / height, 0.24 / height);
	buf_addf(b, "set border 1 linecolor rgb '#888888'\nunset key\n"
	    "unset ytics\nset xtics out nomirror font ',9.5' " INK
	    " ('0%%%%' 0, '25%%%%' 0.25, '50%%%%' 0.5, '75%%%%' 0.75, "
	    "'100%%%%' 1)\n"
	    "set grid xtics linetype 1 linecolor rgb '#dddddd' linewidth 0.5\n"
	    "set lmargin at screen %.6g\nset rmargin at screen 0.63\n"
	    "set tmargin at screen %.6g\nset bmargin at screen %.6g\n"
	    "set xrange [0:1]\nset yrange [%zu.5:-0.5]\n",
	    (0.45 + (double)widest * 10.5 * 0.58 / 72) / 10,
	    1 - head(c) / height, FOOT / height, lines(c) - 1);
	put_dots(b, c);
	buf_str_add(b, "plot $dots using 1:2 with points pointtype 7 "
	    "pointsize 1.1 linecolor rgb '#0072b2'\n");
}
