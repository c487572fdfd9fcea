/* SPDX-License-Identifier: GPL-3.0-or-later */
/* uni.h -- UTF-8, and what Python's str says of a code point.
 *
 * The model was trained on features that CPython computed, so these are
 * CPython 3.11's answers (Unicode 14.0.0), not the C library's; the tables
 * are made by gen/unicode.py, which asks CPython for every code point.
 *
 * Text is valid UTF-8 everywhere in this room (json_utf8() tells); these
 * functions do not check again.
 */
#ifndef NER_UNI_H
#define NER_UNI_H

#include "base/buf.h"

/* The code point at *p, which moves past it. */
static inline uint32_t
uni_next(const char **p)
{
	const unsigned char *s = (const unsigned char *)*p;
	uint32_t c = s[0];

	if (c < 0x80) {
		*p += 1;
		return c;
	}
	if (c < 0xE0) {
		*p += 2;
		return (c & 0x1F) << 6 | (s[1] & 0x3Fu);
	}
	if (c < 0xF0) {
		*p += 3;
		return (c & 0x0F) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
	}
	*p += 4;
	return (c & 7) << 18 | (s[1] & 0x3Fu) << 12 | (s[2] & 0x3Fu) << 6 |
	    (s[3] & 0x3Fu);
}

/* How many code points n bytes hold. */
static inline size_t
uni_count(const char *p, size_t n)
{
	size_t i, c = 0;

	for (i = 0; i < n; i++)
		c += ((unsigned char)p[i] & 0xC0) != 0x80;
	return c;
}

/* Adds a code point's bytes to out, which has 4; returns how many. */
size_t uni_put(char *out, uint32_t c);

/* str.isalpha(), isupper(), isdigit(), isspace() of one code point. */
bool uni_is_alpha(uint32_t c);
bool uni_is_upper(uint32_t c);
bool uni_is_digit(uint32_t c);
bool uni_is_space(uint32_t c);

/* islower() of one code point; is it a capital as they begin a title only
 * (Lt)? its category punctuation (P*), a sign of currency (Sc)? */
bool uni_is_lower(uint32_t c);
bool uni_is_title(uint32_t c);
bool uni_is_punct(uint32_t c);
bool uni_is_currency(uint32_t c);

/* Adds str.lower() of a text to b: simple mapping, but U+0130 becomes two
 * code points and a capital sigma at a word's end the final one. */
void uni_lower(struct buf *b, const char *p, size_t n);

#endif
