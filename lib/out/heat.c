/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out/heat.h"
#include "out/glyph.h"
#include "out/plot.h"

#define STEPS 10

/* One hue at tenths. On paper from near white to navy, on a dark page from
 * near its ground to pale: Oklab lightness 0.985 to 0.27, and 0.27 to 0.95,
 * in even steps. */
static const uint32_t palette[STEPS + 1] = {
	0xf5fbff, 0xcae7fc, 0xa2d2f7, 0x7cbbf2, 0x5ba3e8, 0x4c8bd2,
	0x3e74bb, 0x345ea0, 0x2a4886, 0x20346c, 0x162053,
};
static const uint32_t at_night[STEPS + 1] = {
	0x212730, 0x253854, 0x224b78, 0x195f99, 0x2675ad, 0x348bc1,
	0x43a2d4, 0x69b8de, 0x8dcde8, 0xb1e1f2, 0xd5f5fe,
};

#define PAGE_WIDTH 10.0         /* inches */
#define PAGE_HEIGHT 8.0
#define LABEL_MAX 34            /* columns of a label at the map */
#define LABEL_MAX_NOTES 27      /* where there are notes */
#define LABEL_LEAST 7.0         /* points */
#define NOTE_MAX 40
#define REST_MAX 42             /* columns of a line of the rest */
#define REST_ROWS 17
#define REST_FONT 6.8
#define REST_STEP 0.117         /* inches */
#define REST_GLYPH 0.5          /* as GLYPH, of small letters */
#define GLYPH 0.58              /* a glyph's width in sizes of its font */
#define INK "textcolor rgb '#222222'"
#define FAINT "textcolor rgb '#555555'"

static uint32_t
between(const uint32_t *anchor, double share)
{
	double x = share <= 0 ? 0 : share >= 1 ? 1 : share;
	size_t i = x >= 1 ? STEPS - 1 : (size_t)(x * STEPS);
	double f = x * STEPS - (double)i;
	uint32_t color = 0;
	int shift;

	for (shift = 0; shift <= 16; shift += 8) {
		double a = anchor[i] >> shift & 0xff;
		double b = anchor[i + 1] >> shift & 0xff;

		color |= (uint32_t)(a + (b - a) * f + 0.5) << shift;
	}
	return color;
}

uint32_t
heat_color(double share)
{
	return between(palette, share);
}

uint32_t
heat_color_dark(double share)
{
	return between(at_night, share);
}

/* Of a channel, 0 to 255 (WCAG 2, "relative luminance"). */
static double
linear(uint32_t channel)
{
	double c = channel / 255.0;

	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

bool
heat_wants_white(uint32_t color)
{
	double l = 0.2126 * linear(color >> 16 & 0xff) +
	    0.7152 * linear(color >> 8 & 0xff) +
	    0.0722 * linear(color & 0xff);

	return 1.05 / (l + 0.05) > (l + 0.05) / 0.05;
}

/* ---- the page ---- */

/* Where things stand, in shares of the page from its lower left corner. */
struct layout {
	double left, right, bottom, top;
	size_t label_max;       /* columns */
	double below;           /* inches that the labels below take */
	double font;            /* points: of the numbers */
	double label_font;
	double rest;            /* inches that the rest takes, or 0 */
	size_t rest_rows, rest_columns;
};

static size_t
longest(const struct heat_text *text, size_t n, size_t limit)
{
	size_t i, w, most = 0;

	for (i = 0; i < n; i++) {
		w = glyph_width(text[i].p, text[i].n);
		if (w > most)
			most = w;
	}
	return most < limit ? most : limit;
}

/* Inches above the map. */
static double
head(const struct heat *h)
{
	double inches = 0.72;
	size_t i;

	for (i = 0; i < COUNT(h->subtitle) && h->subtitle[i]; i++)
		inches += 0.225;
	return inches + (h->caption ? 0.225 : 0);
}

static void
lay_out_rest(struct layout *l, const struct heat *h)
{
	double one = (double)longest(h->rest, h->nrest, REST_MAX) * REST_FONT *
	    REST_GLYPH / 72 + 0.12;

	l->rest_columns = l->rest_rows = 0;
	l->rest = 0;
	if (h->nrest == 0)
		return;
	l->rest_columns = (size_t)((PAGE_WIDTH - 0.6) / one);
	if (l->rest_columns > 8)
		l->rest_columns = 8;
	l->rest_rows = (h->nrest + l->rest_columns - 1) / l->rest_columns;
	if (l->rest_rows > REST_ROWS)
		l->rest_rows = REST_ROWS;
	l->rest = (double)l->rest_rows * REST_STEP + 0.4;
}

/* Inches of the longest label. */
static double
label_length(const struct layout *l, const struct heat *h)
{
	return (double)longest(h->label, h->n, l->label_max) *
	    l->label_font * GLYPH / 72;
}

/* The lower edge of the map, above the labels that lean there at 45 degrees
 * and what stands below them. */
static void
lay_out_bottom(struct layout *l, const struct heat *h)
{
	l->below = (label_length(l, h) + l->label_font / 72) * 0.71 + 0.15;
	l->bottom = (l->below + 0.35 + l->rest) / PAGE_HEIGHT;
}

/* Points of a text that is no taller than one of n rows. */
static double
row_height(const struct layout *l, double n)
{
	return (l->top - l->bottom) * PAGE_HEIGHT * 72 / n * 0.8;
}

static void
lay_out(struct layout *l, const struct heat *h)
{
	double n = h->n ? (double)h->n : 1, side, high;

	l->font = n <= 8 ? 14 : n <= 14 ? 12 : n <= 22 ? 10 : 8.5;
	l->label_font = n <= 8 ? 12 : n <= 14 ? 11 : n <= 22 ? 9 : 8;
	l->label_max = h->nnotes ? LABEL_MAX_NOTES : LABEL_MAX;
	l->top = 1 - head(h) / PAGE_HEIGHT;
	lay_out_rest(l, h);
	lay_out_bottom(l, h);
	high = row_height(l, n);
	if (high < l->label_font) {
		l->label_font = high > LABEL_LEAST ? high : LABEL_LEAST;
		lay_out_bottom(l, h);
	}
	l->left = (label_length(l, h) + 0.55) / PAGE_WIDTH;
	l->right = 1 - (h->nnotes ? 3.85 : 1.25) / PAGE_WIDTH;
	/* square cells, as far as the page allows */
	side = (l->right - l->left) * PAGE_WIDTH;
	if (side > (l->top - l->bottom) * PAGE_HEIGHT)
		side = (l->top - l->bottom) * PAGE_HEIGHT;
	if (!h->nnotes)
		l->right = l->left + side / PAGE_WIDTH;
	l->bottom = l->top - side / PAGE_HEIGHT > l->bottom ?
	    l->top - side / PAGE_HEIGHT : l->bottom;
}

static void
put_head(struct buf *b, const struct heat *h)
{
	double y = plot_head(b, h->title, h->subtitle, COUNT(h->subtitle), 900,
	    0.958, 0.037, 0.028);

	if (!h->caption)
		return;
	buf_str_add(b, "set label 6 noenhanced ");
	plot_text(b, h->caption, strlen(h->caption), 120);
	buf_addf(b, " at screen 0.03,%.6g left font ',10.5' " FAINT "\n", y);
}

static void
put_tics(struct buf *b, const struct heat *h, const struct layout *l)
{
	size_t i;
	int axis;

	for (axis = 0; axis < 2; axis++) {
		buf_addf(b, "set %ctics scale 0 font ',%.6g' " INK " %s (",
		    axis ? 'y' : 'x', l->label_font, axis ?
		    "right offset 0.3,0" : "rotate by 45 right");
		for (i = 0; i < h->n; i++) {
			if (i)
				buf_putc(b, ',');
			plot_tic(b, h->label[i].p, h->label[i].n,
			    l->label_max);
			buf_addf(b, " %zu", i);
		}
		buf_str_add(b, ")\n");
	}
}

static void
put_scale(struct buf *b, const struct heat *h, const struct layout *l)
{
	double x = h->nnotes ? l->right + 0.02 : l->right + 0.025;
	size_t i;

	buf_str_add(b, "set palette defined (");
	for (i = 0; i <= STEPS; i++)
		buf_addf(b, "%s%.6g '#%06x'", i ? "," : "",
		    (double)i / STEPS, (unsigned)palette[i]);
	buf_addf(b, ")\nset cbrange [0:1]\n"
	    "set cbtics ('0%%%%' 0,'50%%%%' 0.5,'100%%%%' 1) scale 0 "
	    "font ',9.5' offset -0.8,0 " INK "\n"
	    "set colorbox user origin screen %.6g,%.6g size screen %.6g,%.6g "
	    "noborder\n", x, l->bottom, 0.014, l->top - l->bottom);
	buf_addf(b, "set label 3 noenhanced ");
	plot_text(b, h->scale, strlen(h->scale), 60);
	buf_addf(b, " at screen %.6g,%.6g center rotate by 90 font ',9.5' "
	    FAINT "\n", x + 0.068, (l->bottom + l->top) / 2);
}

static void
put_notes(struct buf *b, const struct heat *h, const struct layout *l)
{
	double y = l->top - 0.008, step = 0.0215;
	double end = 0.02 + l->rest / PAGE_HEIGHT;
	size_t i;

	for (i = 0; i < h->nnotes && y > end; i++, y -= step) {
		if (i % 2 && y - step <= end)
			break;          /* a pair of lines stays together */
		buf_addf(b, "set label %zu noenhanced ", 10 + i);
		plot_text(b, h->note[i].p, h->note[i].n, NOTE_MAX);
		buf_addf(b, " at screen %.6g,%.6g left font ',%s' %s\n",
		    l->right + 0.118, y, i ? "8.5" : "12", INK);
		if (i == 0)
			y -= 0.008;
	}
}

/* The rest, column by column, at the foot of the page. */
static void
put_rest(struct buf *b, const struct heat *h, const struct layout *l)
{
	size_t slots = l->rest_rows * l->rest_columns, i;
	double top = ((double)l->rest_rows - 0.5) * REST_STEP + 0.12;
	double wide = (PAGE_WIDTH - 0.6) / (double)l->rest_columns;
	char more[48];

	if (!slots)
		return;
	buf_str_add(b, "set label 7 noenhanced ");
	plot_text(b, h->rest_title, strlen(h->rest_title), 120);
	buf_addf(b, " at screen 0.03,%.6g left font ',9.5' " INK "\n",
	    (top + 0.2) / PAGE_HEIGHT);
	for (i = 0; i < slots && i < h->nrest; i++) {
		buf_addf(b, "set label %zu noenhanced ", 100 + i);
		if (i + 1 == slots && h->nrest > slots) {
			snprintf(more, sizeof more, "and %zu more",
			    h->nrest - i);
			plot_text(b, more, strlen(more), REST_MAX);
		} else {
			plot_text(b, h->rest[i].p, h->rest[i].n, REST_MAX);
		}
		buf_addf(b, " at screen %.6g,%.6g left font ',%.6g' " INK "\n",
		    (0.3 + (double)(i / l->rest_rows) * wide) / PAGE_WIDTH,
		    (top - (double)(i % l->rest_rows) * REST_STEP) /
		    PAGE_HEIGHT, REST_FONT);
	}
}

/* The cells that hold something, as lines of "column row share". */
static void
put_cells(struct buf *b, const struct heat *h)
{
	size_t i, j, some = 0;

	buf_str_add(b, "$cells << END_OF_CELLS\n");
	for (i = 0; i < h->n; i++) {
		for (j = 0; j < h->n; j++) {
			double share = h->share[i * h->n + j];

			if (h->cell[i * h->n + j] == 0 || isnan(share))
				continue;
			buf_addf(b, "%zu %zu %.4f\n", j, i, share);
			some++;
		}
	}
	if (!some)
		buf_str_add(b, "-9 -9 0\n");    /* gnuplot wants a point */
	buf_str_add(b, "END_OF_CELLS\n");
}

static void
put_numbers(struct buf *b, const struct heat *h, const struct layout *l)
{
	double room = (l->right - l->left) * PAGE_WIDTH * 72 / (double)h->n;
	double high = row_height(l, (double)h->n);
	size_t i, j, tag = 1000;
	char text[32];
	double font;
	int n;

	for (i = 0; i < h->n; i++) {
		for (j = 0; j < h->n; j++) {
			double v = h->cell[i * h->n + j];
			double share = h->share[i * h->n + j];

			if (v == 0)
				continue;
			/* a digit is 0.64 of its size wide; one digit is set
			 * no larger than two */
			n = snprintf(text, sizeof text, "%.7g", v);
			font = 0.95 * room / (0.64 * (n > 2 ? n : 2));
			font = font < high ? font : high;
			buf_addf(b, "set label %zu '%s' at %zu,%zu center "
			    "front font ',%.3g' textcolor rgb '#%s'\n",
			    tag++, text, j, i, font < l->font ? font : l->font,
			    !isnan(share) && heat_wants_white(
			    heat_color(share)) ? "ffffff" : "000000");
		}
	}
}

/* Light lines between the cells; drawn, as a grid would run through them. */
static void
put_lines(struct buf *b, const struct heat *h)
{
	size_t i;

	for (i = 0; i <= h->n; i++) {
		double at = (double)i - 0.5, end = (double)h->n - 0.5;

		buf_addf(b, "set arrow from -0.5,%.1f to %.1f,%.1f nohead "
		    "front lc rgb '#d9d9d9' lw 0.5\n"
		    "set arrow from %.1f,-0.5 to %.1f,%.1f nohead front "
		    "lc rgb '#d9d9d9' lw 0.5\n", at, end, at, at, at, end);
	}
}

void
heat_script(struct buf *b, const struct heat *h)
{
	double end = h->n ? (double)h->n - 0.5 : 0.5;
	struct layout l;

	lay_out(&l, h);
	put_head(b, h);
	buf_addf(b, "set lmargin at screen %.6g\nset rmargin at screen %.6g\n"
	    "set bmargin at screen %.6g\nset tmargin at screen %.6g\n"
	    "unset key\nset border 0\n"
	    "set xrange [-0.5:%.1f]\nset yrange [%.1f:-0.5]\n",
	    l.left, l.right, l.bottom, l.top, end, end);
	put_tics(b, h, &l);
	put_scale(b, h, &l);
	put_notes(b, h, &l);
	put_rest(b, h, &l);
	buf_str_add(b, "set label 4 noenhanced ");
	plot_text(b, h->rows, strlen(h->rows), 60);
	buf_addf(b, " at screen 0.016,%.6g center rotate by 90 font ',11' "
	    FAINT "\nset label 5 noenhanced ", (l.bottom + l.top) / 2);
	plot_text(b, h->columns, strlen(h->columns), 60);
	buf_addf(b, " at screen %.6g,%.6g center font ',11' " FAINT "\n",
	    (l.left + l.right) / 2, l.bottom - (l.below + 0.12) / PAGE_HEIGHT);
	put_lines(b, h);
	put_cells(b, h);
	put_numbers(b, h, &l);
	buf_str_add(b, "plot $cells using 1:2:($1-0.5):($1+0.5):($2-0.5):"
	    "($2+0.5):3 with boxxyerror fillcolor palette fillstyle solid "
	    "noborder title ");
	plot_text(b, h->scale, strlen(h->scale), 60);
	buf_putc(b, '\n');
}
