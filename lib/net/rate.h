/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rate.h -- how long to wait before the next request may go.
 *
 * Two limits, both kept: our own (--rate), a token bucket (J. Turner, "New
 * directions in communications", 1986) that holds one second's worth, or what
 * is allowed in the time that was named (1/0.5s: one, then half a second); and
 * the service's, told by three headers on its answers:
 *
 *	inin-ratelimit-count: 271       requests in this window so far
 *	inin-ratelimit-allowed: 300     of so many
 *	inin-ratelimit-reset: 12        seconds until the window ends
 *
 * Nothing is held back until a tenth of the window is left. What is left then
 * is spread over the time to its end, so that others who share the token
 * still get through and a 429 never comes: here 29 requests are left, one
 * every 12/30 s = 0.4 s. When none is left the next one waits for the end. A
 * wait for the service's sake is at most 60 s, then it is asked again.
 *
 * A request counts as used when it is booked, not when its answer comes: an
 * answer speaks of the moment it was made at, and does not know of those on
 * their way. So it raises what is used, and never lowers it, until it speaks
 * of a later window.
 *
 * Time is passed in, nanoseconds of a clock that only goes forward
 * (clock_mono()); nothing here sleeps. Not locked: one thread, or a mutex.
 *
 *	rate_init(&r, 5, clock_mono());
 *	...
 *	wait = rate_take(&r, clock_mono());     sleep, then send
 *	rate_told(&r, count, allowed, reset, clock_mono());
 */
#ifndef NET_RATE_H
#define NET_RATE_H

#include "base/compat.h"

#define RATE_HOLD 60.0          /* seconds: the longest wait it is told into */

struct rate {
	double per_second;      /* our own limit; 0: none */
	double bucket;          /* it holds so much, 1 at least */
	double tokens;          /* in the bucket; below 0: booked ahead */
	int64_t filled;         /* when they were counted */
	int64_t next;           /* no request goes before */
	int64_t allowed;        /* by the service, a window; 0: not told */
	int64_t used;           /* of these, as far as we know */
	int64_t until;          /* the end of the window */
	int64_t span;           /* how long one is: the most that was told */
};

/* Reads what --rate takes: N, N/s, N/m, N/h or N/TIME, N > 0. Returns 0 or
 * -1. */
int rate_parse(const char *text, double *per_second, double *bucket);

/* Begins with a full bucket. */
void rate_init(struct rate *r, double per_second, double bucket, int64_t now);

/* The seconds to wait before a request is sent, which is booked by this
 * call: two calls at one moment get two different times. */
double rate_take(struct rate *r, int64_t now);

/* What an answer that succeeded says about the service's limit: the texts of
 * its three headers, any of them NULL where it was not there. */
void rate_told(struct rate *r, const char *count, const char *allowed,
    const char *reset, int64_t now);

/* Nothing more goes for so many seconds: a 429's Retry-After, which holds for
 * every request that uses the same token. */
void rate_hold(struct rate *r, double seconds, int64_t now);

#endif
