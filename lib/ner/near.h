/* SPDX-License-Identifier: GPL-3.0-or-later */
/* near.h -- names as they are mistyped: which names might begin here, and how
 * far from each is what stands here?
 *
 * Far is the restricted Damerau-Levenshtein distance: letters left out, put
 * in, changed, or two neighbours swapped, one edit each; a digit is never
 * edited, since X200 and X220 are two things. A name takes an edit for each 5
 * letters, three at most; one of less than 5 takes none.
 *
 * Which names might begin here is found by what is left of their first 7
 * letters when up to two are taken out: if two words are within k edits, some
 * k letters out of each leave the same (W. Garbe's symmetric deletes, after
 * F. J. Damerau, A technique for computer detection and correction of spelling
 * errors, Comm. ACM 7 (1964)). Of a longer name's three edits two may fall on
 * its first 7 letters. Read-only after near_open().
 */
#ifndef NER_NEAR_H
#define NER_NEAR_H

#include "ner/gazetteer.h"

#define NEAR_PREFIX 7           /* letters */
#define NEAR_DELETES 29         /* 1 + 7 + 21 */
#define NEAR_EDITS 3            /* at most, of any name */

struct near_index {
	uint32_t *first;                /* owned: 2^log lists */
	struct near_post *posts;        /* owned */
	uint64_t *has;                  /* owned: near_bit()s of each alias */
	uint32_t nposts, cap;
	unsigned log;
};

struct near_post {
	uint32_t alias, next;           /* next + 1; 0 ends a list */
	uint32_t mix;                   /* alias_mix() of what is left */
};

/* How many edits an alias of n letters takes. */
unsigned near_edits(size_t n);

int near_open(struct near_index *x, const struct gazetteer *g,
    struct fail *why);
void near_free(struct near_index *x);

/* What is left of n letters (7 at most) with up to `deletes` of them out, as
 * packed numbers into out; returns how many. */
int near_deletes(uint64_t *out, const char *letters, size_t n,
    unsigned deletes);

/* The list of a number's mix: x->posts[i - 1] while i, those of that mix. */
static inline uint32_t
near_list(const struct near_index *x, uint32_t mix)
{
	return x->first[mix >> (32 - x->log)];
}

/* A letter as one of 64 bits, those of digits by themselves. */
static inline uint64_t
near_bit(char c)
{
	return (uint64_t)1 << (c >= '0' && c <= '9' ? 32 + c - '0' :
	    (unsigned char)c >= 0x80 ? 48 + (c & 0xF) : c & 0x1F);
}
#define NEAR_DIGITS ((uint64_t)0x3FF << 32)

/* May a name within k edits stand where these letters do? Not where it has a
 * digit, or more than k kinds of letters, that are not there. */
static inline bool
near_may(uint64_t name, uint64_t there, unsigned k)
{
	uint64_t lack = name & ~there;

	if (lack & NEAR_DIGITS)
		return false;
	while (lack && k--)
		lack &= lack - 1;
	return !lack;
}

/* The distance of a name's m letters from the first letters of run, at each
 * of its places from m - k to m + k (at[0] is for m - k; those before 0 or
 * past n are NEAR_EDITS + 1). Returns the least of them. */
unsigned near_distance(uint8_t *at, const char *name, size_t m,
    const char *run, size_t n, unsigned k);

#endif
