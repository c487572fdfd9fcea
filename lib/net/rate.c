/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/num.h"
#include "net/rate.h"

#define SECOND 1e9

int
rate_parse(const char *text, double *per_second)
{
	char number[NUM_MAX];
	size_t n = strcspn(text, "/");
	double over = 1, v;

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
		else
			return -1;
	}
	if (num_double(number, 0, 1e6, &v) < 0 || v <= 0)
		return -1;
	*per_second = v / over;
	return 0;
}

/* What the bucket holds at most: a second's worth, one at least. */
static double
burst(const struct rate *r)
{
	return r->per_second > 1 ? r->per_second : 1;
}

void
rate_init(struct rate *r, double per_second, int64_t now)
{
	memset(r, 0, sizeof *r);
	r->per_second = per_second;
	r->tokens = burst(r);
	r->filled = r->next = r->until = now;
}

/* Takes a token, not before a moment, and returns when it is there. */
static int64_t
token(struct rate *r, int64_t at)
{
	double full = burst(r);

	if (r->per_second <= 0)
		return at;
	if (at > r->filled) {
		r->tokens += (double)(at - r->filled) / SECOND * r->per_second;
		r->filled = at;
	}
	if (r->tokens > full)
		r->tokens = full;
	r->tokens -= 1;
	if (r->tokens >= 0)
		return at;
	return r->filled + (int64_t)ceil(-r->tokens / r->per_second * SECOND);
}

double
rate_take(struct rate *r, int64_t now)
{
	int64_t at = token(r, now > r->next ? now : r->next);

	r->next = at < r->until ? at + r->gap : at;
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

void
rate_told(struct rate *r, const char *count, const char *allowed,
    const char *reset, int64_t now)
{
	double used, all, left, seconds;

	if (!header(count, &used) || !header(allowed, &all) ||
	    !header(reset, &seconds) || all < 1)
		return;
	if (seconds > RATE_HOLD)
		seconds = RATE_HOLD;
	left = all - used;
	r->gap = 0;
	r->until = now + (int64_t)(seconds * SECOND);
	if (left < 1)
		rate_hold(r, seconds, now);
	else if (left <= all / 10) {
		r->gap = (int64_t)(seconds / (left + 1) * SECOND);
		rate_hold(r, seconds / (left + 1), now);
	}
}
