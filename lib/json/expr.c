/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expr.c -- plain paths on the record's own bytes, the rest to libjq.
 *
 * A plain path is a list of steps. Each step takes every value the step
 * before it gave: a key takes a member, an index an element, [] every
 * element or member. null has null members and elements, as in jq; any other
 * kind is an error, or nothing where the step ends in '?'.
 */
#include "json/expr.h"
#include "json/unique.h"

#define MAX_STEPS 64
#define MAX_RESULTS 10000000    /* of one record: a ceiling, not a limit */

struct step {
	enum { STEP_KEY, STEP_INDEX, STEP_EACH } kind;
	bool maybe;             /* '?' */
	const char *key;        /* slice of impl->text */
	size_t n;
	int64_t index;
};

struct expr_impl {
	char *text, *what;      /* owned */
	struct step steps[MAX_STEPS];
	int nsteps;
	struct jq *jq;          /* NULL for a plain path */
	size_t cap;             /* of expr.v */
	struct buf results;     /* libjq's, one after the other */
	struct buf lengths;     /* size_t each */
};

static const struct json_val null_value = { "null", 4 };

/* ---- compiling ---- */

static bool
is_name(char c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	    (!first && c >= '0' && c <= '9');
}

/* A string literal without escapes or interpolation, at its quote. */
static const char *
quoted(const char *p, struct step *s)
{
	s->key = ++p;
	while (*p && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
		p++;
	s->n = (size_t)(p - s->key);
	return *p == '"' ? p + 1 : NULL;
}

/* What stands in brackets, at the '['. */
static const char *
bracket(const char *p, struct step *s)
{
	char *end;

	p++;
	if (*p == ']') {
		s->kind = STEP_EACH;
		return p + 1;
	}
	if (*p == '"') {
		s->kind = STEP_KEY;
		p = quoted(p, s);
		return p && *p == ']' ? p + 1 : NULL;
	}
	if (!isdigit((unsigned char)*p) &&
	    !(*p == '-' && isdigit((unsigned char)p[1])))
		return NULL;
	s->kind = STEP_INDEX;
	s->index = strtoll(p, &end, 10);
	if (end - p > 9 || *end != ']')
		return NULL;
	return end + 1;
}

/* One step after '.': a name, a string or brackets. */
static const char *
dotted(const char *p, struct step *s)
{
	s->kind = STEP_KEY;
	if (*p == '"')
		return quoted(p, s);
	if (!is_name(*p, true))
		return NULL;
	s->key = p;
	while (is_name(*p, false))
		p++;
	s->n = (size_t)(p - s->key);
	return p;
}

/* Is the text a plain path? Fills the steps. */
static bool
parse_path(struct expr_impl *e)
{
	const char *p = e->text;
	bool first = true;

	if (*p != '.')
		return false;
	if (!p[1])
		return true;            /* the record itself */
	for (; *p; first = false) {
		struct step *s = &e->steps[e->nsteps];

		if (e->nsteps == MAX_STEPS)
			return false;
		memset(s, 0, sizeof *s);
		if (*p == '[' && !first)
			p = bracket(p, s);
		else if (*p == '.' && p[1] == '[' && first)
			p = bracket(p + 1, s);
		else if (*p == '.')
			p = dotted(p + 1, s);
		else
			p = NULL;
		if (!p)
			return false;
		if (*p == '?') {
			s->maybe = true;
			p++;
		}
		e->nsteps++;
	}
	return true;
}

/* A copy of text without white space around it. */
static char *
trimmed(const char *text)
{
	size_t n;
	char *copy;

	while (*text == ' ' || *text == '\t' || *text == '\n')
		text++;
	n = strlen(text);
	while (n && (text[n - 1] == ' ' || text[n - 1] == '\t' ||
	    text[n - 1] == '\n'))
		n--;
	copy = malloc(n + 1);
	if (copy) {
		memcpy(copy, text, n);
		copy[n] = '\0';
	}
	return copy;
}

int
expr_open(struct expr **out, const char *text, const char *what,
    struct fail *why)
{
	struct buf results = BUF_INIT(BUF_DOC), lengths = BUF_INIT(BUF_DOC);
	struct expr *e = calloc(1, sizeof *e);
	struct expr_impl *x = calloc(1, sizeof *x);

	*out = NULL;
	if (!e || !x || !(x->text = trimmed(text)) ||
	    !(x->what = strdup(what))) {
		if (x) {
			free(x->text);
			free(x->what);
		}
		free(x);
		free(e);
		return fail(why, EXIT_MACHINE, "out of memory");
	}
	e->impl = x;
	x->results = results;
	x->lengths = lengths;
	if (!parse_path(x) &&
	    jq_open(&x->jq, x->text, what, NULL, why) < 0) {
		expr_close(e);
		return -1;
	}
	*out = e;
	return 0;
}

bool
expr_is_path(const struct expr *e)
{
	return !e->impl->jq;
}

void
expr_token(struct buf *b, const char *p, size_t n)
{
	size_t i;

	buf_putc(b, '/');
	for (i = 0; i < n; i++)
		if (p[i] == '~')
			buf_str_add(b, "~0");
		else if (p[i] == '/')
			buf_str_add(b, "~1");
		else
			buf_putc(b, p[i]);
}

bool
expr_pointer(const struct expr *e, struct buf *b)
{
	const struct expr_impl *x = e->impl;
	int i;

	for (i = 0; i < x->nsteps; i++)
		if (x->steps[i].kind == STEP_EACH ||
		    (x->steps[i].kind == STEP_INDEX && x->steps[i].index < 0))
			return false;
	if (x->jq)
		return false;
	for (i = 0; i < x->nsteps; i++)
		if (x->steps[i].kind == STEP_INDEX)
			buf_addf(b, "/%" PRId64, x->steps[i].index);
		else
			expr_token(b, x->steps[i].key, x->steps[i].n);
	return !b->err;
}

void
expr_close(struct expr *e)
{
	if (!e)
		return;
	jq_close(e->impl->jq);
	buf_free(&e->impl->results);
	buf_free(&e->impl->lengths);
	free(e->impl->text);
	free(e->impl->what);
	free(e->impl);
	free(e->v);
	free(e);
}

/* ---- evaluating ---- */

static int
add_result(struct expr *e, struct json_val v, struct fail *why)
{
	if (e->n == e->impl->cap) {
		size_t cap = e->impl->cap ? e->impl->cap * 2 : 4;
		struct json_val *p;

		if (cap > MAX_RESULTS)
			return fail(why, EXIT_DATA, "%s: more than %d results",
			    e->impl->what, MAX_RESULTS);
		p = realloc(e->v, cap * sizeof *p);
		if (!p)
			return fail(why, EXIT_MACHINE, "out of memory");
		e->v = p;
		e->impl->cap = cap;
	}
	e->v[e->n++] = v;
	return 0;
}

static const char *
kind_name(struct json_val v)
{
	static const char *const names[] = {
		"null", "boolean", "boolean", "number", "string", "array",
		"object"
	};

	return names[json_type(v)];
}

static int
no_member(const struct expr *e, const struct step *s, struct json_val v,
    struct fail *why)
{
	if (s->maybe)
		return 0;
	if (s->kind == STEP_EACH)
		return fail(why, EXIT_DATA, "%s: cannot iterate over %s",
		    e->impl->what, kind_name(v));
	if (s->kind == STEP_INDEX)
		return fail(why, EXIT_DATA, "%s: cannot index %s with number",
		    e->impl->what, kind_name(v));
	return fail(why, EXIT_DATA, "%s: cannot index %s with \"%.*s\"",
	    e->impl->what, kind_name(v), (int)s->n, s->key);
}

static struct json_val
element(struct json_val v, int64_t index)
{
	struct json_iter it = json_iter(v);
	int64_t n = 0;

	if (index < 0) {
		while (json_next(&it))
			n++;
		index += n;
		it = json_iter(v);
		if (index < 0)
			return null_value;
	}
	while (json_next(&it))
		if (index-- == 0)
			return it.val;
	return null_value;
}

static int walk(struct expr *e, int at, struct json_val v, struct fail *why);

/* Every member of an object, each name once. */
static int
each_member(struct expr *e, int at, struct json_val v, struct fail *why)
{
	struct unique u = UNIQUE_INIT;
	uint32_t i;
	int r = 0;

	if (unique_members(&u, v) < 0)
		r = fail(why, EXIT_MACHINE, "out of memory");
	for (i = 0; r == 0 && i < u.names.n; i++)
		r = walk(e, at + 1, u.vals[i], why);
	unique_free(&u);
	return r;
}

static int
each(struct expr *e, int at, struct json_val v, struct fail *why)
{
	struct json_iter it = json_iter(v);

	if (json_type(v) == JSON_OBJECT)
		return each_member(e, at, v, why);
	while (json_next(&it))
		if (walk(e, at + 1, it.val, why) < 0)
			return -1;
	return 0;
}

/* The steps from at on, for one value. As deep as the path is long. */
static int
walk(struct expr *e, int at, struct json_val v, struct fail *why)
{
	const struct step *s;
	struct json_val next;
	enum json_type t;

	for (; at < e->impl->nsteps; at++) {
		s = &e->impl->steps[at];
		t = json_type(v);
		if (s->kind == STEP_EACH) {
			if (t != JSON_ARRAY && t != JSON_OBJECT)
				return no_member(e, s, v, why);
			return each(e, at, v, why);
		}
		if (t == JSON_NULL) {
			v = null_value;
			continue;
		}
		if (s->kind == STEP_KEY) {
			if (t != JSON_OBJECT)
				return no_member(e, s, v, why);
			v = json_get_n(v, s->key, s->n, &next) ? next :
			    null_value;
		} else {
			if (t != JSON_ARRAY)
				return no_member(e, s, v, why);
			v = element(v, s->index);
		}
	}
	return add_result(e, v, why);
}

static int
keep(void *ctx, struct json_val v)
{
	struct expr_impl *x = ctx;

	return x->lengths.len / sizeof v.n >= MAX_RESULTS ||
	    buf_add(&x->results, v.p, v.n) < 0 ||
	    buf_add(&x->lengths, &v.n, sizeof v.n) < 0;
}

static int
through_jq(struct expr *e, struct json_val record, struct fail *why)
{
	struct expr_impl *x = e->impl;
	struct json_val v;
	size_t i;
	int r;

	buf_clear(&x->results);
	buf_clear(&x->lengths);
	if ((r = jq_run(x->jq, record.p, record.n, keep, x, why)) < 0)
		return -1;
	if (x->results.err == ENOMEM || x->lengths.err == ENOMEM)
		return fail(why, EXIT_MACHINE, "%s: out of memory", x->what);
	if (r == 1)
		return fail(why, EXIT_DATA, "%s: results too long", x->what);
	v.p = x->results.p;
	for (i = 0; i < x->lengths.len / sizeof v.n; i++) {
		memcpy(&v.n, x->lengths.p + i * sizeof v.n, sizeof v.n);
		if (add_result(e, v, why) < 0)
			return -1;
		v.p += v.n;
	}
	return 0;
}

int
expr_eval_in(struct expr *e, struct json_val record,
    const struct json_members *m, struct fail *why)
{
	const struct step *s = e->impl->steps;
	struct json_val v;

	e->n = 0;
	if (e->impl->jq)
		return through_jq(e, record, why);
	if (!m || !m->v || e->impl->nsteps == 0 || s->kind != STEP_KEY)
		return walk(e, 0, record, why);
	if (!json_plain_member(m, s->key, s->n, &v))
		v = null_value;
	return walk(e, 1, v, why);
}

int
expr_eval(struct expr *e, struct json_val record, struct fail *why)
{
	return expr_eval_in(e, record, NULL, why);
}

int
expr_one_in(struct expr *e, struct json_val record,
    const struct json_members *m, struct json_val *v, struct fail *why)
{
	const struct expr_impl *x = e->impl;

	/* the usual case, by itself: .name */
	if (m && m->v && !x->jq && x->nsteps == 1 &&
	    x->steps->kind == STEP_KEY) {
		if (!json_plain_member(m, x->steps->key, x->steps->n, v))
			*v = null_value;
		return 0;
	}
	if (expr_eval_in(e, record, m, why) < 0)
		return -1;
	if (e->n > 1)
		return fail(why, EXIT_DATA, "%s: more than one value",
		    e->impl->what);
	*v = e->n ? e->v[0] : null_value;
	return 0;
}

int
expr_one(struct expr *e, struct json_val record, struct json_val *v,
    struct fail *why)
{
	return expr_one_in(e, record, NULL, v, why);
}
