/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tally.h -- how often each key occurred.
 *
 * Keys are byte strings (map.h); what they mean is the caller's. Tallies of
 * parts merge into the tally of the whole, whatever the order: the numbers
 * of the keys differ then, but tally_order() gives them sorted.
 *
 *	struct tally t = TALLY_INIT;
 *	tally_add(&t, "cat", 3, 1, &why);
 *	order = tally_order(&t, cmp, &why);
 *	for (i = 0; i < t.keys.n; i++)
 *		use(t.keys.keys[order[i]], t.count[order[i]]);
 *	free(order);
 *	tally_free(&t);
 */
#ifndef STAT_TALLY_H
#define STAT_TALLY_H

#include "base/fail.h"
#include "base/map.h"

struct tally {
	struct map keys;
	uint64_t *count;        /* owned; by the key's number */
	uint32_t cap;
	uint64_t total;
};

#define TALLY_INIT { MAP_INIT, NULL, 0, 0 }

/* The number of a key, made with count 0 where it is new; MAP_NONE where
 * memory ends. */
uint32_t tally_key(struct tally *t, const void *p, size_t n,
    struct fail *why);

/* Adds to a key's count. -1 where memory ends, or the total passes 2^62. */
int tally_add(struct tally *t, const void *p, size_t n, uint64_t count,
    struct fail *why);

/* The same for a key by its number, from tally_key(). */
int tally_bump(struct tally *t, uint32_t key, uint64_t count,
    struct fail *why);

/* Adds all that u holds. Returns 0 or -1 likewise. */
int tally_merge(struct tally *t, const struct tally *u, struct fail *why);

/* A key's count; 0 where it never occurred. */
uint64_t tally_count(const struct tally *t, const void *p, size_t n);

/* The keys' numbers in order of cmp; the caller frees it. NULL where memory
 * ends. */
typedef int tally_cmp(const char *p, size_t np, const char *q, size_t nq);
uint32_t *tally_order(const struct tally *t, tally_cmp *cmp,
    struct fail *why);

/* The same, faster: rank() gives a number to compare first, equal where it
 * cannot tell. And from there to falling counts, the order among equal ones
 * staying. */
typedef uint64_t tally_rank(const char *p, size_t n);
uint32_t *tally_order_ranked(const struct tally *t, tally_rank *rank,
    tally_cmp *cmp, struct fail *why);
int tally_falling(const struct tally *t, uint32_t *order, struct fail *why);

void tally_free(struct tally *t);

#endif
