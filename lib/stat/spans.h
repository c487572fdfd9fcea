/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spans.h -- spans that were found against spans that should be.
 *
 * Each gold span and each found one is paired with at most one of the other
 * kind, and counted once. Who with whom is fixed, whatever the order they
 * come in: pairs are taken while they last from the best to the worst,
 *
 *	1. the same ends and the same label
 *	2. the same ends
 *	3. an overlap and the same label, the longest overlap first
 *	4. an overlap, the longest first
 *
 * and among equals by the gold span's start, end and label, then the found
 * one's. (Which is canonical, but need not be the most pairs possible.)
 *
 * A pair is judged in four ways (I. Segura-Bedmar, P. Martinez, M. Herrero-
 * Zazo, "SemEval-2013 task 9: extraction of drug-drug interactions from
 * biomedical texts", 2013; after N. Chinchor and B. Sundheim, "MUC-5
 * evaluation metrics", 1993):
 *
 *	strict		correct where ends and label are the same
 *	exact		correct where the ends are
 *	partial		the same, but an overlap is half correct
 *	type		correct where the label is the same
 *
 * else incorrect. A gold span without a pair is missed, a found one spurious.
 *
 *	precision = (correct + partial / 2) / found
 *	recall = (correct + partial / 2) / gold
 *	f1 = the share of all spans, of both kinds: 2x / (gold + found)
 *
 * Counts are kept for each label, of gold spans by theirs, of found ones by
 * theirs; over all labels the two sides agree.
 */
#ifndef STAT_SPANS_H
#define STAT_SPANS_H

#include "base/fail.h"
#include "base/map.h"
#include "stat/interval.h"

enum spans_way { SPANS_STRICT, SPANS_EXACT, SPANS_PARTIAL, SPANS_TYPE,
	SPANS_WAYS };

struct span {
	uint64_t start, end;            /* start < end; of several texts, each
	                                 * begins where no other's ends */
	uint32_t label;                 /* by spans_label() */
};

/* One side's spans: how many, and how they were judged. */
struct spans_side {
	uint64_t n;
	uint64_t correct[SPANS_WAYS], incorrect[SPANS_WAYS],
	    partial[SPANS_WAYS];
};

struct spans_label {
	struct spans_side gold, found;
};

struct spans {
	struct map names;               /* of labels */
	struct spans_label *v;          /* owned; by label */
	uint32_t cap;
	struct spans_pair *pairs;       /* scratch, owned */
	size_t npairs, cpairs;
	char *used;                     /* scratch, owned */
	size_t cused;
};

void spans_init(struct spans *s);
void spans_free(struct spans *s);

/* A label's number; MAP_NONE where memory ends. */
uint32_t spans_label(struct spans *s, const char *p, size_t n);

/* Pairs and counts the spans of a text, or of several at once. Returns 0, or -1. */
int spans_add(struct spans *s, const struct span *gold, size_t ngold,
    const struct span *found, size_t nfound, struct fail *why);

/* Adds the counts of another. Returns 0, or -1. */
int spans_merge(struct spans *s, const struct spans *from, struct fail *why);

/* Both sides over all labels. */
struct spans_label spans_sum(const struct spans *s);

/* What the counts say; NaN where there is nothing to divide by. Intervals
 * are Wilson's (interval.h), f1's that of the share x / (gold + found - x). */
struct spans_score {
	double precision, recall, f1;
	struct interval iprecision, irecall, if1;
};
struct spans_score spans_score(const struct spans_label *l,
    enum spans_way way, double level);

#endif
