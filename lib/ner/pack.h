/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pack.h -- reading MessagePack, the form of a pipeline's binary files.
 *
 * A file is taken whole; values are slices of its bytes, which must outlive
 * them. A damaged file is an error before anything is allocated for it: the
 * counts that it claims are held against its length first.
 *
 *	if (pack_open(&doc, bytes.p, bytes.len, &why) < 0) ...
 *	if (pack_get(pack_root(doc), "nodes", &nodes) &&
 *	    pack_nth(nodes, 0, NULL, &first)) ...
 *	pack_close(doc);
 */
#ifndef NER_PACK_H
#define NER_PACK_H

#include "base/fail.h"

struct pack;

struct pack_val {
	const void *object;     /* the library's; NULL: nothing */
};

enum pack_type {
	PACK_NIL, PACK_BOOL, PACK_INT, PACK_REAL, PACK_TEXT, PACK_LIST,
	PACK_MAP, PACK_OTHER
};

/* Reads one value that fills all n bytes. Returns 0, or -1 with EXIT_USAGE. */
int pack_open(struct pack **doc, const char *p, size_t n, struct fail *why);
void pack_close(struct pack *doc);

struct pack_val pack_root(const struct pack *doc);

/* Strings and binaries are both PACK_TEXT. */
enum pack_type pack_type(struct pack_val v);

/* A map's value by its key. False where there is none. */
bool pack_get(struct pack_val v, const char *key, struct pack_val *out);

/* How many elements or pairs. */
size_t pack_count(struct pack_val v);

/* Element or pair i; key (may be NULL) is empty for a list. */
bool pack_nth(struct pack_val v, size_t i, struct pack_val *key,
    struct pack_val *out);

/* The bytes of a text; the number of an integer that is not negative, the
 * truth of a boolean. False where the value is no such thing. */
bool pack_text(struct pack_val v, const char **p, size_t *n);
bool pack_uint(struct pack_val v, uint64_t *u);
bool pack_bool(struct pack_val v, bool *b);

/* Is v this text? */
bool pack_is(struct pack_val v, const char *s);

#endif
