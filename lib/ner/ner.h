/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ner.h -- texts in, entities out: a pipeline at work.
 *
 * One struct ner a thread. Texts of one call share their work; the more there
 * are, the better. Results do not depend on which texts went together, nor on
 * what was seen before.
 *
 * Only where an entity of several tokens is open between two tokens can a
 * sentence that begins there matter. So texts are decoded without sentences
 * first; where nothing was open between tokens that is the answer, and only
 * the others are parsed and, with their sentences, decoded again. Where
 * several components find entities, each leaves what the one before it found.
 *
 *	pipeline_open(&p, dir, 0, &why);
 *	ner_open(&n, p, NER_MEMORY, &why);
 *	ner_run(n, texts, ntexts, 0, &why);
 *	for (i = 0; i < n->nspans; i++) ... n->spans[i]
 */
#ifndef NER_NER_H
#define NER_NER_H

#include "ner/calibration.h"
#include "ner/pipeline.h"

#define NER_MEMORY ((size_t)40 << 20)   /* bytes for what is remembered */

/* The same for each of some threads; two stay below 100 MB, each more adds
 * what it works with. */
size_t ner_share(size_t threads);

enum {
	NER_SENTENCES = 1,              /* parse every text */
	NER_PROBABILITY = 2             /* weigh every entity */
};

struct ner_text {
	const char *p;                  /* valid UTF-8 */
	size_t n;
	size_t first, ntokens;          /* out: in ner.tokens */
};

struct ner_span {
	uint32_t text;                  /* which */
	uint32_t token, ntokens;        /* of that text */
	uint32_t start, end;            /* bytes */
	uint32_t cp_start, cp_end;      /* code points */
	uint32_t label;                 /* see ner_label() */
	uint32_t rule;                  /* 1 + the number of the pattern that
	                                 * found it, by a ruler of the
	                                 * pipeline; 0: a network did */
	uint32_t part;                  /* which of pipeline.entities */
	double probability;             /* by the network's own scores, bent
	                                 * where there is a calibration; 1 of
	                                 * a pattern's */
};

struct ner {
	struct ner_span *spans;         /* of the last call, in order */
	size_t nspans;
	struct tok *tokens;             /* of the last call's texts */
	size_t ntokens;
	const struct calibration *calibration;  /* to be set; NULL: none */
	struct ner_impl *impl;
};

int ner_open(struct ner **n, const struct pipeline *p, size_t memory,
    struct fail *why);
void ner_close(struct ner *n);

/* Finds the entities of texts. Returns 0, or -1. */
int ner_run(struct ner *n, struct ner_text *texts, size_t ntexts,
    unsigned flags, struct fail *why);

/* The id of what a ruler found, or NULL. */
const char *ner_id(const struct pipeline *p, const struct ner_span *s,
    size_t *n);

/* A label's text. */
const char *ner_label(const struct pipeline *p, uint32_t label, size_t *n);

#endif
