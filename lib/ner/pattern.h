/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pattern.h -- patterns over tokens, as spaCy's EntityRuler has them.
 *
 *	{"label":"PRODUCT","pattern":"cloud phone","id":"P003"}
 *	{"label":"PRODUCT","pattern":[{"LOWER":"galaxy"},{"TEXT":{"REGEX":
 *	    "^S\\d+$"}},{"LOWER":"ultra","OP":"?"}]}
 *
 * A file of JSON lines. A pattern is a phrase, cut by the tokenizer and
 * compared token by token, or a list of specifications (spec.h). Here they are
 * made ready for match.h:
 *
 * - Phrases are paths in a trie over the attribute that is compared.
 * - The tokens of a pattern are steps; "+" is two of them, {2,4} four. All
 *   steps of all patterns are numbered through.
 * - A specification that asks for certain texts is found by these through an
 *   index, so that a word is tried against few of many; the others are loose,
 *   and every word is tried against each.
 *
 * Patterns do not change once they are ready, and threads share them.
 *
 *	patterns_open(&p, &how, &why);
 *	patterns_read(p, "products.jsonl", &why);
 *	patterns_ready(p, &why);
 */
#ifndef NER_PATTERN_H
#define NER_PATTERN_H

#include "ner/link.h"
#include "ner/spec.h"
#include "ner/tok.h"

/* How texts become tokens, and what phrases are compared by. */
struct pattern_how {
	const struct tok_rules *rules;
	const struct norms *norms;
	const struct spellings *spelled;        /* their texts; or NULL */
	bool english;
	enum attr phrase;               /* below ATTR_SPACY; ATTR_ORTH */
};

struct pattern {
	uint32_t label, nlabel;         /* bytes of patterns.bytes */
	uint32_t id, nid;               /* nid 0: none */
};

struct step {
	uint32_t spec, pattern;
	bool no;                        /* a token that does not fit */
	bool may;                       /* or none */
	bool many;                      /* any number of them */
	bool last;
};

/* A list of numbers in an index. */
struct index_cell {
	uint32_t number, next;          /* next 0: the last; else + 1 */
};

struct patterns {
	struct pattern_how how;
	struct specs specs;
	struct pattern *v;              /* owned; in the order of the files */
	struct step *steps;             /* owned */
	size_t n, cap, nsteps, csteps;
	struct buf bytes;               /* labels, ids */
	bool sentences;                 /* a test looks at sentences */
	/* phrases */
	struct links paths;
	uint32_t *ends;                 /* owned; by node: a pattern + 1 */
	size_t cends;
	/* the index, once ready */
	uint64_t keyed;                 /* bits: attributes in texts */
	struct links texts;             /* (attribute, id) -> node */
	uint32_t *by_text;              /* owned; by node: specifications */
	uint32_t *by_spec;              /* owned: steps that may come first */
	struct index_cell *cells;       /* owned */
	uint32_t *loose, nloose;        /* owned: specifications */
	uint32_t *others, nothers;      /* owned: first steps with "!" */
	size_t ncells, ccells;
};

int patterns_open(struct patterns **p, const struct pattern_how *how,
    struct fail *why);
void patterns_close(struct patterns *p);

/* Adds the patterns of a file. Returns 0, or -1 with EXIT_USAGE and the place
 * in the message ("products.jsonl:3:27: ..."). */
int patterns_read(struct patterns *p, const char *path, struct fail *why);

/* The same from memory; name stands in messages. */
int patterns_add(struct patterns *p, const char *name, const char *text,
    size_t n, struct fail *why);

/* Builds the index; once, after the last file. */
int patterns_ready(struct patterns *p, struct fail *why);

#endif
