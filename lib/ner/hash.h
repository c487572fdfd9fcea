/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hash.h -- the numbers that spaCy has for strings, and rows for numbers.
 *
 * hash_text() is MurmurHash64A (Austin Appleby, public domain) with seed 1,
 * which spaCy's string store uses; hash_id() is the number that a feature
 * has: 0 for nothing, a small one for the 456 reserved symbols ("X" is one,
 * so is "ORG"), else the hash. hash_rows() is thinc's way from a feature to
 * four rows of an embedding table: one block of MurmurHash3 x86_128 as thinc
 * has it, with 64-bit arithmetic.
 *
 *	hash_id("apple", 5)   8566208034543834098
 *	hash_id("X", 1)       101
 */
#ifndef NER_HASH_H
#define NER_HASH_H

#include "base/compat.h"

uint64_t hash_text(const void *p, size_t n);
uint64_t hash_id(const void *p, size_t n);
void hash_rows(uint64_t id, uint32_t seed, uint32_t rows[4]);

/* Spreads a number over all 64 bits (splitmix64's finish). */
static inline uint64_t
hash_mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ x >> 27) * 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

#endif
