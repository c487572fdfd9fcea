/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rule.c -- patterns over tokens as a finder: the model's tokens where there
 * is one, else those of English. */
#include "tool.h"
#include "ner/match.h"

#define TOK_MEMORY ((size_t)4 << 20)

struct rules {
	struct patterns *patterns;
	struct tok_rules *english;      /* owned; NULL: the model's */
	const struct tok_rules *cut;
	struct norms none;
	bool yield;
};

struct rule_work {
	const struct rules *rules;
	struct matcher matcher;
	struct toks toks;
	struct match_ent *ents;         /* owned: the model's */
	size_t cents;
};

static int
read_all(struct rules *r, const struct rule_opts *o, struct fail *why)
{
	const struct pipeline *p = o->pipeline;
	struct pattern_how how;
	size_t i;

	if (!p && tok_rules_english(&r->english, why) < 0)
		return -1;
	r->cut = p ? p->rules : r->english;
	how.rules = r->cut;
	how.norms = p ? &p->norms : &r->none;
	how.spelled = p ? &p->spelled : NULL;
	how.english = !p || p->english;
	how.phrase = o->phrase;
	if (patterns_open(&r->patterns, &how, why) < 0)
		return -1;
	for (i = 0; i < o->files.n; i++)
		if (patterns_read(r->patterns, o->files.v[i], why) < 0)
			return -1;
	return patterns_ready(r->patterns, why);
}

int
rules_open(struct rules **rules, const struct rule_opts *o, struct fail *why)
{
	struct rules *r = calloc(1, sizeof *r);

	if (!r)
		return fail_errno(why, "patterns");
	r->yield = o->yield;
	if (read_all(r, o, why) < 0) {
		rules_close(r);
		return -1;
	}
	*rules = r;
	return 0;
}

void
rules_close(struct rules *r)
{
	if (!r)
		return;
	patterns_close(r->patterns);
	tok_rules_close(r->english);
	free(r);
}

bool
rules_need_sentences(const struct rules *r)
{
	return r->patterns->sentences;
}

int
rule_work_open(struct rule_work **work, const struct rules *r,
    struct fail *why)
{
	struct rule_work *w = calloc(1, sizeof *w);

	if (!w)
		return fail_errno(why, "a worker");
	w->rules = r;
	if (matcher_open(&w->matcher, r->patterns, why) < 0 ||
	    toks_open(&w->toks, r->cut, TOK_MEMORY, why) < 0) {
		rule_work_close(w);
		return -1;
	}
	*work = w;
	return 0;
}

void
rule_work_close(struct rule_work *w)
{
	if (!w)
		return;
	matcher_close(&w->matcher);
	toks_close(&w->toks);
	free(w->ents);
	free(w);
}

/* The model's entities of text number at, from *from on. */
static int
take_entities(struct rule_work *w, const struct ner *ner, uint32_t at,
    size_t *from, struct match_ents *ents, const struct pipeline *p,
    struct fail *why)
{
	const struct ner_span *s;
	struct match_ent *e;
	size_t cap;

	for (ents->n = 0; *from < ner->nspans && ner->spans[*from].text == at;
	    ++*from) {
		if (ents->n == w->cents) {
			cap = 2 * w->cents + 32;
			if (!(e = realloc(w->ents, cap * sizeof *e)))
				return fail_errno(why, "entities");
			w->ents = e;
			w->cents = cap;
		}
		s = &ner->spans[*from];
		e = &w->ents[ents->n++];
		e->token = s->token;
		e->ntokens = s->ntokens;
		e->label = ner_label(p, s->label, &e->nlabel);
	}
	ents->v = w->ents;
	ents->keep = w->rules->yield;
	return 0;
}

/* What the matcher found, as entities of text number at. */
static int
add_spans(struct rule_work *w, uint32_t at, const struct tok *v,
    struct found *found, struct fail *why)
{
	const struct patterns *p = w->rules->patterns;
	const struct pattern *k;
	const struct tok *first, *last;
	struct found_item e;
	size_t i;

	memset(&e, 0, sizeof e);
	e.source = FOUND_PATTERN;
	e.weight = 1;
	e.text = at;
	e.confidence = 1;
	for (i = 0; i < w->matcher.nspans; i++) {
		const struct match_span *s = &w->matcher.spans[i];

		k = &p->v[s->pattern];
		first = &v[s->token];
		last = first + s->ntokens - 1;
		e.start = first->start;
		e.end = last->start + last->n;
		e.cp_start = first->cp;
		e.cp_end = last->cp + last->cps;
		e.label = p->bytes.p + k->label;
		e.nlabel = k->nlabel;
		e.id = k->nid ? p->bytes.p + k->id : NULL;
		e.nid = k->nid;
		if (found_add(found, &e, why) < 0)
			return -1;
	}
	return 0;
}

int
rule_find(struct rule_work *w, const struct texts *t, const struct ner *ner,
    struct found *found, struct fail *why)
{
	struct match_ents ents;
	const struct tok *v;
	size_t i, n, from = 0;

	for (i = 0; i < t->n; i++) {
		if (ner) {
			v = ner->tokens + t->v[i].first;
			n = t->v[i].ntokens;
			if (take_entities(w, ner, (uint32_t)i, &from, &ents,
			    found->o->pipeline, why) < 0)
				return -1;
		} else {
			if (toks_cut(&w->toks, t->v[i].p, t->v[i].n, why) < 0)
				return -1;
			v = w->toks.v;
			n = w->toks.n;
		}
		if (matcher_run(&w->matcher, t->v[i].p, v, n, ner ? &ents :
		    NULL, why) < 0 ||
		    add_spans(w, (uint32_t)i, v, found, why) < 0)
			return -1;
	}
	return 0;
}
