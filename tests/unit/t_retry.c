/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"
#include "net/retry.h"
#include "unit.h"

#define NOW INT64_C(1767225600000)      /* 2026-01-01T00:00:00Z, a Thursday */

static const struct retry_policy policy = RETRY_POLICY;

static struct retry_event
status(int code)
{
	struct retry_event e = { HTTP_WHOLE, code, true, NULL, NULL, NOW };

	return e;
}

static struct retry_event
broken(enum http_broken how)
{
	struct retry_event e = { how, 0, true, NULL, NULL, NOW };

	return e;
}

/* The verdict on the first failure of a request. */
static enum retry_verdict
first(struct retry_event e, struct retry_advice *a)
{
	struct retry r = RETRY_INIT;
	struct retry_advice own;
	struct rng rng;

	rng_seed(&rng, 7);
	return retry_next(&r, &policy, &e, &rng, a ? a : &own);
}

static void
each_outcome_has_its_verdict(void **state)
{
	static const struct { int code; enum retry_verdict get, post; } s[] = {
		{ 200, RETRY_DONE, RETRY_DONE },
		{ 202, RETRY_DONE, RETRY_DONE },
		{ 299, RETRY_DONE, RETRY_DONE },
		{ 301, RETRY_GIVE_UP, RETRY_GIVE_UP },
		{ 304, RETRY_GIVE_UP, RETRY_GIVE_UP },
		{ 400, RETRY_GIVE_UP, RETRY_GIVE_UP },
		{ 401, RETRY_RENEW, RETRY_RENEW },
		{ 403, RETRY_GIVE_UP, RETRY_GIVE_UP },
		{ 404, RETRY_GIVE_UP, RETRY_GIVE_UP },
		{ 408, RETRY_WAIT, RETRY_GIVE_UP },
		{ 409, RETRY_GIVE_UP, RETRY_GIVE_UP },
		{ 425, RETRY_WAIT, RETRY_GIVE_UP },
		{ 429, RETRY_WAIT, RETRY_WAIT },
		{ 500, RETRY_WAIT, RETRY_GIVE_UP },
		{ 501, RETRY_GIVE_UP, RETRY_GIVE_UP },
		{ 502, RETRY_WAIT, RETRY_GIVE_UP },
		{ 503, RETRY_WAIT, RETRY_GIVE_UP },
		{ 504, RETRY_WAIT, RETRY_GIVE_UP },
		{ 505, RETRY_GIVE_UP, RETRY_GIVE_UP },
		{ 599, RETRY_WAIT, RETRY_GIVE_UP },
		{ 100, RETRY_GIVE_UP, RETRY_GIVE_UP },
		{ 600, RETRY_GIVE_UP, RETRY_GIVE_UP }
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(s); i++) {
		struct retry_event e = status(s[i].code);

		assert_int_equal(first(e, NULL), s[i].get);
		e.repeatable = false;
		assert_int_equal(first(e, NULL), s[i].post);
	}
}

static void
a_broken_exchange_is_repeated_where_that_does_no_harm(void **state)
{
	static const struct { enum http_broken how;
	    enum retry_verdict get, post; } s[] = {
		{ HTTP_REFUSED, RETRY_GIVE_UP, RETRY_GIVE_UP },
		{ HTTP_UNSENT, RETRY_WAIT, RETRY_WAIT },
		{ HTTP_STALLED, RETRY_WAIT, RETRY_GIVE_UP },
		{ HTTP_CUT, RETRY_WAIT, RETRY_GIVE_UP },
		{ HTTP_GARBLED, RETRY_WAIT, RETRY_GIVE_UP },
		{ HTTP_STOPPED, RETRY_GIVE_UP, RETRY_GIVE_UP }
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(s); i++) {
		struct retry_event e = broken(s[i].how);

		assert_int_equal(first(e, NULL), s[i].get);
		e.repeatable = false;
		assert_int_equal(first(e, NULL), s[i].post);
		e.status = 200;         /* the head came, the rest did not */
		assert_int_equal(first(e, NULL), s[i].post);
	}
}

/* The tutorial's 401 and 429 called themselves without end. */
static void
defect_retries_had_no_bound(void **state)
{
	struct retry r = RETRY_INIT;
	struct retry_event e = status(401), limit = status(429);
	struct retry_advice a;
	struct rng rng;
	int i;

	(void)state;
	rng_seed(&rng, 1);
	assert_int_equal(retry_next(&r, &policy, &e, &rng, &a), RETRY_RENEW);
	assert_int_equal(retry_next(&r, &policy, &e, &rng, &a), RETRY_GIVE_UP);
	r.failed = 0;
	for (i = 1; i < 5; i++)
		assert_int_equal(retry_next(&r, &policy, &limit, &rng, &a),
		    RETRY_WAIT);
	assert_int_equal(retry_next(&r, &policy, &limit, &rng, &a),
	    RETRY_GIVE_UP);
	assert_int_equal(r.failed, 5);
}

static void
a_renewal_is_no_try(void **state)
{
	struct retry r = RETRY_INIT;
	struct retry_event limit = status(429), e = status(401);
	struct retry_advice a;
	struct rng rng;
	int i, waits = 0;

	(void)state;
	rng_seed(&rng, 1);
	for (i = 0; i < 2; i++)
		waits += retry_next(&r, &policy, &limit, &rng, &a) ==
		    RETRY_WAIT;
	assert_int_equal(retry_next(&r, &policy, &e, &rng, &a), RETRY_RENEW);
	for (i = 0; i < 2; i++)
		waits += retry_next(&r, &policy, &limit, &rng, &a) ==
		    RETRY_WAIT;
	assert_int_equal(waits, 4);
	assert_int_equal(retry_next(&r, &policy, &limit, &rng, &a),
	    RETRY_GIVE_UP);
}

/* Where no other token can be had, the caller says so beforehand. */
static void
a_refusal_counts_also_where_its_body_broke(void **state)
{
	struct retry_event e = broken(HTTP_CUT);
	struct retry_advice a;

	(void)state;
	e.repeatable = false;
	e.status = 429;
	e.retry_after = "3";
	assert_int_equal(first(e, &a), RETRY_WAIT);
	assert_true(a.asked && a.seconds == 3);
	e.status = 401;
	assert_int_equal(first(e, &a), RETRY_RENEW);
	e.status = 200;
	assert_int_equal(first(e, &a), RETRY_GIVE_UP);
}

static void
a_token_that_cannot_be_renewed_is_not(void **state)
{
	struct retry r = { 0, true, 0 };
	struct retry_event e = status(401);
	struct retry_advice a;
	struct rng rng;

	(void)state;
	rng_seed(&rng, 1);
	assert_int_equal(retry_next(&r, &policy, &e, &rng, &a), RETRY_GIVE_UP);
}

/* Over many requests: every wait below its bound, the mean half of it (full
 * jitter), and the bounds double up to the cap. */
static void
assert_backoff(struct retry_event e, double base)
{
	enum { N = 4000 };
	struct retry_policy p = policy;
	double sum[6] = { 0 }, bound = base;
	struct rng rng;
	int i, k;

	p.tries = 7;
	rng_seed(&rng, 42);
	for (i = 0; i < N; i++) {
		struct retry r = RETRY_INIT;

		for (k = 0, bound = base; k < 6; k++, bound *= 2) {
			struct retry_advice a;

			if (bound > 60)
				bound = 60;
			assert_int_equal(retry_next(&r, &p, &e, &rng, &a),
			    RETRY_WAIT);
			assert_true(a.seconds >= 0 && a.seconds < bound);
			assert_false(a.asked);
			assert_true(a.at >= NOW && a.at <= NOW + 60000);
			sum[k] += a.seconds;
		}
	}
	for (k = 0, bound = base; k < 6; k++, bound *= 2) {
		if (bound > 60)
			bound = 60;
		/* 6 standard errors of a uniform's mean */
		assert_true(fabs(sum[k] / N - bound / 2) <
		    6 * bound / sqrt(12.0 * N));
	}
}

static void
waits_of_our_own_are_full_jitter_up_to_a_minute(void **state)
{
	(void)state;
	assert_backoff(status(429), 5);
	assert_backoff(status(503), 1);
	assert_backoff(broken(HTTP_UNSENT), 1);
}

static void
retry_after_is_kept_whole(void **state)
{
	struct retry_event e = status(429);
	struct retry_advice a;

	(void)state;
	e.retry_after = "42";
	assert_int_equal(first(e, &a), RETRY_WAIT);
	assert_true(a.asked && a.seconds == 42);
	assert_int_equal(a.at, NOW + 42000);
	e.retry_after = "0";
	assert_int_equal(first(e, &a), RETRY_WAIT);
	assert_true(a.asked && a.seconds == 0);
	e.retry_after = "300";          /* beyond a wait of our own */
	assert_int_equal(first(e, &a), RETRY_WAIT);
	assert_true(a.seconds == 300);
	e.status = 503;
	e.retry_after = "7";
	assert_int_equal(first(e, &a), RETRY_WAIT);
	assert_true(a.asked && a.seconds == 7);
}

static void
a_retry_after_beyond_max_delay_names_the_time(void **state)
{
	struct retry_event e = status(429);
	struct retry_advice a;
	char text[TIME_MAX];

	(void)state;
	e.retry_after = "301";
	assert_int_equal(first(e, &a), RETRY_LATER);
	assert_false(a.budget);
	assert_string_equal(time_format(text, a.at), "2026-01-01T00:05:01Z");
	e.retry_after = "1e300";
	assert_int_equal(first(e, &a), RETRY_LATER);
	assert_true(a.at > NOW);
	e.retry_after = "Thu, 01 Jan 2026 01:00:00 GMT";
	assert_int_equal(first(e, &a), RETRY_LATER);
	assert_string_equal(time_format(text, a.at), "2026-01-01T01:00:00Z");
}

/* The tutorial's int(Retry-After) died on a date. */
static void
defect_a_retry_after_that_is_a_date_was_fatal(void **state)
{
	static const char *const forms[] = {
		"Thu, 01 Jan 2026 00:01:30 GMT",
		"Thursday, 01-Jan-26 00:01:30 GMT",
		"Thu Jan  1 00:01:30 2026",
		" Thu, 01 Jan 2026 00:01:30 GMT\t"
	};
	struct retry_event e = status(429);
	struct retry_advice a;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(forms); i++) {
		e.retry_after = forms[i];
		assert_int_equal(first(e, &a), RETRY_WAIT);
		assert_true(a.asked && a.seconds == 90);
	}
}

static void
a_date_counts_from_the_answers_own(void **state)
{
	double s;

	(void)state;
	/* the service's clock is an hour behind ours */
	assert_true(retry_after("Wed, 31 Dec 2025 23:00:30 GMT",
	    "Wed, 31 Dec 2025 23:00:00 GMT", NOW, &s));
	assert_true(s == 30);
	assert_true(retry_after("Thu, 01 Jan 2026 00:00:30 GMT", "nonsense",
	    NOW, &s));
	assert_true(s == 30);
	assert_true(retry_after("Thu, 01 Jan 2025 00:00:00 GMT", NULL, NOW,
	    &s));
	assert_true(s == 0);
}

static void
a_retry_after_that_says_nothing_is_none(void **state)
{
	static const char *const bad[] = {
		"", " ", "-1", "soon", "1 minute", "inf", "nan", "0x10", "+5",
		"Thu, 32 Jan 2026 00:00:00 GMT",
		("12345678901234567890123456789012345678901234567890123456789"
		"01234567890123456789 no")
	};
	struct retry_event e = status(429);
	struct retry_advice a;
	double s;
	size_t i;

	(void)state;
	assert_false(retry_after(NULL, NULL, NOW, &s));
	for (i = 0; i < COUNT(bad); i++) {
		assert_false(retry_after(bad[i], NULL, NOW, &s));
		e.retry_after = bad[i];
		assert_int_equal(first(e, &a), RETRY_WAIT);
		assert_false(a.asked);
		assert_true(a.seconds < 5);
	}
	assert_true(retry_after(" 1.5 ", NULL, NOW, &s));
	assert_true(s == 1.5);
}

static void
all_waits_stay_within_the_budget(void **state)
{
	struct retry_policy p = policy;
	struct retry r = RETRY_INIT;
	struct retry_event e = status(429);
	struct retry_advice a;
	struct rng rng;

	(void)state;
	rng_seed(&rng, 1);
	p.max_wait = 100;
	e.retry_after = "60";
	assert_int_equal(retry_next(&r, &p, &e, &rng, &a), RETRY_WAIT);
	assert_int_equal(retry_next(&r, &p, &e, &rng, &a), RETRY_LATER);
	assert_true(a.budget);
	assert_int_equal(a.at, NOW + 60000);
	e.retry_after = "40";           /* just fits: 60 + 40 */
	assert_int_equal(retry_next(&r, &p, &e, &rng, &a), RETRY_WAIT);
	assert_true(r.waited == 100);
}

static void
the_same_seed_gives_the_same_waits(void **state)
{
	struct retry_event e = status(500);
	struct retry_advice a, b;

	(void)state;
	first(e, &a);
	first(e, &b);
	assert_true(a.seconds == b.seconds && a.seconds > 0);
}

static void
idempotent_methods_are_those_of_the_rfc(void **state)
{
	(void)state;
	assert_true(retry_is_idempotent("GET"));
	assert_true(retry_is_idempotent("PUT"));
	assert_true(retry_is_idempotent("DELETE"));
	assert_false(retry_is_idempotent("POST"));
	assert_false(retry_is_idempotent("PATCH"));
	assert_false(retry_is_idempotent("get"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_outcome_has_its_verdict),
		cmocka_unit_test(
		    a_broken_exchange_is_repeated_where_that_does_no_harm),
		cmocka_unit_test(defect_retries_had_no_bound),
		cmocka_unit_test(a_renewal_is_no_try),
		cmocka_unit_test(a_refusal_counts_also_where_its_body_broke),
		cmocka_unit_test(a_token_that_cannot_be_renewed_is_not),
		cmocka_unit_test(
		    waits_of_our_own_are_full_jitter_up_to_a_minute),
		cmocka_unit_test(retry_after_is_kept_whole),
		cmocka_unit_test(a_retry_after_beyond_max_delay_names_the_time),
		cmocka_unit_test(defect_a_retry_after_that_is_a_date_was_fatal),
		cmocka_unit_test(a_date_counts_from_the_answers_own),
		cmocka_unit_test(a_retry_after_that_says_nothing_is_none),
		cmocka_unit_test(all_waits_stay_within_the_budget),
		cmocka_unit_test(the_same_seed_gives_the_same_waits),
		cmocka_unit_test(idempotent_methods_are_those_of_the_rfc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
