/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tool.h -- the parts of gc-ner.
 *
 *	main	options, the loop over records
 *	texts	which texts of a record are read
 *	place	where a model lies
 *	found	the entities of a record: labels, confidence, groups, output
 */
#ifndef GC_NER_TOOL_H
#define GC_NER_TOOL_H

#include "json/expr.h"
#include "json/filter.h"
#include "ner/ner.h"

/* ---- place ---- */

/* Puts the folder of a model into dir: name is a folder, or looked for where
 * models are. Returns 0, or -1 with EXIT_USAGE and what to do. */
int place_find(struct buf *dir, const char *name, struct fail *why);

/* ---- texts ---- */

struct texts {
	struct expr *expr;              /* owned; NULL: the usual places */
	const char *join;               /* NULL: each on its own */
	struct buf bytes;               /* the texts, one after another */
	struct ner_text *v;             /* owned; n of them; p set by _take */
	uint32_t *at;                   /* owned: their numbers in the record */
	size_t n, cap, selected;        /* selected: with empty ones */
};

int texts_open(struct texts *t, const char *expr, const char *join,
    struct fail *why);
void texts_close(struct texts *t);

/* The texts of a record. Returns FILTER_USED, FILTER_REJECTED, or -1. */
int texts_take(struct texts *t, const struct record *rec, struct emit *emit,
    struct fail *why);

/* ---- found ---- */


/* A file {"product":["ORG",...],...}: groups by label. */
struct groups {
	struct buf text;
	struct json_val root;
};

int groups_read(struct groups *g, const char *path, struct fail *why);

struct found_opts {
	const struct pipeline *pipeline;        /* NULL: none */
	const struct groups *groups;            /* NULL: none */
	struct opt_list labels;                 /* to keep; none: all */
	double threshold;
	bool probability;                       /* --confidence model */
};

struct found {
	const struct found_opts *o;
	struct buf entities, groups, work, line;
	struct found_item *v;           /* owned: what passed */
	size_t n, cap;
};

void found_init(struct found *f, const struct found_opts *o);
void found_free(struct found *f);

/* Writes the record with its entities (and groups). Returns 0 or -1. */
int found_write(struct found *f, const struct ner *n, const struct texts *t,
    const struct record *rec, struct emit *emit, struct fail *why);

/* The tutorial's confidence of an entity's text: its length against 15, less
 * the share of small words, more for a capital. */
double found_heuristic(const char *p, size_t n, struct buf *work);

#endif
