/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rules.h -- a tokenizer's rules in memory; tok.c and rules.c share it.
 *
 * A special case is a text and the tokens that it becomes. Those that must
 * be looked for over tokens are also paths in a trie, whose edges lie in one
 * hash table: (node, orth of a token) -> node. Node 0 is the root. */
#ifndef NER_RULES_H
#define NER_RULES_H

#include "base/map.h"
#include "ner/regex.h"
#include "ner/tok.h"

struct special {
	uint32_t first, n;      /* in tok_rules.parts */
};

struct edge {
	uint64_t orth;
	uint32_t node, child;   /* child 0: an empty slot */
};

struct tok_rules {
	struct regex *prefix, *suffix, *infix, *token, *url;    /* or NULL */
	struct map texts;               /* special case texts -> numbers */
	struct special *specials;       /* owned; by that number */
	struct tok *parts;              /* owned; starts from the text's */
	size_t nparts, longest;         /* bytes of the longest text */
	struct edge *edges;             /* owned; nslots of them */
	bool *ends;                     /* owned; by node: a case ends here */
	uint32_t nedges, nslots, nnodes;
	bool faster;                    /* faster_heuristics */
};

/* The special case with that text, or NULL. */
const struct special *rules_find(const struct tok_rules *r, const char *p,
    size_t n);

/* The node that an edge leads to, or 0. */
uint32_t rules_step(const struct tok_rules *r, uint32_t node, uint64_t orth);

/* Cuts a text into tokens, without special cases, for the trie. */
int toks_plain(struct toks *t, const char *p, size_t n, struct fail *why);

#endif
