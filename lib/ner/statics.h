/* SPDX-License-Identifier: GPL-3.0-or-later */
/* statics.h -- a vocabulary's static vectors.
 *
 *	vocab/vectors		a table of numbers as NumPy saves it (.npy)
 *	vocab/key2row		MessagePack {id of a word: row}
 *	vocab/vectors.cfg	{"mode":"default"|"floret",...}; absent: default
 *
 * In the mode default a word has the row that its id is mapped to, or none.
 * In the mode floret it has the mean of the rows of itself and its parts, all
 * with marks at the ends, found by a hash (spacy/vectors.pyx; Austin Appleby's
 * MurmurHash3_x64_128, public domain). The table is mapped and not read: a
 * page of it comes in when a word asks for it.
 */
#ifndef NER_STATICS_H
#define NER_STATICS_H

#include "base/fail.h"
#include "ner/lex.h"

struct statics {
	const float *v;                 /* mapped: rows of width numbers */
	size_t rows, width;
	enum lex_attr attr;             /* whose id a word is found by */
	uint64_t *key;                  /* owned; nslots of them */
	int32_t *row;                   /* owned; of a free slot: -1 */
	size_t nslots;
	bool floret;
	uint64_t least, most;           /* code points of parts */
	uint64_t count, seed;           /* hashes */
	struct buf before, after;       /* the marks */
	void *map;
	size_t mapped;
};

/* Reads them from a pipeline's folder. Returns 0, or -1 with EXIT_USAGE and
 * the file in the message. */
int statics_open(struct statics **s, const char *dir, struct fail *why);
void statics_close(struct statics *s);

/* A word's vector: in the table, or made in room (width numbers). NULL where
 * it has none. work is scratch. */
const float *statics_row(const struct statics *s, const struct lex *x,
    const struct norms *norms, struct buf *work, float *room);

/* The two halves of MurmurHash3_x64_128. */
void statics_hash(const void *p, size_t n, uint32_t seed, uint64_t out[2]);

#endif
