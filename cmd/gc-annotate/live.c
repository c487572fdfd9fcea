/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "live.h"

#include "json/write.h"
#include "net/problem.h"

static int
no_memory(struct fail *why)
{
	return fail(why, EXIT_MACHINE, "out of memory");
}

int
live_open(struct live *l, struct client *client, const struct conf *conf,
    const char *request, const char *vars, struct fail *why)
{
	struct buf line = BUF_INIT(BUF_LINE), doc = BUF_INIT(BUF_DOC);

	memset(l, 0, sizeof *l);
	l->version = l->refused = l->url = line;
	l->input = doc;
	l->client = client;
	l->conf = conf;
	l->vars = vars;
	if (wire_open(&l->wire, client, why) < 0)
		return -1;
	return named_open(&l->named, request, conf_get(conf, CONF_API), why);
}

void
live_close(struct live *l)
{
	wire_close(l->wire);
	named_close(l->named);
	expr_close(l->map);
	free(l->map_text);
	buf_free(&l->version);
	buf_free(&l->refused);
	buf_free(&l->input);
	buf_free(&l->url);
}

const struct http_answer *
live_answer(const struct live *l)
{
	return wire_answer(l->wire);
}

uint64_t
live_retried(const struct live *l)
{
	return wire_retried(l->wire);
}

void
live_reset(struct live *l)
{
	buf_clear(&l->refused);
}

/* ---- a request ---- */

/* The variables of a request, an object. */
static int
write_vars(struct live *l, struct json_val id, const char *op,
    const struct buf *attributes)
{
	struct buf *b = &l->input;
	size_t n = strlen(l->vars);

	buf_clear(b);
	buf_add(b, l->vars, n ? n - 1 : 0);     /* without its brace */
	if (n == 0)
		buf_putc(b, '{');
	json_key(b, "op");
	json_cstr(b, op);
	json_key(b, "id");
	json_raw(b, id);
	json_key(b, "attributes");
	if (attributes)
		buf_add(b, attributes->p, attributes->len);
	else
		buf_str_add(b, "{}");
	if (attributes && l->version.len) {
		json_key(b, "version");
		buf_add(b, l->version.p, l->version.len);
	}
	buf_putc(b, '}');
	buf_str(b);
	return b->err ? -1 : 0;
}

/* Makes the request and sends it. c is to be freed. */
static int
send_call(struct live *l, struct json_val record, struct call *c,
    struct fail *why)
{
	struct named_input in = { .vars = buf_str(&l->input),
	    .record = record, .conf = l->conf };
	struct wire_request req = { .call = c };
	int r = named_call(l->named, &in, c, why);

	if (r == 1)
		r = fail(why, EXIT_USAGE, "the named request yields nothing");
	if (r == 0) {
		buf_clear(&l->url);
		r = client_url(l->client, c->path, NULL, &l->url, why);
	}
	if (r == 0) {
		req.url = buf_str(&l->url);
		r = wire_send(l->wire, &req, why);
	}
	return r;
}

/* ---- reading ---- */

static int
keep_version(struct live *l, const char *tag, struct json_val number)
{
	bool strong = tag && tag[0] == '"';
	struct buf *b = &l->version;

	buf_clear(b);
	if (strong)
		json_cstr(b, tag);
	/* refused although it did not change: it is no use */
	if (strong && !(b->len == l->refused.len && number.p &&
	    memcmp(b->p, l->refused.p, b->len) == 0))
		return b->err ? -1 : 0;
	if (number.p) {
		buf_clear(b);
		json_raw(b, number);
	}
	return b->err ? -1 : 0;
}

/* The answer through the request's own map. */
static int
shape(struct live *l, const struct call *c, struct json_val *v,
    struct fail *why)
{
	if (!c->map)
		return 0;
	if (!l->map || strcmp(l->map_text, c->map) != 0) {
		expr_close(l->map);
		l->map = NULL;
		free(l->map_text);
		if (!(l->map_text = strdup(c->map)))
			return no_memory(why);
		if (expr_open(&l->map, c->map, "map", why) < 0)
			return -1;
	}
	if (expr_one(l->map, *v, v, why) < 0) {
		why->code = EXIT_SERVICE;
		return -1;
	}
	return 0;
}

/* What the answer says is there. */
static int
take_answer(struct live *l, const struct call *c, struct fail *why)
{
	const struct http_answer *a = live_answer(l);
	struct json_val v, number = { NULL, 0 };
	int64_t n;

	l->attributes.p = NULL;
	buf_clear(&l->version);
	if (a->body.len == 0)
		return 0;
	if (json_check(a->body.p, a->body.len, &v, NULL) < 0)
		return fail(why, EXIT_SERVICE, "the answer is no JSON");
	if (shape(l, c, &v, why) < 0)
		return -1;
	if ((json_get(v, "customAttributes", &l->attributes) ||
	    json_get(v, "attributes", &l->attributes)) &&
	    json_type(l->attributes) == JSON_NULL)
		l->attributes.p = NULL;
	if (json_type(v) != JSON_OBJECT || (l->attributes.p &&
	    json_type(l->attributes) != JSON_OBJECT))
		return fail(why, EXIT_SERVICE, "the answer has no object "
		    "\"customAttributes\"");
	if (json_get(v, "version", &number) && !json_int(number, &n))
		number.p = NULL;
	return keep_version(l, http_header(a, "ETag"), number) < 0 ?
	    no_memory(why) : 0;
}

int
live_read(struct live *l, struct json_val id, struct json_val record,
    struct fail *why)
{
	const struct http_answer *a = live_answer(l);
	struct call c;
	int r;

	memset(&c, 0, sizeof c);
	r = write_vars(l, id, "read", NULL) < 0 ? no_memory(why) :
	    send_call(l, record, &c, why);
	if (r == 0) {
		r = take_answer(l, &c, why);
		if (r < 0)
			problem_place(call_method(&c), wire_url(l->wire), why);
		if (wire_done(l->wire, 1, r < 0 ? NULL : why) < 0)
			r = -1;
	} else if (why->code == EXIT_SERVICE && a->broken == HTTP_WHOLE &&
	    a->status == 404) {
		l->attributes.p = NULL;
		buf_clear(&l->version);
		buf_str_add(&l->version, "\"none\"");
		r = 0;
	}
	call_free(&c);
	return r;
}

int
live_write(struct live *l, struct json_val id, struct json_val record,
    const struct buf *attributes, struct fail *why)
{
	const struct http_answer *a = live_answer(l);
	struct call c;
	int r;

	memset(&c, 0, sizeof c);
	r = write_vars(l, id, "write", attributes) < 0 ? no_memory(why) :
	    send_call(l, record, &c, why);
	if (r == 0) {
		r = wire_done(l->wire, 1, why);
	} else if (why->code == EXIT_SERVICE && a->broken == HTTP_WHOLE &&
	    (a->status == 409 || a->status == 412)) {
		buf_clear(&l->refused);
		buf_add(&l->refused, l->version.p, l->version.len);
		r = 1;
	}
	call_free(&c);
	return r;
}
