/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/confusion.h"
#include "stat/exactsum.h"
#include "stat/wide.h"

#define N_MAX ((uint64_t)1 << 62)

static double
ratio(uint64_t x, uint64_t y)
{
	return y ? (double)x / (double)y : NAN;
}

static int
count(struct confusion *c, const struct cell *cells, size_t ncells,
    struct fail *why)
{
	size_t i;

	for (i = 0; i < ncells; i++) {
		const struct cell *x = cells + i;

		if (x->actual >= c->k || x->predicted >= c->k)
			return fail(why, EXIT_DATA, "a cell names label %lu "
			    "of %lu", (unsigned long)(x->actual > x->predicted
			    ? x->actual : x->predicted), (unsigned long)c->k);
		if (x->n > N_MAX - c->n)
			return fail(why, EXIT_DATA,
			    "counts add up to more than 2^62");
		c->n += x->n;
		c->support[x->actual] += x->n;
		c->predicted[x->predicted] += x->n;
		if (x->actual == x->predicted) {
			c->hit[x->actual] += x->n;
			c->correct += x->n;
		}
	}
	for (i = 0; i < c->k; i++)
		c->supported += c->support[i] > 0;
	return 0;
}

struct prf
confusion_label(const struct confusion *c, uint32_t i)
{
	uint64_t t = c->hit[i], r = c->support[i], p = c->predicted[i];
	struct prf v;

	v.precision = p ? ratio(t, p) : c->zero_division;
	v.recall = r ? ratio(t, r) : c->zero_division;
	v.f1 = r + p ? ratio(2 * t, r + p) : c->zero_division;
	return v;
}

/* Kappa and MCC from exact integers: only their quotients are rounded. */
static void
agreement(struct confusion *c)
{
	struct wide chance = { 0, 0 }, rows = chance, cols = chance;
	struct wide n2 = wide_mul(c->n, c->n);
	double above, below;
	uint32_t i;

	for (i = 0; i < c->k; i++) {
		uint64_t r = c->support[i], p = c->predicted[i];

		chance = wide_add(chance, wide_mul(r, p));
		rows = wide_add(rows, wide_mul(r, r));
		cols = wide_add(cols, wide_mul(p, p));
	}
	above = wide_diff(wide_mul(c->n, c->correct), chance);
	below = wide_diff(n2, chance);
	c->kappa = below > 0 ? above / below : NAN;
	below = sqrt(wide_diff(n2, rows)) * sqrt(wide_diff(n2, cols));
	c->mcc = below > 0 ? above / below : NAN;
}

enum weight { PLAIN, SUPPORTED, BY_SUPPORT };

/* The mean of one of three values over the labels; NaN counts as 0. */
static double
mean(const struct confusion *c, enum weight weight, int which)
{
	struct exactsum sum;
	uint32_t i;

	exactsum_init(&sum);
	for (i = 0; i < c->k; i++) {
		struct prf v = confusion_label(c, i);
		double x = which == 0 ? v.precision :
		    which == 1 ? v.recall : v.f1;

		if (isnan(x) || (weight == SUPPORTED && !c->support[i]))
			continue;
		exactsum_add(&sum, weight == BY_SUPPORT ?
		    x * (double)c->support[i] : x);
	}
	return exactsum_value(&sum) / (weight == PLAIN ? (double)c->k :
	    weight == SUPPORTED ? (double)c->supported : (double)c->n);
}

static struct prf
means(const struct confusion *c, enum weight weight)
{
	struct prf v;

	if (c->n == 0) {
		v.precision = v.recall = v.f1 = NAN;
		return v;
	}
	v.precision = mean(c, weight, 0);
	v.recall = mean(c, weight, 1);
	v.f1 = mean(c, weight, 2);
	return v;
}

static void
all_means(struct confusion *c)
{
	c->macro = means(c, PLAIN);
	c->macro_supported = means(c, SUPPORTED);
	c->weighted = means(c, BY_SUPPORT);
	c->balanced_accuracy = c->macro_supported.recall;
}

void
confusion_zero_division(struct confusion *c, double x)
{
	c->zero_division = x;
	all_means(c);
}

int
confusion_init(struct confusion *c, const struct cell *cells, size_t ncells,
    uint32_t k, struct fail *why)
{
	memset(c, 0, sizeof *c);
	c->k = k;
	c->zero_division = NAN;
	if (!(c->support = calloc(k ? k : 1, 3 * sizeof *c->support)))
		return fail_errno(why, "a table of %lu labels",
		    (unsigned long)k);
	c->predicted = c->support + k;
	c->hit = c->predicted + k;
	if (count(c, cells, ncells, why) < 0) {
		confusion_free(c);
		return -1;
	}
	c->accuracy = ratio(c->correct, c->n);
	agreement(c);
	c->micro.precision = c->micro.recall = c->micro.f1 = c->accuracy;
	all_means(c);
	return 0;
}

void
confusion_free(struct confusion *c)
{
	free(c->support);
	memset(c, 0, sizeof *c);
}

const char *
confusion_why(const char *metric)
{
	static const struct { const char *metric, *reason; } reasons[] = {
		{ "precision", "no record was predicted as this label" },
		{ "recall", "no record has this label" },
		{ "f1", "no record has this label or was predicted as it" },
		{ "kappa", "actual and predicted are one and the same label "
		    "throughout, so chance alone agrees" },
		{ "mcc", "actual or predicted is one label throughout" },
	};
	size_t i;

	for (i = 0; i < COUNT(reasons); i++)
		if (strcmp(metric, reasons[i].metric) == 0)
			return reasons[i].reason;
	return "there are no records";
}
