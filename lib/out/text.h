/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text.h -- a table as text to look at, and as Markdown.
 *
 * Text is set in columns, names above a rule, numbers rounded by
 * table_human() and set to the right. Lines end in a bar as long as
 * the number in the column of kind TABLE_BAR (the first, where there are
 * several): of '#' in plain text, of eighths of blocks where the terminal
 * shows them. On a terminal too narrow for all of it the bars are shorter, and
 * then the texts cut. What is TABLE_SPARK is drawn by spark.h. Anything that
 * could drive a terminal is taken out (glyph.h). Cells longer than 60 columns
 * are cut; CSV has them whole.
 *
 * Markdown is a table as GitHub has them, every character that means
 * something there escaped.
 */
#ifndef OUT_TEXT_H
#define OUT_TEXT_H

#include "out/table.h"

struct text_style {
	bool blocks;            /* bars of Unicode blocks, a drawn rule */
	bool color;             /* ANSI: bold names, coloured bars */
	size_t columns;         /* of the terminal; 0: no limit is known */
};

/* What suits a descriptor: plain unless it is a terminal; there blocks where
 * the locale is UTF-8, colour unless NO_COLOR or TERM=dumb says no, and as
 * wide as COLUMNS, else the terminal says. */
void text_style_for(struct text_style *style, int fd);

void text_table(struct buf *b, const struct table *t,
    const struct text_style *style);

void text_markdown(struct buf *b, const struct table *t);

/* Sentences before a table, in lines of at most 78 columns (fewer on a
 * narrower terminal) or in Markdown, and an empty line after them. */
void text_lead(struct buf *b, const char *text,
    const struct text_style *style);
void text_markdown_lead(struct buf *b, const char *text);

#endif
