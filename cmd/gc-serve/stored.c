/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stored.c -- what a store holds, as rows of plain values. */
#include "stored.h"
#include "base/clock.h"
#include "store/store.h"

#define VALUES_MOST 4
#define DAY INT64_C(86400000)

/* Of each kind: the table, how new it is, and what is asked of it. The labels
 * of issues are those of share/sql/tables/mentions.sql. */
static const struct { const char *table, *newest, *rows; } ask[] = {
	[STORED_TREND] = { "product_mentions",
	    "SELECT max(recorded_date) AS day, max(loaded_at) AS loaded "
	    "FROM product_mentions",
	    "SELECT recorded_date, product_name, "
	    "CAST(sum(mention_count) AS BIGINT) AS n FROM product_mentions "
	    "WHERE recorded_date BETWEEN :since AND :until "
	    "GROUP BY recorded_date, product_name "
	    "ORDER BY recorded_date, product_name" },
	[STORED_MENTIONS] = { "mentions",
	    "SELECT max(recorded_date) AS day, max(loaded_at) AS loaded "
	    "FROM mentions",
	    "SELECT CASE WHEN lower(label) IN ('issue', 'misc', 'event', "
	    "'work_of_art') THEN 'issue' ELSE 'product' END AS kind, "
	    "product_name, CAST(count(DISTINCT conversation_id) AS BIGINT) "
	    "AS n FROM mentions WHERE recorded_date BETWEEN :since AND :until "
	    "GROUP BY 1, 2 "
	    "UNION ALL SELECT NULL, NULL, "
	    "CAST(count(DISTINCT conversation_id) AS BIGINT) FROM mentions "
	    "WHERE recorded_date BETWEEN :since AND :until" },
	[STORED_SCORES] = { "scores",
	    "SELECT max(recorded_date) AS day, max(loaded_at) AS loaded "
	    "FROM scores",
	    "SELECT score FROM scores WHERE recorded_date = :until" },
};

/* ---- rows ---- */

struct reading {
	stored_row *one;
	void *ctx;
	char day[TIME_MAX];     /* the newest; "" where there is none */
	int64_t updated;
};

static struct stored_value
plain(const struct cell *c)
{
	struct stored_value v = { "", 0, NAN };

	if (c->kind == CELL_INT)
		v.number = (double)c->i;
	else if (c->kind == CELL_REAL)
		v.number = c->d;
	if ((c->kind == CELL_TEXT || c->kind == CELL_NUMBER) && c->p) {
		v.p = c->p;
		v.n = c->n;
	}
	return v;
}

static int
on_row(void *ctx, const char *const *names, const struct cell *cells,
    size_t n, struct fail *why)
{
	struct stored_value v[VALUES_MOST];
	struct reading *r = ctx;
	size_t i;

	(void)names;
	for (i = 0; i < n && i < VALUES_MOST; i++)
		v[i] = plain(&cells[i]);
	return r->one(r->ctx, v, i, why);
}

static int
on_newest(void *ctx, const char *const *names, const struct cell *cells,
    size_t n, struct fail *why)
{
	struct stored_value day = plain(&cells[0]), loaded = plain(&cells[1]);
	struct reading *r = ctx;

	(void)names;
	(void)n;
	(void)why;
	if (day.n < 10)
		return 0;
	snprintf(r->day, sizeof r->day, "%.10s", day.p);
	if (time_parse(loaded.p, loaded.n, &r->updated) < 0)
		r->updated = 0;
	return 0;
}

static void
day_param(struct store_param *p, const char *name, const char *day)
{
	memset(p, 0, sizeof *p);
	p->name = name;
	p->type = STORE_DAY;
	p->typed = true;
	p->value.kind = CELL_TEXT;
	p->value.p = day;
	p->value.n = strlen(day);
}

static int
read_open(struct store *s, enum stored_what what, struct reading *r,
    struct fail *why)
{
	struct store_param p[2];
	char since[TIME_MAX];
	int64_t ms;
	int has = store_has(s, ask[what].table, why);

	if (has <= 0)
		return has < 0 ? -1 : 1;
	if (store_query(s, ask[what].newest, NULL, 0, on_newest, r, why) < 0)
		return -1;
	if (!r->day[0] || time_parse(r->day, strlen(r->day), &ms) < 0)
		return 1;
	time_format_day(since, ms - (STORED_DAYS_MOST - 1) * DAY);
	day_param(&p[0], "since", since);
	day_param(&p[1], "until", r->day);
	return store_query(s, ask[what].rows, p, 2, on_row, r, why);
}

int
stored_read(const char *dsn, enum stored_what what, int64_t *updated,
    stored_row *one, void *ctx, struct fail *why)
{
	struct reading r = { one, ctx, "", 0 };
	struct store *s;
	int done;

	if (!*dsn || (!store_dsn_server(dsn) && access(dsn, F_OK) < 0))
		return 1;
	if (store_open(&s, dsn, STORE_READ, why) < 0)
		return -1;
	done = read_open(s, what, &r, why);
	store_close(s);
	*updated = r.updated;
	return done;
}

/* ---- which, and how new ---- */

static uint64_t
mix(uint64_t h, int64_t v)
{
	return (h ^ (uint64_t)v) * UINT64_C(1099511628211);
}

bool
stored_server(const char *dsn)
{
	return store_dsn_server(dsn);
}

uint64_t
stored_mark(const char *dsn)
{
	struct buf wal = BUF_INIT(BUF_PATH);
	uint64_t h = UINT64_C(14695981039346656037);
	struct stat st;
	int i;

	if (!*dsn)
		return 0;
	if (store_dsn_server(dsn))
		return h;
	buf_addf(&wal, "%s-wal", dsn);
	for (i = 0; i < 2; i++) {
		if (stat(i ? buf_str(&wal) : dsn, &st) < 0)
			continue;
		h = mix(h, st.st_mtim.tv_sec);
		h = mix(h, st.st_mtim.tv_nsec);
		h = mix(h, st.st_size);
		h = mix(h, (int64_t)st.st_ino);
	}
	buf_free(&wal);
	return h;
}

static int
read_file(struct buf *dsn, const char *file, struct fail *why)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	int bad;

	if (fd < 0)
		return fail(why, EXIT_USAGE, "cannot open %s: %s", file,
		    strerror(errno));
	bad = fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    buf_read_fd(dsn, fd) < 0;
	close(fd);
	if (bad)
		return fail(why, EXIT_USAGE, "cannot read %s", file);
	dsn->len = strcspn(buf_str(dsn), "\r\n");
	buf_str(dsn);
	if (dsn->len == 0)
		return fail(why, EXIT_USAGE, "%s is empty", file);
	if ((st.st_mode & 077) && store_dsn_secret(buf_str(dsn)))
		return fail(why, EXIT_USAGE, "%s holds a password, and others "
		    "can read it; type: chmod 600 %s", file, file);
	return 0;
}

int
stored_find(struct buf *dsn, const char *flag, const char *file,
    struct fail *why)
{
	const char *text = flag;

	if (flag && file)
		return fail(why, EXIT_USAGE, "--store and --dsn-file are two "
		    "places; name one");
	if (flag && store_dsn_secret(flag))
		return fail(why, EXIT_USAGE, "a password has no place in an "
		    "argument, where everybody on this machine can read it: "
		    "set GC_STORE, or use --dsn-file");
	if (file)
		return read_file(dsn, file, why);
	if (!text || !*text)
		text = getenv("GC_STORE");
	if (!text || !*text)
		text = getenv("POSTGRES_CONNECTION_STRING");
	if (text && buf_str_add(dsn, text) < 0)
		return fail(why, EXIT_USAGE, "the DSN is too long");
	return 0;
}
