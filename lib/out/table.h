/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.h -- rows and columns, before anyone decides how they look.
 *
 * A table is filled row by row, a cell after the other; each format (csv.h,
 * text.h, sheet.h) is a function from a table to bytes. A cell is text, a
 * finite number, or null; a number that is not finite becomes null. Text is
 * UTF-8 and may hold any character, NUL too.
 *
 * Failures (memory, the ceiling of the text) stay in t->err, as in a buffer:
 * add everything, then look once.
 *
 *	struct table t;
 *	table_init(&t, "Summary");
 *	table_column(&t, "Metric", TABLE_TEXT);
 *	table_column(&t, "Value", TABLE_NUMBER);
 *	table_str(&t, "Accuracy"); table_num(&t, 0.89);
 *	if (table_check(&t, &why) < 0) ...
 *	csv_table(&b, &t, &style);
 *	table_free(&t);
 */
#ifndef OUT_TABLE_H
#define OUT_TABLE_H

#include "base/buf.h"
#include "base/fail.h"

enum table_kind {
	TABLE_TEXT,             /* set to the left */
	TABLE_NUMBER,           /* set to the right */
	TABLE_BAR,              /* a number, and a bar of its length in text */
	TABLE_SPARK             /* text: numbers with spaces between, drawn as a
	                         * line of bars where people look at it */
};

enum cell_type { CELL_NULL, CELL_TEXT, CELL_NUMBER };

struct table_cell {
	enum cell_type type;
	double number;
	const char *p;          /* the text; lives until the next add */
	size_t n;
};

struct table {
	struct table_col {
		size_t name, len;       /* in text */
		enum table_kind kind;
		bool own;       /* the program's word, not data */
	} *cols;                /* owned; ncols */
	struct table_slot {
		enum cell_type type;
		size_t at, len;         /* in text */
		double number;
	} *slots;               /* owned; ncells, row after row */
	size_t ncols, ncells, cap;
	struct buf text;        /* names and cells, one after the other */
	const char *title;      /* not owned; may be NULL */
	int err;                /* 0, or errno of the first failure */
};

void table_init(struct table *t, const char *title);
void table_free(struct table *t);

/* All columns come before the first cell. A name is the program's own, or,
 * with its length, may be data. */
void table_column(struct table *t, const char *name, enum table_kind kind);
void table_column_n(struct table *t, const char *name, size_t n,
    enum table_kind kind);

/* The next cell. */
void table_text(struct table *t, const char *p, size_t n);
void table_str(struct table *t, const char *s);
void table_num(struct table *t, double v);
void table_null(struct table *t);

/* Did everything fit? Returns 0 or -1. */
int table_check(const struct table *t, struct fail *why);

size_t table_rows(const struct table *t);
struct table_cell table_cell(const struct table *t, size_t row, size_t col);

/* A column's name, as a cell of text. */
struct table_cell table_name(const struct table *t, size_t col);

/* A number as people read it, the same in text, Markdown, pages and pictures:
 * integers as they are, else four decimals by num_fixed(); what would be all
 * zeros there is written as 1.2e-07. out has NUM_MAX bytes; returns the
 * length. */
size_t table_human(char *out, double v);

#endif
