/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/wire.h"
#include "base/clock.h"
#include "base/secret.h"
#include "base/stop.h"
#include "json/write.h"
#include "net/problem.h"
#include "net/url.h"

#define REDIRECTS 5
#define WORTH_A_NOTE 5.0        /* seconds: a longer wait is told */
#define NO_TOKEN (-2)           /* transfer(): nothing was sent */

struct wire {
	struct client *c;
	struct http *http;
	struct http_answer answer;
	struct buf url, next;           /* where to; a redirect's target */
	struct buf auth;                /* "Bearer ..." */
	/* the last request, for its audit line */
	const char *method;
	char verb[16];
	int attempts;
	uint64_t retried;               /* all requests */
	int64_t started, latency;       /* clock_now(); nanoseconds */
	struct buf line;                /* of the audit, its end missing */
};

static int
no_memory(struct fail *why)
{
	return fail(why, EXIT_MACHINE, "out of memory");
}

int
wire_open(struct wire **out, struct client *c, struct fail *why)
{
	static const struct http_answer empty = HTTP_ANSWER;
	struct buf line = BUF_INIT(BUF_LINE), secret = BUF_INIT(BUF_TOKEN);
	struct wire *w = calloc(1, sizeof *w);

	*out = NULL;
	if (!w)
		return no_memory(why);
	w->c = c;
	w->answer = empty;
	w->url = w->next = w->line = line;
	w->auth = secret;
	buf_reserve(&w->auth, BUF_TOKEN);
	if (client_http(c, &w->http, why) < 0) {
		wire_close(w);
		return -1;
	}
	*out = w;
	return 0;
}

void
wire_close(struct wire *w)
{
	if (!w)
		return;
	http_close(w->http);
	http_answer_free(&w->answer);
	secret_buf_free(&w->auth);
	buf_free(&w->url);
	buf_free(&w->next);
	buf_free(&w->line);
	free(w);
}

const struct http_answer *
wire_answer(const struct wire *w)
{
	return &w->answer;
}

const char *
wire_url(const struct wire *w)
{
	return w->url.p ? w->url.p : "";
}

uint64_t
wire_retried(const struct wire *w)
{
	return w->retried;
}

/* Sleeps, and lets a signal end it. */
static int
pause_for(double seconds, struct fail *why)
{
	int64_t until = clock_mono() + (int64_t)(seconds * 1e9), left;

	while ((left = until - clock_mono()) > 0 && !stop_asked())
		clock_sleep((double)left / 1e9);
	return stop_asked() ? fail(why, EXIT_INCOMPLETE, "interrupted") : 0;
}

/* The token as it was sent, "" for none. */
static const char *
sent_token(const struct wire *w)
{
	return w->auth.len ? w->auth.p + strlen("Bearer ") : "";
}

/* One transfer, the token in its header; what repeats it is made unreadable,
 * since headers and errors are told to people. */
static int
transfer(struct wire *w, const struct wire_request *req, struct token *t,
    struct fail *why)
{
	const struct call *call = req->call;
	struct http_request hr = { .method = w->method, .url = w->url.p };
	struct buf token = BUF_INIT(BUF_TOKEN);
	struct http_answer *a = &w->answer;
	int r;

	buf_clear(&w->auth);
	if (token_wanted(t)) {
		r = token_get(t, &token, why);
		buf_addf(&w->auth, "Bearer %s", r < 0 ? "" : buf_str(&token));
		secret_buf_free(&token);
		if (r < 0)
			return NO_TOKEN;
		hr.auth = buf_str(&w->auth);
	}
	hr.headers = (const char *const *)call->headers;
	hr.body = req->body ? req->body : call->body;
	hr.nbody = req->body ? req->nbody : call->nbody;
	hr.plain_ok = client_allows(w->c, w->url.p);
	hr.once = !client_repeats(w->c, call);
	hr.sink = req->sink;
	hr.ctx = req->ctx;
	r = http_send(w->http, &hr, a, why);
	secret_mask(a->head.p, a->head.len, sent_token(w));
	if (a->status / 100 != 2)
		secret_mask(a->body.p, a->body.len, sent_token(w));
	return r;
}

/* A GET's redirect: the URL changes, under the rule for origins. Returns 1
 * where there is one to follow, 0 where not, -1 where it may not be. */
static int
redirect(struct wire *w, const struct wire_request *req, int *left,
    struct fail *why)
{
	const struct http_answer *a = &w->answer;
	const char *to = http_header(a, "Location");
	struct buf old;

	if (a->broken != HTTP_WHOLE || a->status / 100 != 3 || !to ||
	    a->status == 304 || (strcmp(w->method, "GET") != 0 &&
	    strcmp(w->method, "HEAD") != 0))
		return 0;
	if ((*left)-- == 0)
		return fail(why, EXIT_SERVICE, "more than %d redirects",
		    REDIRECTS);
	buf_clear(&w->next);
	if (url_resolve(&w->next, w->url.p, to) < 0)
		return fail(why, EXIT_SERVICE, "redirected to no URL");
	if (client_permits(w->c, req->call, buf_str(&w->next),
	    req->first ? req->first : req->url, why) < 0)
		return -1;
	old = w->url;
	w->url = w->next;
	w->next = old;
	return 1;
}

static void
tell_wait(const struct wire *w, const struct retry_advice *advice,
    const struct fail *why)
{
	char text[640];

	if (advice->seconds < WORTH_A_NOTE)
		return;
	snprintf(text, sizeof text, "%s; again in %.0f s%s", why->text,
	    advice->seconds, advice->asked ? ", as the service asks" : "");
	client_say(w->c, text);
}

/* Beyond what we may wait for. */
static int
later(const struct retry_advice *advice, struct fail *why)
{
	char t[TIME_MAX];

	why->code = EXIT_INCOMPLETE;
	return fail(why, EXIT_INCOMPLETE, "%s, to be tried again in %.0f s, "
	    "longer than %s allows: go on at %s",
	    advice->asked ? "the service wants the request" : "the request is",
	    advice->seconds, advice->budget ? "--max-wait" : "--max-delay",
	    time_format(t, advice->at));
}

/* The token was refused: is another to be had? */
static int
renew(struct wire *w, struct token *t, struct fail *why)
{
	struct fail refused;

	refused.text[0] = '\0';
	if (token_refuse(t, sent_token(w), &refused) == 0)
		return 0;
	why->code = refused.code == EXIT_SERVICE ? EXIT_SERVICE : EXIT_DENIED;
	return -1;
}

/* Is it over, or do we try again? Returns 0 to try again, -1 for over. */
static int
after_failure(struct wire *w, const struct wire_request *req,
    struct token *t, struct retry *history, struct fail *why)
{
	const struct http_answer *a = &w->answer;
	struct retry_advice advice;

	if (a->broken == HTTP_WHOLE)
		problem(w->method, w->url.p, a, sent_token(w), why);
	else if (a->broken != HTTP_STOPPED || why->code == EXIT_SERVICE)
		problem_place(w->method, w->url.p, why);
	switch (client_judge(w->c, history, a, client_repeats(w->c, req->call),
	    req->max_wait > 0 ? req->max_wait : HUGE_VAL, &advice)) {
	case RETRY_WAIT:
		if (a->status == 429 && a->broken == HTTP_WHOLE &&
		    advice.asked)
			client_hold(w->c, w->url.p, advice.seconds);
		tell_wait(w, &advice, why);
		return pause_for(advice.seconds, why);
	case RETRY_RENEW:
		return renew(w, t, why);
	case RETRY_LATER:
		later(&advice, why);
		return problem_place(w->method, w->url.p, why);
	default:
		break;
	}
	if (history->failed > 1)
		fail_prefix(why, "after %d tries", history->failed);
	return -1;
}

/* Waits until the pace lets us go. */
static int
take_turn(struct wire *w, struct fail *why)
{
	bool too_long;
	double seconds = client_turn(w->c, w->attempts > 0, &too_long);
	char t[TIME_MAX];

	if (!too_long)
		return pause_for(seconds, why);
	return fail(why, EXIT_INCOMPLETE, "the service wants %.0f s without a "
	    "request, longer than --max-delay allows: go on at %s", seconds,
	    time_format(t, clock_now() + (int64_t)(seconds * 1000)));
}

static int
try_until(struct wire *w, const struct wire_request *req, struct token *t,
    struct fail *why)
{
	struct retry history = RETRY_INIT;
	int redirects = REDIRECTS, r;

	history.renewed = !token_wanted(t);
	for (;;) {
		if (take_turn(w, why) < 0)
			return -1;
		w->retried += w->attempts > 0;
		w->attempts++;
		if (w->attempts > 1 && req->restart)
			req->restart(req->ctx);
		if ((r = transfer(w, req, t, why)) == NO_TOKEN)
			return -1;
		client_told(w->c, w->url.p, &w->answer);
		if (r == 0 && w->answer.status / 100 == 2)
			return 0;
		if ((r = redirect(w, req, &redirects, why)) < 0)
			return problem_place(w->method, w->url.p, why);
		if (r == 0 && after_failure(w, req, t, &history, why) < 0)
			return -1;
	}
}

/* ---- the audit ---- */

static bool
contains(const struct buf *name, const char *word)
{
	size_t n = strlen(word), i;

	for (i = 0; i + n <= name->len; i++)
		if (strncasecmp(name->p + i, word, n) == 0)
			return true;
	return false;
}

/* A parameter that may be a secret in itself: of a signed URL, say. */
static bool
is_secret(const struct buf *name)
{
	static const char *const words[] = { "token", "secret", "password",
	    "signature", "credential", "apikey", "api_key", "access_key" };
	size_t i;

	for (i = 0; i < COUNT(words); i++)
		if (contains(name, words[i]))
			return true;
	return false;
}

/* The query as an object: {"pageSize":"100",...}. */
static void
add_parameters(struct buf *b, const char *url)
{
	struct buf name = BUF_INIT(BUF_LINE), value = BUF_INIT(BUF_LINE);
	struct url u;
	const char *p, *end, *amp, *eq;

	url_split(url, &u);
	buf_putc(b, '{');
	for (p = u.query.p, end = p + u.query.n; p && p < end; p = amp + 1) {
		amp = memchr(p, '&', (size_t)(end - p));
		amp = amp ? amp : end;
		eq = memchr(p, '=', (size_t)(amp - p));
		eq = eq ? eq : amp;
		buf_clear(&name);
		buf_clear(&value);
		url_decode(&name, p, (size_t)(eq - p));
		if (eq < amp)
			url_decode(&value, eq + 1, (size_t)(amp - eq - 1));
		if (!name.len)
			continue;
		json_sep(b);
		json_str(b, name.p, name.len);
		buf_putc(b, ':');
		if (is_secret(&name))
			json_cstr(b, "(hidden)");
		else
			json_str(b, value.p ? value.p : "", value.len);
	}
	buf_putc(b, '}');
	buf_free(&name);
	buf_free(&value);
}

/* The line but for its end, which is not known yet. */
static void
begin_line(struct wire *w)
{
	struct buf *b = &w->line;
	struct url u;
	char t[TIME_MAX];

	buf_clear(b);
	if (!client_audits(w->c))
		return;
	url_split(w->url.p, &u);
	buf_putc(b, '{');
	json_key(b, "timestamp");
	json_cstr(b, time_format(t, w->started));
	json_key(b, "method");
	json_cstr(b, w->method);
	json_key(b, "path");
	json_str(b, u.path.p ? u.path.p : "", u.path.n);
	json_key(b, "parameters");
	add_parameters(b, w->url.p);
	json_key(b, "status");
	if (w->answer.status)
		json_int64(b, w->answer.status);
	else
		buf_str_add(b, "null");
	json_key(b, "attempts");
	json_int64(b, w->attempts);
	buf_addf(b, ",\"latency\":%.2f", (double)w->latency / 1e6);
	if (problem_correlation(&w->answer)) {
		json_key(b, "correlationId");
		json_cstr(b, problem_correlation(&w->answer));
	}
}

int
wire_done(struct wire *w, uint64_t records, struct fail *why)
{
	return client_done(w->c, &w->line, records, why);
}

void
wire_hand_over(struct wire *w, struct buf *body, struct buf *line)
{
	struct buf b = w->answer.body, l = w->line;

	w->answer.body = *body;
	w->line = *line;
	*body = b;
	*line = l;
	buf_clear(&w->line);
}

/* ---- sending ---- */

int
wire_send(struct wire *w, const struct wire_request *req, struct fail *why)
{
	int64_t start = clock_mono();
	struct token *t;
	int r;

	snprintf(w->verb, sizeof w->verb, "%s", call_method(req->call));
	w->method = w->verb;
	w->attempts = 0;
	buf_clear(&w->line);
	w->started = clock_now();
	w->answer.status = 0;
	buf_clear(&w->answer.body);
	buf_clear(&w->answer.head);
	buf_clear(&w->url);
	if (buf_str_add(&w->url, req->url) < 0)
		return no_memory(why);
	buf_str(&w->url);
	if (client_permits(w->c, req->call, w->url.p, req->first, why) < 0 ||
	    client_token(w->c, req->call, &t, why) < 0)
		return -1;
	r = try_until(w, req, t, why);
	w->latency = clock_mono() - start;
	begin_line(w);
	if (r < 0)
		wire_done(w, 0, NULL);
	return r;
}
