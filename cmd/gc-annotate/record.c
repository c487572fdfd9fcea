/* SPDX-License-Identifier: GPL-3.0-or-later */
/* record.c -- a record's attributes, from what it wants to what came of it. */
#include "annotate.h"

#include "base/clock.h"
#include "base/rng.h"
#include "json/expr.h"
#include "json/key.h"
#include "json/write.h"
#include "live.h"
#include "net/problem.h"
#include "plan.h"

#define PAUSE 0.02              /* seconds, after a second conflict; doubled */
#define PAUSE_MAX 2.0

/* What a thread works with. */
struct hand {
	struct annotate *a;
	struct live live;
	struct expr *set, *id;
	struct wanted wanted;
	struct changes changes;
	struct buf text;                /* the annotation, the id's key */
	struct rng rng;
	/* the record at hand */
	const struct record *rec;
	struct json_val who;            /* its interaction's id */
	struct json_val precondition;   /* --apply */
	char key[WANTED_DIGEST];
	uint32_t sent;                  /* writes */
	bool unsure;                    /* one may have been carried out */
};

enum outcome { UNCHANGED, WRITTEN, PLANNED, REJECTED, FAILED };

static const struct policies exactly = { POLICY_EXACT, NULL, 0 };

/* ---- rejects ---- */

/* An answer of 4xx is about this record; 401, 403, 408 and 429 are about us. */
static bool
is_records_own(const struct http_answer *a)
{
	return a->broken == HTTP_WHOLE && a->status / 100 == 4 &&
	    a->status != 401 && a->status != 403 && a->status != 408 &&
	    a->status != 429;
}

/* The service may do better another time. */
static bool
is_passing(const struct http_answer *a)
{
	return a->broken == HTTP_WHOLE ? a->status / 100 == 5 ||
	    a->status == 408 || a->status == 429 :
	    a->broken == HTTP_STALLED || a->broken == HTTP_CUT ||
	    a->broken == HTTP_GARBLED;
}

/* Rejects with what the service said. */
static enum outcome
reject(struct hand *h, struct emit *emit, const char *rule, bool retryable,
    const struct fail *why)
{
	const struct http_answer *a = live_answer(&h->live);
	const char *id = problem_correlation(a);

	filter_reject(emit, h->rec, NULL, rule, "%s", why->text);
	emit->retryable = retryable;
	emit->status = a->status;
	snprintf(emit->correlation, sizeof emit->correlation, "%s",
	    id ? id : "");
	return REJECTED;
}

/* A request failed for good: this record's affair, or everybody's? */
static enum outcome
service_failed(struct hand *h, struct emit *emit, struct fail *why)
{
	const struct http_answer *a = live_answer(&h->live);

	if (why->code == EXIT_DATA) {
		filter_reject(emit, h->rec, NULL, "request", "%s", why->text);
		return REJECTED;
	}
	if (why->code == EXIT_SERVICE && is_records_own(a))
		return reject(h, emit, "refused", false, why);
	if (why->code == EXIT_SERVICE && is_passing(a) &&
	    h->a->o->filter.reject)
		return reject(h, emit, "service", true, why);
	return FAILED;
}

static enum outcome
too_many_conflicts(struct hand *h, struct emit *emit, struct fail *why)
{
	fail(why, EXIT_SERVICE, "written by somebody else between reading and "
	    "writing, %" PRIu32 " times: %d (--conflicts)", h->sent,
	    live_answer(&h->live)->status);
	return h->a->o->filter.reject ?
	    reject(h, emit, "conflict", true, why) : FAILED;
}

/* ---- read, merge, write ---- */

/* --apply: is what is there what the plan was made from? */
static int
check_plan(struct hand *h, struct json_val set, struct fail *why)
{
	char hex[DIGEST_HEX];

	if (plan_digest(h->who, set, h->live.attributes, hex, why) < 0)
		return -1;
	return json_is(h->precondition, hex);
}

/* Somebody else came first: a pause, so that two do not chase each other. */
static void
pause_a_little(struct hand *h)
{
	double most = PAUSE;
	uint32_t i;

	if (h->sent < 2)
		return;
	for (i = 2; i < h->sent && most < PAUSE_MAX; i++)
		most *= 2;
	clock_sleep(most * rng_double(&h->rng));
}

/* Writes the changes. Returns 0; 1 where somebody came first; -1. */
static int
write_changes(struct hand *h, struct fail *why)
{
	uint64_t retried = live_retried(&h->live);
	int r;

	if (h->a->journal && journal_begin(h->a->journal, h->key, h->who,
	    &h->changes, why) < 0)
		return -1;
	h->sent++;
	r = live_write(&h->live, h->who, h->rec->val, &h->changes.set, why);
	/* sent again: the first may have been carried out, its answer lost */
	if (live_retried(&h->live) != retried)
		h->unsure = true;
	return r;
}

/* Once: what is there, what changes, and its writing. Returns an outcome, or
 * -1 to try once more. */
static int
try_once(struct hand *h, struct emit *emit, struct fail *why)
{
	const struct annotate_opts *o = h->a->o;
	struct json_val set;
	int r;

	if (live_read(&h->live, h->who, h->rec->val, why) < 0)
		return service_failed(h, emit, why);
	if (changes_make(&h->changes, &h->wanted, h->live.attributes,
	    o->apply ? &exactly : &h->a->policies, &o->limits, why) < 0) {
		if (why->code != EXIT_DATA)
			return FAILED;
		filter_reject(emit, h->rec, NULL, "limit", "%s", why->text);
		return REJECTED;
	}
	if (h->changes.n == 0)
		return h->unsure ? WRITTEN : UNCHANGED;
	if (o->apply) {
		json_get(h->rec->val, "annotation", &set);
		json_get(set, "set", &set);
		if ((r = check_plan(h, set, why)) < 0)
			return FAILED;
		if (r == 0) {
			filter_reject(emit, h->rec, NULL, "changed", "the "
			    "attributes have changed since the plan was made");
			return REJECTED;
		}
	}
	if (o->dry_run)
		return PLANNED;
	if ((r = write_changes(h, why)) <= 0)
		return r == 0 ? (int)WRITTEN : (int)service_failed(h, emit,
		    why);
	if (h->sent >= (uint32_t)o->conflicts)
		return too_many_conflicts(h, emit, why);
	pause_a_little(h);
	return -1;
}

/* The key of the job in the journal. */
static int
find_key(struct hand *h, struct fail *why)
{
	uint32_t nth;

	if (wanted_digest(&h->wanted, h->who, 1, h->key, why) < 0)
		return -1;
	if ((nth = journal_meet(h->a->journal, h->key)) == 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	return nth == 1 ? 0 : wanted_digest(&h->wanted, h->who, nth, h->key,
	    why);
}

/* The record's turn, unless the journal has it done. */
static enum outcome
carry_out(struct hand *h, struct emit *emit, struct fail *why)
{
	struct journal *j = h->a->journal;
	enum journal_state before = JOURNAL_NEW;
	bool written = false;
	int r;

	h->sent = 0;
	h->unsure = false;
	live_reset(&h->live);
	buf_clear(&h->text);
	if (key_add(&h->text, h->who) < 0)
		return fail(why, EXIT_MACHINE, "out of memory"), FAILED;
	if (turns_take(&h->a->turns, h->rec->serial, h->text.p, h->text.len,
	    why) < 0)
		return FAILED;
	if (j) {
		if (find_key(h, why) < 0)
			return FAILED;
		before = journal_find(j, h->key, &written, &h->sent);
		if (before == JOURNAL_DONE)
			return written ? WRITTEN : UNCHANGED;
		h->unsure = before == JOURNAL_BEGUN;
	}
	do
		r = try_once(h, emit, why);
	while (r < 0);
	if (r == WRITTEN && h->sent == 0)
		h->sent = 1;            /* by the run that was killed */
	if (j && (r == WRITTEN || r == UNCHANGED) && journal_done(j, h->key,
	    r == WRITTEN, h->sent, why) < 0)
		return FAILED;
	return (enum outcome)r;
}

/* ---- a record ---- */

static struct json_val
view(const struct buf *b)
{
	struct json_val v = { b->p, b->len };

	return v;
}

/* The record with what became of it. */
static int
write_out(struct hand *h, enum outcome what, struct emit *emit,
    struct fail *why)
{
	static const char *const names[] = {
		[UNCHANGED] = "unchanged", [WRITTEN] = "written",
		[PLANNED] = "planned" };
	struct buf *b = &h->text;

	buf_clear(b);
	buf_addf(b, "{\"status\":\"%s\",\"attempts\":%" PRIu32, names[what],
	    h->sent);
	if (what == PLANNED && plan_add(b, h->who, view(&h->changes.set),
	    view(&h->changes.before), why) < 0)
		return -1;
	buf_putc(b, '}');
	if (b->err)
		return fail(why, EXIT_MACHINE, "out of memory");
	json_set(&emit->out, h->rec->val, "annotation", b->p, b->len);
	filter_line(emit);
	return FILTER_USED;
}

/* Whose attributes, and which? Returns 1; 0 where none are wanted; -1. */
static int
find_wanted(struct hand *h, struct fail *why)
{
	const struct annotate_opts *o = h->a->o;
	const struct record *rec = h->rec;
	struct json_val set;
	int r;

	if (o->apply) {
		if ((r = plan_find(rec->val, &h->who, &set,
		    &h->precondition, why)) <= 0)
			return r;
	} else if (expr_one_in(h->id, rec->val, &rec->members, &h->who,
	    why) < 0 || expr_one_in(h->set, rec->val, &rec->members, &set,
	    why) < 0) {
		return -1;
	}
	if (wanted_read(&h->wanted, set, o->allow_clear || o->apply,
	    &o->limits, why) < 0)
		return -1;
	if (h->wanted.n == 0)
		return 0;
	if ((json_type(h->who) != JSON_STRING || h->who.n < 3) &&
	    json_type(h->who) != JSON_NUMBER)
		return fail(why, EXIT_DATA, "no id: %s yields neither a "
		    "string nor a number", o->apply ? "the plan" : o->id);
	return 1;
}

static int
on_record(void *ctx, void *worker, const struct record *rec,
    struct emit *emit, struct fail *why)
{
	struct hand *h = worker;
	uint64_t before = live_retried(&h->live);
	enum outcome what = UNCHANGED;
	int r;

	(void)ctx;
	h->rec = rec;
	h->sent = 0;
	if (json_type(rec->val) != JSON_OBJECT)
		return filter_reject(emit, rec, NULL, "not-an-object",
		    "not an object");
	r = find_wanted(h, why);
	if (r < 0 && why->code == EXIT_DATA)
		return filter_reject(emit, rec, NULL, "attributes", "%s",
		    why->text);
	if (r < 0)
		return -1;
	if (r > 0)
		what = carry_out(h, emit, why);
	emit->retried += live_retried(&h->live) - before;
	if (what == FAILED)
		return -1;
	return what == REJECTED ? FILTER_REJECTED :
	    write_out(h, what, emit, why);
}

static void
on_over(void *ctx, uint64_t serial)
{
	struct annotate *a = ctx;

	turns_over(&a->turns, serial);
}

/* ---- threads ---- */

static void
free_hand(struct hand *h)
{
	live_close(&h->live);
	expr_close(h->set);
	expr_close(h->id);
	wanted_free(&h->wanted);
	changes_free(&h->changes);
	buf_free(&h->text);
	free(h);
}

static int
open_hand(void *ctx, void **worker, struct fail *why)
{
	struct buf text = BUF_INIT(BUF_RECORD);
	struct annotate *a = ctx;
	const struct annotate_opts *o = a->o;
	struct hand *h = calloc(1, sizeof *h);

	if (!h)
		return fail(why, EXIT_MACHINE, "out of memory");
	h->a = a;
	h->text = text;
	wanted_init(&h->wanted);
	changes_init(&h->changes);
	rng_seed(&h->rng, (uint64_t)clock_mono() ^ (uint64_t)(uintptr_t)h);
	if (live_open(&h->live, a->client, &a->conf, o->request,
	    a->vars.len ? a->vars.p : "{}", why) < 0 ||
	    expr_open(&h->id, o->id, "--id", why) < 0 ||
	    (o->set && expr_open(&h->set, o->set, "--set", why) < 0)) {
		free_hand(h);
		return -1;
	}
	*worker = h;
	return 0;
}

static int
close_hand(void *ctx, void *worker, struct fail *why)
{
	(void)ctx;
	(void)why;
	free_hand(worker);
	return 0;
}

int
annotate_records(struct annotate *a, char **files, int nfiles)
{
	struct filter filter = { .opts = &a->o->filter, .ctx = a,
	    .open = open_hand, .record = on_record, .over = on_over,
	    .close = close_hand, .singly = true, .files = files,
	    .nfiles = nfiles };

	return filter_run(&filter);
}
