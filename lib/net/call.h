/* SPDX-License-Identifier: GPL-3.0-or-later */
/* call.h -- a request as data: what a named request yields, or a command
 * line says, before anything is sent.
 *
 * A named request's program yields one JSON object, and this is what its
 * members mean; one that is not listed is an error, so that a slip of the
 * finger is found. Only path is needed.
 *
 *	"method"    default GET, or POST with a body
 *	"path"      below the API's URL; or a whole URL
 *	"headers"   {"Name": "value"}
 *	"query"     {"name": scalar, or array: once for each; null: left out}
 *	"body"      any JSON; sent as application/json
 *	"items"     expression that finds the records in an answer; null: the
 *	            whole answer is one. Not there: found out
 *	"map"       expression on each of them: what it yields are the records
 *	"add"       {members added at the end of each record}
 *	"paginate"  name of a style, or an object that says more; "none"
 *	"poll"      expression, or {"until","failed","interval","max_wait"}:
 *	            repeat until it is true
 *	"scopes"    "a b" or ["a","b"]
 *	"auth"      "none", or {"env": NAME}: a bearer token of its own
 *	"repeat"    true: may be sent twice although it is a POST or PATCH
 *	"cache"     true: the answer to a POST may be kept (--cache)
 *	"more"      true: run the program again with this answer
 *
 *	if (call_parse(&c, value, "request evaluate", &why) < 0) ...
 *	call_free(&c);
 */
#ifndef NET_CALL_H
#define NET_CALL_H

#include "base/buf.h"
#include "base/fail.h"
#include "json/scan.h"

struct call {
	char *method;           /* NULL: by the body */
	char *path;             /* with its query, encoded */
	char **headers;         /* "Name: value", NULL at the end; or NULL */
	size_t nheaders;
	char *body;             /* NULL: none */
	size_t nbody;
	char *items;            /* NULL: found out; ".": the whole answer */
	char *map;              /* NULL: they stay as they are */
	char *add;              /* JSON object, NULL: nothing */
	char *paginate;         /* JSON: a string or an object; NULL: found
	                         * out */
	struct call_poll {
		char *until;    /* NULL: no polling */
		char *failed;   /* NULL: found out */
		double interval, max_wait;      /* seconds; < 0: not said */
	} poll;
	char *scopes;           /* words split by blanks; NULL: none */
	char *auth_env;         /* NULL: the suite's own token */
	bool no_auth;
	bool repeat, cache, more;
};

/* Reads what a program yielded; what names it in messages. c is filled
 * anew, and to be freed either way. Returns 0, or -1 with EXIT_USAGE. */
int call_parse(struct call *c, struct json_val v, const char *what,
    struct fail *why);

/* GET or what else it is. */
const char *call_method(const struct call *c);

/* May it be sent a second time when nobody knows what became of the first?
 * By its method (RFC 9110 9.2.2), or because it says so. */
bool call_repeatable(const struct call *c);

/* Adds "Name: value" to the headers, in place of one of that name. Returns
 * 0, or -1 with errno. */
int call_header(struct call *c, const char *line);

/* Wipes nothing, for it holds no secret; frees and zeroes. */
void call_free(struct call *c);

#endif
