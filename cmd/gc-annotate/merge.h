/* SPDX-License-Identifier: GPL-3.0-or-later */
/* merge.h -- what becomes of an attribute that is there and one that is
 * wanted.
 *
 *	replace   the wanted value
 *	union     a list: what is there, in its order, then what of the wanted
 *	          is not in it yet; a value that is no list counts as a list of
 *	          one. Merging twice gives the same as once
 *	max       the greater one, as jq sorts values
 *	keep      what is there; the wanted value only where nothing is
 *	exact     replace, and null means none: for plans, which say it all
 *
 * Nothing is null or an empty list. A wanted nothing clears what is there
 * under each policy but keep; whether it may be wanted is wanted.h's business.
 * Values are compared as values, however they are spelled (json/key.h).
 *
 *	{"union", have ["b","a"], want ["a","c"]}   gives ["b","a","c"]
 */
#ifndef GC_ANNOTATE_MERGE_H
#define GC_ANNOTATE_MERGE_H

#include "base/opt.h"
#include "json/scan.h"

enum policy {
	POLICY_REPLACE, POLICY_UNION, POLICY_MAX, POLICY_KEEP, POLICY_EXACT
};

struct policies {
	enum policy otherwise;          /* for names without one of their own */
	struct policy_of {
		const char *name;       /* n bytes of an argument */
		size_t n;
		enum policy policy;
	} *v;                           /* owned */
	size_t n;
};

/* Reads --merge [NAME=]POLICY, once or more; the last one of a name counts.
 * Returns 0, or -1 with EXIT_USAGE. */
int policies_parse(struct policies *p, const struct opt_list *texts,
    struct fail *why);

enum policy policies_get(const struct policies *p, const char *name,
    size_t n);

void policies_free(struct policies *p);

/* Null or an empty list? p NULL is null. */
bool merge_is_nothing(struct json_val v);

/* Are they the same value? p NULL is null. Returns 1, 0, or -1 where memory
 * ends. */
int merge_same(struct json_val a, struct json_val b);

/* Puts the attribute's new value into out (emptied first). have.p is NULL
 * where there is none. Returns 1; 0 where nothing changes; -1 where memory
 * ends. */
int merge_value(enum policy policy, struct json_val have, struct json_val want,
    struct buf *out);

#endif
