/* SPDX-License-Identifier: GPL-3.0-or-later */
/* words.h -- is this an ordinary word?
 *
 * A list of words in their plain form (share/words/english): blank-separated,
 * '#' begins a comment line. The endings of English are taken off by rule:
 * calls, calling, called, caller, really are ordinary where call and real are.
 */
#ifndef NER_WORDS_H
#define NER_WORDS_H

#include "base/buf.h"
#include "base/map.h"

struct words {
	struct map plain;
};

#define WORDS_INIT { MAP_INIT }

/* Adds the words of a list. Returns 0, or -1 with errno. */
int words_read(struct words *w, const char *p, size_t n);
void words_free(struct words *w);

/* Is it there, in any form? p: folded letters (fold.h). */
bool words_has(const struct words *w, const char *p, size_t n);

#endif
