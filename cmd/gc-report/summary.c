/* SPDX-License-Identifier: GPL-3.0-or-later */
/* summary.c -- the figures in a few lines: of a bot, of scores, of insights.
 *
 * Its CSV is Metric,Value, which programs read; people get the interval of
 * each figure, and what it rests on, beside it.
 */
#include "report.h"
#include "base/msg.h"
#include "json/write.h"
#include "out/dots.h"

/* The figures, and a word on stderr about where they come from. */
static size_t
find(const struct report *r, struct figure *v, struct fail *why)
{
	size_t n = figures_list(v, r);
	struct figures f;
	struct json_val doc;

	if (n == 0) {
		fail(why, EXIT_DATA, "the input holds no document of kind "
		    "evaluation, confusion, drift or insights, and no scores");
		return 0;
	}
	figures_find(&f, &r->docs);
	if (!f.source && isfinite(f.drift_p))
		msg_note("no evaluation and no confusion document: only the "
		    "drift is known");
	else if (f.source && strcmp(f.source, "confusion") == 0)
		msg_note("no evaluation document: the figures are those of "
		    "the confusion document (macro over all labels)");
	if (r->docs.groups.n && !docs_get(&r->docs, DOC_DRIFT, &doc))
		msg_note("drifts of groups alone: the p-value is the smallest "
		    "of them, adjusted for their number");
	return n;
}

static int
summary_row(struct report *r, const struct record *rec, struct emit *emit,
    struct fail *why)
{
	int done = scores_take(&r->scores, rec->val, why);

	if (done < 0)
		return filter_reject(emit, rec, NULL, "score", "%s",
		    why->text);
	r->docs.rows_left_out += done == 0;
	return done ? FILTER_USED : FILTER_DROPPED;
}

static int
summary_lead(struct report *r, struct buf *b, struct fail *why)
{
	struct figure v[FIGURES_MOST];
	size_t n = figures_list(v, r), at = b->len;
	struct json_val doc;

	(void)why;
	if (n && strcmp(v[0].key, "accuracy") == 0)
		lead_bot(b, r);
	if (docs_get(&r->docs, DOC_INSIGHTS, &doc)) {
		if (b->len > at)
			buf_putc(b, ' ');
		lead_insights(b, r);
	}
	if (r->scores.n) {
		if (b->len > at)
			buf_putc(b, ' ');
		lead_scores(b, r);
	}
	return 0;
}

static int
summary_table(struct report *r, struct table *t, struct fail *why)
{
	struct figure v[FIGURES_MOST];
	size_t n = find(r, v, why), i;

	if (n == 0)
		return -1;
	table_column(t, "Metric", TABLE_TEXT);
	table_column(t, "Value", TABLE_NUMBER);
	if (r->full) {
		table_column(t, "Low", TABLE_NUMBER);
		table_column(t, "High", TABLE_NUMBER);
		table_column(t, "N", TABLE_NUMBER);
	}
	for (i = 0; i < n; i++) {
		table_str(t, v[i].name);
		table_num(t, v[i].v);
		if (!r->full)
			continue;
		table_num(t, v[i].low);
		table_num(t, v[i].high);
		table_num(t, v[i].n);
	}
	return 0;
}

static int
summary_json(struct report *r, struct emit *emit, struct fail *why)
{
	struct buf lead = BUF_INIT(BUF_DOC), *b = &emit->out;
	struct figure v[FIGURES_MOST];
	size_t n = find(r, v, why), i;
	struct figures f;

	if (n == 0)
		return -1;
	figures_find(&f, &r->docs);
	figures_write(b, &f);
	b->len--;                       /* the brace: there is more */
	for (i = 0; i < n; i++) {
		if (i < 5 && strcmp(v[0].key, "accuracy") == 0)
			continue;
		figure_write(b, v[i].key, &v[i]);
	}
	summary_lead(r, &lead, why);
	json_key(b, "says");
	json_str(b, lead.p, lead.len);
	buf_putc(b, '}');
	filter_line(emit);
	buf_free(&lead);
	return 0;
}

/* ---- drawn ---- */

/* The figures' rows, and after them how scores are spread. */
static int
summary_chart(struct report *r, struct buf *b, struct fail *why)
{
	struct figure v[FIGURES_MOST];
	size_t n = figures_list(v, r), i;

	(void)why;
	buf_str_add(b, "{\"type\":\"dots\",\"rows\":[");
	for (i = 0; i < n; i++) {
		if (!v[i].share || isnan(v[i].v))
			continue;
		json_sep(b);
		buf_str_add(b, "{\"name\":");
		json_cstr(b, v[i].name);
		figure_members(b, "value", &v[i]);
		json_key(b, "n");
		json_num(b, v[i].n);
		json_key(b, "of");
		json_cstr(b, v[i].of);
		buf_putc(b, '}');
	}
	buf_str_add(b, "],\"bins\":");
	if (r->scores.n == 0)
		buf_str_add(b, "null");
	for (i = 0; r->scores.n && i < SCORES_BINS; i++)
		buf_addf(b, "%c%" PRIu64, i ? ',' : '[', r->scores.bin[i]);
	if (r->scores.n) {
		buf_str_add(b, "],\"threshold\":");
		json_num(b, r->scores.threshold);
	}
	buf_putc(b, '}');
	return 0;
}

static int
summary_picture(struct report *r, enum plot_form form, struct buf *b,
    struct fail *why)
{
	struct figure v[FIGURES_MOST];
	size_t n = find(r, v, why);

	return n ? dots_picture(r, v, n, "Summary", summary_lead, form, b,
	    why) : -1;
}

const struct subject subject_summary = {
	.name = "summary", .title = "Summary", .usual = FORM_CSV,
	.forms = FORMS_TABLE | FORMS_PICTURE | 1 << FORM_PROM,
	.row = summary_row, .lead = summary_lead, .table = summary_table,
	.json = summary_json, .picture = summary_picture,
	.chart = summary_chart,
};
