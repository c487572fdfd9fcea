/* SPDX-License-Identifier: GPL-3.0-or-later */
/* negation.h -- is what stands there denied? "not the router", "I never had a
 * headset", "the lamp isn't the problem".
 *
 * After NegEx (W. W. Chapman and others, A simple algorithm for identifying
 * negated findings and diseases in discharge summaries, J. Biomed. Inform. 34
 * (2001)): a word that denies, at most 5 words before with nothing between
 * that ends its reach, or such a phrase behind. Medical findings differ from
 * names in that "cannot connect to the router" denies no router; so between
 * the two may stand only articles, prepositions, and verbs of having, wanting
 * and speaking of.
 */
#ifndef NER_NEGATION_H
#define NER_NEGATION_H

#include "base/compat.h"

#define NEGATION_WORDS 5

/* Is what stands in bytes start to end of a text denied? */
bool negation_of(const char *text, size_t n, size_t start, size_t end);

#endif
