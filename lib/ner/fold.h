/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fold.h -- a text's letters as names are compared: without case, accents,
 * width, apostrophes, hyphens or blanks, each with its place in the text.
 *
 * A letter is a byte of the UTF-8 of a folded letter or digit: "Zéphyr" and
 * "ZEPHYR" are z e p h y r. Folding is Unicode's compatibility decomposition
 * and case folding (UAX #15, Unicode 5.18; utf8proc), accents taken off, and
 * the letters that do not decompose (ø, ł, æ, ...) as they are typed without
 * them. All else stands between words and is no letter; its place in
 * letters[] holds 0. Letters of scripts that write no blanks (Han, kana,
 * Thai, ...) are words of their own, and so are the symbols + # & where
 * names have them.
 *
 *	struct fold f = FOLD_INIT;
 *	fold_text(&f, "Quantum-Headset", 15, 0);
 *	f.letters "quantum\0headset\0", f.edges { 0, 7, 8, 15 }, f.nwords 2
 */
#ifndef NER_FOLD_H
#define NER_FOLD_H

#include "base/compat.h"

/* Symbols that are letters; see fold_text(). */
enum { FOLD_PLUS = 1, FOLD_HASH = 2, FOLD_AND = 4 };

struct fold {
	char *letters;          /* owned: n of them, and FOLD_PAST zeros */
	uint32_t *edges;        /* owned: of words, 2 each: begin and end */
	uint32_t *from;         /* owned: where in the text each letter's code
	                         * point begins; see fold_begin() */
	size_t n, nwords;
	size_t cap, nedges, nfrom;      /* room in the three */
	bool plain;             /* letters[i] is of byte i of the text */
};

#define FOLD_INIT { NULL, NULL, NULL, 0, 0, 0, 0, 0, false }
#define FOLD_PAST 16            /* zeros behind the last letter */

/* Folds valid UTF-8 of less than 2 GiB. symbols: those that are letters.
 * Returns 0, or -1 with errno ENOMEM. */
int fold_text(struct fold *f, const char *p, size_t n, unsigned symbols);
void fold_free(struct fold *f);

/* Which of the symbols a text has. */
unsigned fold_symbols(const char *p, size_t n);

/* The byte of the text (of n) where the code point of letters[i] begins, and
 * the one past it and its accents. */
uint32_t fold_begin(const struct fold *f, uint32_t i);
uint32_t fold_end(const struct fold *f, const char *text, size_t n,
    uint32_t i);

/* May these bytes stand between two words of one name? Blanks, hyphens,
 * apostrophes, slashes and the like, four at most; a full stop only by
 * itself. */
bool fold_joins(const char *p, size_t n);

#endif
