/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

#include "base/clock.h"
#include "base/stop.h"
#include "json/write.h"
#include "poll.h"

void
run_init(struct run *r)
{
	struct buf body = BUF_INIT(BUF_DOC), line = BUF_INIT(BUF_LINE);

	memset(r, 0, sizeof *r);
	r->body = r->before = body;
	r->first = r->answered = r->line = line;
}

void
run_free(struct run *r)
{
	kept_expr_free(&r->items);
	kept_expr_free(&r->map);
	kept_expr_free(&r->until);
	kept_expr_free(&r->failed);
	free(r->list);
	doubled_free(&r->ids);
	buf_free(&r->body);
	buf_free(&r->before);
	buf_free(&r->first);
	buf_free(&r->answered);
	buf_free(&r->line);
	ahead_close(&r->ahead);
}

int
run_keep_answer(const struct run *r, struct buf *b, struct json_val *all,
    struct fail *why)
{
	struct buf fresh = BUF_INIT(BUF_DOC);
	struct json_val body;

	if (all->p)
		buf_add(&fresh, all->p, all->n - 1);
	else
		buf_putc(&fresh, '[');
	json_sep(&fresh);
	if (json_check(r->body.p, r->body.len, &body, NULL) == 0)
		json_one_line(&fresh, body.p, body.n);
	else
		buf_str_add(&fresh, "null");
	buf_putc(&fresh, ']');
	buf_free(b);
	*b = fresh;
	all->p = buf_str(b);
	all->n = b->len;
	return b->err ? fail(why, EXIT_MACHINE, "out of memory") : 0;
}

/* ---- limits and promises ---- */

/* The taker wants no more: where to go on, and that it is not all. */
static int
stopped(struct run *r, struct fail *why)
{
	if (r->checkpoint && !r->multipart &&
	    r->checkpoint(r->ctx, r, &r->before, r->skip, why) < 0)
		return -1;
	return fail(why, EXIT_INCOMPLETE, "--max-records is reached, and there "
	    "are more");
}

static int
check_limits(struct run *r, struct fail *why)
{
	const struct run_opts *o = r->opts;

	if (stop_asked())
		return fail(why, EXIT_INCOMPLETE, "interrupted");
	if (o->max_pages && r->page.pages >= (uint64_t)o->max_pages)
		return fail(why, EXIT_INCOMPLETE,
		    "--max-pages is reached, and there are more");
	if (o->deadline && clock_mono() >= o->deadline)
		return fail(why, EXIT_INCOMPLETE,
		    "--max-time is over, and there are more pages");
	return 0;
}

/* Is everything there that the service spoke of? */
static int
check_complete(struct run *r, struct fail *why)
{
	const struct page *p = &r->page;
	uint64_t distinct = p->records - r->doubled;

	if (p->total < 0 && doubled_moved(&r->ids) > 0)
		return fail(why, EXIT_INCOMPLETE, "%" PRIu64 " records came "
		    "twice, on one page and the next: the list changed while "
		    "it was read", doubled_moved(&r->ids));
	if (p->total < 0 || r->multipart || distinct >= (uint64_t)p->total ||
	    (r->call->paginate && p->style.kind == STYLE_ONE) ||
	    (!p->has_list && !r->call->items) ||
	    (r->call->items && (strcmp(r->call->items, ".") == 0 ||
	    !expr_is_path(r->items.e))))
		return 0;
	if (p->records >= (uint64_t)p->total)
		return fail(why, EXIT_INCOMPLETE, "%" PRIu64 " of %" PRId64
		    " records came, but %" PRIu64 " of them twice: the list "
		    "changed while it was read", p->records, p->total,
		    r->doubled);
	return fail(why, EXIT_INCOMPLETE, "only %" PRIu64 " of %" PRId64
	    " records came", distinct, p->total);
}

/* ---- a call ---- */

static int
take_part(void *ctx, struct json_val v, struct fail *why)
{
	return run_hand_out(ctx, v, why);
}

static int
take_reject(void *ctx, const struct envelope *e, struct fail *why)
{
	struct run *r = ctx;

	return r->taker->reject(r->taker->ctx, e, why);
}

/* What does not compile is told before anything is sent. */
static int
compile(struct run *r, const struct call *c, struct fail *why)
{
	if ((c->items && !kept_expr_get(&r->items, c->items, "items", why)) ||
	    (c->map && !kept_expr_get(&r->map, c->map, "map", why)) ||
	    (c->poll.until &&
	    !kept_expr_get(&r->until, c->poll.until, "poll", why)) ||
	    (c->poll.failed &&
	    !kept_expr_get(&r->failed, c->poll.failed, "poll.failed", why)))
		return -1;
	return 0;
}

static int
begin(struct run *r, const struct call *call, struct fail *why)
{
	struct buf *url = &r->first;
	bool bare = !call->body && (strcmp(call_method(call), "GET") == 0 ||
	    strcmp(call_method(call), "HEAD") == 0);
	int k;

	r->call = call;
	r->taken = 0;
	r->enough = r->paged = r->multipart = false;
	doubled_begin(&r->ids);
	r->from_parts.record = take_part;
	r->from_parts.reject = take_reject;
	r->from_parts.ctx = r;
	parts_init(&r->parts, &r->from_parts);
	r->parts.dir = r->opts->other_parts;
	r->parts.max_record = r->opts->max_record;
	r->parts.keep_rejects = r->opts->keep_rejects;
	r->parts.wire = true;
	r->parts.file = call->path;
	k = compile(r, call, why);
	if (k == 0)
		k = client_url(r->client, call->path, NULL, url, why);
	if (k == 0)
		k = client_permits(r->client, call, buf_str(url), NULL, why);
	if (page_open(&r->page, call->paginate, why) < 0)
		k = -1;
	r->page.prefix = r->opts->prefix;
	if (k == 0 && r->resume.p)
		k = page_load(&r->page, r->resume, why);
	else if (k == 0)
		k = page_begin(&r->page, buf_str(url), !bare, call->body,
		    call->nbody, why);
	return k;
}

/* After an exchange that failed: what came of a multipart body is told. */
static int
give_up(struct run *r, struct fail *why)
{
	struct fail cut;

	if (r->enough)
		return stopped(r, why);
	if (r->multipart && r->parts.begun && wire_answer(r->wire)->broken != HTTP_STOPPED &&
	    parts_end(&r->parts, &cut) < 0 && cut.code != EXIT_SERVICE)
		*why = cut;             /* the rejects could not be written */
	return -1;
}

/* Asks for pages before their turn, where they can be known. */
static int
look_ahead(struct run *r, struct fail *why)
{
	const struct run_opts *o = r->opts;
	uint64_t most = o->max_pages ?
	    (uint64_t)o->max_pages - r->page.pages : UINT64_MAX;

	if (o->jobs < 2 || r->call->poll.until)
		return 0;
	if (!r->ahead.n && ahead_open(&r->ahead, o->jobs, r->client, why) < 0)
		return -1;
	return ahead_ask(&r->ahead, &r->page, r->call, buf_str(&r->first),
	    most, why);
}

static int
pages(struct run *r, struct fail *why)
{
	uint64_t taken;
	int more;

	do {
		taken = r->taken;
		if ((r->call->poll.until ? poll_until(r, why) :
		    run_send(r, 0, why)) < 0)
			return give_up(r, why);
		if (r->opts->raw)
			return client_done(r->client, &r->line, 0, why);
		more = run_take_page(r, why);
		if (client_done(r->client, &r->line, r->taken - taken,
		    more < 0 ? NULL : why) < 0 || more < 0)
			return -1;
		if (r->enough)
			return stopped(r, why);
		r->skip = 0;
		if (r->checkpoint && more &&
		    r->checkpoint(r->ctx, r, NULL, 0, why) < 0)
			return -1;
		if (more && (check_limits(r, why) < 0 ||
		    look_ahead(r, why) < 0))
			return -1;
	} while (more);
	return check_complete(r, why);
}

int
run_call(struct run *r, const struct call *call, struct fail *why)
{
	int k = begin(r, call, why);

	if (k == 0)
		k = pages(r, why);
	ahead_drop(&r->ahead);
	r->left_out += r->opts->other_parts ? 0 : r->parts.other;
	parts_free(&r->parts);
	page_free(&r->page);
	return k;
}
