/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "turn.h"
#include "base/clock.h"
#include "base/out.h"
#include "json/write.h"

#define LOOK_EVERY 0.02         /* seconds */
#define SAY_AFTER 3.0

/* Waits a little for the process that has the lock. */
static int
wait_for(struct turn *turn, const struct cache *c, pid_t holder,
    int64_t since, struct fail *why)
{
	double before = turn->waited;

	turn->waited = (double)(clock_mono() - since) / 1e9;
	if (turn->waited > turn->max_wait)
		return fail(why, EXIT_INCOMPLETE, "process %ld has been "
		    "asking for this token for more than %g s (%s)",
		    (long)holder, turn->max_wait, c->path);
	if (turn->waited > SAY_AFTER && before <= SAY_AFTER)
		turn->note("waiting for process %ld, which is asking for a "
		    "token", (long)holder);
	clock_sleep(LOOK_EVERY);
	return 0;
}

static bool
is_good(const struct turn *turn, const struct cached *t,
    const struct moment *start)
{
	struct moment now;
	int64_t left;

	moment_now(&now);
	left = cached_left(t, &now);
	return (double)left > turn->margin * 1000 ||
	    (left > 0 && cached_since(t, start));
}

/* ---- a failure, handed on ---- */

void
turn_failed(struct cache *c, const struct fail *why)
{
	struct buf b = BUF_INIT(BUF_LINE);
	struct moment now;

	if (why->code != EXIT_SERVICE && why->code != EXIT_INCOMPLETE)
		return;
	moment_now(&now);
	buf_putc(&b, '{');
	json_key(&b, "failed_ms");
	json_int64(&b, now.wall);
	json_key(&b, "boot");
	json_cstr(&b, now.machine);
	json_key(&b, "boot_ms");
	json_int64(&b, now.boot);
	json_key(&b, "code");
	json_int64(&b, why->code);
	json_key(&b, "error");
	json_cstr(&b, why->text);
	buf_str_add(&b, "}\n");
	/* where this does not work out, each of them asks for itself */
	if (!b.err && ftruncate(c->lock, 0) == 0)
		(void)out_fd(c->lock, b.p, b.len);
	buf_free(&b);
}

/* Did the one before fail, after start? Then why is its failure. */
static bool
failed_since(struct cache *c, const struct moment *start, struct fail *why)
{
	char text[4 * sizeof why->text];
	ssize_t n = pread(c->lock, text, sizeof text, 0);
	struct buf error = BUF_INIT(sizeof text);
	struct json_val v, x;
	struct moment when;
	int64_t code;
	bool known;

	if (n <= 0 || json_check(text, (size_t)n, &v, NULL) < 0)
		return false;
	memset(&when, 0, sizeof when);
	known = json_get(v, "failed_ms", &x) && json_int(x, &when.wall) &&
	    json_get(v, "boot_ms", &x) && json_int(x, &when.boot) &&
	    json_get(v, "code", &x) && json_int(x, &code) &&
	    (code == EXIT_SERVICE || code == EXIT_INCOMPLETE) &&
	    json_get(v, "boot", &x) && x.n - 2 < sizeof when.machine &&
	    memcpy(when.machine, x.p + 1, x.n - 2) &&
	    moment_since(&when, start) &&
	    json_get(v, "error", &x) && json_decode(x, &error) == 0;
	if (known)
		fail(why, (int)code, "%s", buf_str(&error));
	buf_free(&error);
	return known;
}

/* ---- the turn ---- */

int
turn_take(struct turn *turn, struct cache *c, struct cached *t,
    struct fail *why)
{
	int64_t since = clock_mono();
	struct moment start;
	bool held = false;
	pid_t holder;
	int r;

	turn->waited = 0;
	moment_now(&start);
	for (;;) {
		if ((r = cache_read(c, t, why)) < 0)
			return -1;
		if (r && is_good(turn, t, &start))
			return 1;
		if (r)
			cached_free(t);
		if (held)               /* that was the second look */
			return turn->waited > 0 &&
			    failed_since(c, &start, why) ? -1 : 0;
		if ((r = cache_try_lock(c, &holder, why)) < 0)
			return -1;
		held = r;
		if (!held && wait_for(turn, c, holder, since, why) < 0)
			return -1;
	}
}

int
turn_lock(struct turn *turn, struct cache *c, struct fail *why)
{
	int64_t since = clock_mono();
	pid_t holder;
	int r;

	turn->waited = 0;
	while ((r = cache_try_lock(c, &holder, why)) == 0)
		if (wait_for(turn, c, holder, since, why) < 0)
			return -1;
	return r < 0 ? -1 : 0;
}
