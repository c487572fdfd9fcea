/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/ner.h"
#include "ner/encode.h"

#define STRETCH 1024            /* tokens computed together, about */
#define TOK_MEMORY ((size_t)4 << 20)

/* The text that is parsed, and where its rows are: laid out from place on,
 * or (place -1) those of from..end, which lie in ahead. */
struct source {
	const char *text;
	const struct tok *v;
	size_t n, from, end;
	int64_t place;
};

struct ner_impl {
	const struct pipeline *p;
	struct toks toks;
	struct encoder *rows;           /* for entities */
	struct encoder *parser_rows;    /* for sentences; NULL: no parser */
	struct parse *parse;
	struct biluo_room room;
	float *kept;                    /* owned: an open entity's rows */
	struct source source;
	float *ahead;                   /* owned: rows of its stretch */
	int64_t *place;                 /* owned: of each text's first token,
	                                 * in parser_rows; then in rows */
	bool *opened;                   /* owned: was an entity left open? */
	size_t ctexts, cspans, ctokens;
	bool weigh;                     /* NER_PROBABILITY */
};

/* ---- open and close ---- */

static int
open_parts(struct ner *n, size_t memory, struct fail *why)
{
	struct ner_impl *x = n->impl;
	const struct pipeline *p = x->p;
	size_t token = KERNEL_STRIDE(p->ner.scorer.token);
	size_t share = p->parses ? memory / 2 : memory;

	if (toks_open(&x->toks, p->rules, TOK_MEMORY, why) < 0)
		return -1;
	if (!(x->kept = kernel_alloc(2 * token)) ||
	    biluo_room_open(&x->room, &p->ner) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	if (encoder_open(&x->rows, &p->vectors, p->ner.wide, biluo_finish,
	    &x->room, share, why) < 0)
		return -1;
	if (!p->parses)
		return 0;
	if (parse_open(&x->parse, &p->parser, why) < 0)
		return -1;
	return encoder_open(&x->parser_rows, &p->parser_vectors,
	    KERNEL_STRIDE(p->parser.scorer.token), parse_finish, x->parse,
	    share, why);
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

	if (!n)
		return;
	x = n->impl;
	toks_close(&x->toks);
	encoder_close(x->rows);
	encoder_close(x->parser_rows);
	parse_close(x->parse);
	biluo_room_close(&x->room);
	free(x->kept);
	free(x->ahead);
	free(x->place);
	free(x->opened);
	free(x);
	free(n->spans);
	free(n->tokens);
	free(n);
}

const char *
ner_label(const struct pipeline *p, uint32_t label, size_t *n)
{
	*n = p->ner.moves.labels.keys[label].len;
	return p->ner.moves.labels.keys[label].p;
}

/* ---- spans ---- */

static int
add_span(struct ner *n, uint32_t text, const struct tok *v,
    const struct biluo_span *s, struct fail *why)
{
	struct ner_impl *x = n->impl;
	struct ner_span *k;
	const char *label;
	size_t cap = 2 * x->cspans + 64, len;

	if (n->nspans == x->cspans) {
		if (!(k = realloc(n->spans, cap * sizeof *k)))
			return fail_errno(why, "entities");
		n->spans = k;
		x->cspans = cap;
	}
	k = &n->spans[n->nspans++];
	k->text = text;
	k->token = s->start;
	k->ntokens = s->end - s->start;
	k->start = v[s->start].start;
	k->end = v[s->end - 1].start + v[s->end - 1].n;
	k->cp_start = v[s->start].cp;
	k->cp_end = v[s->end - 1].cp + v[s->end - 1].cps;
	k->label = s->label;
	k->probability = s->probability;
	if (x->weigh && n->calibration) {
		label = ner_label(x->p, k->label, &len);
		k->probability = calibration_of(n->calibration, label, len,
		    k->probability);
	}
	return 0;
}

/* Takes tokens first..end of a text, whose rows begin at place. */
static int
decode(struct ner *n, uint32_t text, const struct tok *v, size_t count,
    size_t end, int64_t place, struct biluo_state *s, bool *opened,
    struct fail *why)
{
	struct ner_impl *x = n->impl;
	struct biluo_span span;
	size_t i, first = s->at;

	for (i = first; i < end; i++) {
		if (!biluo_take(&x->p->ner, &x->room, s, &v[i], i + 1 < count
		    ? &v[i + 1] : NULL, encoder_row(x->rows, place +
		    (int64_t)(i - first)), &span, opened))
			continue;
		if (add_span(n, text, v, &span, why) < 0)
			return -1;
	}
	return 0;
}

static void
state_init(const struct ner_impl *x, struct biluo_state *s)
{
	memset(s, 0, sizeof *s);
	s->weigh = x->weigh;
	s->first = x->kept;
	s->last = x->kept + KERNEL_STRIDE(x->p->ner.scorer.token);
}

/* ---- sentences ---- */

/* A stretch of a long text, from token on, into ahead. */
static int
go_ahead(struct ner_impl *x, size_t token, struct fail *why)
{
	struct source *s = &x->source;
	size_t each = KERNEL_STRIDE(x->p->parser.scorer.token), i;
	size_t end = s->n - token > STRETCH ? token + STRETCH : s->n;
	int64_t place;

	if (!x->ahead && !(x->ahead = kernel_alloc(STRETCH * each)))
		return fail(why, EXIT_MACHINE, "out of memory");
	encoder_clear(x->parser_rows);
	place = encoder_add(x->parser_rows, s->text, s->v, s->n, token, end,
	    why);
	if (place < 0 || encoder_run(x->parser_rows, why) < 0)
		return -1;
	for (i = token; i < end; i++)
		memcpy(x->ahead + (i - token) * each, encoder_row(
		    x->parser_rows, place + (int64_t)(i - token)),
		    each * sizeof (float));
	s->from = token;
	s->end = end;
	return 0;
}

/* A parse_rows (its ctx a struct ner_impl): of a text that is laid out as a
 * whole; else of a stretch at a time, and of a token before it alone. */
static int
give_rows(void *ctx, size_t first, size_t n, float *out, struct fail *why)
{
	struct ner_impl *x = ctx;
	struct source *s = &x->source;
	size_t each = KERNEL_STRIDE(x->p->parser.scorer.token), i;
	const float *row;
	int64_t place;

	for (i = first; i < first + n; i++, out += each) {
		if (s->place < 0 && i >= s->end && go_ahead(x, i, why) < 0)
			return -1;
		if (s->place >= 0) {
			row = encoder_row(x->parser_rows, s->place +
			    (int64_t)i);
		} else if (i >= s->from) {
			row = x->ahead + (i - s->from) * each;
		} else {
			encoder_clear(x->parser_rows);
			place = encoder_add(x->parser_rows, s->text, s->v,
			    s->n, i, i + 1, why);
			if (place < 0 || encoder_run(x->parser_rows, why) < 0)
				return -1;
			row = encoder_row(x->parser_rows, place);
		}
		memcpy(out, row, each * sizeof *out);
	}
	return 0;
}

/* Marks where sentences begin in a text, which is laid out from place on, or
 * (-1) too long for that. */
static int
find_sentences(struct ner *n, const struct ner_text *t, int64_t place,
    struct fail *why)
{
	struct ner_impl *x = n->impl;
	struct tok *v = n->tokens + t->first;

	x->source.text = t->p;
	x->source.v = v;
	x->source.n = t->ntokens;
	x->source.place = place;
	x->source.from = x->source.end = 0;
	return parse_run(x->parse, v, t->ntokens, give_rows, x, why);
}

/* The same for some texts together: those that left an entity open, or (all)
 * each of them. */
static int
find_all_sentences(struct ner *n, const struct ner_text *texts, size_t from,
    size_t to, bool all, struct fail *why)
{
	struct ner_impl *x = n->impl;
	size_t i;

	encoder_clear(x->parser_rows);
	for (i = from; i < to; i++) {
		if (!all && !x->opened[i])
			continue;
		x->place[i] = encoder_add(x->parser_rows, texts[i].p,
		    n->tokens + texts[i].first, texts[i].ntokens, 0,
		    texts[i].ntokens, why);
		if (x->place[i] < 0)
			return -1;
	}
	if (encoder_run(x->parser_rows, why) < 0)
		return -1;
	for (i = from; i < to; i++)
		if ((all || x->opened[i]) && find_sentences(n, &texts[i],
		    x->place[i], why) < 0)
			return -1;
	return 0;
}

/* ---- texts ---- */

/* A text that is too long for one stretch. */
static int
run_long(struct ner *n, struct ner_text *texts, uint32_t at, bool sentences,
    struct fail *why)
{
	struct ner_impl *x = n->impl;
	const struct ner_text *t = &texts[at];
	struct tok *v = n->tokens + t->first;
	size_t spans = n->nspans, end;
	struct biluo_state s;
	bool opened, parsed = sentences;
	int64_t place;

	if (sentences && find_sentences(n, t, -1, why) < 0)
		return -1;
	for (;;) {
		opened = false;
		n->nspans = spans;
		state_init(x, &s);
		while (s.at < t->ntokens && (parsed || !opened ||
		    !x->parse)) {
			end = s.at + STRETCH < t->ntokens ? s.at + STRETCH :
			    t->ntokens;
			encoder_clear(x->rows);
			place = encoder_add(x->rows, t->p, v, t->ntokens,
			    s.at, end, why);
			if (place < 0 || encoder_run(x->rows, why) < 0 ||
			    decode(n, at, v, t->ntokens, end, place, &s,
			    &opened, why) < 0)
				return -1;
		}
		if (parsed || !opened || !x->parse)
			return 0;
		if (find_sentences(n, t, -1, why) < 0)
			return -1;
		parsed = true;
	}
}

/* Decodes texts from..to, which are laid out. Returns whether one of them
 * left an entity open, or -1. */
static int
decode_all(struct ner *n, const struct ner_text *texts, size_t from, size_t to,
    const int64_t *place, struct fail *why)
{
	struct ner_impl *x = n->impl;
	struct biluo_state s;
	bool any = false;
	size_t i;

	for (i = from; i < to; i++) {
		state_init(x, &s);
		x->opened[i] = false;
		if (decode(n, (uint32_t)i, n->tokens + texts[i].first,
		    texts[i].ntokens, texts[i].ntokens, place[i], &s,
		    &x->opened[i], why) < 0)
			return -1;
		any |= x->opened[i];
	}
	return any;
}

/* Texts from..to, which fit a stretch together. */
static int
run_some(struct ner *n, struct ner_text *texts, size_t from, size_t to,
    bool sentences, struct fail *why)
{
	struct ner_impl *x = n->impl;
	int64_t *place = x->place + x->ctexts;
	size_t i, spans = n->nspans;
	int open;

	if (sentences && find_all_sentences(n, texts, from, to, true, why) < 0)
		return -1;
	encoder_clear(x->rows);
	for (i = from; i < to; i++) {
		place[i] = encoder_add(x->rows, texts[i].p, n->tokens +
		    texts[i].first, texts[i].ntokens, 0, texts[i].ntokens,
		    why);
		if (place[i] < 0)
			return -1;
	}
	if (encoder_run(x->rows, why) < 0 ||
	    (open = decode_all(n, texts, from, to, place, why)) < 0)
		return -1;
	if (!open || !x->parse || sentences)
		return 0;
	n->nspans = spans;
	return find_all_sentences(n, texts, from, to, false, why) < 0 ||
	    decode_all(n, texts, from, to, place, why) < 0 ? -1 : 0;
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
	x->place = malloc(2 * n * sizeof *x->place);
	x->opened = malloc(n * sizeof *x->opened);
	if (!x->place || !x->opened)
		return fail_errno(why, "texts");
	x->ctexts = n;
	return 0;
}

int
ner_run(struct ner *n, struct ner_text *texts, size_t ntexts, unsigned flags,
    struct fail *why)
{
	struct ner_impl *x = n->impl;
	bool sentences = x->parse && flags & NER_SENTENCES;
	size_t i, from, sum;

	n->nspans = 0;
	x->weigh = flags & NER_PROBABILITY;
	if (make_room(x, ntexts, why) < 0 || cut(n, texts, ntexts, why) < 0)
		return -1;
	for (from = i = 0, sum = 0; i < ntexts; i++) {
		if (i > from && sum + texts[i].ntokens > STRETCH) {
			if (run_some(n, texts, from, i, sentences, why) < 0)
				return -1;
			from = i;
			sum = 0;
		}
		if (texts[i].ntokens > STRETCH) {
			if (run_long(n, texts, (uint32_t)i, sentences,
			    why) < 0)
				return -1;
			from = i + 1;
		} else {
			sum += texts[i].ntokens;
		}
	}
	return from < ntexts ? run_some(n, texts, from, ntexts, sentences,
	    why) : 0;
}
