/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/match.h"
#include "ner/hash.h"

#define WORDS_MOST 65536        /* words remembered */
#define FITS_MOST (1u << 20)    /* and what they fit, all told */

enum { IOB_INSIDE = 1, IOB_OUTSIDE = 2, IOB_BEGIN = 3 };

/* A word that was seen: the specifications that it fits, as far as the word
 * decides, rising. */
struct word {
	uint32_t first, n;              /* in fits */
	uint64_t phrase;                /* what phrases compare */
	bool starts;                    /* a match may begin with it */
};

struct cand {
	uint32_t start, end, pattern;
};

struct matcher_impl {
	const struct patterns *p;
	struct regex_room *room;
	struct flag_rules flags;
	struct buf work[3];             /* scratch */
	struct links seen;              /* words -> numbers + 1 */
	struct word *words;             /* owned */
	uint32_t *fits;                 /* owned */
	size_t cwords, nfits, cfits;
	/* the text that is being matched */
	const char *text;
	const struct tok *v;
	size_t n;
	const struct match_ents *ents;
	uint32_t *word;                 /* owned; by token */
	char *taken;                    /* owned; by token */
	size_t ctokens;
	struct cand *heap;              /* owned */
	size_t nheap, cheap;
	/* the steps to try at a token, and at the next */
	uint32_t *now, *next;           /* owned */
	size_t nnow, nnext;
	uint64_t *mark, stamp;          /* owned: of which token a step is */
	struct cand best;
};

int
matcher_open(struct matcher *m, const struct patterns *p, struct fail *why)
{
	struct matcher_impl *x = calloc(1, sizeof *x);
	struct buf empty = BUF_INIT(BUF_RECORD);
	struct links seen = LINKS_INIT(1);
	size_t i;

	memset(m, 0, sizeof *m);
	if (!x)
		return fail_errno(why, "a matcher");
	m->impl = x;
	x->p = p;
	x->seen = seen;
	for (i = 0; i < COUNT(x->work); i++)
		x->work[i] = empty;
	x->now = calloc(p->nsteps + 1, sizeof *x->now);
	x->next = calloc(p->nsteps + 1, sizeof *x->next);
	x->mark = calloc(p->nsteps + 1, sizeof *x->mark);
	if (!x->now || !x->next || !x->mark)
		return fail_errno(why, "a matcher");
	if (regex_room_open(&x->room, why) < 0)
		return -1;
	x->flags.english = p->how.english;
	x->flags.url = tok_rules_url(p->how.rules);
	x->flags.room = x->room;
	x->flags.work = &x->work[2];
	return 0;
}

void
matcher_close(struct matcher *m)
{
	struct matcher_impl *x = m->impl;
	size_t i;

	if (x) {
		regex_room_close(x->room);
		for (i = 0; i < COUNT(x->work); i++)
			buf_free(&x->work[i]);
		links_free(&x->seen);
		free(x->words);
		free(x->fits);
		free(x->word);
		free(x->taken);
		free(x->heap);
		free(x->now);
		free(x->next);
		free(x->mark);
		free(x);
	}
	free(m->spans);
	memset(m, 0, sizeof *m);
}

/* ---- words ---- */

static void
see(struct matcher_impl *x, const struct tok *t, struct seen *s)
{
	memset(s, 0, offsetof(struct seen, value));
	s->lex.p = x->text + t->start;
	s->lex.n = t->n;
	s->lex.norm = t->norm;
	s->norms = x->p->how.norms;
	s->special = tok_rules_norms(x->p->how.rules);
	s->spelled = x->p->how.spelled;
	s->flags = &x->flags;
	s->type = "";
	s->work = &x->work[0];
	s->text = &x->work[1];
}

static int
add_fit(struct matcher_impl *x, uint32_t spec)
{
	size_t cap = 2 * x->cfits + 256;
	uint32_t *v;

	if (x->nfits == x->cfits) {
		if (!(v = realloc(x->fits, cap * sizeof *v)))
			return -1;
		x->fits = v;
		x->cfits = cap;
	}
	x->fits[x->nfits++] = spec;
	return 0;
}

static int
by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Collects what a word fits: what its texts lead to, and the loose ones. */
static int
find_fits(struct matcher_impl *x, struct seen *s)
{
	const struct patterns *p = x->p;
	uint32_t node, at, i;
	unsigned attr;

	for (attr = 0; p->keyed >> attr; attr++) {
		if (!(p->keyed >> attr & 1))
			continue;
		node = links_step(&p->texts, attr, seen_value(s,
		    (enum attr)attr));
		for (at = node ? p->by_text[node] : 0; at; at =
		    p->cells[at - 1].next) {
			i = p->cells[at - 1].number;
			if (spec_holds(&p->specs, i, s, false) &&
			    add_fit(x, i) < 0)
				return -1;
		}
	}
	for (i = 0; i < p->nloose; i++)
		if (spec_holds(&p->specs, p->loose[i], s, false) &&
		    add_fit(x, p->loose[i]) < 0)
			return -1;
	return 0;
}

static int
fill_word(struct matcher_impl *x, struct word *w, const struct tok *t)
{
	const struct patterns *p = x->p;
	struct seen s;
	size_t i, n;

	see(x, t, &s);
	w->first = (uint32_t)x->nfits;
	w->starts = p->nothers > 0;
	if (p->specs.n && find_fits(x, &s) < 0)
		return -1;
	if (x->nfits - w->first > 1)
		qsort(x->fits + w->first, x->nfits - w->first,
		    sizeof *x->fits, by_number);
	for (i = n = w->first; i < x->nfits; i++) {
		if (n > w->first && x->fits[n - 1] == x->fits[i])
			continue;
		x->fits[n++] = x->fits[i];
		w->starts |= p->by_spec[x->fits[n - 1]] != 0;
	}
	x->nfits = n;
	w->n = (uint32_t)n - w->first;
	if (p->ends) {
		w->phrase = seen_value(&s, p->how.phrase);
		w->starts |= links_step(&p->paths, 0, w->phrase) != 0;
	}
	return 0;
}

/* The number of a token's word. */
static int
word_of(struct matcher_impl *x, const struct tok *t, uint32_t *number)
{
	uint64_t key = t->norm ? t->orth ^ hash_mix(t->norm) : t->orth;
	size_t had = x->seen.n, cap;
	struct word *v;

	if (!(*number = links_add(&x->seen, 0, key)))
		return -1;
	--*number;
	if (x->seen.n == had)
		return 0;
	if (had == x->cwords) {
		cap = 2 * x->cwords + 256;
		if (!(v = realloc(x->words, cap * sizeof *v)))
			return -1;
		x->words = v;
		x->cwords = cap;
	}
	return fill_word(x, &x->words[*number], t);
}

static int
find_words(struct matcher_impl *x)
{
	uint32_t *word;
	char *taken;
	size_t i, cap = x->n + x->n / 2 + 64;

	if (x->seen.n > WORDS_MOST || x->nfits > FITS_MOST) {
		links_clear(&x->seen);
		x->nfits = 0;
	}
	if (x->n > x->ctokens) {
		if ((word = realloc(x->word, cap * sizeof *word)))
			x->word = word;
		if ((taken = realloc(x->taken, cap)))
			x->taken = taken;
		if (!word || !taken)
			return -1;
		x->ctokens = cap;
	}
	for (i = 0; i < x->n; i++)
		if (word_of(x, &x->v[i], &x->word[i]) < 0)
			return -1;
	return 0;
}

/* ---- does a token fit? ---- */

/* The entity that a token is in, or NULL. */
static const struct match_ent *
entity_of(const struct match_ents *e, size_t token)
{
	size_t low = 0, high = e ? e->n : 0, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (token >= e->v[mid].token + e->v[mid].ntokens)
			low = mid + 1;
		else if (token < e->v[mid].token)
			high = mid;
		else
			return &e->v[mid];
	}
	return NULL;
}

/* What the word leaves open: the tests that look at the place. */
static bool
fits_place(struct matcher_impl *x, uint32_t spec, size_t token)
{
	const struct match_ent *e;
	struct seen s;

	if (!x->p->specs.v[spec].placed)
		return true;
	e = entity_of(x->ents, token);
	see(x, &x->v[token], &s);
	s.lex.spacy = x->v[token].flags & TOK_BLANK;
	s.sentence = x->v[token].flags & TOK_SENT;
	s.iob = !x->ents ? 0 : !e ? IOB_OUTSIDE :
	    e->token == token ? IOB_BEGIN : IOB_INSIDE;
	if (e) {
		s.type = e->label;
		s.ntype = e->nlabel;
	}
	return spec_holds(&x->p->specs, spec, &s, true);
}

static bool
fits(struct matcher_impl *x, uint32_t spec, size_t token)
{
	const struct word *w = &x->words[x->word[token]];
	const uint32_t *v = x->fits + w->first;
	size_t low = 0, high = w->n, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (v[mid] < spec)
			low = mid + 1;
		else if (v[mid] > spec)
			high = mid;
		else
			return fits_place(x, spec, token);
	}
	return false;
}

/* ---- from one token ---- */

static void
reach(struct matcher_impl *x, size_t end, uint32_t pattern)
{
	if (end > x->best.end || (end == x->best.end &&
	    pattern < x->best.pattern)) {
		x->best.end = (uint32_t)end;
		x->best.pattern = pattern;
	}
}

static void
try_next(struct matcher_impl *x, size_t step)
{
	if (x->mark[step] == x->stamp)
		return;
	x->mark[step] = x->stamp;
	x->next[x->nnext++] = (uint32_t)step;
}

/* A step has been made with the token before end: what may come next. */
static void
advance(struct matcher_impl *x, size_t step, size_t end)
{
	const struct step *k = x->p->steps;

	if (k[step].many)
		try_next(x, step);
	while (!k[step].last) {
		try_next(x, ++step);
		if (!k[step].may)
			return;
	}
	reach(x, end, k[step].pattern);
}

/* The steps that the token at start makes possible. */
static void
begin(struct matcher_impl *x, size_t start)
{
	const struct patterns *p = x->p;
	const struct word *w = &x->words[x->word[start]];
	uint32_t at, spec;
	size_t i;

	for (i = 0; i < w->n; i++) {
		spec = x->fits[w->first + i];
		if (!p->by_spec[spec] || !fits_place(x, spec, start))
			continue;
		for (at = p->by_spec[spec]; at; at = p->cells[at - 1].next)
			advance(x, p->cells[at - 1].number, start + 1);
	}
	for (i = 0; i < p->nothers; i++)
		if (!fits(x, p->steps[p->others[i]].spec, start))
			advance(x, p->others[i], start + 1);
}

/* The longest match that begins at start and ends at limit or before, in
 * x->best; false where there is none. */
static bool
longest(struct matcher_impl *x, size_t start, size_t limit)
{
	const struct patterns *p = x->p;
	const struct step *k;
	uint32_t *swap, node = 0;
	size_t j, i;

	x->best.start = x->best.end = (uint32_t)start;
	x->best.pattern = 0;
	for (j = start; p->ends && j < limit && (node = links_step(&p->paths,
	    node, x->words[x->word[j]].phrase)); j++)
		if (p->ends[node])
			reach(x, j + 1, p->ends[node] - 1);
	x->nnext = 0;
	x->stamp++;
	begin(x, start);
	for (j = start + 1; x->nnext && j < limit; j++) {
		swap = x->now;
		x->now = x->next;
		x->next = swap;
		x->nnow = x->nnext;
		x->nnext = 0;
		x->stamp++;
		for (i = 0; i < x->nnow; i++) {
			k = &p->steps[x->now[i]];
			if (fits(x, k->spec, j) != k->no)
				advance(x, x->now[i], j + 1);
		}
	}
	return x->best.end > start;
}

/* ---- which are taken ---- */

static bool
goes_before(const struct cand *a, const struct cand *b)
{
	uint32_t m = a->end - a->start, n = b->end - b->start;

	return m != n ? m > n : a->start < b->start;
}

static int
put(struct matcher_impl *x, struct cand c)
{
	size_t cap = 2 * x->cheap + 64, i, up;
	struct cand *v;

	if (x->nheap == x->cheap) {
		if (!(v = realloc(x->heap, cap * sizeof *v)))
			return -1;
		x->heap = v;
		x->cheap = cap;
	}
	for (i = x->nheap++; i > 0; i = up) {
		up = (i - 1) / 2;
		if (!goes_before(&c, &x->heap[up]))
			break;
		x->heap[i] = x->heap[up];
	}
	x->heap[i] = c;
	return 0;
}

static struct cand
get(struct matcher_impl *x)
{
	struct cand first = x->heap[0], c = x->heap[--x->nheap];
	size_t i = 0, down;

	while ((down = 2 * i + 1) < x->nheap) {
		if (down + 1 < x->nheap && goes_before(&x->heap[down + 1],
		    &x->heap[down]))
			down++;
		if (!goes_before(&x->heap[down], &c))
			break;
		x->heap[i] = x->heap[down];
		i = down;
	}
	x->heap[i] = c;
	return first;
}

static int
take(struct matcher *m, const struct cand *c)
{
	size_t cap = 2 * m->cap + 32;
	struct match_span *s;

	if (m->nspans == m->cap) {
		if (!(s = realloc(m->spans, cap * sizeof *s)))
			return -1;
		m->spans = s;
		m->cap = cap;
	}
	s = &m->spans[m->nspans++];
	s->token = c->start;
	s->ntokens = c->end - c->start;
	s->pattern = c->pattern;
	memset(m->impl->taken + c->start, 1, s->ntokens);
	return 0;
}

/* The first token from start on that is taken, or end. */
static size_t
free_until(const struct matcher_impl *x, size_t start, size_t end)
{
	const char *at = memchr(x->taken + start, 1, end - start);

	return at ? (size_t)(at - x->taken) : end;
}

static int
choose(struct matcher *m)
{
	struct matcher_impl *x = m->impl;
	struct cand c;
	size_t limit;

	while (x->nheap) {
		c = get(x);
		limit = free_until(x, c.start, c.end);
		if (limit == c.end) {
			if (take(m, &c) < 0)
				return -1;
		} else if (limit > c.start && longest(x, c.start, limit)) {
			if (put(x, x->best) < 0)
				return -1;
		}
	}
	return 0;
}

static int
by_place(const void *a, const void *b)
{
	const struct match_span *x = a, *y = b;

	return (x->token > y->token) - (x->token < y->token);
}

static int
find(struct matcher *m)
{
	struct matcher_impl *x = m->impl;
	const struct match_ents *e = x->ents && x->ents->keep ? x->ents :
	    NULL;
	size_t i;

	if (find_words(x) < 0)
		return -1;
	memset(x->taken, 0, x->n);
	for (i = 0; e && i < e->n; i++)
		memset(x->taken + e->v[i].token, 1, e->v[i].ntokens);
	for (i = 0; i < x->n; i++)
		if (x->words[x->word[i]].starts && !x->taken[i] &&
		    longest(x, i, e ? free_until(x, i, x->n) : x->n) &&
		    put(x, x->best) < 0)
			return -1;
	if (choose(m) < 0)
		return -1;
	if (m->nspans > 1)
		qsort(m->spans, m->nspans, sizeof *m->spans, by_place);
	return 0;
}

int
matcher_run(struct matcher *m, const char *text, const struct tok *v,
    size_t n, const struct match_ents *ents, struct fail *why)
{
	struct matcher_impl *x = m->impl;
	size_t i;

	m->nspans = x->nheap = 0;
	x->text = text;
	x->v = v;
	x->n = n;
	x->ents = ents;
	if (n && find(m) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	for (i = 0; i < COUNT(x->work); i++)
		if (x->work[i].err)
			return fail(why, EXIT_DATA, "a word is too long");
	return 0;
}
