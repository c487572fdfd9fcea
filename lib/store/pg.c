/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pg.c -- a store on a server that speaks PostgreSQL
 * (https://www.postgresql.org/docs/current/libpq.html).
 *
 * A load goes by COPY into a temporary table, from there in one statement
 * into its own; where two rows of the load may have one key, in one that sorts
 * the earlier ones out, since the server takes no row twice (SQLSTATE 21000).
 * Into an empty table they go without a look for conflicts, a sixth quicker;
 * should another program have come in between, it is done again with it.
 * Loads wait for each other by an advisory lock, taken when the rows have come,
 * so that a slow reader holds back nobody.
 */
#include "store/backend.h"
#include "base/clock.h"
#include "json/write.h"

#include <libpq-fe.h>
#include <poll.h>

#define CONNECT_S 10            /* where the DSN does not say */
#define COPY_AT 65536
#define ADVISORY "7236288271"   /* of this suite */

/* Types, from the server's catalogue (pg_type.dat); they never change. */
enum { OID_BOOL = 16, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23,
	OID_TEXT = 25, OID_OID = 26, OID_JSON = 114, OID_FLOAT4 = 700,
	OID_FLOAT8 = 701, OID_DATE = 1082, OID_TIMESTAMP = 1114,
	OID_TIMESTAMPTZ = 1184, OID_NUMERIC = 1700, OID_JSONB = 3802 };

struct server {
	PGconn *conn;
	struct buf copy;        /* rows not yet sent */
	bool copying;
};

/* ---- what went wrong ---- */

/* Exit codes by SQLSTATE, or by its class; the first that fits. */
static int
code_of(const char *state)
{
	static const struct { const char *state; int code; } table[] = {
		{ "28", EXIT_DENIED }, { "42501", EXIT_DENIED },
		{ "42", EXIT_USAGE }, { "0A", EXIT_USAGE },
		{ "25006", EXIT_USAGE }, { "26", EXIT_USAGE },
		{ "3D", EXIT_USAGE }, { "3F", EXIT_USAGE },
		{ "22", EXIT_DATA }, { "23", EXIT_DATA },
		{ "54", EXIT_DATA },
	};
	size_t i;

	for (i = 0; i < COUNT(table); i++)
		if (strncmp(state, table[i].state,
		    strlen(table[i].state)) == 0)
			return table[i].code;
	return EXIT_SERVICE;
}

/* A result that is an error; frees it. */
static int
failed(struct server *s, PGresult *r, struct fail *why)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);

	if (state && text)
		(void)fail(why, code_of(state), "the server says: %s", text);
	else if (PQstatus(s->conn) != CONNECTION_OK)
		(void)fail(why, EXIT_SERVICE, "the connection to the server "
		    "broke; nothing was changed");
	else
		(void)fail(why, EXIT_SERVICE, "the server gave no answer that "
		    "can be read");
	PQclear(r);
	return -1;
}

static void
no_notice(void *ctx, const PGresult *r)
{
	(void)ctx;
	(void)r;
}

/* The message of a connection that failed: the last line that says anything,
 * without "FATAL:  28P01:" before, which *state gets. */
static void
connect_message(PGconn *conn, char state[6], char *text, size_t size)
{
	const char *all = PQerrorMessage(conn), *p, *at;
	size_t n;

	state[0] = '\0';
	for (p = all; *p; p++) {
		if (strncmp(p, ":  ", 3) != 0 || strspn(p + 3,
		    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 5 || p[8] != ':')
			continue;
		memcpy(state, p + 3, 5);
		state[5] = '\0';
		all = p + 9 + strspn(p + 9, " ");
		break;
	}
	n = strcspn(all, "\n");
	at = all + n;
	if (state[0] == '\0' && *at && (p = strstr(all, "failed: ")) &&
	    p < at)
		all = p + 8;
	snprintf(text, size, "%.*s", (int)strcspn(all, "\n"), all);
}

static int
not_connected(PGconn *conn, struct fail *why)
{
	char state[6], text[300];

	connect_message(conn, state, text, sizeof text);
	if (state[0])
		return fail(why, code_of(state), "the server refuses: %s",
		    text);
	if (PQconnectionNeedsPassword(conn))
		return fail(why, EXIT_DENIED, "the server asks for a "
		    "password, and there is none");
	return fail(why, EXIT_SERVICE, "cannot connect to the server: %s",
	    text[0] ? text : "no reason given");
}

/* ---- the DSN ---- */

/* Its words by libpq's own reading; NULL where it is none. What libpq says
 * about one that is wrong would quote it: nobody hears it. */
static PQconninfoOption *
parse(const char *dsn)
{
	char *quote = NULL;
	PQconninfoOption *words = PQconninfoParse(dsn, &quote);

	PQfreemem(quote);
	return words;
}

static const char *
word_of(const PQconninfoOption *words, const char *name)
{
	for (; words && words->keyword; words++)
		if (strcmp(words->keyword, name) == 0 && words->val &&
		    *words->val)
			return words->val;
	return NULL;
}

static bool
is_url(const char *dsn)
{
	return strncmp(dsn, "postgresql://", 13) == 0 ||
	    strncmp(dsn, "postgres://", 11) == 0;
}

bool
pg_is_dsn(const char *dsn)
{
	PQconninfoOption *words;

	if (is_url(dsn))
		return true;
	if (!strchr(dsn, '='))
		return false;
	words = parse(dsn);
	PQconninfoFree(words);
	/* words that libpq does not take, but that somebody meant for it */
	return words || strstr(dsn, "password=") || strstr(dsn, "password ") ||
	    strncmp(dsn, "host", 4) == 0 || strncmp(dsn, "dbname", 6) == 0;
}

bool
pg_has_password(const char *dsn)
{
	PQconninfoOption *words = parse(dsn);
	bool has;

	if (words)
		has = word_of(words, "password") ||
		    word_of(words, "sslpassword");
	else
		has = strchr(dsn, '@') || strstr(dsn, "password");
	PQconninfoFree(words);
	return has;
}

/* ---- connecting ---- */

static double
patience(const char *dsn)
{
	PQconninfoOption *words = parse(dsn);
	const char *text = word_of(words, "connect_timeout");
	double s = text ? strtod(text, NULL) : CONNECT_S;

	PQconninfoFree(words);
	return s > 0 && s < 3600 ? s : 3600;
}

static int
wait_connected(PGconn *conn, double seconds, struct fail *why)
{
	int64_t end = clock_mono() + (int64_t)(seconds * 1e9), left;
	PostgresPollingStatusType want = PGRES_POLLING_WRITING;
	struct pollfd fd;

	while (want != PGRES_POLLING_OK && want != PGRES_POLLING_FAILED) {
		left = (end - clock_mono()) / 1000000;
		if (left <= 0)
			return fail(why, EXIT_SERVICE, "cannot connect to the "
			    "server: no answer within %g s", seconds);
		fd.fd = PQsocket(conn);
		fd.events = want == PGRES_POLLING_READING ? POLLIN : POLLOUT;
		fd.revents = 0;
		if (poll(&fd, 1, (int)left) < 0 && errno != EINTR)
			return fail_errno(why, "poll");
		if (fd.revents)
			want = PQconnectPoll(conn);
	}
	return want == PGRES_POLLING_OK ? 0 : not_connected(conn, why);
}

static int
run(void *db, const char *sql, struct fail *why)
{
	struct server *s = db;
	PGresult *r = PQexec(s->conn, sql);

	if (PQresultStatus(r) == PGRES_COMMAND_OK ||
	    PQresultStatus(r) == PGRES_TUPLES_OK ||
	    PQresultStatus(r) == PGRES_EMPTY_QUERY) {
		PQclear(r);
		return 0;
	}
	(void)failed(s, r, why);
	if (PQstatus(s->conn) != CONNECTION_OK && strcmp(sql, "COMMIT") == 0)
		(void)fail(why, EXIT_SERVICE, "the connection to the server "
		    "broke at the very end: whether the load was kept is not "
		    "known; load again, a repeat changes nothing");
	return -1;
}

static void
close_server(void *db)
{
	struct server *s = db;

	PQfinish(s->conn);
	buf_free(&s->copy);
	free(s);
}

static int
open_server(void **db, const char *dsn, enum store_mode mode,
    struct fail *why)
{
	const char *const names[] = { "fallback_application_name", "dbname",
		"client_encoding", NULL };
	const char *const values[] = { "gcpipe", dsn, "UTF8", NULL };
	const struct buf empty = BUF_INIT(BUF_RECORD * 2);
	PQconninfoOption *words = parse(dsn);
	struct server *s;

	PQconninfoFree(words);
	if (!words)
		return fail(why, EXIT_USAGE, "the DSN cannot be read: write "
		    "postgresql://user@host:port/database");
	if (!(s = calloc(1, sizeof *s)))
		return fail_errno(why, "a store");
	s->copy = empty;
	s->conn = PQconnectStartParams(names, values, 1);
	if (!s->conn) {
		free(s);
		return fail(why, EXIT_MACHINE, "out of memory");
	}
	PQsetErrorVerbosity(s->conn, PQERRORS_VERBOSE);
	PQsetNoticeReceiver(s->conn, no_notice, NULL);
	if ((PQstatus(s->conn) == CONNECTION_BAD ?
	    not_connected(s->conn, why) :
	    wait_connected(s->conn, patience(dsn), why)) < 0 ||
	    run(s, "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; "
	    "SET standard_conforming_strings = on; "
	    "SET extra_float_digits = 1; SET IntervalStyle = 'iso_8601'",
	    why) < 0 ||
	    (mode == STORE_READ && run(s, "BEGIN READ ONLY", why) < 0)) {
		close_server(s);
		return -1;
	}
	*db = s;
	return 0;
}

/* ---- asking ---- */

static Oid
oid_of(const struct store_param *p)
{
	static const Oid of[] = {
		[STORE_TEXT] = OID_TEXT, [STORE_INT] = OID_INT8,
		[STORE_REAL] = OID_FLOAT8, [STORE_DAY] = OID_DATE,
		[STORE_TIME] = OID_TIMESTAMPTZ,
	};

	return p->typed ? of[p->type] : 0;
}

/* A cell as text, NUL-ended in b. */
static void
put_value(struct buf *b, const struct cell *c)
{
	switch (c->kind) {
	case CELL_INT:
		buf_addf(b, "%" PRId64, c->i);
		break;
	case CELL_BOOL:
		buf_str_add(b, c->i ? "true" : "false");
		break;
	case CELL_REAL:
		buf_addf(b, "%.17g", c->d);
		break;
	default:
		buf_add(b, c->p, c->n);
	}
	buf_putc(b, '\0');
}

static int
send_query(struct server *s, const char *sql,
    const struct store_param *const *value, size_t n, struct fail *why)
{
	struct buf text = BUF_INIT(BUF_RECORD);
	const char *values[SQL_PARAMS];
	size_t at[SQL_PARAMS], i;
	Oid types[SQL_PARAMS];
	int ok;

	for (i = 0; i < n; i++) {
		types[i] = oid_of(value[i]);
		at[i] = text.len;
		put_value(&text, &value[i]->value);
	}
	for (i = 0; i < n; i++)
		values[i] = value[i]->value.kind == CELL_NULL ? NULL :
		    text.p + at[i];
	ok = !text.err && PQsendQueryParams(s->conn, sql, (int)n, types,
	    values, NULL, NULL, 0) && PQsetSingleRowMode(s->conn);
	buf_free(&text);
	return ok ? 0 : fail(why, EXIT_SERVICE, "cannot ask the server: %.*s",
	    (int)strcspn(PQerrorMessage(s->conn), "\n"),
	    PQerrorMessage(s->conn));
}

/* "2026-01-31 09:00:00.5+00" to ISO, into out. */
static void
take_time(struct cell *c, char out[TIME_MAX])
{
	char text[64];
	int64_t ms;

	snprintf(text, sizeof text, "%.*s%s", (int)c->n, c->p,
	    memchr(c->p, '+', c->n) ? ":00" : "Z");
	if (c->n < 40 && time_parse(text, strlen(text), &ms) == 0) {
		time_format(out, ms);
		c->p = out;
		c->n = strlen(out);
	}
}

static void
take_cell(const PGresult *r, int col, struct cell *c, char time[TIME_MAX])
{
	memset(c, 0, sizeof *c);
	if (PQgetisnull(r, 0, col))
		return;
	c->kind = CELL_TEXT;
	c->p = PQgetvalue(r, 0, col);
	c->n = (size_t)PQgetlength(r, 0, col);
	switch (PQftype(r, col)) {
	case OID_BOOL:
		c->kind = CELL_BOOL;
		c->i = *c->p == 't';
		break;
	case OID_INT2:
	case OID_INT4:
	case OID_INT8:
	case OID_OID:
		c->kind = CELL_INT;
		c->i = strtoll(c->p, NULL, 10);
		break;
	case OID_FLOAT4:
	case OID_FLOAT8:
		c->kind = CELL_REAL;
		c->d = strtod(c->p, NULL);
		break;
	case OID_NUMERIC:
		/* NaN and Infinity have no spelling in JSON */
		c->kind = isalpha((unsigned char)c->p[c->p[0] == '-']) ?
		    CELL_NULL : CELL_NUMBER;
		break;
	case OID_JSON:
	case OID_JSONB:
		c->kind = CELL_JSON;
		break;
	case OID_TIMESTAMP:
	case OID_TIMESTAMPTZ:
		take_time(c, time);
		break;
	default:
		break;
	}
}

/* Names and cells of an answer's rows; room grows with the first. */
struct answer {
	const char **names;
	struct cell *cells;
	char (*times)[TIME_MAX];
	int n;
};

static int
take_row(struct answer *a, const PGresult *r, store_row *on_row, void *ctx,
    struct fail *why)
{
	int n = PQnfields(r), i;

	if (!a->names) {
		a->n = n;
		a->names = malloc(((size_t)n + 1) * sizeof *a->names);
		a->cells = malloc(((size_t)n + 1) * sizeof *a->cells);
		a->times = malloc(((size_t)n + 1) * sizeof *a->times);
		if (!a->names || !a->cells || !a->times)
			return fail_errno(why, "a row");
	}
	for (i = 0; i < n; i++) {
		a->names[i] = PQfname(r, i);
		take_cell(r, i, &a->cells[i], a->times[i]);
	}
	return on_row ? on_row(ctx, a->names, a->cells, (size_t)n, why) : 0;
}

static int
query(void *db, const char *sql, const struct store_param *const *value,
    size_t n, store_row *on_row, void *ctx, struct fail *why)
{
	struct server *s = db;
	struct answer a = { NULL, NULL, NULL, 0 };
	PGresult *res;
	PGcancel *cancel;
	char words[256];
	int r = send_query(s, sql, value, n, why);

	if (r < 0)
		return -1;
	while ((res = PQgetResult(s->conn))) {
		switch (PQresultStatus(res)) {
		case PGRES_SINGLE_TUPLE:
			if (r < 0)
				break;
			if ((r = take_row(&a, res, on_row, ctx, why)) < 0 &&
			    (cancel = PQgetCancel(s->conn))) {
				(void)PQcancel(cancel, words, sizeof words);
				PQfreeCancel(cancel);
			}
			break;
		case PGRES_TUPLES_OK:
		case PGRES_COMMAND_OK:
			break;
		case PGRES_EMPTY_QUERY:
			r = fail(why, EXIT_USAGE, "there is no statement");
			break;
		default:
			if (r == 0) {
				r = failed(s, res, why);
				res = NULL;
			}
		}
		PQclear(res);
	}
	free(a.names);
	free(a.cells);
	free(a.times);
	return r;
}

/* ---- loading ---- */

static int
begin(void *db, struct fail *why)
{
	return run(db, "BEGIN", why);
}

static int
load_open(void *db, const struct store_table *t, struct fail *why)
{
	struct server *s = db;
	struct buf sql = BUF_INIT(BUF_PROG);
	PGresult *r;
	int ok;

	buf_str_add(&sql, "BEGIN; CREATE TEMP TABLE incoming ON COMMIT DROP AS "
	    "SELECT ");
	sql_columns(&sql, t, SQL_BROUGHT);
	buf_str_add(&sql, " FROM ");
	sql_name(&sql, t->name);
	buf_str_add(&sql, " WITH NO DATA; CREATE TEMP TABLE touched "
	    "(day DATE PRIMARY KEY) ON COMMIT DROP");
	ok = run(s, buf_str(&sql), why) == 0;
	buf_free(&sql);
	if (!ok)
		return -1;
	r = PQexec(s->conn, "COPY pg_temp.incoming FROM STDIN");
	if (PQresultStatus(r) != PGRES_COPY_IN)
		return failed(s, r, why);
	PQclear(r);
	s->copying = true;
	return 0;
}

static int
flush_copy(struct server *s, struct fail *why)
{
	size_t done, n;

	for (done = 0; done < s->copy.len; done += n) {
		n = s->copy.len - done < 1 << 24 ? s->copy.len - done : 1 << 24;
		if (PQputCopyData(s->conn, s->copy.p + done, (int)n) != 1)
			return fail(why, EXIT_SERVICE, "the connection to the "
			    "server broke; nothing was changed");
	}
	buf_clear(&s->copy);
	return 0;
}

/* Text as COPY's text format wants it. */
static void
put_escaped(struct buf *b, const char *p, size_t n)
{
	const char *end = p + n, *from = p;

	for (; p < end; p++) {
		char c = *p == '\n' ? 'n' : *p == '\r' ? 'r' :
		    *p == '\t' ? 't' : *p == '\\' ? '\\' : 0;

		if (!c)
			continue;
		buf_add(b, from, (size_t)(p - from));
		buf_putc(b, '\\');
		buf_putc(b, c);
		from = p + 1;
	}
	buf_add(b, from, (size_t)(end - from));
}

static int
load_row(void *db, const struct store_table *t, const struct cell *cells,
    struct fail *why)
{
	struct server *s = db;
	struct buf *b = &s->copy;
	bool first = true;
	size_t i;

	for (i = 0; i < t->ncols; i++) {
		if (t->col[i].role == STORE_STAMP)
			continue;
		if (!first)
			buf_putc(b, '\t');
		first = false;
		switch (cells[i].kind) {
		case CELL_INT:
			json_int64(b, cells[i].i);
			break;
		case CELL_REAL:
			if (cells[i].p)         /* as it was spelled */
				buf_add(b, cells[i].p, cells[i].n);
			else
				buf_addf(b, "%.17g", cells[i].d);
			break;
		case CELL_TEXT:
			put_escaped(b, cells[i].p, cells[i].n);
			break;
		default:
			buf_str_add(b, "\\N");
		}
	}
	buf_putc(b, '\n');
	if (b->err)
		return fail(why, EXIT_MACHINE, "a row is too long");
	return b->len < COPY_AT ? 0 : flush_copy(s, why);
}

static int
end_copy(struct server *s, const char *error, struct fail *why)
{
	PGresult *r;
	int status = 0;

	s->copying = false;
	if (PQputCopyEnd(s->conn, error) != 1)
		return fail(why, EXIT_SERVICE, "the connection to the server "
		    "broke; nothing was changed");
	while ((r = PQgetResult(s->conn))) {
		if (PQresultStatus(r) != PGRES_COMMAND_OK && status == 0)
			status = failed(s, r, why);
		else
			PQclear(r);
	}
	return status;
}

/* Has the table no row? 1, 0 or -1. */
static int
is_empty(struct server *s, const struct store_table *t, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_PROG);
	PGresult *r;
	int n;

	buf_str_add(&b, "SELECT 1 FROM ");
	sql_name(&b, t->name);
	buf_str_add(&b, " LIMIT 1");
	r = PQexec(s->conn, buf_str(&b));
	buf_free(&b);
	if (PQresultStatus(r) != PGRES_TUPLES_OK)
		return failed(s, r, why);
	n = PQntuples(r);
	PQclear(r);
	return n == 0;
}

/* Carries incoming over. Returns 0; 1 where a key was there after all; -1. */
static int
merge(struct server *s, const struct store_table *t, enum sql_merging how,
    uint64_t *changed, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_PROG);
	const char *state;
	PGresult *r;

	sql_merge(&b, t, true, how);
	r = PQexec(s->conn, buf_str(&b));
	buf_free(&b);
	state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	if (how == SQL_FRESH && state && strcmp(state, "23505") == 0) {
		PQclear(r);
		return 1;
	}
	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		return failed(s, r, why);
	*changed = strtoull(PQcmdTuples(r), NULL, 10);
	PQclear(r);
	return 0;
}

static int
touch(struct server *s, const struct store_table *t, bool moved,
    struct fail *why)
{
	struct buf b = BUF_INIT(BUF_PROG);
	int r;

	sql_touch(&b, t, moved);
	r = run(s, buf_str(&b), why);
	buf_free(&b);
	return r;
}

static int
load_end(void *db, const struct store_table *t, bool doubled,
    uint64_t *changed, struct fail *why)
{
	struct server *s = db;
	int empty, r;

	if (flush_copy(s, why) < 0 || end_copy(s, NULL, why) < 0 ||
	    run(s, "SELECT pg_advisory_xact_lock(" ADVISORY ")", why) < 0 ||
	    (empty = is_empty(s, t, why)) < 0 ||
	    (t->day && touch(s, t, false, why) < 0) ||
	    (t->day && !empty && touch(s, t, true, why) < 0))
		return -1;
	if (doubled || !empty)
		return merge(s, t, doubled ? SQL_DISTINCT : SQL_PLAIN,
		    changed, why);
	if (run(s, "SAVEPOINT fresh", why) < 0)
		return -1;
	if ((r = merge(s, t, SQL_FRESH, changed, why)) <= 0)
		return r;
	return run(s, "ROLLBACK TO SAVEPOINT fresh", why) < 0 ||
	    (t->day && touch(s, t, true, why) < 0) ? -1 :
	    merge(s, t, SQL_PLAIN, changed, why);
}

static void
load_drop(void *db)
{
	struct server *s = db;
	struct fail why;

	if (s->copying)
		(void)end_copy(s, "given up", &why);
	buf_clear(&s->copy);
}

const struct backend store_pg = {
	true, open_server, close_server, run, query, begin, load_open,
	load_row, load_end, load_drop
};
