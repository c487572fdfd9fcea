/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ks.h -- two samples of numbers: do they come from one population?
 *
 * A sample is its distinct values, rising, each with how often it occurs in
 * either of the two samples; so it merges as counts do, and ties are known.
 * F and G are the two empirical distribution functions.
 *
 *	statistic	Kolmogorov and Smirnov's D, the largest |F - G|
 *	wasserstein	the area between F and G: how far, on average, a
 *			number of one sample is from its like in the other
 *	cvm		Cramer and von Mises' T, from the sum of (F - G)^2
 *			over all numbers of both samples (T. W. Anderson, "On
 *			the distribution of the two-sample Cramer-von Mises
 *			criterion", 1962)
 *
 * cvm_p is the limit of T's distribution, that of the sum of Z_j^2/(j pi)^2,
 * after T got the mean and variance of that limit (Anderson, section 6). Its
 * tail is summed as N. V. Smirnov gave it ("Sur la distribution de w2", 1936):
 * where p is small the first term is nearly all, and nothing cancels.
 *
 * p is of D: where n1 n2 is at most KS_EXACT, the exact share of the orders
 * in which numbers of both samples may come, no two being equal, that have a
 * D as large (J. L. Hodges, "The significance probability of the Smirnov
 * two-sample test", 1957); else Kolmogorov's limit,
 * 2 sum (-1)^(j-1) exp(-2 j^2 L^2), where L is D sqrt(n1 n2/(n1+n2)). Where
 * numbers are equal, both are too large. p_ties is the exact share then, D
 * being looked at only where a value ends (G. Schroer and D. Trenkler, "Exact
 * and randomization distributions of Kolmogorov-Smirnov tests two or three
 * samples", 1995).
 */
#ifndef STAT_KS_H
#define STAT_KS_H

#include "base/fail.h"

/* Up to this the exact p takes a tenth of a second. */
#define KS_EXACT 25000000

struct ks_value {
	double x;
	uint64_t a, b;          /* how often, in the baseline and today */
};

struct ks {
	uint64_t na, nb;
	double statistic, at;   /* D, and the value where it is reached */
	double p, log10_p;
	double p_ties;          /* NaN without ties, or where p is the limit */
	bool exact, ties;
	double wasserstein, cvm;
	double cvm_p;           /* of cvm, in the limit */
};

/* Values in strictly rising order, each finite. Where a sample is empty all
 * is NaN but p, 1, and log10_p, 0. -1 where memory ends. */
int ks_test(struct ks *k, const struct ks_value *v, size_t n,
    struct fail *why);

/* P(D >= statistic) in the limit. */
void ks_limit(double d, double na, double nb, double *p, double *log10_p);

/* P(T >= x) in the limit. */
double ks_cvm_limit(double x);

/* A quantile of either sample: the smallest x with F(x) >= q; NaN where the
 * sample is empty. */
double ks_quantile(const struct ks_value *v, size_t n, bool current,
    double q);

#endif
