/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/buf.h"
#include "net/budget.h"
#include "net/digest.h"

#define ALLOWED_MAX INT64_C(1000000000)
#define STATE_MAX 200           /* bytes of the file, always as many */

bool
budget_open(struct budget *b, const char *dir, const char *key,
    double per_second, double bucket, int64_t now)
{
	struct buf path = BUF_INIT(BUF_PATH);
	char hex[DIGEST_HEX];

	b->fd = -1;
	rate_init(&b->rate, per_second, bucket, now);
	if (!dir || digest_hex(key, strlen(key), hex, NULL) < 0)
		return false;
	buf_addf(&path, "%s/rate-%.16s", dir, hex);
	if (!path.err)
		b->fd = open(buf_str(&path), O_RDWR | O_CREAT | O_CLOEXEC |
		    O_NOFOLLOW, 0600);
	buf_free(&path);
	return b->fd >= 0;
}

void
budget_close(struct budget *b)
{
	if (b->fd >= 0)
		close(b->fd);
	b->fd = -1;
}

static int
lock(int fd, short type)
{
	struct flock l;
	int r;

	memset(&l, 0, sizeof l);
	l.l_type = type;
	l.l_whence = SEEK_SET;
	do
		r = fcntl(fd, F_SETLKW, &l);
	while (r < 0 && errno == EINTR);
	return r;
}

/* Can a state have been written at or before now? */
static bool
is_plausible(const struct rate *r, int64_t now)
{
	const int64_t far = (int64_t)(BUDGET_HOLD * 1e9);

	return isfinite(r->tokens) && fabs(r->tokens) < 1e9 &&
	    r->filled >= 0 && r->filled <= now + far &&
	    r->next >= 0 && r->next <= now + far &&
	    r->until >= 0 && r->until <= now + far &&
	    r->span >= 0 && r->span <= far &&
	    r->allowed >= 0 && r->allowed <= ALLOWED_MAX &&
	    r->used >= 0 && r->used <= ALLOWED_MAX;
}

/* Locks the file and takes over its state. False where there is no file to
 * be had; then nothing is locked. */
static bool
begin(struct budget *b, int64_t now)
{
	struct rate r = b->rate;
	char text[STATE_MAX + 1];
	ssize_t n;

	if (b->fd < 0)
		return false;
	if (lock(b->fd, F_WRLCK) < 0) {
		budget_close(b);
		return false;
	}
	n = pread(b->fd, text, STATE_MAX, 0);
	text[n > 0 ? n : 0] = '\0';
	if (sscanf(text, "gcpipe rate 2 %lf %" SCNd64 " %" SCNd64 " %" SCNd64
	    " %" SCNd64 " %" SCNd64 " %" SCNd64, &r.tokens, &r.filled, &r.next,
	    &r.allowed, &r.used, &r.until, &r.span) == 7 &&
	    is_plausible(&r, now))
		b->rate = r;
	return true;
}

/* Writes the state and lets the next process in. */
static void
end(struct budget *b)
{
	char text[STATE_MAX + 1];
	int n;

	n = snprintf(text, sizeof text, "gcpipe rate 2 %.17g %" PRId64
	    " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64,
	    b->rate.tokens, b->rate.filled, b->rate.next, b->rate.allowed,
	    b->rate.used, b->rate.until, b->rate.span);
	memset(text + n, ' ', (size_t)(STATE_MAX - n));
	text[STATE_MAX - 1] = '\n';
	if (pwrite(b->fd, text, STATE_MAX, 0) != STATE_MAX)
		budget_close(b);        /* and with it the lock */
	else
		lock(b->fd, F_UNLCK);
}

double
budget_take(struct budget *b, int64_t now)
{
	bool shared = begin(b, now);
	double seconds = rate_take(&b->rate, now);

	if (shared)
		end(b);
	return seconds;
}

void
budget_told(struct budget *b, const char *count, const char *allowed,
    const char *reset, int64_t now)
{
	bool shared;

	if (!count || !allowed || !reset)
		return;
	shared = begin(b, now);
	rate_told(&b->rate, count, allowed, reset, now);
	if (shared)
		end(b);
}

void
budget_hold(struct budget *b, double seconds, int64_t now)
{
	bool shared = begin(b, now);

	rate_hold(&b->rate, seconds < BUDGET_HOLD ? seconds : BUDGET_HOLD, now);
	if (shared)
		end(b);
}
