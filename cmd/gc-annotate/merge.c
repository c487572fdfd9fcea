/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "merge.h"

#include "base/map.h"
#include "json/key.h"
#include "json/write.h"

static const struct json_val null_value = { "null", 4 };

static const struct {
	const char *name;
	enum policy policy;
} names[] = {
	{ "replace", POLICY_REPLACE },
	{ "union", POLICY_UNION },
	{ "max", POLICY_MAX },
	{ "keep", POLICY_KEEP },
};

/* ---- which policy ---- */

int
policies_parse(struct policies *p, const struct opt_list *texts,
    struct fail *why)
{
	const char *text, *eq, *word;
	size_t i, k;

	memset(p, 0, sizeof *p);
	p->v = calloc(texts->n + 1, sizeof *p->v);
	if (!p->v)
		return fail(why, EXIT_MACHINE, "out of memory");
	for (i = 0; i < texts->n; i++) {
		text = texts->v[i];
		eq = strrchr(text, '=');
		word = eq ? eq + 1 : text;
		for (k = 0; k < COUNT(names); k++)
			if (strcmp(word, names[k].name) == 0)
				break;
		if (k == COUNT(names) || eq == text)
			return fail(why, EXIT_USAGE, "--merge takes replace, "
			    "union, max or keep, with NAME= before it for "
			    "one attribute, not '%s'", text);
		if (eq) {
			p->v[p->n].name = text;
			p->v[p->n].n = (size_t)(eq - text);
			p->v[p->n++].policy = names[k].policy;
		} else {
			p->otherwise = names[k].policy;
		}
	}
	return 0;
}

enum policy
policies_get(const struct policies *p, const char *name, size_t n)
{
	size_t i;

	for (i = p->n; i-- > 0; )
		if (p->v[i].n == n && memcmp(p->v[i].name, name, n) == 0)
			return p->v[i].policy;
	return p->otherwise;
}

void
policies_free(struct policies *p)
{
	free(p->v);
	memset(p, 0, sizeof *p);
}

/* ---- values ---- */

bool
merge_is_nothing(struct json_val v)
{
	struct json_iter it;

	if (!v.p || json_type(v) == JSON_NULL)
		return true;
	if (json_type(v) != JSON_ARRAY)
		return false;
	it = json_iter(v);
	return !json_next(&it);
}

/* The keys of two values. Returns 0 or -1; both are to be freed. */
static int
keys_of(struct json_val a, struct json_val b, struct buf *x, struct buf *y)
{
	struct buf empty = BUF_INIT(BUF_RECORD);

	*x = *y = empty;
	return key_add(x, a.p ? a : null_value) < 0 ||
	    key_add(y, b.p ? b : null_value) < 0 ? -1 : 0;
}

int
merge_same(struct json_val a, struct json_val b)
{
	struct buf x, y;
	int r = keys_of(a, b, &x, &y);

	if (r == 0)
		r = x.len == y.len && memcmp(x.p, y.p, x.len) == 0;
	buf_free(&x);
	buf_free(&y);
	return r;
}

/* Does a sort after b? Returns 1, 0, or -1 where memory ends. */
static int
is_greater(struct json_val a, struct json_val b)
{
	struct buf x, y;
	int r = keys_of(a, b, &x, &y);

	if (r == 0)
		r = key_cmp(x.p, x.len, y.p, y.len) > 0;
	buf_free(&x);
	buf_free(&y);
	return r;
}

/* ---- union ---- */

struct joining {
	struct buf *out;
	struct buf key;
	struct map seen;
	int added;              /* elements that are new */
};

/* Adds an element; one that is there already stays, doubles and all. */
static int
join_one(struct joining *j, struct json_val v, bool is_there)
{
	bool fresh;

	buf_clear(&j->key);
	if (key_add(&j->key, v) < 0 ||
	    map_add(&j->seen, j->key.p, j->key.len, &fresh) == MAP_NONE)
		return -1;
	if (is_there || fresh) {
		json_sep(j->out);
		json_raw(j->out, v);
		j->added += !is_there;
	}
	return 0;
}

static int
join_all(struct joining *j, struct json_val v, bool is_there)
{
	struct json_iter it;

	if (json_type(v) != JSON_ARRAY)
		return join_one(j, v, is_there);
	it = json_iter(v);
	while (json_next(&it))
		if (join_one(j, it.val, is_there) < 0)
			return -1;
	return 0;
}

/* Returns how many elements came new, or -1. */
static int
join(struct json_val have, struct json_val want, struct buf *out)
{
	struct joining j = { .out = out, .key = BUF_INIT(BUF_RECORD),
	    .seen = MAP_INIT };
	int r = 0;

	buf_putc(out, '[');
	if (!merge_is_nothing(have))
		r = join_all(&j, have, true);
	if (r == 0)
		r = join_all(&j, want, false);
	buf_putc(out, ']');
	buf_free(&j.key);
	map_free(&j.seen);
	return r < 0 ? -1 : j.added;
}

int
merge_value(enum policy policy, struct json_val have, struct json_val want,
    struct buf *out)
{
	bool none = merge_is_nothing(have), clear = merge_is_nothing(want);
	int n;

	buf_clear(out);
	if (policy == POLICY_EXACT)
		none = clear = false;
	if ((policy == POLICY_KEEP && !none) || (none && clear))
		return 0;
	if (policy == POLICY_UNION && !clear) {
		n = join(have, want, out);
		return n < 0 || out->err ? -1 : n > 0;
	}
	if (policy == POLICY_MAX && !clear && !none)
		n = is_greater(want, have);
	else if ((n = merge_same(have, want)) >= 0)
		n = !n;
	if (n == 1)
		json_raw(out, want);
	return out->err ? -1 : n;
}
