/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seen.h -- has a load's key come before?
 *
 * A set of 64-bit hashes that knows a bounded number of keys. "No" is always
 * true; "maybe" is said of a key that came before, of two keys with one hash,
 * and of every key once there are too many of them. So what is done for doubled
 * keys has only to be right, and is seldom done without need.
 */
#ifndef STORE_SEEN_H
#define STORE_SEEN_H

#include "base/compat.h"

#define SEEN_MOST 4194304       /* keys; 64 MB */

struct seen {
	uint64_t *slot;         /* owned; 0 is empty */
	size_t n, cap;
	bool full;
};

#define SEEN_INIT { NULL, 0, 0, false }

/* Adds a key's hash; may it have come before? */
bool seen_add(struct seen *s, uint64_t hash);

void seen_free(struct seen *s);

#endif
