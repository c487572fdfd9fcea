/* SPDX-License-Identifier: GPL-3.0-or-later */
/* named.h -- requests by name: jq programs that users may read and write.
 *
 * Where they lie is shelf.h's business. The program's input is
 *
 *	{"vars": {name: value}, "record": of --each or null,
 *	 "env": {"bot_id","model_id","dashboard_url","campaign_url",
 *	         "webhook_url"}, "now": "2026-01-31T12:00:00Z",
 *	 "step": 0, "answer": null, "answers": []}
 *
 * and it yields what call.h reads. Where that says "more" the program runs
 * again, step one higher, with the answers so far, until it yields null:
 * so a job is submitted, awaited and fetched by one name.
 *
 * Its leading comment tells what it does; its variables are found by reading
 * it (variables.h). One without a default is needed wherever what the program
 * yields depends on it. A struct named belongs to one thread.
 *
 *	named_open(&n, "evaluation", "tutorial", &why);
 *	if (named_vars_add(&vars, "id=4711", &why) < 0) ...
 *	in.vars = buf_str(&vars);
 *	if (named_call(n, &in, &call, &why) < 0) ...    missing: EXIT_USAGE
 */
#ifndef NET_NAMED_H
#define NET_NAMED_H

#include "conf/conf.h"
#include "net/call.h"

struct named;

struct named_input {
	const char *vars;               /* an object, JSON text */
	struct json_val record;         /* p NULL: null */
	struct json_val answers;        /* of the steps before, an array; p
	                                 * NULL: none */
	int step;
	const struct conf *conf;
};

/* Finds and compiles. Returns 0, or -1 with EXIT_USAGE. */
int named_open(struct named **n, const char *name, const char *set,
    struct fail *why);

/* Adds "name=value" (a string), "name:=JSON" or "name:=@FILE", whose JSON is
 * read, to an object, begun where b is empty. Call it for each operand; the
 * text is complete every time. Returns 0, or -1 with EXIT_USAGE. */
int named_vars_add(struct buf *b, const char *operand, struct fail *why);

/* Is each of the given variables one that the program reads? Returns 0, or
 * -1 with EXIT_USAGE and the names it does read. */
int named_vars_check(const struct named *n, const char *vars,
    struct fail *why);

/* Makes the request; c is to be freed. Returns 0; 1 where the program yields
 * none; -1 with EXIT_USAGE, the missing variable named. */
int named_call(struct named *n, const struct named_input *in, struct call *c,
    struct fail *why);

/* The program's text; lives as long as n. */
const char *named_text(const struct named *n);

/* Adds what --help says: the comment, the variables and their defaults. */
void named_help(const struct named *n, struct buf *b);

void named_close(struct named *n);

#endif
