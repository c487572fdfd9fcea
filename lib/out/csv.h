/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv.h -- CSV in and out (RFC 4180), by libcsv; and TSV out.
 *
 * Written: a field is quoted only where it holds the separator, a quote, CR
 * or LF, or is the empty only field of its row; numbers are the shortest
 * decimal that reads back to the same double; null is an empty cell; lines
 * end in LF. That is what pandas and Python's csv module write by default.
 * TSV has no quotes: tab, LF, CR and backslash in a field are written \t \n
 * \r \\, so that a line is a record for cut, awk and sort.
 *
 * Excel takes a text that begins with = + - @, tab or CR for a formula, also
 * behind quotes; with excel_safe such text gets an apostrophe in front
 * (OWASP, "CSV Injection"). Numbers are numbers and stay as they are.
 *
 * Read: strictly; white space belongs to the field, a line ends in LF, CR or
 * both, an empty line is no row, a BOM at the start is dropped. A quote
 * inside an unquoted field, text behind a closing quote and a quote that is
 * never closed are data errors that name the line.
 *
 *	csv_reader_open(&r, on_row, ctx, &why);
 *	while ((n = read(fd, p, sizeof p)) > 0)
 *		if (csv_reader_feed(r, p, n, &why) < 0) ...
 *	csv_reader_end(r, &why);
 *	csv_reader_close(r);
 */
#ifndef OUT_CSV_H
#define OUT_CSV_H

#include "out/table.h"

struct csv_style {
	bool tsv;               /* tabs and backslashes, no quotes */
	bool crlf;              /* lines end in CR LF */
	bool excel_safe;
	bool bom;               /* begin with U+FEFF, for Excel */
};

/* Writes a table with its line of names. Failures stay in b->err. */
void csv_table(struct buf *b, const struct table *t,
    const struct csv_style *style);

/* Writes one field of a row of several; no separator, no line end. */
void csv_field(struct buf *b, const char *p, size_t n,
    const struct csv_style *style);

/* ---- reading ---- */

struct csv_cell {
	const char *p;          /* NULL: empty and without quotes */
	size_t n;
};

/* A row; it dies when the callback returns. */
struct csv_row {
	const struct csv_cell *cell;
	size_t n;
	uint64_t line;          /* where it began, from 1 */
};

/* Takes a row. Returns 0 to go on, -1 with why to end. */
typedef int csv_on_row(void *ctx, const struct csv_row *row,
    struct fail *why);

struct csv_reader;

/* A row longer than max bytes is a data error. Returns 0 or -1. */
int csv_reader_open(struct csv_reader **r, size_t max, csv_on_row *on_row,
    void *ctx, struct fail *why);

/* Takes bytes, cut anywhere. Returns 0, or -1 with "line N: ..." */
int csv_reader_feed(struct csv_reader *r, const char *p, size_t n,
    struct fail *why);

/* The last row needs no line end. Returns 0 or -1. */
int csv_reader_end(struct csv_reader *r, struct fail *why);

void csv_reader_close(struct csv_reader *r);

#endif
