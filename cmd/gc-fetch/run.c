/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

#include "base/clock.h"
#include "base/stop.h"
#include "json/write.h"
#include "net/problem.h"
#include "poll.h"

void
run_init(struct run *r)
{
	struct buf body = BUF_INIT(BUF_DOC), line = BUF_INIT(BUF_LINE);

	memset(r, 0, sizeof *r);
	r->body = r->before = body;
	r->first = r->answered = r->line = line;
}

static void
free_expr(struct kept_expr *k)
{
	expr_close(k->e);
	free(k->text);
	k->e = NULL;
	k->text = NULL;
}

void
run_free(struct run *r)
{
	free_expr(&r->items);
	free_expr(&r->map);
	free_expr(&r->until);
	free_expr(&r->failed);
	free(r->list);
	doubled_free(&r->ids);
	buf_free(&r->body);
	buf_free(&r->before);
	buf_free(&r->first);
	buf_free(&r->answered);
	buf_free(&r->line);
	ahead_close(&r->ahead);
}

/* ---- expressions ---- */

/* "entities" is short for ".entities". */
static bool
is_bare_name(const char *s)
{
	if (!isalpha((unsigned char)*s) && *s != '_')
		return false;
	while (isalnum((unsigned char)*s) || *s == '_')
		s++;
	return *s == '\0';
}

struct expr *
run_expr(struct kept_expr *k, const char *text, const char *what,
    struct fail *why)
{
	struct buf path = BUF_INIT(BUF_PROG);

	if (k->e && strcmp(k->text, text) == 0)
		return k->e;
	free_expr(k);
	buf_addf(&path, "%s%s", is_bare_name(text) ? "." : "", text);
	k->text = strdup(text);
	if (!k->text || path.err)
		fail(why, EXIT_MACHINE, "out of memory");
	else
		expr_open(&k->e, buf_str(&path), what, why);
	buf_free(&path);
	return k->e;
}

/* ---- records ---- */

static int
hand_out(struct run *r, struct json_val v, struct fail *why)
{
	int k;

	if (r->silent)
		return 0;
	k = r->taker->record(r->taker->ctx, v, why);
	if (k == 0)
		r->taken++;
	if (k == TAKE_ENOUGH)
		r->enough = true;
	return k;
}

static int
add_to_list(struct run *r, struct json_val v, struct fail *why)
{
	struct json_val *more;

	if (r->nlist == r->list_cap) {
		r->list_cap = r->list_cap ? 2 * r->list_cap : 256;
		more = realloc(r->list, r->list_cap * sizeof *more);
		if (!more)
			return fail(why, EXIT_MACHINE, "out of memory");
		r->list = more;
	}
	r->list[r->nlist++] = v;
	return 0;
}

static int
add_elements(struct run *r, struct json_val array, struct fail *why)
{
	struct json_iter it = json_iter(array);

	while (json_next(&it))
		if (add_to_list(r, it.val, why) < 0)
			return -1;
	return 0;
}

/* The call's own rule: one array gives its elements, else every result but
 * null is a record. */
static int
find_items(struct run *r, struct json_val answer, struct fail *why)
{
	struct expr *e = run_expr(&r->items, r->call->items, "items", why);
	size_t i;

	if (!e)
		return -1;
	if (expr_eval(e, answer, why) < 0) {
		why->code = EXIT_SERVICE;
		return -1;
	}
	if (e->n == 1 && json_type(e->v[0]) == JSON_ARRAY)
		return add_elements(r, e->v[0], why);
	for (i = 0; i < e->n; i++)
		if (json_type(e->v[i]) != JSON_NULL &&
		    add_to_list(r, e->v[i], why) < 0)
			return -1;
	return 0;
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

/* ---- what an answer holds ---- */

static int
no_json(struct run *r, const struct json_err *err, struct fail *why)
{
	fail(why, EXIT_SERVICE, "the answer is no JSON (%s, Content-Type %s):"
	    " --raw writes it as it is", err->text,
	    r->type[0] ? r->type : "none");
	return problem_place(call_method(r->call), buf_str(&r->answered),
	    why);
}

static int
take_lines(struct run *r, struct fail *why)
{
	const char *p = r->body.p, *end = p + r->body.len, *nl;
	struct json_val v;
	struct json_err err;
	int k = 0;

	for (; k == 0 && p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		nl = nl ? nl : end;
		if (strspn(p, " \t\r") >= (size_t)(nl - p))
			continue;
		if (json_check(p, (size_t)(nl - p), &v, &err) < 0)
			return no_json(r, &err, why);
		k = hand_out(r, v, why);
	}
	return k < 0 ? -1 : 0;
}

/* A record, or what the call's map makes of it: any number of records. */
static int
hand_out_mapped(struct run *r, struct json_val v, struct fail *why)
{
	size_t i;
	int k;

	if (!r->call->map)
		return hand_out(r, v, why);
	if (expr_eval(r->map.e, v, why) < 0) {
		why->code = EXIT_SERVICE;
		return -1;
	}
	for (i = 0; i < r->map.e->n; i++)
		if ((k = hand_out(r, r->map.e->v[i], why)) != 0)
			return k;
	return 0;
}

static int
hand_out_list(struct run *r, struct fail *why)
{
	size_t i = r->skip < r->nlist ? (size_t)r->skip : r->nlist;
	int k;

	if (r->silent)
		return 0;
	for (; i < r->nlist; i++) {
		if ((k = hand_out_mapped(r, r->list[i], why)) < 0)
			return -1;
		if (k == TAKE_ENOUGH)
			break;
	}
	r->skip = i;
	return 0;
}

/* {"totalHits":0}, and no list at all? */
static bool
says_none(struct json_val answer)
{
	static const char *const names[] = { "total", "totalHits",
	    "totalCount", "totalResults" };
	struct json_val v;
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		if (json_get(answer, names[i], &v) &&
		    json_type(v) == JSON_NUMBER)
			return json_double(v) == 0;
	return false;
}

/* Finds the records of a page in its answer. Returns as page_next() does. */
static int
read_page(struct run *r, struct json_val answer, struct fail *why)
{
	bool as_it_is = r->opts->pages || r->opts->whole;
	struct page *p = &r->page;
	int more, k = 0;

	r->nlist = 0;
	if (r->call->items && !as_it_is) {
		if (find_items(r, answer, why) < 0)
			return -1;
		more = page_next(p, answer, (int64_t)r->nlist, why);
		if (p->again)
			r->nlist = 0;
		return more;
	}
	more = page_next(p, answer, -1, why);
	if (p->again || (more < 0 && !p->good))
		return more;
	if (as_it_is)
		k = add_to_list(r, answer, why);
	else if (p->has_list)
		k = add_elements(r, p->list, why);
	else if (!says_none(answer))    /* else a list that is not there */
		k = add_to_list(r, answer, why);
	return k < 0 ? -1 : more;
}

/* A page's answer: its records out, also where no way leads on from it; the
 * next page's request ready. */
static int
take_page(struct run *r, struct fail *why)
{
	struct json_val answer;
	struct json_err err;
	int more = 0;

	if (r->multipart)
		return parts_end(&r->parts, why);
	if (media_kind(r->type, strlen(r->type)) == MEDIA_NDJSON)
		return take_lines(r, why);
	if (r->body.len == 0 && !r->opts->pages &&
	    media_kind(r->type, strlen(r->type)) == MEDIA_MULTIPART)
		return fail(why, EXIT_SERVICE, "a multipart answer of no bytes");
	if (r->body.len == 0)
		return 0;
	if (json_check(r->body.p, r->body.len, &answer, &err) < 0)
		return no_json(r, &err, why);
	buf_clear(&r->before);
	if (r->checkpoint)
		page_save(&r->page, &r->before);
	more = read_page(r, answer, why);
	if (more < 0)
		problem_place(call_method(r->call), buf_str(&r->answered),
		    why);
	if (more < 0 && !r->page.good)
		return -1;
	if ((more || r->paged) && !r->opts->pages &&
	    doubled_count(&r->ids, r->list, r->nlist, &r->doubled, why) < 0)
		return -1;
	r->paged = true;
	if (hand_out_list(r, why) < 0)
		return -1;
	return more;
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
	return hand_out(ctx, v, why);
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
	if ((c->items && !run_expr(&r->items, c->items, "items", why)) ||
	    (c->map && !run_expr(&r->map, c->map, "map", why)) ||
	    (c->poll.until &&
	    !run_expr(&r->until, c->poll.until, "poll", why)) ||
	    (c->poll.failed &&
	    !run_expr(&r->failed, c->poll.failed, "poll.failed", why)))
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
		more = take_page(r, why);
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
