/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scorer.h -- scores of a transition system's classes, from a few tokens.
 *
 * spaCy's TransitionBasedParser: a row of the encoder becomes a smaller one
 * (linear); a state names some tokens in a fixed number of slots; each slot
 * has a matrix of its own for its token's row (a row of constants where the
 * slot is empty); their sum and a bias, the larger of two pieces, give the
 * hidden row, and one more matrix the scores; where there is no such matrix
 * (use_upper = false) the hidden row is the scores (spacy/ml/tb_framework.py,
 * parser_model.pyx, _precomputable_affine.py).
 *
 * What a token gives to a slot (its feature) does not depend on the state.
 */
#ifndef NER_SCORER_H
#define NER_SCORER_H

#include "ner/kernel.h"
#include "ner/weights.h"

#define SCORER_SLOTS 13
#define SCORER_PIECES 16

struct scorer {
	const struct kernel *kernel;
	struct affine linear;           /* encoder's row -> token's row */
	struct affine slot[SCORER_SLOTS];       /* token's row -> feature */
	struct affine all;              /* every slot's, one after another */
	float *empty[SCORER_SLOTS];     /* owned: a slot without a token */
	float *bias;                    /* owned: of the sum */
	bool bare;                      /* the hidden row is the scores */
	struct affine upper;            /* hidden -> scores of all classes */
	float *uw, *ub;                 /* owned: the same, class by class */
	size_t slots, in, token, hidden, pieces, classes;
	size_t feature;                 /* floats of a feature */
	bool mapped;                    /* by scorer_walk(): owns no array */
};

/* Reads them from a component's model file; in is the encoder's width.
 * Returns 0, or -1 with EXIT_USAGE. */
int scorer_load(struct scorer *s, const struct kernel *k, size_t in,
    const struct weights *w, struct fail *why);
void scorer_free(struct scorer *s);

/* Writes it, or takes it from a map, which has to outlive it. */
void scorer_walk(struct scorer *s, const struct kernel *k, struct ready *r);

/* hidden = the larger pieces of features[0] + [1] + ... + bias. */
void scorer_hidden(const struct scorer *s, const float *const *features,
    float *hidden);

/* The score of one class. */
float scorer_score(const struct scorer *s, const float *hidden, size_t class);

/* A map of some classes only: hidden -> their scores, in the given order; not
 * of a bare one.
 * Returns 0 or -1. */
int scorer_some(const struct scorer *s, struct affine *a, const int *class,
    size_t n);

#endif
