/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docs.c -- the last document of each kind.
 *
 * A document is checked when it comes, while its place is known, and kept as
 * it is spelled; whoever needs something of it looks it up.
 */
#include "report.h"

const char *const doc_name[DOC_KINDS] = {
	"evaluation", "confusion", "drift", "decision", "insights"
};

static const struct buf empty = BUF_INIT(BUF_DOC);

void
docs_init(struct docs *d)
{
	int k;

	memset(d, 0, sizeof *d);
	for (k = 0; k < DOC_KINDS; k++)
		d->doc[k] = empty;
}

void
docs_free(struct docs *d)
{
	uint32_t i;
	int k;

	for (k = 0; k < DOC_KINDS; k++)
		buf_free(&d->doc[k]);
	for (i = 0; i < d->groups.n; i++)
		buf_free(&d->group[i]);
	free(d->group);
	map_free(&d->groups);
}

/* A member that is absent, null or of a type. */
static bool
may_be(struct json_val v, const char *name, enum json_type type)
{
	struct json_val m;

	return !json_get(v, name, &m) || json_type(m) == JSON_NULL ||
	    json_type(m) == type;
}

static int
check_member(struct json_val v, const char *name, enum json_type type,
    struct fail *why)
{
	if (may_be(v, name, type))
		return 0;
	return fail(why, EXIT_DATA, "\"%s\" is no %s", name,
	    type == JSON_NUMBER ? "number" : type == JSON_ARRAY ? "array" :
	    type == JSON_OBJECT ? "object" : "text");
}

/* Members that are numbers, and others that are lists, where they are
 * there. */
static int
check_members(struct json_val v, const char *const *numbers,
    const char *const *lists, struct fail *why)
{
	for (; *numbers; numbers++)
		if (check_member(v, *numbers, JSON_NUMBER, why) < 0)
			return -1;
	for (; *lists; lists++)
		if (check_member(v, *lists, JSON_ARRAY, why) < 0)
			return -1;
	return 0;
}

static int
check_truth(struct json_val v, const char *name, struct fail *why)
{
	if (may_be(v, name, JSON_TRUE) || may_be(v, name, JSON_FALSE))
		return 0;
	return fail(why, EXIT_DATA, "\"%s\" is neither true nor false", name);
}

/* A list of objects, whose members of these names are numbers, lists, or
 * text. */
struct item {
	const char *list;
	const char *const *numbers, *const *lists;
	const char *text;       /* or NULL */
};

static int
check_items(struct json_val v, const struct item *item, struct fail *why)
{
	struct json_val list;
	struct json_iter it;
	int bad = 0;

	if (check_member(v, item->list, JSON_ARRAY, why) < 0)
		return -1;
	if (!json_get(v, item->list, &list) || json_type(list) == JSON_NULL)
		return 0;
	for (it = json_iter(list); !bad && json_next(&it);) {
		if (json_type(it.val) != JSON_OBJECT)
			bad = fail(why, EXIT_DATA, "it is no object");
		else if (check_members(it.val, item->numbers, item->lists,
		    why) < 0 || (item->text && check_member(it.val,
		    item->text, JSON_STRING, why) < 0))
			bad = -1;
	}
	return bad ? fail_prefix(why, "an element of \"%s\"", item->list) :
	    0;
}

/* An object of lists and numbers, as intervals and effects are. */
static int
check_part(struct json_val v, const char *name, const char *const *numbers,
    const char *const *lists, struct fail *why)
{
	struct json_val part;

	if (check_member(v, name, JSON_OBJECT, why) < 0)
		return -1;
	if (!json_get(v, name, &part) || json_type(part) == JSON_NULL)
		return 0;
	if (check_members(part, numbers, lists, why) < 0)
		return fail_prefix(why, "\"%s\"", name);
	return 0;
}

static int
check_metrics(struct json_val v, const char *const *names, struct fail *why)
{
	struct json_val m;

	if (check_member(v, "metrics", JSON_OBJECT, why) < 0)
		return -1;
	if (!json_get(v, "metrics", &m))
		return 0;
	for (; *names; names++)
		if (!may_be(m, *names, JSON_NUMBER))
			return fail(why, EXIT_DATA,
			    "metric \"%s\" is no number", *names);
	return 0;
}

static int
check_row(struct json_val row, size_t labels, struct fail *why)
{
	struct json_iter it = json_iter(row);
	size_t n = 0;

	if (json_type(row) != JSON_ARRAY)
		return fail(why, EXIT_DATA, "a row of \"matrix\" is no array");
	for (; json_next(&it); n++)
		if (json_type(it.val) != JSON_NUMBER ||
		    !(json_double(it.val) >= 0 && isfinite(
		    json_double(it.val))))
			return fail(why, EXIT_DATA, "a cell of \"matrix\" is "
			    "no count: %.*s", (int)(it.val.n < 40 ? it.val.n :
			    40), it.val.p);
	if (n != labels)
		return fail(why, EXIT_DATA, "a row of \"matrix\" has %zu "
		    "cells for %zu labels", n, labels);
	return 0;
}

static int
check_confusion(struct json_val v, struct fail *why)
{
	static const char *const names[] = { "accuracy", NULL };
	struct json_val labels, matrix;
	struct json_iter it;
	size_t n = 0, rows = 0;

	if (!json_get(v, "labels", &labels) ||
	    json_type(labels) != JSON_ARRAY)
		return fail(why, EXIT_DATA, "no array \"labels\"");
	if (!json_get(v, "matrix", &matrix) ||
	    json_type(matrix) != JSON_ARRAY)
		return fail(why, EXIT_DATA, "no array \"matrix\"");
	for (it = json_iter(labels); json_next(&it); n++)
		if (json_type(it.val) != JSON_STRING)
			return fail(why, EXIT_DATA, "a label is no string");
	for (it = json_iter(matrix); json_next(&it); rows++)
		if (check_row(it.val, n, why) < 0)
			return -1;
	if (rows != n)
		return fail(why, EXIT_DATA, "\"matrix\" has %zu rows for %zu "
		    "labels", rows, n);
	return check_metrics(v, names, why);
}

static const char *const none[] = { NULL };

/* What a confusion document says of each intent and each pair. */
static int
check_said(struct json_val v, struct fail *why)
{
	static const char *const rates[] = { "precision", "recall", "f1",
	    NULL }, *const class[] = { "support", "predicted", "precision",
	    "recall", "f1", NULL }, *const examples[] = { "examples", NULL },
	    *const top[] = { "n", "share", NULL },
	    *const numbers[] = { "n", "abstained", NULL },
	    *const level[] = { "level", NULL },
	    *const accuracy[] = { "accuracy", NULL };
	static const struct item
	    classes = { "per_class", class, none, "label" },
	    pairs = { "top_confusions", top, examples, NULL };
	struct json_val list;
	struct json_iter it;

	if (check_members(v, numbers, none, why) < 0 ||
	    check_part(v, "intervals", level, accuracy, why) < 0 ||
	    check_items(v, &classes, why) < 0 ||
	    check_items(v, &pairs, why) < 0)
		return -1;
	if (!json_get(v, "per_class", &list) || json_type(list) == JSON_NULL)
		return 0;
	for (it = json_iter(list); json_next(&it);)
		if (check_part(it.val, "intervals", none, rates, why) < 0)
			return -1;
	return 0;
}

static int
check_drift(struct json_val v, struct fail *why)
{
	static const char *const numbers[] = { "p_value", "log10_p",
	    "p_adjusted", "n_baseline", "n_current", "level", "psi", NULL },
	    *const shares[] = { "baseline", "current", "difference", "low",
	    "high", NULL }, *const effects[] = { "cramers_v", NULL },
	    *const ends[] = { "cramers_v_interval", NULL },
	    *const share[] = { "share", NULL },
	    *const lists[] = { "warnings", NULL };
	static const struct item categories = { "categories", shares, none,
	    "status" };

	if (check_members(v, numbers, lists, why) < 0 ||
	    check_truth(v, "drifted", why) < 0 ||
	    check_part(v, "effect", effects, ends, why) < 0 ||
	    check_part(v, "detectable", share, none, why) < 0 ||
	    check_member(v, "verdict", JSON_STRING, why) < 0)
		return -1;
	return check_items(v, &categories, why);
}

static int
check_decision(struct json_val v, struct fail *why)
{
	static const char *const lists[] = { "reasons", NULL };

	return check_truth(v, "retrain", why) < 0 ? -1 :
	    check_members(v, none, lists, why);
}

static int
check_insights(struct json_val v, struct fail *why)
{
	static const char *const names[] = { "results", "without_csat",
	    "accuracy", "rank_correlation", "pairs", NULL },
	    *const lists[] = { "interval", NULL };

	return check_members(v, names, lists, why);
}

static int
check(enum doc_kind kind, struct json_val v, struct fail *why)
{
	static const char *const names[] = { "accuracy", "precision",
	    "recall", "f1Score", "f1_score", "f1", NULL };

	switch (kind) {
	case DOC_EVALUATION:
		return check_metrics(v, names, why);
	case DOC_CONFUSION:
		return check_confusion(v, why) < 0 ? -1 : check_said(v, why);
	case DOC_DRIFT:
		return check_drift(v, why);
	case DOC_INSIGHTS:
		return check_insights(v, why);
	default:
		return check_decision(v, why);
	}
}

/* Where a group's drift is kept; NULL where memory ends. */
static struct buf *
group_place(struct docs *d, struct json_val name)
{
	struct buf text = BUF_INIT(BUF_LINE), *g;
	uint32_t i;

	g = realloc(d->group, (d->groups.n + 1) * sizeof *g);
	if (!g)
		return NULL;
	d->group = g;
	g[d->groups.n] = empty;
	if (json_type(name) == JSON_STRING)
		json_decode(name, &text);
	else
		buf_add(&text, name.p, name.n);
	i = map_add(&d->groups, buf_str(&text), text.len, NULL);
	buf_free(&text);
	if (i == MAP_NONE)
		return NULL;
	return &d->group[i];
}

struct json_val
docs_group(const struct docs *d, uint32_t i, const struct map_key **name)
{
	struct json_val v = { d->group[i].p, d->group[i].len };

	*name = &d->groups.keys[i];
	return v;
}

int
docs_take(struct docs *d, struct json_val v, struct fail *why)
{
	struct json_val kind, group;
	struct buf *to;
	int k;

	if (!json_get(v, "kind", &kind) || json_type(kind) != JSON_STRING)
		return 0;
	for (k = 0; k < DOC_KINDS; k++)
		if (json_is(kind, doc_name[k]))
			break;
	if (k == DOC_KINDS)
		return 2;               /* somebody else's */
	if (check((enum doc_kind)k, v, why) < 0)
		return fail_prefix(why, "%s document", doc_name[k]);
	to = k == DOC_DRIFT && json_get(v, "group", &group) ?
	    group_place(d, group) : &d->doc[k];
	if (to)
		buf_clear(to);
	if (!to || buf_add(to, v.p, v.n) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	return 1;
}

bool
docs_get(const struct docs *d, enum doc_kind kind, struct json_val *v)
{
	v->p = d->doc[kind].p;
	v->n = d->doc[kind].len;
	return v->n > 0;
}

double
docs_number(struct json_val v, ...)
{
	const char *name;
	va_list ap;
	bool found = true;

	va_start(ap, v);
	while (found && (name = va_arg(ap, const char *)))
		found = json_get(v, name, &v);
	va_end(ap);
	return found ? json_double(v) : NAN;
}
