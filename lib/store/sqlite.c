/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sqlite.c -- a store in a file (https://sqlite.org/c3ref/intro.html).
 *
 * The file is in WAL mode: readers see the last commit while a load goes on.
 * Rows of a load go to a temporary table first, in the order they come in; one
 * statement carries them over, of several with one key the last. Only for that
 * one the file is locked.
 */
#include "store/backend.h"
#include "base/clock.h"

#include <sqlite3.h>

#define BUSY_MS 10000           /* how long to wait for another's lock */

struct file {
	sqlite3 *db;
	sqlite3_stmt *put;      /* a row of the load at hand */
	bool loading;
};

static int
code_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_ERROR:
	case SQLITE_CANTOPEN:
	case SQLITE_NOTADB:
	case SQLITE_READONLY:
	case SQLITE_AUTH:
	case SQLITE_RANGE:
		return EXIT_USAGE;
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_TOOBIG:
		return EXIT_DATA;
	default:
		return EXIT_MACHINE;
	}
}

static int
failed(struct file *f, int rc, struct fail *why)
{
	if ((rc & 0xff) == SQLITE_BUSY)
		return fail(why, EXIT_INCOMPLETE, "the store is locked: another "
		    "program has been writing to it for %d s",
		    BUSY_MS / 1000);
	return fail(why, code_of(rc), "%s", f->db ? sqlite3_errmsg(f->db) :
	    sqlite3_errstr(rc));
}

static int
run(void *db, const char *sql, struct fail *why)
{
	struct file *f = db;
	int rc = sqlite3_exec(f->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : failed(f, rc, why);
}

static void
close_file(void *db)
{
	struct file *f = db;

	sqlite3_finalize(f->put);
	sqlite3_close(f->db);
	free(f);
}

/* WAL is a property of the file. The change wants the file for itself, and
 * does not wait for it by itself. */
static int
use_wal(struct file *f, struct fail *why)
{
	int rc = SQLITE_BUSY, tries;

	for (tries = 0; tries < BUSY_MS / 50; tries++) {
		rc = sqlite3_exec(f->db, "PRAGMA journal_mode = WAL", NULL,
		    NULL, NULL);
		if ((rc & 0xff) != SQLITE_BUSY)
			break;
		(void)clock_sleep(0.05);
	}
	return rc == SQLITE_OK ? 0 : failed(f, rc, why);
}

/* A query asks this store and no other: ATTACH would open, and VACUUM INTO
 * make, another file. */
static int
permit(void *ctx, int action, const char *a, const char *b, const char *c,
    const char *d)
{
	(void)ctx;
	(void)a;
	(void)b;
	(void)c;
	(void)d;
	return action == SQLITE_ATTACH ? SQLITE_DENY : SQLITE_OK;
}

static int
set_up(struct file *f, enum store_mode mode, struct fail *why)
{
	int rc;

	sqlite3_busy_timeout(f->db, BUSY_MS);
	rc = sqlite3_exec(f->db, "PRAGMA foreign_keys = ON; "
	    "PRAGMA cache_size = -131072; "
	    "PRAGMA temp.cache_size = -131072; "
	    "SELECT 1 FROM sqlite_master", NULL, NULL, NULL);
	if (mode == STORE_READ && (rc & 0xff) == SQLITE_READONLY)
		return fail(why, EXIT_USAGE, "who may not write in its folder "
		    "can read it only while another has it open (SQLite's "
		    "WAL)");
	if (rc != SQLITE_OK)
		return failed(f, rc, why);
	if (mode == STORE_WRITE)
		return use_wal(f, why);
	(void)sqlite3_set_authorizer(f->db, permit, NULL);
	return run(f, "PRAGMA query_only = ON", why);
}

/* What SQLite would take for something else than the name of a file. */
static int
check_name(const char *dsn, enum store_mode mode, struct fail *why)
{
	if (!*dsn || strcmp(dsn, ":memory:") == 0)
		return fail(why, EXIT_USAGE, "'%s' names no file: what is put "
		    "there would be gone with this program", dsn);
	if (mode == STORE_READ && access(dsn, F_OK) < 0)
		return fail(why, EXIT_USAGE, "there is no store %s yet: "
		    "gc-store load makes it", dsn);
	return 0;
}

static int
open_file(void **db, const char *dsn, enum store_mode mode,
    struct fail *why)
{
	int flags = mode == STORE_READ ? SQLITE_OPEN_READONLY :
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	struct buf name = BUF_INIT(BUF_PATH);
	struct file *f;
	int rc;

	if (check_name(dsn, mode, why) < 0)
		return -1;
	if (!(f = calloc(1, sizeof *f)))
		return fail_errno(why, "a store");
	/* "file:" begins a URL for SQLite; here it is a name */
	buf_addf(&name, "%s%s", strncmp(dsn, "file:", 5) == 0 ? "./" : "",
	    dsn);
	rc = sqlite3_open_v2(buf_str(&name), &f->db, flags |
	    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	buf_free(&name);
	if (rc != SQLITE_OK ? failed(f, rc, why) < 0 :
	    set_up(f, mode, why) < 0) {
		fail_prefix(why, "%s", dsn);
		close_file(f);
		return -1;
	}
	*db = f;
	return 0;
}

/* ---- asking ---- */

static int
bind(sqlite3_stmt *st, int at, const struct cell *c)
{
	switch (c->kind) {
	case CELL_INT:
	case CELL_BOOL:
		return sqlite3_bind_int64(st, at, c->i);
	case CELL_REAL:
		return sqlite3_bind_double(st, at, c->d);
	case CELL_TEXT:
		return sqlite3_bind_text64(st, at, c->p, c->n, SQLITE_STATIC,
		    SQLITE_UTF8);
	default:
		return sqlite3_bind_null(st, at);
	}
}

/* Prepares the one statement of a text. */
static int
prepare(struct file *f, const char *sql, sqlite3_stmt **st, struct fail *why)
{
	sqlite3_stmt *more = NULL;
	const char *tail;
	int rc = sqlite3_prepare_v2(f->db, sql, -1, st, &tail);

	if (rc != SQLITE_OK)
		return failed(f, rc, why);
	if (!*st)
		return fail(why, EXIT_USAGE, "there is no statement");
	while (*tail && !more) {
		rc = sqlite3_prepare_v2(f->db, tail, -1, &more, &tail);
		if (more || rc != SQLITE_OK) {
			sqlite3_finalize(more);
			sqlite3_finalize(*st);
			*st = NULL;
			return fail(why, EXIT_USAGE, "one statement at a "
			    "time, please");
		}
	}
	return 0;
}

static void
take_cell(sqlite3_stmt *st, int at, struct cell *c)
{
	memset(c, 0, sizeof *c);
	switch (sqlite3_column_type(st, at)) {
	case SQLITE_INTEGER:
		c->kind = CELL_INT;
		c->i = sqlite3_column_int64(st, at);
		break;
	case SQLITE_FLOAT:
		c->kind = CELL_REAL;
		c->d = sqlite3_column_double(st, at);
		break;
	case SQLITE_TEXT:
	case SQLITE_BLOB:
		c->kind = CELL_TEXT;
		c->p = (const char *)sqlite3_column_text(st, at);
		c->n = (size_t)sqlite3_column_bytes(st, at);
		if (!c->p)
			c->p = "";
		break;
	default:
		c->kind = CELL_NULL;
	}
}

static int
rows(struct file *f, sqlite3_stmt *st, store_row *on_row, void *ctx,
    struct fail *why)
{
	int n = sqlite3_column_count(st), i, rc, r = 0;
	const char **names = malloc(((size_t)n + 1) * sizeof *names);
	struct cell *cells = malloc(((size_t)n + 1) * sizeof *cells);

	if (!names || !cells)
		r = fail_errno(why, "a row");
	while (r == 0 && (rc = sqlite3_step(st)) != SQLITE_DONE) {
		if (rc != SQLITE_ROW) {
			r = failed(f, rc, why);
			break;
		}
		for (i = 0; i < n; i++) {
			names[i] = sqlite3_column_name(st, i);
			take_cell(st, i, &cells[i]);
		}
		if (on_row)
			r = on_row(ctx, names, cells, (size_t)n, why);
	}
	free(names);
	free(cells);
	return r;
}

static int
query(void *db, const char *sql, const struct store_param *const *value,
    size_t n, store_row *on_row, void *ctx, struct fail *why)
{
	struct file *f = db;
	sqlite3_stmt *st = NULL;
	size_t i;
	int rc, r;

	r = prepare(f, sql, &st, why);
	for (i = 0; r == 0 && i < n; i++)
		if ((rc = bind(st, (int)i + 1, &value[i]->value)) != SQLITE_OK)
			r = failed(f, rc, why);
	if (r == 0)
		r = rows(f, st, on_row, ctx, why);
	sqlite3_finalize(st);
	return r;
}

/* ---- loading ---- */

static int
begin(void *db, struct fail *why)
{
	return run(db, "BEGIN IMMEDIATE", why);
}

/* incoming, with what a load brings of the table's columns, and touched. */
static int
make_temporary(struct file *f, const struct store_table *t, struct fail *why)
{
	static const char *const types[] = { [STORE_TEXT] = " TEXT",
		[STORE_INT] = " INTEGER", [STORE_REAL] = " REAL",
		[STORE_DAY] = " TEXT", [STORE_TIME] = " TEXT" };
	struct buf sql = BUF_INIT(BUF_PROG);
	const char *comma = "";
	size_t i;
	int r;

	buf_str_add(&sql, "CREATE TEMP TABLE touched (day TEXT PRIMARY KEY) "
	    "WITHOUT ROWID; CREATE TEMP TABLE incoming (");
	for (i = 0; i < t->ncols; i++) {
		if (t->col[i].role == STORE_STAMP)
			continue;
		buf_str_add(&sql, comma);
		sql_name(&sql, t->col[i].name);
		buf_str_add(&sql, types[t->col[i].type]);
		comma = ", ";
	}
	buf_putc(&sql, ')');
	r = run(f, buf_str(&sql), why);
	buf_free(&sql);
	return r;
}

static int
load_open(void *db, const struct store_table *t, struct fail *why)
{
	struct file *f = db;
	struct buf sql = BUF_INIT(BUF_PROG);
	const char *mark = "?";
	size_t i;
	int rc;

	/* holds no lock as long as only temporary tables are written */
	f->loading = true;
	if (make_temporary(f, t, why) < 0 || run(f, "BEGIN", why) < 0)
		return -1;
	buf_str_add(&sql, "INSERT INTO temp.incoming VALUES (");
	for (i = 0; i < t->ncols; i++) {
		if (t->col[i].role == STORE_STAMP)
			continue;
		buf_str_add(&sql, mark);
		mark = ",?";
	}
	buf_putc(&sql, ')');
	rc = sqlite3_prepare_v3(f->db, buf_str(&sql), -1,
	    SQLITE_PREPARE_PERSISTENT, &f->put, NULL);
	buf_free(&sql);
	return rc == SQLITE_OK ? 0 : failed(f, rc, why);
}

static int
load_row(void *db, const struct store_table *t, const struct cell *cells,
    struct fail *why)
{
	struct file *f = db;
	size_t i;
	int rc = SQLITE_OK, at = 0;

	for (i = 0; i < t->ncols && rc == SQLITE_OK; i++)
		if (t->col[i].role != STORE_STAMP)
			rc = bind(f->put, ++at, &cells[i]);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(f->put);
	if (rc != SQLITE_DONE)
		(void)failed(f, rc, why);
	sqlite3_reset(f->put);
	return rc == SQLITE_DONE ? 0 : -1;
}

static int
load_end(void *db, const struct store_table *t, bool doubled,
    uint64_t *changed, struct fail *why)
{
	struct file *f = db;
	struct buf sql = BUF_INIT(BUF_PROG);
	int r;

	/* changes nothing, but waits for the lock before anything of the file
	 * is read: later it could not be waited for */
	buf_str_add(&sql, "DELETE FROM main.");
	sql_name(&sql, t->name);
	buf_str_add(&sql, " WHERE false; ");
	if (t->day) {
		sql_touch(&sql, t, false);
		buf_str_add(&sql, "; ");
		sql_touch(&sql, t, true);
	}
	r = run(f, buf_str(&sql), why);
	buf_clear(&sql);
	sql_merge(&sql, t, false, doubled ? SQL_DISTINCT : SQL_PLAIN);
	if (r == 0)
		r = run(f, buf_str(&sql), why);
	*changed = (uint64_t)sqlite3_changes64(f->db);
	buf_free(&sql);
	return r;
}

static void
load_drop(void *db)
{
	struct file *f = db;

	sqlite3_finalize(f->put);
	f->put = NULL;
	if (f->loading)
		(void)sqlite3_exec(f->db, "DROP TABLE IF EXISTS temp.incoming;"
		    " DROP TABLE IF EXISTS temp.touched", NULL, NULL, NULL);
	f->loading = false;
}

const struct backend store_sqlite = {
	false, open_file, close_file, run, query, begin, load_open, load_row,
	load_end, load_drop
};
