/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out/bars.h"
#include "out/glyph.h"
#include "out/plot.h"

#define NAME_MAX_COLUMNS 40
#define LINE 0.27               /* inches a bar or a heading takes */
#define INK "textcolor rgb '#222222'"
#define FAINT "textcolor rgb '#555555'"

static const unsigned colors[] = { 0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7 };

/* How many lines the chart has: bars, headings, a gap before all but one. */
static size_t
lines(const struct bars *c)
{
	size_t i, n = 0;

	for (i = 0; i < c->nbars; i++)
		n += i == 0 ? 2 : c->bar[i].group != c->bar[i - 1].group ? 3 : 1;
	return n;
}

/* Inches above: the title, and the lines below it. */
static double
head(const struct bars *c)
{
	double h = 0.81;
	size_t i;

	for (i = 0; i < COUNT(c->subtitle) && c->subtitle[i]; i++)
		h += 0.24;
	return h;
}

double
bars_height(const struct bars *c)
{
	double h = head(c) + (double)lines(c) * LINE + 0.35;

	return h < 2 ? 2 : h;
}

void
bars_script(struct buf *b, const struct bars *c)
{
	double height = bars_height(c), most = 0;
	size_t i, line = 0, widest = 8, w;

	for (i = 0; i < c->nbars; i++) {
		w = glyph_width(c->bar[i].name, c->bar[i].n);
		widest = w > widest ? w : widest;
		most = c->bar[i].value > most ? c->bar[i].value : most;
	}
	if (widest > NAME_MAX_COLUMNS)
		widest = NAME_MAX_COLUMNS;
	plot_head(b, c->title, c->subtitle, COUNT(c->subtitle), 2,
	    1 - 0.38 / height, 0.3 / height, 0.24 / height);
	buf_addf(b, "unset border\nunset key\nunset xtics\nunset ytics\n"
	    "set lmargin at screen %.6g\nset rmargin at screen 0.92\n"
	    "set tmargin at screen %.6g\nset bmargin at screen %.6g\n",
	    (0.45 + (double)widest * 10.5 * 0.58 / 72) / 10,
	    1 - head(c) / height, 0.25 / height);
	for (i = 0; i < c->nbars; i++) {
		const struct bar *bar = &c->bar[i];
		bool first = i == 0 || bar->group != bar[-1].group;

		if (first) {
			line += i ? 2 : 1;
			buf_addf(b, "set label %zu noenhanced ", 10 + 3 * i);
			plot_text(b, c->heading[bar->group],
			    strlen(c->heading[bar->group]), 60);
			buf_addf(b, " at graph 0, first %zu right offset "
			    "-1,0 font ',11.5' " FAINT "\n", line - 1);
		}
		buf_addf(b, "set label %zu noenhanced ", 11 + 3 * i);
		plot_text(b, bar->name, bar->n, NAME_MAX_COLUMNS);
		buf_addf(b, " at graph 0, first %zu right offset -1,0 "
		    "font ',10.5' " INK "\n"
		    "set label %zu '%.15g' at %.15g,%zu left offset 0.6,0 "
		    "font ',10.5' " INK "\n", line, 12 + 3 * i, bar->value,
		    bar->value, line);
		buf_addf(b, "set object %zu rectangle from 0,%.2f to %.15g,%.2f "
		    "fillcolor rgb '#%06x' fillstyle solid noborder\n", i + 1,
		    (double)line - 0.36, bar->value, (double)line + 0.36,
		    colors[(size_t)bar->group % COUNT(colors)]);
		line++;
	}
	buf_addf(b, "set xrange [0:%.15g]\nset yrange [%zu.5:-0.5]\n"
	    "plot -9 notitle\n", most > 0 ? most * 1.02 : 1,
	    line ? line - 1 : 1);
}
