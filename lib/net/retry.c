/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"
#include "base/num.h"
#include "net/retry.h"

bool
retry_is_idempotent(const char *method)
{
	static const char *const names[] = {
		"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"
	};
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		if (strcmp(method, names[i]) == 0)
			return true;
	return false;
}

bool
retry_after(const char *text, const char *date, int64_t now, double *seconds)
{
	char word[64];
	int64_t at, from = now;
	size_t n;

	if (!text)
		return false;
	text += strspn(text, " \t");
	n = strlen(text);
	while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\t'))
		n--;
	if (n == 0 || n >= sizeof word)
		return false;
	memcpy(word, text, n);
	word[n] = '\0';
	if (num_double(word, 0, DBL_MAX, seconds) == 0)
		return true;
	if (time_parse_http(word, &at) < 0)
		return false;
	if (date && time_parse_http(date, &from) < 0)
		from = now;
	*seconds = at > from ? (double)(at - from) / 1000 : 0;
	return true;
}

/* How an outcome is taken, before tries and waits are looked at. */
enum outcome { DONE, FATAL, UNAUTHORIZED, LIMITED, UNSENT, SHAKY };

static enum outcome
outcome(const struct retry_event *e)
{
	if (e->broken == HTTP_REFUSED || e->broken == HTTP_STOPPED)
		return FATAL;
	if (e->broken == HTTP_UNSENT)
		return UNSENT;
	if (e->status == 401)           /* these two say that nothing was */
		return UNAUTHORIZED;
	if (e->status == 429)           /* done, also where their body broke */
		return LIMITED;
	if (e->broken != HTTP_WHOLE)
		return SHAKY;
	if (e->status >= 200 && e->status < 300)
		return DONE;
	if (e->status == 408 || e->status == 425)
		return SHAKY;
	if (e->status == 501 || e->status == 505)
		return FATAL;
	return e->status >= 500 && e->status < 600 ? SHAKY : FATAL;
}

/* A wait of our own after the failures so far. */
static double
backoff(const struct retry *r, const struct retry_policy *p, bool limited,
    struct rng *rng)
{
	double bound = ldexp(limited ? p->base_limit : p->base,
	    r->failed > 30 ? 30 : r->failed - 1);

	return rng_double(rng) * (bound < p->cap ? bound : p->cap);
}

/* The moment seconds from now; a time too far to be one is the last one. */
static int64_t
moment(int64_t now, double seconds)
{
	double ms = ceil(seconds * 1000);

	if (ms >= (double)(INT64_MAX / 2))
		return INT64_MAX / 2;
	return now + (int64_t)ms;
}

enum retry_verdict
retry_next(struct retry *r, const struct retry_policy *p,
    const struct retry_event *e, struct rng *rng, struct retry_advice *a)
{
	enum outcome what = outcome(e);

	memset(a, 0, sizeof *a);
	if (what == DONE)
		return RETRY_DONE;
	if (what == UNAUTHORIZED && !r->renewed) {
		r->renewed = true;
		return RETRY_RENEW;
	}
	if (what == FATAL || what == UNAUTHORIZED)
		return RETRY_GIVE_UP;
	r->failed++;
	if ((what == SHAKY && !e->repeatable) || r->failed >= p->tries)
		return RETRY_GIVE_UP;
	a->asked = e->status >= 400 &&
	    retry_after(e->retry_after, e->date, e->now, &a->seconds);
	if (!a->asked)
		a->seconds = backoff(r, p, what == LIMITED, rng);
	a->at = moment(e->now, a->seconds);
	a->budget = r->waited + a->seconds > p->max_wait;
	if (a->budget || (a->asked && a->seconds > p->max_delay))
		return RETRY_LATER;
	r->waited += a->seconds;
	return RETRY_WAIT;
}
