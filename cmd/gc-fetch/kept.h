/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kept.h -- a compiled expression that stays as long as the next one is the
 * same: thousands of records make the same request, and compiling costs more
 * than most of them.
 *
 *	struct kept_expr k = { NULL, NULL };
 *
 *	if (!(e = kept_expr_get(&k, ".entities", "items", &why))) ...
 *	kept_expr_free(&k);
 */
#ifndef GC_FETCH_KEPT_H
#define GC_FETCH_KEPT_H

#include "json/expr.h"

struct kept_expr {
	char *text;             /* owned; NULL: none is kept */
	struct expr *e;
};

/* The expression of a text, where a bare name is short for a path; what names
 * it in messages. NULL with why. It is k's, until the next one. */
struct expr *kept_expr_get(struct kept_expr *k, const char *text,
    const char *what, struct fail *why);

void kept_expr_free(struct kept_expr *k);

#endif
