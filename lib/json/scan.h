/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan.h -- is this text one JSON value, and where in it is what?
 *
 * json_check() is strict RFC 8259: UTF-8 is checked (Unicode 15, table 3-7),
 * a \u escape of a lone surrogate and a raw control character are errors, so
 * is nesting deeper than JSON_DEPTH. It allocates nothing. On text that has
 * passed it, everything below works without checks and without copies: a
 * struct json_val is a slice of that text, and dies with it.
 *
 *	struct json_val v = { text, length }, name;
 *	if (json_check(v.p, v.n, &err) == 0 && json_get(v, "name", &name))
 *		...
 */
#ifndef JSON_SCAN_H
#define JSON_SCAN_H

#include "base/buf.h"

#define JSON_DEPTH 1000         /* deepest nesting that is taken */

enum json_type {
	JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING,
	JSON_ARRAY, JSON_OBJECT
};

/* A value's own bytes, as spelled; no white space around. */
struct json_val {
	const char *p;
	size_t n;
};

/* The members of one object, noted while it was checked; v NULL where they
 * were not. Offsets are from base; escapes says that a name may hold one. */
struct json_members {
	const char *base;
	const struct json_member {
		uint32_t key, colon;    /* the name's quote, the colon */
		uint32_t val, next;     /* the value, the ',' or '}' after it */
	} *v;
	uint32_t n;
	bool escapes;
};

/* json_get_n() by such a table; the second, for names without quotes and
 * backslashes, does not look for them. */
bool json_member(const struct json_members *m, const char *name, size_t n,
    struct json_val *out);
bool json_plain_member(const struct json_members *m, const char *name,
    size_t n, struct json_val *out);

/* What is wrong, and at which byte (from 0). */
struct json_err {
	size_t offset;
	const char *text;       /* "expected ':'"; static */
};

/* Is the text exactly one value, white space around allowed? Returns 0 and
 * the value's slice in *v (may be NULL), or -1 and *err (may be NULL). */
int json_check(const char *p, size_t n, struct json_val *v,
    struct json_err *err);

/* The sentence about it, for a text at p: "invalid JSON: expected ':'",
 * "invalid UTF-8 (byte 0xff)". Returns the rule by which a record is rejected
 * for it: "invalid-json" or "invalid-utf8". */
const char *json_err_say(const struct json_err *err, const char *p,
    char *say, size_t n);

/* ---- on checked values only ---- */

enum json_type json_type(struct json_val v);

/* A member of an object by its decoded name; where a name stands twice the
 * last one counts. False where v is no object or has no such member. */
bool json_get(struct json_val v, const char *name, struct json_val *out);
bool json_get_n(struct json_val v, const char *name, size_t n,
    struct json_val *out);

/* Walks an object's members or an array's elements in order:
 *	struct json_iter it = json_iter(v);
 *	while (json_next(&it)) use(it.key, it.val);     key.p NULL in arrays
 */
struct json_iter {
	const char *at, *end;
	struct json_val key, val;       /* key with its quotes */
};
struct json_iter json_iter(struct json_val v);
bool json_next(struct json_iter *it);

/* Takes an object's next member where it begins with these bytes, a name in
 * its quotes and the colon: faster than json_next() for members whose order is
 * known. False, and nothing is taken, where it does not, or where white space
 * or another spelling stands before the colon. */
bool json_next_is(struct json_iter *it, const char *start, size_t n);

/* Is a value nested deeper than that? */
bool json_deeper(struct json_val v, int limit);

/* The end of the value that begins at p. */
const char *json_skip(const char *p, const char *end);

/* Adds a string value's decoded bytes (may hold NUL) to b. Returns 0, or -1
 * where v is no string or b failed. */
int json_decode(struct json_val v, struct buf *b);

/* Is v the string s? */
bool json_is(struct json_val v, const char *s);
bool json_is_n(struct json_val v, const char *s, size_t n);

/* A number's double; NaN where v is no number. What is past the largest
 * double is the largest, as libjq writes it. */
double json_double(struct json_val v);

/* An integer that is spelled as one and fits; false otherwise. */
bool json_int(struct json_val v, int64_t *out);

/* The first byte that is no valid UTF-8, or n. */
size_t json_utf8(const char *p, size_t n);

#endif
