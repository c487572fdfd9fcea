/* SPDX-License-Identifier: GPL-3.0-or-later */
/* key.h -- a value as the key of a table.
 *
 * Two values have the same key where they are the same value, however they
 * are spelled: "A" is "\u0041", 1.0 is 1; but "1" is not 1. An integer keeps
 * all of its digits (9007199254740993 is not ...992). Arrays and objects are
 * the same where their elements and members are, in their order; of a member
 * that stands twice the last one counts.
 *
 * A key is one byte for the type, then a string's decoded bytes, a number's
 * shortest spelling, or JSON text without white space. Keys sort as jq sorts
 * values: null, false, true, numbers by value, strings by code points, then
 * the rest.
 *
 *	struct buf b = BUF_INIT(BUF_RECORD);
 *	key_add(&b, value);
 *	n = map_add(&map, b.p, b.len, NULL);
 *	...
 *	key_write(&emit->out, map.keys[n].p, map.keys[n].len);
 */
#ifndef JSON_KEY_H
#define JSON_KEY_H

#include "json/scan.h"

/* Adds a value's key to b. Returns 0, or -1 where b failed. */
int key_add(struct buf *b, struct json_val v);

/* Adds a key's value as JSON text. */
void key_write(struct buf *b, const char *p, size_t n);

/* Below zero, zero or above, as the first key's value sorts. */
int key_cmp(const char *p, size_t np, const char *q, size_t nq);

/* A number that sorts as key_cmp() does; the same for keys that it does not
 * tell apart. */
uint64_t key_rank(const char *p, size_t n);

enum json_type key_type(const char *p, size_t n);

/* A number's key as a double; NaN for any other type. */
double key_double(const char *p, size_t n);

#endif
