/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec.h -- what a pattern asks of one token.
 *
 *	{"LOWER":{"IN":["fox","wolf"]},"IS_TITLE":true,"OP":"+"}
 *
 * The forms are those of spaCy's Matcher (3.8). Names of attributes and of
 * predicates may be in any case. What needs a trained tagger (LEMMA, POS, TAG,
 * DEP, MORPH) and the extension "_" are refused by name; so is a value of the
 * wrong kind, which spaCy would take and never match.
 *
 * A specification is a list of tests that must all hold. Equal ones are kept
 * once and have one number. Most tests look at the word alone, so that their
 * answer may be remembered with the word; some look at the token where it
 * stands (SPACY, IS_SENT_START, ENT_TYPE, ENT_IOB).
 */
#ifndef NER_SPEC_H
#define NER_SPEC_H

#include "base/map.h"
#include "json/scan.h"
#include "ner/flag.h"
#include "ner/lex.h"
#include "ner/spell.h"

enum attr {
	/* texts, in lex.h's order */
	ATTR_ORTH, ATTR_NORM, ATTR_LOWER, ATTR_PREFIX, ATTR_SUFFIX,
	ATTR_SHAPE,
	ATTR_LENGTH,                    /* a number: code points */
	ATTR_FLAG,                      /* the first of flag.h's */
	ATTR_SPACY = ATTR_FLAG + FLAGS, /* from here: of the token's place */
	ATTR_SENT_START, ATTR_ENT_IOB, ATTR_ENT_TYPE,
	ATTRS
};

/* The attribute of that name, in any case, or -1. */
int attr_find(const char *name, size_t n);

enum test_kind { TEST_IN, TEST_REGEX, TEST_FUZZY, TEST_COMPARE };
enum test_order { ORDER_EQ, ORDER_NE, ORDER_GE, ORDER_LE, ORDER_GT, ORDER_LT };

/* One condition: one of the items (or, with no, none of them) fits. */
struct test {
	uint8_t attr, kind, order;      /* order: of TEST_COMPARE */
	bool no;
	uint32_t first, n;              /* in specs.items */
	double number;                  /* to compare with */
};

struct test_item {
	uint64_t id;                    /* a text's id, or a number */
	struct regex *regex;            /* owned; TEST_REGEX */
	uint32_t text, n;               /* TEST_FUZZY: bytes of specs.bytes */
	int edits;
};

struct spec {
	uint32_t first, n;              /* in specs.tests */
	bool placed;                    /* a test looks at the place */
};

struct specs {
	struct spec *v;                 /* owned; by number */
	struct test *tests;             /* owned */
	struct test_item *items;        /* owned */
	size_t n, cap, ntests, ctests, nitems, citems;
	struct map keys;                /* what was read -> numbers */
	struct buf bytes;
};

/* How often a token comes. */
struct spec_op {
	uint32_t least, most;           /* most UINT32_MAX: any number */
	bool no;                        /* "!": a token that does not fit */
};

/* Once per pattern file; specs_free() also where nothing was added. */
void specs_init(struct specs *s);
void specs_free(struct specs *s);

/* Reads a checked JSON value: its number in *number and its operator in *op.
 * Returns 0, or -1 with EXIT_USAGE and in *at the place in v that is wrong. */
int specs_add(struct specs *s, struct json_val v, uint32_t *number,
    struct spec_op *op, const char **at, struct fail *why);

/* A token as tests see it; the caller sets what stands first. */
struct seen {
	struct lex lex;
	const struct norms *norms;
	const struct spellings *special;        /* texts of norms: those of
	                                         * special cases */
	const struct spellings *spelled;        /* and the others'; or NULL */
	const struct flag_rules *flags;
	bool sentence;                  /* one begins with it */
	int iob;                        /* 0 unknown, 1 I, 2 O, 3 B */
	const char *type;               /* its entity's label */
	size_t ntype;
	uint64_t known;                 /* bits: values computed; 0 at first */
	uint64_t value[ATTRS];
	struct buf *work, *text;        /* scratch */
};

/* Do the tests that look at the word (or at the place) all hold? */
bool spec_holds(const struct specs *s, uint32_t number, struct seen *t,
    bool place);

/* An attribute's number: the id of a text, or a number, or 0 and 1. */
uint64_t seen_value(struct seen *t, enum attr attr);

#endif
