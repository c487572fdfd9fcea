/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mention.h -- where a text names what a gazetteer knows.
 *
 * One struct mentions a thread. Every place is given where a name's words
 * stand, those inside others too; who has them settles overlaps.
 *
 *	mentions_open(&m, g, &why);
 *	mentions_find(m, text, n, &why);
 *	for (i = 0; i < m->n; i++) ... m->v[i]
 */
#ifndef NER_MENTION_H
#define NER_MENTION_H

#include "ner/gazetteer.h"

enum mention_method {
	MENTION_EXACT,          /* as spelled */
	MENTION_FOLDED,         /* but for case, accents, width, hyphens */
	MENTION_JOINED          /* its words joined or split */
};

struct mention {
	uint32_t alias;                 /* in gazetteer.aliases */
	uint32_t start, end;            /* bytes */
	uint32_t cp_start, cp_end;      /* code points */
	enum mention_method method;
	uint32_t edits;
	double confidence;              /* 1 without edits */
};

struct mentions {
	const struct gazetteer *g;
	struct mention *v;              /* of the last text, by start */
	size_t n, cap;
	struct mentions_impl *impl;
};

int mentions_open(struct mentions **m, const struct gazetteer *g,
    struct fail *why);
void mentions_close(struct mentions *m);

/* Finds the names in a text, valid UTF-8. Returns 0 or -1. */
int mentions_find(struct mentions *m, const char *text, size_t n,
    struct fail *why);

/* "exact", "folded", ... */
const char *mention_method(enum mention_method method);

#endif
