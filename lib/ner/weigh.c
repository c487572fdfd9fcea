/* SPDX-License-Identifier: GPL-3.0-or-later */
/* weigh.c -- is a name meant where it was heard?
 *
 * Of names that are heard in the same place the one that is heard best is
 * taken, and how likely it is follows from how well it was heard, how much of
 * it there is, and what the words are in which it was heard: whoever says
 * ordinary words may mean them.
 */
#include "ner/mention_impl.h"

/* A small word at either end that is not the name's own costs so much: they
 * are heard right. */
#define SMALL 40

/* A name is taken from this likelihood on. F1 is flat from a quarter to a
 * half. */
#define LIKELY_NAME 0.3

/* Of a window, at most; what more there is of a gazetteer that hears a name in
 * everything is left. */
#define HITS 262144

struct heard_hit {
	const struct gazetteer *g;
	const struct heard_name *name;
	size_t first, last;
	bool spelled;
	float score;            /* worth less cost, in sounds */
	float margin;           /* above the best other name's in its place */
	uint32_t before;        /* of one that is taken: the one taken before
	                         * it, + 1; 0 is none */
};

enum feature {
	SCORE,                  /* see heard_hit */
	SHARE,                  /* of what the name is worth */
	WORTH,
	MARGIN,
	NEXT_SMALL,             /* a small word follows */
	ORDINARY, STRANGE,      /* words that are not the name's, small ones
	                         * aside */
	OWN_ORDINARY, OWN_STRANGE,      /* words that are */
	OWN_SMALL, OTHER_SMALL,
	FIRST_SMALL, LAST_SMALL,        /* and not the name's */
	BETWEEN,                /* a small word between two of the name's */
	FEATURES
};

static const char *
word_of(const struct mentions_impl *f, size_t i, size_t *n)
{
	const uint32_t *e = f->fold.edges + 2 * i;

	*n = e[1] - e[0];
	return f->fold.letters + e[0];
}

/* Words that everybody says all the time. */
static bool
is_small(const struct mentions_impl *f, size_t word)
{
	static const char list[][8] = {
		"a", "all", "an", "and", "are", "as", "at", "be", "been",
		"but", "by", "can", "could", "d", "do", "does", "don", "for",
		"from", "get", "got", "had", "has", "have", "he", "hello",
		"her", "here", "hi", "him", "his", "how", "i", "if", "in",
		"is", "it", "its", "just", "like", "ll", "m", "me", "my",
		"no", "not", "now", "of", "okay", "on", "one", "or", "our",
		"out", "please", "re", "really", "s", "she", "should", "so",
		"t", "than", "thank", "thanks", "that", "the", "their",
		"them", "then", "there", "they", "this", "to", "two", "up",
		"us", "ve", "very", "was", "we", "were", "what", "when",
		"where", "which", "who", "why", "will", "with", "would",
		"yes", "you", "your"
	};
	size_t lo = 0, hi = COUNT(list), mid, n;
	const char *p = word_of(f, word, &n);
	char key[8] = "";
	int c;

	if (n >= sizeof key)
		return false;
	memcpy(key, p, n);
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if ((c = memcmp(key, list[mid], sizeof key)) == 0)
			return true;
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return false;
}

/* Which of a name's words is a word of the text, + 1; 0: none. */
static unsigned
own(const struct mentions_impl *f, const struct heard_name *h, size_t word)
{
	const struct heard_index *x = f->tools.heard;
	const uint8_t *length = (const uint8_t *)x->lengths.p + h->words;
	const char *q = gaz_letters(f->m.g, &f->m.g->aliases[h->alias]), *p;
	unsigned i;
	size_t n;

	p = word_of(f, word, &n);
	for (i = 0; i < h->nwords; q += length[i++])
		if (length[i] == n && memcmp(p, q, n) == 0)
			return i + 1;
	return 0;
}

/* Are words first to last all heard? Letters of other scripts are not, and
 * however many of them stand between two words of a name, they cost nothing. */
static bool
is_heard(const struct mentions_impl *f, size_t first, size_t last)
{
	const struct fold *w = &f->fold;
	uint32_t i;

	for (i = w->edges[2 * first]; i < w->edges[2 * last + 1]; i++)
		if ((unsigned char)w->letters[i] >= 0x80)
			return false;
	return true;
}

/* Have words first to last a name's letters? Then it is found already. */
static bool
is_spelled(const struct mentions_impl *f, const struct gaz_alias *a,
    size_t first, size_t last)
{
	const char *q = gaz_letters(f->m.g, a), *p;
	size_t n, at = 0, i;

	for (i = first; i <= last; at += n, i++) {
		p = word_of(f, i, &n);
		if (at + n > a->nletters || memcmp(q + at, p, n) != 0)
			return false;
	}
	return at == a->nletters;
}

/* Are all of the name's words there, and small ones between them? Who hears
 * them all right does not put in others: "call the guard" is no CallGuard. */
static bool
is_parted(const struct mentions_impl *f, const struct heard_name *h,
    size_t first, size_t last)
{
	unsigned k, at = 0;
	size_t i;

	for (i = first; i <= last; i++) {
		k = own(f, h, i);
		if (k == at + 1)
			at++;
		else if (k || !is_small(f, i))
			return false;
	}
	return at == h->nwords && last - first + 1 > at;
}

int
weigh_hit(struct mentions_impl *f, const struct heard_name *h, size_t first,
    size_t last, uint32_t cost, struct fail *why)
{
	const struct gaz_alias *a = &f->m.g->aliases[h->alias];
	const struct gaz_name *name = &f->m.g->names[a->name];
	struct heard_hit *v, *hit;
	size_t cap;

	if (own(f, h, first) != 1 && is_small(f, first))
		cost += SMALL;
	if (last != first && own(f, h, last) != h->nwords &&
	    is_small(f, last))
		cost += SMALL;
	if (cost + HEARD_LEAST > h->worth || is_parted(f, h, first, last) ||
	    !is_heard(f, first, last) || !mention_is_one(f, first, last) ||
	    !mention_is_meant(f, a, first, last, false) ||
	    (name->near.n && !mention_has_near(f, name->near, first, last)))
		return 0;
	if (f->nhits == HITS)
		return 0;
	if (f->nhits == f->chits) {
		cap = 2 * f->chits + 64;
		if (!(v = realloc(f->hits, cap * sizeof *v)))
			return fail_errno(why, "mentions");
		f->hits = v;
		f->chits = cap;
	}
	hit = &f->hits[f->nhits++];
	memset(hit, 0, sizeof *hit);
	hit->g = f->m.g;
	hit->name = h;
	hit->first = first;
	hit->last = last;
	hit->spelled = is_spelled(f, a, first, last);
	hit->score = (float)(h->worth - cost) / 100;
	hit->margin = 2;
	return 0;
}

/* ---- how likely ---- */

static void
look(const struct mentions_impl *f, const struct heard_hit *hit, double *v)
{
	const struct heard_name *h = hit->name;
	bool small;
	size_t i;
	unsigned k;

	memset(v, 0, FEATURES * sizeof *v);
	for (i = hit->first; i <= hit->last; i++) {
		k = own(f, h, i);
		small = is_small(f, i);
		if (small)
			v[k ? OWN_SMALL : OTHER_SMALL]++;
		else if (mention_is_ordinary(f, i))
			v[k ? OWN_ORDINARY : ORDINARY]++;
		else
			v[k ? OWN_STRANGE : STRANGE]++;
		if (small && !k && i > hit->first && i < hit->last &&
		    own(f, h, i - 1) && own(f, h, i + 1))
			v[BETWEEN] = 1;
	}
	v[FIRST_SMALL] = own(f, h, hit->first) != 1 && is_small(f, hit->first);
	v[LAST_SMALL] = hit->last != hit->first &&
	    own(f, h, hit->last) != h->nwords && is_small(f, hit->last);
	v[SCORE] = hit->score;
	v[SHARE] = 100 * hit->score / h->worth;
	v[WORTH] = h->worth / 100.0;
	v[MARGIN] = hit->margin;
	v[NEXT_SMALL] = hit->last + 1 < f->fold.nwords &&
	    is_small(f, hit->last + 1);
}

/* A logistic function of the features, fitted to some 700 texts that a
 * recogniser heard. Of texts that it had not seen its F1 was 0.02 less. */
static double
likelihood(const struct mentions_impl *f, const struct heard_hit *hit)
{
	static const double weights[FEATURES] = {
		[SCORE] = 0.99, [SHARE] = 3.2, [WORTH] = -0.61,
		[MARGIN] = 0.34, [NEXT_SMALL] = 0.15, [ORDINARY] = 1.49,
		[STRANGE] = 1.93, [OWN_ORDINARY] = 1.24, [OWN_STRANGE] = 1.2,
		[OWN_SMALL] = 2, [OTHER_SMALL] = 0.39, [FIRST_SMALL] = 1.27,
		[LAST_SMALL] = 0.8, [BETWEEN] = -1.94
	};
	double v[FEATURES], sum = -4.97;
	int i;

	look(f, hit, v);
	for (i = 0; i < FEATURES; i++)
		sum += weights[i] * v[i];
	return 1 / (1 + exp(-sum));
}

/* ---- which ---- */

static const struct gaz_name *
name_of(const struct heard_hit *hit)
{
	return &hit->g->names[hit->g->aliases[hit->name->alias].name];
}

static bool
same_id(const struct gazetteer *g, const struct gaz_name *a,
    const struct gaz_name *b)
{
	return a->id.n == b->id.n && memcmp(gaz_text(g, a->id),
	    gaz_text(g, b->id), a->id.n) == 0;
}

/* Hits of one score: as for names as they are spelled. */
static int
by_name(const struct gazetteer *g, const struct gaz_name *a,
    const struct gaz_name *b)
{
	size_t n = a->id.n < b->id.n ? a->id.n : b->id.n;
	int c;

	if (a->weight != b->weight)
		return a->weight < b->weight ? 1 : -1;
	c = memcmp(gaz_text(g, a->id), gaz_text(g, b->id), n);
	return c ? c : (a->id.n > b->id.n) - (a->id.n < b->id.n);
}

static int
by_score(const void *x, const void *y)
{
	const struct heard_hit *a = x, *b = y;
	int c;

	if (a->score != b->score)
		return a->score < b->score ? 1 : -1;
	if ((c = by_name(a->g, name_of(a), name_of(b))))
		return c;
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	if (a->last != b->last)
		return a->last < b->last ? -1 : 1;
	return (a->name->alias > b->name->alias) -
	    (a->name->alias < b->name->alias);
}

/* Is a hit in the place of another? */
static bool
meet(const struct heard_hit *a, const struct heard_hit *b)
{
	return a->first <= b->last && b->first <= a->last;
}

/* Takes hit i, and knows its margin, where no better one is taken in its
 * place. taken: the last that was, + 1. */
static bool
settle(struct mentions_impl *f, size_t i, uint32_t *taken)
{
	struct heard_hit *hit = &f->hits[i], *other;
	float margin;
	uint32_t at;
	size_t k;

	for (at = *taken; at; at = f->hits[at - 1].before)
		if (meet(hit, &f->hits[at - 1]))
			return false;
	hit->before = *taken;
	*taken = (uint32_t)i + 1;
	for (k = 0; k < f->nhits; k++) {
		other = &f->hits[k];
		margin = hit->score - other->score;
		if (margin < hit->margin && meet(hit, other) &&
		    !same_id(f->m.g, name_of(hit), name_of(other)))
			hit->margin = margin > 0 ? margin : 0;
	}
	return true;
}

static int
add(struct mentions_impl *f, const struct heard_hit *hit, double likely,
    struct fail *why)
{
	const struct gaz_alias *a = &f->m.g->aliases[hit->name->alias];
	uint32_t from = f->fold.edges[2 * hit->first];
	uint32_t to = f->fold.edges[2 * hit->last + 1];
	struct mention e;

	e.alias = hit->name->alias;
	e.method = MENTION_SPEECH;
	e.edits = 0;
	e.confidence = round(100 * likely) / 100;
	e.cost = to - from - a->nletters * 100 * (double)hit->score /
	    hit->name->worth;
	return mention_add(f, &e, from, to, why);
}

int
weigh_all(struct mentions_impl *f, struct fail *why)
{
	uint32_t taken = 0;
	double likely;
	size_t i;

	if (f->nhits == 0)      /* perhaps no array yet, which sorts ill */
		return 0;
	qsort(f->hits, f->nhits, sizeof *f->hits, by_score);
	for (i = 0; i < f->nhits; i++) {
		if (!settle(f, i, &taken) || f->hits[i].spelled)
			continue;
		likely = likelihood(f, &f->hits[i]);
		if (likely >= LIKELY_NAME && add(f, &f->hits[i], likely, why) < 0)
			return -1;
	}
	f->nhits = 0;
	return 0;
}
