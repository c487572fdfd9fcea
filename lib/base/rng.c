/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/rng.h"

uint64_t
rng_mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

void
rng_seed(struct rng *r, uint64_t seed)
{
	int i;

	for (i = 0; i < 4; i++) {
		r->s[i] = rng_mix(seed);
		seed += 0x9e3779b97f4a7c15u;
	}
}

static uint64_t
rotl(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

uint64_t
rng_next(struct rng *r)
{
	uint64_t *s = r->s;
	uint64_t result = rotl(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotl(s[3], 45);
	return result;
}

double
rng_double(struct rng *r)
{
	return (double)(rng_next(r) >> 11) * 0x1p-53;
}

uint64_t
rng_below(struct rng *r, uint64_t n)
{
	uint64_t x, limit = -n % n;     /* 2^64 mod n */

	do
		x = rng_next(r);
	while (x < limit);
	return x % n;
}

/* Up to seven bytes, the first one the lowest; the loads overlap. */
static inline uint64_t
tail(const unsigned char *c, size_t n)
{
	uint64_t lo, hi;

	if (n == 0)
		return 0;
	if (n < 4)
		return c[0] | (uint64_t)c[n / 2] << 8 * (n / 2) |
		    (uint64_t)c[n - 1] << 8 * (n - 1);
	lo = c[0] | (uint64_t)c[1] << 8 | (uint64_t)c[2] << 16 |
	    (uint64_t)c[3] << 24;
	c += n - 4;
	hi = c[0] | (uint64_t)c[1] << 8 | (uint64_t)c[2] << 16 |
	    (uint64_t)c[3] << 24;
	return lo | hi << 8 * (n - 4);
}

uint64_t
rng_hash(uint64_t seed, const void *p, size_t n)
{
	const unsigned char *c = p;
	uint64_t h = rng_mix(seed ^ (uint64_t)n), w;

	for (; n >= 8; c += 8, n -= 8) {
		memcpy(&w, c, 8);
		h = rng_mix(h ^ w);
	}
	return rng_mix(h ^ tail(c, n));
}
