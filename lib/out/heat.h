/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heat.h -- a square table as a heat map.
 *
 * A cell's colour is a share between 0 and 1, its text a number; an empty
 * cell (0) has neither. The colours are one blue, from near the ground for
 * little to the far end for much, in even steps of lightness (Oklab, B.
 * Ottosson 2020), so that what is little is quiet, and the map reads the same
 * to colour-blind eyes, in grey and on paper. The text is black or white, whichever has the greater
 * contrast by WCAG 2's relative luminance; colour never says anything that
 * the numbers do not.
 *
 * Beside the map there may stand notes: lines of text, in a column of their
 * own, for what is too much for the map; and below it the rest, a line each,
 * in as many columns as the longest allows. What of the rest the page cannot
 * hold is counted in the last line.
 */
#ifndef OUT_HEAT_H
#define OUT_HEAT_H

#include "base/buf.h"

struct heat_text {
	const char *p;
	size_t n;
};

struct heat {
	const char *title;
	const char *subtitle[4];        /* lines; NULL: none */
	const char *caption;            /* or NULL */
	const char *rows, *columns;     /* what they are */
	const char *scale;              /* what the colour says */
	size_t n;
	const struct heat_text *label;  /* n */
	const double *cell;             /* n * n, row after row */
	const double *share;            /* n * n, or NaN */
	size_t nnotes;
	const struct heat_text *note;   /* the first is their heading */
	size_t nrest;
	const char *rest_title;
	const struct heat_text *rest;
};

/* Writes the script for a page of 10 by 8 inches. */
void heat_script(struct buf *script, const struct heat *h);

/* The colour of a share, 0xrrggbb; and on a dark page. */
uint32_t heat_color(double share);
uint32_t heat_color_dark(double share);

/* Does white text read better on it than black? */
bool heat_wants_white(uint32_t color);

#endif
