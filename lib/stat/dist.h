/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dist.h -- distribution functions: what a statistic means as a probability.
 *
 * Thin wrappers on r-mathlib (Rmath.h), and the few that it lacks or that it
 * answers with text on stdout. Upper tails are computed as upper tails, never
 * as 1 - lower. Where a tail may be smaller than the smallest double, its
 * logarithm is given beside it.
 *
 *	struct tail t = dist_chisq(1435.204, 1);
 *	t.p 		4.7e-314, a subnormal
 *	t.log10_p	-313.3274...; still there where p is 0
 */
#ifndef STAT_DIST_H
#define STAT_DIST_H

#include "base/compat.h"

struct tail {
	double p;               /* 0 only below the smallest double */
	double log10_p;
};

/* A tail from its natural logarithm. */
struct tail dist_tail(double log_p);

/* P(X >= x) for chi-square with df degrees of freedom, df > 0. */
struct tail dist_chisq(double x, double df);

/* The x with P(X >= x) = p, chi-square. */
double dist_chisq_quantile(double p, double df);

/* P(X >= x) for non-central chi-square: a Poisson mixture of central ones
 * (Johnson, Kotz and Balakrishnan 1995, 29.3). */
double dist_chisq_noncentral(double x, double df, double lambda);

/* P(Z <= z), P(|Z| >= |z|), and the z with P(Z <= z) = p. */
double dist_normal(double z);
double dist_normal_two_sided(double z);
double dist_normal_quantile(double p);

/* The z of a two-sided interval: dist_z(0.95) is 1.959963984540054. */
double dist_z(double level);

/* P(T <= t) for Student's t, and its quantile. */
double dist_t(double t, double df);

/* P(X <= k) and P(X = k), X binomial with n trials of probability p. */
double dist_binomial(double k, double n, double p);
double dist_binomial_at(double k, double n, double p);

/* ln n!: exact to the last few bits (a table, then Stirling's series). */
double dist_log_factorial(double n);

/* Sum and logarithm helpers: ln(exp(a) + exp(b)). */
double dist_log_add(double a, double b);

#endif
