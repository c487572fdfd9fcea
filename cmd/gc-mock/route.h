/* SPDX-License-Identifier: GPL-3.0-or-later */
/* route.h -- which request is answered how: a table read from a file.
 *
 * share/mock/routes.ndjson has a line for each method and path:
 *
 *	{"method":"GET","path":"/api/v2/users/{userId}","scope":"users:read",
 *	 "kind":"item","of":"users"}
 *
 * A {name} takes one segment, which the handler finds in q->vars. The first
 * line that fits wins. "kind" names the handler (handlers.h); what else a
 * line says is the handler's business. "auth" is "token" (default: a bearer
 * token of this server, with "scope" where it was asked with scopes), "none",
 * "forbidden" (a request with Authorization is refused, as a pre-signed URL
 * does), or another word: the bearer of that name in gc-mock.1.
 */
#ifndef MOCK_ROUTE_H
#define MOCK_ROUTE_H

#include "exchange.h"
#include "lines.h"

struct mock;
struct route;

typedef void handler(struct mock *m, const struct route *r,
    struct request *q, struct answer *a);

struct route {
	char *method, *path;    /* owned */
	char *scope, *auth;     /* owned; NULL: none, token */
	handler *handle;
	struct json_val line;   /* the whole line */
	uint64_t key;           /* a hash of method and path */
};

struct routes {
	struct buf text;
	struct route *v;        /* owned; n of them */
	size_t n;
};

/* Reads the table. Returns 0 or -1. */
int routes_open(struct routes *rs, struct fail *why);
void routes_free(struct routes *rs);

/* The route of a request, its vars filled; NULL after an answer of 404, or
 * of 405 with Allow. */
const struct route *routes_find(const struct routes *rs, struct request *q,
    struct answer *a);

/* Is this word the scope of any route? */
bool routes_scope(const struct routes *rs, const char *scope);

/* A member of the route's line: text equal to s? a number? */
bool route_is(const struct route *r, const char *name, const char *s);
int64_t route_int(const struct route *r, const char *name, int64_t absent);

#endif
