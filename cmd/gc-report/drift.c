/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drift.c -- what callers ask for, against the baseline, group by group. */
#include "report.h"
#include "json/write.h"

static int
need(const struct report *r, struct fail *why)
{
	struct json_val v;

	if (docs_get(&r->docs, DOC_DRIFT, &v) || r->docs.groups.n)
		return 0;
	return fail(why, EXIT_DATA,
	    "the input holds no document of kind drift");
}

static int
drift_lead(struct report *r, struct buf *b, struct fail *why)
{
	if (need(r, why) < 0)
		return -1;
	lead_drift(b, r);
	return 0;
}

/* A member's text; of anything else its JSON. */
static void
put_member(struct table *t, struct json_val v, const char *name)
{
	struct buf text = BUF_INIT(BUF_DOC);
	struct json_val m;

	if (!json_get(v, name, &m) || json_type(m) == JSON_NULL) {
		table_null(t);
		return;
	}
	if (json_type(m) == JSON_STRING)
		json_decode(m, &text);
	else
		buf_add(&text, m.p, m.n);
	table_text(t, buf_str(&text), text.len);
	if (text.err && !t->err)
		t->err = text.err;
	buf_free(&text);
}

static void
put_group_name(struct table *t, const struct report *r,
    const struct map_key *name)
{
	if (!r->docs.groups.n)
		return;
	if (name)
		table_text(t, name->p, name->len);
	else
		table_str(t, "all");
}

/* ---- the categories ---- */

static void
put_categories(struct table *t, const struct report *r, struct json_val v,
    const struct map_key *group)
{
	static const char *const names[] = { "baseline", "current",
	    "difference", "low", "high", "baseline_count", "current_count" };
	struct json_val list;
	struct json_iter it;
	size_t i;

	if (!json_get(v, "categories", &list))
		return;
	for (it = json_iter(list); json_next(&it);) {
		put_group_name(t, r, group);
		put_member(t, it.val, "category");
		for (i = 0; i < COUNT(names); i++)
			table_num(t, docs_number(it.val, names[i], NULL));
		put_member(t, it.val, "status");
	}
}

static int
drift_table(struct report *r, struct table *t, struct fail *why)
{
	static const char *const names[] = { "baseline", "current",
	    "difference", "low", "high", "baseline_count", "current_count" };
	const struct map_key *name;
	struct json_val v;
	uint32_t i;
	size_t k;

	if (need(r, why) < 0)
		return -1;
	if (r->docs.groups.n)
		table_column(t, "group", TABLE_TEXT);
	table_column(t, "category", TABLE_TEXT);
	for (k = 0; k < COUNT(names); k++)
		table_column(t, names[k], TABLE_NUMBER);
	table_column(t, "status", TABLE_TEXT);
	if (docs_get(&r->docs, DOC_DRIFT, &v))
		put_categories(t, r, v, NULL);
	for (i = 0; i < r->docs.groups.n; i++) {
		v = docs_group(&r->docs, i, &name);
		put_categories(t, r, v, name);
	}
	return 0;
}

/* ---- the verdicts ---- */

static void
put_verdict(struct table *t, const struct report *r, struct json_val v,
    const struct map_key *group)
{
	struct figure effect;

	figure_effect(&effect, v);
	put_group_name(t, r, group);
	put_member(t, v, "test");
	table_num(t, docs_number(v, "p_value", NULL));
	table_num(t, docs_number(v, "log10_p", NULL));
	if (r->docs.groups.n)
		table_num(t, docs_number(v, "p_adjusted", NULL));
	figure_cells(t, &effect);
	table_num(t, docs_number(v, "n_baseline", NULL));
	table_num(t, docs_number(v, "n_current", NULL));
	put_member(t, v, "verdict");
}

static int
drift_more(struct report *r, size_t i, struct table *t, struct fail *why)
{
	const struct map_key *name;
	struct json_val v;
	uint32_t k;

	(void)why;
	if (i > 1)
		return 1;
	t->title = "The verdict";
	if (r->docs.groups.n)
		table_column(t, "group", TABLE_TEXT);
	table_column(t, "test", TABLE_TEXT);
	table_column(t, "p_value", TABLE_NUMBER);
	table_column(t, "log10_p", TABLE_NUMBER);
	if (r->docs.groups.n)
		table_column(t, "p_adjusted", TABLE_NUMBER);
	figure_columns(t, "cramers_v");
	table_column(t, "n_baseline", TABLE_NUMBER);
	table_column(t, "n_current", TABLE_NUMBER);
	table_column(t, "verdict", TABLE_TEXT);
	if (docs_get(&r->docs, DOC_DRIFT, &v))
		put_verdict(t, r, v, NULL);
	for (k = 0; k < r->docs.groups.n; k++) {
		v = docs_group(&r->docs, k, &name);
		put_verdict(t, r, v, name);
	}
	return 0;
}

/* ---- JSON, and what is drawn ---- */

static int
drift_json(struct report *r, struct emit *emit, struct fail *why)
{
	const struct map_key *name;
	struct json_val v;
	uint32_t i;

	if (need(r, why) < 0)
		return -1;
	if (docs_get(&r->docs, DOC_DRIFT, &v)) {
		json_one_line(&emit->out, v.p, v.n);
		filter_line(emit);
	}
	for (i = 0; i < r->docs.groups.n; i++) {
		v = docs_group(&r->docs, i, &name);
		json_one_line(&emit->out, v.p, v.n);
		filter_line(emit);
	}
	return 0;
}

static int
drift_chart(struct report *r, struct buf *b, struct fail *why)
{
	struct json_val v, list;

	(void)why;
	buf_str_add(b, "{\"type\":\"shift\",\"categories\":");
	if (docs_get(&r->docs, DOC_DRIFT, &v) &&
	    json_get(v, "categories", &list))
		json_raw(b, list);
	else
		buf_str_add(b, "[]");
	buf_putc(b, '}');
	return 0;
}

const struct subject subject_drift = {
	.name = "drift", .title = "What Callers Ask For, Against The Baseline",
	.usual = FORM_CSV, .forms = FORMS_TABLE | 1 << FORM_PROM,
	.lead = drift_lead, .table = drift_table, .more = drift_more,
	.json = drift_json, .chart = drift_chart,
};
