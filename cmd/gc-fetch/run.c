/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"

#include "base/clock.h"
#include "base/rng.h"
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
	free(r->ids.v);
	free(r->ids_before.v);
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

/* ---- records that come twice ---- */

static int
by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static bool
has_id(const struct ids *ids, uint64_t id)
{
	return ids->n && bsearch(&id, ids->v, ids->n, sizeof id, by_value);
}

/* By which name the records of this list are known. */
static const char *
name_of_id(struct json_val record)
{
	static const char *const names[] = { "id", "conversationId",
	    "groupId", "userId" };
	struct json_val v;
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		if (json_get(record, names[i], &v))
			return names[i];
	return "id";
}

/* Counts the records whose id stood on the page before, or twice on this
 * one: records that moved from page to page while we read. */
static int
count_doubled(struct run *r, struct fail *why)
{
	struct ids old = r->ids_before;
	uint64_t *more;
	struct json_val id;
	size_t i;

	if (r->nlist && !r->id_name)
		r->id_name = name_of_id(r->list[0]);
	r->ids_before = r->ids;
	r->ids = old;
	r->ids.n = 0;
	if (r->ids.cap < r->nlist) {
		more = realloc(r->ids.v, r->nlist * sizeof *more);
		if (!more)
			return fail(why, EXIT_MACHINE, "out of memory");
		r->ids.v = more;
		r->ids.cap = r->nlist;
	}
	for (i = 0; i < r->nlist; i++)
		if (json_get(r->list[i], r->id_name, &id))
			r->ids.v[r->ids.n++] = rng_hash(0, id.p, id.n);
	if (r->ids.n == 0)
		return 0;
	qsort(r->ids.v, r->ids.n, sizeof *r->ids.v, by_value);
	for (i = 0; i < r->ids.n; i++)
		r->doubled += (i && r->ids.v[i] == r->ids.v[i - 1]) ||
		    has_id(&r->ids_before, r->ids.v[i]);
	return 0;
}

/* ---- one exchange ---- */

/* A 2xx body: to the parts, or kept. */
static int
on_body(void *ctx, const struct http_answer *a, const void *p, size_t n,
    struct fail *why)
{
	const char *type = http_header(a, "Content-Type");
	char boundary[MULTIPART_BOUNDARY + 1];
	struct run *r = ctx;
	int k;

	if (!r->parts.begun && !r->multipart && r->body.len == 0 && type &&
	    !r->opts->raw && !r->opts->pages &&
	    media_kind(type, strlen(type)) == MEDIA_MULTIPART) {
		if (multipart_boundary(type, strlen(type), boundary) < 0 &&
		    multipart_guess(p, n, false, boundary) < 0)
			return fail(why, EXIT_SERVICE,
			    "a multipart answer without a boundary");
		r->multipart = true;
		if (parts_begin(&r->parts, boundary, why) < 0)
			return -1;
	}
	if (r->multipart) {
		k = parts_feed(&r->parts, p, n, why);
		if (k == TAKE_ENOUGH)
			r->enough = true;
		return k ? -1 : 0;
	}
	if (buf_add(&r->body, p, n) == 0)
		return 0;
	return fail(why, errno == ENOMEM ? EXIT_MACHINE : EXIT_SERVICE,
	    errno == ENOMEM ? "out of memory" :
	    "an answer of more than %zu bytes", r->body.max);
}

static void
on_restart(void *ctx)
{
	struct run *r = ctx;

	buf_clear(&r->body);
	parts_restart(&r->parts);
	r->multipart = false;
}

/* What an answer was, whoever fetched it. */
static void
note_answer(struct run *r, const char *type, const char *url, uint64_t bytes)
{
	snprintf(r->type, sizeof r->type, "%s", type ? type : "");
	buf_clear(&r->answered);
	buf_str_add(&r->answered, url);
	r->bytes += bytes;
}

/* The answer is here already. */
static int
adopt(struct run *r, struct ahead_job *j, struct fail *why)
{
	struct buf b;

	note_answer(r, j->type, buf_str(&j->answered), j->bytes);
	b = r->body;
	r->body = j->answer;
	j->answer = b;
	b = r->line;
	r->line = j->line;
	j->line = b;
	if (j->result < 0)
		*why = j->why;
	return j->result;
}

int
run_send(struct run *r, double max_wait, struct fail *why)
{
	struct wire_request req = { .url = buf_str(&r->page.url),
	    .first = buf_str(&r->first),
	    .max_wait = max_wait, .sink = on_body, .restart = on_restart,
	    .ctx = r };
	struct call now = *r->call;
	struct ahead_job *job;
	struct buf unused = BUF_INIT(BUF_DOC);
	int k;

	on_restart(r);
	if ((job = ahead_take(&r->ahead, &r->page)))
		return adopt(r, job, why);
	if (!r->page.post) {            /* a link: no body goes along */
		now.method = (char *)(uintptr_t)
		    (strcmp(call_method(r->call), "HEAD") ? "GET" : "HEAD");
		now.body = NULL;
	}
	req.call = &now;
	if (r->page.post && now.body) {
		req.body = buf_str(&r->page.body);
		req.nbody = r->page.body.len;
	}
	k = wire_send(r->wire, &req, why);
	note_answer(r, http_header(wire_answer(r->wire), "Content-Type"),
	    wire_url(r->wire), wire_answer(r->wire)->bytes);
	wire_hand_over(r->wire, &unused, &r->line);
	buf_free(&unused);
	return k;
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
	int more;

	r->nlist = 0;
	if (as_it_is && add_to_list(r, answer, why) < 0)
		return -1;
	if (r->call->items && !as_it_is) {
		if (find_items(r, answer, why) < 0)
			return -1;
		return page_next(p, answer, (int64_t)r->nlist, why);
	}
	more = page_next(p, answer, -1, why);
	if (more < 0 || as_it_is)
		return more;
	if (p->has_list)
		return add_elements(r, p->list, why) < 0 ? -1 : more;
	if (says_none(answer))
		return more;            /* a list that is not even there */
	return add_to_list(r, answer, why) < 0 ? -1 : more;
}

/* A page's answer: its records out, the next page's request ready. */
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
	if (r->body.len == 0)
		return 0;
	if (json_check(r->body.p, r->body.len, &answer, &err) < 0)
		return no_json(r, &err, why);
	buf_clear(&r->before);
	if (r->checkpoint)
		page_save(&r->page, &r->before);
	if ((more = read_page(r, answer, why)) < 0)
		return problem_place(call_method(r->call),
		    buf_str(&r->answered), why);
	if ((more || r->paged) && !r->opts->pages &&
	    count_doubled(r, why) < 0)
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
	r->ids.n = r->ids_before.n = 0;
	r->id_name = NULL;
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
