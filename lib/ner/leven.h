/* SPDX-License-Identifier: GPL-3.0-or-later */
/* leven.h -- how many edits lie between two words.
 *
 * V. I. Levenshtein, "Binary codes capable of correcting deletions,
 * insertions, and reversals", 1966: code points inserted, left out or
 * replaced, each one edit. Only the band of the table in which the sum can
 * stay within the bound is filled (E. Ukkonen, "Algorithms for approximate
 * string matching", 1985). */
#ifndef NER_LEVEN_H
#define NER_LEVEN_H

#include "base/compat.h"

#define LEVEN_MAX 1000          /* code points of the longer word */

/* Are the words (valid UTF-8) at most that many edits apart? False for words
 * that are longer than LEVEN_MAX, unless they are equal. */
bool leven_within(const char *a, size_t na, const char *b, size_t nb,
    int edits);

#endif
