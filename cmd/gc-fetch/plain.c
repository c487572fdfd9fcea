/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plain.c -- the requests of the command line, one after the other, to one
 * output; with --state also over several lives of the program. */
#include "bookmark.h"
#include "cache.h"
#include "deliver.h"
#include "fetch.h"
#include "run.h"
#include "state.h"

#include "base/clock.h"
#include "base/msg.h"

struct plain {
	struct fetch *f;
	struct deliver d;
	struct run run;
	struct run_opts ro;
	struct state state;
	struct bookmark mark;
	struct cache cache;
	struct buf answers, page, value;        /* what the state points into */
};

/* ---- state ---- */

static int
save_state(struct plain *p, struct fail *why)
{
	struct state *s = &p->state;

	if (out_sync(&p->d.out, why) < 0)
		return -1;
	s->records = p->d.n.out;
	s->bytes = p->d.out.bytes;
	s->doubled = p->run.doubled;
	buf_clear(&p->value);
	if (bookmark_value(&p->mark, &p->value)) {
		s->mark.p = buf_str(&p->value);
		s->mark.n = p->value.len;
	}
	return state_save(s, why);
}

/* A page is out: what it holds is safe, then the state says so. */
static int
on_checkpoint(void *ctx, struct run *r, const struct buf *before,
    uint64_t skip, struct fail *why)
{
	struct plain *p = ctx;

	buf_clear(&p->page);
	if (before)
		buf_add(&p->page, before->p, before->len);
	else
		page_save(&r->page, &p->page);
	if (p->page.err)
		return fail(why, EXIT_MACHINE, "out of memory");
	p->state.page.p = buf_str(&p->page);
	p->state.page.n = p->page.len;
	p->state.skip = skip;
	return save_state(p, why);
}

/* Goes on where the state says. Returns 0; 1 where nothing is left to do. */
static int
resume(struct plain *p, struct fail *why)
{
	struct state *s = &p->state;
	struct out *out = &p->d.out;

	p->mark.records = s->records;
	if (s->complete && out_is_renamed(out, s->bytes)) {
		out_forget(out);
		return bookmark_restore(&p->mark, s->mark, why) < 0 ? -1 : 1;
	}
	if (out->temp && out_cut(out, s->bytes, why) < 0)
		return -1;
	p->d.n.out = s->records;
	p->run.doubled = s->doubled;
	if (bookmark_restore(&p->mark, s->mark, why) < 0)
		return -1;
	msg_note("going on after %" PRIu64 " records", s->records);
	return 0;
}

static int
open_state(struct plain *p, struct fail *why)
{
	const struct fetch_opts *o = p->f->o;
	int k;

	if (!o->state)
		return 0;
	if (out_lock(&p->d.out, why) < 0)
		return -1;
	k = state_load(&p->state, o->state, p->f->query, why);
	if (k < 0)
		return -1;
	p->run.checkpoint = on_checkpoint;
	p->run.ctx = p;
	if (k > 0)
		return resume(p, why);
	/* a .part of a fetch that nobody remembers */
	return p->d.out.temp ? out_cut(&p->d.out, 0, why) : 0;
}

/* ---- calls ---- */

/* What the state of this path and step holds is for this call alone. */
static void
begin_call(struct plain *p)
{
	p->run.resume = p->state.page;
	p->run.skip = p->state.skip;
	p->run.doubled = p->state.doubled;
	p->state.page.p = NULL;
	p->state.skip = 0;
}

/* A call is over; the next one is the next step, or the next path. */
static int
end_call(struct plain *p, bool step, struct fail *why)
{
	p->state.path_number += !step;
	p->state.step = step ? p->state.step + 1 : 0;
	p->state.page.p = NULL;
	p->state.skip = p->run.doubled = 0;
	if (step && run_keep_answer(&p->run, &p->answers, &p->state.answers,
	    why) < 0)
		return -1;
	if (!step)
		p->state.answers.p = NULL;
	return p->f->o->state ? save_state(p, why) : 0;
}

static int
do_call(struct plain *p, struct call *c, struct fail *why)
{
	int k;

	p->d.add = c->add;
	p->run.silent = c->more;
	begin_call(p);
	k = run_call(&p->run, c, why);
	p->d.n.bytes = p->run.bytes;
	if (k == 0 && p->ro.raw)
		k = out_write(&p->d.out, p->run.body.p, p->run.body.len, why);
	return k;
}

/* The steps of a named request. */
static int
do_named(struct plain *p, struct fail *why)
{
	struct named_input in = { .vars = buf_str(&p->f->vars),
	    .conf = &p->f->conf };
	struct call c;
	bool more = true;
	int k = 0;

	if (p->state.path_number > 0)
		return 0;               /* all was fetched in another life */
	while (k == 0 && more) {
		in.step = (int)p->state.step;
		in.answers = p->state.answers;
		k = named_call(p->f->named, &in, &c, why);
		if (k == 1 && in.step > 0)
			break;          /* the program has no further step */
		if (k == 1)
			return fail(why, EXIT_USAGE, "request %s yields no "
			    "request", p->f->o->request);
		more = k == 0 && c.more;
		if (k == 0)
			k = fetch_override(p->f, &c, why);
		if (k == 0)
			k = do_call(p, &c, why);
		call_free(&c);
		if (k == 0)
			k = end_call(p, more, why);
	}
	return k < 0 ? -1 : 0;
}

static int
do_paths(struct plain *p, struct fail *why)
{
	struct call c;
	int k = 0;

	while (k == 0 && p->state.path_number < p->f->npaths) {
		k = fetch_raw_call(p->f, (int)p->state.path_number, NULL, NULL,
		    &c, why);
		if (k == 0)
			k = do_call(p, &c, why);
		call_free(&c);
		if (k == 0)
			k = end_call(p, false, why);
	}
	return k;
}

/* May what comes be kept for --cache? The first request tells. */
static int
open_cache(struct plain *p, struct fail *why)
{
	struct named_input in = { .vars = buf_str(&p->f->vars),
	    .conf = &p->f->conf };
	bool fits = false;
	struct call c;
	int k = 0;

	if (p->f->o->cache > 0 && !p->ro.raw && !p->ro.other_parts) {
		memset(&c, 0, sizeof c);
		k = p->f->named ? named_call(p->f->named, &in, &c, why) :
		    fetch_raw_call(p->f, 0, NULL, NULL, &c, why);
		fits = k == 0 && cache_fits(&c);
		call_free(&c);
		if (k == 0 && !fits)
			msg_note("not kept for --cache: what it does, not "
			    "what it says, is the point of this request");
	}
	return k < 0 ? -1 : cache_open(&p->cache, p->f, NULL, fits, why);
}

static int
do_all(struct plain *p, struct fail *why)
{
	int k = cache_find(&p->cache, &p->d.taker, why);

	if (k != 0)
		return k < 0 ? -1 : 0;  /* 1: it was all there */
	p->d.copy = cache_add;
	p->d.copy_ctx = &p->cache;
	if (p->f->named)
		k = do_named(p, why);
	else
		k = do_paths(p, why);
	return k == 0 && p->d.n.rejected == 0 && p->run.left_out == 0 ?
	    cache_keep(&p->cache, why) : k;
}

/* ---- the end ---- */

/* All records are out: the file gets its name, the bookmark its value, and
 * the state goes, in this order. */
static int
finish(struct plain *p, struct fail *why)
{
	if (p->f->o->state) {
		p->state.complete = true;
		if (save_state(p, why) < 0)
			return -1;
	}
	if (out_close(&p->d.out, why) < 0 ||
	    bookmark_save(&p->mark, why) < 0)
		return -1;
	return p->f->o->state ? state_remove(&p->state, why) : 0;
}

static int
open_all(struct plain *p, struct fail *why)
{
	struct fetch *f = p->f;
	const struct fetch_opts *o = f->o;

	if (deliver_open(&p->d, &o->filter, NULL, o->state != NULL, why) < 0)
		return -1;
	p->d.max_records = (uint64_t)o->max_records;
	p->d.total = &p->run.page.total;
	p->ro.other_parts = o->other_parts;
	p->ro.pages = o->pages;
	p->ro.raw = o->raw;
	p->ro.max_pages = o->max_pages;
	p->ro.deadline = o->max_time > 0 ? clock_mono() +
	    (int64_t)(o->max_time * 1e9) : 0;
	p->ro.interval = o->interval;
	p->ro.max_wait = o->client.max_wait;
	p->ro.max_record = o->filter.max_record;
	p->ro.keep_rejects = o->filter.reject != NULL;
	p->ro.prefix = f->prefix;
	p->ro.jobs = (int)o->filter.jobs;
	p->run.client = f->client;
	p->run.opts = &p->ro;
	p->run.taker = &p->d.taker;
	if (wire_open(&p->run.wire, f->client, why) < 0)
		return -1;
	return bookmark_watch(&p->mark, f, &p->d.taker, &p->run.taker, why);
}

static void
close_all(struct plain *p)
{
	run_free(&p->run);
	wire_close(p->run.wire);
	state_free(&p->state);
	cache_close(&p->cache);
	bookmark_free(&p->mark);
	buf_free(&p->answers);
	buf_free(&p->page);
	buf_free(&p->value);
}

int
fetch_plain(struct fetch *f)
{
	struct buf empty = BUF_INIT(BUF_DOC);
	struct plain p;
	struct fail why;
	uint64_t sent;
	int code = 0, k = 0;

	memset(&p, 0, sizeof p);
	why.code = EXIT_MACHINE;
	why.text[0] = '\0';
	p.f = f;
	p.answers = p.page = p.value = empty;
	run_init(&p.run);
	if (open_all(&p, &why) < 0 || open_cache(&p, &why) < 0 ||
	    (k = open_state(&p, &why)) < 0)
		code = why.code;
	else if (k == 1)
		msg_note("the fetch was complete already");
	else if (do_all(&p, &why) < 0 || finish(&p, &why) < 0)
		code = why.code;
	if (k == 1 && code == 0 && (bookmark_save(&p.mark, &why) < 0 ||
	    state_remove(&p.state, &why) < 0))
		code = why.code;
	client_counts(f->client, &sent, &p.d.n.retried);
	if (p.run.left_out)
		msg_note("%" PRIu64 " parts that are no JSON left out: "
		    "--other-parts DIR keeps them", p.run.left_out);
	code = deliver_close(&p.d, code, &why);
	close_all(&p);
	return code;
}
