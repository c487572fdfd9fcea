/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/rate.h"
#include "unit.h"

#define S INT64_C(1000000000)

static bool
near(double a, double b)
{
	return fabs(a - b) < 1e-6;
}

static void
assert_rate(const char *text, double want)
{
	double v = -1, bucket;

	assert_int_equal(rate_parse(text, &v, &bucket), want > 0 ? 0 : -1);
	if (want > 0)
		assert_true(near(v, want));
}

static void
reads_what_rate_takes(void **state)
{
	(void)state;
	assert_rate("5", 5);
	assert_rate("0.5", 0.5);
	assert_rate("10/s", 10);
	assert_rate("300/m", 5);
	assert_rate("3600/h", 1);
	assert_rate("0", -1);
	assert_rate("-1", -1);
	assert_rate("", -1);
	assert_rate("/s", -1);
	assert_rate("5/", -1);
	assert_rate("5/d", -1);
	assert_rate("5/s ", -1);
	assert_rate("5s", -1);
	assert_rate("1e7", -1);
	assert_rate("1/0.5s", 2);
	assert_rate("1/250ms", 4);
	assert_rate("30/2m", 0.25);
	assert_rate("1/0s", -1);
	assert_rate("1/-1s", -1);
	assert_rate("1/s1", -1);
	/* so slow that a wait is no number of nanoseconds */
	assert_rate("1e-300", -1);
	assert_rate("1/1000000000s", -1);
	assert_rate("1/30d", 1 / (30 * 86400.0));
}

static void
a_named_time_is_its_window(void **state)
{
	double v, bucket;
	struct rate r;

	(void)state;
	assert_int_equal(rate_parse("1/0.5s", &v, &bucket), 0);
	rate_init(&r, v, bucket, 0);
	assert_true(near(rate_take(&r, 0), 0));
	assert_true(near(rate_take(&r, 0), 0.5));
	assert_true(near(rate_take(&r, 0), 1));
	assert_true(near(rate_take(&r, 10 * S), 0));
	assert_true(near(rate_take(&r, 10 * S), 0.5));
	assert_int_equal(rate_parse("4/2s", &v, &bucket), 0);
	assert_true(near(bucket, 4) && near(v, 2));
}

static void
without_a_limit_nothing_waits(void **state)
{
	struct rate r;
	int i;

	(void)state;
	rate_init(&r, 0, 0, 7 * S);
	for (i = 0; i < 1000; i++)
		assert_true(rate_take(&r, 7 * S) == 0);
}

static void
a_bucket_holds_a_seconds_worth(void **state)
{
	struct rate r;
	int i;

	(void)state;
	rate_init(&r, 5, 5, 0);
	for (i = 0; i < 5; i++)
		assert_true(rate_take(&r, 0) == 0);
	/* booked ahead, each one later than the one before */
	for (i = 1; i <= 10; i++)
		assert_true(near(rate_take(&r, 0), i * 0.2));
	/* a long rest fills it once, not more */
	for (i = 0; i < 5; i++)
		assert_true(rate_take(&r, 1000 * S) == 0);
	assert_true(near(rate_take(&r, 1000 * S), 0.2));
}

/* Whoever obeys it never sends more than rate * t + burst in any t. */
static void
the_rate_is_kept_over_time(void **state)
{
	struct rate r;
	int64_t now = 0, sent[2000];
	int i, j;

	(void)state;
	rate_init(&r, 10, 10, 0);
	for (i = 0; i < 2000; i++) {
		now += (int64_t)(rate_take(&r, now) * 1e9) + 1;
		sent[i] = now;
		if (i % 100 == 99)
			now += 3 * S;           /* it rests */
	}
	for (i = 0; i < 2000; i++)
		for (j = i; j < 2000; j++)
			assert_true(j - i + 1 <= (double)(sent[j] - sent[i]) /
			    1e9 * 10 + 10 + 1.001);
}

static void
a_slow_rate_spaces_single_requests(void **state)
{
	struct rate r;

	(void)state;
	rate_init(&r, 0.5, 0.5, 0);
	assert_true(rate_take(&r, 0) == 0);
	assert_true(near(rate_take(&r, 0), 2));
	assert_true(near(rate_take(&r, 0), 4));
	assert_true(near(rate_take(&r, 5 * S), 1));
}

static void
most_of_a_window_is_not_paced(void **state)
{
	struct rate r;

	(void)state;
	rate_init(&r, 0, 0, 0);
	rate_told(&r, "1", "180", "61", 0);
	assert_true(rate_take(&r, 0) == 0);
	rate_told(&r, "269", "300", "12", 0);
	assert_true(rate_take(&r, 0) == 0);
	assert_true(rate_take(&r, 0) == 0);
}

static void
the_last_tenth_is_spread_over_the_window(void **state)
{
	struct rate r;
	int i;

	(void)state;
	rate_init(&r, 0, 0, 0);
	rate_told(&r, "271", "300", "12", 0);
	for (i = 1; i <= 29; i++)
		assert_true(near(rate_take(&r, 0), i * 0.4));
	/* when the window is over, so is the pacing */
	assert_true(near(rate_take(&r, 0), 12));
	assert_true(near(rate_take(&r, 0), 12));
	assert_true(rate_take(&r, 13 * S) == 0);
	assert_true(rate_take(&r, 13 * S) == 0);
}

static void
a_window_that_is_used_up_is_waited_for(void **state)
{
	struct rate r;

	(void)state;
	rate_init(&r, 0, 0, 0);
	rate_told(&r, "300", "300", "17", 0);
	assert_true(near(rate_take(&r, 2 * S), 15));
	rate_init(&r, 0, 0, 0);
	rate_told(&r, "3", "180", "3", 0);
	rate_told(&r, "305", "300", "86400", 0);
	assert_true(near(rate_take(&r, 0), RATE_HOLD));
}

static void
news_replaces_what_was_told_before(void **state)
{
	struct rate r;

	(void)state;
	rate_init(&r, 0, 0, 0);
	rate_told(&r, "290", "300", "11", 0);   /* one a second */
	assert_true(near(rate_take(&r, 0), 1));
	assert_true(near(rate_take(&r, S), 1));
	rate_told(&r, "1", "300", "60", 3 * S); /* a new window */
	assert_true(rate_take(&r, 3 * S) == 0);
	assert_true(rate_take(&r, 3 * S) == 0);
}

/* Answers come late and out of order: what is on its way they do not know of,
 * and what one has said of this window no older one takes back. */
static void
what_is_on_its_way_counts(void **state)
{
	struct rate r;
	int i;

	(void)state;
	rate_init(&r, 0, 0, 0);
	rate_told(&r, "50", "100", "10", 0);
	for (i = 0; i < 41; i++)
		assert_true(rate_take(&r, 0) == 0);
	assert_true(near(rate_take(&r, 0), 1));         /* 9 are left */
	rate_told(&r, "60", "100", "10", 0);            /* an old answer */
	assert_true(near(rate_take(&r, S), 1));
	rate_told(&r, "98", "100", "9", 2 * S);         /* others were quicker */
	rate_told(&r, "70", "100", "9", 2 * S);
	assert_true(rate_take(&r, 2 * S) > 2);
	rate_take(&r, 2 * S);
	assert_true(near(rate_take(&r, 2 * S), 8));     /* none is left */
	/* the next window is as the last one, until the service says */
	for (i = 0; i < 90; i++)
		assert_true(near(rate_take(&r, 2 * S), 8));
	assert_true(rate_take(&r, 2 * S) > 8.9);
}

/* Eight clients with a delay, one window: never one request too many. */
static void
clients_at_once_stay_in_the_window(void **state)
{
	enum { CLIENTS = 8, LIMIT = 60, WINDOW = 3, DELAY = 80 };
	struct { int64_t at, told; int count, reset; bool wait; } c[CLIENTS];
	int64_t now, window = 0;
	struct rate r;
	int count = 0, over = 0, sent = 0, i;
	char a[16], b[16];

	(void)state;
	memset(c, 0, sizeof c);
	rate_init(&r, 0, 0, 0);
	for (i = 0; i < CLIENTS; i++)
		c[i].at = (int64_t)(rate_take(&r, 0) * 1e9);
	for (now = 0; now < 30 * S; now += S / 1000)
		for (i = 0; i < CLIENTS; i++) {
			if (c[i].wait && now >= c[i].told) {
				snprintf(a, sizeof a, "%d", c[i].count);
				snprintf(b, sizeof b, "%d", c[i].reset);
				rate_told(&r, a, "60", b, now);
				c[i].wait = false;
				c[i].at = now +
				    (int64_t)(rate_take(&r, now) * 1e9);
			}
			if (c[i].wait || now < c[i].at)
				continue;
			if (now - window >= WINDOW * S) {
				window = now;
				count = 0;
			}
			over += ++count > LIMIT;
			sent++;
			c[i].count = count > LIMIT ? LIMIT : count;
			c[i].reset = (int)ceil((double)(window + WINDOW * S -
			    now) / 1e9);
			c[i].told = now + (DELAY + i) * (S / 1000);
			c[i].wait = true;
		}
	assert_int_equal(over, 0);
	assert_true(sent > 9 * LIMIT);          /* of 10 at most */
}

static void
headers_that_say_nothing_change_nothing(void **state)
{
	static const char *const bad[][3] = {
		{ NULL, "300", "10" }, { "300", NULL, "10" },
		{ "300", "300", NULL }, { "x", "300", "10" },
		{ "300", "", "10" }, { "300", "300", "-1" },
		{ "300", "0", "10" }, { "300", "300", "1 2" },
		{ "300", "300", "1e12" }
	};
	struct rate r;
	size_t i;

	(void)state;
	rate_init(&r, 0, 0, 0);
	for (i = 0; i < COUNT(bad); i++) {
		rate_told(&r, bad[i][0], bad[i][1], bad[i][2], 0);
		assert_true(rate_take(&r, 0) == 0);
	}
	rate_told(&r, " 300 ", "300\t", " 10", 0);
	assert_true(near(rate_take(&r, 0), 10));
}

static void
a_hold_is_for_every_request(void **state)
{
	struct rate r;

	(void)state;
	rate_init(&r, 5, 5, 0);
	rate_hold(&r, 42, 0);
	assert_true(near(rate_take(&r, 0), 42));
	assert_true(near(rate_take(&r, 2 * S), 40));
	rate_hold(&r, 1, 2 * S);        /* a shorter one does not end it */
	assert_true(near(rate_take(&r, 2 * S), 40));
	assert_true(rate_take(&r, 50 * S) == 0);
}

static void
our_own_rate_holds_behind_a_hold(void **state)
{
	struct rate r;
	int i;

	(void)state;
	rate_init(&r, 2, 2, 0);
	rate_hold(&r, 10, 0);
	for (i = 0; i < 2; i++)
		assert_true(near(rate_take(&r, 0), 10));
	for (i = 1; i < 9; i++)
		assert_true(near(rate_take(&r, 0), 10 + i * 0.5));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_rate_takes),
		cmocka_unit_test(a_named_time_is_its_window),
		cmocka_unit_test(without_a_limit_nothing_waits),
		cmocka_unit_test(a_bucket_holds_a_seconds_worth),
		cmocka_unit_test(the_rate_is_kept_over_time),
		cmocka_unit_test(a_slow_rate_spaces_single_requests),
		cmocka_unit_test(most_of_a_window_is_not_paced),
		cmocka_unit_test(the_last_tenth_is_spread_over_the_window),
		cmocka_unit_test(a_window_that_is_used_up_is_waited_for),
		cmocka_unit_test(news_replaces_what_was_told_before),
		cmocka_unit_test(what_is_on_its_way_counts),
		cmocka_unit_test(clients_at_once_stay_in_the_window),
		cmocka_unit_test(headers_that_say_nothing_change_nothing),
		cmocka_unit_test(a_hold_is_for_every_request),
		cmocka_unit_test(our_own_rate_holds_behind_a_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
