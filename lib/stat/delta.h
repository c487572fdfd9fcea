/* SPDX-License-Identifier: GPL-3.0-or-later */
/* delta.h -- how sure the figures of a confusion matrix are.
 *
 * The records are taken for a random sample; then the cells of the matrix are
 * multinomial, and a figure g that is a smooth function of them has, for many
 * records, the variance
 *
 *	sum over the cells of n_ij (dg/dn_ij)^2
 *
 * (the delta method; the usual second term, (sum n_ij dg/dn_ij)^2 / n, is 0
 * by Euler's theorem, as no figure changes when all counts are doubled). For
 * kappa this is the standard error of J. L. Fleiss, J. Cohen and B. S.
 * Everitt, "Large sample standard errors of kappa and weighted kappa", 1969;
 * for micro and macro F1 see K. Takahashi, K. Yamamoto, A. Kuchiba and T.
 * Koyama, "Confidence interval for micro-averaged F1 and macro-averaged F1
 * scores", 2022.
 *
 * From the standard error to the interval:
 *
 *	accuracy, micro		Wilson's (interval.h), no delta needed
 *	macro, weighted,	Wilson's with the effective size
 *	balanced accuracy	g(1-g)/variance, so that it stays within 0..1
 *	kappa, mcc		g -+ z * error, cut to -1..1
 *
 * Where no record disagrees, all derivatives are 0 and the delta method sees
 * no doubt at all. Then the effective size of a macro mean over K labels is
 * K^2 / sum(1/support), that of a weighted one is n; and kappa and mcc get
 * 1 - (1-L)/(1-chance) from the lower end L of the accuracy.
 */
#ifndef STAT_DELTA_H
#define STAT_DELTA_H

#include "stat/confusion.h"
#include "stat/interval.h"

struct delta_prf {
	struct interval precision, recall, f1;
};

struct delta {
	struct interval accuracy, balanced_accuracy, kappa, mcc;
	struct delta_prf micro, macro, macro_supported, weighted;
	double kappa_se, mcc_se;        /* standard errors */
};

/* Fills d from a confusion and the cells it was made from; an undefined
 * figure has the interval NaN, NaN. */
void delta_intervals(struct delta *d, const struct confusion *c,
    const struct cell *cells, size_t ncells, double level);

/* One label's: Wilson's, and interval_f1(). */
struct delta_prf delta_label(const struct confusion *c, uint32_t label,
    double level);

#endif
