/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pick.h -- a few of many things, the same few whatever the order.
 *
 * A random sample of k byte strings from a stream whose length nobody knows:
 * each gets a number from its bytes and the seed, and the k smallest numbers
 * stay (bottom-k sampling; E. Cohen and H. Kaplan, "Summarizing data using
 * bottom-k sketches", 2007). As the number depends on nothing else, parts of
 * the stream, each sampled and then merged, give the sample of the whole. A
 * string that occurs twice is one.
 *
 *	struct pick p = PICK_INIT;
 *	pick_add(&p, 3, seed, id, n, &why);
 *	for (i = 0; i < p.n; i++)
 *		use(p.item[i].p, p.item[i].len);
 *	pick_free(&p);
 */
#ifndef STAT_PICK_H
#define STAT_PICK_H

#include "base/fail.h"

struct picked {
	uint64_t hash;
	char *p;                /* owned */
	size_t len;
};

struct pick {
	struct picked *item;    /* owned; n of them, by rising hash */
	uint32_t n;
};

#define PICK_INIT { NULL, 0 }

/* Offers a string to a sample of at most k. -1 where memory ends. */
int pick_add(struct pick *p, uint32_t k, uint64_t seed, const void *bytes,
    size_t len, struct fail *why);

/* Offers all that q holds; q was made with the same seed. */
int pick_merge(struct pick *p, uint32_t k, const struct pick *q,
    struct fail *why);

void pick_free(struct pick *p);

#endif
