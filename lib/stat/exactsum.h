/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exactsum.h -- the exact sum of doubles, whatever their order.
 *
 * Adding doubles one by one rounds at every step, so that the sum depends on
 * the order, and N merged parts differ from one run over the whole. Here
 * nothing is rounded: the sum is one long integer in units of 2^-1074 (the
 * smallest double), wide enough for 2^64 of the largest. Only exactsum_value()
 * rounds, once, to the nearest double.
 *
 * The long integer is kept as in R. M. Neal, "Fast exact summation using small
 * and large superaccumulators" (2015), section 2: signed chunks of 64 bits
 * that overlap by 32, so that an add touches two of them and carries are due
 * only every 2,000 adds.
 *
 *	struct exactsum s;
 *	exactsum_init(&s);
 *	exactsum_add(&s, 1e100);
 *	exactsum_add(&s, 1);
 *	exactsum_add(&s, -1e100);
 *	exactsum_value(&s);		(1)
 *
 * To keep a sum in a file: exactsum_parts() gives the few doubles (for most
 * data one or two) whose exact sum it is, the same ones however the sum came
 * about; adding them again restores it. There is nothing to free.
 */
#ifndef STAT_EXACTSUM_H
#define STAT_EXACTSUM_H

#include "base/compat.h"

#define EXACTSUM_CHUNKS 68
#define EXACTSUM_PARTS  42      /* the most that exactsum_parts() needs */

struct exactsum {
	int64_t chunk[EXACTSUM_CHUNKS]; /* chunk i counts 2^(32*i - 1074) */
	int pending;                    /* adds since carries were passed on */
	bool inf, minus_inf, nan;       /* what no finite sum can hold */
};

void exactsum_init(struct exactsum *s);

/* Adds one double; infinities and NaN are remembered. */
void exactsum_add(struct exactsum *s, double x);

/* Adds all that t holds. */
void exactsum_merge(struct exactsum *s, const struct exactsum *t);

/* The sum, rounded to nearest, ties to even; +-infinity past the largest
 * double; NaN where a NaN was added, or infinities of both signs. */
double exactsum_value(const struct exactsum *s);

/* Writes the canonical parts of a finite sum, largest first: each is the
 * rounded value of what the ones before it leave. Returns how many (0 for a
 * sum of 0), or -1 where the sum is not finite or its value is not. */
int exactsum_parts(const struct exactsum *s, double part[EXACTSUM_PARTS]);

#endif
