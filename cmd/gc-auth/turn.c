/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "turn.h"
#include "base/clock.h"

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
			return 0;
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
