/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tree.h -- the arcs of a parse, and the sentences they make.
 *
 * While the parser runs: heads, labels, and the last child that each token
 * got on either side. Afterwards: the left and right edge of what hangs from
 * each token, lifted arcs put back where their labels say, and from roots'
 * left edges the beginnings of sentences. */
#ifndef NER_TREE_H
#define NER_TREE_H

#include "base/fail.h"
#include "ner/tok.h"

struct arcs;

struct tree {
	int32_t *head;          /* owned, as all; -1: none (yet) */
	int32_t *left, *right;  /* last child on that side, or -1 */
	int32_t *before;        /* the child that the head got before this */
	int32_t *l_edge, *r_edge;       /* these two again, once all is done */
	uint32_t *label;
	bool *starts;           /* a root's left edge */
	size_t n, cap;
};

int tree_start(struct tree *t, size_t n, struct fail *why);
void tree_free(struct tree *t);

/* child hangs from head; from no other any more. */
void tree_add(struct tree *t, int32_t head, int32_t child, uint32_t label);

/* Sets or clears TOK_SENT in the tokens. */
void tree_finish(struct tree *t, const struct arcs *a, struct tok *v);

#endif
