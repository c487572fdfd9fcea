/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lead.c -- what the numbers mean, in a sentence or two.
 *
 * A manager reads this and nothing else, so it says what changed, what goes
 * wrong most and what is done about it, and never more than the numbers
 * carry: a change within chance is called none.
 */
#include "report.h"
#include "base/num.h"
#include "stat/interval.h"

#define LEVEL 0.95

/* ---- numbers ---- */

void
lead_percent(struct buf *b, double v)
{
	char num[NUM_MAX];

	buf_add(b, num, num_fixed(num, v * 100, 1));
	buf_putc(b, '%');
}

void
lead_count(struct buf *b, double v)
{
	char num[NUM_MAX];
	size_t n = num_fixed(num, v, 0), i;
	bool whole = strspn(num, "-0123456789") == n;

	for (i = 0; i < n; i++) {
		if (whole && i > 0 && (n - i) % 3 == 0 && num[i - 1] != '-')
			buf_putc(b, ',');
		buf_putc(b, num[i]);
	}
}

void
lead_points(struct buf *b, double v)
{
	char num[NUM_MAX];

	if (num_fixed(num, v * 100, 1) && v > 0 && strcmp(num, "0.0") != 0)
		buf_putc(b, '+');
	buf_str_add(b, num);
}

/* "95% interval ". */
static void
interval_at(struct buf *b, double level)
{
	char num[NUM_MAX];

	buf_add(b, num, num_format(num, floor((isfinite(level) ? level :
	    LEVEL) * 1000 + 0.5) / 10));
	buf_str_add(b, "% interval ");
}

static void
between(struct buf *b, double level, double low, double high)
{
	interval_at(b, level);
	lead_percent(b, low);
	buf_str_add(b, " to ");
	lead_percent(b, high);
}

void
lead_rests(struct buf *b, double x, double n, double low, double high)
{
	buf_str_add(b, " (");
	lead_count(b, x);
	buf_str_add(b, " of ");
	lead_count(b, n);
	if (isfinite(low) && isfinite(high)) {
		buf_str_add(b, ", ");
		between(b, LEVEL, low, high);
	}
	buf_putc(b, ')');
}

static void
utterances(struct buf *b, double n)
{
	lead_count(b, n);
	buf_str_add(b, n == 1 ? " utterance" : " utterances");
}

/* ---- accuracy ---- */

static void
put_accuracy(struct buf *b, const struct figures *f)
{
	buf_str_add(b, "Accuracy is ");
	lead_percent(b, f->accuracy);
	if (isnan(f->n))
		return;
	buf_str_add(b, " (");
	if (isfinite(f->range[0][0])) {
		between(b, f->level, f->range[0][0], f->range[0][1]);
		buf_str_add(b, ", ");
	}
	utterances(b, f->n);
	buf_putc(b, ')');
}

/* Against the run before, as far as chance allows to say. */
static void
put_change(struct buf *b, const struct figures *f, const struct figures *old)
{
	bool known = f->n > 0 && old->n > 0 && f->accuracy >= 0 &&
	    f->accuracy <= 1 && old->accuracy >= 0 && old->accuracy <= 1;
	struct interval i = { NAN, NAN };
	const char *verb = "went";

	if (known)
		i = interval_newcombe((uint64_t)floor(old->accuracy * old->n +
		    0.5), (uint64_t)old->n, (uint64_t)floor(f->accuracy *
		    f->n + 0.5), (uint64_t)f->n, LEVEL);
	if (i.low > 0 || i.high < 0)
		verb = i.low > 0 ? "rose" : "fell";
	if (known && !(i.low > 0 || i.high < 0)) {
		buf_str_add(b, "Accuracy is ");
		lead_percent(b, f->accuracy);
		buf_str_add(b, ", before ");
		lead_percent(b, old->accuracy);
		buf_str_add(b, ", no change beyond chance");
	} else {
		buf_addf(b, "Accuracy %s from ", verb);
		lead_percent(b, old->accuracy);
		buf_str_add(b, " to ");
		lead_percent(b, f->accuracy);
	}
	if (!known) {
		buf_str_add(b, " (of how many is not known)");
		return;
	}
	buf_str_add(b, " (95% interval of the change ");
	lead_points(b, i.low);
	buf_str_add(b, " to ");
	lead_points(b, i.high);
	buf_str_add(b, " points; ");
	utterances(b, f->n);
	buf_str_add(b, ", before ");
	lead_count(b, old->n);
	buf_putc(b, ')');
}

/* ---- what is confused ---- */

static size_t
label_at(const struct matrix *m, const struct heat_text *label)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (m->label[i].n == label->n && memcmp(m->label[i].p,
		    label->p, label->n) == 0)
			return i;
	return m->n;
}

/* How often a pair was confused before, of how many; false where its actual
 * label did not occur. */
static bool
was(const struct matrix *old, const struct matrix *m, const struct pair *p,
    double *x, double *n)
{
	size_t i = label_at(old, &m->label[p->actual]);
	size_t j = label_at(old, &m->label[p->predicted]);

	if (i == old->n || old->row[i] == 0)
		return false;
	*x = j == old->n ? 0 : old->cell[i * old->n + j];
	*n = old->row[i];
	return true;
}

static struct interval
rise(const struct matrix *m, const struct pair *p, double x, double n)
{
	return interval_newcombe((uint64_t)x, (uint64_t)n, (uint64_t)p->n,
	    (uint64_t)m->row[p->actual], LEVEL);
}

/* The pair to speak of: the one that most surely grew by most utterances,
 * else the most frequent one. *now says that it grew. */
static const struct pair *
choose(const struct view *v, const struct matrix *m, const struct matrix *old,
    bool *now)
{
	const struct pair *best = NULL;
	double most = 0, x, n, more;
	size_t i;

	for (i = 0; old && i < v->npairs && i < 200; i++) {
		const struct pair *p = &v->pair[i];

		if (!was(old, m, p, &x, &n))
			continue;
		more = rise(m, p, x, n).low * m->row[p->actual];
		if (more > most) {
			most = more;
			best = p;
		}
	}
	*now = best != NULL;
	return best ? best : v->npairs ? v->pair : NULL;
}

static void
put_pair(struct buf *b, const struct matrix *m, const struct pair *p,
    const struct matrix *old, bool now)
{
	double n = m->row[p->actual], before, all;
	struct interval i = interval_wilson(p->n, n, LEVEL);

	buf_add(b, m->label[p->actual].p, m->label[p->actual].n);
	buf_str_add(b, now ? " is now taken for " : " is taken for ");
	buf_add(b, m->label[p->predicted].p, m->label[p->predicted].n);
	buf_str_add(b, " in ");
	lead_percent(b, p->n / n);
	buf_str_add(b, " of cases");
	if (now && was(old, m, p, &before, &all)) {
		buf_str_add(b, ", before in ");
		lead_percent(b, before / all);
	}
	lead_rests(b, p->n, n, i.low, i.high);
}

/* "; refund is now taken for ..." */
static void
put_confused(struct buf *b, const struct docs *d, const struct docs *before)
{
	struct matrix m, old;
	const struct pair *p;
	struct json_val v;
	struct view view;
	struct fail why;
	bool had, now;

	if (!docs_get(d, DOC_CONFUSION, &v) || matrix_read(&m, v, &why) < 0)
		return;
	had = docs_get(before, DOC_CONFUSION, &v) &&
	    matrix_read(&old, v, &why) == 0;
	if (view_make(&view, &m, &why) == 0) {
		p = choose(&view, &m, had ? &old : NULL, &now);
		if (p) {
			buf_str_add(b, "; ");
			put_pair(b, &m, p, &old, now);
		}
		view_free(&view);
	}
	if (had)
		matrix_free(&old);
	matrix_free(&m);
}

void
lead_matrix(struct buf *b, const struct report *r)
{
	struct figures f;
	struct json_val v;
	struct docs only;

	memset(&only, 0, sizeof only);
	if (!docs_get(&r->docs, DOC_CONFUSION, &v))
		return;
	only.doc[DOC_CONFUSION] = r->docs.doc[DOC_CONFUSION];
	figures_find(&f, &only);
	if (isnan(f.accuracy)) {
		buf_str_add(b, "There are no utterances to compare.");
		return;
	}
	put_accuracy(b, &f);
	put_confused(b, &only, &r->before);
	buf_putc(b, '.');
}

/* ---- drift ---- */

static void
put_p(struct buf *b, struct json_val drift)
{
	double p = docs_number(drift, "p_value", NULL);
	double log10_p = docs_number(drift, "log10_p", NULL), e, m;
	char num[NUM_MAX];

	if (isnan(p))
		return;
	buf_str_add(b, "p = ");
	if (p < 0.0001 && isfinite(log10_p)) {
		/* reaches further than a double does */
		e = floor(log10_p);
		m = pow(10, log10_p - e);
		if (m >= 9.95) {        /* 10.0, rounded */
			m /= 10;
			e++;
		}
		buf_add(b, num, num_fixed(num, m, 1));
		buf_addf(b, "e%.0f, ", e);
		return;
	}
	buf_add(b, num, table_human(num, p));
	buf_str_add(b, ", ");
}

/* The category that most certainly moved, the first of the list. */
static bool
first_moved(struct json_val drift, struct json_val *first,
    struct json_val *name)
{
	struct json_val list;
	struct json_iter it;

	if (!json_get(drift, "categories", &list))
		return false;
	it = json_iter(list);
	if (!json_next(&it))
		return false;
	*first = it.val;
	return json_get(*first, "category", name) &&
	    !isnan(docs_number(*first, "difference", NULL));
}

/* What moved, and the beginning of what stands in brackets behind it. */
static void
put_moved(struct buf *b, struct json_val drift)
{
	struct json_val first, name;
	bool any = first_moved(drift, &first, &name);

	if (any) {
		buf_str_add(b, ": ");
		json_decode(name, b);
		buf_str_add(b, " went from ");
		lead_percent(b, docs_number(first, "baseline", NULL));
		buf_str_add(b, " to ");
		lead_percent(b, docs_number(first, "current", NULL));
	}
	buf_str_add(b, " (");
	if (!any || isnan(docs_number(first, "low", NULL)))
		return;
	interval_at(b, docs_number(drift, "level", NULL));
	buf_str_add(b, "of the change ");
	lead_points(b, docs_number(first, "low", NULL));
	buf_str_add(b, " to ");
	lead_points(b, docs_number(first, "high", NULL));
	buf_str_add(b, " points; ");
}

static void
put_groups(struct buf *b, const struct docs *d)
{
	const struct map_key *name;
	struct json_val v, drifted;
	uint32_t i, n = 0;

	for (i = 0; i < d->groups.n; i++) {
		v = docs_group(d, i, &name);
		n += json_get(v, "drifted", &drifted) &&
		    json_type(drifted) == JSON_TRUE;
	}
	buf_addf(b, " Of %" PRIu32 " group%s compared, %" PRIu32 " drifted.",
	    d->groups.n, d->groups.n == 1 ? "" : "s", n);
}

static void
put_drift(struct buf *b, const struct docs *d)
{
	struct json_val v, verdict, drifted;

	if (docs_get(d, DOC_DRIFT, &v)) {
		if (json_get(v, "verdict", &verdict) &&
		    json_is(verdict, "insufficient")) {
			buf_str_add(b, " Too few callers were compared to say "
			    "whether they ask for other things than before (");
		} else if (!json_get(v, "drifted", &drifted) ||
		    json_type(drifted) == JSON_NULL) {
			buf_str_add(b, " Whether callers ask for other things "
			    "than before is not known (");
		} else if (json_type(drifted) == JSON_TRUE) {
			buf_str_add(b, " What callers ask for has changed "
			    "against the baseline");
			put_moved(b, v);
		} else {
			buf_str_add(b, " What callers ask for has not changed "
			    "against the baseline, as far as these numbers "
			    "can show (");
		}
		put_p(b, v);
		if (isnan(docs_number(v, "n_current", NULL))) {
			buf_str_add(b, "of how many is not known).");
		} else {
			utterances(b, docs_number(v, "n_current", NULL));
			buf_str_add(b, ", baseline ");
			lead_count(b, docs_number(v, "n_baseline", NULL));
			buf_str_add(b, ").");
		}
	}
	if (d->groups.n)
		put_groups(b, d);
}

void
lead_drift(struct buf *b, const struct report *r)
{
	struct buf text = BUF_INIT(BUF_LINE);

	put_drift(&text, &r->docs);
	if (text.len)
		buf_add(b, text.p + 1, text.len - 1);
	buf_free(&text);
}

/* ---- the bot ---- */

/* Why, in words, where the reason is one of share/policies/retrain.jq. */
static bool
put_reason(struct buf *b, struct json_val reason, const char *before)
{
	double threshold = docs_number(reason, "threshold", NULL);
	struct json_val rule;
	const char *what;
	char num[NUM_MAX];

	if (!json_get(reason, "rule", &rule) || !isfinite(threshold))
		return false;
	what = json_is(rule, "accuracy") ? "accuracy is below " :
	    json_is(rule, "drift") ? "the drift's p is below " : NULL;
	if (!what)
		return false;
	buf_str_add(b, before);
	buf_str_add(b, what);
	buf_add(b, num, num_format(num, threshold));
	return true;
}

static void
put_decision(struct buf *b, const struct docs *d)
{
	struct json_val v, retrain, reasons;
	struct json_iter it;
	bool any = false;

	if (!docs_get(d, DOC_DECISION, &v) ||
	    !json_get(v, "retrain", &retrain))
		return;
	if (json_type(retrain) == JSON_FALSE)
		buf_str_add(b, " Nothing calls for retraining.");
	if (json_type(retrain) != JSON_TRUE)
		return;
	buf_str_add(b, " Retraining was triggered");
	if (json_get(v, "reasons", &reasons) &&
	    json_type(reasons) == JSON_ARRAY)
		for (it = json_iter(reasons); json_next(&it);)
			any |= put_reason(b, it.val, any ? " and " : ": ");
	buf_putc(b, '.');
}

void
lead_bot(struct buf *b, const struct report *r)
{
	struct figures f, old;

	figures_find(&f, &r->docs);
	figures_find(&old, &r->before);
	if (isnan(f.accuracy)) {
		buf_str_add(b, "There is no evaluation of the bot to report "
		    "on yet.");
	} else {
		if (isnan(old.accuracy))
			put_accuracy(b, &f);
		else
			put_change(b, &f, &old);
		put_confused(b, &r->docs, &r->before);
		buf_putc(b, '.');
	}
	put_drift(b, &r->docs);
	put_decision(b, &r->docs);
}

/* ---- scores, insights ---- */

void
lead_scores(struct buf *b, const struct report *r)
{
	struct figure v[FIGURES_MOST], *f = NULL, *mean = NULL;
	size_t n = figures_list(v, r), i;
	char num[NUM_MAX];

	for (i = 0; i < n; i++) {
		if (strcmp(v[i].key, "scores_above") == 0)
			f = &v[i];
		else if (strcmp(v[i].key, "scores_mean") == 0)
			mean = &v[i];
	}
	if (!f || !mean) {
		buf_str_add(b, "No contact was scored.");
		return;
	}
	lead_percent(b, f->v);
	num_format(num, r->scores.threshold);
	buf_addf(b, " of contacts score %s or more", num);
	lead_rests(b, (double)r->scores.above, f->n, f->low, f->high);
	table_human(num, mean->v);
	buf_addf(b, "; the mean is %s (95%% interval ", num);
	if (isfinite(mean->low)) {
		buf_add(b, num, table_human(num, mean->low));
		buf_str_add(b, " to ");
		buf_add(b, num, table_human(num, mean->high));
	} else {
		buf_str_add(b, "not known");
	}
	buf_str_add(b, ").");
	if (r->scores.stored || r->scores.flagged == 0)
		return;
	buf_putc(b, ' ');
	lead_count(b, (double)r->scores.flagged);
	buf_str_add(b, r->scores.flagged == 1 ?
	    " score is flagged and should not be acted on." :
	    " scores are flagged and should not be acted on.");
}

void
lead_insights(struct buf *b, const struct report *r)
{
	double n, right, rank, range[2] = { NAN, NAN };
	struct figure v[FIGURES_MOST];
	size_t k = figures_list(v, r), i;
	struct json_val doc;
	char num[NUM_MAX];

	if (!docs_get(&r->docs, DOC_INSIGHTS, &doc))
		return;
	n = docs_number(doc, "results", NULL);
	right = docs_number(doc, "accuracy", NULL);
	rank = docs_number(doc, "rank_correlation", NULL);
	for (i = 0; i < k; i++) {
		if (strcmp(v[i].key, "insights_accuracy") == 0 &&
		    isfinite(right)) {
			buf_str_add(b, "Customers agree with a good sentiment "
			    "in ");
			lead_percent(b, right);
			buf_str_add(b, " of speech insights");
			lead_rests(b, floor(right * n + 0.5), n, v[i].low,
			    v[i].high);
			buf_putc(b, '.');
		}
		if (strcmp(v[i].key, "insights_rank_correlation") == 0) {
			range[0] = v[i].low;
			range[1] = v[i].high;
		}
	}
	if (isnan(right))
		buf_str_add(b, "There are no speech insights to report on.");
	if (isnan(rank) || isnan(range[0]))
		return;
	buf_str_add(b, range[0] > 0 ? " A better sentiment goes with a better "
	    "rating" : range[1] < 0 ? " A better sentiment goes with a worse "
	    "rating" : " Whether a better sentiment goes with a better rating "
	    "cannot be told");
	table_human(num, rank);
	buf_addf(b, " (rank correlation %s, 95%% interval ", num);
	buf_add(b, num, table_human(num, range[0]));
	buf_str_add(b, " to ");
	buf_add(b, num, table_human(num, range[1]));
	buf_str_add(b, ", ");
	lead_count(b, docs_number(doc, "pairs", NULL));
	buf_str_add(b, " pairs).");
}
