/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figures.c -- what documents and scores come down to. */
#include "report.h"
#include "json/write.h"
#include "stat/interval.h"

#define LEVEL 0.95              /* where a document names none */

/* ---- the bot ---- */

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

/* The two ends of a member that is a pair; left alone where it is none. */
static void
read_pair(struct json_val v, const char *name, double range[2])
{
	struct json_val pair;
	struct json_iter it;
	int i;

	if (!json_get(v, name, &pair) || json_type(pair) != JSON_ARRAY)
		return;
	it = json_iter(pair);
	for (i = 0; i < 2 && json_next(&it); i++)
		range[i] = json_double(it.val);
}

/* One figure of the confusion document and its interval. */
static double
of_confusion(struct json_val v, const char *name, double range[2])
{
	bool all = strcmp(name, "accuracy") == 0;
	struct json_val at;

	if (json_get(v, "intervals", &at) && (all ||
	    json_get(at, "macro", &at)))
		read_pair(at, name, range);
	return all ? docs_number(v, "metrics", name, NULL) :
	    docs_number(v, "metrics", "macro", name, NULL);
}

static bool
same_to_people(double a, double b)
{
	return fabs(a - b) < 0.00005;
}

/* The intervals of an evaluation's figures: those of the confusion document
 * where it comes to the same. */
static void
find_ranges(struct figures *f, struct json_val evaluation,
    const struct docs *d)
{
	static const char *const names[4] = { "accuracy", "precision",
	    "recall", "f1" };
	double *const at[4] = { &f->accuracy, &f->precision, &f->recall,
	    &f->f1 }, range[2];
	struct json_val v;
	int i;

	f->n = docs_number(evaluation, "utterances", NULL);
	f->level = LEVEL;
	if (docs_get(d, DOC_CONFUSION, &v)) {
		if (isfinite(docs_number(v, "intervals", "level", NULL)))
			f->level = docs_number(v, "intervals", "level", NULL);
		for (i = 0; i < 4; i++) {
			range[0] = range[1] = NAN;
			if (!same_to_people(of_confusion(v, names[i], range),
			    *at[i]))
				continue;
			memcpy(f->range[i], range, sizeof range);
			if (isnan(f->n))
				f->n = docs_number(v, "n", NULL);
		}
	}
}

/* An accuracy that comes without an interval, but with what it rests on. */
static void
fill_range(struct figures *f)
{
	struct interval wilson;

	if (!isnan(f->range[0][0]) || !(f->n > 0) || !(f->accuracy >= 0 &&
	    f->accuracy <= 1))
		return;
	if (isnan(f->level))
		f->level = LEVEL;
	wilson = interval_wilson(f->accuracy * f->n, f->n, f->level);
	f->range[0][0] = wilson.low;
	f->range[0][1] = wilson.high;
}

/* The p-value of the drift; where groups alone were compared, the smallest
 * of those that count for many tests at once. */
static void
find_drift(struct figures *f, const struct docs *d)
{
	const struct map_key *name;
	struct json_val v;
	uint32_t i;
	double p;

	if (docs_get(d, DOC_DRIFT, &v)) {
		f->drift_p = docs_number(v, "p_value", NULL);
		f->n_drift = docs_number(v, "n_current", NULL);
		return;
	}
	for (i = 0; i < d->groups.n; i++) {
		v = docs_group(d, i, &name);
		p = docs_number(v, "p_adjusted", NULL);
		if (isnan(p))
			p = docs_number(v, "p_value", NULL);
		if (isnan(f->drift_p) || p < f->drift_p)
			f->drift_p = p;
		p = docs_number(v, "n_current", NULL);
		f->n_drift = isnan(f->n_drift) ? p : f->n_drift + p;
	}
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
		f->source = doc_name[DOC_EVALUATION];
		f->accuracy = docs_number(v, "metrics", "accuracy", NULL);
		f->precision = docs_number(v, "metrics", "precision", NULL);
		f->recall = docs_number(v, "metrics", "recall", NULL);
		f->f1 = f1_of(v);
		find_ranges(f, v, d);
	} else if (docs_get(d, DOC_CONFUSION, &v)) {
		f->source = doc_name[DOC_CONFUSION];
		f->n = docs_number(v, "n", NULL);
		f->level = docs_number(v, "intervals", "level", NULL);
		f->accuracy = of_confusion(v, "accuracy", f->range[0]);
		f->precision = of_confusion(v, "precision", f->range[1]);
		f->recall = of_confusion(v, "recall", f->range[2]);
		f->f1 = of_confusion(v, "f1", f->range[3]);
	}
	fill_range(f);
	find_drift(f, d);
}

/* ---- as JSON ---- */

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

/* ---- all of them ---- */

void
figure_share(struct figure *f, const char *name, const char *key, double x,
    double n, const char *of)
{
	struct interval i = interval_wilson(x, n, LEVEL);

	f->name = name;
	f->key = key;
	f->v = n > 0 ? x / n : NAN;
	f->low = n > 0 ? i.low : NAN;
	f->high = n > 0 ? i.high : NAN;
	f->n = n;
	f->of = of;
	f->share = true;
}

void
figure_members(struct buf *b, const char *name, const struct figure *f)
{
	json_key(b, name);
	json_num(b, f->v);
	json_key(b, "low");
	json_num(b, f->low);
	json_key(b, "high");
	json_num(b, f->high);
}

void
figure_object(struct buf *b, const struct figure *f)
{
	buf_putc(b, '{');
	figure_members(b, "value", f);
	json_key(b, "n");
	json_num(b, f->n);
	buf_putc(b, '}');
}

void
figure_write(struct buf *b, const char *key, const struct figure *f)
{
	json_key(b, key);
	figure_object(b, f);
}

void
figure_columns(struct table *t, const char *name)
{
	table_column(t, name, TABLE_NUMBER);
	table_column(t, "low", TABLE_NUMBER);
	table_column(t, "high", TABLE_NUMBER);
}

void
figure_cells(struct table *t, const struct figure *f)
{
	table_num(t, f->v);
	table_num(t, f->low);
	table_num(t, f->high);
}

void
figure_of_class(struct figure *f, struct json_val class, const char *name)
{
	double range[2] = { NAN, NAN };
	struct json_val at;

	f->v = docs_number(class, name, NULL);
	if (json_get(class, "intervals", &at))
		read_pair(at, name, range);
	f->low = range[0];
	f->high = range[1];
}

void
figure_effect(struct figure *f, struct json_val drift)
{
	double range[2] = { NAN, NAN };
	struct json_val at;

	f->v = docs_number(drift, "effect", "cramers_v", NULL);
	if (json_get(drift, "effect", &at))
		read_pair(at, "cramers_v_interval", range);
	f->low = range[0];
	f->high = range[1];
}

static void
plain(struct figure *f, const char *name, const char *key, double v,
    double n, const char *of)
{
	f->name = name;
	f->key = key;
	f->v = v;
	f->low = f->high = NAN;
	f->n = n;
	f->of = of;
	f->share = false;
}

static size_t
list_bot(struct figure *v, const struct report *r)
{
	static const char *const name[4] = { "Accuracy", "Precision",
	    "Recall", "F1 Score" };
	struct figures f;
	size_t i;

	figures_find(&f, &r->docs);
	for (i = 0; i < 4; i++) {
		plain(&v[i], name[i], names[i], i == 0 ? f.accuracy :
		    i == 1 ? f.precision : i == 2 ? f.recall : f.f1, f.n,
		    "utterances");
		v[i].low = f.range[i][0];
		v[i].high = f.range[i][1];
		v[i].share = true;
	}
	plain(&v[4], "Drift P-Value", "drift_p_value", f.drift_p, f.n_drift,
	    "utterances");
	return 5;
}

static size_t
list_insights(struct figure *v, struct json_val doc)
{
	double n = docs_number(doc, "results", NULL), range[2] = { NAN, NAN };
	double right = docs_number(doc, "accuracy", NULL) * n;

	plain(&v[0], "Speech Insights", "insights", n, n, "insights");
	figure_share(&v[1], "With CSAT", "insights_with_csat",
	    n - docs_number(doc, "without_csat", NULL), n, "insights");
	/* the document rounds its accuracy to four places */
	figure_share(&v[2], "Speech Accuracy", "insights_accuracy",
	    floor(right + 0.5), n, "insights");
	v[2].v = docs_number(doc, "accuracy", NULL);
	plain(&v[3], "Rank Correlation", "insights_rank_correlation",
	    docs_number(doc, "rank_correlation", NULL),
	    docs_number(doc, "pairs", NULL), "pairs");
	read_pair(doc, "interval", range);
	v[3].low = range[0];
	v[3].high = range[1];
	return 4;
}

static size_t
list_scores(struct figure *v, const struct scores *s)
{
	double n = (double)s->n, mean = exactsum_value(&s->sum) / n;
	double spread = exactsum_value(&s->squares) - n * mean * mean;
	struct interval i = interval_wald(mean, s->n > 1 ?
	    sqrt((spread > 0 ? spread : 0) / (n - 1) / n) : NAN, 0, 1, LEVEL);

	plain(&v[0], "Contacts Scored", "scores", n, n, "contacts");
	plain(&v[1], "Mean Score", "scores_mean", mean, n, "contacts");
	v[1].low = i.low;
	v[1].high = i.high;
	v[1].share = true;
	figure_share(&v[2], "At Or Above Threshold", "scores_above",
	    (double)s->above, n, "contacts");
	if (s->stored)
		return 3;
	figure_share(&v[3], "Flagged", "scores_flagged", (double)s->flagged,
	    n, "contacts");
	figure_share(&v[4], "Filled In", "scores_imputed",
	    (double)s->imputed, n, "contacts");
	return 5;
}

size_t
figures_list(struct figure *v, const struct report *r)
{
	bool bot = r->docs.groups.n > 0;
	struct json_val doc;
	size_t n = 0;
	int k;

	for (k = DOC_EVALUATION; k <= DOC_DRIFT; k++)
		bot = bot || docs_get(&r->docs, (enum doc_kind)k, &doc);
	if (bot)
		n = list_bot(v, r);
	if (docs_get(&r->docs, DOC_INSIGHTS, &doc))
		n += list_insights(v + n, doc);
	if (r->scores.n)
		n += list_scores(v + n, &r->scores);
	return n;
}
