/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/call.h"
#include "base/num.h"
#include "json/write.h"
#include "net/media.h"
#include "net/retry.h"
#include "net/url.h"

/* What reading one object needs. */
struct reading {
	struct call *c;
	const char *what;
	struct fail *why;
	struct json_val query, body;    /* kept until path and type are known */
};

typedef int field(struct reading *r, const char *name, struct json_val v);

static int
no_memory(struct reading *r)
{
	return fail(r->why, EXIT_MACHINE, "out of memory");
}

static int
wrong(struct reading *r, const char *name, const char *wanted)
{
	return fail(r->why, EXIT_USAGE, "%s: \"%s\" takes %s", r->what, name,
	    wanted);
}

/* ---- values ---- */

/* Bytes of a buffer as a string of one's own; the buffer is freed. */
static char *
keep(struct buf *b)
{
	char *s = b->err ? NULL : strdup(buf_str(b));

	buf_free(b);
	return s;
}

static int
set_text(struct reading *r, char **to, const char *name, struct json_val v)
{
	struct buf b = BUF_INIT(BUF_PROG);

	if (json_type(v) == JSON_NULL)
		return 0;
	if (json_type(v) != JSON_STRING)
		return wrong(r, name, "a string");
	json_decode(v, &b);
	if (b.len && memchr(b.p, '\0', b.len)) {
		buf_free(&b);
		return wrong(r, name, "a string without \\u0000");
	}
	free(*to);
	*to = keep(&b);
	return *to ? 0 : no_memory(r);
}

static int
set_json(struct reading *r, char **to, struct json_val v)
{
	struct buf b = BUF_INIT(BUF_PROG);

	json_one_line(&b, v.p, v.n);
	free(*to);
	*to = keep(&b);
	return *to ? 0 : no_memory(r);
}

static int
set_bool(struct reading *r, bool *to, const char *name, struct json_val v)
{
	if (json_type(v) != JSON_TRUE && json_type(v) != JSON_FALSE)
		return wrong(r, name, "true or false");
	*to = json_type(v) == JSON_TRUE;
	return 0;
}

/* Seconds: a number, or a string such as "5m". */
static int
set_seconds(struct reading *r, double *to, const char *name,
    struct json_val v)
{
	char *text = NULL;
	int bad = -1;

	if (json_type(v) == JSON_NUMBER) {
		*to = json_double(v);
		bad = *to >= 0 ? 0 : -1;
	} else if (json_type(v) == JSON_STRING) {
		if (set_text(r, &text, name, v) < 0)
			return -1;
		bad = num_seconds(text, to);
		free(text);
	}
	return bad ? wrong(r, name, "seconds") : 0;
}

/* ---- members ---- */

static int
take_method(struct reading *r, const char *name, struct json_val v)
{
	const char *p;

	if (set_text(r, &r->c->method, name, v) < 0)
		return -1;
	for (p = r->c->method; p && *p; p++)
		if (*p < 'A' || *p > 'Z')
			return wrong(r, name, "GET, POST, PUT, PATCH, ...");
	return 0;
}

static int
take_path(struct reading *r, const char *name, struct json_val v)
{
	return set_text(r, &r->c->path, name, v);
}

static int
take_headers(struct reading *r, const char *name, struct json_val v)
{
	struct json_iter it = json_iter(v);
	struct buf b = BUF_INIT(BUF_HEAD);
	int bad = 0;

	if (json_type(v) == JSON_NULL)
		return 0;
	if (json_type(v) != JSON_OBJECT)
		return wrong(r, name, "an object of strings");
	while (!bad && json_next(&it)) {
		if (json_type(it.val) == JSON_NULL)
			continue;
		if (json_type(it.val) != JSON_STRING)
			return wrong(r, name, "an object of strings");
		buf_clear(&b);
		json_decode(it.key, &b);
		buf_str_add(&b, ": ");
		json_decode(it.val, &b);
		if (strlen(buf_str(&b)) != b.len)
			bad = wrong(r, name, "strings without \\u0000");
		else if (b.err || call_header(r->c, buf_str(&b)) < 0)
			bad = no_memory(r);
	}
	buf_free(&b);
	return bad;
}

static int
take_query(struct reading *r, const char *name, struct json_val v)
{
	if (json_type(v) != JSON_OBJECT && json_type(v) != JSON_NULL)
		return wrong(r, name, "an object");
	r->query = v;
	return 0;
}

static int
take_body(struct reading *r, const char *name, struct json_val v)
{
	(void)name;
	r->body = v;
	return 0;
}

static int
take_items(struct reading *r, const char *name, struct json_val v)
{
	if (json_type(v) != JSON_NULL)
		return set_text(r, &r->c->items, name, v);
	free(r->c->items);
	r->c->items = strdup(".");
	return r->c->items ? 0 : no_memory(r);
}

static int
take_map(struct reading *r, const char *name, struct json_val v)
{
	return set_text(r, &r->c->map, name, v);
}

static int
take_add(struct reading *r, const char *name, struct json_val v)
{
	if (json_type(v) == JSON_NULL)
		return 0;
	if (json_type(v) != JSON_OBJECT)
		return wrong(r, name, "an object");
	return set_json(r, &r->c->add, v);
}

static int
take_paginate(struct reading *r, const char *name, struct json_val v)
{
	static const struct json_val none = { "\"none\"", 6 };

	switch (json_type(v)) {
	case JSON_NULL:
		return 0;
	case JSON_FALSE:
		return set_json(r, &r->c->paginate, none);
	case JSON_STRING:
	case JSON_OBJECT:
		return set_json(r, &r->c->paginate, v);
	default:
		return wrong(r, name, "a style's name or an object");
	}
}

static int
take_poll(struct reading *r, const char *name, struct json_val v)
{
	struct call_poll *poll = &r->c->poll;
	struct json_iter it = json_iter(v);
	int bad = 0;

	if (json_type(v) != JSON_OBJECT)
		return set_text(r, &poll->until, name, v);
	while (!bad && json_next(&it)) {
		if (json_is(it.key, "until"))
			bad = set_text(r, &poll->until, "until", it.val);
		else if (json_is(it.key, "failed"))
			bad = set_text(r, &poll->failed, "failed", it.val);
		else if (json_is(it.key, "interval"))
			bad = set_seconds(r, &poll->interval, "interval",
			    it.val);
		else if (json_is(it.key, "max_wait"))
			bad = set_seconds(r, &poll->max_wait, "max_wait",
			    it.val);
		else
			bad = wrong(r, name,
			    "until, failed, interval and max_wait");
	}
	if (!bad && !poll->until)
		return wrong(r, name, "an expression, or one in \"until\"");
	return bad;
}

static int
take_scopes(struct reading *r, const char *name, struct json_val v)
{
	struct json_iter it = json_iter(v);
	struct buf b = BUF_INIT(BUF_HEAD);
	int bad = 0;

	if (json_type(v) != JSON_ARRAY)
		return set_text(r, &r->c->scopes, name, v);
	while (!bad && json_next(&it)) {
		if (b.len)
			buf_putc(&b, ' ');
		if (json_type(it.val) != JSON_STRING)
			bad = wrong(r, name, "strings");
		json_decode(it.val, &b);
	}
	if (!bad && b.len && !(r->c->scopes = strdup(buf_str(&b))))
		bad = no_memory(r);
	buf_free(&b);
	return bad;
}

static int
take_auth(struct reading *r, const char *name, struct json_val v)
{
	struct json_val env;

	if (json_is(v, "none")) {
		r->c->no_auth = true;
		return 0;
	}
	if (json_type(v) == JSON_NULL)
		return 0;
	if (json_type(v) != JSON_OBJECT || !json_get(v, "env", &env))
		return wrong(r, name, "\"none\" or {\"env\": NAME}");
	return set_text(r, &r->c->auth_env, "env", env);
}

static int
take_repeat(struct reading *r, const char *name, struct json_val v)
{
	return set_bool(r, &r->c->repeat, name, v);
}

static int
take_cache(struct reading *r, const char *name, struct json_val v)
{
	return set_bool(r, &r->c->cache, name, v);
}

static int
take_more(struct reading *r, const char *name, struct json_val v)
{
	return set_bool(r, &r->c->more, name, v);
}

static const struct {
	const char *name;
	field *take;
} fields[] = {
	{ "method", take_method },
	{ "path", take_path },
	{ "headers", take_headers },
	{ "query", take_query },
	{ "body", take_body },
	{ "items", take_items },
	{ "map", take_map },
	{ "add", take_add },
	{ "paginate", take_paginate },
	{ "poll", take_poll },
	{ "scopes", take_scopes },
	{ "auth", take_auth },
	{ "repeat", take_repeat },
	{ "cache", take_cache },
	{ "more", take_more },
};

static int
take_member(struct reading *r, struct json_val key, struct json_val v)
{
	size_t i;

	for (i = 0; i < COUNT(fields); i++)
		if (json_is(key, fields[i].name))
			return fields[i].take(r, fields[i].name, v);
	return fail(r->why, EXIT_USAGE, "%s: a request has no %.*s", r->what,
	    (int)(key.n < 64 ? key.n : 64), key.p);
}

/* ---- what needs more than its own value ---- */

/* A string's characters, or any other scalar as spelled. */
static void
add_scalar(struct buf *b, struct json_val v)
{
	struct buf text = BUF_INIT(BUF_PROG);

	if (json_type(v) == JSON_STRING) {
		json_decode(v, &text);
		url_encode(b, text.p, text.len);
		if (text.err)
			b->err = text.err;
		buf_free(&text);
	} else {
		url_encode(b, v.p, v.n);
	}
}

static int
add_parameter(struct reading *r, struct buf *b, struct json_val key,
    struct json_val v)
{
	struct json_iter it = json_iter(v);

	switch (json_type(v)) {
	case JSON_NULL:
		return 0;
	case JSON_OBJECT:
		return wrong(r, "query", "scalars and arrays of them");
	case JSON_ARRAY:
		while (json_next(&it))
			if (json_type(it.val) == JSON_ARRAY ||
			    add_parameter(r, b, key, it.val) < 0)
				return wrong(r, "query",
				    "scalars and arrays of them");
		return 0;
	default:
		buf_putc(b, b->len && memchr(b->p, '?', b->len) ? '&' : '?');
		add_scalar(b, key);
		buf_putc(b, '=');
		add_scalar(b, v);
		return 0;
	}
}

/* The query behind the path. */
static int
join_query(struct reading *r)
{
	struct json_iter it = json_iter(r->query);
	struct buf b = BUF_INIT(BUF_PROG);
	int bad = 0;

	if (!r->query.p || json_type(r->query) != JSON_OBJECT)
		return 0;
	buf_str_add(&b, r->c->path);
	while (!bad && json_next(&it))
		bad = add_parameter(r, &b, it.key, it.val);
	if (bad) {
		buf_free(&b);
		return -1;
	}
	free(r->c->path);
	r->c->path = keep(&b);
	return r->c->path ? 0 : no_memory(r);
}

static const char *
find_header(const struct call *c, const char *name)
{
	size_t i, n = strlen(name);

	for (i = 0; i < c->nheaders; i++)
		if (strncasecmp(c->headers[i], name, n) == 0 &&
		    c->headers[i][n] == ':')
			return c->headers[i] + n + 1 +
			    strspn(c->headers[i] + n + 1, " ");
	return NULL;
}

/* JSON as it is; a string under another type is sent as its characters. */
static int
join_body(struct reading *r)
{
	const char *type = find_header(r->c, "Content-Type");
	struct buf b = BUF_INIT(BUF_DOC);
	struct call *c = r->c;

	if (!r->body.p || json_type(r->body) == JSON_NULL)
		return 0;
	if (!type && call_header(c, "Content-Type: application/json") < 0)
		return no_memory(r);
	if (type && json_type(r->body) == JSON_STRING &&
	    media_kind(type, strlen(type)) != MEDIA_JSON)
		json_decode(r->body, &b);
	else
		buf_add(&b, r->body.p, r->body.n);
	buf_str(&b);
	if (b.err || (!b.p && !(b.p = calloc(1, 1)))) {
		buf_free(&b);
		return no_memory(r);
	}
	c->body = b.p;
	c->nbody = b.len;
	return 0;
}

int
call_parse(struct call *c, struct json_val v, const char *what,
    struct fail *why)
{
	struct json_iter it = json_iter(v);
	struct reading r = { c, what, why, { NULL, 0 }, { NULL, 0 } };

	memset(c, 0, sizeof *c);
	c->poll.interval = c->poll.max_wait = -1;
	if (json_type(v) != JSON_OBJECT)
		return fail(why, EXIT_USAGE, "%s: yields no object", what);
	while (json_next(&it))
		if (take_member(&r, it.key, it.val) < 0)
			return -1;
	if (!c->path || !*c->path)
		return fail(why, EXIT_USAGE, "%s: yields no path", what);
	return join_query(&r) < 0 || join_body(&r) < 0 ? -1 : 0;
}

/* ---- the rest ---- */

const char *
call_method(const struct call *c)
{
	return c->method ? c->method : c->body ? "POST" : "GET";
}

bool
call_repeatable(const struct call *c)
{
	return c->repeat || retry_is_idempotent(call_method(c));
}

int
call_header(struct call *c, const char *line)
{
	size_t i, name = strcspn(line, ":");
	char *own = strdup(line), **more;

	for (i = 0; own && i < c->nheaders; i++)
		if (strncasecmp(c->headers[i], line, name) == 0 &&
		    c->headers[i][name] == ':') {
			free(c->headers[i]);
			c->headers[i] = own;
			return 0;
		}
	more = own ? realloc(c->headers, (c->nheaders + 2) * sizeof *more) :
	    NULL;
	if (!more) {
		free(own);
		return -1;
	}
	more[c->nheaders++] = own;
	more[c->nheaders] = NULL;
	c->headers = more;
	return 0;
}

void
call_free(struct call *c)
{
	size_t i;

	for (i = 0; i < c->nheaders; i++)
		free(c->headers[i]);
	free(c->headers);
	free(c->method);
	free(c->path);
	free(c->body);
	free(c->items);
	free(c->map);
	free(c->add);
	free(c->paginate);
	free(c->poll.until);
	free(c->poll.failed);
	free(c->scopes);
	free(c->auth_env);
	memset(c, 0, sizeof *c);
}
