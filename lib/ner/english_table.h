/* SPDX-License-Identifier: GPL-3.0-or-later */
/* english_table.h -- what english_table.c holds: what a pipeline's files and
 * patterns take for known of English. Words are sorted by their bytes. */
#ifndef NER_ENGLISH_TABLE_H
#define NER_ENGLISH_TABLE_H

#include "base/compat.h"

/* Stop words; words for numbers, of both kinds ("ten", "tenth"); top-level
 * domains. All in lower case. */
extern const char *const english_stops[], *const english_numbers[],
    *const english_domains[];
extern const size_t english_stops_n, english_numbers_n, english_domains_n;

/* A file "tokenizer" (MessagePack), as tok_rules_open() reads it. */
extern const char english_tokenizer[];
extern const size_t english_tokenizer_n;

#endif
