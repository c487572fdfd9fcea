/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "poll.h"

#include "base/clock.h"
#include "base/stop.h"
#include "net/problem.h"

static bool
is_true(struct json_val v)
{
	return json_type(v) != JSON_NULL && json_type(v) != JSON_FALSE;
}

/* Evaluates one of the call's conditions. Returns 0 or 1, -1 for failure. */
static int
holds(struct kept_expr *kept, const char *text, const char *what,
    struct json_val answer, struct fail *why)
{
	struct expr *e = kept_expr_get(kept, text, what, why);
	struct json_val v;

	if (!e)
		return -1;
	if (expr_one(e, answer, &v, why) < 0) {
		why->code = EXIT_SERVICE;
		return -1;
	}
	return is_true(v);
}

/* The word by which services say how a job is. */
static bool
status_of(struct json_val answer, char *word, size_t size)
{
	struct buf b = BUF_INIT(size - 1);
	struct json_val v;
	bool found;

	found = (json_get(answer, "status", &v) &&
	    json_type(v) == JSON_STRING) ||
	    (json_get(answer, "state", &v) && json_type(v) == JSON_STRING);
	if (found)
		found = json_decode(v, &b) == 0;
	snprintf(word, size, "%s", found ? buf_str(&b) : "");
	buf_free(&b);
	return found;
}

static bool
means_failure(const char *word)
{
	static const char *const words[] = { "failed", "failure", "error",
	    "cancelled", "canceled", "expired", "aborted", "rejected" };
	size_t i;

	for (i = 0; i < COUNT(words); i++)
		if (strcasecmp(words[i], word) == 0)
			return true;
	return false;
}

/* Is it the answer that is waited for? 1, 0 for not yet, -1 for never. */
static int
judge(struct run *r, struct fail *why)
{
	const struct call_poll *poll = &r->call->poll;
	struct json_val answer;
	struct json_err err;
	char word[64];
	int k;

	if (json_check(r->body.p, r->body.len, &answer, &err) < 0)
		return fail(why, EXIT_SERVICE, "the answer is no JSON: %s",
		    err.text);
	k = holds(&r->until, poll->until, "poll", answer, why);
	if (k)
		return k;
	status_of(answer, word, sizeof word);
	if (poll->failed)
		k = holds(&r->failed, poll->failed, "poll.failed", answer,
		    why);
	else
		k = means_failure(word);
	if (k > 0)
		return fail(why, EXIT_SERVICE, "it failed%s%s%s",
		    *word ? " (status " : "", word, *word ? ")" : "");
	return k;
}

static int
too_late(struct run *r, double waited, struct fail *why)
{
	struct json_val answer;
	char word[64] = "";

	if (json_check(r->body.p, r->body.len, &answer, NULL) == 0)
		status_of(answer, word, sizeof word);
	return fail(why, EXIT_INCOMPLETE, "not finished after %.0f s%s%s%s",
	    waited, *word ? " (status " : "", word, *word ? ")" : "");
}

static double
first_said(double a, double b, double usual)
{
	return a >= 0 ? a : b >= 0 ? b : usual;
}

/* Sleeps, and lets a signal end it. */
static int
nap(double seconds, struct fail *why)
{
	int64_t until = clock_mono() + (int64_t)(seconds * 1e9), left;

	while ((left = until - clock_mono()) > 0 && !stop_asked())
		clock_sleep((double)left / 1e9);
	return stop_asked() ? fail(why, EXIT_INCOMPLETE, "interrupted") : 0;
}

int
poll_until(struct run *r, struct fail *why)
{
	const struct call_poll *poll = &r->call->poll;
	double interval = first_said(r->opts->interval, poll->interval,
	    POLL_INTERVAL);
	double most = first_said(r->opts->max_wait, poll->max_wait,
	    POLL_MAX_WAIT);
	int64_t start = clock_mono();
	double waited, left;
	bool existed = false;
	int k;

	for (;;) {
		left = most - (double)(clock_mono() - start) / 1e9;
		k = run_send(r, left > 0.001 ? left : 0.001, why);
		if (k < 0 && (wire_answer(r->wire)->status != 404 || existed))
			return -1;
		existed |= k == 0;
		if (k == 0 && (k = judge(r, why)) != 0)
			return k > 0 ? 0 : problem_place(call_method(r->call),
			    buf_str(&r->answered), why);
		if (k == 0 && client_done(r->client, &r->line, 0, why) < 0)
			return -1;
		waited = (double)(clock_mono() - start) / 1e9;
		if (waited >= most) {
			too_late(r, waited, why);
			return problem_place(call_method(r->call),
			    buf_str(&r->answered), why);
		}
		if (nap(interval < most - waited ? interval : most - waited,
		    why) < 0)
			return -1;
	}
}
