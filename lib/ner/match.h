/* SPDX-License-Identifier: GPL-3.0-or-later */
/* match.h -- tokens to spans, by patterns.
 *
 * The spans are those of spaCy's EntityRuler (3.8): of all that match, the
 * longest in tokens goes first, among these the leftmost, and what overlaps
 * one that went before is left out. Where two patterns match the same tokens
 * the first in the files has them (spaCy: an accident of its hashes).
 *
 * No list of all matches is made, as there may be very many ("any token, any
 * number of times"). From each token the longest match alone is kept; where
 * that is found to overlap, the longest that ends before the overlap takes its
 * place, which is exact: what is taken already is no shorter, so that it
 * begins behind the token, or holds it.
 *
 * From one token, the steps that may come next are a set without doubles, so
 * that no pattern takes more than (steps x tokens), however many operators it
 * has (K. Thompson, "Regular expression search algorithm", 1968).
 *
 * A struct matcher is a thread's own: what words fit which specifications is
 * remembered there, with a ceiling; forgetting changes nothing.
 *
 *	matcher_open(&m, patterns, &why);
 *	matcher_run(&m, text, toks.v, toks.n, NULL, &why);
 *	for (i = 0; i < m.nspans; i++) ... m.spans[i]
 */
#ifndef NER_MATCH_H
#define NER_MATCH_H

#include "ner/pattern.h"

struct match_span {
	uint32_t token, ntokens;
	uint32_t pattern;               /* in patterns.v */
};

/* Entities that are there already, in order. */
struct match_ent {
	uint32_t token, ntokens;
	const char *label;
	size_t nlabel;
};

struct match_ents {
	const struct match_ent *v;
	size_t n;
	bool keep;                      /* spans must not overlap them */
};

struct matcher {
	struct match_span *spans;       /* owned; in order of place */
	size_t nspans, cap;
	struct matcher_impl *impl;
};

int matcher_open(struct matcher *m, const struct patterns *p,
    struct fail *why);
void matcher_close(struct matcher *m);

/* Finds the spans of a text's n tokens. ents NULL: no model has looked, which
 * is not the same as none found. Returns 0, or -1 where memory ends. */
int matcher_run(struct matcher *m, const char *text, const struct tok *v,
    size_t n, const struct match_ents *ents, struct fail *why);

#endif
