/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/ner.h"
#include "ner/encode.h"
#include "ner/match.h"

#define STRETCH 1024            /* tokens computed together, about */

/* A component at work. */
struct worker {
	const struct part *k;
	struct encoder *rows;           /* NULL: it has no network */
	struct biluo_room room;         /* of ner */
	struct parse *parse;            /* of a parser */
	float *ahead;                   /* owned: rows of a parser's stretch */
	struct matcher matcher;         /* of a ruler */
};

/* The text that is parsed, and where its rows are: laid out from place on,
 * or (place -1) those of from..end, which lie in ahead. */
struct source {
	struct worker *w;
	const char *text;
	const struct tok *v;
	size_t n, from, end;
	int64_t place;
};

struct ner_impl {
	const struct pipeline *p;
	struct toks toks;
	struct worker *sentences, *entities;    /* owned, as the pipeline's */
	float *kept;                    /* owned: an open entity's rows */
	int64_t *place;                 /* owned: of each text's first token,
	                                 * in a sentence worker's rows; then
	                                 * in an entity worker's */
	bool *opened;                   /* owned: was an entity left open? */
	bool *known;                    /* owned: are its sentences? */
	struct match_ent *ents;         /* owned: room for a ruler */
	size_t cents;
	size_t ctexts, cspans, ctokens;
	bool weigh;                     /* NER_PROBABILITY */
};

/* ---- rows ---- */

/* Those of tokens from..end of a text alone. Returns where they begin, or
 * -1. */
static int64_t
make_rows(struct encoder *rows, const char *text, const struct tok *v,
    size_t n, size_t from, size_t end, struct fail *why)
{
	int64_t place;

	encoder_clear(rows);
	place = encoder_add(rows, text, v, n, from, end, why);
	return place < 0 || encoder_run(rows, why) < 0 ? -1 : place;
}

/* ---- open and close ---- */

size_t
ner_share(size_t threads)
{
	size_t least = NER_MEMORY / 16;
	size_t share = threads > 1 ? NER_MEMORY / 10 * 9 / threads :
	    NER_MEMORY;

	return share > least ? share : least;
}

/* An encode_finish (its ctx a struct part): does a sentence begin here? */
static void
senter_finish(void *ctx, const float *const *rows, float *const *out,
    size_t n)
{
	const struct part *k = ctx;
	float score[KERNEL_LANES], *to = score;
	size_t i;

	for (i = 0; i < n; i++) {
		k->vectors.kernel->maxout(&k->tags, rows + i, &to, 1);
		out[i][0] = score[1] > score[0];
	}
}

static int
open_worker(struct worker *w, const struct part *k, size_t memory,
    struct fail *why)
{
	const struct vectors *v = &k->vectors;

	w->k = k;
	switch (k->what.kind) {
	case CONFIG_NER:
		if (biluo_room_open(&w->room, &k->ner) < 0)
			return fail(why, EXIT_MACHINE, "out of memory");
		return encoder_open(&w->rows, v, k->ner.wide, biluo_finish,
		    &w->room, memory, why);
	case CONFIG_PARSER:
		if (parse_open(&w->parse, &k->parser, why) < 0)
			return -1;
		return encoder_open(&w->rows, v, KERNEL_STRIDE(
		    k->parser.scorer.token), parse_finish, w->parse, memory,
		    why);
	case CONFIG_SENTER:
		return encoder_open(&w->rows, v, KERNEL_LANES, senter_finish,
		    (void *)(uintptr_t)k, memory, why);
	case CONFIG_RULER:
		return matcher_open(&w->matcher, k->patterns, why);
	case CONFIG_MARKS:
		break;
	}
	return 0;
}

static void
close_worker(struct worker *w)
{
	encoder_close(w->rows);
	biluo_room_close(&w->room);
	parse_close(w->parse);
	free(w->ahead);
	matcher_close(&w->matcher);
}

static int
open_parts(struct ner *n, size_t memory, struct fail *why)
{
	struct ner_impl *x = n->impl;
	const struct pipeline *p = x->p;
	size_t nets = 0, most = 0, i, wide;

	x->sentences = calloc(p->nsentences + 1, sizeof *x->sentences);
	x->entities = calloc(p->nentities + 1, sizeof *x->entities);
	if (!x->sentences || !x->entities)
		return fail_errno(why, "a worker");
	for (i = 0; i < p->nsentences; i++)
		nets += p->sentences[i].what.kind != CONFIG_MARKS;
	for (i = 0; i < p->nentities; i++) {
		if (p->entities[i].what.kind != CONFIG_NER)
			continue;
		nets++;
		wide = KERNEL_STRIDE(p->entities[i].ner.scorer.token);
		most = wide > most ? wide : most;
	}
	if (toks_open(&x->toks, p->rules, memory / 10, why) < 0)
		return -1;
	if (!(x->kept = kernel_alloc(SCORER_SLOTS * most)))
		return fail(why, EXIT_MACHINE, "out of memory");
	for (i = 0; i < p->nentities; i++)
		if (open_worker(&x->entities[i], &p->entities[i], memory /
		    (nets ? nets : 1), why) < 0)
			return -1;
	for (i = 0; i < p->nsentences; i++)
		if (open_worker(&x->sentences[i], &p->sentences[i], memory /
		    (nets ? nets : 1), why) < 0)
			return -1;
	return 0;
}

int
ner_open(struct ner **ner, const struct pipeline *p, size_t memory,
    struct fail *why)
{
	struct ner *n = calloc(1, sizeof *n);

	if (!n || !(n->impl = calloc(1, sizeof *n->impl))) {
		free(n);
		return fail_errno(why, "a worker");
	}
	n->impl->p = p;
	if (open_parts(n, memory, why) < 0) {
		ner_close(n);
		return -1;
	}
	*ner = n;
	return 0;
}

void
ner_close(struct ner *n)
{
	struct ner_impl *x;
	size_t i;

	if (!n)
		return;
	x = n->impl;
	toks_close(&x->toks);
	for (i = 0; x->sentences && i < x->p->nsentences; i++)
		close_worker(&x->sentences[i]);
	for (i = 0; x->entities && i < x->p->nentities; i++)
		close_worker(&x->entities[i]);
	free(x->sentences);
	free(x->entities);
	free(x->kept);
	free(x->place);
	free(x->opened);
	free(x->known);
	free(x->ents);
	free(x);
	free(n->spans);
	free(n->tokens);
	free(n);
}

const char *
ner_label(const struct pipeline *p, uint32_t label, size_t *n)
{
	*n = p->labels.keys[label].len;
	return p->labels.keys[label].p;
}

const char *
ner_id(const struct pipeline *p, const struct ner_span *s, size_t *n)
{
	const struct patterns *rules = p->entities[s->part].patterns;
	const struct pattern *k;

	*n = 0;
	if (!s->rule || !rules)
		return NULL;
	k = &rules->v[s->rule - 1];
	*n = k->nid;
	return k->nid ? rules->bytes.p + k->id : NULL;
}

/* ---- spans ---- */

/* Tokens start..end of a text, whose tokens v are. Returns the new span, to
 * be filled up, or NULL. */
static struct ner_span *
add_span(struct ner *n, const struct worker *w, uint32_t text,
    const struct tok *v, uint32_t start, uint32_t end, struct fail *why)
{
	struct ner_impl *x = n->impl;
	struct ner_span *k;
	size_t cap = 2 * x->cspans + 64;

	if (n->nspans == x->cspans) {
		if (!(k = realloc(n->spans, cap * sizeof *k))) {
			fail_errno(why, "entities");
			return NULL;
		}
		n->spans = k;
		x->cspans = cap;
	}
	k = &n->spans[n->nspans++];
	k->text = text;
	k->token = start;
	k->ntokens = end - start;
	k->start = v[start].start;
	k->end = v[end - 1].start + v[end - 1].n;
	k->cp_start = v[start].cp;
	k->cp_end = v[end - 1].cp + v[end - 1].cps;
	k->rule = 0;
	k->part = (uint32_t)(w - x->entities);
	k->probability = 1;
	return k;
}

static int
add_entity(struct ner *n, const struct worker *w, uint32_t text,
    const struct tok *v, const struct biluo_span *s, struct fail *why)
{
	struct ner_span *k = add_span(n, w, text, v, s->start, s->end, why);
	const char *label;
	size_t len;

	if (!k)
		return -1;
	k->label = w->k->label[s->label];
	k->probability = s->probability;
	if (n->impl->weigh && n->calibration) {
		label = ner_label(n->impl->p, k->label, &len);
		k->probability = calibration_of(n->calibration, label, len,
		    k->probability);
	}
	return 0;
}

static int
by_place(const void *a, const void *b)
{
	const struct ner_span *x = a, *y = b;

	if (x->text != y->text)
		return x->text < y->text ? -1 : 1;
	return (x->token > y->token) - (x->token < y->token);
}

/* Takes tokens first..end of a text, whose rows begin at place. */
static int
decode(struct ner *n, struct worker *w, uint32_t text, const struct tok *v,
    size_t count, size_t end, int64_t place, struct biluo_state *s,
    bool *opened, struct fail *why)
{
	struct biluo_span span;
	size_t i, first = s->at;

	for (i = first; i < end; i++) {
		if (!biluo_take(&w->k->ner, &w->room, s, &v[i], i + 1 < count
		    ? &v[i + 1] : NULL, encoder_row(w->rows, place +
		    (int64_t)(i - first)), &span, opened))
			continue;
		if (add_entity(n, w, text, v, &span, why) < 0)
			return -1;
	}
	return 0;
}

static void
state_init(const struct ner_impl *x, struct biluo_state *s)
{
	memset(s, 0, sizeof *s);
	s->weigh = x->weigh;
	s->kept = x->kept;
}

/* ---- sentences ---- */

/* A stretch of a long text, from token on, into ahead. */
static int
go_ahead(struct source *s, size_t token, struct fail *why)
{
	struct worker *w = s->w;
	struct encoder *rows = w->rows;
	size_t each = KERNEL_STRIDE(s->w->k->parser.scorer.token), i;
	size_t end = s->n - token > STRETCH ? token + STRETCH : s->n;
	int64_t place;

	if (!w->ahead && !(w->ahead = kernel_alloc(STRETCH * each)))
		return fail(why, EXIT_MACHINE, "out of memory");
	place = make_rows(rows, s->text, s->v, s->n, token, end, why);
	if (place < 0)
		return -1;
	for (i = token; i < end; i++)
		memcpy(w->ahead + (i - token) * each, encoder_row(rows, place +
		    (int64_t)(i - token)), each * sizeof (float));
	s->from = token;
	s->end = end;
	return 0;
}

/* A parse_rows (its ctx a struct source): of a text that is laid out as a
 * whole; else of a stretch at a time, and of a token before it alone. */
static int
give_rows(void *ctx, size_t first, size_t n, float *out, struct fail *why)
{
	struct source *s = ctx;
	struct encoder *rows = s->w->rows;
	size_t each = KERNEL_STRIDE(s->w->k->parser.scorer.token), i;
	const float *row;
	int64_t place;

	for (i = first; i < first + n; i++, out += each) {
		if (s->place < 0 && i >= s->end && go_ahead(s, i, why) < 0)
			return -1;
		if (s->place >= 0) {
			row = encoder_row(rows, s->place + (int64_t)i);
		} else if (i >= s->from) {
			row = s->w->ahead + (i - s->from) * each;
		} else {
			place = make_rows(rows, s->text, s->v, s->n, i, i + 1,
			    why);
			if (place < 0)
				return -1;
			row = encoder_row(rows, place);
		}
		memcpy(out, row, each * sizeof *out);
	}
	return 0;
}

/* By a senter, tokens from..end, which are laid out from place on. Where the
 * first token begins a sentence it is left so, unless it overwrites. */
static void
take_tags(const struct worker *w, struct tok *v, size_t from, size_t end,
    int64_t place)
{
	size_t i;

	for (i = from; i < end; i++) {
		if (i == 0 && v[0].flags & TOK_SENT && !w->k->what.overwrite)
			continue;
		v[i].flags &= ~(uint32_t)TOK_SENT;
		if (encoder_row(w->rows, place + (int64_t)(i - from))[0] > 0)
			v[i].flags |= TOK_SENT;
	}
}

static int
tag_long(struct worker *w, const struct ner_text *t, struct tok *v,
    struct fail *why)
{
	size_t from, end;
	int64_t place;

	for (from = 0; from < t->ntokens; from = end) {
		end = t->ntokens - from > STRETCH ? from + STRETCH :
		    t->ntokens;
		place = make_rows(w->rows, t->p, v, t->ntokens, from, end,
		    why);
		if (place < 0)
			return -1;
		take_tags(w, v, from, end, place);
	}
	return 0;
}

/* Marks where one component says that sentences begin in a text, which is
 * laid out from place on, or (-1) too long for that. */
static int
set_sentences(struct ner *n, struct worker *w, const struct ner_text *t,
    int64_t place, struct fail *why)
{
	struct ner_impl *x = n->impl;
	struct tok *v = n->tokens + t->first;
	struct source s = { w, t->p, v, t->ntokens, 0, 0, place };

	switch (w->k->what.kind) {
	case CONFIG_PARSER:
		return parse_run(w->parse, v, t->ntokens, w != x->sentences,
		    give_rows, &s, why);
	case CONFIG_SENTER:
		if (place < 0)
			return tag_long(w, t, v, why);
		take_tags(w, v, 0, t->ntokens, place);
		return 0;
	default:
		marks_set(&w->k->marks, t->p, v, t->ntokens);
		return 0;
	}
}

/* The same for some texts together, by each component in turn: for those that
 * left an entity open, or (all) each of them. A component that does not
 * overwrite what another has set, which is all, has nothing to do. */
static int
find_sentences(struct ner *n, const struct ner_text *texts, size_t from,
    size_t to, bool all, struct fail *why)
{
	struct ner_impl *x = n->impl;
	bool laid = texts[from].ntokens <= STRETCH;
	struct worker *w;
	size_t i;

	for (w = x->sentences; w < x->sentences + x->p->nsentences; w++) {
		if (w != x->sentences && w->k->what.kind != CONFIG_PARSER &&
		    !w->k->what.overwrite)
			continue;
		if (w->rows)
			encoder_clear(w->rows);
		for (i = from; i < to; i++) {
			x->place[i] = -1;
			if (x->known[i] || (!all && !x->opened[i]) || !laid ||
			    !w->rows)
				continue;
			x->place[i] = encoder_add(w->rows, texts[i].p,
			    n->tokens + texts[i].first, texts[i].ntokens, 0,
			    texts[i].ntokens, why);
			if (x->place[i] < 0)
				return -1;
		}
		if (laid && w->rows && encoder_run(w->rows, why) < 0)
			return -1;
		for (i = from; i < to; i++)
			if (!x->known[i] && (all || x->opened[i]) &&
			    set_sentences(n, w, &texts[i], x->place[i],
			    why) < 0)
				return -1;
	}
	for (i = from; i < to; i++)
		x->known[i] |= all || x->opened[i];
	return 0;
}

/* ---- entities ---- */

/* Decodes a text that is too long for one stretch. True in *again where an
 * entity was left open and sentences could matter: nothing is found then. */
static int
decode_long(struct ner *n, struct worker *w, const struct ner_text *texts,
    uint32_t at, bool *again, struct fail *why)
{
	struct ner_impl *x = n->impl;
	const struct ner_text *t = &texts[at];
	const struct tok *v = n->tokens + t->first;
	bool lazy = x->p->nsentences && !x->known[at], opened = false;
	struct biluo_state s;
	int64_t place;
	size_t end;

	state_init(x, &s);
	while (s.at < t->ntokens && !(lazy && opened)) {
		end = s.at + STRETCH < t->ntokens ? s.at + STRETCH :
		    t->ntokens;
		place = make_rows(w->rows, t->p, v, t->ntokens, s.at, end,
		    why);
		if (place < 0 || decode(n, w, at, v, t->ntokens, end, place,
		    &s, &opened, why) < 0)
			return -1;
	}
	x->opened[at] = opened;
	*again = lazy && opened;
	return 0;
}

/* Decodes texts from..to, which are laid out; *again as above. */
static int
decode_all(struct ner *n, struct worker *w, const struct ner_text *texts,
    size_t from, size_t to, const int64_t *place, bool *again,
    struct fail *why)
{
	struct ner_impl *x = n->impl;
	struct biluo_state s;
	size_t i;

	*again = false;
	for (i = from; i < to; i++) {
		state_init(x, &s);
		x->opened[i] = false;
		if (decode(n, w, (uint32_t)i, n->tokens + texts[i].first,
		    texts[i].ntokens, texts[i].ntokens, place[i], &s,
		    &x->opened[i], why) < 0)
			return -1;
		*again |= x->opened[i] && x->p->nsentences && !x->known[i];
	}
	return 0;
}

/* The spans from one on are entities that are there: marks their tokens. */
static void
mark_taken(struct ner *n, const struct ner_text *texts, size_t spans,
    bool taken)
{
	size_t i, j;

	for (i = spans; i < n->nspans; i++) {
		const struct ner_span *s = &n->spans[i];
		struct tok *v = n->tokens + texts[s->text].first + s->token;

		for (j = 0; j < s->ntokens; j++)
			v[j].flags = taken ? v[j].flags | TOK_TAKEN :
			    v[j].flags & ~(uint32_t)TOK_TAKEN;
	}
}

/* What a network finds in texts from..to: they fit a stretch together, or
 * are a single one that does not. */
static int
find_entities(struct ner *n, struct worker *w, const struct ner_text *texts,
    size_t from, size_t to, struct fail *why)
{
	struct ner_impl *x = n->impl;
	int64_t *place = x->place + x->ctexts;
	bool laid = texts[from].ntokens <= STRETCH, again;
	size_t i, had = n->nspans;
	int r;

	encoder_clear(w->rows);
	for (i = from; laid && i < to; i++) {
		place[i] = encoder_add(w->rows, texts[i].p, n->tokens +
		    texts[i].first, texts[i].ntokens, 0, texts[i].ntokens,
		    why);
		if (place[i] < 0)
			return -1;
	}
	if (laid && encoder_run(w->rows, why) < 0)
		return -1;
	for (;;) {
		r = laid ? decode_all(n, w, texts, from, to, place, &again,
		    why) : decode_long(n, w, texts, (uint32_t)from, &again,
		    why);
		if (r < 0 || !again)
			return r;
		n->nspans = had;
		if (find_sentences(n, texts, from, to, false, why) < 0)
			return -1;
	}
}

/* The entities of a text from span *at on, for a ruler; NULL where nothing
 * has looked for any. */
static int
list_ents(struct ner *n, uint32_t text, size_t *at, size_t end,
    struct match_ents *list, struct fail *why)
{
	struct ner_impl *x = n->impl;
	struct match_ent *e;
	size_t cap;

	for (list->n = 0; *at < end && n->spans[*at].text == text; ++*at) {
		const struct ner_span *s = &n->spans[*at];

		if (list->n == x->cents) {
			cap = 2 * x->cents + 32;
			if (!(e = realloc(x->ents, cap * sizeof *e)))
				return fail_errno(why, "entities");
			x->ents = e;
			x->cents = cap;
		}
		e = &x->ents[list->n++];
		e->token = s->token;
		e->ntokens = s->ntokens;
		e->label = ner_label(x->p, s->label, &e->nlabel);
	}
	list->v = x->ents;
	return 0;
}

/* A ruler's matches in a text, as spans; those of first..end that one of them
 * overlaps are emptied. */
static int
take_matches(struct ner *n, struct worker *w, const struct ner_text *texts,
    uint32_t text, size_t first, size_t end, struct fail *why)
{
	const struct tok *v = n->tokens + texts[text].first;
	struct ner_span *s;
	size_t i, j;

	for (i = 0; i < w->matcher.nspans; i++) {
		const struct match_span *m = &w->matcher.spans[i];

		s = add_span(n, w, text, v, m->token, m->token + m->ntokens,
		    why);
		if (!s)
			return -1;
		s->rule = m->pattern + 1;
		s->label = w->k->label[m->pattern];
		for (j = first; j < end; j++)
			if (n->spans[j].token < m->token + m->ntokens &&
			    m->token < n->spans[j].token +
			    n->spans[j].ntokens)
				n->spans[j].ntokens = 0;
	}
	return 0;
}

/* What a ruler finds in texts from..to, whose entities begin at span base. */
static int
find_rules(struct ner *n, struct worker *w, const struct ner_text *texts,
    size_t from, size_t to, size_t base, struct fail *why)
{
	struct match_ents list = { NULL, 0, !w->k->what.overwrite };
	size_t i, at = base, first, had = n->nspans;

	for (i = from; i < to; i++) {
		first = at;
		if (list_ents(n, (uint32_t)i, &at, had, &list, why) < 0 ||
		    matcher_run(&w->matcher, texts[i].p, n->tokens +
		    texts[i].first, texts[i].ntokens, w == n->impl->entities ?
		    NULL : &list, why) < 0 ||
		    take_matches(n, w, texts, (uint32_t)i, first, at,
		    why) < 0)
			return -1;
	}
	for (first = i = base; i < n->nspans; i++)
		if (n->spans[i].ntokens)
			n->spans[first++] = n->spans[i];
	n->nspans = first;
	return 0;
}

/* ---- texts ---- */

/* Texts from..to, which fit a stretch together, or a single one that does
 * not. */
static int
run_some(struct ner *n, struct ner_text *texts, size_t from, size_t to,
    bool sentences, struct fail *why)
{
	struct ner_impl *x = n->impl;
	size_t base = n->nspans, had;
	struct worker *w;
	int r;

	memset(x->known + from, 0, (to - from) * sizeof *x->known);
	if (sentences && find_sentences(n, texts, from, to, true, why) < 0)
		return -1;
	for (w = x->entities; w < x->entities + x->p->nentities; w++) {
		had = n->nspans;
		if (w->k->what.kind == CONFIG_RULER) {
			r = find_rules(n, w, texts, from, to, base, why);
		} else {
			mark_taken(n, texts, base, true);
			r = find_entities(n, w, texts, from, to, why);
			mark_taken(n, texts, base, false);
		}
		if (r < 0)
			return -1;
		if (had > base)
			qsort(n->spans + base, n->nspans - base,
			    sizeof *n->spans, by_place);
	}
	return 0;
}

/* Cuts every text into tokens; those of a single one are not copied. */
static int
cut(struct ner *n, struct ner_text *texts, size_t ntexts, struct fail *why)
{
	struct ner_impl *x = n->impl;
	struct tok *v;
	size_t i, cap;

	n->ntokens = 0;
	for (i = 0; i < ntexts; i++) {
		if (toks_cut(&x->toks, texts[i].p, texts[i].n, why) < 0)
			return -1;
		texts[i].first = n->ntokens;
		texts[i].ntokens = x->toks.n;
		if (n->ntokens == 0 && x->toks.n > STRETCH) {
			v = n->tokens;
			n->tokens = x->toks.v;
			x->toks.v = v;
			cap = x->ctokens;
			x->ctokens = x->toks.cap;
			x->toks.cap = cap;
			n->ntokens = x->toks.n;
			continue;
		}
		if (n->ntokens + x->toks.n > x->ctokens) {
			cap = n->ntokens + n->ntokens / 2 + x->toks.n;
			if (!(v = realloc(n->tokens, cap * sizeof *v)))
				return fail_errno(why, "tokens");
			n->tokens = v;
			x->ctokens = cap;
		}
		if (x->toks.n)
			memcpy(n->tokens + n->ntokens, x->toks.v, x->toks.n *
			    sizeof *v);
		n->ntokens += x->toks.n;
	}
	return 0;
}

/* Room for what is noted of each text. */
static int
make_room(struct ner_impl *x, size_t n, struct fail *why)
{
	if (n <= x->ctexts)
		return 0;
	x->ctexts = 0;
	free(x->place);
	free(x->opened);
	free(x->known);
	x->place = malloc(2 * n * sizeof *x->place);
	x->opened = malloc(n * sizeof *x->opened);
	x->known = malloc(n * sizeof *x->known);
	if (!x->place || !x->opened || !x->known)
		return fail_errno(why, "texts");
	x->ctexts = n;
	return 0;
}

/* What a text counts in a stretch: one without tokens has padding. */
static size_t
length_of(const struct ner_text *t)
{
	return t->ntokens ? t->ntokens : 1;
}

int
ner_run(struct ner *n, struct ner_text *texts, size_t ntexts, unsigned flags,
    struct fail *why)
{
	struct ner_impl *x = n->impl;
	bool sentences = x->p->nsentences && flags & NER_SENTENCES;
	size_t i, from, sum;

	n->nspans = 0;
	x->weigh = flags & NER_PROBABILITY;
	if (make_room(x, ntexts, why) < 0 || cut(n, texts, ntexts, why) < 0)
		return -1;
	for (from = i = 0, sum = 0; i < ntexts; i++) {
		if (i > from && sum + length_of(&texts[i]) > STRETCH) {
			if (run_some(n, texts, from, i, sentences, why) < 0)
				return -1;
			from = i;
			sum = 0;
		}
		if (texts[i].ntokens > STRETCH) {
			if (run_some(n, texts, i, i + 1, sentences, why) < 0)
				return -1;
			from = i + 1;
		} else {
			sum += length_of(&texts[i]);
		}
	}
	return from < ntexts ? run_some(n, texts, from, ntexts, sentences,
	    why) : 0;
}
