/* SPDX-License-Identifier: GPL-3.0-or-later */
/* confusion.h -- what a table of actual against predicted labels says.
 *
 * The table is sparse: one cell a pair of labels that occurred, in any order,
 * a pair possibly in several cells. Labels are numbers below k; label i has
 *
 *	support[i]	records that are i (the row's total, r below)
 *	predicted[i]	records called i (the column's total, c)
 *	hit[i]		records that are i and called i (t)
 *
 *	precision = t/c, recall = t/r, f1 = 2t/(r+c)
 *	accuracy = sum t / n
 *	balanced accuracy = mean recall of the labels with support
 *	kappa = (n sum t - S) / (n^2 - S), S = sum r c
 *		(J. Cohen, "A coefficient of agreement for nominal scales",
 *		1960)
 *	mcc = (n sum t - S) / sqrt((n^2 - sum c^2)(n^2 - sum r^2))
 *		(J. Gorodkin, "Comparing two K-category assignments by a
 *		K-category correlation coefficient", 2004)
 *	micro	all three are the accuracy, as every label counts
 *	macro	the plain mean over all k labels, a label that stands only in
 *		predictions too; an undefined value counts as 0
 *	macro_supported		the same over the labels with support
 *	weighted		the mean weighted by support
 *
 * What is 0/0 is NaN, never 0, and confusion_why() says why; whoever wants
 * another value for a label's three says so (confusion_zero_division()), as
 * scikit-learn's zero_division does. Numerators and
 * denominators are exact integers (wide.h), means exact sums, so that a value
 * is off by a few units of its last place at most.
 *
 *	struct cell cells[] = { { 0, 0, 40 }, { 0, 1, 2 }, { 1, 1, 38 } };
 *	struct confusion c;
 *	if (confusion_init(&c, cells, 3, 2, &why) < 0) ...
 *	c.accuracy, confusion_label(&c, 1).recall, ...
 *	confusion_free(&c);
 */
#ifndef STAT_CONFUSION_H
#define STAT_CONFUSION_H

#include "base/fail.h"

struct cell {
	uint32_t actual, predicted;
	uint64_t n;
};

/* Precision, recall, F1: each NaN where undefined. */
struct prf {
	double precision, recall, f1;
};

struct confusion {
	uint32_t k;
	uint32_t supported;     /* labels with support */
	uint64_t n, correct;
	uint64_t *support, *predicted, *hit;    /* owned, one block; k each */
	double accuracy, balanced_accuracy, kappa, mcc;
	struct prf micro, macro, macro_supported, weighted;
	double zero_division;   /* NaN */
};

/* Computes everything. -1 where a label is k or more, n passes 2^62, or
 * memory ends; nothing is to be freed then. */
int confusion_init(struct confusion *c, const struct cell *cells,
    size_t ncells, uint32_t k, struct fail *why);
void confusion_free(struct confusion *c);

/* Takes x for what is 0/0 in a label's precision, recall or F1, and in their
 * means. NaN leaves it undefined there, and 0 in the means. */
void confusion_zero_division(struct confusion *c, double x);

/* One label's values. */
struct prf confusion_label(const struct confusion *c, uint32_t label);

/* Why a value is NaN: a sentence for "accuracy", "kappa", "mcc",
 * "precision", "recall", "f1" (of a label) and so on. */
const char *confusion_why(const char *metric);

#endif
