/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mock.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/rng.h"

int
mock_open(struct mock *m, const struct mock_opts *o, struct fail *why)
{
	pthread_condattr_t steady;

	memset(m, 0, sizeof *m);
	m->opts = o;
	pthread_mutex_init(&m->lock, NULL);
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&m->stop, &steady);
	pthread_condattr_destroy(&steady);
	tokens_init(&m->tokens, (uint64_t)o->seed, (int64_t)o->token_life,
	    o->rate_limit);
	jobs_init(&m->jobs, (uint64_t)o->seed);
	if (faults_open(&m->faults, o->faults, why) < 0 ||
	    gen_open(&m->gen, (uint64_t)o->seed, clock_now(), o->records,
	    why) < 0 ||
	    routes_open(&m->routes, why) < 0 ||
	    bot_open(&m->bot, &m->gen, o->records, o->drift, why) < 0 ||
	    journal_open(&m->journal, o->journal, why) < 0) {
		mock_free(m);
		return -1;
	}
	m->gen.bot = &m->bot;
	return 0;
}

void
mock_free(struct mock *m)
{
	journal_close(&m->journal);
	shelf_free(&m->shelf);
	jobs_free(&m->jobs);
	bot_free(&m->bot);
	routes_free(&m->routes);
	gen_free(&m->gen);
	faults_free(&m->faults);
	tokens_free(&m->tokens);
	pthread_cond_destroy(&m->stop);
	pthread_mutex_destroy(&m->lock);
}

int
mock_wait(struct mock *m, int64_t ms)
{
	struct timespec until;
	int status = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t)(ms / 1000);
	until.tv_nsec += (long)(ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&m->lock);
	while (!m->stopping && status != ETIMEDOUT)
		status = pthread_cond_timedwait(&m->stop, &m->lock, &until);
	status = m->stopping ? -1 : 0;
	pthread_mutex_unlock(&m->lock);
	return status;
}

void
mock_stop(struct mock *m)
{
	pthread_mutex_lock(&m->lock);
	m->stopping = true;
	pthread_cond_broadcast(&m->stop);
	pthread_mutex_unlock(&m->lock);
}

/* ---- one request ---- */

/* Takes the prefix off the path. Returns 0, or -1 where none fits. */
static int
take_prefix(const struct mock *m, struct request *q, const char *path,
    size_t n)
{
	const struct opt_list *list = &m->opts->prefixes;
	size_t i, k = 0;

	for (i = 0; i < list->n; i++) {
		k = strlen(list->v[i]);
		while (k > 0 && list->v[i][k - 1] == '/')
			k--;
		if (k < n && memcmp(path, list->v[i], k) == 0 &&
		    path[k] == '/')
			break;
	}
	if (list->n && i == list->n)
		return -1;
	buf_add(&q->base, path, k);
	buf_add(&q->path, path + k, n - k);
	return 0;
}

/* Where the client found us, and what it asked for. Returns 0, or -1 after an
 * answer. */
static int
read_target(const struct mock *m, struct request *q, struct answer *a)
{
	const char *host = params_get(&q->headers, "Host", true);
	size_t n = strcspn(q->target, "?");
	bool fits;

	if (q->target[n])
		q->query_text = q->target + n + 1;
	if (host)
		buf_addf(&q->base, "http://%s", host);
	else
		buf_addf(&q->base, "http://127.0.0.1:%d", m->port);
	fits = take_prefix(m, q, q->target, n) == 0;
	if (!fits)
		buf_add(&q->path, q->target, n);
	buf_str(&q->path);
	buf_str(&q->base);
	if (fits && q->target[0] == '/' && params_form(&q->query,
	    q->query_text, strlen(q->query_text)) == 0)
		return 0;
	answer_error(a, fits ? 400 : 404, fits ? "bad.request" : "not.found",
	    fits ? "HTTP 400 Bad Request: malformed URL" :
	    "HTTP 404 Not Found: the path does not begin with the prefix");
	return -1;
}

/* A body that says it is JSON is to be JSON. Returns 0, or -1 after an
 * answer. */
static int
read_json(const struct route *r, struct request *q, struct answer *a)
{
	const char *type = params_get(&q->headers, "Content-Type", true);
	struct json_err err;

	if (q->body.len == 0 || route_is(r, "takes", "form"))
		return 0;
	if (!type || strncasecmp(type, "application/json", 16) != 0) {
		answer_error(a, 415, "unsupported.media.type",
		    "HTTP 415 Unsupported Media Type: the body must be "
		    "application/json");
		return -1;
	}
	if (json_check(q->body.p, q->body.len, &q->json, &err) == 0)
		return 0;
	q->json.p = NULL;
	answer_error(a, 400, "bad.request",
	    "The request could not be understood: byte %zu: %s",
	    err.offset + 1, err.text);
	return -1;
}

/* "vars": what the path's variables must be. */
static bool
vars_fit(const struct route *r, const struct request *q, struct answer *a)
{
	struct json_val vars;
	struct json_iter it;
	struct buf name = BUF_INIT(BUF_PATH);
	const char *value = "";
	bool fit = true;

	if (!json_get(r->line, "vars", &vars))
		return true;
	for (it = json_iter(vars); fit && json_next(&it); ) {
		buf_clear(&name);
		json_decode(it.key, &name);
		value = params_get(&q->vars, buf_str(&name), false);
		fit = value && json_is(it.val, value);
	}
	if (!fit)
		answer_error(a, 404, "not.found",
		    "Nothing with %s %.100s.", buf_str(&name),
		    value ? value : "");
	buf_free(&name);
	return fit;
}

/* "needs": members that the body must have. */
static bool
has_needs(const struct route *r, const struct request *q, struct answer *a)
{
	struct json_val needs, v;
	struct json_iter it;
	struct buf name = BUF_INIT(BUF_PATH);
	bool ok = true;

	if (!json_get(r->line, "needs", &needs))
		return true;
	for (it = json_iter(needs); ok && json_next(&it); ) {
		buf_clear(&name);
		json_decode(it.val, &name);
		ok = q->json.p && json_get_n(q->json, name.p, name.len, &v) &&
		    json_type(v) != JSON_NULL;
	}
	if (!ok)
		answer_error(a, 400, "bad.request",
		    "the body lacks the field %s", buf_str(&name));
	buf_free(&name);
	return ok;
}

static void
correlate(const struct mock *m, struct request *q, struct answer *a)
{
	struct kind k = { .key = rng_hash(m->gen.seed, "correlation", 11) };

	gen_id(&k, q->number, a->correlation);
}

/* Fault, token, rate, route, in this order. */
static void
answer_request(struct mock *m, struct request *q, struct answer *a)
{
	const struct route *r;
	const struct fault *f;
	int status = read_target(m, q, a);

	f = q->fault = faults_find(&m->faults, q);
	if (f && f->expire)
		tokens_revoke(&m->tokens, q);
	if (f && f->status) {
		fault_answer(f, a);
		return;
	}
	if (status < 0 || !(r = routes_find(&m->routes, q, a)))
		return;
	if (tokens_check(&m->tokens, r, q, a) < 0 ||
	    tokens_rate(&m->tokens, q, a) < 0 || read_json(r, q, a) < 0)
		return;
	if (vars_fit(r, q, a) && has_needs(r, q, a))
		r->handle(m, r, q, a);
	if (f)
		fault_spoil(f, a);
}

/* The status that goes over the wire, also where it goes raw. */
static int
status_sent(const struct fault *f, const struct answer *a)
{
	const char *p;

	if (!f || !f->has_raw)
		return a->status;
	p = f->raw.len > 12 && memcmp(f->raw.p, "HTTP/1.", 7) == 0 ?
	    f->raw.p + 9 : "";
	return isdigit((unsigned char)p[0]) && isdigit((unsigned char)p[1]) &&
	    isdigit((unsigned char)p[2]) ?
	    (p[0] - '0') * 100 + (p[1] - '0') * 10 + p[2] - '0' : 0;
}

void
mock_decide(struct mock *m, struct request *q, struct answer *a)
{
	struct fail why;

	pthread_mutex_lock(&m->lock);
	q->number = ++m->requests;
	correlate(m, q, a);
	if (q->body.err) {
		read_target(m, q, a);
		answer_error(a, 413, "request.entity.too.large",
		    "HTTP 413 Request Entity Too Large");
	} else {
		answer_request(m, q, a);
	}
	if (a->body.err || a->headers.text.err)
		answer_error(a, 500, "internal.server.error",
		    "the mock ran out of memory");
	answer_header(a, "ININ-Correlation-Id", "%s", a->correlation);
	tokens_rate_headers(&m->tokens, q, a);
	answer_date(a, "Date", clock_now());
	if (q->fault)
		fault_headers(q->fault, a);
	if (journal_add(&m->journal, q, status_sent(q->fault, a), &why) < 0)
		msg_fail(&why);
	pthread_mutex_unlock(&m->lock);
}
