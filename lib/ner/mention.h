/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mention.h -- where a text names what a gazetteer knows.
 *
 * One struct mentions a thread. Every place is given where a name's words
 * stand, those inside others too; who has them settles overlaps.
 *
 * With an index of near names, those that are mistyped are found as well
 * (near.h), in the plural, and with a word stuck to them. Two things speak
 * against a name then, and a list of ordinary words is needed for both: that
 * all words that differ from it are ordinary ("screen pot"), and, where the
 * name itself is one ordinary word (Connect), that it is written small by
 * somebody who writes capitals, or stands behind "to", "can't", "a" and the
 * like.
 *
 *	mentions_open(&m, g, &tools, &why);
 *	mentions_find(m, text, n, &why);
 *	for (i = 0; i < m->n; i++) ... m->v[i]
 */
#ifndef NER_MENTION_H
#define NER_MENTION_H

#include "ner/heard.h"
#include "ner/near.h"
#include "ner/words.h"

enum mention_method {
	MENTION_EXACT,          /* as spelled */
	MENTION_FOLDED,         /* but for case, accents, width, hyphens */
	MENTION_JOINED,         /* its words joined or split */
	MENTION_SPEECH,         /* it sounds like this */
	MENTION_FUZZY           /* with edits, in the plural, or with a word
	                         * stuck to it */
};

struct mention {
	uint32_t alias;                 /* in gazetteer.aliases */
	uint32_t start, end;            /* bytes */
	uint32_t cp_start, cp_end;      /* code points */
	enum mention_method method;
	uint32_t edits;
	double confidence;              /* 1 without edits */
	double cost;                    /* what edits take off its length
	                                 * where it overlaps another */
};

/* What is used besides the names. */
struct mention_tools {
	const struct near_index *near;  /* NULL: no name has edits */
	const struct heard_index *heard;        /* NULL: none is misheard */
	const struct words *words;      /* NULL: none is ordinary */
};

struct mentions {
	const struct gazetteer *g;
	struct mention *v;              /* of the last text, by start */
	size_t n, cap;
	struct mentions_impl *impl;
};

int mentions_open(struct mentions **m, const struct gazetteer *g,
    const struct mention_tools *tools, struct fail *why);
void mentions_close(struct mentions *m);

/* Finds the names in a text, valid UTF-8. Returns 0 or -1. */
int mentions_find(struct mentions *m, const char *text, size_t n,
    struct fail *why);

/* "exact", "folded", ... */
const char *mention_method(enum mention_method method);

#endif
