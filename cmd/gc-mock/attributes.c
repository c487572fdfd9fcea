/* SPDX-License-Identifier: GPL-3.0-or-later */
/* attributes.c -- attributes of a conversation, read, merged and written by
 * several at once.
 *
 *	{"kind":"attributes-get" | "attributes-patch" | "attributes-put",
 *	 "of":"webchats","id":"interactionId","member":"customAttributes",
 *	 "begins":"webchat-attributes"}
 *
 * "of" and "id" say whose they are; "begins" is a kind of the same ids that
 * has what is there before anybody wrote (null: nothing, 404). A write needs
 * the ETag in If-Match, or the version in the body, where it has one: else
 * 412, 409; If-None-Match: * is a write where there is nothing yet, else 412.
 * PATCH replaces the keys it names and keeps the others. "list":true
 * answers {"results":[...]}, empty where there is nothing. "strings":true
 * takes strings alone as values. "keys" and "bytes" limit how many there are
 * and how long each may be: 400 beyond. A fault's "conflict" lets another
 * writer in first.
 */
#include "base/rng.h"
#include "handlers.h"
#include "json/write.h"
#include "mock.h"

/* Those of one conversation, as a route sees them. */
struct attributes {
	struct mock *m;
	const struct route *r;
	const struct request *q;
	struct thing *thing;    /* NULL: nothing there yet */
	uint64_t family;
	char *member;           /* owned */
	const char *id;
	uint64_t index;         /* of the conversation */
};

/* What was there at first; a thing of version 1. */
static void
begin(struct attributes *at)
{
	char *name = member_text(at->r->line, "begins");
	const struct kind *k = name ? gen_kind(&at->m->gen, name) : NULL;
	struct buf b = BUF_INIT(BUF_DOC);

	free(name);
	if (k)
		gen_record(&at->m->gen, k, at->index, at->q, &b);
	if (k && b.len > 0 && b.p[0] == '{') {
		at->thing = shelf_put(&at->m->shelf, at->family, at->id);
		if (at->thing) {
			buf_add(&at->thing->json, b.p, b.len);
			at->thing->version = 1;
		}
	}
	buf_free(&b);
}

/* Finds them. Returns 0, or -1 after an answer of 404. */
static int
find(struct attributes *at, struct mock *m, const struct route *r,
    const struct request *q, struct answer *a)
{
	char *of = member_text(r->line, "of"), *var = member_text(r->line,
	    "id");
	const struct kind *k = of ? gen_kind(&m->gen, of) : NULL;
	int64_t index;

	memset(at, 0, sizeof *at);
	at->m = m;
	at->r = r;
	at->q = q;
	at->id = var ? params_get(&q->vars, var, false) : NULL;
	at->member = member_text(r->line, "member");
	index = k && at->id ? gen_find(k, at->id) : -1;
	at->index = (uint64_t)index;
	at->family = rng_hash(11, of, of ? strlen(of) : 0);
	free(of);
	free(var);
	if (index < 0 || !at->member) {
		answer_error(a, 404, "not.found",
		    "No conversation with id %.100s.", at->id ? at->id : "");
		return -1;
	}
	at->thing = shelf_find(&m->shelf, at->family, at->id);
	if (!at->thing)
		begin(at);
	return 0;
}

static void
put_attributes(const struct attributes *at, struct buf *b)
{
	buf_putc(b, '{');
	json_key(b, "id");
	json_cstr(b, at->id);
	json_key(b, "version");
	json_int64(b, at->thing->version);
	json_key(b, at->member);
	buf_add(b, at->thing->json.p, at->thing->json.len);
	buf_putc(b, '}');
}

static void
answer_attributes(const struct attributes *at, bool list, struct answer *a)
{
	struct buf *b = answer_json(a, 200);

	if (list)
		buf_str_add(b, "{\"results\":[");
	if (at->thing)
		put_attributes(at, b);
	if (list)
		buf_str_add(b, "]}");
	if (at->thing)
		answer_header(a, "ETag", "\"%" PRId64 "\"",
		    at->thing->version);
}

void
on_attributes_get(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct attributes at;
	struct json_val v;
	bool list = json_get(r->line, "list", &v) &&
	    json_type(v) == JSON_TRUE;

	if (find(&at, m, r, q, a) == 0) {
		if (at.thing || list)
			answer_attributes(&at, list, a);
		else
			answer_error(a, 404, "not.found",
			    "The conversation has no attributes yet.");
	}
	free(at.member);
}

/* ---- writing ---- */

/* Another writer, who came first. */
static void
interfere(struct attributes *at)
{
	struct buf b = BUF_INIT(BUF_DOC);
	struct json_val v = { "{}", 2 };

	if (!at->thing)
		at->thing = shelf_put(&at->m->shelf, at->family, at->id);
	if (!at->thing)
		return;
	if (at->thing->json.len > 0)
		json_check(at->thing->json.p, at->thing->json.len, &v, NULL);
	json_set(&b, v, "touched_by", "\"another writer\"", 16);
	buf_clear(&at->thing->json);
	buf_add(&at->thing->json, b.p, b.len);
	at->thing->version++;
	buf_free(&b);
}

/* Is the version that the writer read still the one? */
static bool
is_current(const struct attributes *at, struct answer *a)
{
	const char *match = params_get(&at->q->headers, "If-Match", true);
	const char *none = params_get(&at->q->headers, "If-None-Match", true);
	int64_t version = at->thing ? at->thing->version : 0, read;
	char tag[32];
	struct json_val v;

	snprintf(tag, sizeof tag, "\"%" PRId64 "\"", version);
	if ((match && strcmp(match, tag) != 0 &&
	    (strcmp(match, "*") != 0 || !at->thing)) ||
	    (none && strcmp(none, "*") == 0 && at->thing)) {
		answer_error(a, 412, "precondition.failed",
		    "The attributes have changed since they were read.");
		return false;
	}
	if (json_get(at->q->json, "version", &v) && json_int(v, &read) &&
	    read != version) {
		answer_error(a, 409, "general.conflict",
		    "Version %" PRId64 " was sent, %" PRId64 " is current.",
		    read, version);
		return false;
	}
	return true;
}

/* Are the values such as may be? Else an answer of 400. */
static bool
are_sound(const struct attributes *at, struct json_val values,
    struct answer *a)
{
	int64_t bytes = route_int(at->r, "bytes", INT64_MAX);
	struct json_iter it = json_iter(values);
	struct json_val v;
	bool strings = json_get(at->r->line, "strings", &v) &&
	    json_type(v) == JSON_TRUE;

	while (json_next(&it)) {
		if (strings && json_type(it.val) != JSON_STRING) {
			answer_error(a, 400, "invalid.value",
			    "The value of %.*s must be a string.",
			    it.key.n > 100 ? 100 : (int)it.key.n, it.key.p);
			return false;
		}
		if ((int64_t)it.val.n > bytes) {
			answer_error(a, 400, "invalid.value",
			    "The value of %.*s is longer than %" PRId64
			    " bytes.", it.key.n > 100 ? 100 :
			    (int)it.key.n, it.key.p, bytes);
			return false;
		}
	}
	return true;
}

/* Adds an object's members to what is there, one by one. */
static void
merge(struct json_val into, struct json_val values, struct buf *out)
{
	struct buf other = BUF_INIT(BUF_DOC), name = BUF_INIT(BUF_LINE), swap;
	struct json_val v = into;
	struct json_iter it;

	buf_add(out, v.p, v.n);
	for (it = json_iter(values); json_next(&it); ) {
		buf_clear(&other);
		buf_clear(&name);
		json_decode(it.key, &name);
		json_check(out->p, out->len, &v, NULL);
		json_set(&other, v, buf_str(&name), it.val.p, it.val.n);
		swap = *out;
		*out = other;
		other = swap;
	}
	buf_free(&other);
	buf_free(&name);
}

static int64_t
count_members(const struct buf *json)
{
	struct json_val v;
	struct json_iter it;
	int64_t n = 0;

	if (json_check(json->p, json->len, &v, NULL) == 0)
		for (it = json_iter(v); json_next(&it); )
			n++;
	return n;
}

/* Puts the new attributes in the place of the old. */
static void
write_down(struct attributes *at, struct json_val values, bool keep,
    struct answer *a)
{
	struct buf made = BUF_INIT(BUF_DOC);
	struct json_val old = { "{}", 2 };
	int64_t keys = route_int(at->r, "keys", INT64_MAX);

	if (keep && at->thing)
		json_check(at->thing->json.p, at->thing->json.len, &old, NULL);
	merge(old, values, &made);
	if (count_members(&made) > keys) {
		answer_error(a, 400, "invalid.value",
		    "More than %" PRId64 " attributes.", keys);
	} else if (!at->thing && !(at->thing = shelf_put(&at->m->shelf,
	    at->family, at->id))) {
		answer_error(a, 500, "internal.server.error", "out of memory");
	} else {
		buf_clear(&at->thing->json);
		buf_add(&at->thing->json, made.p, made.len);
		at->thing->version++;
		answer_attributes(at, false, a);
		if (route_int(at->r, "status", 200) == 204)
			answer_begin(a, 204, NULL);
	}
	buf_free(&made);
}

static void
write_attributes(struct mock *m, const struct route *r, struct request *q,
    bool keep, struct answer *a)
{
	struct attributes at;
	struct json_val values;

	if (find(&at, m, r, q, a) == 0) {
		if (q->fault && q->fault->conflict)
			interfere(&at);
		if (!q->json.p || !json_get(q->json, at.member, &values) ||
		    json_type(values) != JSON_OBJECT)
			answer_error(a, 400, "bad.request",
			    "the body lacks the object %s", at.member);
		else if (is_current(&at, a) && are_sound(&at, values, a))
			write_down(&at, values, keep, a);
	}
	free(at.member);
}

void
on_attributes_patch(struct mock *m, const struct route *r,
    struct request *q, struct answer *a)
{
	write_attributes(m, r, q, true, a);
}

void
on_attributes_put(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	write_attributes(m, r, q, false, a);
}
