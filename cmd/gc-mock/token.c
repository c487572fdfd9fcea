/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "token.h"

#include "base/clock.h"
#include "base/rng.h"

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

struct grant *
tokens_issue(struct tokens *ts, const char *scopes, int64_t life)
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
