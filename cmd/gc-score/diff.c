/* SPDX-License-Identifier: GPL-3.0-or-later */
/* diff.c -- --diff: does what was right for one feature file stay right for
 * the next?
 *
 * A change breaks where a contact that passed the old file could be refused
 * by the new one, or where a number means something else (its unit). */
#include "score.h"

#include "base/msg.h"
#include "json/key.h"
#include "json/write.h"

struct diff {
	struct buf b;
	const char *feature;
	uint64_t breaking;
};

static void
say(struct diff *d, const char *change, bool breaking, const char *was,
    const char *is)
{
	d->breaking += breaking;
	buf_str_add(&d->b, "{\"feature\":");
	json_cstr(&d->b, d->feature);
	json_key(&d->b, "change");
	json_cstr(&d->b, change);
	json_key(&d->b, "breaking");
	json_bool(&d->b, breaking);
	if (was) {
		json_key(&d->b, "old");
		buf_str_add(&d->b, was);
	}
	if (is) {
		json_key(&d->b, "new");
		buf_str_add(&d->b, is);
	}
	buf_str_add(&d->b, "}\n");
}

/* Two texts as JSON strings, either NULL where there is none. */
static void
say_text(struct diff *d, const char *change, bool breaking, const char *was,
    const char *is)
{
	struct buf p = BUF_INIT(BUF_CONF), q = BUF_INIT(BUF_CONF);

	if (was)
		json_cstr(&p, was);
	if (is)
		json_cstr(&q, is);
	say(d, change, breaking, was ? buf_str(&p) : NULL,
	    is ? buf_str(&q) : NULL);
	buf_free(&p);
	buf_free(&q);
}

static bool
same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* The same value, however it is spelled? */
static bool
same_value(const char *a, const char *b)
{
	struct buf p = BUF_INIT(BUF_CONF), q = BUF_INIT(BUF_CONF);
	struct json_val v = { a, a ? strlen(a) : 0 }, w = { b, b ? strlen(b) :
	    0 };
	bool yes = !a == !b;

	if (a && b)
		yes = key_add(&p, v) == 0 && key_add(&q, w) == 0 &&
		    p.len == q.len && memcmp(p.p, q.p, p.len) == 0;
	buf_free(&p);
	buf_free(&q);
	return yes;
}

static void
diff_bound(struct diff *d, const char *change, double was, double is,
    bool tighter)
{
	struct buf p = BUF_INIT(BUF_LINE), q = BUF_INIT(BUF_LINE);

	if (was != is) {
		json_num(&p, was);
		json_num(&q, is);
		say(d, change, tighter, buf_str(&p), buf_str(&q));
	}
	buf_free(&p);
	buf_free(&q);
}

static size_t
missing(const struct map *from, const struct map *in)
{
	size_t n = 0;
	uint32_t i;

	for (i = 0; i < from->n; i++)
		n += map_find(in, from->keys[i].p, from->keys[i].len) ==
		    MAP_NONE;
	return n;
}

static void
diff_values(struct diff *d, const struct feature *a, const struct feature *b)
{
	size_t gone = missing(&a->values, &b->values);
	size_t come = missing(&b->values, &a->values);
	char was[32], is[32];

	if (!gone && !come)
		return;
	snprintf(was, sizeof was, "%" PRIu32, a->values.n);
	snprintf(is, sizeof is, "%" PRIu32, b->values.n);
	if (!a->values.n)
		say(d, "values", true, NULL, is);
	else if (!b->values.n)
		say(d, "values", false, was, NULL);
	else
		say(d, "values", gone > 0, was, is);
}

static void
diff_feature(struct diff *d, const struct feature *a, const struct feature *b)
{
	d->feature = a->name;
	if (a->type != b->type)
		say_text(d, "type", !(a->type == FEATURE_INTEGER &&
		    b->type == FEATURE_NUMBER), feature_type_name(a->type),
		    feature_type_name(b->type));
	diff_bound(d, "min", a->min, b->min, b->min > a->min);
	diff_bound(d, "max", a->max, b->max, b->max < a->max);
	diff_values(d, a, b);
	if (!same(a->pattern, b->pattern))
		say_text(d, "pattern", b->pattern != NULL, a->pattern,
		    b->pattern);
	if (!same_value(a->absent, b->absent))
		say(d, "absent", !b->absent, a->absent, b->absent);
	if (!same_value(a->null, b->null))
		say(d, "null", !b->null && !b->nullable, a->null, b->null);
	if (a->nullable != b->nullable)
		say(d, "nullable", a->nullable && !b->null, a->nullable ?
		    "true" : "false", b->nullable ? "true" : "false");
	if (!same(a->unit, b->unit))
		say(d, "unit", true, a->unit, b->unit);
}

static void
diff_files(struct diff *d, const struct features *a, const struct features *b)
{
	const struct feature *x;
	uint32_t k;
	size_t i;

	for (i = 0; i < a->n; i++) {
		x = &a->v[i];
		k = map_find(&b->names, x->name, strlen(x->name));
		d->feature = x->name;
		if (k == MAP_NONE)
			say_text(d, "removed", true,
			    feature_type_name(x->type), NULL);
		else
			diff_feature(d, x, &b->v[k]);
	}
	for (i = 0; i < b->n; i++) {
		x = &b->v[i];
		d->feature = x->name;
		if (map_find(&a->names, x->name, strlen(x->name)) == MAP_NONE)
			say_text(d, "added", !x->absent, NULL,
			    feature_type_name(x->type));
	}
}

int
score_diff(const struct score_opts *o, const char *old_file,
    const char *new_file)
{
	struct diff d = { BUF_INIT(BUF_DOC), NULL, 0 };
	struct features a, b;
	struct fail why;
	int code = 0;

	memset(&b, 0, sizeof b);
	if (features_load(&a, old_file, &why) < 0 ||
	    features_load(&b, new_file, &why) < 0) {
		code = msg_fail(&why);
	} else {
		struct out out;

		diff_files(&d, &a, &b);
		if (d.b.err)
			code = msg_fail((fail(&why, EXIT_MACHINE,
			    "out of memory"), &why));
		else if (out_open(&out, o->filter.output, 0, &why) < 0 ||
		    out_write(&out, d.b.p, d.b.len, &why) < 0 ||
		    out_close(&out, &why) < 0)
			code = msg_fail(&why);
	}
	features_free(&a);
	features_free(&b);
	buf_free(&d.b);
	return code ? code : o->exit_code && d.breaking ? EXIT_NO : 0;
}
