/* SPDX-License-Identifier: GPL-3.0-or-later */
/* texts.c -- which texts of a record are read. */
#include "tool.h"
#include "ner/lex.h"

int
texts_open(struct texts *t, const char *expr, const char *join,
    struct fail *why)
{
	struct buf empty = BUF_INIT(BUF_RECORD);

	memset(t, 0, sizeof *t);
	t->bytes = empty;
	t->join = join;
	return expr ? expr_open(&t->expr, expr, "--text", why) : 0;
}

void
texts_close(struct texts *t)
{
	if (t->expr)
		expr_close(t->expr);
	buf_free(&t->bytes);
	free(t->v);
	free(t->at);
	free(t->parts);
}

static int
room(struct texts *t, struct fail *why)
{
	size_t cap = 2 * t->cap + 16;
	struct ner_text *v;
	struct text_part *parts;
	uint32_t *at;

	if (t->n < t->cap)
		return 0;
	if ((v = realloc(t->v, cap * sizeof *v)))
		t->v = v;
	if ((at = realloc(t->at, cap * sizeof *at)))
		t->at = at;
	if ((parts = realloc(t->parts, cap * sizeof *parts)))
		t->parts = parts;
	if (!v || !at || !parts)
		return fail_errno(why, "texts");
	t->cap = cap;
	return 0;
}

static const struct json_val nobody = { NULL, 0 };

/* One selected value: a string is a text, null is none. While texts are
 * added, n holds where each begins in bytes. */
static int
add(struct texts *t, const struct record *rec, struct json_val v,
    struct json_val of, struct emit *emit, struct fail *why)
{
	size_t from = t->bytes.len;
	uint32_t at = (uint32_t)t->selected++;

	if (json_type(v) == JSON_NULL)
		return FILTER_USED;
	if (json_type(v) != JSON_STRING)
		return filter_reject(emit, rec, NULL, "text",
		    "a text is no string");
	if (room(t, why) < 0)
		return -1;
	if (json_decode(v, &t->bytes) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	t->parts[t->n].text = (uint32_t)t->n;
	t->parts[t->n].from = 0;
	t->parts[t->n].of = of;
	t->at[t->n] = at;
	t->v[t->n++].n = from;
	return FILTER_USED;
}

static int
add_each(struct texts *t, const struct record *rec, struct json_val list,
    const char *member, struct emit *emit, struct fail *why)
{
	struct json_iter it;
	struct json_val v;
	int r = FILTER_USED;

	for (it = json_iter(list); r == FILTER_USED && json_next(&it);) {
		if (json_get(it.val, member, &v))
			r = add(t, rec, v, it.val, emit, why);
		else
			t->selected++;
	}
	return r;
}

/* A member of the record itself. */
static bool
get(const struct record *rec, const char *name, struct json_val *v)
{
	return rec->members.v ? json_member(&rec->members, name, strlen(name),
	    v) : json_get(rec->val, name, v);
}

/* The first of the usual places that is there. */
static int
usual(struct texts *t, const struct record *rec, struct emit *emit,
    struct fail *why)
{
	struct json_val v;

	if (get(rec, "text", &v))
		return add(t, rec, v, nobody, emit, why);
	if (get(rec, "messages", &v) && json_type(v) == JSON_ARRAY)
		return add_each(t, rec, v, "text", emit, why);
	if (get(rec, "interactions", &v) && json_type(v) == JSON_ARRAY)
		return add_each(t, rec, v, "transcript", emit, why);
	if (get(rec, "transcript", &v))
		return add(t, rec, v, nobody, emit, why);
	return FILTER_USED;
}

static int
chosen(struct texts *t, const struct record *rec, struct emit *emit,
    struct fail *why)
{
	size_t i;
	int r = FILTER_USED;

	if (expr_eval_in(t->expr, rec->val, &rec->members, why) < 0)
		return why->code == EXIT_DATA ? filter_reject(emit, rec, NULL,
		    "expression", "%s", why->text) : -1;
	for (i = 0; i < t->expr->n && r == FILTER_USED; i++)
		r = add(t, rec, t->expr->v[i], nobody, emit, why);
	return r;
}

/* One text out of all that are not blank. */
static int
join(struct texts *t, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_RECORD);
	size_t i, n = 0;

	for (i = 0; i < t->n; i++) {
		if (t->v[i].n == 0 || lex_is_space(t->v[i].p, t->v[i].n))
			continue;
		if (b.len)
			buf_str_add(&b, t->join);
		t->parts[n].text = 0;
		t->parts[n].from = (uint32_t)b.len;
		t->parts[n++].of = t->parts[i].of;
		buf_add(&b, t->v[i].p, t->v[i].n);
	}
	if (b.err) {
		buf_free(&b);
		return fail(why, EXIT_MACHINE, "the texts do not fit memory");
	}
	buf_free(&t->bytes);
	t->bytes = b;
	t->nparts = n;
	t->n = 0;
	if (room(t, why) < 0)
		return -1;
	t->v[0].p = buf_str(&t->bytes);
	t->v[0].n = t->bytes.len;
	t->n = 1;
	return FILTER_USED;
}

int
texts_take(struct texts *t, const struct record *rec, struct emit *emit,
    struct fail *why)
{
	const char *p;
	size_t i, end;
	int r;

	buf_clear(&t->bytes);
	t->n = t->selected = 0;
	r = t->expr ? chosen(t, rec, emit, why) : usual(t, rec, emit, why);
	if (r != FILTER_USED)
		return r;
	t->nparts = t->n;
	p = buf_str(&t->bytes);
	for (i = 0; i < t->n; i++) {
		end = i + 1 < t->n ? t->v[i + 1].n : t->bytes.len;
		t->v[i].p = p + t->v[i].n;
		t->v[i].n = end - t->v[i].n;
	}
	return t->join ? join(t, why) : FILTER_USED;
}

bool
texts_speaker(const struct texts *t, uint32_t text, uint32_t byte,
    struct json_val *who)
{
	static const char *const names[] = { "from", "role", "speaker",
	    "participantPurpose", "purpose" };
	static const struct json_val customer = { "\"customer\"", 10 },
	    agent = { "\"agent\"", 7 };
	size_t lo = 0, hi = t->nparts, mid, i;

	while (hi - lo > 1) {
		mid = lo + (hi - lo) / 2;
		if (t->parts[mid].text < text || (t->parts[mid].text == text &&
		    t->parts[mid].from <= byte))
			lo = mid;
		else
			hi = mid;
	}
	if (lo >= t->nparts || !t->parts[lo].of.p)
		return false;
	for (i = 0; i < COUNT(names); i++)
		if (json_get(t->parts[lo].of, names[i], who) &&
		    json_type(*who) == JSON_STRING) {
			if (json_is(*who, "external"))
				*who = customer;
			else if (json_is(*who, "internal"))
				*who = agent;
			return true;
		}
	return false;
}
