/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/wide.h"

/* Schoolbook, in halves of 32 bits:
 *
 *	         a1 a0 * b1 b0
 *	               [a0*b0]
 *	         [a1*b0]
 *	         [a0*b1]
 *	   [a1*b1]
 */
struct wide
wide_mul(uint64_t a, uint64_t b)
{
	uint64_t a0 = a & 0xffffffffu, a1 = a >> 32;
	uint64_t b0 = b & 0xffffffffu, b1 = b >> 32;
	uint64_t low = a0 * b0, one = a1 * b0, two = a0 * b1;
	uint64_t mid = (low >> 32) + (one & 0xffffffffu) + (two & 0xffffffffu);
	struct wide x;

	x.lo = mid << 32 | (low & 0xffffffffu);
	x.hi = a1 * b1 + (one >> 32) + (two >> 32) + (mid >> 32);
	return x;
}

struct wide
wide_add(struct wide x, struct wide y)
{
	struct wide z = { x.hi + y.hi, x.lo + y.lo };

	z.hi += z.lo < x.lo;
	return z;
}

struct wide
wide_sub(struct wide x, struct wide y)
{
	struct wide z = { x.hi - y.hi, x.lo - y.lo };

	z.hi -= x.lo < y.lo;
	return z;
}

int
wide_cmp(struct wide x, struct wide y)
{
	if (x.hi != y.hi)
		return x.hi < y.hi ? -1 : 1;
	return x.lo == y.lo ? 0 : x.lo < y.lo ? -1 : 1;
}

/* Two roundings would not be one: so the number is first brought to 64 bits
 * whose last one remembers, by being set, whether anything was cut off. */
double
wide_double(struct wide x)
{
	int shift = 0;

	if (x.hi == 0)
		return (double)x.lo;
	while (x.hi >> (63 - shift) == 0)
		shift++;
	if (shift) {
		x.hi = x.hi << shift | x.lo >> (64 - shift);
		x.lo <<= shift;
	}
	return ldexp((double)(x.hi | (x.lo != 0)), 64 - shift);
}

double
wide_diff(struct wide x, struct wide y)
{
	return wide_cmp(x, y) < 0 ? -wide_double(wide_sub(y, x)) :
	    wide_double(wide_sub(x, y));
}

double
wide_cross(uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	return wide_diff(wide_mul(a, b), wide_mul(c, d));
}
