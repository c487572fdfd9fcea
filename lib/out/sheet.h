/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sheet.h -- tables as a spreadsheet (XLSX), by libxlsxwriter.
 *
 * A sheet a table: names in bold, frozen and with a filter, columns as wide as what
 * is in them, numbers as numbers, text as text whatever it looks like (no
 * formula ever comes from data). The same table gives the same bytes: the
 * date of creation is the caller's.
 *
 * What the format cannot hold is an error: more than 1,048,575 rows or 16,384
 * columns. Text of more than 32,766 bytes is cut there, control
 * characters become U+FFFD.
 */
#ifndef OUT_SHEET_H
#define OUT_SHEET_H

#include "out/table.h"

/* What the file says of itself. */
struct sheet_about {
	const char *title, *comments;   /* or NULL */
	int64_t created;        /* milliseconds since 1970 */
};

/* Adds the file's bytes to b; sheets are called by their tables' titles, as
 * far as the format allows. Returns 0, or -1 with EXIT_DATA or
 * EXIT_MACHINE. */
int sheet_book(struct buf *b, const struct table *t, size_t n,
    const struct sheet_about *about, struct fail *why);

#endif
