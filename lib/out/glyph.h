/* SPDX-License-Identifier: GPL-3.0-or-later */
/* glyph.h -- text as it stands on one line of a terminal or a picture.
 *
 * Labels come from data and may hold anything. On a line, a control
 * character, a mark that turns the writing direction or joins lines, a
 * noncharacter and a byte that is no UTF-8 become U+FFFD, LF and tab a space;
 * everything else stays. Widths are columns of a terminal: 2 for East Asian
 * wide and emoji (Unicode 15, UAX #11), 0 for combining marks, else 1. The
 * tables are kept to the blocks that occur in text; an exotic mark at worst
 * sets a column askew.
 */
#ifndef OUT_GLYPH_H
#define OUT_GLYPH_H

#include "base/buf.h"

/* The columns that glyph_line() of the text takes. */
size_t glyph_width(const char *p, size_t n);

/* Adds the text, made fit for one line. */
void glyph_line(struct buf *b, const char *p, size_t n);

/* The same, in at most max columns: what is longer ends in U+2026. Returns
 * the columns taken. */
size_t glyph_fit(struct buf *b, const char *p, size_t n, size_t max);

#endif
