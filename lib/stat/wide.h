/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wide.h -- unsigned integers of 128 bits, for products of two counts.
 *
 * Statistics of contingency tables are made of differences of products of
 * counts. In doubles such a difference loses every digit that the products
 * share; in 128 bits it is exact for counts up to 2^64, and only the result
 * is rounded. Plain C, as not every compiler has such a type.
 *
 *	double d = wide_cross(5, 7, 6, 6);	(5*7 - 6*6 is -1)
 */
#ifndef STAT_WIDE_H
#define STAT_WIDE_H

#include "base/compat.h"

struct wide {
	uint64_t hi, lo;
};

/* The product of two integers; it always fits. */
struct wide wide_mul(uint64_t a, uint64_t b);

/* x + y and x - y, modulo 2^128: the caller knows that they fit. */
struct wide wide_add(struct wide x, struct wide y);
struct wide wide_sub(struct wide x, struct wide y);

/* -1, 0 or 1 as x is below, equal to or above y. */
int wide_cmp(struct wide x, struct wide y);

/* The double next to x (one rounding, to even). */
double wide_double(struct wide x);

/* x - y as a double with its sign: exact before the one rounding. */
double wide_diff(struct wide x, struct wide y);

/* a*b - c*d, likewise. */
double wide_cross(uint64_t a, uint64_t b, uint64_t c, uint64_t d);

#endif
