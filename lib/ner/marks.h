/* SPDX-License-Identifier: GPL-3.0-or-later */
/* marks.h -- sentences by marks: spaCy's sentencizer.
 *
 * A sentence begins with the first token that is no punctuation behind one
 * that is a mark (pipeline/sentencizer.pyx). The marks are those of the
 * component's file, NAME.json: {"punct_chars":[...],"overwrite":false}. */
#ifndef NER_MARKS_H
#define NER_MARKS_H

#include "base/fail.h"
#include "base/map.h"
#include "ner/tok.h"

struct marks {
	struct map texts;
	bool overwrite;
};

/* Reads the file's bytes. Returns 0, or -1 with EXIT_USAGE; marks_free() is
 * due in either case. */
int marks_load(struct marks *m, const char *p, size_t n, struct fail *why);
void marks_free(struct marks *m);

/* Sets or clears TOK_SENT in the tokens of a text. */
void marks_set(const struct marks *m, const char *text, struct tok *v,
    size_t n);

#endif
