/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/client.h"
#include "base/clock.h"
#include "base/rng.h"
#include "net/audit.h"
#include "net/budget.h"
#include "net/url.h"

/* A kind of token: the suite's own for some scopes, or a variable's. */
struct purse {
	char *scopes, *env;             /* owned; NULL: none */
	bool none;
	struct token *token;
	struct purse *next;
};

struct client {
	const struct client_opts *opts;
	const struct conf *conf;
	client_note *note;
	struct retry_policy policy;
	char *api;                      /* owned: origin of the API's URL */
	char **allowed;                 /* owned: origins, NULL at the end */
	struct audit audit;
	pthread_mutex_t lock;           /* for all below */
	char *bound;                    /* owned: the first URL's origin, for
	                                 * what is no API token */
	struct purse *purses;
	struct budget budget;           /* the pace, shared with siblings */
	struct rng rng;
	uint64_t sent, retried;
};

static int
no_memory(struct fail *why)
{
	return fail(why, EXIT_MACHINE, "out of memory");
}

/* ---- origins ---- */

/* The origin of a URL as a string of one's own, or NULL. */
static char *
origin_of(const char *url)
{
	struct buf b = BUF_INIT(BUF_LINE);
	char *s = NULL;

	if (url_origin(&b, url) == 0)
		s = strdup(buf_str(&b));
	buf_free(&b);
	return s;
}

static int
read_allowed(struct client *c, struct fail *why)
{
	size_t i, n = c->opts->allow.n;

	c->allowed = calloc(n + 1, sizeof *c->allowed);
	if (!c->allowed)
		return no_memory(why);
	for (i = 0; i < n; i++) {
		c->allowed[i] = origin_of(c->opts->allow.v[i]);
		if (!c->allowed[i])
			return fail(why, EXIT_USAGE, "--allow-origin takes "
			    "http(s)://host[:port], not '%s'",
			    c->opts->allow.v[i]);
	}
	return 0;
}

static bool
is_allowed(const struct client *c, const char *origin)
{
	size_t i;

	for (i = 0; c->allowed[i]; i++)
		if (strcmp(c->allowed[i], origin) == 0)
			return true;
	return false;
}

/* Is it the suite's own token that this call carries? */
static bool
carries_api_token(const struct client *c, const struct call *call)
{
	return !call->no_auth && !call->auth_env && !c->opts->token.no_auth &&
	    !c->opts->token.auth_env;
}

/* Says the call itself that it needs no token? */
static bool
carries_nothing(const struct client *c, const struct call *call)
{
	return call->no_auth && !c->opts->token.no_auth &&
	    !c->opts->token.auth_env;
}

/* The origin that what the call carries is bound to; the first URL binds
 * what is no API token. Takes the lock. */
static const char *
bound_origin(struct client *c, const struct call *call, const char *origin,
    bool first)
{
	const char *bound;

	if (carries_api_token(c, call))
		return c->api;
	pthread_mutex_lock(&c->lock);
	if (!c->bound && first)
		c->bound = strdup(origin);
	bound = c->bound ? c->bound : "";
	pthread_mutex_unlock(&c->lock);
	return bound;
}

int
client_permits(struct client *c, const struct call *call, const char *url,
    const char *first, struct fail *why)
{
	char *origin;
	const char *bound;
	int r = 0;

	if (url_check(url, why) < 0) {
		if (first)
			why->code = EXIT_SERVICE;
		return first ? fail_prefix(why, "the service points to no "
		    "address that is followed") : -1;
	}
	origin = origin_of(url);
	if (!origin)
		return no_memory(why);
	bound = carries_nothing(c, call) ? (first ? first : origin) :
	    bound_origin(c, call, origin, !first);
	if (url_same_origin(bound, origin) || is_allowed(c, origin))
		r = 0;
	else if (!first)
		r = fail(why, EXIT_USAGE, "%s is not %s: the token is not "
		    "sent there; --no-auth sends none, --allow-origin %s "
		    "allows it", origin, bound, origin);
	else
		r = fail(why, EXIT_SERVICE, "the service points to %s, which "
		    "is not %s: not followed; --allow-origin %s allows it",
		    origin, bound, origin);
	free(origin);
	return r;
}

/* ---- URLs ---- */

/* The path of a URL below its origin, "" for none: "/prefix". */
static struct url_part
prefix_of(const char *url)
{
	struct url u;

	url_split(url, &u);
	return u.path;
}

int
client_url(const struct client *c, const char *path, const char *base,
    struct buf *url, struct fail *why)
{
	const char *api = conf_get(c->conf, CONF_API_URL);
	struct url_part prefix = prefix_of(api);
	struct buf ref = BUF_INIT(BUF_LINE);
	struct url u;
	int r;

	buf_clear(url);
	url_split(path, &u);
	if (u.scheme.p && base) {
		r = url_resolve(url, base, path);
	} else if (u.scheme.p) {
		r = buf_str_add(url, path);
	} else if (path[0] == '/' && path[1] != '/') {
		/* an answer may leave off the prefix of a gateway, or not */
		if (!base || strncmp(path, prefix.p, prefix.n) != 0 ||
		    !strchr("/?", path[prefix.n]))
			buf_add(&ref, prefix.p, prefix.n);
		buf_str_add(&ref, path);
		r = base ? url_resolve(url, base, buf_str(&ref)) :
		    buf_addf(url, "%s%s", api, path);
	} else if (base) {
		r = url_resolve(url, base, path);
	} else {
		buf_free(&ref);
		return fail(why, EXIT_USAGE, "a path begins with /, or is a "
		    "whole URL: '%s'", path);
	}
	buf_free(&ref);
	return r < 0 ? fail(why, base ? EXIT_SERVICE : EXIT_USAGE,
	    "not a URL: '%.200s'", path) : url_check(buf_str(url), why);
}

/* ---- tokens ---- */

static bool
same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

int
client_token(struct client *c, const struct call *call, struct token **t,
    struct fail *why)
{
	struct token_opts o = c->opts->token;
	const char *scopes = c->opts->scope ? c->opts->scope : call->scopes;
	struct purse *p;
	int r = 0;

	o.origins = &c->opts->allow;
	if (!o.no_auth && !o.auth_env) {
		o.no_auth = call->no_auth;
		o.auth_env = call->auth_env;
	}
	pthread_mutex_lock(&c->lock);
	for (p = c->purses; p; p = p->next)
		if (same(p->scopes, scopes) && same(p->env, o.auth_env) &&
		    p->none == o.no_auth)
			break;
	if (!p && (p = calloc(1, sizeof *p))) {
		p->scopes = scopes ? strdup(scopes) : NULL;
		p->env = o.auth_env ? strdup(o.auth_env) : NULL;
		p->none = o.no_auth;
		r = token_open(&p->token, &o, c->conf, scopes, why);
		p->next = c->purses;
		c->purses = p;
	} else if (!p) {
		r = no_memory(why);
	}
	*t = p ? p->token : NULL;
	if (r == 0 && !*t)
		r = fail(why, EXIT_USAGE, "no token");
	pthread_mutex_unlock(&c->lock);
	return r;
}

/* ---- the client ---- */

/* One pace for all that ask the same API as the same client. */
static void
open_budget(struct client *c, double per_second, double bucket)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	const char *who = conf_get(c->conf, CONF_CLIENT_ID);
	struct buf dir = BUF_INIT(BUF_PATH), key = BUF_INIT(BUF_LINE);
	bool known = true;

	if (c->opts->token.no_auth || c->opts->token.auth_env)
		who = c->opts->token.no_auth ? "" : c->opts->token.auth_env;
	buf_addf(&key, "%s %s", c->api ? c->api : "", who ? who : "");
	if (cache && cache[0] == '/')
		buf_addf(&dir, "%s", cache);
	else if (home && *home)
		buf_addf(&dir, "%s/.cache", home);
	else
		known = false;
	if (known) {
		(void)mkdir(buf_str(&dir), 0700);
		buf_str_add(&dir, "/gcpipe");
		(void)mkdir(buf_str(&dir), 0700);
	}
	budget_open(&c->budget, known ? buf_str(&dir) : NULL, buf_str(&key),
	    per_second, bucket, clock_mono());
	buf_free(&dir);
	buf_free(&key);
}

int
client_open(struct client **out, const struct client_opts *o,
    const struct conf *conf, client_note *note, struct fail *why)
{
	static const struct retry_policy usual = RETRY_POLICY;
	struct client *c = calloc(1, sizeof *c);
	const char *seed = getenv("GC_SEED");
	double rate = 0, bucket = 0;
	int r = 0;

	*out = NULL;
	if (!c)
		return no_memory(why);
	c->opts = o;
	c->conf = conf;
	c->note = note;
	c->audit.fd = c->budget.fd = -1;
	c->policy = usual;
	c->policy.tries = (int)o->tries;
	c->policy.max_delay = o->max_delay;
	if (o->max_wait >= 0)
		c->policy.max_wait = o->max_wait;
	pthread_mutex_init(&c->lock, NULL);
	rng_seed(&c->rng, seed && *seed ? rng_hash(1, seed, strlen(seed)) :
	    (uint64_t)clock_mono() ^ ((uint64_t)getpid() << 32));
	c->api = origin_of(conf_get(conf, CONF_API_URL));
	if (!c->api)
		r = fail(why, EXIT_USAGE, "not a URL: %s",
		    conf_get(conf, CONF_API_URL));
	if (r == 0 && o->rate && rate_parse(o->rate, &rate, &bucket) < 0)
		r = fail(why, EXIT_USAGE, "--rate takes N, N/s, N/m, N/h or "
		    "N/TIME such as 1/0.5s, not '%s'", o->rate);
	open_budget(c, rate, bucket);
	if (r == 0)
		r = read_allowed(c, why);
	if (r == 0 && o->audit)
		r = audit_open(&c->audit, o->audit, o->audit_size, why);
	if (r < 0)
		client_close(c);
	else
		*out = c;
	return r;
}

/* ---- what every request asks ---- */

bool
client_allows(const struct client *c, const char *url)
{
	char *origin = origin_of(url);
	bool yes = origin && is_allowed(c, origin);

	free(origin);
	return yes;
}

bool
client_repeats(const struct client *c, const struct call *call)
{
	return c->opts->repeat || call_repeatable(call);
}

double
client_turn(struct client *c, bool again, bool *too_long)
{
	double seconds;

	pthread_mutex_lock(&c->lock);
	seconds = budget_take(&c->budget, clock_mono());
	c->sent++;
	c->retried += again;
	pthread_mutex_unlock(&c->lock);
	*too_long = !c->opts->rate && seconds > c->opts->max_delay;
	return seconds;
}

/* Is it the service whose pace is kept? What another one says, a dashboard
 * that is told about results, holds up nobody else. Under the lock. */
static bool
is_paced(const struct client *c, const char *url)
{
	return url_same_origin(url, c->api) ||
	    (c->bound && url_same_origin(url, c->bound));
}

void
client_told(struct client *c, const char *url, const struct http_answer *a)
{
	if (a->status / 100 != 2)
		return;
	pthread_mutex_lock(&c->lock);
	if (is_paced(c, url))
		budget_told(&c->budget, http_header(a, "inin-ratelimit-count"),
		    http_header(a, "inin-ratelimit-allowed"),
		    http_header(a, "inin-ratelimit-reset"), clock_mono());
	pthread_mutex_unlock(&c->lock);
}

enum retry_verdict
client_judge(struct client *c, struct retry *history,
    const struct http_answer *a, bool repeatable, double max_wait,
    struct retry_advice *advice)
{
	struct retry_event e = { .broken = a->broken, .status = a->status };
	struct retry_policy policy = c->policy;
	enum retry_verdict v;

	memset(advice, 0, sizeof *advice);
	if (max_wait < policy.max_wait)
		policy.max_wait = max_wait;
	e.repeatable = repeatable;
	e.retry_after = http_header(a, "Retry-After");
	e.date = http_header(a, "Date");
	e.now = clock_now();
	pthread_mutex_lock(&c->lock);
	v = retry_next(history, &policy, &e, &c->rng, advice);
	pthread_mutex_unlock(&c->lock);
	return v;
}

void
client_hold(struct client *c, const char *url, double seconds)
{
	pthread_mutex_lock(&c->lock);
	if (is_paced(c, url))
		budget_hold(&c->budget, seconds, clock_mono());
	pthread_mutex_unlock(&c->lock);
}

void
client_say(const struct client *c, const char *text)
{
	if (c->note)
		c->note(text);
}

bool
client_audits(const struct client *c)
{
	return c->audit.path != NULL;
}

int
client_done(struct client *c, struct buf *line, uint64_t records,
    struct fail *why)
{
	int r;

	if (line->len == 0)
		return 0;
	buf_addf(line, ",\"records\":%" PRIu64 "}", records);
	if (line->err)
		return no_memory(why);
	pthread_mutex_lock(&c->lock);
	r = audit_line(&c->audit, line->p, line->len, why);
	pthread_mutex_unlock(&c->lock);
	buf_clear(line);
	return r;
}

int
client_http(const struct client *c, struct http **h, struct fail *why)
{
	struct http_opts o = HTTP_OPTS;

	o.cacert = conf_get(c->conf, CONF_CACERT);
	o.connect_timeout = c->opts->connect_timeout;
	o.stall_timeout = c->opts->stall_timeout;
	return http_open(h, &o, why);
}

void
client_counts(struct client *c, uint64_t *sent, uint64_t *retried)
{
	pthread_mutex_lock(&c->lock);
	*sent = c->sent;
	*retried = c->retried;
	pthread_mutex_unlock(&c->lock);
}

void
client_close(struct client *c)
{
	struct purse *p;
	size_t i;

	if (!c)
		return;
	while ((p = c->purses)) {
		c->purses = p->next;
		token_close(p->token);
		free(p->scopes);
		free(p->env);
		free(p);
	}
	for (i = 0; c->allowed && c->allowed[i]; i++)
		free(c->allowed[i]);
	free(c->allowed);
	free(c->api);
	free(c->bound);
	audit_close(&c->audit);
	budget_close(&c->budget);
	pthread_mutex_destroy(&c->lock);
	free(c);
}
