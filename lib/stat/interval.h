/* SPDX-License-Identifier: GPL-3.0-or-later */
/* interval.h -- how sure a number is: intervals for shares.
 *
 * Every function takes the two-sided level, e.g. 0.95, and gives NaN ends
 * where there is nothing to count.
 *
 *	struct interval i = interval_wilson(81, 263, 0.95);
 *	i.low, i.high			0.2553..., 0.3662...
 */
#ifndef STAT_INTERVAL_H
#define STAT_INTERVAL_H

#include "base/compat.h"

struct interval {
	double low, high;
};

/* A share of x in n: the score interval (E. B. Wilson, "Probable inference,
 * the law of succession, and statistical inference", 1927), no continuity
 * correction. x and n need not be whole: with n the effective size of a
 * weighted mean it serves there too (N. Dean and M. Pagano, "Evaluating
 * confidence interval methods for binomial proportions in clustered surveys",
 * 2015). */
struct interval interval_wilson(double x, double n, double level);

/* The difference of two shares, x2/n2 - x1/n1: both Wilson intervals joined
 * (R. G. Newcombe, "Interval estimation for the difference between
 * independent proportions: comparison of eleven methods", Statistics in
 * Medicine 17, 1998, method 10). */
struct interval interval_newcombe(uint64_t x1, uint64_t n1, uint64_t x2,
    uint64_t n2, double level);

/* F1 = 2t/(2t+miss): one to one with the share t/(t+miss) of right answers
 * among the records that a label touches, F1 = 2J/(1+J); so Wilson's
 * interval for J, mapped. */
struct interval interval_f1(uint64_t tp, uint64_t fp_and_fn, double level);

/* estimate -+ z * se, kept within [min, max]; NaN where se is NaN. */
struct interval interval_wald(double estimate, double se, double min,
    double max, double level);

#endif
