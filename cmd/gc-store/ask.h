/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ask.h -- a query: its text, its parameters, its rows as records.
 *
 * A named query is share/sql/NAME.sql. Comments at its head say what it is
 * for, and its parameters:
 *
 *	-- how often each product was named, by day of the conversation
 *	-- :since day -30d   the first day
 *	-- :type text        only interactions of that type
 *
 * A word directly behind the type is the default, else it is null. A day is
 * a date, today, now, or -30d: so many days before today.
 */
#ifndef CMD_STORE_ASK_H
#define CMD_STORE_ASK_H

#include "base/out.h"
#include "store/store.h"

#define ASK_PARAMS 32

struct ask {
	struct buf sql;         /* owned: the text */
	struct buf words;       /* owned: names and values */
	struct store_param param[ASK_PARAMS];
	size_t n;
	bool named;
	uint64_t rows;          /* written */
};

/* Reads what is asked for, a name, SQL, or @FILE, and name=value words.
 * Returns 0, or -1 with EXIT_USAGE. */
int ask_read(struct ask *a, const char *what, char **args, int nargs,
    struct fail *why);

/* Asks, and writes a record a row. Returns 0 or -1. */
int ask_run(struct ask *a, struct store *s, struct out *out,
    struct fail *why);
void ask_free(struct ask *a);

/* Adds a line for each query and each table of share/. Returns 0 or -1. */
int ask_list(struct buf *b, struct fail *why);

#endif
