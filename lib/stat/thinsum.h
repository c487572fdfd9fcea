/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thinsum.h -- exact sums by the million.
 *
 * A struct exactsum takes half a kilobyte, too much where every key of a
 * table has a sum. Nearly always two or three doubles that do not overlap
 * hold the exact sum of what was added (J. R. Shewchuk, "Adaptive precision
 * floating-point arithmetic and fast robust geometric predicates", 1997,
 * grow-expansion and compress): these take 32 bytes. A sum that needs more, or
 * comes near the largest double, gets its exactsum.
 *
 *	struct thinsum t = THINSUM_INIT;
 *	if (thinsum_add(&t, 0.1) < 0) ...
 *	thinsum_value(&t);
 *	thinsum_free(&t);
 */
#ifndef STAT_THINSUM_H
#define STAT_THINSUM_H

#include "stat/exactsum.h"

#define THINSUM_PARTS 3

struct thinsum {
	struct exactsum *wide;          /* owned; NULL while the parts do */
	double part[THINSUM_PARTS];     /* of rising size; unused ones are 0 */
};

#define THINSUM_INIT { NULL, { 0, 0, 0 } }

/* Adds a double. -1 with errno where memory ends. */
int thinsum_add(struct thinsum *t, double x);

/* The same sum as an exactsum. */
void thinsum_get(const struct thinsum *t, struct exactsum *s);

/* The sum, rounded once. */
double thinsum_value(const struct thinsum *t);

void thinsum_free(struct thinsum *t);

#endif
