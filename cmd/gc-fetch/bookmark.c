/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bookmark.h"

#include "base/clock.h"
#include "base/out.h"
#include "json/write.h"

static int
no_bookmark(const char *path, struct fail *why)
{
	return fail(why, EXIT_USAGE, "%s is no bookmark of gc-fetch", path);
}

int
bookmark_load(const char *path, const char *query, struct buf *value,
    struct fail *why)
{
	struct buf text = BUF_INIT(BUF_CONF);
	struct json_val v, m;
	int fd = open(path, O_RDONLY | O_CLOEXEC), r = 0;

	buf_clear(value);
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 || buf_read_fd(&text, fd) < 0)
		r = fail_errno(why, "cannot read %s", path);
	else if (json_check(text.p, text.len, &v, NULL) < 0 ||
	    !json_get(v, "query", &m) || !json_get(v, "since", &v))
		r = no_bookmark(path, why);
	else if (!json_is(m, query))
		r = fail(why, EXIT_USAGE, "%s is the bookmark of another "
		    "query: remove it to begin this one", path);
	else if (json_type(v) == JSON_STRING)
		json_decode(v, value);
	else
		buf_add(value, v.p, v.n);
	if (fd >= 0)
		close(fd);
	buf_free(&text);
	return r;
}

/* ---- the greatest ---- */

/* Is a greater than b? Numbers stand before strings, as in jq. */
static bool
greater(struct json_val a, struct json_val b)
{
	struct buf x = BUF_INIT(BUF_RECORD), y = BUF_INIT(BUF_RECORD);
	bool yes;
	size_t n;
	int c;

	if (json_type(a) != json_type(b))
		return json_type(a) > json_type(b);
	if (json_type(a) == JSON_NUMBER)
		return json_double(a) > json_double(b);
	json_decode(a, &x);
	json_decode(b, &y);
	n = x.len < y.len ? x.len : y.len;
	c = n ? memcmp(x.p, y.p, n) : 0;
	yes = c > 0 || (c == 0 && x.len > y.len);
	buf_free(&x);
	buf_free(&y);
	return yes;
}

static int
take_record(void *ctx, struct json_val v, struct fail *why)
{
	struct bookmark *m = ctx;
	struct json_val now, best = { m->greatest.p, m->greatest.len };
	int r = m->next->record(m->next->ctx, v, why);

	if (r != 0)
		return r;
	m->records++;
	if (!m->by)
		return 0;
	if (expr_one(m->by, v, &now, why) < 0)
		return -1;
	if (json_type(now) != JSON_NUMBER && json_type(now) != JSON_STRING)
		return 0;
	if (best.n && !greater(now, best))
		return 0;
	buf_clear(&m->greatest);
	return buf_add(&m->greatest, now.p, now.n) < 0 ?
	    fail(why, EXIT_MACHINE, "out of memory") : 0;
}

static int
take_reject(void *ctx, const struct envelope *e, struct fail *why)
{
	struct bookmark *m = ctx;

	return m->next->reject(m->next->ctx, e, why);
}

int
bookmark_watch(struct bookmark *m, const struct fetch *f,
    const struct taker *taker, const struct taker **out, struct fail *why)
{
	struct buf empty = BUF_INIT(BUF_RECORD);

	memset(m, 0, sizeof *m);
	m->greatest = empty;
	*out = taker;
	if (!f->o->since)
		return 0;
	m->path = f->o->since;
	m->query = f->query;
	time_format(m->started, clock_now());
	m->next = taker;
	m->taker.record = take_record;
	m->taker.reject = take_reject;
	m->taker.ctx = m;
	*out = &m->taker;
	return f->o->since_by ? expr_open(&m->by, f->o->since_by,
	    "--since-by", why) : 0;
}

bool
bookmark_value(const struct bookmark *m, struct buf *b)
{
	if (!m->path || (m->by && m->greatest.len == 0))
		return false;
	if (m->by)
		buf_add(b, m->greatest.p, m->greatest.len);
	else
		json_cstr(b, m->started);
	return true;
}

int
bookmark_restore(struct bookmark *m, struct json_val v, struct fail *why)
{
	struct buf text = BUF_INIT(sizeof m->started - 1);

	if (!m->path || !v.p)
		return 0;
	if (m->by)
		return buf_add(&m->greatest, v.p, v.n) < 0 ?
		    fail(why, EXIT_MACHINE, "out of memory") : 0;
	if (json_decode(v, &text) == 0)
		snprintf(m->started, sizeof m->started, "%s", buf_str(&text));
	buf_free(&text);
	return 0;
}

int
bookmark_save(struct bookmark *m, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_RECORD);
	int r;

	if (!m->path || (m->by && m->greatest.len == 0))
		return 0;               /* nothing new: it stays */
	buf_str_add(&b, "{\"version\":1");
	json_key(&b, "query");
	json_cstr(&b, m->query);
	json_key(&b, "since");
	(void)bookmark_value(m, &b);
	json_key(&b, "records");
	json_uint(&b, m->records);
	buf_str_add(&b, "}\n");
	r = b.err ? fail(why, EXIT_MACHINE, "out of memory") :
	    out_file(m->path, b.p, b.len, OUT_PRIVATE, why);
	buf_free(&b);
	return r;
}

void
bookmark_free(struct bookmark *m)
{
	expr_close(m->by);
	buf_free(&m->greatest);
}
