/* SPDX-License-Identifier: GPL-3.0-or-later */
/* adwin.h -- when did the mean of a stream change?
 *
 * A. Bifet and R. Gavalda, "Learning from time-changing data with adaptive
 * windowing", 2007 (ADWIN2). Numbers in [0,1] come one after the other. The
 * window of those that are taken to have one mean grows for as long as none
 * of its cuts into an older part of n0 and a newer of n1 numbers has means
 * that differ by more than
 *
 *	e = sqrt(2/m s2 ln(2/d)) + 2/(3m) ln(2/d),	1/m = 1/n0 + 1/n1,
 *
 * s2 being the window's variance and d = delta / ln n of its n numbers. Where
 * one has, the mean has changed there: the older part is forgotten.
 *
 * The window is kept as sums of blocks, at most ADWIN_ROW of each size, two
 * neighbours being joined where there are more, so that it takes memory and
 * time in proportion to the logarithm of its length. Numbers come in blocks:
 * a change is seen at the end of one.
 *
 *	adwin_init(&a, 0.002);
 *	adwin_add(&a, 32, sum, squares, &why);
 *	if (adwin_change(&a, &c))
 *		use(c.before, c.after, c.n_after);
 *	adwin_free(&a);
 */
#ifndef STAT_ADWIN_H
#define STAT_ADWIN_H

#include "base/fail.h"

#define ADWIN_ROW  5
#define ADWIN_ROWS 48

/* Some neighbouring numbers. */
struct adwin_block {
	double n, sum, squares;
};

struct adwin {
	double delta;
	struct adwin_block all; /* the window */
	struct adwin_row {
		struct adwin_block block[ADWIN_ROW + 1];        /* oldest first */
		int n;
	} *row;                 /* owned; of blocks of 2^i times the first */
	int rows;
};

struct adwin_change {
	double before, after;   /* the means */
	double n_before, n_after;
	double limit;           /* by how much they may differ */
};

void adwin_init(struct adwin *a, double delta);
void adwin_free(struct adwin *a);

/* Adds n numbers of [0,1] by their sum and the sum of their squares. Returns
 * 0, or -1 where memory ends. */
int adwin_add(struct adwin *a, double n, double sum, double squares,
    struct fail *why);

/* Has the mean changed? The cut that is most sure, and forgets what is before
 * it. Ask again until it says no. */
bool adwin_change(struct adwin *a, struct adwin_change *c);

#endif
