/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vectors.h -- the layers that turn tokens into vectors, as they are loaded.
 *
 * spaCy's Tok2Vec of MultiHashEmbed and MaxoutWindowEncoder: each attribute
 * of a token picks four rows of a table, which are added; the sums of all
 * attributes, one after another, and the word's static vector behind them
 * where there are such, made as wide by a matrix, go through a maxout layer
 * and layer normalisation (the token's row). Then depth times: a row, with
 * window rows to each side of it, through maxout and layer normalisation,
 * added to the row. spacy/ml/models/tok2vec.py, spacy/ml/staticvectors.py,
 * thinc/layers/hashembed.py.
 *
 * It is shared by all threads and does not change once loaded.
 */
#ifndef NER_VECTORS_H
#define NER_VECTORS_H

#include "ner/kernel.h"
#include "ner/lex.h"
#include "ner/statics.h"
#include "ner/weights.h"

#define VECTORS_ATTRS 16
#define VECTORS_DEPTH 32
#define VECTORS_WINDOW 8
#define VECTORS_PIECES 16

struct table {
	float *v;               /* owned: rows of stride floats */
	size_t rows;
	uint32_t seed;
	enum lex_attr attr;
};

struct layer {
	struct affine map;      /* the mixer's; an encoder layer's where rows
	                         * do not go in pairs, flat where its pieces
	                         * are more than a kernel takes */
	struct paired pairs;    /* any other's but the first one's */
	float *g, *b;           /* owned, stride floats */
};

struct vectors {
	const struct kernel *kernel;
	const struct norms *norms;      /* the pipeline's */
	const struct statics *statics;  /* the pipeline's; NULL: not used */
	struct affine cast;             /* their rows to this width */
	struct table table[VECTORS_ATTRS];
	size_t ntables;
	size_t nparts;                  /* rows that the mixer takes */
	size_t width, stride;           /* of a row: numbers, floats */
	size_t depth, pieces, window;
	bool paired;                    /* do rows go in pairs? */
	struct layer mixer;
	struct layer layer[VECTORS_DEPTH];
	struct affine first;            /* layer[0]'s, flat: a row in, its
	                                 * places in a window out, one after
	                                 * another */
	bool blank;                     /* is SPACY among the attributes? */
	bool mapped;                    /* by vectors_walk(): owns no array */
};

/* Do the model's rows need static vectors? */
bool vectors_static(const struct weights *w);

/* Reads them from a model file; statics may be NULL where they are not
 * needed. Returns 0, or -1 with EXIT_USAGE and the part that is not
 * supported. */
int vectors_load(struct vectors *v, const struct kernel *k,
    const struct norms *norms, const struct statics *statics,
    const struct weights *w, struct fail *why);
void vectors_free(struct vectors *v);

/* Writes them, or takes them from a map, which has to outlive them; in that
 * case v is zero but for kernel, norms and statics. */
void vectors_walk(struct vectors *v, struct ready *r);

#endif
