/* SPDX-License-Identifier: GPL-3.0-or-later */
/* biluo.h -- entities from rows: spaCy's transition system for names.
 *
 * One action a token, from left to right: B- begins an entity, I- goes on, L-
 * ends it, U- is one by itself, O is none (pipeline/_parser_internals/
 * ner.pyx). What may come:
 *
 *	B-x	none open; another token follows, and it begins no sentence
 *		and is no earlier entity's; not white space
 *	I-x	x open; the same
 *	L-x	x open
 *	U-x	none open; not white space
 *	O	none open
 *
 * What an earlier component has found stays, to the token: ner.pyx forces its
 * moves, whose scores do not matter; so those tokens are passed over.
 *
 * With none open the scores depend on the token's row alone: the best class,
 * and the best that opens nothing, are found once for each distinct row, and
 * kept with it. With one open there is only to choose between I-x and L-x.
 */
#ifndef NER_BILUO_H
#define NER_BILUO_H

#include "ner/encode.h"
#include "ner/moves.h"
#include "ner/scorer.h"

struct biluo {
	struct scorer scorer;
	struct moves moves;
	struct affine closed;   /* scores of the classes in closed_class */
	int *closed_class;      /* owned; rising */
	size_t nclosed;
	size_t wide;            /* floats kept of a token: its row, and 2 */
};

/* Reads the component's moves; its scorer is there, the rest zero. Returns 0,
 * or -1 with EXIT_USAGE and nothing left. */
int biluo_load(struct biluo *b, const char *moves, size_t n,
    struct fail *why);
void biluo_free(struct biluo *b);

/* An encode_finish (its ctx a struct biluo_room). */
struct biluo_room {
	const struct biluo *b;
	float *p;               /* owned */
};
int biluo_room_open(struct biluo_room *room, const struct biluo *b);
void biluo_room_close(struct biluo_room *room);
void biluo_finish(void *ctx, const float *const *rows, float *const *out,
    size_t n);

/* An entity: tokens start..end of a text. Its probability is the product of
 * those of its moves, each among the moves that were valid (softmax). */
struct biluo_span {
	uint32_t start, end, label;
	double probability;
};

/* The state between two tokens. Give tokens one by one. */
struct biluo_state {
	struct biluo_span open;         /* end 0: none */
	float *kept;                    /* rows of the entity's tokens that
	                                 * the scorer sees: room for those of
	                                 * all its slots but one */
	size_t nkept, at;
	bool weigh;                     /* are probabilities wanted? */
};

/* Takes token number state->at, whose kept row this is; next is the token
 * after it, or NULL. True where an entity is complete, in *span. opened, if
 * not NULL, is set where an entity stays open after this token. */
bool biluo_take(const struct biluo *b, struct biluo_room *room,
    struct biluo_state *s, const struct tok *t, const struct tok *next,
    const float *row, struct biluo_span *span, bool *opened);

#endif
