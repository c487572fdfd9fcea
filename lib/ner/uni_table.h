/* SPDX-License-Identifier: GPL-3.0-or-later */
/* uni_table.h -- what uni_table.c holds; only uni.c looks here.
 *
 * Ranges of code points, both ends included, rising. */
#ifndef NER_UNI_TABLE_H
#define NER_UNI_TABLE_H

#include "base/compat.h"

struct uni_range {
	uint32_t low, high;
};

/* Code points low, low + step ... high become lower case by adding delta. */
struct uni_lower {
	uint32_t low, high, step;
	int32_t delta;
};

extern const struct uni_range uni_alpha[], uni_upper[], uni_small[],
    uni_title[], uni_digit[], uni_punct[], uni_currency[], uni_space[],
    uni_cased[], uni_ignorable[];
extern const size_t uni_alpha_n, uni_upper_n, uni_small_n, uni_title_n,
    uni_digit_n, uni_punct_n, uni_currency_n, uni_space_n, uni_cased_n,
    uni_ignorable_n;
extern const struct uni_lower uni_lowers[];
extern const size_t uni_lowers_n;

#endif
