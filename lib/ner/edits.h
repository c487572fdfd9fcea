/* SPDX-License-Identifier: GPL-3.0-or-later */
/* edits.h -- which edits make of a name what somebody typed: letters left out,
 * put in, changed, or two neighbours swapped, the fewest there are. Digits are
 * never edited (near.h).
 *
 * Letters are code points, of a name's and a text's folded letters.
 */
#ifndef NER_EDITS_H
#define NER_EDITS_H

#include "base/compat.h"

#define EDITS_MOST 16           /* of a mention */
#define EDITS_LETTERS 260       /* of either side */

enum edit_op { EDIT_OMIT, EDIT_ADD, EDIT_CHANGE, EDIT_SWAP };

struct edit {
	enum edit_op op;
	size_t name, text;      /* places: of the letter, or where it would
	                         * stand; of a swap: of the first of two */
};

/* Edits from n letters of a name to m of a text, in order, into out. Returns
 * how many; 0 too where they are more than EDITS_MOST, a digit would have to be
 * edited, or a side is longer than EDITS_LETTERS. */
size_t edits_between(struct edit out[EDITS_MOST], const uint32_t *name,
    size_t n, const uint32_t *text, size_t m);

/* "omit", "add", "change", "swap". */
const char *edit_name(enum edit_op op);

#endif
