/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "schema.h"

#include "score.h"

#include "base/msg.h"
#include "json/write.h"

#define DRAFT "https://json-schema.org/draft/2020-12/schema"

/* ---- a feature file as a schema ---- */

static void
put_member(struct buf *b, const char *name, const char *json)
{
	if (!json)
		return;
	json_key(b, name);
	buf_str_add(b, json);
}

static void
put_type(const struct feature *x, bool null, struct buf *b)
{
	json_key(b, "type");
	buf_str_add(b, null ? "[" : "");
	json_cstr(b, feature_type_name(x->type));
	buf_str_add(b, null ? ",\"null\"]" : "");
}

static void
put_enum(const struct feature *x, bool null, struct buf *b)
{
	if (!x->values.n)
		return;
	json_key(b, "enum");
	buf_putc(b, '[');
	feature_put_values(&x->values, b);
	buf_str_add(b, null ? ",null]" : "]");
}

static void
put_feature(const struct feature *x, struct buf *b)
{
	bool null = x->nullable || x->null;
	bool one = x->absent && (x->null ? strcmp(x->absent, x->null) == 0 :
	    !x->nullable);

	buf_add(b, x->key, x->nkey);
	buf_putc(b, '{');
	put_type(x, null, b);
	if (isfinite(x->min)) {
		json_key(b, "minimum");
		json_num(b, x->min);
	}
	if (isfinite(x->max)) {
		json_key(b, "maximum");
		json_num(b, x->max);
	}
	put_enum(x, null, b);
	if (x->pattern) {
		json_key(b, "pattern");
		json_cstr(b, x->pattern);
	}
	put_member(b, one ? "default" : "x-absent", x->absent);
	put_member(b, "x-null", one ? NULL : x->null);
	put_member(b, "x-unit", x->unit);
	put_member(b, "x-since", x->since);
	put_member(b, "description", x->description);
	buf_putc(b, '}');
}

/* Lists the features that must be there. */
static void
put_required(const struct features *f, struct buf *b)
{
	size_t i;

	json_key(b, "required");
	buf_putc(b, '[');
	for (i = 0; i < f->n; i++)
		if (!f->v[i].absent) {
			json_sep(b);
			json_cstr(b, f->v[i].name);
		}
	buf_putc(b, ']');
}

int
schema_write(const struct features *f, struct buf *b, struct fail *why)
{
	size_t i, needed = 0;

	for (i = 0; i < f->n; i++)
		needed += !f->v[i].absent;
	buf_str_add(b, "{\"$schema\":\"" DRAFT "\",\"type\":\"object\","
	    "\"properties\":{\n\"contactId\":{\"type\":\"string\","
	    "\"pattern\":\"[^ \\\\t\\\\r\\\\n]\"},\n\"features\":{\"type\":");
	buf_str_add(b, needed ? "\"object\"" : "[\"object\",\"null\"]");
	buf_str_add(b, ",\"properties\":{");
	for (i = 0; i < f->n; i++) {
		buf_str_add(b, i ? ",\n" : "\n");
		put_feature(&f->v[i], b);
	}
	buf_str_add(b, "},\n\"additionalProperties\":false,");
	buf_addf(b, "\"maxProperties\":%d", FEATURES_MAX);
	put_required(f, b);
	buf_str_add(b, needed ? "}},\n\"required\":[\"contactId\","
	    "\"features\"]}\n" : "}},\n\"required\":[\"contactId\"]}\n");
	return b->err ? fail(why, EXIT_MACHINE, "out of memory") : 0;
}

int
score_schema(const struct score_opts *o, const char *file)
{
	struct buf b = BUF_INIT(BUF_DOC);
	struct features f;
	struct fail why;
	int code = 0;

	if (features_load(&f, file, &why) < 0 ||
	    schema_write(&f, &b, &why) < 0 ||
	    out_file(o->filter.output, b.p, b.len, o->filter.if_changed ?
	    OUT_IF_CHANGED : 0, &why) < 0)
		code = msg_fail(&why);
	features_free(&f);
	buf_free(&b);
	return code;
}

/* ---- a schema as a feature file ---- */

/* What a schema says of one feature. */
struct said {
	struct json_val type, fallback, absent, null;
	bool may_be_null, required;
};

static int
wrong(struct json_val name, const char *what, struct fail *why)
{
	return fail(why, EXIT_USAGE, "feature %.*s: %s",
	    (int)(name.n > 100 ? 100 : name.n), name.p, what);
}

bool
schema_is(struct json_val v)
{
	struct json_val m;

	return json_get(v, "properties", &m) && !json_get(v, "features", &m);
}

/* A type, or a list of one type and "null". */
static int
read_type(struct said *s, struct json_val name, struct json_val v,
    struct fail *why)
{
	struct json_iter it = json_iter(v);
	int n = 0;

	s->type = v;
	if (json_type(v) != JSON_ARRAY)
		return 0;
	while (json_next(&it))
		if (json_is(it.val, "null")) {
			s->may_be_null = true;
		} else {
			s->type = it.val;
			n++;
		}
	return n == 1 ? 0 : wrong(name, "one type, and null at most, can be "
	    "read", why);
}

static void
put_slice(struct buf *b, const char *name, struct json_val v)
{
	json_key(b, name);
	json_one_line(b, v.p, v.n);
}

static void
put_values(struct buf *b, struct json_val v)
{
	struct json_iter it = json_iter(v);

	json_key(b, "values");
	buf_putc(b, '[');
	while (json_next(&it))
		if (json_type(it.val) != JSON_NULL) {
			json_sep(b);
			json_one_line(b, it.val.p, it.val.n);
		}
	buf_putc(b, ']');
}

static int
read_keyword(struct said *s, struct json_val name, struct json_val key,
    struct json_val v, struct buf *b, struct fail *why)
{
	static const char *const same[][2] = { { "minimum", "min" },
	    { "maximum", "max" }, { "pattern", "pattern" },
	    { "x-unit", "unit" }, { "x-since", "since" },
	    { "description", "description" } };
	size_t i;

	for (i = 0; i < COUNT(same); i++)
		if (json_is(key, same[i][0])) {
			put_slice(b, same[i][1], v);
			return 0;
		}
	if (json_is(key, "type"))
		return read_type(s, name, v, why);
	if (json_is(key, "enum") && json_type(v) == JSON_ARRAY)
		put_values(b, v);
	else if (json_is(key, "default"))
		s->fallback = v;
	else if (json_is(key, "x-absent"))
		s->absent = v;
	else if (json_is(key, "x-null"))
		s->null = v;
	else if (!json_is(key, "title") && !json_is(key, "$comment"))
		return fail(why, EXIT_USAGE, "feature %.*s: the keyword %.*s "
		    "is not read", (int)(name.n > 100 ? 100 : name.n), name.p,
		    (int)(key.n > 100 ? 100 : key.n), key.p);
	return 0;
}

/* Is a name in the list? However either is spelled. */
static bool
lists(struct json_val list, struct json_val name)
{
	struct buf s = BUF_INIT(BUF_LINE);
	struct json_iter it = json_iter(list);
	bool found = false;

	json_decode(name, &s);
	while (!found && json_next(&it))
		found = json_is_n(it.val, buf_str(&s), s.len);
	buf_free(&s);
	return found;
}

static int
read_property(struct json_val name, struct json_val v, struct json_val needed,
    struct buf *b, struct fail *why)
{
	struct json_iter it = json_iter(v);
	struct said s;

	memset(&s, 0, sizeof s);
	s.required = needed.p && lists(needed, name);
	if (json_type(v) != JSON_OBJECT)
		return wrong(name, "its schema is no object", why);
	json_sep(b);
	json_one_line(b, name.p, name.n);
	buf_str_add(b, ":{");
	while (json_next(&it))
		if (read_keyword(&s, name, it.key, it.val, b, why) < 0)
			return -1;
	if (!s.type.p)
		return wrong(name, "it has no type", why);
	if (!s.absent.p && !s.required)
		s.absent = s.fallback;
	if (!s.null.p && s.may_be_null)
		s.null = s.fallback;
	if (!s.absent.p && !s.required)
		return wrong(name, "it may be absent, and there is no default "
		    "to replace it", why);
	put_slice(b, "type", s.type);
	if (s.absent.p)
		put_slice(b, "absent", s.absent);
	if (s.null.p)
		put_slice(b, "null", s.null);
	else if (s.may_be_null)
		buf_str_add(b, ",\"nullable\":true");
	buf_putc(b, '}');
	return 0;
}

int
schema_read(struct json_val v, struct buf *b, struct fail *why)
{
	struct json_val needed = { NULL, 0 }, inner, all;
	struct json_iter it;

	json_get(v, "properties", &all);
	if (json_get(all, "features", &inner) &&
	    json_get(inner, "properties", &all))
		v = inner;
	json_get(v, "required", &needed);
	if (json_type(all) != JSON_OBJECT)
		return fail(why, EXIT_USAGE, "properties is no object");
	buf_str_add(b, "{\"features\":{");
	for (it = json_iter(all); json_next(&it); )
		if (read_property(it.key, it.val, needed, b, why) < 0)
			return -1;
	buf_str_add(b, "}}");
	return b->err ? fail(why, EXIT_MACHINE, "out of memory") : 0;
}
