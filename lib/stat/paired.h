/* SPDX-License-Identifier: GPL-3.0-or-later */
/* paired.h -- two classifiers on the same records: which is better?
 *
 * Records on which both are right, or both wrong, say nothing about which is
 * the better one. Of the others, `lost` (right before, wrong now) and
 * `gained` (wrong before, right now), half should be of each kind where both
 * are equally good:
 *
 *	exact	2 P(X <= min(lost, gained)), X binomial(lost+gained, 1/2)
 *		(Q. McNemar, "Note on the sampling error of the difference
 *		between correlated proportions or percentages", 1947, with
 *		its exact distribution); never above its level, often far
 *		below
 *	mid_p	the same less P(X = min): at its level on average (M. W.
 *		Fagerland, S. Lydersen and P. Laake, "The McNemar test for
 *		binary matched-pairs data: mid-p and asymptotic are better
 *		than exact conditional", 2013)
 *
 * The difference of both shares of right answers, gained minus lost over all,
 * has the interval of R. G. Newcombe, "Improved confidence intervals for the
 * difference between binomial proportions based on paired data", Statistics
 * in Medicine 17, 1998, method 10.
 *
 *	struct paired p = { .both = 30, .lost = 12, .gained = 2,
 *	    .neither = 6 };
 *	paired_exact(&p), paired_difference(&p), paired_interval(&p, 0.95)
 */
#ifndef STAT_PAIRED_H
#define STAT_PAIRED_H

#include "stat/interval.h"

struct paired {
	uint64_t both, lost, gained, neither;
};

/* Both are 1 where nothing was lost or gained. */
double paired_exact(const struct paired *p);
double paired_mid_p(const struct paired *p);

/* (gained - lost) / all; NaN where there are none. */
double paired_difference(const struct paired *p);
struct interval paired_interval(const struct paired *p, double level);

#endif
