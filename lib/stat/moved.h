/* SPDX-License-Identifier: GPL-3.0-or-later */
/* moved.h -- which category moved, by how much, how sure.
 *
 * One line a category of a pair (gof.h): the difference of its shares with
 * its interval, and two residuals of its current count against the one that
 * both rows together expect, E. The standardised one, (count-E)/sqrt(E), is
 * what the category adds to the root of chi-square. The adjusted one, z, is
 * near standard normal where nothing moved (S. J. Haberman, "The analysis of
 * residuals in cross-classified tables", Biometrics 29, 1973); its square is
 * the chi-square of this category against all others, and p is its p-value.
 * The sign is that of the difference.
 */
#ifndef STAT_MOVED_H
#define STAT_MOVED_H

#include "stat/gof.h"
#include "stat/interval.h"

enum moved_status {
	MOVED_SAME,             /* in both (how much is the residual's to say) */
	MOVED_NEW,              /* in the current row only */
	MOVED_GONE,             /* in the baseline only */
	MOVED_EMPTY             /* in neither */
};

struct moved {
	double baseline, current;       /* shares; NaN where a total is 0 */
	double difference;              /* current - baseline */
	struct interval interval;       /* Newcombe's, of the difference */
	double residual;                /* standardised; NaN as above */
	double z, p;                    /* adjusted, and its two-sided p; NaN
	                                 * too where there is one category */
	enum moved_status status;
};

void moved_category(struct moved *m, const struct pair *p, size_t i,
    double level);

#endif
