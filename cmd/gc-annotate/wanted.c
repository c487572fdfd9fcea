/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wanted.h"

#include "json/write.h"
#include "net/digest.h"

#define SHOWN 64                /* bytes of a name in a message */

static int
no_memory(struct fail *why)
{
	return fail(why, EXIT_MACHINE, "out of memory");
}

void
wanted_init(struct wanted *w)
{
	struct buf text = BUF_INIT(BUF_RECORD);

	memset(w, 0, sizeof *w);
	w->text = text;
}

void
wanted_free(struct wanted *w)
{
	free(w->v);
	buf_free(&w->text);
}

static const char *
name_of(const struct wanted *w, const struct want *want)
{
	return w->text.p + want->name;
}

static struct json_val
value_of(const struct wanted *w, const struct want *want)
{
	struct json_val v = { w->text.p + want->value, want->value_len };

	return v;
}

/* ---- reading ---- */

static int
shown(size_t n)
{
	return (int)(n < SHOWN ? n : SHOWN);
}

static int
check_name(const char *p, size_t n, const struct limits *limits,
    struct fail *why)
{
	size_t own = limits->own ? strlen(limits->own) : 0;

	if (n == 0)
		return fail(why, EXIT_DATA, "an attribute without a name");
	if (limits->name && n > limits->name)
		return fail(why, EXIT_DATA, "the attribute name %.*s... is %zu "
		    "bytes long, %" PRIu64 " are allowed (--max-name)",
		    shown(n), p, n, limits->name);
	if (own > n || (own && memcmp(p, limits->own, own) != 0))
		return fail(why, EXIT_DATA, "the attribute %.*s is not ours: "
		    "its name does not begin with %s (--own)", shown(n), p,
		    limits->own);
	return 0;
}

static struct want *
new_want(struct wanted *w)
{
	size_t cap = w->cap ? 2 * w->cap : 8;
	struct want *more;

	if (w->n == w->cap) {
		if (!(more = realloc(w->v, cap * sizeof *more)))
			return NULL;
		w->v = more;
		w->cap = cap;
	}
	return &w->v[w->n++];
}

static int
add_want(struct wanted *w, struct json_val set, const struct json_iter *it,
    bool clear, const struct limits *limits, struct fail *why)
{
	size_t from = w->text.len;
	struct json_val last;
	struct want *want;

	json_decode(it->key, &w->text);
	buf_reserve(&w->text, 1);       /* p is there, also for "" */
	if (w->text.err)
		return no_memory(why);
	if ((merge_is_nothing(it->val) && !clear) || !json_get_n(set,
	    w->text.p + from, w->text.len - from, &last) ||
	    last.p != it->val.p) {
		w->text.len = from;     /* nothing, or not the last one */
		return 0;
	}
	if (check_name(w->text.p + from, w->text.len - from, limits, why) < 0)
		return -1;
	if (!(want = new_want(w)))
		return no_memory(why);
	want->name = from;
	want->name_len = w->text.len - from;
	want->value = w->text.len;
	json_one_line(&w->text, it->val.p, it->val.n);
	want->value_len = w->text.len - want->value;
	return w->text.err ? no_memory(why) : 0;
}

int
wanted_read(struct wanted *w, struct json_val set, bool clear,
    const struct limits *limits, struct fail *why)
{
	struct json_iter it;

	w->n = 0;
	buf_clear(&w->text);
	if (json_type(set) == JSON_NULL)
		return 0;
	if (json_type(set) != JSON_OBJECT)
		return fail(why, EXIT_DATA, "the attributes are no object");
	it = json_iter(set);
	while (json_next(&it))
		if (add_want(w, set, &it, clear, limits, why) < 0)
			return -1;
	return 0;
}

int
wanted_digest(const struct wanted *w, struct json_val id, uint32_t nth,
    char hex[WANTED_DIGEST], struct fail *why)
{
	char all[DIGEST_HEX];
	struct digest d;
	size_t i;

	if (digest_init(&d, why) < 0)
		return -1;
	digest_add(&d, id.p, id.n);
	for (i = 0; i < w->n; i++) {
		/* no JSON value begins with these bytes */
		digest_add(&d, "\0", 1);
		digest_add(&d, name_of(w, &w->v[i]), w->v[i].name_len);
		digest_add(&d, "\1", 1);
		digest_add(&d, value_of(w, &w->v[i]).p, w->v[i].value_len);
	}
	if (nth > 1) {
		digest_add(&d, "\2", 1);
		digest_add(&d, (const char *)&nth, sizeof nth);
	}
	if (digest_end(&d, all, why) < 0)
		return -1;
	memcpy(hex, all, WANTED_DIGEST - 1);
	hex[WANTED_DIGEST - 1] = '\0';
	return 0;
}

/* ---- what is to be written ---- */

void
changes_init(struct changes *c)
{
	struct buf b = BUF_INIT(BUF_RECORD);

	c->set = c->before = c->value = b;
	c->n = 0;
}

void
changes_free(struct changes *c)
{
	buf_free(&c->set);
	buf_free(&c->before);
	buf_free(&c->value);
}

/* A string's first code points that fit, as JSON. */
static int
cut_string(struct buf *value, size_t max)
{
	struct json_val v = { value->p, value->len };
	struct buf text = BUF_INIT(BUF_RECORD);
	size_t n;

	if (json_decode(v, &text) < 0) {
		buf_free(&text);
		return -1;
	}
	for (n = text.len; ; ) {
		buf_clear(value);
		json_str(value, text.p, n);
		if (value->len <= max || n == 0)
			break;
		n -= (value->len - max + 5) / 6 < n ?
		    (value->len - max + 5) / 6 : n;  /* 6: \u0001 */
		while (n > 0 && ((unsigned char)text.p[n] & 0xc0) == 0x80)
			n--;
	}
	buf_free(&text);
	return value->err ? -1 : 0;
}

/* A list's first elements that fit. */
static int
cut_list(struct buf *value, size_t max)
{
	struct json_val v = { value->p, value->len };
	struct json_iter it = json_iter(v);
	struct buf cut = BUF_INIT(BUF_RECORD);

	buf_putc(&cut, '[');
	/* a comma, but before the first, and the bracket */
	while (json_next(&it) && cut.len + it.val.n + 1 + (cut.len > 1) <=
	    max) {
		json_sep(&cut);
		json_raw(&cut, it.val);
	}
	buf_putc(&cut, ']');
	buf_free(value);
	*value = cut;
	return value->err ? -1 : 0;
}

/* Holds a merged value to the limit. Returns 0 or -1. */
static int
check_value(struct buf *value, const char *name, size_t n,
    const struct limits *limits, struct fail *why)
{
	size_t was = value->len;

	if (!limits->value || was <= limits->value)
		return 0;
	if (limits->truncate && value->p[0] == '"' &&
	    cut_string(value, (size_t)limits->value) < 0)
		return no_memory(why);
	if (limits->truncate && value->p[0] == '[' &&
	    cut_list(value, (size_t)limits->value) < 0)
		return no_memory(why);
	if (value->len <= limits->value && value->len > 2)
		return 0;
	return fail(why, EXIT_DATA, "the attribute %.*s is %zu bytes long, %"
	    PRIu64 " are allowed (--max-value%s)", shown(n), name, was,
	    limits->value, limits->truncate ? "" : "; --truncate cuts");
}

static int
count_names(struct json_val there)
{
	struct json_iter it;
	int n = 0;

	if (there.p)
		for (it = json_iter(there); json_next(&it); )
			n++;
	return n;
}

/* One attribute. Returns 1 where it is a new name, 0, or -1. */
static int
change(struct changes *c, const struct wanted *w, const struct want *want,
    struct json_val there, const struct policies *policies,
    const struct limits *limits, struct fail *why)
{
	const char *name = name_of(w, want);
	struct json_val have = { NULL, 0 }, v;
	bool is_there = there.p && json_get_n(there, name, want->name_len,
	    &have);
	int r;

	r = merge_value(policies_get(policies, name, want->name_len), have,
	    value_of(w, want), &c->value);
	if (r <= 0)
		return r < 0 ? no_memory(why) : 0;
	if (check_value(&c->value, name, want->name_len, limits, why) < 0)
		return -1;
	v.p = c->value.p;
	v.n = c->value.len;
	if ((r = merge_same(have, v)) != 0)     /* as it was cut before */
		return r < 0 ? no_memory(why) : 0;
	json_sep(&c->set);
	json_str(&c->set, name, want->name_len);
	buf_putc(&c->set, ':');
	json_raw(&c->set, v);
	json_sep(&c->before);
	json_str(&c->before, name, want->name_len);
	buf_putc(&c->before, ':');
	if (is_there)
		json_one_line(&c->before, have.p, have.n);
	else
		buf_str_add(&c->before, "null");
	c->n++;
	return !is_there;
}

int
changes_make(struct changes *c, const struct wanted *w, struct json_val there,
    const struct policies *policies, const struct limits *limits,
    struct fail *why)
{
	int64_t names = count_names(there);
	size_t i;
	int r;

	buf_clear(&c->set);
	buf_clear(&c->before);
	c->n = 0;
	buf_putc(&c->set, '{');
	buf_putc(&c->before, '{');
	for (i = 0; i < w->n; i++) {
		r = change(c, w, &w->v[i], there, policies, limits, why);
		if (r < 0)
			return -1;
		names += r;
	}
	buf_putc(&c->set, '}');
	buf_putc(&c->before, '}');
	if (c->set.err || c->before.err)
		return no_memory(why);
	if (c->n && limits->names && names > limits->names)
		return fail(why, EXIT_DATA, "there would be %" PRId64
		    " attributes, %" PRId64 " are allowed (--max-attributes)",
		    names, limits->names);
	return 0;
}
