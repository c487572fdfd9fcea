/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mention_impl.h -- what the files of mention.h share.
 *
 *	mention		names as they are spelled
 *	meant		do the words around let it be a name?
 *	mistyped	names with edits
 *	heard		names that sound like it
 *	weigh		which of those it is
 */
#ifndef NER_MENTION_IMPL_H
#define NER_MENTION_IMPL_H

#include "ner/fold.h"
#include "ner/mention.h"

/* What a text's capitals tell. */
enum capitals {
	CAPITALS_UNKNOWN,       /* nobody looked yet */
	CAPITALS_NONE,          /* all small, or all capitals: nothing */
	CAPITALS_USED           /* the writer uses them */
};

#define RUN (GAZ_LETTERS + NEAR_EDITS + 8)

struct mentions_impl {
	struct mentions m;
	struct mention_tools tools;
	struct fold fold;               /* of the text */
	const char *text;
	size_t ntext;
	uint32_t byte, point;           /* a place counted to */
	enum capitals capitals;
	struct heard_text *heard;       /* owned */
	struct heard_hit *hits;         /* owned: of this window, nhits */
	size_t nhits, chits;
	uint32_t *seen, turn;           /* owned: aliases tried this turn */
	char run[RUN];                  /* letters of words, one after another */
	uint64_t has[RUN + 1];          /* near_bit()s of its first letters */
	uint32_t at[RUN];               /* where in the fold each stands */
	uint32_t word[RUN];             /* and the word it belongs to */
};

/* Adds what stands at letters from to to of the fold. Returns 0 or -1. */
int mention_add(struct mentions_impl *f, struct mention *e, uint32_t from,
    uint32_t to, struct fail *why);

/* May all that parts words first to last stand within a name? */
bool mention_is_one(const struct mentions_impl *f, size_t first,
    size_t last);

/* Is one of a name's near: words within reach of words first to last? */
bool mention_has_near(const struct mentions_impl *f, struct gaz_str near,
    size_t first, size_t last);

/* Do the words around let words first to last be that name? */
bool mention_is_meant(struct mentions_impl *f, const struct gaz_alias *a,
    size_t first, size_t last, bool plural);

/* Is a word of the text ordinary? Numbers are. */
bool mention_is_ordinary(const struct mentions_impl *f, size_t word);

/* The names that the text sounds like; what they need. */
void heard_text_free(struct heard_text *t);
int heard_names(struct mentions_impl *f, struct fail *why);

/* Hundredths that a name must be heard better than not at all. */
#define HEARD_LEAST 100

/* Words first to last are a name for so much; adds it to this window's hits
 * where it may be meant. Returns 0 or -1. */
int weigh_hit(struct mentions_impl *f, const struct heard_name *h,
    size_t first, size_t last, uint32_t cost, struct fail *why);

/* Adds those of the hits that are likely enough, and forgets them all. Returns
 * 0 or -1. */
int weigh_all(struct mentions_impl *f, struct fail *why);

/* The names with edits. */
int fuzzy_names(struct mentions_impl *f, struct fail *why);

#endif
