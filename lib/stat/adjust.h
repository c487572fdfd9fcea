/* SPDX-License-Identifier: GPL-3.0-or-later */
/* adjust.h -- many tests at once: p-values that say so.
 *
 * Of twenty tests where nothing happened, one has p <= 0.05. Adjusted
 * p-values may be compared with alpha as if there were one test:
 *
 *	ADJUST_BONFERRONI	n p: at most alpha to be wrong anywhere
 *	ADJUST_BH		the share of false ones among those called is
 *				alpha at most (Y. Benjamini and Y. Hochberg,
 *				"Controlling the false discovery rate", 1995):
 *				the least of n p_j / rank_j over all p_j >= p
 *
 *	double p[] = { 0.01, 0.04, NAN, 0.03 };
 *	adjust(p, 4, ADJUST_BH, &why);		(0.03, 0.04, NaN, 0.04)
 */
#ifndef STAT_ADJUST_H
#define STAT_ADJUST_H

#include "base/fail.h"

enum adjust { ADJUST_NONE, ADJUST_BONFERRONI, ADJUST_BH };

/* In place; NaN stays and does not count. -1 where memory ends. */
int adjust(double *p, size_t n, enum adjust how, struct fail *why);

#endif
