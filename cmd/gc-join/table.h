/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.h -- the right side of a join in memory: keys to values.
 *
 * Keys are bytes (json/key.h), values JSON texts. bytes is all the memory
 * that is held, so that who fills the table knows when to stop. Once it is
 * full several threads may look into it.
 */
#ifndef CMD_JOIN_TABLE_H
#define CMD_JOIN_TABLE_H

#include "base/buf.h"
#include "base/fail.h"
#include "base/map.h"

/* Which of several values with one key counts. */
enum keep { KEEP_LAST, KEEP_FIRST, KEEP_ALL, KEEP_NONE };

struct node;
struct slot;

struct table {
	struct map keys;
	struct slot *slot;      /* owned; by the key's number */
	uint32_t cap;
	enum keep keep;
	size_t bytes;
	uint64_t doubled;       /* values whose key was there already */
};

void table_init(struct table *t, enum keep keep);
void table_free(struct table *t);

/* Adds a value. Returns 0, or -1; with KEEP_NONE a key that is there already
 * is EXIT_DATA. */
int table_add(struct table *t, const char *key, size_t nkey, const char *val,
    size_t nval, struct fail *why);

/* Puts the value of a key into b (cleared first); all of them, with KEEP_ALL,
 * as an array. Returns 1, 0 where the key is not there, -1 where b failed. */
int table_get(const struct table *t, const char *key, size_t nkey,
    struct buf *b);

/* Keys that nobody asked for. */
uint64_t table_idle(const struct table *t);

/* Hands out every value, a key after the other, values in their order. */
int table_each(const struct table *t, int (*take)(void *ctx, const char *key,
    size_t nkey, const char *val, size_t nval, struct fail *why), void *ctx,
    struct fail *why);

#endif
