/* SPDX-License-Identifier: GPL-3.0-or-later */
/* counts.h -- counts and sums by key, where a key is several values.
 *
 * A key's bytes are, for each value, four for the length and then the value
 * as json/key.h has it. Counts of parts merge into those of the whole.
 */
#ifndef CMD_COUNT_COUNTS_H
#define CMD_COUNT_COUNTS_H

#include "json/scan.h"
#include "stat/tally.h"
#include "stat/thinsum.h"

struct counts {
	struct tally tally;
	struct thinsum *sum;    /* owned; by the key's number, as far as there
	                         * are any */
	uint32_t cap;
	uint32_t nwide;         /* of these, how many are wide */
	bool sums;              /* were there any, 0 ones too? stays */
};

/* Adds a value to the bytes of a key. Returns 0 or -1. */
int counts_key(struct buf *key, struct buf *scratch, struct json_val v);

/* The next value of a key from *at on, which moves. */
const char *counts_next(const char **at, size_t *n);

/* Adds to a key: records, and either a number (not where it is NaN) or a
 * whole sum (NULL: none). */
int counts_add(struct counts *c, const struct buf *key, uint64_t count,
    double x, struct fail *why);
int counts_add_sum(struct counts *c, const struct buf *key, uint64_t count,
    const struct exactsum *sum, struct fail *why);

/* Adds all of d, which may be empty then. */
int counts_merge(struct counts *c, struct counts *d, struct fail *why);

/* Forgets the keys, but not that there were sums. */
void counts_free(struct counts *c);

/* The memory it takes, what sorting takes and its next growth included. */
#define COUNTS_SORT 40          /* bytes a key */
size_t counts_memory(const struct counts *c);

/* The keys' numbers by key, or by falling count, then key. The caller frees
 * them; NULL where memory ends. */
uint32_t *counts_order(const struct counts *c, bool by_count,
    struct fail *why);

/* The m first of them by falling count, then key; there are as many. Faster
 * than all of them where m is far less. */
uint32_t *counts_first(const struct counts *c, uint32_t m, struct fail *why);

/* The order of two keys. */
int counts_cmp(const char *p, size_t np, const char *q, size_t nq);

/* Brings what stands a little after order[i] near. */
void counts_ahead(const struct counts *c, const uint32_t *order, uint32_t n,
    uint32_t i);

/* A key's sum as its parts (exactsum.h), of which the first is its rounded
 * value; none for 0. Returns 0 or -1. */
int counts_parts(const struct counts *c, uint32_t key,
    double part[EXACTSUM_PARTS], uint32_t *n, struct fail *why);

#endif
