/* SPDX-License-Identifier: GPL-3.0-or-later */
/* score.c -- the predictive engagement model: features in, scores out.
 *
 *	{"kind":"score","contacts":1000,
 *	 "features":{"previous_calls":"number","segment_id":"string"}}
 *
 * A batch is all or nothing: one contact with a feature missing, too many, or
 * of a wrong type is a 400 that does not say which contact it was.
 */
#include "base/rng.h"
#include "handlers.h"
#include "json/write.h"
#include "mock.h"
#include "slot.h"

static double
feature(struct json_val features, const char *name, double absent)
{
	struct json_val v;

	return json_get(features, name, &v) && json_type(v) == JSON_NUMBER ?
	    json_double(v) : absent;
}

static double
rounded(double v)
{
	return floor(v * 10000 + 0.5) / 10000;
}

/* The score: a logistic curve over the features, and what the model knows of
 * this contact beyond them. The interval is mostly 0.16 to 0.36 wide, now and
 * then too narrow to be believed. */
static void
put_score(const struct mock *m, struct json_val contact, bool strange,
    struct buf *b)
{
	struct json_val id, f, v;
	double z, score, half, low, high;
	uint64_t hash;

	json_get(contact, "contactId", &id);
	json_get(contact, "features", &f);
	hash = rng_hash(m->gen.seed, id.p, id.n);
	z = 0.45 * log1p(fmax(0, feature(f, "previous_calls", 0))) -
	    0.012 * (feature(f, "last_contact_days", 30) - 30) -
	    0.002 * (feature(f, "avg_handle_time", 180) - 180) +
	    3.2 * slot_unit(hash) - 1.6;
	if (json_get(f, "segment_id", &v))
		z += 1.2 * slot_unit(rng_hash(m->gen.seed, v.p, v.n)) - 0.4;
	score = 1 / (1 + exp(-z));
	half = slot_unit(hash + 1) < 0.08 ? 0.02 + 0.05 * slot_unit(hash + 2) :
	    0.08 + 0.10 * slot_unit(hash + 2);
	low = fmax(0, score - half);
	high = fmin(1, low + 2 * half);
	low = fmin(low, fmax(0, high - 2 * half));
	buf_putc(b, '{');
	json_key(b, "contactId");
	if (strange)
		json_cstr(b, "nobody-asked-for-me");
	else
		json_raw(b, id);
	json_key(b, "score");
	json_num(b, rounded(score));
	json_key(b, "confidenceInterval");
	buf_putc(b, '{');
	json_key(b, "lower");
	json_num(b, rounded(low));
	json_key(b, "upper");
	json_num(b, rounded(high));
	buf_str_add(b, "}}");
}

static int64_t
count(struct json_val v)
{
	struct json_iter it = json_iter(v);
	int64_t n = 0;

	while (json_next(&it))
		n++;
	return n;
}

/* Has a contact an id, and the features, each of its type? */
static bool
is_sound(struct json_val contact, struct json_val want, struct answer *a)
{
	struct json_iter it = json_iter(want);
	struct buf name = BUF_INIT(BUF_LINE);
	struct json_val id, f, v;
	bool sound = false;

	if (!json_get(contact, "contactId", &id) ||
	    json_type(id) != JSON_STRING || id.n < 3)
		answer_error(a, 400, "invalid.value",
		    "A contact lacks its contactId.");
	else if (!json_get(contact, "features", &f) ||
	    json_type(f) != JSON_OBJECT || count(f) != count(want))
		answer_error(a, 400, "invalid.value", "Feature dimension "
		    "mismatch: the model takes %" PRId64 " features.",
		    count(want));
	else
		sound = true;
	while (sound && json_next(&it)) {
		buf_clear(&name);
		json_decode(it.key, &name);
		sound = json_get(f, buf_str(&name), &v) && json_type(v) ==
		    (json_is(it.val, "number") ? JSON_NUMBER : JSON_STRING);
		if (!sound)
			answer_error(a, 400, "invalid.value", "Feature "
			    "dimension mismatch: %s must be a %.*s.",
			    buf_str(&name), (int)it.val.n - 2, it.val.p + 1);
	}
	buf_free(&name);
	return sound;
}

/* Are all the contacts sound, and not too many? */
static bool
are_sound(const struct route *r, struct json_val contacts, struct answer *a)
{
	int64_t max = route_int(r, "contacts", 1000), n = count(contacts);
	struct json_iter it = json_iter(contacts);
	struct json_val want = { "{}", 2 };

	json_get(r->line, "features", &want);
	if (json_type(contacts) != JSON_ARRAY || n == 0 || n > max) {
		answer_error(a, 400, "invalid.value", "contacts must hold 1 "
		    "to %" PRId64 " contacts, not %" PRId64 ".", max, n);
		return false;
	}
	while (json_next(&it))
		if (!is_sound(it.val, want, a))
			return false;
	return true;
}

/* The contacts in the order in which they are answered. NULL where memory
 * ends; owned by the caller. */
static struct json_val *
in_order(struct json_val contacts, int64_t n, bool reverse)
{
	struct json_val *v = calloc((size_t)n, sizeof *v);
	struct json_iter it = json_iter(contacts);
	int64_t i;

	for (i = 0; v && json_next(&it); i++)
		v[reverse ? n - 1 - i : i] = it.val;
	return v;
}

void
on_score(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	enum twist twist = q->fault ? q->fault->twist : TWIST_NONE;
	struct json_val contacts = { "null", 4 }, *v;
	int64_t i, n;
	struct buf *b;

	if (q->json.p)
		json_get(q->json, "contacts", &contacts);
	if (!are_sound(r, contacts, a))
		return;
	n = count(contacts);
	v = in_order(contacts, n, twist == TWIST_REVERSE);
	if (!v) {
		answer_error(a, 500, "internal.server.error", "out of memory");
		return;
	}
	b = answer_json(a, 200);
	buf_putc(b, '{');
	json_key(b, "modelId");
	json_cstr(b, params_get(&q->vars, "modelId", false));
	json_key(b, "modelVersion");
	json_cstr(b, "3");
	json_key(b, "results");
	buf_putc(b, '[');
	for (i = 0; i < n - (twist == TWIST_DROP); i++) {
		json_sep(b);
		put_score(m, v[i], twist == TWIST_STRANGE && i == n - 1, b);
	}
	if (twist == TWIST_DOUBLE) {
		buf_putc(b, ',');
		put_score(m, v[n - 1], false, b);
	}
	buf_str_add(b, "]}");
	free(v);
}
