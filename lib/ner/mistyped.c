/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mistyped.c -- names with edits, in the plural, or with a word stuck to
 * them. */
#include "ner/mention_impl.h"

/* What an edit takes off a name's length, and what a plural does: another name
 * wins that has all letters right and is not that much shorter. */
#define COST 3.0
#define COST_PLURAL 0.5

/* A run of letters of the text, in f->run, and where names may end in it. */
struct stretch {
	size_t n;               /* letters */
	size_t first;           /* word */
	bool glued;             /* begins within that word */
};

/* How a name ends. */
struct ending {
	size_t n;               /* letters of the run that are its */
	unsigned edits;
	bool plural, glued;
};

/* Letters from one of the fold, most of them at most. */
static struct stretch
stretch(struct mentions_impl *f, size_t word, uint32_t from, size_t most)
{
	const struct fold *w = &f->fold;
	struct stretch s = { 0, word, from != w->edges[2 * word] };

	f->has[0] = 0;
	for (; word < w->nwords; word++) {
		for (; from < w->edges[2 * word + 1]; from++) {
			if (s.n == most)
				return s;
			f->run[s.n] = w->letters[from];
			f->has[s.n + 1] = f->has[s.n] |
			    near_bit(f->run[s.n]);
			f->at[s.n] = from;
			f->word[s.n++] = (uint32_t)word;
		}
		if (word + 1 < w->nwords)
			from = w->edges[2 * word + 2];
	}
	return s;
}

/* The letters of the word of run[i - 1] that come behind it. */
static size_t
rest(const struct mentions_impl *f, size_t i)
{
	return f->fold.edges[2 * f->word[i - 1] + 1] - f->at[i - 1] - 1;
}

static bool
is_plural(const struct mentions_impl *f, size_t i, size_t left)
{
	const char *p = f->fold.letters + f->at[i - 1] + 1;

	return p[-1] != 's' && ((left == 1 && p[0] == 's') ||
	    (left == 2 && p[0] == 'e' && p[1] == 's'));
}

/* Is what comes behind run[i - 1] in its word a word by itself? */
static bool
is_stuck(const struct mentions_impl *f, size_t i, size_t left)
{
	return left > 1 && f->tools.words && words_has(f->tools.words,
	    f->fold.letters + f->at[i - 1] + 1, left);
}

/* The best end of a name of m letters in a run: fewest edits, then a word's
 * end, then the longest. Returns false where none is near enough. */
static bool
best_ending(const struct mentions_impl *f, const struct stretch *s,
    const uint8_t *at, size_t m, unsigned k, struct ending *best)
{
	struct ending e;
	unsigned d, score, least = UINT_MAX;
	size_t left;

	for (d = 0; d <= 2 * k; d++) {
		e.n = m + d - k;
		if (at[d] > k || e.n > s->n || e.n == 0)
			continue;
		left = rest(f, e.n);
		e.edits = at[d];
		e.plural = left && is_plural(f, e.n, left);
		e.glued = left && !e.plural;
		if (e.glued && (m < 6 || e.edits || !is_stuck(f, e.n, left)))
			continue;
		score = 4 * e.edits + e.plural + 2 * e.glued;
		if (score <= least) {
			least = score;
			*best = e;
		}
	}
	return least < UINT_MAX;
}

/* Is a word of the text one of the alias's? */
static bool
is_own(const struct mentions_impl *f, const struct gaz_alias *a, size_t word)
{
	const uint32_t *e = f->fold.edges + 2 * word;
	const char *p = f->fold.letters + e[0];
	const char *q = gaz_letters(f->m.g, a);
	size_t n = e[1] - e[0], i;

	for (i = 0; i + n <= a->nletters; i++)
		if (memcmp(q + i, p, n) == 0)
			return true;
	return false;
}

/* Is some word no ordinary one, and every ordinary one the alias's? Nobody
 * who writes an ordinary word has mistyped another. */
static bool
is_mistyped(const struct mentions_impl *f, const struct gaz_alias *a,
    size_t first, size_t last)
{
	bool strange = false;
	size_t i;

	for (i = first; i <= last; i++)
		if (!mention_is_ordinary(f, i))
			strange = true;
		else if (!is_own(f, a, i))
			return false;
	return strange;
}

/* Is it this alias that begins where the stretch does? */
static int
try(struct mentions_impl *f, uint32_t number, const struct stretch *s,
    struct fail *why)
{
	const struct gazetteer *g = f->m.g;
	const struct gaz_alias *a = &g->aliases[number];
	const struct gaz_name *name = &g->names[a->name];
	unsigned k = near_edits(a->nletters);
	uint8_t at[2 * NEAR_EDITS + 1];
	struct ending end = { 0, 0, false, false };
	struct mention e;
	size_t last, reach = a->nletters + k;
	uint32_t to;

	if (!near_may(f->tools.near->has[number], f->has[reach < s->n ? reach :
	    s->n], k) || near_distance(at, gaz_letters(g, a), a->nletters, f->run, s->n,
	    k) > k || !best_ending(f, s, at, a->nletters, k, &end))
		return 0;
	if (!end.edits && !end.plural && !end.glued && !s->glued)
		return 0;               /* as spelled: found already */
	if (s->glued && (end.edits > (a->nletters >= 8)))
		return 0;
	last = f->word[end.n - 1];
	if (!mention_is_one(f, s->first, last) ||
	    (end.edits && !is_mistyped(f, a, s->first, last)) ||
	    !mention_is_meant(f, a, s->first, last, end.plural) ||
	    (name->near.n && !mention_has_near(f, name->near, s->first, last)))
		return 0;
	to = end.plural ? f->fold.edges[2 * last + 1] : f->at[end.n - 1] + 1;
	e.alias = number;
	e.method = MENTION_FUZZY;
	e.edits = end.edits;
	e.confidence = round(100 - 100.0 * end.edits / a->nletters) / 100;
	e.cost = COST * end.edits + (end.plural ? COST_PLURAL : 0);
	return mention_add(f, &e, f->at[0], to, why);
}

/* What is left of the first letters of a stretch with some out: of all 7, and
 * of runs of words that are shorter. Returns how many. */
static int
deletes(const struct mentions_impl *f, const struct stretch *s,
    uint64_t *left)
{
	size_t i;
	int n = 0;

	for (i = 3; i <= s->n; i++)
		if (i == NEAR_PREFIX || rest(f, i) == 0)
			n += near_deletes(left + n, f->run, i,
			    i == NEAR_PREFIX ? 2 : 1);
	return n;
}

/* Every name that might begin where the stretch does. */
static int
try_all(struct mentions_impl *f, size_t word, uint32_t from,
    struct fail *why)
{
	const struct near_index *x = f->tools.near;
	struct stretch s = stretch(f, word, from, NEAR_PREFIX);
	uint64_t left[NEAR_DELETES * 2];
	const struct near_post *post;
	uint32_t p, mix;
	int n, j;
	bool whole = false;

	f->turn++;
	n = deletes(f, &s, left);
	for (j = 0; j < n; j++) {
		mix = alias_mix(left[j]);
		for (p = near_list(x, mix); p; p = post->next) {
			post = &x->posts[p - 1];
			if (post->mix != mix || f->seen[post->alias] == f->turn)
				continue;
			f->seen[post->alias] = f->turn;
			if (!whole)
				s = stretch(f, word, from, f->m.g->longest +
				    NEAR_EDITS);
			whole = true;
			if (try(f, post->alias, &s, why) < 0)
				return -1;
		}
	}
	return 0;
}

/* How many letters of a word a small word takes that is stuck to its front. */
static size_t
stuck_front(const char *p, size_t n)
{
	static const char *const fronts[] = { "the", "my", "your", "our",
	    "and", "this", "for", "with" };
	size_t i, m;

	for (i = 0; i < COUNT(fronts); i++) {
		m = strlen(fronts[i]);
		if (n > m && memcmp(p, fronts[i], m) == 0)
			return m;
	}
	return 0;
}

int
fuzzy_names(struct mentions_impl *f, struct fail *why)
{
	const struct fold *w = &f->fold;
	size_t i, m;
	uint32_t from;

	for (i = 0; i < w->nwords; i++) {
		from = w->edges[2 * i];
		if (try_all(f, i, from, why) < 0)
			return -1;
		m = stuck_front(w->letters + from, w->edges[2 * i + 1] - from);
		if (m && try_all(f, i, from + (uint32_t)m, why) < 0)
			return -1;
	}
	return 0;
}
