/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sheet.h -- a table as a spreadsheet (XLSX), by libxlsxwriter.
 *
 * One sheet: names in bold, frozen and with a filter, columns as wide as what
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

/* Adds the file's bytes to b. created: milliseconds since 1970. Returns 0,
 * or -1 with EXIT_DATA or EXIT_MACHINE. */
int sheet_table(struct buf *b, const struct table *t, int64_t created,
    struct fail *why);

#endif
