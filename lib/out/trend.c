/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out/trend.h"
#include "base/clock.h"
#include "out/plot.h"

#define DAY INT64_C(86400000)
#define TICS_MOST 12
#define INK "textcolor rgb '#222222'"
#define FAINT "textcolor rgb '#555555'"

static const struct { unsigned color; int mark; } styles[] = {
	{ 0x0072b2, 7 }, { 0xd55e00, 5 }, { 0x009e73, 9 }, { 0xcc79a7, 13 },
	{ 0xe69f00, 11 }, { 0x56b4e9, 6 }, { 0x333333, 4 },
};

/* Points from tic to tic: few enough, and whole weeks of days where they are
 * many. */
static size_t
step(size_t days)
{
	static const size_t steps[] = { 1, 2, 7, 14, 28, 91, 182, 364 };
	size_t i;

	for (i = 0; i < COUNT(steps) - 1; i++)
		if (days <= steps[i] * TICS_MOST)
			return steps[i];
	return (days / TICS_MOST / 364 + 1) * 364;
}

static void
put_days(struct buf *b, const struct trend_chart *c)
{
	size_t every = step(c->points), i;
	char day[TIME_MAX];

	buf_str_add(b, "set xtics out nomirror rotate by 30 right font ',10' "
	    INK " (");
	for (i = 0; i < c->points; i += every) {
		time_format_day(day, c->first + (int64_t)(i * c->per) * DAY);
		if (i)
			buf_putc(b, ',');
		plot_tic(b, day, strlen(day), 12);
		buf_addf(b, " %zu", i);
	}
	buf_str_add(b, ")\n");
}

static void
put_data(struct buf *b, const struct trend_chart *c)
{
	size_t i, k;

	buf_str_add(b, "$days << END_OF_DAYS\n");
	for (i = 0; i < c->points; i++) {
		buf_addf(b, "%zu", i);
		for (k = 0; k < c->nseries; k++)
			buf_addf(b, " %.15g", c->series[k].y[i]);
		buf_putc(b, '\n');
	}
	if (!c->points)
		buf_str_add(b, "-9\n");
	buf_str_add(b, "END_OF_DAYS\n");
}

static double
largest(const struct trend_chart *c)
{
	double most = 0;
	size_t i, k;

	for (k = 0; k < c->nseries; k++)
		for (i = 0; i < c->points; i++)
			if (c->series[k].y[i] > most)
				most = c->series[k].y[i];
	return most;
}

static void
put_lines(struct buf *b, const struct trend_chart *c)
{
	/* marks on each point while they can be told apart */
	const char *with = c->points <= 62 ? "linespoints" : "lines";
	size_t k;

	buf_str_add(b, "plot ");
	for (k = 0; k < c->nseries; k++) {
		size_t s = k % COUNT(styles);

		buf_addf(b, "%s$days using 1:%zu with %s linecolor rgb "
		    "'#%06x' linewidth 1.8 dashtype %d", k ? ", \\\n    " : "",
		    k + 2, with, styles[s].color,
		    k < COUNT(styles) ? 1 : 2);
		if (c->points <= 62)
			buf_addf(b, " pointtype %d pointsize 0.9",
			    styles[s].mark);
		buf_str_add(b, " title ");
		plot_text(b, c->series[k].name, c->series[k].n, 28);
	}
	if (!c->nseries)
		buf_str_add(b, "$days using 1:1 notitle");
	buf_putc(b, '\n');
}

void
trend_script(struct buf *b, const struct trend_chart *c)
{
	double most = largest(c);
	double top = plot_head(b, c->title, c->subtitle, COUNT(c->subtitle), 2,
	    0.945, 0.05, 0.04) - 0.01;

	buf_addf(b, "set lmargin at screen 0.075\nset bmargin at screen 0.15\n"
	    "set tmargin at screen %.6g\nset rmargin at screen 0.73\n"
	    "set border 3 linecolor rgb '#888888'\n"
	    "set grid ytics linetype 1 linecolor rgb '#dddddd' linewidth 0.5\n"
	    "set key at screen 0.75,%.6g left top Left reverse noenhanced "
	    "samplen 2.2 spacing 1.35 font ',10' " INK "\n"
	    "set ytics out nomirror font ',10' " INK "\n", top, top);
	/* counts are whole: no tics between them */
	if (most < 5)
		buf_str_add(b, "set ytics 1\n");
	buf_addf(b, "set xrange [-0.3:%.1f]\nset yrange [0:%.15g]\n",
	    c->points ? (double)c->points - 0.7 : 1.0,
	    most > 0 ? most * 1.06 : 1);
	put_days(b, c);
	buf_str_add(b, "set ylabel noenhanced font ',10' " FAINT " ");
	plot_text(b, c->y, strlen(c->y), 60);
	buf_putc(b, '\n');
	put_data(b, c);
	put_lines(b, c);
}
