/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wanted.h -- the attributes that a record wants, and what of them is to be
 * written given what is there.
 *
 *	set --wanted_read()--> wanted --changes_make(what is there)--> changes
 *
 * A name that stands twice counts by its last value; null and empty lists are
 * left out, unless they may clear. Limits are those that a service would
 * refuse by: names are checked when read, values and their number when they
 * are merged.
 */
#ifndef GC_ANNOTATE_WANTED_H
#define GC_ANNOTATE_WANTED_H

#include "base/fail.h"
#include "merge.h"

#define WANTED_DIGEST 33        /* 32 hexadecimal digits and a NUL */

struct limits {
	int64_t names;          /* of one interaction, all told; 0: any */
	uint64_t name, value;   /* bytes: of a name, of a value as JSON */
	bool truncate;          /* cut values that are longer */
	const char *own;        /* names must begin so; or NULL */
};

struct wanted {
	struct want {
		size_t name, name_len;          /* in text, decoded */
		size_t value, value_len;        /* in text, JSON */
	} *v;                           /* owned; n of them */
	size_t n, cap;
	struct buf text;
};

/* What is to be written: {"name":value,...} each, of the same names. */
struct changes {
	struct buf set;
	struct buf before;              /* what was there; null: nothing */
	struct buf value;               /* scratch */
	size_t n;
};

void wanted_init(struct wanted *w);

/* Reads a checked object, or null for nothing. Returns 0, or -1 with
 * EXIT_DATA where it is neither or breaks a limit. */
int wanted_read(struct wanted *w, struct json_val set, bool clear,
    const struct limits *limits, struct fail *why);

/* The digest of an id (JSON text) and of what is wanted for it, the nth time
 * (from 1) that it is. Returns 0 or -1. */
int wanted_digest(const struct wanted *w, struct json_val id, uint32_t nth,
    char hex[WANTED_DIGEST], struct fail *why);

void wanted_free(struct wanted *w);

void changes_init(struct changes *c);

/* Merges what is wanted into what is there (an object; p NULL: nothing).
 * Returns 0, or -1 with EXIT_DATA where a limit is broken, EXIT_MACHINE. */
int changes_make(struct changes *c, const struct wanted *w,
    struct json_val there, const struct policies *policies,
    const struct limits *limits, struct fail *why);

void changes_free(struct changes *c);

#endif
