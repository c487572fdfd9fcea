/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scope.h -- what a token is for: words, their order of no account.
 *
 * A list is text: the words in byte order, each once, one blank between, so
 * that the same scopes are the same bytes, in a request and in a cache key.
 */
#ifndef GC_AUTH_SCOPE_H
#define GC_AUTH_SCOPE_H

#include "base/buf.h"
#include "base/fail.h"

/* Makes a list (cleared first) of the words in n texts, split by blanks.
 * Returns 0, or -1 with EXIT_USAGE where a word has a character that RFC 6749
 * 3.3 does not allow. */
int scope_list(struct buf *list, const char *const *texts, size_t n,
    struct fail *why);

/* Is the word in a text of words? */
bool scope_has(const char *text, const char *word);

#endif
