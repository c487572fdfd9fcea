/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rules.h -- a tokenizer's rules in memory; tok.c and rules.c share it.
 *
 * A special case is a text and the tokens that it becomes. Those that must
 * be looked for over tokens are also paths in a trie: (node, orth of a token)
 * -> node. Node 0 is the root. */
#ifndef NER_RULES_H
#define NER_RULES_H

#include "base/map.h"
#include "ner/link.h"
#include "ner/regex.h"
#include "ner/spell.h"
#include "ner/tok.h"

struct special {
	uint32_t first, n;      /* in tok_rules.parts */
};

struct tok_rules {
	struct regex *prefix, *suffix, *infix, *token, *url;    /* or NULL */
	struct map texts;               /* special case texts -> numbers */
	struct special *specials;       /* owned; by that number */
	struct tok *parts;              /* owned; starts from the text's */
	size_t nparts, longest;         /* bytes of the longest text */
	struct links paths;
	bool *ends;                     /* owned; by node: a case ends here */
	struct spellings norms;         /* of special cases */
	bool faster;                    /* faster_heuristics */
};

/* The special case with that text, or NULL. */
const struct special *rules_find(const struct tok_rules *r, const char *p,
    size_t n);

/* Cuts a text into tokens, without special cases, for the trie. */
int toks_plain(struct toks *t, const char *p, size_t n, struct fail *why);

#endif
