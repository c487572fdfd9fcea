/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tool.h -- the parts of gc-confusion, and what they share.
 *
 *	main.c		options, the loop, the end
 *	gather.c	records -> counts, samples, calibration
 *	partial.c	what was gathered -> records, and back
 *	labels.c	labels -> the labels that --map and --roll-up say
 *	ranks.c		lists of labels, best first -> how far down the right one is
 *	platform.c	the platform's own report -> the same
 *	compare.c	another model's answers to the same records
 *	figures.c	what was gathered -> labels, cells, figures
 *	document.c	figures -> JSON
 *	cells.c		figures -> a record a cell, or CSV
 */
#ifndef CMD_CONFUSION_TOOL_H
#define CMD_CONFUSION_TOOL_H

#include "json/expr.h"
#include "json/filter.h"
#include "json/key.h"
#include "stat/calib.h"
#include "stat/confusion.h"
#include "stat/delta.h"
#include "stat/pick.h"
#include "stat/tally.h"

/* What puts one confused pair before another. */
enum order { BY_COUNT, BY_SHARE, BY_LIFT };

struct settings {
	const char *actual, *predicted, *confidence, *id, *ranked;
	const struct opt_list *fallbacks;
	int64_t bins, top, examples, seed, ranks;
	enum order order;
	double zero_division;   /* NaN: null */
	double level;
	bool equal_mass, partial, merge, sparse, as_cells, as_csv;
	bool excel_safe;
	const char *map_file;
	const char *compare;    /* the file of the older predictions */
	const struct old *old;  /* what it holds */
	const struct label_map *map;    /* NULL: labels stay */
};

/* ---- labels.c ---- */

/* Reads --map FILE (NULL: none) and checks nothing of the roll-ups. */
int label_map_open(struct label_map **m, const char *file,
    const struct opt_list *roll_ups, struct fail *why);
void label_map_close(struct label_map *m);

/* Changes a label's key, a string's; failures stay in key->err. */
void label_map_apply(const struct label_map *m, struct buf *key);

/* ---- compare.c: the same records, predicted by an older model ---- */

/* The older model's records, by id. */
struct old {
	struct map ids;
	uint8_t *state;         /* owned; by the id's number, OLD_... */
	uint32_t *actual;       /* owned; likewise: the label's number */
	uint32_t cap;
	struct tally labels;    /* actual ones */
	uint64_t without;       /* records without an id */
};

/* The newer ones, each with the number of its id. */
struct matches {
	struct match *m;        /* owned */
	size_t n, cap;
	struct tally labels;    /* actual ones */
	uint64_t without;
};

int compare_take(struct matches *to, const struct old *old,
    const struct buf *actual, const struct buf *id, bool right,
    struct fail *why);
int matches_merge(struct matches *to, const struct matches *from,
    struct fail *why);
void matches_free(struct matches *m);

/* Reads s->compare. */
int old_read(struct old *old, const struct settings *s, struct fail *why);
void old_free(struct old *old);

/* Adds "compare": {...} to a document. */
int compare_write(struct buf *b, const struct matches *m,
    const struct settings *s, struct fail *why);

/* ---- ranks.c: top-k accuracy ---- */

#define RANKS_MAX 100

struct ranks {
	uint64_t n;             /* records with a list */
	uint64_t at[RANKS_MAX]; /* those whose actual label is in this place */
};

/* Adds a record: its list, and its actual label, a key. */
int ranks_take(struct ranks *r, const struct settings *s, struct expr *list,
    const struct buf *actual, struct buf *scratch, const struct record *rec,
    const char **rule, struct fail *bad);
void ranks_merge(struct ranks *r, const struct ranks *q);

/* Adds "top_k": [...] to a document; "ranks": {...} to a part; takes it back:
 * false where it does not look so. */
void ranks_write(struct buf *b, const struct ranks *r,
    const struct settings *s);
void ranks_write_part(struct buf *b, const struct ranks *r);
bool ranks_take_part(struct ranks *r, struct json_val v);

/* ---- gather.c ---- */

/* All that is known of the records so far. Cell i is key i of `cells`: four
 * bytes for the length of the actual label's key, that key, and the
 * predicted label's key, which is null's where there was no prediction. */
struct gather {
	struct tally cells;
	struct pick *examples;  /* owned; by the cell's number */
	uint32_t cap;
	struct tally sure;      /* --equal-mass: a double's bytes and 1 byte
	                         * for right -> how often */
	struct calib calib;
	struct ranks ranks;     /* --ranked */
	struct matches matches; /* --compare */
};

int gather_init(struct gather *g, const struct settings *s, struct fail *why);
void gather_free(struct gather *g);
int gather_merge(struct gather *g, const struct settings *s,
    const struct gather *h, struct fail *why);

/* A cell's two keys. */
struct label_pair {
	const char *actual, *predicted;
	size_t nactual, npredicted;
};
struct label_pair gather_labels(const struct gather *g, uint32_t cell);

/* Adds n records of a cell, its labels being keys. Returns the cell or
 * MAP_NONE. */
uint32_t gather_cell(struct gather *g, struct buf *scratch,
    const struct buf *actual, const struct buf *predicted, uint64_t n,
    struct fail *why);

/* Offers an id, a key, as an example of a cell. */
int gather_example(struct gather *g, const struct settings *s, uint32_t cell,
    const struct buf *id, struct fail *why);

/* Adds one record's confidence. */
int gather_confidence(struct gather *g, const struct settings *s,
    double confidence, bool right, struct fail *why);

/* The order of g->sure. */
int gather_by_confidence(const char *p, size_t np, const char *q, size_t nq);

/* Is this key, of a predicted label, an answer? Else it is null or a
 * --fallback: which one, from 0. */
enum { ANSWERED = -2, NO_PREDICTION = -1 };
int gather_answer(const struct settings *s, const char *p, size_t n);

/* A label's key, which is a string's: of a number or a boolean, its text. */
int gather_label(struct buf *b, struct json_val v,
    const struct label_map *map, const char **rule, struct fail *bad);

/* Two labels as a record spells them, and the cell that they had: most
 * records need not be decoded. */
#define MEMO_BYTES 72
#define MEMO_PAIRS 256

struct memo {
	uint32_t cell;
	uint8_t na, np;
	bool right;
	char spelled[MEMO_BYTES];       /* the actual one, the predicted one */
};

/* What reads records; one a thread, and one a gather. */
struct reader {
	struct expr *actual, *predicted, *confidence, *id, *ranked; /* owned */
	struct buf a, p, i, scratch;
	struct memo memo[MEMO_PAIRS];
};

int reader_open(struct reader *r, const struct settings *s, struct fail *why);
void reader_close(struct reader *r);

/* A record's labels into r->a and r->p; FILTER_DROPPED where there is no
 * prediction. And its id into r->i, where it has one. */
int reader_labels(struct reader *r, const struct settings *s,
    const struct record *rec, const char **rule, struct fail *bad);
int reader_id(struct reader *r, const struct record *rec, const char **rule,
    struct fail *bad);

/* Reads one record into g. Returns FILTER_USED, or FILTER_REJECTED with a
 * rule and a sentence; -1 where memory ends. */
int reader_take(struct reader *r, struct gather *g, const struct settings *s,
    const struct record *rec, const char **rule, struct fail *bad);

/* ---- partial.c ---- */

/* Writes all of g as records; reads one of them back, as reader_take(). */
int partial_write(const struct gather *g, struct emit *emit,
    struct fail *why);
int partial_take(struct reader *r, struct gather *g, const struct settings *s,
    struct json_val v, const char **rule, struct fail *bad);

/* ---- platform.c ---- */

/* Is this the platform's own report, {"confusionMatrix": [...]}? And reads
 * it, as reader_take(). */
bool platform_is(const struct record *rec);
int platform_take(struct reader *r, struct gather *g,
    const struct settings *s, struct json_val v, const char **rule,
    struct fail *bad);

/* ---- figures.c ---- */

/* The unanswered records of one actual label, or of all. */
struct silence {
	uint64_t none, answered;
	uint64_t *fallback;     /* owned; by each --fallback */
};

struct figures {
	struct tally labels;            /* owned */
	uint32_t *order;                /* owned: label i, in code-point order,
	                                 * is labels.keys.keys[order[i]] */
	struct cell *cells;             /* owned */
	uint32_t *from;                 /* owned: the gathered cell of each */
	size_t ncells;
	struct tally silent;            /* actual labels that got no answer */
	uint32_t *silent_order;         /* owned: as order */
	struct silence *silence;        /* owned; by the number in `silent` */
	uint32_t nsilence;
	struct silence all;             /* of all labels */
	struct confusion c;
	struct delta d;
};

int figures_init(struct figures *f, const struct gather *g,
    const struct settings *s, struct fail *why);
void figures_free(struct figures *f);

/* All that have no answer; all that fell back. */
uint64_t silence_total(const struct silence *s, const struct settings *set);
uint64_t silence_fallback(const struct silence *s,
    const struct settings *set);

/* Adds a label, in the order of the matrix; a cell's examples, as a member;
 * its share of its actual label's records; how many times more it has than
 * the two labels' totals let one expect. */
void figures_label(struct buf *b, const struct figures *f, uint32_t label);
void figures_examples(struct buf *b, const struct gather *g, uint32_t from);
double figures_share(const struct figures *f, const struct cell *x);
double figures_lift(const struct figures *f, const struct cell *x);

/* Cuts the calibration's bins anew, for --equal-mass. */
int figures_equal_mass(struct gather *g, struct fail *why);

/* ---- cells.c ---- */

int cells_long(const struct figures *f, const struct gather *g,
    const struct settings *s, struct emit *emit, struct fail *why);
int cells_csv(const struct figures *f, const struct settings *s,
    struct emit *emit, struct fail *why);

/* ---- document.c ---- */

int document_write(struct buf *b, const struct figures *f,
    const struct gather *g, const struct settings *s, struct fail *why);

#endif
