/* SPDX-License-Identifier: GPL-3.0-or-later */
/* encode.h -- rows of tokens through the encoder, each distinct one once.
 *
 * After l layers, a token's row depends on the l tokens to its left and right
 * and on nothing else; what is equal there is equal in the result, to the
 * bit. People repeat themselves, contact centres more so: windows of words
 * come again. So for each layer there is a memory of rows, found by a hash of
 * the window (64 bits; spaCy trusts such hashes for words). Asking begins at
 * the last layer: where its row is known, nothing below it is needed.
 *
 *	layer 4     . . . . R . . . .       asked for; unknown
 *	layer 3     . . . r r r . . .       asked for next; unknown ones ...
 *	layer 2     . . r r r r r . .
 *	layer 1     . r r r r r r r .       sums of three kept products
 *	token       t t t t t t t t t       products of a token's row
 *
 * Rows of the second layer and up are computed in pairs (kernel.h): tokens 0
 * and 1 of a text, 2 and 3, and so on. A row that is the first of its pair is
 * not, to the bit, what it would be as the second, so memory tells them apart;
 * with that a text has the same rows whatever went before it.
 *
 * What is unknown is computed for many texts at once, layer by layer from
 * below. Texts are laid out in one row of places with depth places of padding
 * around each (whose rows are zero before the first layer, and computed like
 * any other after it); a long text may be given in stretches, with its own
 * tokens around the stretch in place of padding.
 *
 * The memories are fixed in size; a place is taken from whatever was asked
 * for longest ago among its eight neighbours.
 */
#ifndef NER_ENCODE_H
#define NER_ENCODE_H

#include "base/fail.h"
#include "ner/tok.h"
#include "ner/vectors.h"

struct encoder;

/* What is done with new rows of the last layer, once for each: n rows in, of
 * the vectors' stride, out of the encoder's wide floats. */
typedef void encode_finish(void *ctx, const float *const *rows,
    float *const *out, size_t n);

/* memory: about how many bytes the memories of rows may take. Returns 0 or
 * -1. */
int encoder_open(struct encoder **e, const struct vectors *v, size_t wide,
    encode_finish *finish, void *ctx, size_t memory, struct fail *why);
void encoder_close(struct encoder *e);

/* Begins a new layout of places. */
void encoder_clear(struct encoder *e);

/* Adds tokens first..end of a text of n tokens to the layout. Returns the
 * number of the first one's place (the others follow), or -1 where memory
 * ends. The text and tokens must live until encoder_run(). */
int64_t encoder_add(struct encoder *e, const char *text, const struct tok *v,
    size_t n, size_t first, size_t end, struct fail *why);

/* Computes every place. Returns 0 or -1. */
int encoder_run(struct encoder *e, struct fail *why);

/* What finish() made of a place: wide floats, until the next clear. */
const float *encoder_row(const struct encoder *e, int64_t place);

#endif
