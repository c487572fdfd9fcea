/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arcs.h -- where sentences begin, by parsing: spaCy's arc-eager parser.
 *
 * In a default pipeline the dependency parser says where sentences begin, and
 * no entity crosses such a place. So the parse has to be spaCy's own, up to
 * the last arc; of the labels only those of lifted arcs ("dep||head") matter.
 * (pipeline/_parser_internals/arc_eager.pyx, _state.pxd, nonproj.pyx and
 * tokens/doc.pyx, set_children_from_heads.)
 *
 *	Shift	push B0
 *	Reduce	pop S0; without a head and not alone, back to the buffer
 *	Left-x	S0 hangs from B0; pop
 *	Right-x	B0 hangs from S0; push B0
 *	Break	B1 begins a sentence
 *
 * With extra_state_tokens a state names 13 tokens in place of 8.
 */
#ifndef NER_ARCS_H
#define NER_ARCS_H

#include "base/fail.h"
#include "ner/moves.h"
#include "ner/scorer.h"
#include "ner/tok.h"

struct arcs {
	struct scorer scorer;
	struct moves moves;
	int first[8], end[8];   /* the classes of each action, where they
	                         * stand together */
	uint32_t *lifted;       /* owned; by label: 1 + the label that its new
	                         * head must have, 0 for plain ones */
	uint32_t *plain;        /* owned; by label: without that part */
	uint32_t root;          /* the label of roots */
};

/* Reads the component's moves; its scorer is there, the rest zero. Returns 0,
 * or -1 with EXIT_USAGE and nothing left. */
int arcs_load(struct arcs *a, const char *moves, size_t n, struct fail *why);
void arcs_free(struct arcs *a);

/* A thread's own room for parses. */
struct parse;
int parse_open(struct parse **p, const struct arcs *a, struct fail *why);
void parse_close(struct parse *p);

/* An encode_finish (its ctx a struct parse): the encoder's rows to tokens'
 * rows, which is all that is kept of them. */
void parse_finish(void *ctx, const float *const *rows, float *const *out,
    size_t n);

/* Puts the rows of tokens first..first+n into out, KERNEL_STRIDE(scorer.token)
 * floats each; n is KERNEL_ROWS at most. Mostly asked for from left to right,
 * but not only. Returns 0 or -1. */
typedef int parse_rows(void *ctx, size_t first, size_t n, float *out,
    struct fail *why);

/* Parses a text of n tokens and sets or clears TOK_SENT in each; with given
 * it stands there already, by a component that ran before, and binds the
 * parser. Returns 0 or -1. */
int parse_run(struct parse *p, struct tok *v, size_t n, bool given,
    parse_rows *rows, void *ctx, struct fail *why);

#endif
