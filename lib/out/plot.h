/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot.h -- gnuplot scripts to pictures.
 *
 * A chart (heat.h, trend.h, bars.h) writes a script; plot_run() puts the
 * terminal before it and hands it to gnuplot, which is started directly, no
 * shell in between, with LC_ALL=C, TZ=UTC and none of the user's settings.
 * Text from data only ever enters a script through plot_text(), which spells
 * every byte but letters as an octal escape: there is nothing in a
 * label that gnuplot could run.
 *
 * The same script gives the same bytes. What gnuplot and cairo would put in
 * beside the drawing is taken out or fixed: the date of a PDF is the page's,
 * an SVG's title and description are the page's, a PNG says its
 * resolution. Fonts and lines are scaled so that all three look alike.
 */
#ifndef OUT_PLOT_H
#define OUT_PLOT_H

#include "base/buf.h"
#include "base/fail.h"

enum plot_form { PLOT_PNG, PLOT_SVG, PLOT_PDF };

struct plot_page {
	double width, height;   /* inches */
	int dpi;                /* of a PNG */
	const char *title;      /* for those who cannot see it (SVG) */
	const char *desc;       /* a sentence or two, likewise */
	int64_t date;           /* milliseconds: what a PDF says of its making */
};

/* Draws. The picture's bytes are added to b. Returns 0, or -1 with
 * EXIT_MACHINE and gnuplot's own words. */
int plot_run(struct buf *b, const struct buf *script,
    const struct plot_page *page, enum plot_form form, struct fail *why);

/* Adds text to a script as a string of gnuplot's, quotes included, fit for
 * one line (glyph.h) and cut to at most max columns. Markup in it is text
 * where the command says noenhanced. */
void plot_text(struct buf *script, const char *p, size_t n, size_t max);

/* Puts a title at the height y, 0 to 1, and lines of small print below it, the
 * first of them gap lower, each other step lower than the one before; lines
 * end at n or with NULL, and have labels from tag on. Returns the height of
 * the next one. */
double plot_head(struct buf *script, const char *title,
    const char *const *lines, size_t n, size_t tag, double y, double gap,
    double step);

/* The same as plot_text() for the name of a tic, which gnuplot takes for a
 * format. */
void plot_tic(struct buf *script, const char *p, size_t n, size_t max);

#endif
