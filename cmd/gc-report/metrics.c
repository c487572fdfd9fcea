/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metrics.c -- the documents, and counts of mentions, as OpenMetrics. */
#include "trend.h"
#include "base/num.h"
#include "json/write.h"
#include "out/metrics.h"

/* ---- a figure ---- */

/* A name made of parts, as long as names of metrics are. */
struct name {
	char text[96];
};

static const char *
join(struct name *n, const char *stem, const char *more, const char *unit)
{
	snprintf(n->text, sizeof n->text, "%s%s%s%s", stem, more,
	    unit ? "_" : "", unit ? unit : "");
	return n->text;
}

/* The two ends of an interval, as samples. */
static void
put_ends(struct buf *b, const char *name, const struct metrics_label *label,
    const struct figure *f)
{
	struct metrics_label with[2] = { { "bound", "low", 3 } };
	size_t n = 1;

	if (label)
		with[n++] = *label;
	if (!isfinite(f->low) || !isfinite(f->high))
		return;
	metrics_sample(b, name, with, n, f->low);
	with[0].p = "high";
	with[0].n = 4;
	metrics_sample(b, name, with, n, f->high);
}

static void
interval_family(struct buf *b, const char *name, const char *unit)
{
	metrics_family(b, name, unit, "The ends of its interval.");
}

/* A figure as STEM_UNIT, and the ends of its interval, where it has one, as
 * STEM_interval_UNIT. */
static void
put_figure(struct buf *b, const char *stem, const char *unit,
    const char *help, const struct metrics_label *label,
    const struct figure *f)
{
	struct name n;

	if (isnan(f->v))
		return;
	metrics_family(b, join(&n, stem, "", unit), unit, help);
	metrics_sample(b, n.text, label, label != NULL, f->v);
	if (!isfinite(f->low) || !isfinite(f->high))
		return;
	interval_family(b, join(&n, stem, "_interval", unit), unit);
	put_ends(b, n.text, label, f);
}

static void
put_one(struct buf *b, const char *name, const char *unit, const char *help,
    double v)
{
	if (isnan(v))
		return;
	metrics_family(b, name, unit, help);
	metrics_sample(b, name, NULL, 0, v);
}

/* ---- the bot ---- */

static void
put_figures(struct buf *b, const struct docs *d)
{
	static const struct { const char *stem, *help; } of[4] = {
		{ "gcpipe_bot_accuracy",
		    "Share of utterances whose intent was named rightly." },
		{ "gcpipe_bot_precision",
		    "How often a named intent is right, mean over intents." },
		{ "gcpipe_bot_recall",
		    "How often an intent is found, mean over intents." },
		{ "gcpipe_bot_f1", "Harmonic mean of precision and recall, "
		    "mean over intents." },
	};
	struct metrics_label source = { "source", "", 0 };
	struct figures f;
	struct figure one;
	size_t i;

	figures_find(&f, d);
	if (!f.source)
		return;
	source.p = f.source;
	source.n = strlen(f.source);
	for (i = 0; i < COUNT(of); i++) {
		one.v = i == 0 ? f.accuracy : i == 1 ? f.precision :
		    i == 2 ? f.recall : f.f1;
		one.low = f.range[i][0];
		one.high = f.range[i][1];
		put_figure(b, of[i].stem, "ratio", of[i].help, &source, &one);
	}
	put_one(b, "gcpipe_bot_figures_utterances", NULL,
	    "Utterances that accuracy and the like rest on.", f.n);
}

/* What a row of per_class says of an intent, with its name. */
static void
put_intent(struct buf *b, const char *name, struct json_val class,
    struct buf *text, const struct figure *f, bool ends)
{
	struct metrics_label intent = { "intent", "", 0 };
	struct json_val label;

	buf_clear(text);
	if (!json_get(class, "label", &label) || json_decode(label, text) < 0)
		return;
	intent.p = buf_str(text);
	intent.n = text->len;
	if (ends)
		put_ends(b, name, &intent, f);
	else
		metrics_sample(b, name, &intent, 1, f->v);
}

/* One figure of every intent; f1 and the like from per_class. */
static void
put_intents(struct buf *b, struct json_val per_class, const char *member,
    const char *stem, const char *unit, const char *help)
{
	struct buf text = BUF_INIT(BUF_RECORD);
	struct json_iter it;
	struct figure f;
	struct name n;
	bool any = false;

	metrics_family(b, join(&n, stem, "", unit), unit, help);
	for (it = json_iter(per_class); json_next(&it);) {
		figure_of_class(&f, it.val, member);
		any = any || (isfinite(f.low) && isfinite(f.high));
		put_intent(b, n.text, it.val, &text, &f, false);
	}
	if (any)
		interval_family(b, join(&n, stem, "_interval", unit), unit);
	for (it = json_iter(per_class); any && json_next(&it);) {
		figure_of_class(&f, it.val, member);
		put_intent(b, n.text, it.val, &text, &f, true);
	}
	buf_free(&text);
}

static void
put_confusion(struct buf *b, const struct docs *d)
{
	struct json_val v, per_class;

	if (!docs_get(d, DOC_CONFUSION, &v))
		return;
	put_one(b, "gcpipe_bot_utterances", NULL,
	    "Utterances with an actual and a predicted intent.",
	    docs_number(v, "n", NULL));
	put_one(b, "gcpipe_bot_utterances_abstained", NULL,
	    "Utterances without a prediction.",
	    docs_number(v, "abstained", NULL));
	put_one(b, "gcpipe_bot_calibration_error_ratio", "ratio",
	    "Expected calibration error of the confidence.",
	    docs_number(v, "metrics", "ece", NULL));
	if (!json_get(v, "per_class", &per_class))
		return;
	put_intents(b, per_class, "support", "gcpipe_bot_intent_utterances",
	    NULL, "Utterances of an intent.");
	put_intents(b, per_class, "precision",
	    "gcpipe_bot_intent_precision", "ratio",
	    "How often this intent, named, is right.");
	put_intents(b, per_class, "recall", "gcpipe_bot_intent_recall",
	    "ratio", "How often this intent is found.");
	put_intents(b, per_class, "f1", "gcpipe_bot_intent_f1", "ratio",
	    "Harmonic mean of an intent's precision and recall.");
}

/* A boolean of a document as 1 or 0. */
static double
truth(struct json_val v, const char *name)
{
	struct json_val m;

	if (!json_get(v, name, &m))
		return NAN;
	return json_type(m) == JSON_TRUE ? 1 :
	    json_type(m) == JSON_FALSE ? 0 : NAN;
}

static void
put_drift(struct buf *b, const struct docs *d)
{
	struct figure f;
	struct json_val v;

	if (!docs_get(d, DOC_DRIFT, &v))
		return;
	put_one(b, "gcpipe_bot_drift_p_value", NULL,
	    "How often chance alone would give a difference like this.",
	    docs_number(v, "p_value", NULL));
	put_one(b, "gcpipe_bot_drift_detected", NULL,
	    "1 where the verdict is drift, else 0.", truth(v, "drifted"));
	figure_effect(&f, v);
	put_figure(b, "gcpipe_bot_drift_cramers_v", NULL,
	    "Cramer's V, the size of the difference.", NULL, &f);
	put_one(b, "gcpipe_bot_drift_psi", NULL,
	    "Population stability index, in nats.",
	    docs_number(v, "psi", NULL));
	put_one(b, "gcpipe_bot_drift_utterances", NULL,
	    "Utterances compared with the baseline.",
	    docs_number(v, "n_current", NULL));
	put_one(b, "gcpipe_bot_drift_baseline_utterances", NULL,
	    "Utterances of the baseline.",
	    docs_number(v, "n_baseline", NULL));
}

static void
put_decision(struct buf *b, const struct docs *d)
{
	struct json_val v;

	if (docs_get(d, DOC_DECISION, &v))
		put_one(b, "gcpipe_bot_retrain", NULL,
		    "1 where retraining was decided, else 0.",
		    truth(v, "retrain"));
}

/* ---- mentions ---- */

static int
put_group(struct report *r, void *ctx, const struct map_key *name,
    const struct frequency_line *lines, uint32_t n, struct fail *why)
{
	struct metrics_label labels[2] = { { "group", name->p, name->len },
	    { "text", "", 0 } };
	uint32_t i;

	(void)r;
	(void)why;
	for (i = 0; i < n; i++) {
		labels[1].p = lines[i].key->p;
		labels[1].n = lines[i].key->len;
		metrics_sample(ctx, "gcpipe_mentions", labels, 2,
		    (double)lines[i].n);
	}
	return 0;
}

static int
put_mentions(struct buf *b, struct report *r, struct fail *why)
{
	double total = frequency_total(r);

	if (!r->frequency.records && !r->frequency.counts)
		return 0;
	metrics_family(b, "gcpipe_mentions", NULL,
	    "Interactions that mention a text.");
	if (frequency_each(r, put_group, b, why) < 0)
		return -1;
	put_one(b, "gcpipe_interactions", NULL,
	    "Interactions that were looked at.", total);
	return 0;
}

/* ---- other figures ---- */

/* Those that summary has and nothing above says: of scores, of insights. */
static void
put_others(struct buf *b, const struct report *r)
{
	static const struct { const char *key, *stem, *unit, *help; } of[] = {
		{ "scores", "gcpipe_scores", NULL, "Contacts scored." },
		{ "scores_mean", "gcpipe_scores_mean", "ratio",
		    "Mean score of a contact." },
		{ "scores_above", "gcpipe_scores_above", "ratio",
		    "Share of contacts at or above the threshold." },
		{ "scores_flagged", "gcpipe_scores_flagged", "ratio",
		    "Share of contacts whose score is flagged." },
		{ "scores_imputed", "gcpipe_scores_imputed", "ratio",
		    "Share of contacts with a feature filled in." },
		{ "insights", "gcpipe_insights", NULL, "Speech insights." },
		{ "insights_with_csat", "gcpipe_insights_with_csat",
		    "ratio", "Share of insights with a customer's rating." },
		{ "insights_accuracy", "gcpipe_insights_accuracy",
		    "ratio", "Share of insights that ratings agree with." },
		{ "insights_rank_correlation",
		    "gcpipe_insights_rank_correlation", NULL,
		    "Rank correlation of sentiment and rating." },
	};
	struct figure v[FIGURES_MOST];
	size_t n = figures_list(v, r), i, k;

	for (i = 0; i < n; i++) {
		for (k = 0; k < COUNT(of); k++)
			if (strcmp(v[i].key, of[k].key) == 0)
				put_figure(b, of[k].stem, of[k].unit,
				    of[k].help, NULL, &v[i]);
		if (strcmp(v[i].key, "insights_rank_correlation") == 0)
			put_one(b, "gcpipe_insights_pairs", NULL,
			    "Insights with a rating, which the rank "
			    "correlation rests on.", v[i].n);
	}
}

/* The cells of a matrix that hold something. */
static int
put_cells(struct buf *b, const struct docs *d, struct fail *why)
{
	struct metrics_label label[2] = { { "actual", "", 0 },
	    { "predicted", "", 0 } };
	struct json_val v;
	struct matrix m;
	size_t i;

	if (!docs_get(d, DOC_CONFUSION, &v))
		return 0;
	if (matrix_read(&m, v, why) < 0)
		return -1;
	metrics_family(b, "gcpipe_bot_matrix_utterances", NULL,
	    "Utterances of an intent that were taken for an intent.");
	for (i = 0; i < m.n * m.n; i++) {
		if (m.cell[i] == 0)
			continue;
		label[0].p = m.label[i / m.n].p;
		label[0].n = m.label[i / m.n].n;
		label[1].p = m.label[i % m.n].p;
		label[1].n = m.label[i % m.n].n;
		metrics_sample(b, "gcpipe_bot_matrix_utterances", label, 2,
		    m.cell[i]);
	}
	matrix_free(&m);
	return 0;
}

static void
put_groups(struct buf *b, const struct docs *d)
{
	struct metrics_label group = { "group", "", 0 };
	const struct map_key *name;
	struct json_val v;
	uint32_t i;

	if (d->groups.n == 0)
		return;
	metrics_family(b, "gcpipe_bot_drift_group_p_value", NULL,
	    "How often chance alone would give a difference like a group's, "
	    "adjusted for many tests.");
	for (i = 0; i < d->groups.n; i++) {
		v = docs_group(d, i, &name);
		group.p = name->p;
		group.n = name->len;
		metrics_sample(b, "gcpipe_bot_drift_group_p_value", &group, 1,
		    docs_number(v, "p_adjusted", NULL));
	}
}

/* What callers spoke of, day by day. */
static int
put_days(struct buf *b, struct report *r, struct fail *why)
{
	struct metrics_label label[2] = { { "date", "", 0 },
	    { "product", "", 0 } };
	struct trend *t = &r->trend;
	struct named *v;
	char day[TIME_MAX];
	uint32_t i;

	if (t->keys.n == 0)
		return 0;
	v = trend_order(t, why);
	if (!v)
		return -1;
	metrics_family(b, "gcpipe_mentions_of_day", NULL,
	    "Mentions of a product on a day.");
	for (i = 0; i < t->keys.n; i++) {
		label[0].p = trend_day(day, t->points[i].day);
		label[0].n = strlen(day);
		label[1].p = v[t->points[i].name].key->p;
		label[1].n = v[t->points[i].name].key->len;
		metrics_sample(b, "gcpipe_mentions_of_day", label, 2,
		    t->points[i].n);
	}
	free(v);
	return 0;
}

int
metrics_write(struct report *r, struct buf *b, struct fail *why)
{
	put_figures(b, &r->docs);
	put_confusion(b, &r->docs);
	put_drift(b, &r->docs);
	put_groups(b, &r->docs);
	put_decision(b, &r->docs);
	put_others(b, r);
	if (put_cells(b, &r->docs, why) < 0 || put_mentions(b, r, why) < 0 ||
	    put_days(b, r, why) < 0)
		return -1;
	put_one(b, "gcpipe_report_timestamp_seconds", "seconds",
	    "When this was written.", r->served && r->served->none ? NAN :
	    (double)((r->served ? r->served->updated : clock_now()) / 1000));
	metrics_end(b);
	return 0;
}

/* ---- as a table ---- */

/* A row takes its part in both: texts counted, and scores. */
static int
metrics_row(struct report *r, const struct record *rec, struct emit *emit,
    struct fail *why)
{
	int done = scores_take(&r->scores, rec->val, why);

	if (done < 0)
		return filter_reject(emit, rec, NULL, "score", "%s",
		    why->text);
	return done ? FILTER_USED : frequency_row(r, rec, emit, why);
}

static int
metrics_lead(struct report *r, struct buf *b, struct fail *why)
{
	return subject_summary.lead(r, b, why);
}

/* A line of the exposition as its three parts: name, labels, value. */
static void
split(const char *line, size_t n, size_t *name, size_t *labels)
{
	for (*name = 0; *name < n && line[*name] != '{' &&
	    line[*name] != ' '; ++*name)
		continue;
	for (*labels = n; *labels > *name && line[*labels - 1] != ' ';
	    --*labels)
		continue;
}

/* Calls one() for every sample. */
static int
each_sample(struct report *r, void (*one)(void *ctx, const char *line,
    size_t n), void *ctx, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_DOC);
	const char *p, *end;
	int bad = metrics_write(r, &b, why);

	for (p = buf_str(&b); bad == 0 && *p; p = end + 1) {
		end = strchr(p, '\n');
		if (*p != '#')
			one(ctx, p, (size_t)(end - p));
	}
	buf_free(&b);
	return bad;
}

static void
sample_row(void *ctx, const char *line, size_t n)
{
	struct table *t = ctx;
	char value[NUM_MAX];
	size_t name, labels;

	split(line, n, &name, &labels);
	table_text(t, line, name);
	if (labels > name + 3)
		table_text(t, line + name + 1, labels - name - 3);
	else
		table_str(t, "");
	snprintf(value, sizeof value, "%.*s", (int)(n - labels),
	    line + labels);
	table_num(t, num_json(value, strlen(value)));
}

static int
metrics_table(struct report *r, struct table *t, struct fail *why)
{
	table_column(t, "metric", TABLE_TEXT);
	table_column(t, "labels", TABLE_TEXT);
	table_column(t, "value", TABLE_NUMBER);
	return each_sample(r, sample_row, t, why);
}

static void
sample_json(void *ctx, const char *line, size_t n)
{
	struct emit *emit = ctx;
	struct buf *b = &emit->out;
	size_t name, labels;

	split(line, n, &name, &labels);
	buf_str_add(b, "{\"metric\":");
	json_str(b, line, name);
	json_key(b, "labels");
	json_str(b, line + name + 1, labels > name + 3 ? labels - name - 3 :
	    0);
	buf_str_add(b, ",\"value\":");
	buf_add(b, line + labels, n - labels);
	buf_putc(b, '}');
	filter_line(emit);
}

static int
metrics_json(struct report *r, struct emit *emit, struct fail *why)
{
	return each_sample(r, sample_json, emit, why);
}

/* The picture of the figures, which are what can be drawn of it. */
static int
metrics_picture(struct report *r, enum plot_form form, struct buf *b,
    struct fail *why)
{
	struct figure v[FIGURES_MOST];
	size_t n = figures_list(v, r);

	return dots_picture(r, v, n, "Metrics", metrics_lead, form, b, why);
}

const struct subject subject_metrics = {
	.name = "metrics", .title = "Metrics", .usual = FORM_PROM,
	.forms = FORMS_TABLE | FORMS_PICTURE | 1 << FORM_PROM,
	.row = metrics_row, .lead = metrics_lead, .table = metrics_table,
	.json = metrics_json, .picture = metrics_picture,
};
