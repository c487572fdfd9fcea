/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "put.h"

#include "json/write.h"

#define SHOWN 60                /* bytes of a value in a message */
#define LISTED 1000             /* members that are no features */

void
check_init(struct check *c, struct features *f)
{
	struct buf b = BUF_INIT(BUF_RECORD);

	memset(c, 0, sizeof *c);
	c->features = f;
	c->max_replaced = -1;
	c->error = c->list = c->scratch = b;
}

/* The pointer to what an expression selects, or another; owned by the caller.
 * NULL where memory ends. */
static char *
place(const struct expr *e, const char *otherwise)
{
	struct buf b = BUF_INIT(BUF_LINE);
	bool known = expr_pointer(e, &b);
	char *at = b.err ? NULL : strdup(known ? buf_str(&b) : otherwise);

	buf_free(&b);
	return at;
}

int
check_open(struct check *c, const char *id, const char *from,
    struct fail *why)
{
	if (expr_open(&c->id, id, "--id", why) < 0 ||
	    expr_open(&c->from, from, "--from", why) < 0)
		return -1;
	c->id_at = place(c->id, "/contactId");
	c->from_at = place(c->from, "/features");
	return c->id_at && c->from_at ? 0 :
	    fail(why, EXIT_MACHINE, "out of memory");
}

void
check_free(struct check *c)
{
	free(c->id_at);
	free(c->from_at);
	expr_close(c->id);
	expr_close(c->from);
	buf_free(&c->error);
	buf_free(&c->list);
	buf_free(&c->scratch);
}

/* ---- what is wrong ---- */

/* v.p NULL: there is no value. */
static void
blame(struct check *c, const char *at, const char *name, size_t n,
    const char *rule, struct json_val v, const char *text)
{
	size_t shown = v.n > SHOWN ? json_utf8(v.p, SHOWN) : v.n;

	buf_clear(&c->scratch);
	buf_str_add(&c->scratch, at);
	if (name)
		expr_token(&c->scratch, name, n);
	if (!c->rule)
		c->rule = rule;
	else
		buf_str_add(&c->error, "; ");
	buf_add(&c->error, c->scratch.p, c->scratch.len);
	buf_str_add(&c->error, c->scratch.len ? ": " : "");
	if (v.p) {
		buf_add(&c->error, v.p, shown);
		buf_str_add(&c->error, shown < v.n ? "... " : " ");
	}
	buf_str_add(&c->error, text);
	json_sep(&c->list);
	buf_str_add(&c->list, "{\"pointer\":");
	json_str(&c->list, c->scratch.p, c->scratch.len);
	json_key(&c->list, "rule");
	json_cstr(&c->list, rule);
	if (v.p) {
		json_key(&c->list, "value");
		json_one_line(&c->list, v.p, v.n);
	}
	buf_putc(&c->list, '}');
}

static const struct json_val none = { NULL, 0 };

/* ---- a contact ---- */

/* Nothing but blanks, however they are spelled? */
static bool
is_blank(struct check *c, struct json_val s)
{
	const char *p = s.p + 1;
	size_t i;

	while (*p == ' ')
		p++;
	if (*p != '\\')
		return *p == '"';
	buf_clear(&c->scratch);
	json_decode(s, &c->scratch);
	for (i = 0; i < c->scratch.len; i++)
		if (!strchr(" \t\r\n", c->scratch.p[i]))
			return false;
	return true;
}

static int
check_id(struct check *c, struct json_val v)
{
	if (json_type(v) == JSON_NULL)
		blame(c, c->id_at, NULL, 0, "missing", none, "is missing");
	else if (json_type(v) != JSON_STRING)
		blame(c, c->id_at, NULL, 0, "type", v, "is no string");
	else if (is_blank(c, v))
		blame(c, c->id_at, NULL, 0, "empty", v, "is empty");
	else
		return 0;
	return 1;
}

/* Which feature a member names; MAP_NONE: none. Most contacts have theirs in
 * the file's order, so next is tried first. */
static uint32_t
find_feature(struct check *c, struct json_val key, uint32_t next,
    const char **name, size_t *n)
{
	const struct feature *x = &c->features->v[next];

	*name = key.p + 1;
	*n = key.n - 2;
	if (next < c->features->n && x->nname == *n &&
	    memcmp(x->name, *name, *n) == 0 && !memchr(*name, '\\', *n))
		return next;
	if (memchr(*name, '\\', *n)) {
		buf_clear(&c->scratch);
		json_decode(key, &c->scratch);
		*name = buf_str(&c->scratch);
		*n = c->scratch.len;
	}
	return map_find(&c->features->names, *name, *n);
}

/* Sorts the members to their features. Returns how much is wrong. */
static int
gather(struct check *c, struct json_val object,
    struct json_val found[FEATURES_MAX])
{
	struct json_iter it = json_iter(object);
	struct buf copy = BUF_INIT(BUF_LINE);
	const char *name;
	char text[96];
	uint32_t i, next = 0;
	size_t n;
	int members = 0, wrong = 0;

	for (;;) {
		if (next < c->features->n && json_next_is(&it,
		    c->features->v[next].key, c->features->v[next].nkey)) {
			found[next++] = it.val;
			members++;
			continue;
		}
		if (!json_next(&it))
			break;
		members++;
		i = find_feature(c, it.key, next, &name, &n);
		if (i != MAP_NONE) {
			found[i] = it.val;
			next = i + 1;
			continue;
		}
		if (wrong++ >= LISTED)
			continue;
		buf_clear(&copy);
		buf_add(&copy, name, n);
		blame(c, c->from_at, buf_str(&copy), copy.len, "extra", none,
		    "is no feature of the model");
	}
	buf_free(&copy);
	if (members <= FEATURES_MAX)
		return wrong;
	snprintf(text, sizeof text, "%d features are more than %d", members,
	    FEATURES_MAX);
	blame(c, c->from_at, NULL, 0, "too-many-features", none, text);
	return wrong + 1;
}

/* What stands for a feature: its own value, or what replaces it. Counts what
 * is wrong with it. */
static int
settle(struct check *c, uint32_t i, struct json_val *v)
{
	struct feature *x = &c->features->v[i];
	bool null = v->p && *v->p == 'n';
	const char *instead = !v->p ? x->absent : null ? x->null : NULL;
	struct breach b;

	if (null && x->nullable && !instead)
		return 0;
	if (instead) {
		v->p = instead;
		v->n = strlen(instead);
		c->replaced |= UINT64_C(1) << i;
		return 0;
	}
	if (!v->p)
		blame(c, c->from_at, x->name, strlen(x->name), "missing",
		    none, "is missing");
	else if (null)
		blame(c, c->from_at, x->name, strlen(x->name), "null", *v,
		    "is not allowed");
	else if (!feature_allows(c->features, x, *v, &b))
		blame(c, c->from_at, x->name, strlen(x->name), b.rule, *v,
		    b.text);
	else
		return 0;
	return 1;
}

static int
count_bits(uint64_t v)
{
	int n = 0;

	for (; v; v &= v - 1)
		n++;
	return n;
}

#define HEAD "{\"contactId\":"
#define MIDDLE ",\"features\":{"

static void
put_contact(struct check *c, struct json_val id, const struct json_val *v,
    struct buf *text)
{
	size_t need = sizeof HEAD MIDDLE "}}" + id.n, i;

	for (i = 0; i < c->features->n; i++)
		need += c->features->v[i].nkey + v[i].n + 1;
	if (buf_reserve(text, need) < 0)
		return;
	PUT(text, HEAD);
	put(text, id.p, id.n);
	PUT(text, MIDDLE);
	for (i = 0; i < c->features->n; i++) {
		if (i)
			PUT(text, ",");
		put(text, c->features->v[i].key, c->features->v[i].nkey);
		put(text, v[i].p, v[i].n);
	}
	PUT(text, "}}");
}

int
check_contact(struct check *c, struct json_val record,
    const struct json_members *m, struct buf *text, struct fail *why)
{
	struct json_val found[FEATURES_MAX], object;
	int wrong, n;
	uint32_t i;

	buf_clear(&c->error);
	buf_clear(&c->list);
	buf_putc(&c->list, '[');
	c->rule = NULL;
	c->replaced = 0;
	memset(found, 0, c->features->n * sizeof *found);
	if (json_type(record) != JSON_OBJECT) {
		c->contact = none;
		blame(c, "", NULL, 0, "not-an-object", none,
		    "a contact is an object");
		wrong = 1;
	} else if (expr_one_in(c->id, record, m, &c->contact, why) < 0 ||
	    expr_one_in(c->from, record, m, &object, why) < 0) {
		if (why->code != EXIT_DATA)
			return -1;
		c->contact = none;
		blame(c, "", NULL, 0, "expression", none, why->text);
		wrong = 1;
	} else {
		wrong = check_id(c, c->contact);
		if (json_type(object) == JSON_OBJECT ||
		    json_type(object) == JSON_NULL) {
			wrong += json_type(object) == JSON_NULL ? 0 :
			    gather(c, object, found);
			for (i = 0; i < c->features->n; i++)
				wrong += settle(c, i, &found[i]);
		} else {
			blame(c, c->from_at, NULL, 0, "type", object,
			    "is no object");
			wrong++;
		}
	}
	n = count_bits(c->replaced);
	if (wrong == 0 && c->max_replaced >= 0 && n > c->max_replaced) {
		blame(c, c->from_at, NULL, 0, "too-many-replaced", none,
		    "more features are replaced than --max-impute allows");
		wrong = 1;
	}
	buf_putc(&c->list, ']');
	if (wrong == 0)
		put_contact(c, c->contact, found, text);
	return c->error.err || c->list.err || text->err ?
	    fail(why, EXIT_MACHINE, "out of memory") : wrong;
}
