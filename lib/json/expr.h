/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expr.h -- an expression in jq's syntax, evaluated on records.
 *
 * Plain paths (., .a, .a.b, ."x y", .["x y"], .[0], .[-1], .a[], .a[].b, each
 * with an optional ? at its end) run on the record's own bytes and keep a
 * number's spelling; everything else goes through libjq. Both give the same
 * values. A struct expr is read-only after expr_open() but for its libjq part,
 * which belongs to one thread: each worker opens its own.
 *
 *	expr_open(&e, ".intent.name", "--key", &why);
 *	if (expr_eval(e, rec->val, &why) < 0) ...      why: EXIT_DATA
 *	for (i = 0; i < e->n; i++) use(e->v[i]);
 */
#ifndef JSON_EXPR_H
#define JSON_EXPR_H

#include "json/jq.h"

struct expr {
	struct json_val *v;     /* the results of the last expr_eval(): slices
	                         * of the record or of e's own memory */
	size_t n;
	struct expr_impl *impl;
};

/* Compiles; what names the expression in messages. Returns 0, or -1 with
 * EXIT_USAGE. */
int expr_open(struct expr **e, const char *text, const char *what,
    struct fail *why);

/* Evaluates on a checked value. Returns 0, or -1 with EXIT_DATA (the
 * expression's own error, e.g. "cannot index number with "a""). The results
 * live until the next call or until the record dies. */
int expr_eval(struct expr *e, struct json_val record, struct fail *why);

/* The same for a record whose members were noted while it was checked: a
 * program over records calls expr_eval_in(e, rec->val, &rec->members, why). */
int expr_eval_in(struct expr *e, struct json_val record,
    const struct json_members *m, struct fail *why);

/* The same, for expressions that must give one value: no result is null,
 * more than one is an error. */
int expr_one(struct expr *e, struct json_val record, struct json_val *v,
    struct fail *why);
int expr_one_in(struct expr *e, struct json_val record,
    const struct json_members *m, struct json_val *v, struct fail *why);

/* Does it run without libjq? */
bool expr_is_path(const struct expr *e);

/* Adds the JSON Pointer (RFC 6901) to what a path of names and of indices
 * from the front selects. False where it is none. */
bool expr_pointer(const struct expr *e, struct buf *b);

/* Adds a name as a pointer's reference token, with its slash. */
void expr_token(struct buf *b, const char *p, size_t n);

void expr_close(struct expr *e);

#endif
