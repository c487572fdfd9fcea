/* SPDX-License-Identifier: GPL-3.0-or-later */
/* each.c -- --each: a request a record, the answer attached to it. */
#include "cache.h"
#include "deliver.h"
#include "fetch.h"
#include "run.h"

#include "base/msg.h"
#include "json/expr.h"
#include "json/write.h"
#include "net/problem.h"
#include "net/url.h"

#define HOLES 16                /* {EXPR} in one path */

/* What a thread works with. */
struct hand {
	struct fetch *f;
	struct run run;
	struct run_opts ro;
	struct named *named;
	struct expr *holes[HOLES];
	struct json_val record;
	/* what came: a JSON array's inside */
	struct taker taker, kept;
	struct buf values, one, other;
	uint64_t n, retried;
	const char *add;
	struct cache cache;
	struct fail reject;             /* code 0: nothing was rejected */
};

/* Is it one answer that is attached, and no list? */
static bool
is_whole(const struct hand *h)
{
	return h->ro.whole && !h->run.multipart;
}

/* ---- what a run hands out ---- */

/* A record of an answer, joined to those before. */
static int
take_kept(void *ctx, struct json_val v, struct fail *why)
{
	struct hand *h = ctx;

	v = deliver_adorn(v, h->add, &h->one, &h->other);
	if (h->n++)
		buf_putc(&h->values, ',');
	json_one_line(&h->values, v.p, v.n);
	if (h->values.err || h->one.err || h->other.err)
		return fail(why, EXIT_MACHINE, "the answers to one record do "
		    "not fit into memory");
	return 0;
}

/* The same, for --cache, too. */
static int
take_record(void *ctx, struct json_val v, struct fail *why)
{
	struct hand *h = ctx;
	size_t from = h->values.len + (h->n > 0);       /* behind a comma */

	if (take_kept(h, v, why) < 0)
		return -1;
	if (!h->cache.path)
		return 0;
	h->cache.whole = is_whole(h);
	buf_clear(&h->one);
	json_one_line(&h->one, h->values.p + from, h->values.len - from);
	buf_putc(&h->one, '\n');
	return cache_add(&h->cache, h->one.p, h->one.len, why);
}

/* A part that is no JSON spoils the answer to this record. */
static int
take_reject(void *ctx, const struct envelope *e, struct fail *why)
{
	struct hand *h = ctx;

	(void)why;
	if (!h->reject.code)
		fail(&h->reject, EXIT_DATA, "part %" PRIu64 ": %s", e->line,
		    e->error);
	return 0;
}

/* ---- the request of a record ---- */

static int
fill_hole(void *ctx, const char *text, size_t n, int which, struct buf *b,
    struct fail *why)
{
	struct hand *h = ctx;
	struct buf s = BUF_INIT(BUF_LINE);
	struct json_val v;
	int r = 0;

	if (which >= HOLES)
		return fail(why, EXIT_USAGE, "more than %d {EXPR} in a path",
		    HOLES);
	if (!h->holes[which]) {
		buf_addf(&s, "%.*s", (int)n, text);
		r = expr_open(&h->holes[which], buf_str(&s), "path", why);
		buf_clear(&s);
	}
	if (r == 0)
		r = expr_one(h->holes[which], h->record, &v, why);
	if (r == 0 && json_type(v) == JSON_STRING) {
		json_decode(v, &s);
		url_encode(b, s.p, s.len);
	} else if (r == 0 && json_type(v) == JSON_NUMBER) {
		url_encode(b, v.p, v.n);
	} else if (r == 0) {
		r = fail(why, EXIT_DATA, "{%.*s} is neither a string nor a "
		    "number", (int)n, text);
	}
	buf_free(&s);
	return r;
}

static int
raw_call(struct hand *h, struct call *c, struct fail *why)
{
	const struct fetch_opts *o = h->f->o;
	struct buf path = BUF_INIT(BUF_LINE);
	bool own_body = !o->data && o->method &&
	    strcmp(o->method, "GET") != 0 && strcmp(o->method, "HEAD") != 0 &&
	    strcmp(o->method, "DELETE") != 0;
	int r;

	memset(c, 0, sizeof *c);
	r = fetch_fill(h->f->paths[0], fill_hole, h, &path, why);
	if (r == 0)
		r = fetch_raw_call(h->f, 0, buf_str(&path),
		    own_body ? &h->record : NULL, c, why);
	buf_free(&path);
	return r;
}

/* Returns 1 where the program yields no request for this record. */
static int
make_call(struct hand *h, int step, struct json_val answers, struct call *c,
    struct fail *why)
{
	struct named_input in = { .vars = h->f->vars.p,
	    .record = h->record, .answers = answers, .step = step,
	    .conf = &h->f->conf };
	int r;

	if (!h->named)
		return raw_call(h, c, why);
	r = named_call(h->named, &in, c, why);
	return r == 0 ? fetch_override(h->f, c, why) : r;
}

/* ---- a record ---- */

/* The whole answer where the request names no items, else their list. */
static int
choose_shape(struct hand *h, struct call *c, struct fail *why)
{
	bool whole = h->f->o->as && (!c->items ||
	    strcmp(c->items, ".") == 0) && (!c->paginate ||
	    strcmp(c->paginate, "\"none\"") == 0);

	h->ro.whole = whole;
	if (whole && !c->paginate && !(c->paginate = strdup("\"none\"")))
		return fail(why, EXIT_MACHINE, "out of memory");
	return 0;
}

/* All steps of a record's request. Returns 0; 1 where there is none; -1. */
static int
do_steps(struct hand *h, struct fail *why)
{
	struct buf text = BUF_INIT(BUF_DOC);
	struct json_val answers = { NULL, 0 };
	struct call c;
	bool more = true;
	int step, k = 0;

	for (step = 0; k == 0 && more; step++) {
		k = make_call(h, step, answers, &c, why);
		more = k == 0 && c.more;
		if (k == 0 && step == 0)
			k = cache_open(&h->cache, h->f, &h->record,
			    cache_fits(&c), why);
		if (k == 0 && step == 0 &&
		    (k = cache_find(&h->cache, &h->kept, why)) == 1) {
			call_free(&c);
			h->ro.whole = h->cache.whole;
			h->run.multipart = false;
			k = 0;
			break;
		}
		if (k == 0)
			k = choose_shape(h, &c, why);
		h->add = c.add;
		h->run.silent = more;
		if (k == 0)
			k = run_call(&h->run, &c, why);
		h->add = NULL;
		call_free(&c);
		if (k == 0 && more)
			k = run_keep_answer(&h->run, &text, &answers, why);
		h->cache.whole = is_whole(h);
		if (k == 0 && !more && !h->reject.code)
			(void)cache_keep(&h->cache, why);
	}
	cache_close(&h->cache);
	buf_free(&text);
	return k == 1 && step > 1 ? 0 : k;
}

/* An answer of 4xx is about this record; 401, 403, 408 and 429 are about us. */
static bool
is_records_own(const struct http_answer *a)
{
	return a->broken == HTTP_WHOLE && a->status / 100 == 4 &&
	    a->status != 401 && a->status != 403 && a->status != 408 &&
	    a->status != 429;
}

/* What the record becomes: itself with the answer, or the answers. */
static int
write_out(struct hand *h, const struct record *rec, struct emit *emit)
{
	const char *as = h->f->o->as, *p, *end;
	struct buf v = BUF_INIT(BUF_DOC);
	struct json_iter it;
	struct json_val list;
	bool whole = is_whole(h);
	int r = FILTER_USED;

	buf_str_add(&v, "[");
	buf_add(&v, h->values.p, h->values.len);
	buf_str_add(&v, "]");
	list.p = buf_str(&v);
	list.n = v.len;
	if (v.err)
		emit->out.err = v.err;
	if (as && json_deeper(list, JSON_DEPTH - (whole ? 0 : 1))) {
		r = filter_reject(emit, rec, NULL, "too-deep",
		    "the answer is nested too deep to stand in a record");
	} else if (as) {
		p = whole ? list.p + 1 : list.p;
		end = whole ? list.p + list.n - 1 : list.p + list.n;
		if (whole && h->n == 0)
			json_set(&emit->out, rec->val, as, "null", 4);
		else
			json_set(&emit->out, rec->val, as, p,
			    (size_t)(end - p));
		filter_line(emit);
	} else {
		it = json_iter(list);
		while (json_next(&it)) {
			json_raw(&emit->out, it.val);
			filter_line(emit);
		}
	}
	buf_free(&v);
	return r;
}

static int
dry_run(struct hand *h, struct emit *emit, struct fail *why)
{
	struct json_val none = { NULL, 0 };
	struct call c;
	int r = make_call(h, 0, none, &c, why);

	if (r == 0)
		r = dry_run_add(h->f, &c, &emit->out, why);
	if (r == 0)
		emit->n++;
	call_free(&c);
	return r;
}

/* The service did not take it: its number and its word for that go along. */
static int
refused(const struct record *rec, const struct http_answer *a,
    struct emit *emit, const struct fail *why)
{
	const char *id = problem_correlation(a);
	int r = filter_reject(emit, rec, NULL, "refused", "%s", why->text);

	emit->status = a->status;
	snprintf(emit->correlation, sizeof emit->correlation, "%s",
	    id ? id : "");
	return r;
}

static int
on_record(void *ctx, void *worker, const struct record *rec,
    struct emit *emit, struct fail *why)
{
	struct hand *h = worker;
	const struct http_answer *a = wire_answer(h->run.wire);
	uint64_t before = wire_retried(h->run.wire);
	int r;

	(void)ctx;
	h->record = rec->val;
	h->n = 0;
	h->reject.code = 0;
	buf_clear(&h->values);
	if (h->f->o->as && json_type(rec->val) != JSON_OBJECT)
		return filter_reject(emit, rec, NULL, "not-an-object",
		    "not an object: --as adds a field to one");
	r = h->f->o->dry_run ? dry_run(h, emit, why) : do_steps(h, why);
	emit->retried += wire_retried(h->run.wire) - before;
	if (r == 0 && h->reject.code)
		return filter_reject(emit, rec, NULL, "invalid-answer", "%s",
		    h->reject.text);
	if (r == 0)
		return h->f->o->dry_run ? FILTER_USED : write_out(h, rec, emit);
	if (r == 1) {
		if (h->f->o->as && !h->f->o->dry_run) {
			json_raw(&emit->out, rec->val);
			filter_line(emit);
		}
		return h->f->o->as ? FILTER_USED : FILTER_DROPPED;
	}
	if (why->code == EXIT_DATA)
		return filter_reject(emit, rec, NULL, "request", "%s",
		    why->text);
	if (why->code == EXIT_SERVICE && is_records_own(a))
		return refused(rec, a, emit, why);
	return -1;
}

/* ---- threads ---- */

static void
free_hand(struct hand *h)
{
	int i;

	for (i = 0; i < HOLES; i++)
		expr_close(h->holes[i]);
	named_close(h->named);
	run_free(&h->run);
	wire_close(h->run.wire);
	buf_free(&h->values);
	buf_free(&h->one);
	buf_free(&h->other);
	free(h);
}

static int
open_hand(void *ctx, void **worker, struct fail *why)
{
	struct buf empty = BUF_INIT(BUF_DOC);
	struct fetch *f = ctx;
	struct hand *h = calloc(1, sizeof *h);

	if (!h)
		return fail(why, EXIT_MACHINE, "out of memory");
	h->f = f;
	h->values = h->one = h->other = empty;
	h->taker.record = take_record;
	h->taker.reject = take_reject;
	h->taker.ctx = h;
	h->kept = h->taker;
	h->kept.record = take_kept;
	h->ro.other_parts = f->o->other_parts;
	h->ro.pages = f->o->pages;
	h->ro.max_pages = f->o->max_pages;
	h->ro.interval = f->o->interval;
	h->ro.max_wait = f->o->client.max_wait;
	h->ro.max_record = f->o->filter.max_record;
	h->ro.prefix = f->prefix;
	run_init(&h->run);
	h->run.client = f->client;
	h->run.opts = &h->ro;
	h->run.taker = &h->taker;
	if (wire_open(&h->run.wire, f->client, why) < 0 || (f->o->request &&
	    named_open(&h->named, f->o->request,
	    conf_get(&f->conf, CONF_API), why) < 0)) {
		free_hand(h);
		return -1;
	}
	*worker = h;
	return 0;
}

static int
close_hand(void *ctx, void *worker, struct fail *why)
{
	(void)ctx;
	(void)why;
	free_hand(worker);
	return 0;
}

int
fetch_each(struct fetch *f)
{
	struct filter filter = { .opts = &f->o->filter, .ctx = f,
	    .open = open_hand, .record = on_record, .close = close_hand,
	    .singly = true };

	return filter_run(&filter);
}
