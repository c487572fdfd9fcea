/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rng.h -- random numbers from a seed, the same on every machine.
 *
 * xoshiro256** 1.0 (Blackman and Vigna 2018, "Scrambled linear pseudorandom
 * number generators"), its state filled by SplitMix64 (Steele, Lea and Flood
 * 2014). Not for secrets.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include "base/compat.h"

struct rng {
	uint64_t s[4];
};

void rng_seed(struct rng *r, uint64_t seed);

/* 64 random bits. */
uint64_t rng_next(struct rng *r);

/* A double in [0,1), 53 bits. */
double rng_double(struct rng *r);

/* An integer in [0,n), n > 0, without bias (rejection). */
uint64_t rng_below(struct rng *r, uint64_t n);

/* One SplitMix64 step: a well-mixed 64-bit hash of x. */
uint64_t rng_mix(uint64_t x);

/* A 64-bit hash of bytes under a seed; not for hostile keys' tables. */
uint64_t rng_hash(uint64_t seed, const void *p, size_t n);

#endif
