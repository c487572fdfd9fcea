/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flag.h -- what can be said of a word with yes or no.
 *
 * spaCy's lexical flags (lang/lex_attrs.py, lang/en/lex_attrs.py, 3.8), on
 * code points as Python sees them. They look at the text alone. */
#ifndef NER_FLAG_H
#define NER_FLAG_H

#include "base/buf.h"
#include "ner/regex.h"

enum flag {
	FLAG_ALPHA, FLAG_ASCII, FLAG_DIGIT, FLAG_LOWER, FLAG_UPPER,
	FLAG_TITLE, FLAG_PUNCT, FLAG_SPACE, FLAG_BRACKET, FLAG_QUOTE,
	FLAG_LEFT_PUNCT, FLAG_RIGHT_PUNCT, FLAG_CURRENCY, FLAG_STOP,
	FLAG_LIKE_NUM, FLAG_LIKE_URL, FLAG_LIKE_EMAIL, FLAGS
};

/* What some flags need. */
struct flag_rules {
	bool english;                   /* its stop words and numbers */
	const struct regex *url;        /* the tokenizer's; NULL: none */
	struct regex_room *room;
	struct buf *work;               /* scratch */
};

/* Does it hold of a text (valid UTF-8, not empty)? */
bool flag_holds(enum flag flag, const char *p, size_t n,
    const struct flag_rules *r);

#endif
