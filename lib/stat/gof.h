/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gof.h -- tests on two rows of counts: is today's row the baseline's?
 *
 * A pair is k categories with a count in the baseline and one today. Four
 * tests, the product of two questions:
 *
 *	which statistic		Pearson's chi-square, or G (the likelihood
 *				ratio; Wilks 1935)
 *	what the baseline is	a sample like today's (homogeneity, the right
 *				one where it was counted), or the exact truth
 *				(goodness of fit, baseline scaled to today's
 *				total)
 *
 * Categories empty on both sides are left out; k is what remains, df = k-1;
 * there is no continuity correction. A side without counts, or one category
 * only, tells nothing: statistic 0, p 1, and `state` says so. Goodness of fit
 * cannot expect zero and find some: statistic and p are NaN then.
 *
 * Precision. With n1, n2 the totals, a, b the counts of a category and
 * d = a*n2 - b*n1 (exact, wide.h), every term of every sum is positive:
 *
 *	chi-square, homogeneity		d^2 / ((a+b) n1 n2)
 *	chi-square, fit			d^2 / (a n1 n2)
 *	G, a cell of expectation E	2 E phi(x), x = (observed-E)/E
 *	phi(x) = (1+x) ln(1+x) - x
 *
 * (the usual sum of O ln(O/E) subtracts numbers that agree to nine digits at
 * counts of 10^9). phi is taken from the series of C. Loader, "Fast and
 * accurate computation of binomial probabilities" (2000), where x is small.
 *
 *	uint64_t base[] = { 60, 30, 10 }, now[] = { 50, 35, 15 };
 *	struct pair pair;
 *	struct gof g;
 *	if (pair_init(&pair, base, now, 3, &why) < 0) ...
 *	gof_test(&g, &pair, GOF_HOMOGENEITY, GOF_CHISQ);
 *	g.p, g.log10_p, g.df, ...
 */
#ifndef STAT_GOF_H
#define STAT_GOF_H

#include "base/fail.h"

/* Two rows of counts; nothing is copied, nothing to free. */
struct pair {
	const uint64_t *a, *b;  /* baseline, current: the caller's, k each */
	size_t k;               /* categories, empty ones included */
	size_t used;            /* categories with a count on either side */
	uint64_t na, nb;        /* totals */
};

enum gof_null { GOF_HOMOGENEITY, GOF_FIT };
enum gof_kind { GOF_CHISQ, GOF_G };
enum gof_state {
	GOF_OK,
	GOF_EMPTY_SIDE,         /* a side has no counts */
	GOF_ONE_CATEGORY,       /* nothing to compare: df 0 */
	GOF_UNEXPECTED          /* fit: a count where the baseline has none */
};

struct gof {
	enum gof_state state;
	double statistic;       /* NaN where GOF_UNEXPECTED, like p */
	double df;
	double p, log10_p;
	double min_expected;    /* the smallest expected count of a cell */
	size_t below_5;         /* cells that expect less than 5 */
	size_t cells;           /* 2k, or k for goodness of fit */
};

/* Adds the totals up. -1 where they pass 2^64 - 1. */
int pair_init(struct pair *p, const uint64_t *baseline,
    const uint64_t *current, size_t k, struct fail *why);

/* a*n2 - b*n1 of category i: its sign says which way the share went (above
 * zero: it fell). */
double pair_delta(const struct pair *p, size_t i);

void gof_test(struct gof *g, const struct pair *p, enum gof_null null,
    enum gof_kind kind);

/* By how many of its standard deviations G's mean lies above that of
 * chi-square, where nothing changed: many small counts make G too large, long
 * before Pearson's chi-square (D. A. Williams, "Improved likelihood ratio
 * tests for complete contingency tables", 1976). At GOF_G_EXCESS one p-value
 * in 17 is below 0.05, not one in 20. Of homogeneity; where gof_test() is
 * GOF_OK. */
#define GOF_G_EXCESS 0.09
double gof_g_excess(const struct pair *p);

/* The statistic alone, for resampling; the pair must have both totals. */
double gof_chisq(const struct pair *p);

/* Cramer's V of the table of both rows, sqrt(chi-square/n) for two rows; NaN
 * where gof_test() has no df. */
double gof_cramers_v(const struct pair *p);

/* (1+x) ln(1+x) - x for x >= -1, to full precision near 0. */
double gof_phi(double x);

/* A sentence for a state; NULL for GOF_OK. */
const char *gof_state_text(enum gof_state state);

#endif
