/* SPDX-License-Identifier: GPL-3.0-or-later */
/* summary.c -- the figures of a bot in five lines. */
#include "report.h"
#include "base/msg.h"
#include "json/write.h"

/* The service's F1, by whichever of its names. */
static double
f1_of(struct json_val evaluation)
{
	static const char *const names[] = { "f1Score", "f1_score", "f1" };
	double v = NAN;
	size_t i;

	for (i = 0; i < COUNT(names) && isnan(v); i++)
		v = docs_number(evaluation, "metrics", names[i], NULL);
	return v;
}

void
figures_find(struct figures *f, const struct docs *d)
{
	struct json_val v;

	f->accuracy = f->precision = f->recall = f->f1 = f->drift_p = NAN;
	f->source = NULL;
	if (docs_get(d, DOC_EVALUATION, &v)) {
		f->source = "evaluation";
		f->accuracy = docs_number(v, "metrics", "accuracy", NULL);
		f->precision = docs_number(v, "metrics", "precision", NULL);
		f->recall = docs_number(v, "metrics", "recall", NULL);
		f->f1 = f1_of(v);
	} else if (docs_get(d, DOC_CONFUSION, &v)) {
		f->source = "confusion";
		f->accuracy = docs_number(v, "metrics", "accuracy", NULL);
		f->precision = docs_number(v, "metrics", "macro", "precision",
		    NULL);
		f->recall = docs_number(v, "metrics", "macro", "recall", NULL);
		f->f1 = docs_number(v, "metrics", "macro", "f1", NULL);
	}
	if (docs_get(d, DOC_DRIFT, &v))
		f->drift_p = docs_number(v, "p_value", NULL);
}

void
figures_write(struct buf *b, const struct figures *f)
{
	buf_str_add(b, "{\"kind\":\"summary\"");
	json_key(b, "accuracy");
	json_num(b, f->accuracy);
	json_key(b, "precision");
	json_num(b, f->precision);
	json_key(b, "recall");
	json_num(b, f->recall);
	json_key(b, "f1_score");
	json_num(b, f->f1);
	json_key(b, "drift_p_value");
	json_num(b, f->drift_p);
	json_key(b, "source");
	if (f->source)
		json_cstr(b, f->source);
	else
		buf_str_add(b, "null");
	buf_putc(b, '}');
}

/* The figures, and a word on stderr about where they come from. */
static int
find(const struct report *r, struct figures *f, struct fail *why)
{
	struct json_val v;

	figures_find(f, &r->docs);
	if (!f->source && !docs_get(&r->docs, DOC_DRIFT, &v))
		return fail(why, EXIT_DATA, "the input holds no document of "
		    "kind evaluation, confusion or drift");
	if (!f->source)
		msg_note("no evaluation and no confusion document: only the "
		    "drift is known");
	else if (strcmp(f->source, "confusion") == 0)
		msg_note("no evaluation document: the figures are those of "
		    "the confusion document (macro over all labels)");
	return 0;
}

static int
summary_table(struct report *r, struct table *t, struct fail *why)
{
	struct figures f;

	if (find(r, &f, why) < 0)
		return -1;
	table_column(t, "Metric", TABLE_TEXT);
	table_column(t, "Value", TABLE_NUMBER);
	table_str(t, "Accuracy");
	table_num(t, f.accuracy);
	table_str(t, "Precision");
	table_num(t, f.precision);
	table_str(t, "Recall");
	table_num(t, f.recall);
	table_str(t, "F1 Score");
	table_num(t, f.f1);
	table_str(t, "Drift P-Value");
	table_num(t, f.drift_p);
	return 0;
}

static int
summary_json(struct report *r, struct emit *emit, struct fail *why)
{
	struct figures f;

	if (find(r, &f, why) < 0)
		return -1;
	figures_write(&emit->out, &f);
	filter_line(emit);
	return 0;
}

const struct subject subject_summary = {
	.name = "summary", .title = "Summary", .usual = FORM_CSV,
	.forms = FORMS_TABLE | 1 << FORM_PROM,
	.table = summary_table, .json = summary_json,
};
