/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tool.h -- the parts of gc-ner.
 *
 *	main	options, the loop over records
 *	texts	which texts of a record are read
 *	ahead	the texts of some records to the model in one go
 *	place	where a model lies
 *	rule	patterns over tokens
 *	names	gazetteers, and what finds mistyped names
 *	lint	what is wrong with a gazetteer
 *	gold	what was found against what should be
 *	found	the entities of a record: labels, confidence, groups, output
 */
#ifndef GC_NER_TOOL_H
#define GC_NER_TOOL_H

#include "json/expr.h"
#include "json/filter.h"
#include "ner/fold.h"
#include "ner/mention.h"
#include "ner/ner.h"
#include "ner/spec.h"

/* ---- place ---- */

/* Puts the folder of a model into dir: name is a folder, or looked for where
 * models are. Returns 0, or -1 with EXIT_USAGE and what to do. */
int place_find(struct buf *dir, const char *name, struct fail *why);

/* ---- names ---- */

struct names {
	struct gazetteer *gazetteer;    /* owned; NULL: none */
	struct near_index near;
	struct heard_index heard;
	struct words words;
	struct mention_tools tools;
};

/* Reads gazetteers. kind: --fuzzy, "" for mistyped names; NULL: none. Returns
 * 0 or -1. */
int names_open(struct names *n, const struct opt_list *files,
    const char *kind, struct fail *why);
void names_close(struct names *n);

/* Writes what is wrong with them to a file (NULL: stdout), a JSON line a
 * finding. Returns how the program ends: 0, or 1 where there are any; or
 * -1. Wants names opened with kind "". */
int lint_names(const struct names *n, const char *output, struct fail *why);

/* ---- texts ---- */

/* A selected text: where it begins in v[text], and the object that it is a
 * member of (p NULL: not known). */
struct text_part {
	uint32_t text, from;
	struct json_val of;
};

struct texts {
	struct expr *expr;              /* owned; NULL: the usual places */
	const char *join;               /* NULL: each on its own */
	struct buf bytes;               /* the texts, one after another */
	struct ner_text *v;             /* owned; n of them; p set by _take */
	uint32_t *at;                   /* owned: their numbers in the record */
	struct text_part *parts;        /* owned: what was selected, nparts */
	size_t nparts;
	size_t n, cap, selected;        /* selected: with empty ones */
};

int texts_open(struct texts *t, const char *expr, const char *join,
    struct fail *why);
void texts_close(struct texts *t);

/* Who says what stands at a byte of a text, as the record has it: its from,
 * role, speaker or purpose; external is the customer, internal the agent.
 * False where that is not known. */
bool texts_speaker(const struct texts *t, uint32_t text, uint32_t byte,
    struct json_val *who);

/* The texts of a record. Returns FILTER_USED, FILTER_REJECTED, or -1. */
int texts_take(struct texts *t, const struct record *rec, struct emit *emit,
    struct fail *why);

/* ---- ahead ---- */

struct ahead;                   /* a worker's own */

/* Takes ner over, also where it fails; expr and join as texts_open() has
 * them. Returns 0 or -1. */
int ahead_open(struct ahead **ahead, struct ner *ner, const char *expr,
    const char *join, struct fail *why);
void ahead_close(struct ahead *ahead);

/* A record's texts, and what ner_run() finds in them with these flags; both
 * stay until the next call. Returns FILTER_USED, FILTER_REJECTED, or -1. */
int ahead_take(struct ahead *ahead, const struct record *rec, unsigned flags,
    struct emit *emit, struct texts **texts, const struct ner **ner,
    struct fail *why);

/* ---- found ---- */

/* A file {"product":["ORG",...],...}: groups by label. */
struct groups {
	struct buf text;
	struct json_val root;
};

int groups_read(struct groups *g, const char *path, struct fail *why);

struct found_opts {
	const struct pipeline *pipeline;        /* NULL: no model */
	const struct names *names;              /* gazetteer NULL: none */
	const struct groups *groups;            /* NULL: none */
	struct opt_list labels;                 /* to keep; none: all */
	double threshold;
	bool probability;                       /* --confidence model */
};

enum found_source { FOUND_MODEL, FOUND_PATTERN, FOUND_GAZETTEER };

/* What a finder found in a text. Strings are not NUL-ended; they live until
 * the record is written. */
struct found_item {
	enum found_source source;
	uint32_t text;                  /* which of texts.v */
	uint32_t start, end;            /* bytes of it */
	uint32_t cp_start, cp_end;      /* code points of it */
	const char *label, *id;         /* id NULL: none */
	size_t nlabel, nid;
	double confidence;              /* found_model() knows the model's */
	double cost;                    /* what edits take off its length */
	double weight;                  /* among names of one length */
	struct mention mention;         /* the gazetteer's */
};

struct found {
	const struct found_opts *o;
	struct buf entities, groups, work, line;
	struct fold fold;               /* of a mention */
	struct found_item *v;           /* owned: what finders added */
	size_t n, cap;
	bool mixed;                     /* they may overlap, or be unordered */
};

void found_init(struct found *f, const struct found_opts *o);
void found_free(struct found *f);

/* For each record: clear; each finder adds what it found, in any order; and
 * write, which settles overlaps. Of overlapping names the longest stays (its
 * code points less what edits cost), then the one with more weight, a pattern,
 * the one with the lesser id; the model's entity yields to all. What is below
 * the threshold overlaps nothing. */
void found_clear(struct found *f);
int found_add(struct found *f, const struct found_item *e, struct fail *why);

/* Adds what the model found, with its confidence. Returns 0 or -1. */
int found_model(struct found *f, const struct ner *n, const struct texts *t,
    struct fail *why);

/* Adds the names found in a text. Returns 0 or -1. */
int found_names(struct found *f, const struct mentions *m, uint32_t text,
    struct fail *why);

/* Leaves what stays, in order of place. */
void found_settle(struct found *f);

/* Settles, and writes the record with its entities (and groups). Returns 0 or
 * -1. */
int found_write(struct found *f, const struct texts *t,
    const struct record *rec, struct emit *emit, struct fail *why);

/* The tutorial's confidence of an entity's text: its length against 15, less
 * the share of small words, more for a capital. */
double found_heuristic(const char *p, size_t n, struct buf *work);

/* ---- explain ---- */

/* Adds how a mention differs from its alias: which letters, or how the two
 * sound. Nothing where it does not. Returns 0 or -1. */
int explain_mention(struct buf *b, struct fold *work,
    const struct gazetteer *g, const struct mention *m, const char *text,
    struct fail *why);

/* ---- rule ---- */

struct rule_opts {
	struct opt_list files;                  /* --patterns */
	const struct pipeline *pipeline;        /* NULL: no model */
	enum attr phrase;                       /* --phrase-attr */
	bool yield;                             /* --patterns-yield */
};

struct rules;                   /* threads share it */
struct rule_work;               /* a thread's own */

/* Reads the files. Returns 0, or -1 with EXIT_USAGE. */
int rules_open(struct rules **rules, const struct rule_opts *o,
    struct fail *why);
void rules_close(struct rules *rules);

/* Does a pattern ask where sentences begin? */
bool rules_need_sentences(const struct rules *rules);

int rule_work_open(struct rule_work **work, const struct rules *rules,
    struct fail *why);
void rule_work_close(struct rule_work *work);

/* Adds what the patterns match. ner has run over the same texts; NULL where
 * there is no model. Returns 0 or -1. */
int rule_find(struct rule_work *work, const struct texts *t,
    const struct ner *ner, struct found *found, struct fail *why);

/* ---- gold ---- */

struct gold;                    /* threads share it */
struct gold_work;               /* a thread's own */

/* what is a file of records with gold spans, or an expression that gives a
 * record's own. With by_id, ids are compared and not labels; with groups, a
 * label found is its group. Returns 0, or -1 with EXIT_USAGE. */
int gold_open(struct gold **gold, const char *what, bool by_id,
    const struct groups *groups, struct fail *why);
void gold_close(struct gold *gold);

int gold_work_open(struct gold_work **work, const struct gold *gold,
    struct fail *why);
void gold_work_close(struct gold_work *work);

/* Counts a record's entities against its gold spans. Returns FILTER_USED,
 * FILTER_DROPPED where the file has none of that id, FILTER_REJECTED, or -1. */
int gold_take(struct gold_work *work, const struct record *rec,
    const struct texts *t, struct found *found, struct emit *emit,
    struct fail *why);

/* Adds a worker's counts. Returns 0 or -1. */
int gold_merge(struct gold *gold, const struct gold_work *work,
    struct fail *why);

/* Writes all counts as one document. Returns 0 or -1. */
int gold_write(const struct gold *gold, struct emit *emit, struct fail *why);

#endif
