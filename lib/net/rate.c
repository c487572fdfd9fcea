/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/num.h"
#include "net/rate.h"

#define SECOND 1e9
#define SLOWEST 1e-7            /* a second: waits still fit into nanoseconds */
#define ARRIVAL INT64_C(1000000000)     /* ns: a request is there by then */
#define RATE_SLACK INT64_C(1500000000)  /* ns: by so much two answers differ
                                         * about the end of one window, since
                                         * seconds are whole */

int
rate_parse(const char *text, double *per_second, double *bucket)
{
	char number[NUM_MAX];
	size_t n = strcspn(text, "/");
	double over = 1, v;
	bool window = false;

	if (n >= sizeof number)
		return -1;
	memcpy(number, text, n);
	number[n] = '\0';
	if (text[n] == '/') {
		if (strcmp(text + n, "/s") == 0)
			over = 1;
		else if (strcmp(text + n, "/m") == 0)
			over = 60;
		else if (strcmp(text + n, "/h") == 0)
			over = 3600;
		else if (!(window = num_seconds(text + n + 1, &over) == 0 &&
		    over > 0))
			return -1;
	}
	if (num_double(number, 0, 1e6, &v) < 0 || v <= 0 || v / over > 1e6 ||
	    v / over < SLOWEST)
		return -1;
	*per_second = v / over;
	*bucket = window ? v : *per_second;
	return 0;
}

void
rate_init(struct rate *r, double per_second, double bucket, int64_t now)
{
	memset(r, 0, sizeof *r);
	r->per_second = per_second;
	r->bucket = bucket > 1 ? bucket : 1;
	r->tokens = r->bucket;
	r->filled = r->next = r->until = now;
}

/* Takes a token, not before a moment, and returns when it is there. */
static int64_t
token(struct rate *r, int64_t at)
{
	if (r->per_second <= 0)
		return at;
	if (at > r->filled) {
		r->tokens += (double)(at - r->filled) / SECOND * r->per_second;
		r->filled = at;
	}
	if (r->tokens > r->bucket)
		r->tokens = r->bucket;
	r->tokens -= 1;
	if (r->tokens >= 0)
		return at;
	return r->filled + (int64_t)ceil(-r->tokens / r->per_second * SECOND);
}

/* What is left of the window is spread over it when it is a tenth or less. */
static bool
is_scarce(const struct rate *r)
{
	return r->allowed > 0 && r->allowed - r->used <= r->allowed / 10;
}

/* A window that nobody has told of is as the last one, and begins when its
 * first request arrives, not when that is sent: how much later that is, the
 * first answer tells. */
static int64_t
next_span(const struct rate *r)
{
	if (r->allowed <= 0)
		return RATE_SLACK;
	return r->span + (r->span < 4 * ARRIVAL ? r->span / 4 : ARRIVAL);
}

double
rate_take(struct rate *r, int64_t now)
{
	int64_t at = now > r->next ? now : r->next, left;

	if (r->allowed > 0 && r->used >= r->allowed && at < r->until)
		at = r->until;
	at = token(r, at);
	r->next = at;
	if (at >= r->until) {
		r->used = 0;
		r->until = at + next_span(r);
	}
	left = r->allowed - r->used;
	if (is_scarce(r))
		r->next += (r->until - at) / (left > 0 ? left : 1);
	r->used++;
	return (double)(at - now) / SECOND;
}

void
rate_hold(struct rate *r, double seconds, int64_t now)
{
	int64_t at = now + (int64_t)ceil(seconds * SECOND);

	if (at > r->next)
		r->next = at;
}

/* A header's number; false where it is none. */
static bool
header(const char *text, double *v)
{
	char word[NUM_MAX];
	size_t n;

	if (!text)
		return false;
	text += strspn(text, " \t");
	n = strcspn(text, " \t");
	if (n >= sizeof word || text[n + strspn(text + n, " \t")] != '\0')
		return false;
	memcpy(word, text, n);
	word[n] = '\0';
	return num_double(word, 0, 1e9, v) == 0;
}

/* What an answer says: so many of all were used, its window has span to go,
 * until end. An answer made in the window before the one that requests are
 * booked in now is no news. */
static void
take_news(struct rate *r, int64_t used, int64_t all, int64_t span,
    int64_t end)
{
	int64_t slack = r->span / 2 < RATE_SLACK ? r->span / 2 : RATE_SLACK;

	if (r->allowed > 0 && end <= r->until - r->span + slack)
		return;
	if (r->allowed > 0 && end > r->until + RATE_SLACK)
		r->used = 0;            /* another window */
	if (r->allowed <= 0 || end > r->until + RATE_SLACK || end < r->until)
		r->until = end;
	if (used > r->used)
		r->used = used;
	if (span > r->span)
		r->span = span;
	r->allowed = all;
}

void
rate_told(struct rate *r, const char *count, const char *allowed,
    const char *reset, int64_t now)
{
	double used, all, seconds;
	int64_t span, left;

	if (!header(count, &used) || !header(allowed, &all) ||
	    !header(reset, &seconds) || all < 1)
		return;
	if (seconds > RATE_HOLD)
		seconds = RATE_HOLD;
	span = (int64_t)(seconds * SECOND);
	take_news(r, used < all ? (int64_t)used : (int64_t)all, (int64_t)all,
	    span, now + span);
	left = r->allowed - r->used;
	if (left > 0 && is_scarce(r))
		rate_hold(r, (double)(r->until - now) / SECOND /
		    (double)(left + 1), now);
}
