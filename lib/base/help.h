/* SPDX-License-Identifier: GPL-3.0-or-later */
/* help.h -- what --help says, made from the rows of an option table.
 *
 * A screen of 24 lines: the options with a letter, which are typed by hand,
 * then as many others as there is room for, each with its sentence; the names
 * of the rest below. All of them where they fit, or are asked for.
 */
#ifndef BASE_HELP_H
#define BASE_HELP_H

#include "base/buf.h"
#include "base/opt.h"

#define HELP_ROWS  128
#define HELP_LINES 24

/* All rows of a command, the standard ones last. */
struct help_rows {
	const struct opt *row[HELP_ROWS];
	size_t n;
};

void help_write(struct buf *b, const struct cmd *cmd,
    const struct help_rows *rows, bool all);

/* The rows as lines of letter, name, argument, help, split by tabs. */
void help_table(struct buf *b, const struct help_rows *rows);

#endif
