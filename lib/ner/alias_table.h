/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alias_table.h -- is this run of words a name?
 *
 * A name begins where a word begins and ends where one ends, whatever blanks
 * and hyphens are within. So a text is not walked through an automaton letter
 * by letter: at each word's begin the next 8 letters, one 64-bit number, are
 * looked up among the heads of all names, first in a bit field that fits the
 * nearest cache and sends off nearly every word; and only where names begin so
 * are the runs of words from here, as long as the longest of those names,
 * looked up whole. Names of less than 8 letters are their own heads, found at
 * each word's end. Time is the text's words times the words in the longest
 * name, at worst, and does not depend on how many names there are; the heads
 * do what the shift tables do in S. Wu and U. Manber, A fast algorithm for
 * multi-pattern searching, TR-94-17, University of Arizona, 1994, runs are
 * compared by fingerprint as in R. Karp and M. Rabin, Efficient randomized
 * pattern-matching algorithms, IBM J. Res. Dev. 31 (1987), and then by letter.
 */
#ifndef NER_ALIAS_TABLE_H
#define NER_ALIAS_TABLE_H

#include "base/compat.h"

#define ALIAS_HEAD 8            /* letters of a head */

struct alias_head {
	uint64_t letters;       /* 0: an empty slot */
	uint8_t least, most;    /* letters of the names that begin so */
};

struct alias_slot {
	uint32_t hash;
	uint32_t value;         /* 0: an empty slot */
};

struct alias_table {
	uint64_t *bits;                 /* owned: 2^logbits of them */
	struct alias_head *heads;       /* owned: 2^loghead */
	struct alias_slot *slots;       /* owned: 2^logslot */
	unsigned logbits, loghead, logslot;
	uint32_t n;
};

/* An empty table with room for n names. Returns 0, or -1 with ENOMEM. */
int alias_table_init(struct alias_table *t, uint32_t n);
void alias_table_free(struct alias_table *t);

/* A fingerprint of letters. */
uint32_t alias_hash(const char *letters, size_t n);

/* The slot where a fingerprint's values begin; walk on while slots[i].value,
 * i = (i + 1) & mask, and compare letters where hashes agree. */
static inline uint32_t
alias_slot(const struct alias_table *t, uint32_t hash)
{
	return hash >> (32 - t->logslot);
}

/* Adds a name (n letters, new to the table) with a value that is not 0. */
void alias_table_add(struct alias_table *t, const char *letters, size_t n,
    uint32_t value);

/* Its first letters as a number, the first lowest; fewer than 8 end in 0. */
uint64_t alias_pack(const char *letters, size_t n);

/* The same of letters with 8 or more bytes, the number of them that count at
 * most 8. */
static inline uint64_t
alias_load(const char *letters, size_t n)
{
	uint64_t v;

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(&v, letters, sizeof v);
	return n < ALIAS_HEAD ? v & (((uint64_t)1 << 8 * n) - 1) : v;
#else
	return v = alias_pack(letters, n);
#endif
}

static inline uint32_t
alias_mix(uint64_t head)
{
	return (uint32_t)(head * 0x9E3779B97F4A7C15u >> 32);
}

/* May a name have that head (8 letters, or all of a shorter one)? */
static inline bool
alias_may(const struct alias_table *t, uint64_t head)
{
	uint32_t bit = alias_mix(head) >> (32 - t->logbits);

	return t->bits[bit / 64] >> bit % 64 & 1;
}

/* The lengths of the names of 8 letters and more that begin so; NULL: none. */
const struct alias_head *alias_head(const struct alias_table *t,
    uint64_t head);

#endif
