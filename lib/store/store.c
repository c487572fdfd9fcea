/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"
#include "base/rng.h"
#include "store/backend.h"
#include "store/seen.h"

struct store {
	const struct backend *b;
	void *db;               /* the backend's, owned */
	const struct store_table *table;        /* of the load at hand */
	bool open;              /* a transaction is */
	struct seen keys;       /* of the load */
	bool doubled;           /* one of them may have come twice */
};

bool
store_dsn_server(const char *dsn)
{
	return pg_is_dsn(dsn);
}

bool
store_dsn_secret(const char *dsn)
{
	return pg_is_dsn(dsn) && pg_has_password(dsn);
}

int
store_open(struct store **s, const char *dsn, enum store_mode mode,
    struct fail *why)
{
	*s = calloc(1, sizeof **s);
	if (!*s)
		return fail_errno(why, "a store");
	(*s)->b = pg_is_dsn(dsn) ? &store_pg : &store_sqlite;
	if ((*s)->b->open(&(*s)->db, dsn, mode, why) < 0) {
		free(*s);
		*s = NULL;
		return -1;
	}
	return 0;
}

void
store_close(struct store *s)
{
	if (!s)
		return;
	store_rollback(s);
	s->b->close(s->db);
	free(s);
}

bool
store_is_server(const struct store *s)
{
	return s->b->server;
}

/* ---- asking ---- */

static const struct store_param *
find_param(const struct store_param *params, size_t n, const char *p,
    size_t len)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strlen(params[i].name) == len &&
		    memcmp(params[i].name, p, len) == 0)
			return &params[i];
	return NULL;
}

int
store_query(struct store *s, const char *sql,
    const struct store_param *params, size_t nparams, store_row *on_row,
    void *ctx, struct fail *why)
{
	const struct store_param *value[SQL_PARAMS];
	struct buf text = BUF_INIT(BUF_PROG);
	struct sql_params names;
	size_t i;
	int r;

	r = sql_number(&text, sql, s->b->server ? '$' : '?', &names, why);
	for (i = 0; r == 0 && i < names.n; i++) {
		value[i] = find_param(params, nparams, names.v[i].p,
		    names.v[i].n);
		if (!value[i])
			r = fail(why, EXIT_USAGE, "the query needs %.*s=VALUE",
			    (int)names.v[i].n, names.v[i].p);
	}
	if (r == 0)
		r = s->b->query(s->db, buf_str(&text), value, names.n, on_row,
		    ctx, why);
	buf_free(&text);
	return r;
}

int
store_script(struct store *s, const char *sql,
    const struct store_param *params, size_t nparams, struct fail *why)
{
	struct buf one = BUF_INIT(BUF_PROG);
	int r = 0;

	while (r == 0 && sql_statement(&one, &sql))
		r = one.err ? fail(why, EXIT_USAGE, "the SQL is too long") :
		    store_query(s, buf_str(&one), params, nparams, NULL, NULL,
		    why);
	buf_free(&one);
	return r;
}

static int
on_found(void *ctx, const char *const *names, const struct cell *cells,
    size_t n, struct fail *why)
{
	(void)names;
	(void)cells;
	(void)n;
	(void)why;
	*(int *)ctx = 1;
	return 0;
}

int
store_has(struct store *s, const char *table, struct fail *why)
{
	struct store_param p;
	int found = 0;

	memset(&p, 0, sizeof p);
	p.name = "name";
	p.type = STORE_TEXT;
	p.typed = true;
	p.value.kind = CELL_TEXT;
	p.value.p = table;
	p.value.n = strlen(table);
	if (store_query(s, s->b->server ?
	    "SELECT 1 WHERE to_regclass(:name) IS NOT NULL" :
	    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND "
	    "name = :name", &p, 1, on_found, &found, why) < 0)
		return -1;
	return found;
}

/* ---- changing ---- */

int
store_begin(struct store *s, struct fail *why)
{
	if (s->b->begin(s->db, why) < 0)
		return -1;
	s->open = true;
	return 0;
}

int
store_commit(struct store *s, struct fail *why)
{
	s->b->load_drop(s->db);
	s->table = NULL;
	if (s->b->run(s->db, "COMMIT", why) < 0)
		return -1;      /* still open: store_close() rolls back */
	s->open = false;
	return 0;
}

void
store_rollback(struct store *s)
{
	struct fail why;

	seen_free(&s->keys);
	s->b->load_drop(s->db);
	s->table = NULL;
	if (s->open)
		(void)s->b->run(s->db, "ROLLBACK", &why);
	s->open = false;
}

int
store_load_open(struct store *s, const struct store_table *t,
    struct fail *why)
{
	s->table = t;
	s->open = true;
	s->doubled = false;
	seen_free(&s->keys);
	return s->b->load_open(s->db, t, why);
}

static uint64_t
hash_of(const struct store_table *t, const struct cell *cells)
{
	uint64_t h = 0;
	size_t i;

	for (i = 0; i < t->ncols; i++) {
		if (t->col[i].role != STORE_KEY)
			continue;
		if (cells[i].kind == CELL_TEXT)
			h = rng_hash(h, cells[i].p, cells[i].n);
		else if (cells[i].kind == CELL_REAL)
			h = rng_hash(h, &cells[i].d, sizeof cells[i].d);
		else
			h = rng_hash(h, &cells[i].i, sizeof cells[i].i);
	}
	return h;
}

int
store_load_row(struct store *s, const struct cell *cells, struct fail *why)
{
	s->doubled = s->doubled ||
	    seen_add(&s->keys, hash_of(s->table, cells));
	return s->b->load_row(s->db, s->table, cells, why);
}

int
store_load_end(struct store *s, uint64_t *changed, struct fail *why)
{
	seen_free(&s->keys);
	return s->b->load_end(s->db, s->table, s->doubled, changed, why);
}
