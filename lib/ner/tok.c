/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/tok.h"
#include "ner/hash.h"
#include "ner/lex.h"
#include "ner/rules.h"
#include "ner/uni.h"

#define RUN_MAX 64              /* bytes of a run worth remembering */
#define KNOWN_MAX 100           /* bytes a known run and its tokens cost */

/* A match of a special case over tokens. */
struct span {
	size_t start, end;
};

struct toks_impl {
	const struct tok_rules *rules;
	struct regex_room *room;
	struct map runs;                /* runs seen -> numbers */
	struct special *known;          /* by that number, in kept */
	struct tok *kept;
	size_t nkept, ckept, cknown, memory;
	struct span *pre, *suf, *found; /* scratch, owned */
	size_t npre, cpre, nsuf, csuf, nfound, cfound;
	bool specials;                  /* look for special cases */
	bool failed;                    /* memory has ended */
};

int
toks_open(struct toks *t, const struct tok_rules *rules, size_t memory,
    struct fail *why)
{
	struct map none = MAP_INIT;
	struct toks_impl *x = calloc(1, sizeof *x);

	memset(t, 0, sizeof *t);
	if (!x)
		return fail_errno(why, "a tokenizer");
	x->rules = rules;
	x->runs = none;
	x->memory = memory;
	x->specials = true;
	if (regex_room_open(&x->room, why) < 0) {
		free(x);
		return -1;
	}
	t->impl = x;
	return 0;
}

static void
forget(struct toks_impl *x)
{
	struct map none = MAP_INIT;

	map_free(&x->runs);
	x->runs = none;
	free(x->known);
	free(x->kept);
	x->known = NULL;
	x->kept = NULL;
	x->nkept = x->ckept = x->cknown = 0;
}

void
toks_close(struct toks *t)
{
	struct toks_impl *x = t->impl;

	if (x) {
		forget(x);
		regex_room_close(x->room);
		free(x->pre);
		free(x->suf);
		free(x->found);
		free(x);
	}
	free(t->v);
	memset(t, 0, sizeof *t);
}

/* ---- making tokens ---- */

static struct tok *
push(struct toks *t)
{
	size_t cap = t->cap ? t->cap + t->cap / 2 : 64;
	struct tok *v;

	if (t->n == t->cap) {
		if (!(v = realloc(t->v, cap * sizeof *v))) {
			t->impl->failed = true;
			return NULL;
		}
		t->v = v;
		t->cap = cap;
	}
	return &t->v[t->n++];
}

/* A token of its own: text[start..start+n), its cp filled in later. */
static void
push_text(struct toks *t, const char *text, size_t start, size_t n)
{
	struct tok *k = push(t);

	if (!k)
		return;
	k->orth = hash_text(text + start, n);
	k->norm = 0;
	k->start = (uint32_t)start;
	k->n = (uint32_t)n;
	k->cp = 0;
	k->cps = (uint32_t)uni_count(text + start, n);
	k->flags = lex_is_space(text + start, n) ? TOK_SPACE : 0;
	if (links_step(&t->impl->rules->paths, 0, k->orth))
		k->flags |= TOK_STARTS;
}

/* Tokens that were made before, for text from start on. */
static void
push_made(struct toks *t, const struct tok *v, size_t n, size_t start)
{
	struct tok *k;
	size_t i;

	for (i = 0; i < n && (k = push(t)); i++) {
		*k = v[i];
		k->start += (uint32_t)start;
		if (links_step(&t->impl->rules->paths, 0, k->orth))
			k->flags |= TOK_STARTS;
	}
}

static void
push_span(struct toks_impl *x, struct span **v, size_t *n, size_t *cap,
    size_t start, size_t end)
{
	struct span *more;

	if (*n == *cap) {
		*cap = *cap ? 2 * *cap : 16;
		if (!(more = realloc(*v, *cap * sizeof *more))) {
			*cap = *n;
			x->failed = true;
			return;
		}
		*v = more;
	}
	(*v)[*n].start = start;
	(*v)[(*n)++].end = end;
}

/* ---- a run of text ---- */

static const struct special *
special(const struct toks_impl *x, const char *p, size_t n)
{
	return x->specials && n ? rules_find(x->rules, p, n) : NULL;
}

static size_t
prefix_length(struct toks_impl *x, const char *p, size_t n)
{
	size_t a, b;

	return x->rules->prefix && regex_search(x->rules->prefix, x->room, p,
	    n, 0, REGEX_ANYWHERE, &a, &b) ? b - a : 0;
}

/* What is known of the suffix of a text that loses its prefixes: from is
 * where the search began, and found nothing before at. */
struct suffix_memo {
	size_t from, at, end, length;
	bool valid;
};

/* The suffix of text[from..end). A search that began further left, over the
 * same end, has seen every place but those so near to the new beginning that
 * a pattern looking back could now see less: only these are tried again. */
static size_t
suffix_length(struct toks_impl *x, const char *text, size_t from, size_t end,
    struct suffix_memo *m)
{
	const struct regex *r = x->rules->suffix;
	size_t a, b, last = from, left;

	if (!r || from >= end)
		return 0;
	if (m->valid && m->end == end && from > m->from) {
		for (left = regex_reach(r) + 1; left > 0 && last < end; left--)
			for (last++; last < end &&
			    ((unsigned char)text[last] & 0xC0) == 0x80;)
				last++;
		if (last < m->at) {
			if (regex_search(r, x->room, text + from, end - from,
			    0, last - from, &a, &b))
				return b - a;
			return m->length;
		}
	}
	m->from = from;
	m->end = end;
	m->valid = true;
	m->at = end;
	m->length = 0;
	if (regex_search(r, x->room, text + from, end - from, 0,
	    REGEX_ANYWHERE, &a, &b)) {
		m->at = from + a;
		m->length = b - a;
	}
	return m->length;
}

static bool
token_match(struct toks_impl *x, const struct regex *r, const char *p,
    size_t n)
{
	size_t end;

	return r && regex_match(r, x->room, p, n, &end);
}

/* Cuts affixes off text[*start..*end), noting them in pre and suf. */
static void
split_affixes(struct toks_impl *x, const char *text, size_t *start,
    size_t *end)
{
	size_t s = *start, e = *end, last = 0, p, q;
	struct suffix_memo memo = { 0, 0, 0, 0, false };

	while (s < e && e - s != last && !x->failed) {
		if (token_match(x, x->rules->token, text + s, e - s) ||
		    special(x, text + s, e - s))
			break;
		last = e - s;
		p = prefix_length(x, text + s, e - s);
		if (p && special(x, text + s + p, e - s - p)) {
			push_span(x, &x->pre, &x->npre, &x->cpre, s, s + p);
			s += p;
			break;
		}
		q = suffix_length(x, text, s + p, e, &memo);
		if (q && special(x, text + s, e - s - q)) {
			push_span(x, &x->suf, &x->nsuf, &x->csuf, e - q, e);
			e -= q;
			break;
		}
		if (p)
			push_span(x, &x->pre, &x->npre, &x->cpre, s, s + p);
		if (q)
			push_span(x, &x->suf, &x->nsuf, &x->csuf, e - q, e);
		s += p;
		e -= q;
	}
	*start = s;
	*end = e;
}

/* What is left between the affixes: cut at the infixes. */
static void
split_infixes(struct toks *t, const char *text, size_t start, size_t end)
{
	struct toks_impl *x = t->impl;
	const char *p = text + start;
	size_t n = end - start, at = 0, from = 0, a, b;

	while (x->rules->infix && from <= n && regex_search(x->rules->infix,
	    x->room, p, n, from, REGEX_ANYWHERE, &a, &b)) {
		from = b;
		if (a == b) {           /* an empty match: one code point on */
			if (from >= n)
				from++;
			else
				for (from++; from < n &&
				    ((unsigned char)p[from] & 0xC0) == 0x80;)
					from++;
		}
		if (a == 0)
			continue;
		if (a != at)
			push_text(t, text, start + at, a - at);
		if (a != b)
			push_text(t, text, start + a, b - a);
		at = b;
	}
	if (at < n)
		push_text(t, text, start + at, n - at);
}

static void
cut_run(struct toks *t, const char *text, size_t start, size_t end)
{
	struct toks_impl *x = t->impl;
	const struct special *s;
	size_t i;

	if ((s = special(x, text + start, end - start))) {
		push_made(t, x->rules->parts + s->first, s->n, start);
		return;
	}
	x->npre = x->nsuf = 0;
	split_affixes(x, text, &start, &end);
	for (i = 0; i < x->npre; i++)
		push_text(t, text, x->pre[i].start,
		    x->pre[i].end - x->pre[i].start);
	if (start < end) {
		if ((s = special(x, text + start, end - start)))
			push_made(t, x->rules->parts + s->first, s->n, start);
		else if (token_match(x, x->rules->token, text + start,
		    end - start) || token_match(x, x->rules->url,
		    text + start, end - start))
			push_text(t, text, start, end - start);
		else
			split_infixes(t, text, start, end);
	}
	for (i = x->nsuf; i > 0; i--)
		push_text(t, text, x->suf[i - 1].start,
		    x->suf[i - 1].end - x->suf[i - 1].start);
}

/* ---- runs seen before ---- */

/* Keeps the tokens from first on as those of a run. */
static void
remember(struct toks *t, const char *p, size_t n, size_t first)
{
	struct toks_impl *x = t->impl;
	size_t count = t->n - first, i, cap;
	struct special *known;
	struct tok *kept;
	uint32_t at;

	if (x->runs.bytes + x->cknown * sizeof *known +
	    x->ckept * sizeof *kept + KNOWN_MAX > x->memory)
		forget(x);
	if (x->nkept + count > x->ckept) {
		cap = 2 * x->ckept + count + 64;
		if (!(kept = realloc(x->kept, cap * sizeof *kept)))
			return;
		x->kept = kept;
		x->ckept = cap;
	}
	if (x->runs.n == x->cknown) {
		cap = 2 * x->cknown + 64;
		if (!(known = realloc(x->known, cap * sizeof *known)))
			return;
		x->known = known;
		x->cknown = cap;
	}
	if ((at = map_add(&x->runs, p, n, NULL)) == MAP_NONE)
		return;
	x->known[at].first = (uint32_t)x->nkept;
	x->known[at].n = (uint32_t)count;
	for (i = 0; i < count; i++) {
		x->kept[x->nkept + i] = t->v[first + i];
		x->kept[x->nkept + i].start -= t->v[first].start;
	}
	x->nkept += count;
}

/* A run of one kind, white space or not: text[start..end). */
static void
take_run(struct toks *t, const char *text, size_t start, size_t end)
{
	struct toks_impl *x = t->impl;
	size_t n = end - start, first = t->n, i;
	uint32_t at;

	if (n <= RUN_MAX && x->specials && x->memory) {
		at = map_find(&x->runs, text + start, n);
		if (at != MAP_NONE) {
			struct tok *k;
			const struct tok *v = x->kept + x->known[at].first;

			for (i = 0; i < x->known[at].n && (k = push(t)); i++) {
				*k = v[i];
				k->start += (uint32_t)start;
			}
			return;
		}
	}
	cut_run(t, text, start, end);
	if (n <= RUN_MAX && x->specials && x->memory && !x->failed)
		remember(t, text + start, n, first);
}

static void
cut_text(struct toks *t, const char *p, size_t n)
{
	const char *at = p, *end = p + n, *from;
	size_t start = 0, i;
	bool space, in_space;
	uint32_t c;

	from = at;
	in_space = n && uni_is_space(uni_next(&from));
	while (at < end && !t->impl->failed) {
		from = at;
		c = uni_next(&at);
		space = uni_is_space(c);
		i = (size_t)(from - p);
		if (space == in_space)
			continue;
		if (start < i)
			take_run(t, p, start, i);
		start = i;
		if (c == ' ' && t->n > 0) {
			t->v[t->n - 1].flags |= TOK_BLANK;
			start = i + 1;
		}
		in_space = !in_space;
	}
	if (start < n)
		take_run(t, p, start, n);
}

/* ---- special cases over tokens ---- */

static int
by_length(const void *a, const void *b)
{
	const struct span *x = a, *y = b;
	size_t m = x->end - x->start, n = y->end - y->start;

	if (m != n)
		return m < n ? 1 : -1;
	return (x->start > y->start) - (x->start < y->start);
}

static int
by_start(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

static void
find_spans(struct toks *t)
{
	struct toks_impl *x = t->impl;
	uint32_t node;
	size_t i, j;

	x->nfound = 0;
	for (i = 0; i < t->n; i++) {
		if (!(t->v[i].flags & TOK_STARTS))
			continue;
		node = 0;
		for (j = i; j < t->n && (node = links_step(&x->rules->paths,
		    node, t->v[j].orth)); j++)
			if (x->rules->ends[node])
				push_span(x, &x->found, &x->nfound,
				    &x->cfound, i, j + 1);
	}
}

/* Longest first, then leftmost; one that is not taken still bars its tokens.
 * Leaves the taken ones in found, from left to right. */
static int
choose_spans(struct toks *t, struct fail *why)
{
	struct toks_impl *x = t->impl;
	size_t i, j, n = 0;
	bool *seen = calloc(t->n, sizeof *seen);

	if (!seen)
		return fail_errno(why, "special cases");
	qsort(x->found, x->nfound, sizeof *x->found, by_length);
	for (i = 0; i < x->nfound; i++) {
		struct span s = x->found[i];

		if (!seen[s.start] && !seen[s.end - 1])
			x->found[n++] = s;
		for (j = s.start; j < s.end; j++)
			seen[j] = true;
	}
	x->nfound = n;
	qsort(x->found, n, sizeof *x->found, by_start);
	free(seen);
	return 0;
}

static int
replace_spans(struct toks *t, const char *text, struct fail *why)
{
	struct toks_impl *x = t->impl;
	struct tok *old = t->v, last;
	size_t n = t->n, i, k = 0, from;
	const struct special *s;

	t->v = NULL;
	t->n = t->cap = 0;
	for (i = 0; i < n && !x->failed; i++) {
		struct tok *v;

		if (k < x->nfound && x->found[k].start == i) {
			last = old[x->found[k].end - 1];
			from = old[i].start;
			s = rules_find(x->rules, text + from,
			    last.start + last.n - from);
			if (s) {
				push_made(t, x->rules->parts + s->first, s->n,
				    from);
				if (t->n)
					t->v[t->n - 1].flags |= last.flags &
					    TOK_BLANK;
				i = x->found[k++].end - 1;
				continue;
			}
			k++;
		}
		if ((v = push(t)))
			*v = old[i];
	}
	free(old);
	return x->failed ? fail(why, EXIT_MACHINE, "out of memory") : 0;
}

/* Code points: counted along the text once the tokens stand. */
static void
count_points(struct toks *t, const char *text)
{
	size_t at = 0, i;
	uint32_t cp = 0;

	for (i = 0; i < t->n; i++) {
		struct tok *k = &t->v[i];

		cp += (uint32_t)uni_count(text + at, k->start - at);
		k->cp = cp;
		cp += k->cps;
		at = k->start + k->n;
	}
}

int
toks_plain(struct toks *t, const char *p, size_t n, struct fail *why)
{
	t->n = 0;
	t->impl->failed = false;
	t->impl->specials = false;
	cut_text(t, p, n);
	t->impl->specials = true;
	return t->impl->failed ? fail(why, EXIT_MACHINE, "out of memory") : 0;
}

/* The scratch of a very long run. */
static void
give_back(struct span **v, size_t *cap)
{
	if (*cap < 65536)
		return;
	free(*v);
	*v = NULL;
	*cap = 0;
}

int
toks_cut(struct toks *t, const char *p, size_t n, struct fail *why)
{
	struct toks_impl *x = t->impl;

	if (n >= UINT32_MAX)
		return fail(why, EXIT_DATA, "the text is too long");
	t->n = 0;
	x->failed = false;
	cut_text(t, p, n);
	if (t->n)
		t->v[0].flags |= TOK_SENT;
	if (!x->failed)
		find_spans(t);
	if (x->failed)
		return fail(why, EXIT_MACHINE, "out of memory");
	give_back(&x->pre, &x->cpre);
	give_back(&x->suf, &x->csuf);
	if (x->nfound && (choose_spans(t, why) < 0 ||
	    replace_spans(t, p, why) < 0))
		return -1;
	count_points(t, p);
	return 0;
}
