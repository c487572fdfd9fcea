/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "grant.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/num.h"
#include "base/secret.h"
#include "json/scan.h"
#include "net/token.h"
#include "net/url.h"

/* Of a token whose service does not say how long it is good for: the least
 * that the platform's clients can be set to. */
#define LIFETIME_UNKNOWN 300

#define WORDS_MAX 120           /* bytes of a service's word in a message */

static int
no_memory(struct fail *why)
{
	return fail(why, EXIT_MACHINE, "out of memory");
}

/* ---- the request ---- */

/* All of it that holds the secret; each reserved whole, and wiped. */
struct asking {
	struct buf secret;
	struct buf auth;        /* as HTTP Basic spells it */
	struct buf encoded;     /* as the form spells it */
	struct buf form;
};

static void
asking_free(struct asking *a)
{
	secret_buf_free(&a->secret);
	secret_buf_free(&a->auth);
	secret_buf_free(&a->encoded);
	secret_buf_free(&a->form);
}

static void
add_field(struct buf *form, const char *name, const char *value)
{
	buf_addf(form, "&%s=", name);
	url_encode(form, value, strlen(value));
}

/* Spells the secret in both ways, whichever is sent: see scrub(). */
static int
spell(struct asking *a, const char *id, struct fail *why)
{
	struct buf pair = BUF_INIT(BUF_TOKEN);

	if (buf_reserve(&pair, pair.max) < 0 ||
	    buf_reserve(&a->auth, a->auth.max) < 0 ||
	    buf_reserve(&a->encoded, a->encoded.max) < 0)
		return no_memory(why);
	buf_addf(&pair, "%s:", id);
	buf_add(&pair, a->secret.p, a->secret.len);
	buf_str_add(&a->auth, "Basic ");
	base64_add(&a->auth, pair.p, pair.len);
	a->auth.err |= pair.err;
	secret_buf_free(&pair);
	url_encode(&a->encoded, a->secret.p, a->secret.len);
	return 0;
}

static int
build(struct asking *a, const struct grant *g, struct fail *why)
{
	if (g->basic && strchr(g->id, ':'))
		return fail(why, EXIT_USAGE, "a client id with ':' in it "
		    "cannot be sent with HTTP Basic: --client-auth body");
	if (spell(a, g->id, why) < 0)
		return -1;
	if (buf_reserve(&a->form, a->form.max) < 0)
		return no_memory(why);
	buf_str_add(&a->form, "grant_type=client_credentials");
	if (!g->basic) {
		add_field(&a->form, "client_id", g->id);
		buf_addf(&a->form, "&client_secret=%s", buf_str(&a->encoded));
	}
	if (*g->scopes)
		add_field(&a->form, "scope", g->scopes);
	if (a->form.err || a->auth.err || a->encoded.err)
		return fail(why, EXIT_USAGE, "the client's id, secret and "
		    "scopes are too long");
	return 0;
}

/* ---- the answer ---- */

/* Replaces every occurrence of what by (hidden). */
static void
scrub(struct buf *b, const char *what)
{
	struct buf clean = BUF_INIT(BUF_LINE);
	const char *at = buf_str(b), *hit;

	if (!*what || !strstr(at, what))
		return;
	while ((hit = strstr(at, what))) {
		buf_add(&clean, at, (size_t)(hit - at));
		buf_str_add(&clean, "(hidden)");
		at = hit + strlen(what);
	}
	buf_str_add(&clean, at);
	secret_buf_free(b);
	*b = clean;
}

static void
scrub_all(struct buf *b, struct asking *a)
{
	scrub(b, buf_str(&a->auth) + strlen("Basic "));
	scrub(b, buf_str(&a->encoded));
	scrub(b, buf_str(&a->secret));
}

/* Adds the first of the members that is a string, after a separator; not so
 * much of it that what follows would have no room. Scrubbed before it is cut:
 * half a secret would not be found. */
static void
add_member(struct buf *b, struct json_val v, const char *const *names,
    const char *before, struct asking *a)
{
	struct buf text = BUF_INIT(BUF_LINE);
	struct json_val x;

	for (; *names; names++)
		if (json_get(v, *names, &x) && json_type(x) == JSON_STRING &&
		    x.n > 2)
			break;
	if (!*names || json_decode(x, &text) < 0) {
		secret_buf_free(&text);
		return;
	}
	scrub_all(&text, a);
	buf_str_add(b, before);
	if (text.len <= WORDS_MAX)
		buf_add(b, text.p, text.len);
	else
		buf_addf(b, "%.*s...", (int)json_utf8(text.p, WORDS_MAX),
		    text.p);
	secret_buf_free(&text);
}

/* Says what the service refused with, its own words and all. */
static int
refused(const struct grant *g, struct asking *a,
    const struct http_answer *ans, struct fail *why)
{
	static const char *const code[] = { "error", "code", NULL };
	static const char *const text[] = { "error_description",
	    "description", "message", NULL };
	static const char *const id[] = { "contextId", NULL };
	const char *correlation = http_header(ans, "ININ-Correlation-Id");
	struct buf b = BUF_INIT(BUF_LINE);
	struct json_val v;
	int denied = ans->status == 400 || ans->status == 401 ||
	    ans->status == 403;

	buf_addf(&b, "POST %s: %d", g->url, ans->status);
	if (json_check(ans->body.p, ans->body.len, &v, NULL) == 0) {
		add_member(&b, v, code, " ", a);
		add_member(&b, v, text, ": ", a);
	} else {
		v.n = 0;
	}
	if (correlation)
		buf_addf(&b, " (correlation id %s)", correlation);
	else if (v.n)
		add_member(&b, v, id, ", correlation id ", a);
	if (denied)
		buf_addf(&b, "; client id from %s, secret from %s",
		    g->id_origin, g->secret->origin);
	else if (ans->status == 404)
		buf_str_add(&b, "; see GC_API and --token-path");
	else if (ans->status / 100 == 3)
		buf_str_add(&b, "; a redirect is not followed");
	scrub_all(&b, a);
	fail(why, denied ? EXIT_DENIED : EXIT_SERVICE, "%s", buf_str(&b));
	buf_free(&b);
	return -1;
}

static int
no_token(const struct grant *g, const char *what, struct fail *why)
{
	return fail(why, EXIT_SERVICE, "POST %s: the answer is no token: %s",
	    g->url, what);
}

/* How long: a number of seconds, as such or as a string. */
static int
read_lifetime(struct json_val v, int64_t *seconds)
{
	char text[NUM_MAX];
	struct json_val x;
	double d;

	*seconds = LIFETIME_UNKNOWN;
	if (!json_get(v, "expires_in", &x) || json_type(x) == JSON_NULL)
		return 0;
	if (json_type(x) == JSON_STRING) {
		x.p++;
		x.n -= 2;
	}
	if (x.n >= sizeof text)
		return -1;
	memcpy(text, x.p, x.n);
	text[x.n] = '\0';
	if (num_double(text, 0, DBL_MAX, &d) < 0)
		return -1;
	*seconds = d < LIFETIME_MAX ? (int64_t)d : LIFETIME_MAX;
	return 0;
}

/* Takes the answer's members; see RFC 6749 5.1. */
static int
read_token(const struct grant *g, const struct http_answer *ans,
    struct cached *t, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_TOKEN);
	struct json_val v, x;
	int bad = 0;

	if (json_check(ans->body.p, ans->body.len, &v, NULL) < 0 ||
	    json_type(v) != JSON_OBJECT)
		return no_token(g, "it is no JSON object", why);
	if (json_get(v, "token_type", &x) && !json_is(x, "bearer") &&
	    !json_is(x, "Bearer") && !json_is(x, "BEARER"))
		return no_token(g, "its type is not bearer", why);
	if (read_lifetime(v, &t->lifetime) < 0)
		return no_token(g, "expires_in is no number of seconds", why);
	if (!json_get(v, "access_token", &x) || buf_reserve(&b, b.max) < 0 ||
	    json_decode(x, &b) < 0)
		bad = no_token(g, "it has no access_token", why);
	else if (!token_valid(b.p, b.len))
		bad = no_token(g, "access_token is not of visible ASCII", why);
	else if (!(t->token = strdup(buf_str(&b))))
		bad = no_memory(why);
	buf_clear(&b);
	if (!bad && json_get(v, "scope", &x) && json_decode(x, &b) == 0 &&
	    !memchr(buf_str(&b), '\0', b.len) &&
	    !(t->granted = strdup(buf_str(&b))))
		bad = no_memory(why);
	secret_buf_free(&b);
	if (bad)
		cached_free(t);
	return bad;
}

/* ---- patience ---- */

static void
seed(struct rng *rng)
{
	const char *text = getenv("GC_SEED");
	int64_t n;

	if (!text || num_int(text, 0, INT64_MAX, &n) < 0)
		n = clock_mono() ^ (int64_t)getpid() << 32;
	rng_seed(rng, (uint64_t)n);
}

/* What came in place of a token, when there is nothing more to be done. */
static int
give_up(const struct grant *g, struct asking *a,
    const struct http_answer *ans, const struct retry *r, struct fail *why)
{
	if (ans->broken == HTTP_WHOLE)
		refused(g, a, ans, why);
	else
		fail_prefix(why, "POST %s", g->url);
	return r->failed > 1 ? fail_prefix(why, "%d tries", r->failed) : -1;
}

/* What came, in few words: a status, or how it broke. */
static void
name_outcome(const struct http_answer *ans, struct fail *why)
{
	if (ans->broken == HTTP_WHOLE)
		fail(why, EXIT_SERVICE, "%d", ans->status);
}

static int
later(const struct grant *g, const struct http_answer *ans,
    const struct retry_advice *advice, struct fail *why)
{
	char at[TIME_MAX];
	double seconds = ceil(advice->seconds);

	name_outcome(ans, why);
	time_format(at, advice->at);
	fail_prefix(why, advice->asked ? "the service wants no request for "
	    "%.0f s, until %s: POST %s" : "--max-wait would end before the "
	    "next try in %.0f s, at %s: POST %s", seconds, at, g->url);
	why->code = EXIT_INCOMPLETE;
	return -1;
}

/* One try, and what to do after it. */
static enum retry_verdict
attempt(const struct grant *g, struct http *h, struct asking *a,
    struct http_answer *ans, struct retry *r, struct rng *rng,
    struct retry_advice *advice, struct fail *why)
{
	static const char *const headers[] = {
		"Content-Type: application/x-www-form-urlencoded",
		"Accept: application/json", "Cache-Control: no-store", NULL
	};
	struct http_request req = { .method = "POST", .url = g->url,
	    .headers = headers, .body = a->form.p, .nbody = a->form.len,
	    .plain_ok = true };
	struct retry_event event;

	req.auth = g->basic ? buf_str(&a->auth) : NULL;
	(void)http_send(h, &req, ans, why);
	event = (struct retry_event){ ans->broken, ans->status, true,
	    http_header(ans, "Retry-After"), http_header(ans, "Date"),
	    clock_now() };
	return retry_next(r, &g->policy, &event, rng, advice);
}

/* Sends until there is an answer to be taken for one. */
static int
persist(const struct grant *g, struct http *h, struct asking *a,
    struct http_answer *ans, struct cached *t, struct fail *why)
{
	struct retry r = RETRY_INIT;
	struct retry_advice advice;
	struct rng rng;

	r.renewed = true;               /* a 401 means the client here */
	seed(&rng);
	for (;;) {
		moment_now(&t->taken);
		switch (attempt(g, h, a, ans, &r, &rng, &advice, why)) {
		case RETRY_DONE:
			t->took = ans->nanoseconds / 1000000 + 1;
			return 0;
		case RETRY_LATER:
			return later(g, ans, &advice, why);
		case RETRY_WAIT:
			break;
		default:
			return give_up(g, a, ans, &r, why);
		}
		name_outcome(ans, why);
		g->note("POST %s: %s; again in %.1f s", g->url, why->text,
		    advice.seconds);
		clock_sleep(advice.seconds);
	}
}

int
grant_ask(const struct grant *g, struct cached *t, struct fail *why)
{
	struct asking a = { BUF_INIT(BUF_TOKEN), BUF_INIT(2 * BUF_TOKEN),
	    BUF_INIT(3 * BUF_TOKEN), BUF_INIT(4 * BUF_TOKEN) };
	struct http_opts opts = HTTP_OPTS;
	struct http_answer ans = HTTP_ANSWER;
	struct http *h = NULL;
	int bad;

	memset(t, 0, sizeof *t);
	ans.body.max = BUF_TOKEN;
	opts.cacert = g->cacert;
	opts.wipe = true;
	bad = buf_reserve(&ans.body, ans.body.max) < 0 ? no_memory(why) :
	    http_open(&h, &opts, why);
	if (!bad)
		bad = credential_read(g->secret, &a.secret, g->note, why);
	if (!bad)
		bad = build(&a, g, why);
	if (!bad)
		bad = persist(g, h, &a, &ans, t, why);
	if (!bad)
		bad = read_token(g, &ans, t, why);
	asking_free(&a);
	secret_buf_free(&ans.body);
	http_answer_free(&ans);
	http_close(h);
	return bad;
}
