/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/exactsum.h"

#define LOW ((int64_t)0xffffffff)

/* An add puts less than 2^53 into a chunk, on top of what a carry left there
 * (less than 2^32, or the sign in the last); 2^63 is far away after 1,000. */
#define PENDING_MAX 1000

void
exactsum_init(struct exactsum *s)
{
	memset(s, 0, sizeof *s);
}

/* Brings every chunk but the last into [0,2^32); the last has the sign. */
static void
carry(struct exactsum *s)
{
	int64_t up;
	int i;

	for (i = 0; i + 1 < EXACTSUM_CHUNKS; i++) {
		up = (s->chunk[i] - (s->chunk[i] & LOW)) / (LOW + 1);
		s->chunk[i] &= LOW;
		s->chunk[i + 1] += up;
	}
	s->pending = 0;
}

void
exactsum_add(struct exactsum *s, double x)
{
	uint64_t bits, mantissa;
	int64_t low, high;
	unsigned exponent, shift;
	int64_t *c;

	memcpy(&bits, &x, sizeof bits);
	exponent = bits >> 52 & 0x7ff;
	mantissa = bits & 0xfffffffffffffu;
	if (UNLIKELY(exponent == 0x7ff)) {
		if (mantissa)
			s->nan = true;
		else if (bits >> 63)
			s->minus_inf = true;
		else
			s->inf = true;
		return;
	}
	if (exponent)
		mantissa |= (uint64_t)1 << 52;
	else
		exponent = 1;           /* subnormal: no hidden bit */
	exponent--;                     /* x = mantissa * 2^(exponent-1074) */
	shift = exponent & 31;
	c = s->chunk + (exponent >> 5);
	low = (int64_t)(mantissa << shift & 0xffffffffu);
	high = (int64_t)(mantissa >> (32 - shift));
	if (bits >> 63) {
		c[0] -= low;
		c[1] -= high;
	} else {
		c[0] += low;
		c[1] += high;
	}
	if (++s->pending >= PENDING_MAX)
		carry(s);
}

void
exactsum_merge(struct exactsum *s, const struct exactsum *t)
{
	struct exactsum u = *t;
	int i;

	carry(s);
	carry(&u);
	for (i = 0; i < EXACTSUM_CHUNKS; i++)
		s->chunk[i] += u.chunk[i];
	carry(s);
	s->inf |= u.inf;
	s->minus_inf |= u.minus_inf;
	s->nan |= u.nan;
}

/* Makes a carried number positive; tells whether it was negative. */
static bool
absolute(struct exactsum *s)
{
	int i;

	if (s->chunk[EXACTSUM_CHUNKS - 1] >= 0)
		return false;
	for (i = 0; i < EXACTSUM_CHUNKS; i++)
		s->chunk[i] = -s->chunk[i];
	carry(s);
	return true;
}

/* Bits [from, from+n) of a positive carried number; n is at most 64. */
static uint64_t
bits_at(const struct exactsum *s, int from, int n)
{
	uint64_t out = 0;
	int i, k;

	for (i = 0; i < n; i++) {
		k = from + i;
		out |= ((uint64_t)s->chunk[k >> 5] >> (k & 31) & 1) << i;
	}
	return out;
}

/* Whether any of the bits below one is set. */
static bool
any_below(const struct exactsum *s, int bit)
{
	int i;

	for (i = 0; i < bit >> 5; i++)
		if (s->chunk[i])
			return true;
	return (bit & 31) && bits_at(s, bit & ~31, bit & 31);
}

static double
finite_value(const struct exactsum *s)
{
	struct exactsum t = *s;
	bool negative;
	int top = EXACTSUM_CHUNKS - 1, high;
	uint64_t m;
	double v;

	carry(&t);
	negative = absolute(&t);
	while (top >= 0 && t.chunk[top] == 0)
		top--;
	if (top < 0)
		return 0;
	high = 32 * top + 31;           /* to become the highest bit set */
	while (!(t.chunk[top] >> (high & 31) & 1))
		high--;
	if (high <= 52) {
		v = ldexp((double)bits_at(&t, 0, 53), -1074);
	} else {
		m = bits_at(&t, high - 52, 53);
		if (bits_at(&t, high - 53, 1) &&
		    ((m & 1) || any_below(&t, high - 53)))
			m++;
		v = ldexp((double)m, high - 52 - 1074);
	}
	return negative ? -v : v;
}

double
exactsum_value(const struct exactsum *s)
{
	if (s->nan || (s->inf && s->minus_inf))
		return NAN;
	if (s->inf || s->minus_inf)
		return s->inf ? HUGE_VAL : -HUGE_VAL;
	return finite_value(s);
}

int
exactsum_parts(const struct exactsum *s, double part[EXACTSUM_PARTS])
{
	struct exactsum rest = *s;
	int n = 0;
	double v;

	while ((v = exactsum_value(&rest)) != 0) {
		if (!isfinite(v) || n == EXACTSUM_PARTS)
			return -1;
		part[n++] = v;
		exactsum_add(&rest, -v);
	}
	return n;
}
