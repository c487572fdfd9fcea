/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vectors.h -- the layers that turn tokens into vectors, as they are loaded.
 *
 * spaCy's Tok2Vec of MultiHashEmbed and MaxoutWindowEncoder: each attribute
 * of a token picks four rows of a table, which are added; the sums of all
 * attributes, one after another, go through a maxout layer and layer
 * normalisation (the token's row). Then depth times: a row, with the rows
 * left and right of it, through maxout and layer normalisation, added to the
 * row. spacy/ml/models/tok2vec.py, thinc/layers/hashembed.py.
 *
 * It is shared by all threads and does not change once loaded.
 */
#ifndef NER_VECTORS_H
#define NER_VECTORS_H

#include "ner/kernel.h"
#include "ner/lex.h"
#include "ner/weights.h"

#define VECTORS_ATTRS 16
#define VECTORS_DEPTH 16

struct table {
	float *v;               /* owned: rows of stride floats */
	size_t rows;
	uint32_t seed;
	enum lex_attr attr;
};

struct layer {
	struct affine map;      /* the mixer's */
	struct paired pairs;    /* any other's but the first one's */
	float *g, *b;           /* owned, stride floats */
};

struct vectors {
	const struct kernel *kernel;
	const struct norms *norms;      /* the pipeline's */
	struct table table[VECTORS_ATTRS];
	size_t ntables;
	size_t width, stride;           /* of a row: numbers, floats */
	size_t depth, pieces;
	struct layer mixer;
	struct layer layer[VECTORS_DEPTH];
	struct affine first;            /* layer[0]'s, flat: a row in, the
	                                 * three places out one after another */
	bool blank;                     /* is SPACY among the attributes? */
	bool mapped;                    /* by vectors_walk(): owns no array */
};

/* Reads them from a model file. Returns 0, or -1 with EXIT_USAGE and the
 * part that is not supported. */
int vectors_load(struct vectors *v, const struct kernel *k,
    const struct norms *norms, const struct weights *w, struct fail *why);
void vectors_free(struct vectors *v);

/* Writes them, or takes them from a map, which has to outlive them; in that
 * case v is zero but for kernel and norms. */
void vectors_walk(struct vectors *v, struct ready *r);

#endif
