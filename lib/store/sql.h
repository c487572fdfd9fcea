/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sql.h -- the little of SQL's text that both databases do not share.
 *
 * Queries are written once, with parameters as :name, and numbered here: ?1
 * for SQLite, $1 for PostgreSQL. A schema may use words in braces for what
 * the two spell differently:
 *
 *	{id}          INTEGER PRIMARY KEY     SERIAL PRIMARY KEY
 *	{text}        TEXT                    TEXT COLLATE "C"
 *	{varchar(N)}  TEXT                    VARCHAR(N) COLLATE "C"
 *	{int}         INTEGER                 BIGINT
 *	{real}        REAL                    DOUBLE PRECISION
 *	{day}         TEXT                    DATE
 *	{time}        TEXT                    TIMESTAMPTZ
 *	{table}       STRICT                  (nothing)
 *	{keyed}       STRICT, WITHOUT ROWID   (nothing)
 *
 * Text sorts by its bytes on both sides (that is what COLLATE "C" is for).
 * Nothing here talks to a database.
 */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include "base/buf.h"
#include "base/fail.h"
#include "store/store.h"

#define SQL_PARAMS 64

/* The parameters of a text, in order of first appearance: slices of it. */
struct sql_params {
	struct { const char *p; size_t n; } v[SQL_PARAMS];
	size_t n;
};

/* Adds sql to out with its parameters numbered behind mark ('?' or '$').
 * What stands in strings, quoted names and comments is no parameter.
 * Returns 0, or -1 with EXIT_USAGE where there are too many. */
int sql_number(struct buf *out, const char *sql, char mark,
    struct sql_params *params, struct fail *why);

/* Adds sql to out with its words in braces replaced. Returns 0, or -1 with
 * EXIT_USAGE for a word that is none. */
int sql_words(struct buf *out, const char *sql, bool server,
    struct fail *why);

/* Puts the next statement of a script into one, and moves *sql behind it;
 * false where only white space and comments are left. */
bool sql_statement(struct buf *one, const char **sql);

/* Adds a name in double quotes. */
void sql_name(struct buf *out, const char *name);

/* Adds a text in single quotes. */
void sql_text(struct buf *out, const char *text);

/* Adds the names of a table's columns, with commas between: all of them, its
 * keys, or what a load brings (all but the stamp). */
enum sql_which { SQL_ALL, SQL_KEYS, SQL_BROUGHT };
void sql_columns(struct buf *out, const struct store_table *t,
    enum sql_which which);

/* Adds "ON CONFLICT (keys) DO UPDATE SET ... WHERE ...": a row that is there
 * is written again only where something but the stamp differs. */
void sql_conflict(struct buf *out, const struct store_table *t, bool server);

/* Adds the one statement that carries a load from incoming into its table.
 * distinct: incoming may hold a key several times, the last one counts; fresh:
 * no key of it is there yet. */
enum sql_merging { SQL_PLAIN, SQL_DISTINCT, SQL_FRESH };
void sql_merge(struct buf *out, const struct store_table *t, bool server,
    enum sql_merging how);

/* Adds the statement that puts into touched the days of the rows in incoming;
 * moved: the days that rows in the table leave for another; an empty table is
 * not joined, which a planner would sort for. */
void sql_touch(struct buf *out, const struct store_table *t, bool moved);

#endif
