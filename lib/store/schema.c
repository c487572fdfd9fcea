/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/schema.h"
#include "base/clock.h"
#include "base/share.h"
#include "store/sql.h"

static int
on_version(void *ctx, const char *const *names, const struct cell *cells,
    size_t n, struct fail *why)
{
	(void)names;
	(void)why;
	if (n == 1 && cells[0].kind == CELL_INT)
		*(int64_t *)ctx = cells[0].i;
	return 0;
}

int
schema_version(struct store *s, int64_t *version, struct fail *why)
{
	int has = store_has(s, "gc_schema", why);

	*version = 0;
	if (has <= 0)
		return has;
	return store_query(s, "SELECT max(version) FROM gc_schema", NULL, 0,
	    on_version, version, why);
}

static int
too_new(int64_t version, struct fail *why)
{
	return fail(why, EXIT_USAGE, "the store is of version %" PRId64
	    ", made by a newer gcpipe; this one knows %d", version,
	    SCHEMA_VERSION);
}

/* A text of share/ or of ours, with the database's own words. */
static int
run_words(struct store *s, const char *text, const struct store_param *p,
    size_t n, struct fail *why)
{
	struct buf sql = BUF_INIT(BUF_PROG);
	int r = sql_words(&sql, text, store_is_server(s), why);

	if (r == 0)
		r = store_script(s, buf_str(&sql), p, n, why);
	buf_free(&sql);
	return r;
}

/* One step, inside a transaction. */
static int
step(struct store *s, int64_t to, struct fail *why)
{
	struct buf text = BUF_INIT(BUF_PROG);
	struct store_param p[2];
	char name[64], now[TIME_MAX];
	int r;

	memset(p, 0, sizeof p);
	p[0].name = "version";
	p[0].type = STORE_INT;
	p[0].value.kind = CELL_INT;
	p[0].value.i = to;
	p[1].name = "now";
	p[1].type = STORE_TIME;
	p[1].value.kind = CELL_TEXT;
	p[1].value.p = time_format(now, clock_now());
	p[1].value.n = strlen(now);
	p[0].typed = p[1].typed = true;
	snprintf(name, sizeof name, "sql/schema/%" PRId64 ".sql", to);
	r = share_read(&text, name, why);
	if (r == 0 && run_words(s, buf_str(&text), NULL, 0, why) < 0)
		r = fail_prefix(why, "%s", name);
	if (r == 0)
		r = run_words(s, "INSERT INTO gc_schema (version, applied_at) "
		    "VALUES (:version, :now)", p, 2, why);
	buf_free(&text);
	return r;
}

/* The table of versions; on a server the lock that everyone takes first. */
static int
begin(struct store *s, struct fail *why)
{
	if (store_begin(s, why) < 0)
		return -1;
	if (store_is_server(s) && store_query(s,
	    "SELECT pg_advisory_xact_lock(7236288272)", NULL, 0, NULL, NULL,
	    why) < 0)
		return -1;
	return run_words(s, "CREATE TABLE IF NOT EXISTS gc_schema (version "
	    "{int} PRIMARY KEY, applied_at {time} NOT NULL) {table}", NULL, 0,
	    why);
}

int
schema_migrate(struct store *s, int64_t *from, struct fail *why)
{
	int64_t version;

	if (schema_version(s, &version, why) < 0)
		return -1;
	*from = version;
	while (version < SCHEMA_VERSION) {
		if (begin(s, why) < 0 ||
		    schema_version(s, &version, why) < 0 ||
		    (version < SCHEMA_VERSION &&
		    step(s, ++version, why) < 0) ||
		    store_commit(s, why) < 0) {
			store_rollback(s);
			return -1;
		}
	}
	return version > SCHEMA_VERSION ? too_new(version, why) : 0;
}

int
schema_check(struct store *s, struct fail *why)
{
	int64_t version;

	if (schema_version(s, &version, why) < 0)
		return -1;
	if (version > SCHEMA_VERSION)
		return too_new(version, why);
	if (version < SCHEMA_VERSION)
		return fail(why, EXIT_USAGE, version ? "the store is of "
		    "version %" PRId64 ", this program wants %d: run gc-store "
		    "migrate" : "the store holds no tables yet (version %"
		    PRId64 " of %d): gc-store load or gc-store migrate makes "
		    "them", version, SCHEMA_VERSION);
	return 0;
}
