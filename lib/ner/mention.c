/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/mention_impl.h"
#include "ner/uni.h"

#define NEAR_WORDS 8            /* see near: in gazetteer.h */

/* ---- may it be this alias? ---- */

/* Do the letters of two spellings have capitals at the same places? */
static bool
same_capitals(const char *p, size_t n, const char *q, size_t m)
{
	const char *pend = p + n, *qend = q + m;
	uint32_t c, d;

	for (;;) {
		c = d = 0;
		while (p < pend && !uni_is_alpha(c = uni_next(&p)))
			c = 0;
		while (q < qend && !uni_is_alpha(d = uni_next(&q)))
			d = 0;
		if (!c || !d)
			return !c && !d;
		if (uni_is_upper(c) != uni_is_upper(d))
			return false;
	}
}

bool
mention_has_near(const struct mentions_impl *f, struct gaz_str near,
    size_t first, size_t last)
{
	const char *words = gaz_text(f->m.g, near), *end = words + near.n, *p;
	size_t from = first > NEAR_WORDS ? first - NEAR_WORDS : 0, i, n;
	size_t to = f->fold.nwords - last > NEAR_WORDS ? last + NEAR_WORDS + 1 :
	    f->fold.nwords;
	const uint32_t *e;

	for (i = from; i < to; i++) {
		if (i >= first && i <= last)
			continue;
		e = f->fold.edges + 2 * i;
		n = e[1] - e[0];
		for (p = words; p < end; p = (char *)memchr(p, ' ',
		    (size_t)(end - p)) + 1)
			if ((size_t)(end - p) > n && p[n] == ' ' &&
			    memcmp(p, f->fold.letters + e[0], n) == 0)
				return true;
	}
	return false;
}

bool
mention_is_one(const struct mentions_impl *f, size_t first, size_t last)
{
	const struct fold *w = &f->fold;
	uint32_t from, to;
	size_t i;

	for (i = first; i < last; i++) {
		from = fold_end(w, f->text, f->ntext, w->edges[2 * i + 1] - 1);
		to = fold_begin(w, w->edges[2 * i + 2]);
		if (to > from && !fold_joins(f->text + from, to - from))
			return false;
	}
	return true;
}

/* ---- what was found ---- */

/* The places of letters from to to of the fold. */
static void
place(struct mentions_impl *f, uint32_t from, uint32_t to, struct mention *e)
{
	const struct fold *w = &f->fold;

	e->start = e->cp_start = fold_begin(w, from);
	e->end = e->cp_end = fold_end(w, f->text, f->ntext, to - 1);
	if (w->plain)
		return;
	if (e->start < f->byte)
		f->byte = f->point = 0;
	e->cp_start = f->point + (uint32_t)uni_count(f->text + f->byte,
	    e->start - f->byte);
	e->cp_end = e->cp_start + (uint32_t)uni_count(f->text + e->start,
	    e->end - e->start);
	f->byte = e->start;
	f->point = e->cp_start;
}

static uint32_t
shape_of(const struct fold *w, size_t first, size_t last)
{
	uint32_t shape = 0;
	size_t i;

	for (i = first; i <= last; i++)
		shape = gaz_shape(shape, w->edges[2 * i + 1] -
		    w->edges[2 * i]);
	return shape;
}

int
mention_add(struct mentions_impl *f, struct mention *e, uint32_t from,
    uint32_t to, struct fail *why)
{
	struct mentions *m = &f->m;
	size_t cap = 2 * m->cap + 16;
	struct mention *v;

	place(f, from, to, e);
	if (m->n == m->cap) {
		if (!(v = realloc(m->v, cap * sizeof *v)))
			return fail_errno(why, "mentions");
		m->v = v;
		m->cap = cap;
	}
	m->v[m->n++] = *e;
	return 0;
}

/* Words first to last have the letters of an alias. */
static int
add_alias(struct mentions_impl *f, uint32_t number, size_t first,
    size_t last, struct fail *why)
{
	const struct gazetteer *g = f->m.g;
	const struct gaz_alias *a = &g->aliases[number];
	const struct gaz_name *name = &g->names[a->name];
	const char *spelled = gaz_text(g, a->text);
	struct mention e;
	uint32_t from, to;
	bool exact;

	if ((!a->parted && !mention_is_one(f, first, last)) ||
	    !mention_is_meant(f, a, first, last, false))
		return 0;
	from = f->fold.edges[2 * first];
	to = f->fold.edges[2 * last + 1];
	place(f, from, to, &e);
	exact = e.end - e.start == a->text.n &&
	    memcmp(f->text + e.start, spelled, a->text.n) == 0;
	if (!exact && ((name->flags & GAZ_EXACT) ||
	    ((name->flags & GAZ_CASE) && !same_capitals(f->text + e.start,
	    e.end - e.start, spelled, a->text.n))))
		return 0;
	if (name->near.n && !mention_has_near(f, name->near, first, last))
		return 0;
	e.alias = number;
	e.edits = 0;
	e.cost = 0;
	e.confidence = 1;
	e.method = exact ? MENTION_EXACT : a->shape ==
	    shape_of(&f->fold, first, last) ? MENTION_FOLDED : MENTION_JOINED;
	return mention_add(f, &e, from, to, why);
}

/* ---- runs of words ---- */

/* Is the run of n letters, which words first to last have, a name? */
static int
look_up(struct mentions_impl *f, const char *run, size_t n, size_t first,
    size_t last, struct fail *why)
{
	const struct gazetteer *g = f->m.g;
	const struct alias_table *t = &g->table;
	uint32_t mask = ((uint32_t)1 << t->logslot) - 1;
	uint32_t hash = alias_hash(run, n), i, a;

	for (i = alias_slot(t, hash); t->slots[i].value; i = (i + 1) & mask) {
		a = t->slots[i].value;
		if (t->slots[i].hash != hash || g->aliases[a - 1].nletters !=
		    n || memcmp(gaz_letters(g, &g->aliases[a - 1]), run, n))
			continue;
		for (; a; a = g->aliases[a - 1].next)
			if (add_alias(f, a - 1, first, last, why) < 0)
				return -1;
		break;
	}
	return 0;
}

/* Names begin with the 8 letters from here: which of the runs from least to
 * most letters are names? */
static int
long_names(struct mentions_impl *f, size_t first,
    const struct alias_head *h, struct fail *why)
{
	const struct fold *w = &f->fold;
	size_t i, len, n = 0;

	for (i = first; i < w->nwords; i++) {
		len = w->edges[2 * i + 1] - w->edges[2 * i];
		if (n + len > h->most)
			break;
		memcpy(f->run + n, w->letters + w->edges[2 * i], len);
		n += len;
		if (n >= h->least && look_up(f, f->run, n, first, i, why) < 0)
			return -1;
	}
	return 0;
}

/* A word's end within the first 8 letters: a whole name? */
static int
short_name(struct mentions_impl *f, uint64_t letters, size_t n, size_t first,
    size_t last, struct fail *why)
{
	char run[ALIAS_HEAD];
	size_t i;

	for (i = 0; i < n; i++)
		run[i] = (char)(letters >> 8 * i);
	return look_up(f, run, n, first, last, why);
}

/* The names that begin at each word. */
static int
exact_names(struct mentions_impl *f, struct fail *why)
{
	const struct alias_table *t = &f->m.g->table;
	const struct fold *w = &f->fold;
	const struct alias_head *h;
	const uint32_t *e = w->edges, *end = e + 2 * w->nwords, *at;
	size_t n, more;
	uint64_t head;

	for (; e < end; e += 2) {
		at = e;
		n = at[1] - at[0];
		head = alias_load(w->letters + at[0], n);
		while (n < ALIAS_HEAD) {
			if (UNLIKELY(alias_may(t, head)) && short_name(f, head,
			    n, (size_t)(e - w->edges) / 2,
			    (size_t)(at - w->edges) / 2, why) < 0)
				return -1;
			if ((at += 2) == end)
				break;
			more = at[1] - at[0];
			head |= alias_load(w->letters + at[0], more) << 8 * n;
			n += more;
		}
		if (n >= ALIAS_HEAD && UNLIKELY(alias_may(t, head)) &&
		    (h = alias_head(t, head)) && long_names(f,
		    (size_t)(e - w->edges) / 2, h, why) < 0)
			return -1;
	}
	return 0;
}

/* ---- interface ---- */

int
mentions_open(struct mentions **m, const struct gazetteer *g,
    const struct mention_tools *tools, struct fail *why)
{
	struct mentions_impl *f = calloc(1, sizeof *f);

	if (!f)
		return fail_errno(why, "mentions");
	f->m.g = g;
	f->m.impl = f;
	f->tools = *tools;
	if (tools->near && !(f->seen = calloc(g->naliases, sizeof *f->seen))) {
		mentions_close(&f->m);
		return fail_errno(why, "mentions");
	}
	*m = &f->m;
	return 0;
}

void
mentions_close(struct mentions *m)
{
	if (!m)
		return;
	fold_free(&m->impl->fold);
	free(m->impl->seen);
	heard_text_free(m->impl->heard);
	free(m->impl->hits);
	free(m->v);
	free(m->impl);
}

int
mentions_find(struct mentions *m, const char *text, size_t n,
    struct fail *why)
{
	struct mentions_impl *f = m->impl;

	m->n = f->nhits = 0;
	f->text = text;
	f->ntext = n;
	f->byte = f->point = 0;
	f->capitals = CAPITALS_UNKNOWN;
	if (fold_text(&f->fold, text, n, m->g->symbols) < 0)
		return fail_errno(why, "mentions");
	if (exact_names(f, why) < 0)
		return -1;
	if (f->tools.near && fuzzy_names(f, why) < 0)
		return -1;
	return f->tools.heard ? heard_names(f, why) : 0;
}

const char *
mention_method(enum mention_method method)
{
	static const char *const names[] = { "exact", "folded", "joined",
	    "speech", "fuzzy" };

	return names[method];
}
