/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check.h -- one contact: what is missing replaced, then everything checked.
 *
 * All that is wrong with a contact is said at once, each with a JSON Pointer
 * (RFC 6901) to where it is.
 *
 *	n = check_contact(&c, val, members, &text, &why);
 *	if (n > 0) ... c.error, c.list, c.rule say what is wrong
 */
#ifndef SCORE_CHECK_H
#define SCORE_CHECK_H

#include "features.h"

#include "json/expr.h"

struct check {
	struct features *features;
	struct expr *id, *from;         /* where they are in a record, */
	char *id_at, *from_at;          /* as JSON Pointers; owned */
	int64_t max_replaced;           /* features a contact; < 0: all */
	/* of the last contact */
	struct json_val contact;        /* its id, as spelled in the record */
	uint64_t replaced;              /* bit i: feature i was */
	struct buf error;               /* sentences, "; " between */
	struct buf list;                /* [{"pointer","rule","value"?}...] */
	const char *rule;               /* the first of them */
	struct buf scratch;
};

void check_init(struct check *c, struct features *f);

/* Compiles where a record has its id and its features. Returns 0, or -1 with
 * EXIT_USAGE. */
int check_open(struct check *c, const char *id, const char *from,
    struct fail *why);

/* Adds the contact to text as the service takes it, its features in the
 * file's order. Returns how much is wrong with it, 0: it was added; -1 with
 * EXIT_MACHINE. */
int check_contact(struct check *c, struct json_val record,
    const struct json_members *m, struct buf *text, struct fail *why);

void check_free(struct check *c);

#endif
