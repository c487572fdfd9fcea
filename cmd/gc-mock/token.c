/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "token.h"

#include "base/clock.h"
#include "base/rng.h"
#include "base64.h"
#include "handlers.h"
#include "json/write.h"
#include "mock.h"

#define SECOND ((int64_t)1000000000)
#define MINUTE (60 * SECOND)

void
tokens_init(struct tokens *ts, uint64_t seed, int64_t life, int64_t limit)
{
	static const struct tokens empty = { .names = MAP_INIT };

	*ts = empty;
	ts->seed = rng_hash(seed, "token", 5);
	ts->life = life;
	ts->limit = limit;
}

void
tokens_free(struct tokens *ts)
{
	uint32_t i;

	for (i = 0; i < ts->names.n; i++) {
		free(ts->grants[i]->scopes);
		free(ts->grants[i]);
	}
	free(ts->grants);
	map_free(&ts->names);
}

/* ---- a token for a client ---- */

/* The error of the token endpoint, in the platform's form. */
static void
refuse(struct answer *a, int status, const char *error, const char *text)
{
	struct buf *b = answer_json(a, status);

	buf_putc(b, '{');
	json_key(b, "error");
	json_cstr(b, error);
	json_key(b, "description");
	json_cstr(b, text);
	json_key(b, "error_description");
	json_cstr(b, text);
	buf_putc(b, '}');
	answer_header(a, "Cache-Control", "no-store");
	if (status == 401)
		answer_header(a, "WWW-Authenticate",
		    "Basic realm=\"gc-mock\"");
}

/* Are these the client's id and secret? Returns 0, or -1 after an answer. */
static int
authenticate(struct answer *a, const char *id, const char *secret)
{
	if (!id || !*id || !secret) {
		refuse(a, 400, "invalid_request",
		    "client id and secret are missing");
		return -1;
	}
	if (strcmp(id, CLIENT_ID) != 0) {
		refuse(a, 400, "invalid_client",
		    "client not found: invalid client_id");
		return -1;
	}
	if (strcmp(secret, CLIENT_SECRET) != 0) {
		refuse(a, 401, "invalid_client", "authentication failed");
		return -1;
	}
	return 0;
}

/* Basic, or the form, not both. */
static int
find_client(const struct request *q, const struct params *form,
    struct answer *a)
{
	const char *basic = params_get(&q->headers, "Authorization", true);
	const char *id = params_get(form, "client_id", false);
	const char *secret = params_get(form, "client_secret", false);
	struct buf pair = BUF_INIT(BUF_HEAD);
	char *colon;
	int status;

	if (!basic)
		return authenticate(a, id, secret);
	if (secret) {
		refuse(a, 400, "invalid_request",
		    "client authentication in header and body at once");
		return -1;
	}
	if (strncasecmp(basic, "Basic ", 6) != 0 ||
	    base64_decode(basic + 6 + strspn(basic + 6, " "), &pair) < 0 ||
	    buf_putc(&pair, '\0') < 0 || !(colon = strchr(pair.p, ':'))) {
		refuse(a, 400, "invalid_request",
		    "the Authorization header is not HTTP Basic");
		buf_free(&pair);
		return -1;
	}
	*colon = '\0';
	status = authenticate(a, pair.p, colon + 1);
	buf_free(&pair);
	return status;
}

/* Are all words known scopes? Returns 0, or -1 after an answer. */
static int
check_scopes(const struct mock *m, const char *scopes, struct answer *a)
{
	char word[128], text[256];
	size_t n;

	for (; *scopes; scopes += n) {
		scopes += strspn(scopes, " ");
		n = strcspn(scopes, " ");
		if (n == 0)
			break;
		snprintf(word, sizeof word, "%.*s", (int)n, scopes);
		if (n >= sizeof word || !routes_scope(&m->routes, word)) {
			snprintf(text, sizeof text, "unknown scope: %s", word);
			refuse(a, 400, "invalid_scope", text);
			return -1;
		}
	}
	return 0;
}

/* A new token. NULL where memory ends. */
static struct grant *
issue(struct tokens *ts, const char *scopes, int64_t life)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_";
	struct grant *g = calloc(1, sizeof *g), **grants;
	uint64_t bits = rng_mix(ts->seed + ts->names.n);
	size_t i;

	grants = realloc(ts->grants, (ts->names.n + 1) * sizeof *grants);
	if (grants)
		ts->grants = grants;
	if (!g || !grants || (scopes && !(g->scopes = strdup(scopes)))) {
		free(g);
		return NULL;
	}
	for (i = 0; i < sizeof g->text - 2; i++, bits = rng_mix(bits))
		g->text[i] = digits[bits >> 58];
	g->life = life;
	g->ends = clock_mono() + life * SECOND;
	g->window = INT64_MIN / 2;
	grants[ts->names.n] = g;
	if (map_add(&ts->names, g->text, strlen(g->text), NULL) == MAP_NONE) {
		free(g->scopes);
		free(g);
		return NULL;
	}
	return g;
}

static void
put_grant(const struct grant *g, struct answer *a)
{
	struct buf *b = answer_json(a, 200);

	buf_putc(b, '{');
	json_key(b, "access_token");
	json_cstr(b, g->text);
	json_key(b, "token_type");
	json_cstr(b, "bearer");
	json_key(b, "expires_in");
	json_int64(b, g->life);
	if (g->scopes) {
		json_key(b, "scope");
		json_cstr(b, g->scopes);
	}
	buf_putc(b, '}');
	answer_header(a, "Cache-Control", "no-store");
	answer_header(a, "Pragma", "no-cache");
}

static bool
is_form(const struct request *q)
{
	static const char type[] = "application/x-www-form-urlencoded";
	const char *s = params_get(&q->headers, "Content-Type", true);

	return s && strncasecmp(s, type, sizeof type - 1) == 0 &&
	    (!s[sizeof type - 1] || strchr("; \t", s[sizeof type - 1]));
}

/* The form is right and the client is who it says: a token for it. */
static void
grant_token(struct mock *m, const struct request *q,
    const struct params *form, struct answer *a)
{
	const char *type = params_get(form, "grant_type", false);
	const char *scopes = params_get(form, "scope", false);
	const struct grant *g;
	int64_t life = m->tokens.life;

	if (!type) {
		refuse(a, 400, "invalid_request", "grant_type is missing");
		return;
	}
	if (strcmp(type, "client_credentials") != 0) {
		refuse(a, 400, "unsupported_grant_type",
		    "grant_type must be client_credentials");
		return;
	}
	if (find_client(q, form, a) < 0)
		return;
	if (scopes && scopes[strspn(scopes, " ")] == '\0')
		scopes = NULL;
	if (scopes && check_scopes(m, scopes, a) < 0)
		return;
	if (q->fault && q->fault->expires_in >= 0)
		life = q->fault->expires_in;
	g = issue(&m->tokens, scopes, life);
	if (g)
		put_grant(g, a);
	else
		answer_error(a, 500, "internal.server.error",
		    "out of memory");
}

void
on_token(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct params form = PARAMS_INIT;

	(void)r;
	if (!is_form(q))
		refuse(a, 400, "invalid_request", "the body must be "
		    "application/x-www-form-urlencoded");
	else if (params_get(&q->query, "client_secret", false))
		refuse(a, 400, "invalid_request",
		    "a secret does not belong into a URL");
	else if (params_form(&form, q->body.p ? q->body.p : "",
	    q->body.len) < 0)
		refuse(a, 400, "invalid_request", "the form is malformed");
	else
		grant_token(m, q, &form, a);
	buf_free(&form.text);
}

/* ---- a token that is shown ---- */

/* The bearer of a request, NULL where there is none. */
static const char *
bearer(const struct request *q)
{
	const char *s = params_get(&q->headers, "Authorization", true);

	if (!s || strncasecmp(s, "Bearer ", 7) != 0)
		return NULL;
	return s + 7 + strspn(s + 7, " ");
}

static struct grant *
find_grant(struct tokens *ts, const struct request *q)
{
	const char *text = bearer(q);
	uint32_t at = text ? map_find(&ts->names, text, strlen(text)) :
	    MAP_NONE;

	return at == MAP_NONE ? NULL : ts->grants[at];
}

void
tokens_revoke(struct tokens *ts, const struct request *q)
{
	struct grant *g = find_grant(ts, q);

	if (g)
		g->revoked = true;
}

static bool
has_word(const char *words, const char *word)
{
	size_t n = strlen(word), k;

	for (; *words; words += k) {
		words += strspn(words, " ");
		k = strcspn(words, " ");
		if (k == n && strncmp(words, word, n) == 0)
			return true;
	}
	return false;
}

/* The bearer that an endpoint outside the platform wants. */
static int
check_own(const struct route *r, const struct request *q, struct answer *a)
{
	const char *text = bearer(q);
	char want[64];

	snprintf(want, sizeof want, "gc-mock-%s-token", r->auth);
	if (text && strcmp(text, want) == 0)
		return 0;
	answer_error(a, 401, text ? "bad.credentials" :
	    "authentication.required", "this endpoint takes its own token");
	return -1;
}

int
tokens_check(struct tokens *ts, const struct route *r, struct request *q,
    struct answer *a)
{
	const char *how = r->auth ? r->auth : "token";

	if (strcmp(how, "none") == 0)
		return 0;
	if (strcmp(how, "forbidden") == 0) {
		if (!params_get(&q->headers, "Authorization", true))
			return 0;
		answer_error(a, 400, "invalid.request",
		    "only one auth mechanism allowed: the URL is signed");
		return -1;
	}
	if (strcmp(how, "token") != 0)
		return check_own(r, q, a);
	q->grant = find_grant(ts, q);
	if (!bearer(q))
		answer_error(a, 401, "authentication.required",
		    "No authentication bearer token specified in "
		    "authorization header.");
	else if (!q->grant)
		answer_error(a, 401, "bad.credentials",
		    "Invalid login credentials.");
	else if (q->grant->revoked || clock_mono() >= q->grant->ends)
		answer_error(a, 401, "credentials.expired",
		    "The supplied credentials are expired.");
	else if (r->scope && q->grant->scopes &&
	    !has_word(q->grant->scopes, r->scope))
		answer_error_param(a, 403, "missing.permissions",
		    "Unable to perform the requested action. The token "
		    "lacks the following scope:", "scope", r->scope);
	else
		return 0;
	if (a->status == 401) {
		q->grant = NULL;
		answer_header(a, "WWW-Authenticate", "Bearer");
	}
	return -1;
}

/* ---- the rate ---- */

static struct grant *
window_of(struct tokens *ts, const struct request *q, int64_t now)
{
	struct grant *g = q->grant ? q->grant : &ts->nobody;

	if (now - g->window >= MINUTE || g->count == 0) {
		g->window = now;
		g->count = 0;
	}
	return g;
}

void
answer_too_many(struct answer *a, int64_t seconds, bool date)
{
	answer_error(a, 429, "too.many.requests.retry.after",
	    "Rate limit exceeded the maximum. Retry the request in [%" PRId64
	    "] seconds", seconds);
	if (!date)
		answer_header(a, "Retry-After", "%" PRId64, seconds);
	else
		answer_date(a, "Retry-After", clock_now() + 1000 * seconds);
	answer_header(a, "Cache-Control",
	    "no-cache, no-store, must-revalidate");
}

static int64_t
seconds_left(const struct grant *g, int64_t now)
{
	return (g->window + MINUTE - now + SECOND - 1) / SECOND;
}

int
tokens_rate(struct tokens *ts, struct request *q, struct answer *a)
{
	int64_t now = clock_mono();
	struct grant *g = window_of(ts, q, now);

	g->count++;
	if (!ts->limit || !q->grant || g->count <= ts->limit)
		return 0;
	answer_too_many(a, seconds_left(g, now), false);
	return -1;
}

void
tokens_rate_headers(struct tokens *ts, const struct request *q,
    struct answer *a)
{
	int64_t now = clock_mono(), limit = ts->limit;
	const struct grant *g = window_of(ts, q, now);

	if (!limit)
		limit = RATE_UNLIMITED;
	answer_header(a, "inin-ratelimit-count", "%" PRId64,
	    g->count < limit ? g->count : limit);
	answer_header(a, "inin-ratelimit-allowed", "%" PRId64, limit);
	answer_header(a, "inin-ratelimit-reset", "%" PRId64,
	    seconds_left(g, now));
}

/* ---- /api/v2/tokens/me ---- */

void
on_token_info(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct buf *b = answer_json(a, 200);

	(void)m;
	(void)r;
	buf_str_add(b, "{\"organization\":{\"id\":"
	    "\"0d5c1d6e-2b7c-4f7e-9c55-6f3b8f4a1c20\","
	    "\"name\":\"Harbour Bank\"},\"OAuthClient\":{");
	json_key(b, "id");
	json_cstr(b, CLIENT_ID);
	json_key(b, "name");
	json_cstr(b, "gc-mock");
	if (q->grant->scopes) {
		json_key(b, "scope");
		json_cstr(b, q->grant->scopes);
	}
	buf_str_add(b, "}}");
}

void
on_token_delete(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	(void)r;
	tokens_revoke(&m->tokens, q);
	answer_begin(a, 204, NULL);
}
