/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec.h -- a table that can be loaded, and how a record becomes its rows.
 *
 * share/sql/tables/NAME.json names the table's columns: their type, whether
 * they are the key, where in a record (or, for a table with "rows", in an
 * element of that list) their value stands, what they are where it is
 * missing. A record without the list is a row itself, its members named as
 * the columns. NAME.sql beside it, where there is one, is run after a load.
 */
#ifndef CMD_STORE_SPEC_H
#define CMD_STORE_SPEC_H

#include "json/filter.h"
#include "store/store.h"

#define SPEC_COLUMNS 32
#define SPEC_PATHS 4
#define SPEC_FIELDS 48

struct spec_column {
	const char *record[SPEC_PATHS], *row[SPEC_PATHS];
	size_t nrecord, nrow;
	struct json_val fallback;       /* p NULL: there is none */
	int64_t max;            /* code points; 0: any */
	bool null;              /* may be */
};

struct spec {
	struct store_table table;
	struct store_column col[SPEC_COLUMNS];
	struct spec_column from[SPEC_COLUMNS];
	const char *rows, *need;        /* NULL: none */
	char *after;            /* owned: the SQL to run after a load; or NULL */
	struct buf text;        /* owned: the file, names point into words */
	struct buf words;
};

/* Reads a table's file. Returns 0, or -1 with EXIT_USAGE. */
int spec_read(struct spec *s, const char *name, struct fail *why);
void spec_free(struct spec *s);

/* The members of one object, looked at once and asked often. */
struct fields {
	struct json_val key[SPEC_FIELDS], val[SPEC_FIELDS];
	struct json_val object; /* p NULL: there is none */
	size_t n;               /* above SPEC_FIELDS: too many to keep */
};

/* The rows of a record: cells of n rows one after the other, alive until the
 * next call or the record's death. */
struct rows {
	struct cell *cell;      /* owned */
	size_t n, cap;          /* rows; cells */
	struct buf text;        /* owned: what had to be written anew */
	uint64_t passed;        /* elements that had not what they need */
	struct fields record, elem;     /* of the row at hand */
};

/* Returns 0, or -1 with why: what is wrong with the record. */
int spec_rows(const struct spec *s, struct json_val record, struct rows *r,
    struct fail *why);
void rows_free(struct rows *r);

#endif
