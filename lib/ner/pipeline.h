/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pipeline.h -- a spaCy v3 pipeline's folder, read as it is on disk.
 *
 *	config.cfg              what the components are
 *	tokenizer               rules, MessagePack
 *	vocab/lookups.bin       norms of words
 *	ner/model, ner/moves    the entities' network and classes
 *	tok2vec/model           rows for components that listen to it
 *	parser/model, /moves    sentence starts, where a parser precedes ner
 *
 * What is loaded follows config.cfg. A pipeline with a part that is not
 * supported and could change an entity is refused, by that part's name: other
 * languages' tokenizers, other architectures, a component between that sets
 * sentences or entities in another way. With PIPELINE_NER_ALONE only ner is
 * looked at, as spacy.load(..., exclude=[all others]) would.
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
#include "ner/spell.h"
#include "ner/tok.h"
#include "ner/vectors.h"

enum {
	PIPELINE_NER_ALONE = 1,
	PIPELINE_CACHED = 2     /* use and fill the user's cache (ready.h) */
};

struct pipeline {
	bool english;                   /* words with a meaning are */
	struct tok_rules *rules;
	struct norms norms;
	struct spellings spelled;       /* the texts of norms */
	struct vectors vectors;         /* ner's */
	struct biluo ner;
	bool parses;                    /* is there a parser? */
	struct vectors parser_vectors;
	struct arcs parser;
	struct ready ready;             /* where the arrays lie, if mapped */
};

/* Returns 0, or -1 with EXIT_USAGE and the file's name in the message. */
int pipeline_open(struct pipeline **p, const char *dir, unsigned flags,
    struct fail *why);
void pipeline_close(struct pipeline *p);

#endif
