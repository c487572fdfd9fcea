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
check_metrics(struct json_val v, const char *const *names, struct fail *why)
{
	struct json_val m;

	if (!may_be(v, "metrics", JSON_OBJECT))
		return fail(why, EXIT_DATA, "\"metrics\" is no object");
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

static int
check_insights(struct json_val v, struct fail *why)
{
	static const char *const names[] = { "results", "without_csat",
	    "accuracy", "rank_correlation", "pairs" };
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		if (!may_be(v, names[i], JSON_NUMBER))
			return fail(why, EXIT_DATA, "\"%s\" is no number",
			    names[i]);
	return 0;
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
		return check_confusion(v, why);
	case DOC_DRIFT:
		if (!may_be(v, "p_value", JSON_NUMBER))
			return fail(why, EXIT_DATA, "\"p_value\" is no number");
		if (!may_be(v, "categories", JSON_ARRAY))
			return fail(why, EXIT_DATA,
			    "\"categories\" is no array");
		return 0;
	case DOC_INSIGHTS:
		return check_insights(v, why);
	default:
		return 0;
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
