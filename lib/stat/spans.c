/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/spans.h"

/* A gold and a found span that have something in common. */
struct spans_pair {
	const struct span *gold, *found;
	const struct map_key *gold_name, *found_name;
	uint64_t overlap;
	int tier;
};

void
spans_init(struct spans *s)
{
	struct map none = MAP_INIT;

	memset(s, 0, sizeof *s);
	s->names = none;
}

void
spans_free(struct spans *s)
{
	map_free(&s->names);
	free(s->v);
	free(s->pairs);
	free(s->used);
	memset(s, 0, sizeof *s);
}

uint32_t
spans_label(struct spans *s, const char *p, size_t n)
{
	uint32_t i = map_add(&s->names, p, n, NULL), cap = 2 * s->cap + 16;
	struct spans_label *v;

	if (i == MAP_NONE || i < s->cap)
		return i;
	if (!(v = realloc(s->v, cap * sizeof *v)))
		return MAP_NONE;
	memset(v + s->cap, 0, (cap - s->cap) * sizeof *v);
	s->v = v;
	s->cap = cap;
	return i;
}

/* ---- pairing ---- */

static int
compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int
by_worth(const void *x, const void *y)
{
	const struct spans_pair *a = x, *b = y;
	int c;

	if ((c = a->tier - b->tier) ||
	    (c = compare(b->overlap, a->overlap)) ||
	    (c = compare(a->gold->start, b->gold->start)) ||
	    (c = compare(a->gold->end, b->gold->end)) ||
	    (c = map_key_cmp(a->gold_name, b->gold_name)) ||
	    (c = compare(a->found->start, b->found->start)) ||
	    (c = compare(a->found->end, b->found->end)))
		return c;
	return map_key_cmp(a->found_name, b->found_name);
}

static int
add_pair(struct spans *s, const struct span *gold, const struct span *found)
{
	uint64_t start = gold->start > found->start ? gold->start :
	    found->start, end = gold->end < found->end ? gold->end :
	    found->end;
	bool ends = gold->start == found->start && gold->end == found->end;
	bool label = gold->label == found->label;
	size_t cap = 2 * s->cpairs + 32;
	struct spans_pair *p;

	if (start >= end)
		return 0;
	if (s->npairs == s->cpairs) {
		if (!(p = realloc(s->pairs, cap * sizeof *p)))
			return -1;
		s->pairs = p;
		s->cpairs = cap;
	}
	p = &s->pairs[s->npairs++];
	p->gold = gold;
	p->found = found;
	p->gold_name = &s->names.keys[gold->label];
	p->found_name = &s->names.keys[found->label];
	p->overlap = end - start;
	p->tier = ends ? (label ? 1 : 2) : (label ? 3 : 4);
	return 0;
}

static void
judge(struct spans_side *side, enum spans_way way, bool correct, bool partial)
{
	uint64_t *count = correct ? side->correct : partial ? side->partial :
	    side->incorrect;

	count[way]++;
}

static void
count_pair(struct spans *s, const struct spans_pair *p)
{
	struct spans_side *sides[2] = { &s->v[p->gold->label].gold,
	    &s->v[p->found->label].found };
	bool ends = p->tier <= 2, label = p->tier & 1;
	int i;

	for (i = 0; i < 2; i++) {
		judge(sides[i], SPANS_STRICT, ends && label, false);
		judge(sides[i], SPANS_EXACT, ends, false);
		judge(sides[i], SPANS_PARTIAL, ends, true);
		judge(sides[i], SPANS_TYPE, label, false);
	}
}

int
spans_add(struct spans *s, const struct span *gold, size_t ngold,
    const struct span *found, size_t nfound, struct fail *why)
{
	size_t need = ngold + nfound, i, j;
	char *used;

	if (need > s->cused) {
		if (!(used = realloc(s->used, 2 * need)))
			return fail_errno(why, "spans");
		s->used = used;
		s->cused = 2 * need;
	}
	if (need)
		memset(s->used, 0, need);
	s->npairs = 0;
	for (i = 0; i < ngold; i++)
		s->v[gold[i].label].gold.n++;
	for (j = 0; j < nfound; j++)
		s->v[found[j].label].found.n++;
	for (i = 0; i < ngold; i++)
		for (j = 0; j < nfound; j++)
			if (add_pair(s, &gold[i], &found[j]) < 0)
				return fail_errno(why, "spans");
	if (s->npairs > 1)
		qsort(s->pairs, s->npairs, sizeof *s->pairs, by_worth);
	for (i = 0; i < s->npairs; i++) {
		char *g = s->used + (s->pairs[i].gold - gold);
		char *f = s->used + ngold + (s->pairs[i].found - found);

		if (*g || *f)
			continue;
		*g = *f = 1;
		count_pair(s, &s->pairs[i]);
	}
	return 0;
}

/* ---- counts ---- */

static void
add_side(struct spans_side *a, const struct spans_side *b)
{
	int w;

	a->n += b->n;
	for (w = 0; w < SPANS_WAYS; w++) {
		a->correct[w] += b->correct[w];
		a->incorrect[w] += b->incorrect[w];
		a->partial[w] += b->partial[w];
	}
}

int
spans_merge(struct spans *s, const struct spans *from, struct fail *why)
{
	uint32_t i, k;

	for (i = 0; i < from->names.n; i++) {
		k = spans_label(s, from->names.keys[i].p,
		    from->names.keys[i].len);
		if (k == MAP_NONE)
			return fail_errno(why, "labels");
		add_side(&s->v[k].gold, &from->v[i].gold);
		add_side(&s->v[k].found, &from->v[i].found);
	}
	return 0;
}

struct spans_label
spans_sum(const struct spans *s)
{
	struct spans_label sum;
	uint32_t i;

	memset(&sum, 0, sizeof sum);
	for (i = 0; i < s->names.n; i++) {
		add_side(&sum.gold, &s->v[i].gold);
		add_side(&sum.found, &s->v[i].found);
	}
	return sum;
}

static double
credit(const struct spans_side *side, enum spans_way way)
{
	return (double)side->correct[way] + (double)side->partial[way] / 2;
}

struct spans_score
spans_score(const struct spans_label *l, enum spans_way way, double level)
{
	double g = (double)l->gold.n, f = (double)l->found.n;
	double xg = credit(&l->gold, way), xf = credit(&l->found, way);
	double x = (xg + xf) / 2;
	struct spans_score s;

	s.precision = f > 0 ? xf / f : NAN;
	s.recall = g > 0 ? xg / g : NAN;
	s.f1 = g + f > 0 ? 2 * x / (g + f) : NAN;
	s.iprecision = interval_wilson(xf, f, level);
	s.irecall = interval_wilson(xg, g, level);
	s.if1 = interval_wilson(x, g + f - x, level);
	s.if1.low = 2 * s.if1.low / (1 + s.if1.low);
	s.if1.high = 2 * s.if1.high / (1 + s.if1.high);
	return s;
}
