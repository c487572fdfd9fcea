/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "send.h"
#include "put.h"

#include "base/clock.h"
#include "base/num.h"
#include "json/block.h"
#include "json/edit.h"
#include "json/write.h"
#include "net/digest.h"
#include "net/named.h"
#include "net/problem.h"
#include "net/wire.h"

#define WIDEST ((size_t)4 << 20)        /* of an answer that is indexed whole */

struct sender {
	struct service *service;
	struct wire *wire;
	struct named *named;
	struct call call;
	struct buf url, body;
	struct buf same;        /* what all scores of an answer share */
	struct buf text;        /* the answer, as a line */
	struct json_block *block;       /* checks it */
	const char *tail;       /* of call.body: what comes after the mark */
	size_t head;            /* bytes before it */
	const char *items;      /* where the scores are in an answer */
};

/* What an answer says beside its scores. */
struct told {
	struct json_val model, version;         /* p NULL: nothing */
	double latency;                         /* ms, of the request */
	char at[TIME_MAX];
	char key[DIGEST_HEX];
};

/* ---- the request ---- */

static int
make_call(struct sender *s, struct fail *why)
{
	struct named_input in = { .vars = s->service->vars,
	    .conf = s->service->conf };
	const char *mark;
	int r;

	if (named_open(&s->named, s->service->request,
	    conf_get(s->service->conf, CONF_API), why) < 0 ||
	    (r = named_call(s->named, &in, &s->call, why)) < 0)
		return -1;
	mark = r == 0 && s->call.body ?
	    strstr(s->call.body, "\"" SEND_MARK "\"") : NULL;
	if (!mark)
		return fail(why, EXIT_USAGE, "the request '%s' does not send "
		    "the contacts that it is given: this set of requests (%s) "
		    "scores no batches", s->service->request,
		    conf_get(s->service->conf, CONF_API));
	if (s->call.map || s->call.add || s->call.poll.until || s->call.more)
		return fail(why, EXIT_USAGE, "the request '%s' asks for more "
		    "than one answer as it is", s->service->request);
	s->head = (size_t)(mark - s->call.body);
	s->tail = mark + strlen(SEND_MARK) + 2;
	s->items = s->call.items ? s->call.items : "results";
	if (*s->items == '.')
		s->items++;
	return client_url(s->service->client, s->call.path, NULL, &s->url, why);
}

int
sender_open(struct sender **out, struct service *service, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_DOC);
	struct sender *s = calloc(1, sizeof *s);

	*out = s;
	if (!s)
		return fail(why, EXIT_MACHINE, "out of memory");
	s->service = service;
	s->url = s->body = s->same = s->text = b;
	if (json_block_open(&s->block, why) < 0 || make_call(s, why) < 0)
		return -1;
	return wire_open(&s->wire, service->client, why);
}

size_t
sender_overhead(const struct sender *s)
{
	return s->head + strlen(s->tail) + 2;
}

void
sender_close(struct sender *s)
{
	if (!s)
		return;
	if (s->wire)
		wire_close(s->wire);
	call_free(&s->call);
	named_close(s->named);
	buf_free(&s->url);
	buf_free(&s->body);
	buf_free(&s->same);
	buf_free(&s->text);
	json_block_close(s->block);
	free(s);
}

/* The body of some contacts, and its key: the same contacts for the same
 * model have the same, whenever they are sent. */
static int
make_body(struct sender *s, const struct chunk *c, size_t from, size_t end,
    struct told *t, struct fail *why)
{
	char line[DIGEST_HEX + 20];
	const char *version = s->service->version;
	struct digest d;

	buf_clear(&s->body);
	buf_add(&s->body, s->call.body, s->head);
	buf_putc(&s->body, '[');
	buf_add(&s->body, c->text.p + from, end - from);
	buf_putc(&s->body, ']');
	buf_str_add(&s->body, s->tail);
	if (s->body.err || digest_init(&d, why) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	digest_add(&d, s->service->model, strlen(s->service->model) + 1);
	digest_add(&d, version ? version : "", version ? strlen(version) : 0);
	digest_add(&d, "", 1);
	digest_add(&d, s->body.p, s->body.len);
	if (digest_end(&d, t->key, why) < 0)
		return -1;
	snprintf(line, sizeof line, "Idempotency-Key: %s", t->key);
	return call_header(&s->call, line) < 0 ?
	    fail(why, EXIT_MACHINE, "out of memory") : 0;
}

/* ---- the answer ---- */

static int
broken(const struct sender *s, struct fail *why, const char *what,
    struct json_val id)
{
	return fail(why, EXIT_SERVICE, "%s: %s%s%.*s", buf_str(
	    &((struct sender *)(uintptr_t)s)->url), what, id.n ? " " : "",
	    (int)(id.n > 80 ? 80 : id.n), id.n ? id.p : "");
}

static const struct json_val nothing = { "", 0 };

static bool
is_number(struct json_val v)
{
	return v.p && (*v.p == '-' || (*v.p >= '0' && *v.p <= '9'));
}

/* A member that is looked for: a name as it is spelled, quotes and all, and a
 * colon. */
struct wanted {
	const char *name;
	size_t n;               /* without the colon */
};

#define WANTED(name) { "\"" name "\":", sizeof(name) + 1 }

static const char *
past_blank(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' ||
	    *p == '\r'))
		p++;
	return p;
}

/* Walks the object that begins at p, in checked text that goes on to end:
 * v[i] becomes the last member of wanted[i], p NULL where there is none. One
 * walk for all of them, their usual order tried first. Returns what is behind
 * the object. */
static const char *
pick(const char *p, const char *end, const struct wanted wanted[],
    struct json_val v[], int n)
{
	struct json_iter it = { .at = p + 1, .end = end, .key = { "", 0 } };
	int i, k, next = 0;

	for (i = 0; i < n; i++)
		v[i].p = NULL;
	for (; next < n && json_next_is(&it, wanted[next].name,
	    wanted[next].n + 1); next++)
		v[next] = it.val;
	while (*(p = past_blank(it.at, end)) != '}') {
		json_next(&it);
		for (k = 0; k < n; k++) {
			i = (next + k) % n;
			if ((it.key.n == wanted[i].n && memcmp(it.key.p,
			    wanted[i].name, it.key.n) == 0) ||
			    (memchr(it.key.p, '\\', it.key.n) &&
			    json_is_n(it.key, wanted[i].name + 1,
			    wanted[i].n - 2))) {
				v[i] = it.val;
				next = i + 1;
				break;
			}
		}
	}
	return p + 1;
}

/* The item with an id: mostly they come as they were sent, so that the next one
 * is tried first. Or SIZE_MAX. */
static size_t
find(struct chunk *c, struct json_val id, size_t next, size_t hi)
{
	struct json_val that;

	while (next < hi && c->v[next].n == 0)
		next++;
	if (next < hi) {
		that = chunk_id(c, next);
		if (that.n == id.n && memcmp(that.p, id.p, id.n) == 0)
			return next;
	}
	return chunk_find(c, id);
}

/* One of the scores, to the contact that it belongs to, *next if in order; *p,
 * where it begins, moves behind it. */
static int
match(struct sender *s, struct chunk *c, size_t lo, size_t hi, size_t *next,
    const char **p, const char *end, struct fail *why)
{
	static const struct wanted members[] = { WANTED("contactId"),
	    WANTED("score"), WANTED("confidenceInterval") };
	static const struct wanted bounds[] = { WANTED("lower"),
	    WANTED("upper") };
	struct json_val got[COUNT(members)], bound[COUNT(bounds)], id;
	struct item *item;
	size_t i;

	if (**p != '{')
		return broken(s, why, "a score without contactId", nothing);
	*p = pick(*p, end, members, got, COUNT(members));
	id = got[0];
	if (!id.p || json_type(id) != JSON_STRING)
		return broken(s, why, "a score without contactId", nothing);
	i = find(c, id, *next, hi);
	if (i == SIZE_MAX || i < lo || i >= hi || c->v[i].n == 0)
		return broken(s, why, "a score of a contact that was not "
		    "sent:", id);
	item = &c->v[i];
	*next = i + 1;
	if (item->score.p)
		return broken(s, why, "two scores of the contact", id);
	bound[0].p = bound[1].p = NULL;
	if (got[2].p && *got[2].p == '{')
		pick(got[2].p, end, bounds, bound, COUNT(bounds));
	if (!is_number(got[1]) || !is_number(bound[0]) ||
	    !is_number(bound[1]))
		return broken(s, why, "no score with an interval for the "
		    "contact", id);
	item->score = got[1];
	item->low = bound[0];
	item->high = bound[1];
	return 0;
}

/* The answer, checked; mostly it is one line, whose members are noted while
 * that is done. */
static int
read_answer(struct sender *s, struct json_line *line, struct fail *why)
{
	const struct http_answer *a = wire_answer(s->wire);
	struct buf *b = &s->text;

	buf_clear(b);
	buf_add(b, a->body.p, a->body.len);
	buf_chomp(b);
	buf_putc(b, '\n');
	if (b->err || json_block_widen(s->block, b->len < WIDEST ? b->len :
	    WIDEST, why) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	json_block_set(s->block, b->p, b->len);
	if (json_block_next(s->block, line) == BLOCK_VALUE &&
	    line->n + 1 == b->len)
		return 0;
	line->members.v = NULL;
	return json_check(b->p, b->len, &line->val, &line->err) == 0 ? 0 :
	    fail(why, EXIT_SERVICE, "%s: the answer is no JSON: %s at byte "
	    "%zu", buf_str(&s->url), line->err.text, line->err.offset + 1);
}

static bool
get(const struct json_line *line, const char *name, struct json_val *v)
{
	return line->members.v ? json_member(&line->members, name,
	    strlen(name), v) : json_get(line->val, name, v);
}

static int
match_all(struct sender *s, struct chunk *c, size_t lo, size_t hi,
    struct told *t, struct fail *why)
{
	struct json_line line;
	struct json_val list, v;
	const char *p, *end;
	size_t i, next = lo;

	for (i = lo; i < hi; i++)
		c->v[i].score.p = NULL;
	if (read_answer(s, &line, why) < 0)
		return -1;
	if ((!get(&line, s->items, &list) &&
	    !json_path(line.val, s->items, &list)) ||
	    json_type(list) != JSON_ARRAY)
		return broken(s, why, "an answer without scores", nothing);
	end = list.p + list.n - 1;      /* on the closing bracket */
	for (p = past_blank(list.p + 1, end); p < end; ) {
		if (match(s, c, lo, hi, &next, &p, end, why) < 0)
			return -1;
		p = past_blank(p, end);
		if (*p == ',')
			p = past_blank(p + 1, end);
	}
	for (i = lo; i < hi; i++)
		if (c->v[i].n && !c->v[i].score.p)
			return broken(s, why, "no score of the contact",
			    chunk_id(c, i));
	t->model.p = t->version.p = NULL;
	if (get(&line, "modelId", &v) && json_type(v) == JSON_STRING)
		t->model = v;
	if (get(&line, "modelVersion", &v) &&
	    (json_type(v) == JSON_STRING || json_type(v) == JSON_NUMBER))
		t->version = v;
	return 0;
}

/* ---- what is written ---- */

static void
put_flags(const struct service *v, const struct item *i, struct buf *b)
{
	double score = json_double(i->score), low = json_double(i->low),
	    high = json_double(i->high);

	if (v->min_width > 0 && high - low < v->min_width) {
		json_sep(b);
		json_cstr(b, "narrow");
	}
	if (v->max_width > 0 && high - low > v->max_width) {
		json_sep(b);
		json_cstr(b, "wide");
	}
	if (score < low || score > high) {
		json_sep(b);
		json_cstr(b, "outside");
	}
	if (score < 0 || score > 1) {
		json_sep(b);
		json_cstr(b, "range");
	}
}

static void
put_model(const struct service *v, const struct told *t, struct buf *b)
{
	json_key(b, "modelId");
	if (t->model.p)
		json_raw(b, t->model);
	else
		json_cstr(b, v->model);
	if (t->version.p) {
		json_key(b, "modelVersion");
		json_raw(b, t->version);
	} else if (v->version) {
		json_key(b, "modelVersion");
		json_cstr(b, v->version);
	}
}

/* {"contactId","score","confidenceInterval","latencyMs","timestamp",
 * "modelId","modelVersion"?,"imputed","flags"}: without its braces. */
static void
put_score(const struct service *v, const struct chunk *c, size_t i,
    const struct buf *same, struct buf *b)
{
	const struct item *item = &c->v[i];
	struct json_val id = chunk_id(c, i);
	size_t f;

	if (buf_reserve(b, 128 + id.n + item->score.n + item->low.n +
	    item->high.n + same->len) < 0)
		return;
	PUT(b, "\"contactId\":");
	put(b, id.p, id.n);
	PUT(b, ",\"score\":");
	put(b, item->score.p, item->score.n);
	PUT(b, ",\"confidenceInterval\":{\"lower\":");
	put(b, item->low.p, item->low.n);
	PUT(b, ",\"upper\":");
	put(b, item->high.p, item->high.n);
	put(b, same->p, same->len);
	for (f = 0; item->replaced && f < v->features->n; f++)
		if (item->replaced >> f & 1) {
			json_sep(b);    /* its name as it is spelled, no colon */
			buf_add(b, v->features->v[f].key,
			    v->features->v[f].nkey - 1);
		}
	buf_str_add(b, "],\"flags\":[");
	put_flags(v, item, b);
	buf_putc(b, ']');
}

/* The request's own line of the audit. */
static void
audit_batch(struct sender *s, struct chunk *c, size_t n, const struct told *t,
    const char *error)
{
	const struct http_answer *a = wire_answer(s->wire);
	struct buf *b = &c->audit;

	if (!s->service->audited)
		return;
	buf_str_add(b, "{\"kind\":\"batch\"");
	json_key(b, "timestamp");
	json_cstr(b, t->at);
	put_model(s->service, t, b);
	json_key(b, "contacts");
	json_uint(b, n);
	json_key(b, "results");
	json_uint(b, error ? 0 : n);
	json_key(b, "status");
	json_int64(b, a->status);
	json_key(b, "latencyMs");
	json_num(b, t->latency);
	json_key(b, "idempotencyKey");
	json_cstr(b, t->key);
	json_key(b, "features");
	json_cstr(b, s->service->features->digest);
	json_key(b, "version");
	json_cstr(b, GC_VERSION);
	if (error) {
		json_key(b, "error");
		json_cstr(b, error);
	}
	buf_str_add(b, "}\n");
}

static void
write_scores(struct sender *s, struct chunk *c, size_t lo, size_t hi,
    size_t n, const struct told *t)
{
	double share = floor(t->latency / (double)n * 1e6 + 0.5) / 1e6;
	struct buf *same = &s->same;
	size_t i, from;

	buf_clear(same);
	buf_str_add(same, "},\"latencyMs\":");
	json_num(same, share);
	json_key(same, "timestamp");
	json_cstr(same, t->at);
	put_model(s->service, t, same);
	buf_str_add(same, ",\"imputed\":[");
	for (i = lo; i < hi; i++) {
		if (c->v[i].n == 0)
			continue;
		buf_putc(&c->out, '{');
		from = c->out.len;
		put_score(s->service, c, i, same, &c->out);
		buf_add(&c->out, "}\n", 2);
		c->scored++;
		if (s->service->audited && !c->out.err) {
			buf_str_add(&c->audit, "{\"kind\":\"contact\",");
			buf_add(&c->audit, c->out.p + from,
			    c->out.len - from);
		}
	}
}

/* ---- one chunk ---- */

/* 400, 413 and 422 are about what was sent; all others about us. */
static bool
is_about_contacts(const struct http_answer *a)
{
	return a->broken == HTTP_WHOLE && (a->status == 400 ||
	    a->status == 413 || a->status == 422);
}

/* Sends some contacts once; what comes of them is written, unless they are
 * only asked after. Returns 0; 1 where they were refused; -1. */
static int
send_once(struct sender *s, struct chunk *c, size_t lo, size_t hi, size_t n,
    bool keep, struct told *t, struct fail *why)
{
	struct wire_request req = { .call = &s->call,
	    .url = buf_str(&s->url) };
	size_t first = lo, last = hi - 1;
	int r;

	memset(t, 0, sizeof *t);
	while (c->v[first].n == 0)
		first++;
	while (c->v[last].n == 0)
		last--;
	if (make_body(s, c, c->v[first].at, c->v[last].at + c->v[last].n, t,
	    why) < 0)
		return -1;
	req.body = s->body.p;
	req.nbody = s->body.len;
	r = wire_send(s->wire, &req, why);
	t->latency = (double)wire_answer(s->wire)->nanoseconds / 1e6;
	time_format(t->at, clock_now());
	if (r == 0 && (r = match_all(s, c, lo, hi, t, why)) == 0) {
		audit_batch(s, c, n, t, NULL);
		if (keep)
			write_scores(s, c, lo, hi, n, t);
		pthread_mutex_lock(&s->service->lock);
		s->service->accepted += n;
		pthread_mutex_unlock(&s->service->lock);
		return 0;
	}
	audit_batch(s, c, n, t, why->text);
	return is_about_contacts(wire_answer(s->wire)) ? 1 : -1;
}

/* So many were refused and none accepted: are some of the others, spread over
 * the rest of the batch, refused as well? Returns 1 where all are; 0; -1. */
static int
ask_others(struct sender *s, struct chunk *c, size_t from, struct fail *why)
{
	size_t left = c->n - from, n = left < SEND_HOPELESS ? left :
	    SEND_HOPELESS, k, i;
	struct told t;
	int r = 1;

	for (k = 0; r == 1 && k < n; k++) {
		i = from + k * left / n;
		if (c->v[i].n)
			r = send_once(s, c, i, i + 1, 1, false, &t, why);
	}
	return r;
}

/* One contact is left of a refused batch: it is the guilty one. */
static int
refuse(struct sender *s, struct chunk *c, size_t i, const struct told *t,
    struct fail *why)
{
	const struct http_answer *a = wire_answer(s->wire);
	const char *id = problem_correlation(a);
	struct service *v = s->service;
	struct refusal refusal = { .status = a->status };
	struct buf *b = &c->audit;
	struct fail first = *why;
	bool doubtful;
	int r = 0;

	snprintf(refusal.correlation, sizeof refusal.correlation, "%s",
	    id ? id : "");
	refusal.error = first.text;
	pthread_mutex_lock(&v->lock);
	v->refused++;
	doubtful = v->accepted == 0 && v->refused >= SEND_HOPELESS;
	pthread_mutex_unlock(&v->lock);
	if (doubtful && (r = ask_others(s, c, i + 1, why)) == 1)
		return fail(why, EXIT_SERVICE, "the service refuses every "
		    "contact: %.440s", first.text);
	if (r < 0)
		return -1;
	buf_str_add(b, "{\"kind\":\"refused\"");
	json_key(b, "timestamp");
	json_cstr(b, t->at);
	json_key(b, "contactId");
	json_raw(b, chunk_id(c, i));
	json_key(b, "error");
	json_cstr(b, first.text);
	buf_str_add(b, "}\n");
	chunk_refuse(c, i, &refusal);
	if (v->rejects)
		return 0;
	buf_clear(&c->scratch);
	chunk_place(c, i, &c->scratch);
	return fail(why, EXIT_DATA, "%s %.440s", buf_str(&c->scratch),
	    first.text);
}

/* Sends items lo to hi, n of them contacts. */
static int
send_some(struct sender *s, struct chunk *c, size_t lo, size_t hi, size_t n,
    struct fail *why)
{
	struct told t;
	size_t mid, k, i;
	int r;

	if (n == 0)
		return 0;
	r = send_once(s, c, lo, hi, n, true, &t, why);
	if (r <= 0)
		return r;
	for (mid = lo, k = 0; k < (n + 1) / 2; mid++)
		k += c->v[mid].n > 0;
	if (n > 1)
		return send_some(s, c, lo, mid, k, why) < 0 ? -1 :
		    send_some(s, c, mid, hi, n - k, why);
	for (i = lo; c->v[i].n == 0; )
		i++;
	return refuse(s, c, i, &t, why);
}

void
sender_work(struct sender *s, struct chunk *c)
{
	uint64_t before = wire_retried(s->wire);
	struct fail why;

	if (send_some(s, c, 0, c->n, c->sent, &why) < 0)
		c->bad = why;
	else if (c->out.err || c->audit.err || c->notes.err)
		fail(&c->bad, EXIT_MACHINE, "out of memory");
	c->retried = wire_retried(s->wire) - before;
}
