/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lex.h -- the features of a token that the network sees.
 *
 * spaCy's lexical attributes (lang/lex_attrs.py, vocab.pyx, 3.8), as numbers.
 * NORM is looked up in the model's own table first, then in the base norms,
 * then it is the text in lower case; a token that the tokenizer made from a
 * special case may bring a norm of its own, which wins over all three.
 */
#ifndef NER_LEX_H
#define NER_LEX_H

#include "base/buf.h"

enum lex_attr {
	LEX_ORTH, LEX_NORM, LEX_LOWER, LEX_PREFIX, LEX_SUFFIX, LEX_SHAPE,
	LEX_SPACY, LEX_IS_SPACE, LEX_ATTRS
};

/* The model's table of norms: ids of texts to ids of norms. */
struct norms {
	uint64_t *key, *norm;   /* owned; nslots of them, key 0 is empty */
	size_t n, nslots;
};

/* Makes room for n entries; -1 where memory ends. */
int norms_init(struct norms *t, size_t n);
void norms_set(struct norms *t, uint64_t key, uint64_t norm);
void norms_free(struct norms *t);

/* The attribute of that name ("NORM"), or -1. */
int lex_attr(const char *name, size_t n);

/* A token as the features see it. */
struct lex {
	const char *p;          /* its text */
	size_t n;
	uint64_t norm;          /* a special case's norm, or 0 */
	bool spacy;             /* one blank follows it */
};

/* One attribute's number. work is scratch. */
uint64_t lex_value(const struct lex *x, enum lex_attr attr,
    const struct norms *norms, struct buf *work);

/* The base norm of a text ("$" of currencies), or NULL. */
const char *lex_base_norm(const char *p, size_t n);

/* The shape ("Xxxxx"), as text, added to b. */
void lex_shape(struct buf *b, const char *p, size_t n);

/* Is the text nothing but white space? */
bool lex_is_space(const char *p, size_t n);

#endif
