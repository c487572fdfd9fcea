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

/* One figure of the confusion document and its interval. */
static double
of_confusion(struct json_val v, const char *name, double range[2])
{
	bool all = strcmp(name, "accuracy") == 0;
	struct json_val at, pair;
	struct json_iter it;
	int i;

	if (json_get(v, "intervals", &at) && (all ||
	    json_get(at, "macro", &at)) && json_get(at, name, &pair)) {
		it = json_iter(pair);
		for (i = 0; i < 2 && json_next(&it); i++)
			range[i] = json_double(it.val);
	}
	return all ? docs_number(v, "metrics", name, NULL) :
	    docs_number(v, "metrics", "macro", name, NULL);
}

void
figures_find(struct figures *f, const struct docs *d)
{
	struct json_val v;
	int i;

	f->accuracy = f->precision = f->recall = f->f1 = f->drift_p = NAN;
	f->n = f->n_drift = f->level = NAN;
	for (i = 0; i < 4; i++)
		f->range[i][0] = f->range[i][1] = NAN;
	f->source = NULL;
	if (docs_get(d, DOC_EVALUATION, &v)) {
		f->source = "evaluation";
		f->accuracy = docs_number(v, "metrics", "accuracy", NULL);
		f->precision = docs_number(v, "metrics", "precision", NULL);
		f->recall = docs_number(v, "metrics", "recall", NULL);
		f->f1 = f1_of(v);
	} else if (docs_get(d, DOC_CONFUSION, &v)) {
		f->source = "confusion";
		f->n = docs_number(v, "n", NULL);
		f->level = docs_number(v, "intervals", "level", NULL);
		f->accuracy = of_confusion(v, "accuracy", f->range[0]);
		f->precision = of_confusion(v, "precision", f->range[1]);
		f->recall = of_confusion(v, "recall", f->range[2]);
		f->f1 = of_confusion(v, "f1", f->range[3]);
	}
	if (docs_get(d, DOC_DRIFT, &v)) {
		f->drift_p = docs_number(v, "p_value", NULL);
		f->n_drift = docs_number(v, "n_current", NULL);
	}
}

/* The names of the first four figures, as JSON has them. */
static const char *const names[4] = {
	"accuracy", "precision", "recall", "f1_score"
};

static void
write_ranges(struct buf *b, const struct figures *f)
{
	int i;

	json_key(b, "intervals");
	if (isnan(f->level)) {
		buf_str_add(b, "null");
		return;
	}
	buf_putc(b, '{');
	json_key(b, "level");
	json_num(b, f->level);
	for (i = 0; i < 4; i++) {
		json_key(b, names[i]);
		buf_putc(b, '[');
		json_num(b, f->range[i][0]);
		buf_putc(b, ',');
		json_num(b, f->range[i][1]);
		buf_putc(b, ']');
	}
	buf_putc(b, '}');
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
	json_key(b, "n");
	json_num(b, f->n);
	write_ranges(b, f);
	json_key(b, "drift_n");
	json_num(b, f->n_drift);
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

static void
put_row(const struct report *r, struct table *t, const char *name, double v,
    const double range[2], double n)
{
	table_str(t, name);
	table_num(t, v);
	if (!r->o->intervals)
		return;
	table_num(t, range[0]);
	table_num(t, range[1]);
	table_num(t, n);
}

static int
summary_table(struct report *r, struct table *t, struct fail *why)
{
	static const double unknown[2] = { NAN, NAN };
	struct figures f;

	if (find(r, &f, why) < 0)
		return -1;
	table_column(t, "Metric", TABLE_TEXT);
	table_column(t, "Value", TABLE_NUMBER);
	if (r->o->intervals) {
		table_column(t, "Low", TABLE_NUMBER);
		table_column(t, "High", TABLE_NUMBER);
		table_column(t, "N", TABLE_NUMBER);
	}
	put_row(r, t, "Accuracy", f.accuracy, f.range[0], f.n);
	put_row(r, t, "Precision", f.precision, f.range[1], f.n);
	put_row(r, t, "Recall", f.recall, f.range[2], f.n);
	put_row(r, t, "F1 Score", f.f1, f.range[3], f.n);
	put_row(r, t, "Drift P-Value", f.drift_p, unknown, f.n_drift);
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
