/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store.h -- tables that outlive a run: a file, or a server.
 *
 * One connection, one thread. A DSN that begins with postgresql:// or
 * postgres://, or that is a list of words as libpq takes it ("host=db
 * dbname=calls"), names a server; anything else is the name of a SQLite
 * file. Both are asked the same SQL, both give the same values: integers of
 * 64 bits, doubles, text, days as YYYY-MM-DD, times as ISO 8601 with Z.
 *
 *	if (store_open(&s, dsn, STORE_READ, &why) < 0) ...
 *	if (store_query(s, "SELECT 1 AS one", NULL, 0, on_row, ctx, &why) < 0)
 *	store_close(s);
 *
 * A load is one transaction. A row whose key is there already takes the
 * place of the old one, but only where something other than its stamp
 * differs; of two rows of one load with the same key the last counts. A
 * repeat therefore changes nothing. Where the table has a day column, the
 * days of all rows loaded, and of rows that moved to another, stand in the
 * temporary table touched(day) until the transaction ends:
 *
 *	store_load_open(s, &table, &why);
 *	store_load_row(s, cells, &why);                 again and again
 *	store_load_end(s, &changed, &why);
 *	store_script(s, "DELETE FROM ... IN (SELECT day FROM touched); ...",
 *	    params, n, &why);
 *	store_commit(s, &why);                  or store_rollback(s)
 *
 * Exit codes in why: no connection or a server's own trouble EXIT_SERVICE,
 * not allowed EXIT_DENIED, a file that is none, SQL that is none, a database
 * that is not there EXIT_USAGE, values that do not fit EXIT_DATA, a file that
 * somebody else has been writing to for long EXIT_INCOMPLETE, trouble of this
 * machine EXIT_MACHINE. No message ever holds a DSN with a password.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/fail.h"

struct store;

/* ---- values ---- */

enum cell_kind { CELL_NULL, CELL_INT, CELL_REAL, CELL_TEXT, CELL_BOOL,
	CELL_NUMBER, CELL_JSON };

/* A value; text is not NUL-ended and belongs to whoever made it. */
struct cell {
	enum cell_kind kind;
	int64_t i;              /* CELL_INT, CELL_BOOL */
	double d;               /* CELL_REAL */
	const char *p;          /* CELL_TEXT; CELL_REAL: d as JSON spells it, */
	size_t n;               /* or NULL; CELL_NUMBER, CELL_JSON: only in
	                         * answers */
};

enum store_type { STORE_TEXT, STORE_INT, STORE_REAL, STORE_DAY, STORE_TIME };

/* ---- the connection ---- */

enum store_mode {
	STORE_READ,     /* nothing can be changed; a file has to be there */
	STORE_WRITE     /* a file is made where there is none */
};

/* Returns 0 or -1. */
int store_open(struct store **s, const char *dsn, enum store_mode mode,
    struct fail *why);
void store_close(struct store *s);

/* Does a DSN name a server? Does it hold a password? */
bool store_dsn_server(const char *dsn);
bool store_dsn_secret(const char *dsn);

bool store_is_server(const struct store *s);

/* ---- asking ---- */

struct store_param {
	const char *name;       /* as in :name */
	enum store_type type;
	bool typed;             /* else the server finds the type out */
	struct cell value;
};

/* Takes one row; everything in it dies on return. 0 to go on, -1 to end. */
typedef int store_row(void *ctx, const char *const *names,
    const struct cell *cells, size_t n, struct fail *why);

/* Runs one statement; rows come as the database makes them. on_row may be
 * NULL. A :name that is in no param is EXIT_USAGE. Returns 0 or -1. */
int store_query(struct store *s, const char *sql,
    const struct store_param *params, size_t nparams, store_row *on_row,
    void *ctx, struct fail *why);

/* Runs statements, with semicolons between; answers are thrown away. */
int store_script(struct store *s, const char *sql,
    const struct store_param *params, size_t nparams, struct fail *why);

/* Is there a table of that name? Returns 1, 0 or -1. */
int store_has(struct store *s, const char *table, struct fail *why);

/* ---- changing ---- */

/* Begins a transaction; waits for whoever writes already. */
int store_begin(struct store *s, struct fail *why);
int store_commit(struct store *s, struct fail *why);
void store_rollback(struct store *s);

enum store_role { STORE_KEY, STORE_DATA, STORE_STAMP };

struct store_column {
	const char *name;
	enum store_type type;
	enum store_role role;
};

struct store_table {
	const char *name;
	const struct store_column *col;
	size_t ncols;
	const struct store_column *day;         /* one of them, or NULL */
	const char *stamp;      /* what columns of that role get, a time; their
	                         * cells are not looked at */
};

/* Begins a load; the table must outlive it. Rows are put aside until
 * store_load_end(): up to then nobody else is kept waiting. */
int store_load_open(struct store *s, const struct store_table *t,
    struct fail *why);

/* A cell for each column; what is no text, no number must be checked before:
 * a cell that its column does not take fails the load. */
int store_load_row(struct store *s, const struct cell *cells,
    struct fail *why);

/* After the last row. *changed gets the rows that are new or differ. */
int store_load_end(struct store *s, uint64_t *changed, struct fail *why);

#endif
