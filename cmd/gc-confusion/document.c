/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool.h"
#include "json/write.h"

/* More labels than this make a matrix of 200 MB of zeros: it is written
 * sparsely then, asked for or not. */
#define LABELS_MAX 10000

static void
member(struct buf *b, const char *name, double v)
{
	json_key(b, name);
	json_num(b, v);
}

static void
count(struct buf *b, const char *name, uint64_t n)
{
	json_key(b, name);
	json_uint(b, n);
}

/* "name":[low,high], or null. */
static void
interval(struct buf *b, const char *name, struct interval i)
{
	json_key(b, name);
	if (isnan(i.low)) {
		buf_str_add(b, "null");
		return;
	}
	buf_putc(b, '[');
	json_num(b, i.low);
	buf_putc(b, ',');
	json_num(b, i.high);
	buf_putc(b, ']');
}

static void
three(struct buf *b, const char *name, struct prf v)
{
	json_key(b, name);
	buf_putc(b, '{');
	member(b, "precision", v.precision);
	member(b, "recall", v.recall);
	member(b, "f1", v.f1);
	buf_putc(b, '}');
}

static void
three_intervals(struct buf *b, const char *name, struct delta_prf d)
{
	json_key(b, name);
	buf_putc(b, '{');
	interval(b, "precision", d.precision);
	interval(b, "recall", d.recall);
	interval(b, "f1", d.f1);
	buf_putc(b, '}');
}

/* ---- the parts, in their order ---- */

/* "matrix":null,"cells":[[row,column,n],...]: what is not 0, in order. */
static void
write_cells(struct buf *b, const struct figures *f)
{
	size_t i;

	buf_str_add(b, "null,\"cells\":[");
	for (i = 0; i < f->ncells; i++) {
		json_sep(b);
		buf_putc(b, '[');
		json_uint(b, f->cells[i].actual);
		buf_putc(b, ',');
		json_uint(b, f->cells[i].predicted);
		buf_putc(b, ',');
		json_uint(b, f->cells[i].n);
		buf_putc(b, ']');
	}
	buf_putc(b, ']');
}

static void
write_matrix(struct buf *b, const struct figures *f, const struct settings *s)
{
	const struct cell *x = f->cells, *end = x + f->ncells;
	uint32_t i, j;

	json_key(b, "labels");
	buf_putc(b, '[');
	for (i = 0; i < f->c.k; i++) {
		json_sep(b);
		figures_label(b, f, i);
	}
	buf_putc(b, ']');
	json_key(b, "matrix");
	if (s->sparse || f->c.k > LABELS_MAX) {
		write_cells(b, f);
		return;
	}
	buf_putc(b, '[');
	for (i = 0; i < f->c.k; i++) {
		json_sep(b);
		buf_putc(b, '[');
		for (j = 0; j < f->c.k; j++) {
			json_sep(b);
			if (x < end && x->actual == i && x->predicted == j)
				json_uint(b, x++->n);
			else
				buf_putc(b, '0');
		}
		buf_putc(b, ']');
	}
	buf_putc(b, ']');
}

static void
write_metrics(struct buf *b, const struct figures *f, const struct gather *g)
{
	json_key(b, "metrics");
	buf_putc(b, '{');
	member(b, "accuracy", f->c.accuracy);
	member(b, "balanced_accuracy", f->c.balanced_accuracy);
	member(b, "kappa", f->c.kappa);
	member(b, "mcc", f->c.mcc);
	three(b, "macro", f->c.macro);
	three(b, "macro_supported", f->c.macro_supported);
	three(b, "micro", f->c.micro);
	three(b, "weighted", f->c.weighted);
	member(b, "ece", calib_ece(&g->calib));
	member(b, "mce", calib_mce(&g->calib));
	member(b, "brier", calib_brier(&g->calib));
	buf_putc(b, '}');
}

static void
write_intervals(struct buf *b, const struct figures *f,
    const struct settings *s)
{
	json_key(b, "intervals");
	buf_putc(b, '{');
	member(b, "level", s->level);
	interval(b, "accuracy", f->d.accuracy);
	interval(b, "balanced_accuracy", f->d.balanced_accuracy);
	interval(b, "kappa", f->d.kappa);
	interval(b, "mcc", f->d.mcc);
	three_intervals(b, "macro", f->d.macro);
	three_intervals(b, "macro_supported", f->d.macro_supported);
	three_intervals(b, "micro", f->d.micro);
	three_intervals(b, "weighted", f->d.weighted);
	buf_putc(b, '}');
}

static void
write_labels(struct buf *b, const struct figures *f, const struct settings *s)
{
	struct prf v;
	uint32_t i;

	json_key(b, "per_class");
	buf_putc(b, '[');
	for (i = 0; i < f->c.k; i++) {
		v = confusion_label(&f->c, i);
		json_sep(b);
		buf_putc(b, '{');
		json_key(b, "label");
		figures_label(b, f, i);
		count(b, "support", f->c.support[i]);
		count(b, "predicted", f->c.predicted[i]);
		count(b, "correct", f->c.hit[i]);
		member(b, "precision", v.precision);
		member(b, "recall", v.recall);
		member(b, "f1", v.f1);
		three_intervals(b, "intervals",
		    delta_label(&f->c, i, s->level));
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

/* A confused pair, and what it is put in order by. */
struct confused {
	const struct cell *cell;
	double weight;
};

/* By falling weight, then count; ties by actual, then predicted, as the cells
 * lie. */
static int
by_weight(const void *x, const void *y)
{
	const struct confused *a = x, *b = y;

	if (a->weight != b->weight)
		return a->weight < b->weight ? 1 : -1;
	if (a->cell->n != b->cell->n)
		return a->cell->n < b->cell->n ? 1 : -1;
	return (a->cell > b->cell) - (a->cell < b->cell);
}

static double
weight(const struct figures *f, const struct cell *x, enum order order)
{
	return order == BY_SHARE ? figures_share(f, x) :
	    order == BY_LIFT ? figures_lift(f, x) : (double)x->n;
}

static int
write_confusions(struct buf *b, const struct figures *f,
    const struct gather *g, const struct settings *s, struct fail *why)
{
	struct confused *top = malloc((f->ncells + 1) * sizeof *top);
	const struct cell *x;
	size_t n = 0, i;

	if (!top)
		return fail_errno(why, "%zu cells", f->ncells);
	for (i = 0; i < f->ncells; i++) {
		x = f->cells + i;
		if (x->actual == x->predicted || x->n == 0)
			continue;
		top[n].cell = x;
		top[n++].weight = weight(f, x, s->order);
	}
	qsort(top, n, sizeof *top, by_weight);
	json_key(b, "top_confusions");
	buf_putc(b, '[');
	for (i = 0; i < n && i < (size_t)s->top; i++) {
		x = top[i].cell;
		json_sep(b);
		buf_putc(b, '{');
		json_key(b, "actual");
		figures_label(b, f, x->actual);
		json_key(b, "predicted");
		figures_label(b, f, x->predicted);
		count(b, "n", x->n);
		member(b, "share", figures_share(f, x));
		member(b, "lift", figures_lift(f, x));
		figures_examples(b, g, f->from[x - f->cells]);
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
	count(b, "confused_pairs", n);
	free(top);
	return 0;
}

static void
write_calibration(struct buf *b, const struct gather *g,
    const struct settings *s)
{
	const struct calib *c = &g->calib;
	struct calib_band kept;
	int i;

	json_key(b, "calibration");
	buf_putc(b, '{');
	count(b, "n", c->n);
	json_key(b, "method");
	json_cstr(b, s->equal_mass ? "equal-mass" : "equal-width");
	json_key(b, "bins");
	buf_putc(b, '[');
	for (i = 0; i < c->nbins && c->n; i++) {
		json_sep(b);
		buf_putc(b, '{');
		member(b, "low", c->bins[i].low);
		member(b, "high", c->bins[i].high);
		count(b, "n", c->bins[i].n);
		member(b, "confidence", calib_bin_confidence(c->bins + i));
		member(b, "accuracy", calib_bin_accuracy(c->bins + i));
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
	json_key(b, "thresholds");
	buf_putc(b, '[');
	for (i = 0; i < CALIB_THRESHOLDS && c->n; i++) {
		kept = calib_kept(c, i);
		json_sep(b);
		buf_putc(b, '{');
		member(b, "threshold", calib_threshold[i]);
		count(b, "n", kept.n);
		member(b, "coverage", (double)kept.n / (double)c->n);
		member(b, "accuracy", kept.n ? (double)kept.right /
		    (double)kept.n : NAN);
		buf_putc(b, '}');
	}
	buf_str_add(b, "]}");
}

/* ---- who got no answer ---- */

static void
silence(struct buf *b, const struct silence *x, const struct settings *s)
{
	uint64_t silent = silence_total(x, s), n = silent + x->answered;
	size_t i;

	count(b, "none", x->none);
	count(b, "fallback", silence_fallback(x, s));
	json_key(b, "fallbacks");
	buf_putc(b, '[');
	for (i = 0; i < s->fallbacks->n; i++) {
		json_sep(b);
		json_uint(b, x->fallback[i]);
	}
	buf_putc(b, ']');
	count(b, "answered", x->answered);
	member(b, "share", n ? (double)silent / (double)n : NAN);
	interval(b, "interval", interval_wilson((double)silent, (double)n,
	    s->level));
}

static void
write_silence(struct buf *b, const struct figures *f,
    const struct settings *s)
{
	uint32_t i;

	json_key(b, "abstentions");
	buf_putc(b, '{');
	silence(b, &f->all, s);
	json_key(b, "per_class");
	buf_putc(b, '[');
	for (i = 0; i < f->nsilence; i++) {
		uint32_t at = f->silent_order[i];
		const struct map_key *k = f->silent.keys.keys + at;

		json_sep(b);
		buf_putc(b, '{');
		json_key(b, "label");
		key_write(b, k->p, k->len);
		silence(b, f->silence + at, s);
		buf_putc(b, '}');
	}
	buf_str_add(b, "]}");
}

static void
write_fallbacks(struct buf *b, const struct settings *s)
{
	size_t i;

	json_key(b, "fallback");
	buf_putc(b, '[');
	for (i = 0; i < s->fallbacks->n; i++) {
		json_sep(b);
		json_cstr(b, s->fallbacks->v[i]);
	}
	buf_putc(b, ']');
}

/* ---- what is null, and why ---- */

static void
undefined(struct buf *b, const char *metric, const char *reason)
{
	json_sep(b);
	buf_putc(b, '{');
	json_key(b, "metric");
	json_cstr(b, metric);
	json_key(b, "reason");
	json_cstr(b, reason);
}

static void
write_undefined(struct buf *b, const struct figures *f,
    const struct gather *g)
{
	static const char *const names[] = { "precision", "recall", "f1" };
	const char *none = "there are no records";
	uint64_t below[3];
	uint32_t i;
	int j;

	json_key(b, "undefined");
	buf_putc(b, '[');
	if (isnan(f->c.accuracy)) {
		undefined(b, "accuracy", none);
		buf_putc(b, '}');
	}
	if (isnan(f->c.kappa)) {
		undefined(b, "kappa", f->c.n ? confusion_why("kappa") : none);
		buf_putc(b, '}');
	}
	if (isnan(f->c.mcc)) {
		undefined(b, "mcc", f->c.n ? confusion_why("mcc") : none);
		buf_putc(b, '}');
	}
	if (g->calib.n == 0) {
		undefined(b, "ece", "no record has a confidence");
		buf_putc(b, '}');
		undefined(b, "brier", "no record has a confidence");
		buf_putc(b, '}');
	}
	for (i = 0; i < f->c.k; i++) {
		below[0] = f->c.predicted[i];
		below[1] = f->c.support[i];
		below[2] = below[0] + below[1];
		for (j = 0; j < 3; j++) {
			if (below[j] != 0)
				continue;
			undefined(b, names[j], confusion_why(names[j]));
			json_key(b, "label");
			figures_label(b, f, i);
			buf_putc(b, '}');
		}
	}
	buf_putc(b, ']');
}

int
document_write(struct buf *b, const struct figures *f,
    const struct gather *g, const struct settings *s, struct fail *why)
{
	uint64_t abstained = silence_total(&f->all, s);

	buf_str_add(b, "{\"kind\":\"confusion\"");
	count(b, "n", f->c.n);
	count(b, "correct", f->c.correct);
	count(b, "abstained", abstained);
	write_fallbacks(b, s);
	member(b, "coverage", f->c.n + abstained ? (double)f->c.n /
	    (double)(f->c.n + abstained) : NAN);
	write_matrix(b, f, s);
	member(b, "zero_division", s->zero_division);
	write_metrics(b, f, g);
	write_intervals(b, f, s);
	write_labels(b, f, s);
	if (write_confusions(b, f, g, s, why) < 0)
		return -1;
	ranks_write(b, &g->ranks, s);
	write_calibration(b, g, s);
	write_silence(b, f, s);
	if (s->compare && compare_write(b, &g->matches, s, why) < 0)
		return -1;
	write_undefined(b, f, g);
	buf_putc(b, '}');
	return 0;
}
