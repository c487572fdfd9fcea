/* SPDX-License-Identifier: GPL-3.0-or-later */
/* map.h -- byte strings to dense numbers, in order of first appearance.
 *
 * An open-addressing table (linear probing, at most half full) over keys
 * that it copies into one arena. Key i keeps the number i for life: the
 * caller holds what belongs to it in an array of its own. Order of iteration
 * is order of arrival, so nothing of the hash ever reaches an output. The
 * hash is seeded once a process (GC_SEED fixes it) against crafted keys.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/compat.h"

#define MAP_NONE UINT32_MAX

struct map {
	struct map_key *keys;   /* owned; n of them */
	struct map_slot *slots; /* owned */
	char **chunks;          /* owned: where the keys' bytes lie */
	uint32_t n, cap, nslots, nchunks;
	size_t used, size;      /* of the last chunk */
	size_t bytes;           /* memory held, all told */
};

/* The hash stands here too: most probes end without a look at the key. */
struct map_slot {
	uint32_t hash;
	uint32_t number;        /* + 1; 0 is empty */
};

struct map_key {
	const char *p;          /* lives as long as the map */
	uint32_t len;
	uint32_t hash;
};

#define MAP_INIT { NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, 0 }

/* The number of a key, adding it where it is new (*fresh, may be NULL, tells).
 * MAP_NONE with errno ENOMEM where memory ends. */
uint32_t map_add(struct map *m, const void *p, size_t n, bool *fresh);

/* The number of a key, or MAP_NONE. */
uint32_t map_find(const struct map *m, const void *p, size_t n);

/* Empties the map and gives its memory back. */
void map_free(struct map *m);

/* Byte order (code-point order, for UTF-8) of two keys; for sorting. */
int map_key_cmp(const struct map_key *a, const struct map_key *b);

#endif
