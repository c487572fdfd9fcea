/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange.h -- one request that came, one answer that goes.
 *
 * The server fills a struct request and frees it; a handler fills a struct
 * answer. An answer's body is either there whole (body) or made piece by
 * piece while it is sent (stream), so that a big one needs no memory.
 */
#ifndef MOCK_EXCHANGE_H
#define MOCK_EXCHANGE_H

#include "base/buf.h"
#include "base/fail.h"
#include "json/scan.h"

/* ---- names and values: a query, headers, what a path's {names} matched */

struct params {
	struct buf text;        /* name NUL value NUL ... */
};

#define PARAMS_INIT { BUF_INIT(BUF_HEAD) }

void params_add(struct params *p, const char *name, const char *value,
    size_t n);

/* The same, in the place of all values that the name (in any case) had. */
void params_set(struct params *p, const char *name, const char *value);

/* The first value of a name, NULL where there is none; fold: in any case. */
const char *params_get(const struct params *p, const char *name, bool fold);

/* Walks them: *name starts as NULL and is NULL at the end. */
bool params_next(const struct params *p, const char **name,
    const char **value);

/* Reads application/x-www-form-urlencoded, as queries are too. Returns 0, or
 * -1 where an escape is wrong or a NUL would come out. */
int params_form(struct params *p, const char *s, size_t n);

/* Decodes %XX (and + where plus is set) onto b. Returns 0 or -1 likewise. */
int uri_decode(struct buf *b, const char *s, size_t n, bool plus);

/* Adds s with all but unreserved characters as %XX. */
void uri_encode(struct buf *b, const char *s);

/* ---- the request ---- */

struct grant;
struct fault;

struct request {
	const char *method;     /* "GET"; HEAD is served as GET */
	char *target;           /* owned: as it came, query included */
	struct buf path;        /* decoded, the prefix taken off */
	const char *query_text; /* inside target, "" where there is none */
	struct params headers, query, vars;
	struct buf body;
	struct json_val json;   /* the body, checked; p NULL: none */
	struct buf base;        /* scheme, host and prefix, for absolute URIs */
	struct grant *grant;    /* the token it came with; NULL: none needed */
	const struct fault *fault;      /* what is to go wrong; may be NULL */
	uint64_t number;        /* from 1 */
};

void request_init(struct request *q);
void request_free(struct request *q);

/* A member of the body, of a query, as text; NULL or def where absent. */
const char *request_query(const struct request *q, const char *name);

/* A whole number of the query in [low, high]; *value keeps its default where
 * the name is absent. Returns 0, or -1 after an answer of 400. */
struct answer;
int request_int(const struct request *q, struct answer *a, const char *name,
    int64_t low, int64_t high, int64_t *value);

/* The same for a member of a JSON object. */
int member_int(struct json_val obj, struct answer *a, const char *name,
    int64_t low, int64_t high, int64_t *value);

/* ---- the answer ---- */

/* Makes the next piece of a body: adds to b, returns 1; 0 at the end. */
struct stream {
	int (*fill)(struct stream *s, struct buf *b);
	void (*free)(struct stream *s);
};

struct answer {
	int status;
	struct params headers;
	struct buf body;
	struct stream *stream;  /* owned; NULL: body is all */
	char correlation[40];
};

void answer_init(struct answer *a);
void answer_free(struct answer *a);

/* Empties the body, sets a status and a content type. */
void answer_begin(struct answer *a, int status, const char *type);

/* application/json; returns the body to write to. */
struct buf *answer_json(struct answer *a, int status);

void answer_header(struct answer *a, const char *name, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* A header whose value is a moment (ms), as HTTP writes dates. */
void answer_date(struct answer *a, const char *name, int64_t ms);

/* The platform's error body: message, code, status, contextId, ... */
void answer_error(struct answer *a, int status, const char *code,
    const char *fmt, ...) PRINTF_LIKE(4, 5);

/* The same with a message that names one thing, which stands in
 * messageParams too: messageWithParams has {name} where message has it. */
void answer_error_param(struct answer *a, int status, const char *code,
    const char *before, const char *name, const char *value);

#endif
