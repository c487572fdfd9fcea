/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metrics.c -- the documents, and counts of mentions, as OpenMetrics. */
#include "report.h"
#include "base/clock.h"
#include "out/metrics.h"

/* ---- the bot ---- */

static void
put_figures(struct buf *b, const struct docs *d)
{
	struct figures f;
	struct metrics_label source = { "source", "", 0 };
	struct { const char *name, *help; double v; } rows[4];
	size_t i;

	figures_find(&f, d);
	if (!f.source)
		return;
	source.p = f.source;
	source.n = strlen(f.source);
	rows[0].name = "gcpipe_bot_accuracy_ratio";
	rows[0].help = "Share of utterances whose intent was named rightly.";
	rows[0].v = f.accuracy;
	rows[1].name = "gcpipe_bot_precision_ratio";
	rows[1].help = "How often a named intent is right, mean over intents.";
	rows[1].v = f.precision;
	rows[2].name = "gcpipe_bot_recall_ratio";
	rows[2].help = "How often an intent is found, mean over intents.";
	rows[2].v = f.recall;
	rows[3].name = "gcpipe_bot_f1_ratio";
	rows[3].help = "Harmonic mean of precision and recall, mean over "
	    "intents.";
	rows[3].v = f.f1;
	for (i = 0; i < COUNT(rows); i++) {
		if (isnan(rows[i].v))
			continue;
		metrics_family(b, rows[i].name, "ratio", rows[i].help);
		metrics_sample(b, rows[i].name, &source, 1, rows[i].v);
	}
}

/* One figure of every intent; f1 and the like from per_class. */
static void
put_intents(struct buf *b, struct json_val per_class, const char *member,
    const char *name, const char *unit, const char *help)
{
	struct json_iter it = json_iter(per_class);
	struct buf text = BUF_INIT(BUF_RECORD);
	struct metrics_label intent = { "intent", "", 0 };
	struct json_val label;

	metrics_family(b, name, unit, help);
	while (json_next(&it)) {
		buf_clear(&text);
		if (!json_get(it.val, "label", &label) ||
		    json_decode(label, &text) < 0)
			continue;
		intent.p = buf_str(&text);
		intent.n = text.len;
		metrics_sample(b, name, &intent, 1,
		    docs_number(it.val, member, NULL));
	}
	buf_free(&text);
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
	    "gcpipe_bot_intent_precision_ratio", "ratio",
	    "How often this intent, named, is right.");
	put_intents(b, per_class, "recall", "gcpipe_bot_intent_recall_ratio",
	    "ratio", "How often this intent is found.");
	put_intents(b, per_class, "f1", "gcpipe_bot_intent_f1_ratio", "ratio",
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
	struct json_val v;

	if (!docs_get(d, DOC_DRIFT, &v))
		return;
	put_one(b, "gcpipe_bot_drift_p_value", NULL,
	    "How often chance alone would give a difference like this.",
	    docs_number(v, "p_value", NULL));
	put_one(b, "gcpipe_bot_drift_detected", NULL,
	    "1 where the verdict is drift, else 0.", truth(v, "drifted"));
	put_one(b, "gcpipe_bot_drift_cramers_v", NULL,
	    "Cramer's V, the size of the difference.",
	    docs_number(v, "effect", "cramers_v", NULL));
	put_one(b, "gcpipe_bot_drift_psi", NULL,
	    "Population stability index, in nats.",
	    docs_number(v, "psi", NULL));
	put_one(b, "gcpipe_bot_drift_utterances", NULL,
	    "Utterances compared with the baseline.",
	    docs_number(v, "n_current", NULL));
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

int
metrics_write(struct report *r, struct buf *b, struct fail *why)
{
	put_figures(b, &r->docs);
	put_confusion(b, &r->docs);
	put_drift(b, &r->docs);
	put_decision(b, &r->docs);
	if (put_mentions(b, r, why) < 0)
		return -1;
	put_one(b, "gcpipe_report_timestamp_seconds", "seconds",
	    "When this was written.", r->served && r->served->none ? NAN :
	    (double)((r->served ? r->served->updated : clock_now()) / 1000));
	metrics_end(b);
	return 0;
}

const struct subject subject_metrics = {
	.name = "metrics", .title = "Metrics", .usual = FORM_PROM,
	.forms = 1 << FORM_PROM, .row = frequency_row,
};
