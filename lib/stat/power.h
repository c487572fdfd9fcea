/* SPDX-License-Identifier: GPL-3.0-or-later */
/* power.h -- what could these counts have shown?
 *
 * "No drift found" means little where the counts are too few to show any. A
 * shift of effect w (Cramer's V, for two rows) gives chi-square the
 * non-centrality n w^2 (J. Cohen, "Statistical power analysis for the
 * behavioral sciences", 1988, chapter 7); the smallest w that the test finds
 * with a given power is the one that puts so much of that distribution above
 * the test's limit.
 *
 *	w = power_effect(2, 500, 0.05, 0.8);	(0.1389: less is not seen)
 */
#ifndef STAT_POWER_H
#define STAT_POWER_H

#include "stat/interval.h"

/* The smallest effect that a test with df degrees of freedom on n records in
 * all finds at level alpha with this power; NaN where df or n is 0. It may
 * be above 1: then nothing would be found. */
double power_effect(double df, double n, double alpha, double power);

/* The effect w as a difference of one category's share between rows of n1
 * and n2, in the worst case, a category of one half. */
double power_share(double w, double n1, double n2);

/* The interval of the effect w in the population, from chi-square with df
 * degrees of freedom on n records: the w whose non-central distributions put
 * the observed statistic at either tail's edge (M. Smithson, "Confidence
 * intervals", 2003, chapter 4). A sample's own V is never 0 and grows with
 * the number of categories where nothing happened: it may lie above the
 * interval. NaN where df or n is 0. */
struct interval power_interval(double chisq, double df, double n,
    double level);

#endif
