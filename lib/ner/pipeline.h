/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pipeline.h -- a spaCy v3 pipeline's folder, read as it is on disk.
 *
 *	config.cfg              what the components are
 *	tokenizer               rules, MessagePack
 *	vocab/lookups.bin       norms of words
 *	vocab/vectors, key2row  static vectors, where the rows use them
 *	NAME/model, NAME/moves  a component's network and classes
 *	NAME/model              rows for components that listen to a tok2vec
 *	NAME.json               the marks of a sentencizer
 *	NAME/cfg, patterns.jsonl        of an entity_ruler
 *
 * What is loaded follows config.cfg: the components that find entities (ner,
 * entity_ruler) and those before them that set sentences (parser, senter,
 * sentencizer). A pipeline with a part that is not supported and could change
 * an entity is refused, by that part's name. With PIPELINE_NER_ALONE only ner
 * is looked at, as spacy.load(..., exclude=[all others]) would.
 *
 * With PIPELINE_CACHED the networks come from a file in the cache folder where
 * one was made from these very files, and are left there where not.
 *
 * A loaded pipeline does not change and is shared by threads.
 */
#ifndef NER_PIPELINE_H
#define NER_PIPELINE_H

#include "ner/arcs.h"
#include "ner/biluo.h"
#include "ner/config.h"
#include "ner/marks.h"
#include "ner/pattern.h"
#include "ner/spell.h"
#include "ner/tok.h"
#include "ner/vectors.h"

enum {
	PIPELINE_NER_ALONE = 1,
	PIPELINE_CACHED = 2     /* use and fill the user's cache (ready.h) */
};

/* A component. */
struct part {
	struct config_part what;
	struct vectors vectors;         /* of ner, parser, senter */
	struct biluo ner;
	struct arcs parser;
	struct affine tags;             /* of a senter: a row's scores for
	                                 * being none and being a beginning */
	struct marks marks;             /* of a sentencizer */
	struct patterns *patterns;      /* of a ruler; owned */
	uint32_t *label;                /* owned: of its labels (of a ruler's
	                                 * patterns), the pipeline's */
};

struct pipeline {
	bool english;                   /* words with a meaning are */
	struct tok_rules *rules;
	struct norms norms;
	struct spellings spelled;       /* the texts of norms */
	struct statics *statics;        /* NULL: none used */
	struct part *entities;          /* owned: what finds them, in order */
	size_t nentities;
	struct part *sentences;         /* owned: what sets them, in order */
	size_t nsentences;
	struct map labels;              /* of all that find entities */
	struct ready ready;             /* where the arrays lie, if mapped */
};

/* Returns 0, or -1 with EXIT_USAGE and the file's name in the message. */
int pipeline_open(struct pipeline **p, const char *dir, unsigned flags,
    struct fail *why);
void pipeline_close(struct pipeline *p);

#endif
