/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/delta.h"
#include "stat/exactsum.h"
#include "stat/wide.h"

/* The figures whose variance is summed, in the order of gradient(). */
enum {
	KAPPA, MCC, MACRO_P, MACRO_R, MACRO_F, SUPPORTED_P, SUPPORTED_R,
	SUPPORTED_F, WEIGHTED_P, WEIGHTED_F, FIGURES
};

/* What the derivatives of kappa and MCC need of the whole table. */
struct whole {
	double n, above;        /* n sum t - S */
	double chance;          /* n^2 - S */
	double rows, cols;      /* n^2 - sum r^2, n^2 - sum c^2 */
};

static void
whole_init(struct whole *w, const struct confusion *c)
{
	struct wide s = { 0, 0 }, rows = s, cols = s;
	struct wide n2 = wide_mul(c->n, c->n);
	uint32_t i;

	for (i = 0; i < c->k; i++) {
		uint64_t r = c->support[i], p = c->predicted[i];

		s = wide_add(s, wide_mul(r, p));
		rows = wide_add(rows, wide_mul(r, r));
		cols = wide_add(cols, wide_mul(p, p));
	}
	w->n = (double)c->n;
	w->above = wide_diff(wide_mul(c->n, c->correct), s);
	w->chance = wide_diff(n2, s);
	w->rows = wide_diff(n2, rows);
	w->cols = wide_diff(n2, cols);
}

/* d/dn_ij of kappa and MCC. One more record in cell (i,j) makes
 * d(n sum t) = sum t + n [i=j],  dS = c_i + r_j,  d(n^2) = 2n,
 * d(sum r^2) = 2 r_i,  d(sum c^2) = 2 c_j. */
static void
agreement_gradient(double g[FIGURES], const struct confusion *c,
    const struct whole *w, uint32_t i, uint32_t j)
{
	double ds = (double)c->predicted[i] + (double)c->support[j];
	double da = (double)c->correct + (i == j ? w->n : 0) - ds;
	double drows = 2 * (w->n - (double)c->support[i]);
	double dcols = 2 * (w->n - (double)c->predicted[j]);

	g[KAPPA] = (da - c->kappa * (2 * w->n - ds)) / w->chance;
	g[MCC] = da / sqrt(w->rows) / sqrt(w->cols) -
	    c->mcc / 2 * (drows / w->rows + dcols / w->cols);
}

static double
or_zero(double x)
{
	return isnan(x) ? 0 : x;
}

/* d/dn_ij of the means: a record in (i,j) touches the recall of i, the
 * precision of j, and the F1 of both (F = 2t/s, s = r + c). */
static void
mean_gradient(double g[FIGURES], const struct confusion *c, uint32_t i,
    uint32_t j)
{
	struct prf a = confusion_label(c, i), b = confusion_label(c, j);
	double hit = i == j ? 1 : 0;
	double dp = (hit - b.precision) / (double)c->predicted[j];
	double dr = (hit - a.recall) / (double)c->support[i];
	double dfa = (2 * hit - a.f1) /
	    (double)(c->support[i] + c->predicted[i]);
	double dfb = -b.f1 / (double)(c->support[j] + c->predicted[j]);
	double n = (double)c->n, k = c->k, s = c->supported;
	bool known = c->support[j] > 0;

	g[MACRO_P] = dp / k;
	g[MACRO_R] = dr / k;
	g[MACRO_F] = (dfa + dfb) / k;
	g[SUPPORTED_P] = known ? dp / s : 0;
	g[SUPPORTED_R] = dr / s;
	g[SUPPORTED_F] = (dfa + (known ? dfb : 0)) / s;
	g[WEIGHTED_P] = (or_zero(a.precision) - c->weighted.precision +
	    (double)c->support[j] * dp) / n;
	g[WEIGHTED_F] = (a.f1 - c->weighted.f1 + (double)c->support[i] * dfa +
	    (double)c->support[j] * dfb) / n;
}

static void
variances(double v[FIGURES], const struct confusion *c,
    const struct cell *cells, size_t ncells)
{
	struct exactsum sum[FIGURES];
	struct whole w;
	double g[FIGURES];
	size_t i;
	int f;

	whole_init(&w, c);
	for (f = 0; f < FIGURES; f++)
		exactsum_init(sum + f);
	for (i = 0; i < ncells; i++) {
		if (cells[i].n == 0)
			continue;
		agreement_gradient(g, c, &w, cells[i].actual,
		    cells[i].predicted);
		mean_gradient(g, c, cells[i].actual, cells[i].predicted);
		for (f = 0; f < FIGURES; f++)
			exactsum_add(sum + f, (double)cells[i].n * g[f] * g[f]);
	}
	for (f = 0; f < FIGURES; f++)
		v[f] = exactsum_value(sum + f);
}

/* A mean within 0..1; size where the variance is 0. Rounding may leave a
 * variance of some 1e-33 where it is 0. */
static struct interval
of_mean(double g, double variance, double size, double level)
{
	if (isnan(g))
		return interval_wilson(0, 0, level);
	if (variance > 1e-30 && g > 0 && g < 1)
		size = g * (1 - g) / variance;
	return interval_wilson(g * size, size, level);
}

/* What chance agrees on where both margins are the same: sum of squares. */
static double
chance_of_equals(const struct confusion *c)
{
	struct exactsum s;
	double share;
	uint32_t i;

	exactsum_init(&s);
	for (i = 0; i < c->k; i++) {
		share = (double)c->support[i] / (double)c->n;
		exactsum_add(&s, share * share);
	}
	return exactsum_value(&s);
}

static struct interval
of_agreement(double g, double variance, const struct confusion *c,
    double level)
{
	struct interval i;

	if (c->correct < c->n || isnan(g))
		return interval_wald(g, sqrt(variance), -1, 1, level);
	i = interval_wilson((double)c->n, (double)c->n, level);
	i.low = fmax(-1, 1 - (1 - i.low) / (1 - chance_of_equals(c)));
	return i;
}

static double
harmonic_size(const struct confusion *c)
{
	struct exactsum s;
	uint32_t i;

	exactsum_init(&s);
	for (i = 0; i < c->k; i++)
		if (c->support[i])
			exactsum_add(&s, 1 / (double)c->support[i]);
	return (double)c->supported * c->supported / exactsum_value(&s);
}

void
delta_intervals(struct delta *d, const struct confusion *c,
    const struct cell *cells, size_t ncells, double level)
{
	double v[FIGURES], size = harmonic_size(c), n = (double)c->n;

	variances(v, c, cells, ncells);
	d->accuracy = interval_wilson((double)c->correct, n, level);
	d->micro.precision = d->micro.recall = d->micro.f1 = d->accuracy;
	d->macro.precision = of_mean(c->macro.precision, v[MACRO_P], size,
	    level);
	d->macro.recall = of_mean(c->macro.recall, v[MACRO_R], size, level);
	d->macro.f1 = of_mean(c->macro.f1, v[MACRO_F], size, level);
	d->macro_supported.precision = of_mean(c->macro_supported.precision,
	    v[SUPPORTED_P], size, level);
	d->macro_supported.recall = of_mean(c->macro_supported.recall,
	    v[SUPPORTED_R], size, level);
	d->macro_supported.f1 = of_mean(c->macro_supported.f1, v[SUPPORTED_F],
	    size, level);
	d->balanced_accuracy = d->macro_supported.recall;
	d->weighted.precision = of_mean(c->weighted.precision, v[WEIGHTED_P],
	    n, level);
	d->weighted.recall = d->accuracy;
	d->weighted.f1 = of_mean(c->weighted.f1, v[WEIGHTED_F], n, level);
	d->kappa_se = isnan(c->kappa) ? NAN : sqrt(v[KAPPA]);
	d->mcc_se = isnan(c->mcc) ? NAN : sqrt(v[MCC]);
	d->kappa = of_agreement(c->kappa, v[KAPPA], c, level);
	d->mcc = of_agreement(c->mcc, v[MCC], c, level);
}

struct delta_prf
delta_label(const struct confusion *c, uint32_t i, double level)
{
	struct delta_prf d;
	uint64_t t = c->hit[i], r = c->support[i], p = c->predicted[i];

	d.precision = interval_wilson((double)t, (double)p, level);
	d.recall = interval_wilson((double)t, (double)r, level);
	d.f1 = interval_f1(t, r - t + p - t, level);
	return d;
}
