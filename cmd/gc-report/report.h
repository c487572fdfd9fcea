/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.h -- what the files of gc-report share.
 *
 *	docs.c		the last document of each kind, checked when it comes
 *	figures.c	what documents and scores come down to
 *	lead.c		what the figures mean, in a sentence or two
 *	summary.c	the figures as a report
 *	matrix.c	the crosstab and its picture
 *	view.c		the part of a matrix that people can look at
 *	drift.c		what callers ask for, against the baseline
 *	dashboard.c	the input of the page, and all of it as tables
 *	scores.c	scores of contacts, counted
 *	frequency.c	texts counted by group
 *	trend.c		texts counted by day, and their picture (chart.c)
 *	metrics.c	all of it, for a collector
 *	page.c		a subject as a page
 *	picture.c	the page that a picture stands on
 *	main.c		options, the form of the output, the run
 *
 * A subcommand is a struct subject: how it takes a row, and how it makes a
 * table, JSON, a picture or a page of what was read. Which of these a form
 * needs is decided in main.c alone.
 */
#ifndef REPORT_H
#define REPORT_H

#include "base/map.h"
#include "json/expr.h"
#include "json/filter.h"
#include "out/csv.h"
#include "out/heat.h"
#include "out/plot.h"
#include "out/table.h"
#include "stat/exactsum.h"
#include "stat/tally.h"

enum form {
	FORM_CSV, FORM_TSV, FORM_MD, FORM_TXT, FORM_JSON, FORM_SVG, FORM_PNG,
	FORM_PDF, FORM_HTML, FORM_XLSX, FORM_PROM, FORM_COUNT
};

/* What every table comes as, and every picture. */
#define FORMS_TABLE (1 << FORM_CSV | 1 << FORM_TSV | 1 << FORM_MD | \
	1 << FORM_TXT | 1 << FORM_JSON | 1 << FORM_HTML | 1 << FORM_XLSX)
#define FORMS_PICTURE (1 << FORM_SVG | 1 << FORM_PNG | 1 << FORM_PDF)

/* What the options say. */
struct settings {
	const char *form, *title;
	const char *date, *series, *count;      /* expressions, or NULL */
	const char *previous;   /* a file or a folder, or NULL */
	double threshold;       /* of scores */
	int64_t processed;      /* -1: not said */
	uint32_t top;           /* UINT32_MAX: all */
	bool wide, intervals;
	struct csv_style csv;
};

struct report;

/* ---- documents ---- */

enum doc_kind { DOC_EVALUATION, DOC_CONFUSION, DOC_DRIFT, DOC_DECISION,
	DOC_INSIGHTS, DOC_KINDS };

/* Drifts of groups (gc-drift --by) are no drift of the whole: they are kept
 * beside it, the last of each group. */
struct docs {
	struct buf doc[DOC_KINDS];      /* the last of each; empty: none */
	struct map groups;      /* their names */
	struct buf *group;      /* owned: their drifts; groups.n */
	uint64_t rows_left_out;
};

extern const char *const doc_name[DOC_KINDS];

void docs_init(struct docs *d);
void docs_free(struct docs *d);

/* Keeps a record that is a document. Returns 1; 0 where it has no kind (a
 * row); 2 where its kind is none of these; -1 with why where a document is
 * not what its kind promises. */
int docs_take(struct docs *d, struct json_val v, struct fail *why);

/* The last document of a kind; false where there is none. */
bool docs_get(const struct docs *d, enum doc_kind kind, struct json_val *v);

/* A number inside a document by the names that lead to it (NULL ends them);
 * NaN where it is null or absent. */
double docs_number(struct json_val v, ...);

/* The name of the i-th group, and its drift. */
struct json_val docs_group(const struct docs *d, uint32_t i,
    const struct map_key **name);

/* ---- scores ---- */

#define SCORES_BINS 20

/* Score records, counted; nothing of a single one is kept. */
struct scores {
	uint64_t n, above, flagged, imputed;
	uint64_t bin[SCORES_BINS];      /* of [0,1]; 1 is in the last */
	struct exactsum sum, squares;   /* the same in whatever order */
	double threshold;
	bool stored;            /* of a store, which keeps no flags */
};

void scores_init(struct scores *s, double threshold);

/* Is it a score record? Counts it. Returns 1; 0 where it is none; -1 with
 * EXIT_DATA where its score is no number. */
int scores_take(struct scores *s, struct json_val v, struct fail *why);

/* The same of a bare score. */
void scores_add(struct scores *s, double score);

/* ---- figures ---- */

struct figures {
	double accuracy, precision, recall, f1, drift_p;        /* or NaN */
	const char *source;     /* "evaluation", "confusion", or NULL */
	/* what they rest on, where that is said */
	double n, n_drift;
	double level;
	double range[4][2];     /* of the first four; or NaN */
};

/* The figures of the bot: of the evaluation, else of the confusion document.
 * An evaluation's figure that is the confusion document's as people read it
 * has its interval too: it was counted from the same utterances. */
void figures_find(struct figures *f, const struct docs *d);

/* As a JSON object. */
void figures_write(struct buf *b, const struct figures *f);

#define FIGURES_MOST 16

/* A figure with all that belongs to it. */
struct figure {
	const char *name, *key; /* for people, for programs */
	double v, low, high, n; /* or NaN */
	const char *of;         /* what n counts */
	bool share;             /* between 0 and 1 */
};

/* Every figure of what was read: of the bot, of speech insights, of scores.
 * Returns how many. */
size_t figures_list(struct figure *v, const struct report *r);

/* A share of x in n with its interval, as a figure. */
void figure_share(struct figure *f, const char *name, const char *key,
    double x, double n, const char *of);

/* As members of an object: v, by a name, "low" and "high". */
void figure_members(struct buf *b, const char *name, const struct figure *f);

/* {"value","low","high","n"}; and as a member. */
void figure_object(struct buf *b, const struct figure *f);
void figure_write(struct buf *b, const char *key, const struct figure *f);

/* As columns of a table: v, by a name, "low" and "high"; and as their cells. */
void figure_columns(struct table *t, const char *name);
void figure_cells(struct table *t, const struct figure *f);

/* An intent's precision, recall or f1, by that name, of an element of
 * per_class: v, low and high, or NaN. */
void figure_of_class(struct figure *f, struct json_val class,
    const char *name);

/* The effect of a drift document, Cramer's V: v, low and high, or NaN. */
void figure_effect(struct figure *f, struct json_val drift);

/* ---- lead ---- */

/* Sentences that say what the numbers mean, each ended by a full stop, with
 * blanks between; every number with what it rests on. */
void lead_bot(struct buf *b, const struct report *r);
void lead_matrix(struct buf *b, const struct report *r);
void lead_drift(struct buf *b, const struct report *r);
void lead_scores(struct buf *b, const struct report *r);
void lead_insights(struct buf *b, const struct report *r);

/* Numbers in sentences: 12.3%, 1,234, +1.2 or -1.2 (points of a percent). */
void lead_percent(struct buf *b, double v);
void lead_count(struct buf *b, double v);
void lead_points(struct buf *b, double v);

/* " (42 of 400, 95% interval 7.9% to 13.9%)": a share, what it rests on. */
void lead_rests(struct buf *b, double x, double n, double low, double high);

/* ---- matrix ---- */

/* Rows are actual, columns predicted; cell[i * n + j]. */
struct matrix {
	size_t n;
	struct heat_text *label;        /* owned; n; in text */
	double *cell;           /* owned; n * n */
	double *row, *col;      /* owned: the totals; n each */
	double total;
	struct buf text;        /* the labels, decoded */
};

/* Reads a checked confusion document. Returns 0 or -1 (memory). */
int matrix_read(struct matrix *m, struct json_val confusion,
    struct fail *why);
void matrix_free(struct matrix *m);

/* ---- view ---- */

#define VIEW_MOST 30            /* labels that a picture holds legibly */
#define VIEW_WORST 20           /* shown where there are more */

/* A matrix of at most VIEW_MOST labels as it is; of more, the VIEW_WORST
 * with the most errors (missed and wrongly called), in their order, and all
 * others added up in one last row and column. Borrows the matrix's text. */
struct view {
	size_t n;
	size_t others;          /* labels in the last row; 0: no such row */
	struct heat_text *label;        /* owned; n */
	double *cell, *share;   /* owned; n * n; share of the actual label */
	bool *rest;             /* owned: of the matrix's labels, is it among
	                         * the others? */
	char others_name[32];
	struct pair {
		size_t actual, predicted;       /* labels of the matrix */
		double n;
	} *pair;                /* owned: what was confused, most first */
	size_t npairs;
};

int view_make(struct view *v, const struct matrix *m, struct fail *why);
void view_free(struct view *v);

/* ---- frequency ---- */

struct frequency {
	struct map groups;      /* their names */
	struct tally *tally;    /* owned; one a group */
	uint64_t records;       /* with groups */
	bool counts;            /* rows were counts */
	struct buf text;
};

struct frequency_line {
	const struct map_key *key;
	uint64_t n;
};

/* Takes the lines of a group, by falling count. */
typedef int frequency_group(struct report *r, void *ctx,
    const struct map_key *name, const struct frequency_line *lines,
    uint32_t n, struct fail *why);

void frequency_init(struct frequency *f);
void frequency_free(struct frequency *f);

/* Adds a count of a text in a group. Returns 0 or -1. */
int frequency_add(struct frequency *f, const char *name, size_t n,
    const char *text, size_t len, uint64_t count, struct fail *why);

/* A row, as a filter's callback takes it. */
int frequency_row(struct report *r, const struct record *rec,
    struct emit *emit, struct fail *why);

/* Calls one() for every group: product and issue, whether they occurred or
 * not, then the others by name. Returns 0, or what one() returned. */
int frequency_each(struct report *r, frequency_group *one, void *ctx,
    struct fail *why);

/* How many interactions were looked at; NaN where that is not known. */
double frequency_total(const struct report *r);

/* ---- trend ---- */

struct trend {
	struct expr *date, *series, *count;     /* NULL: by names */
	struct map names;
	struct map keys;        /* of day and name: the points' numbers */
	struct point *points;   /* owned; keys.n */
	uint32_t cap;
	bool sorted;            /* names are places in code-point order */
	struct buf text;
};

/* Returns 0, or -1 with EXIT_USAGE where an expression does not compile. */
int trend_open(struct trend *t, const struct settings *o, struct fail *why);

/* Adds a count of a name on a day since 1970. Returns 0 or -1. */
int trend_add(struct trend *t, int32_t day, const char *name, size_t len,
    double n, struct fail *why);
void trend_close(struct trend *t);

/* ---- served ---- */

/* What gc-serve knows besides the documents: it shows results that were made
 * at another time than the page. */
struct served {
	bool none;              /* there are no results at all */
	int64_t updated;        /* when they were made */
	const char *json;       /* the page's own part of its input */
};

/* ---- subjects ---- */

struct report {
	const struct settings *o;
	struct docs docs, before;       /* before: of --previous */
	struct scores scores;
	struct frequency frequency;
	struct trend trend;
	bool full;              /* with intervals, and what all of it rests on */
	bool narrow;            /* people look at it: no table is wider than a
	                         * matrix of VIEW_MOST labels */
	const struct served *served;    /* NULL: made and shown at once */
};

void report_init(struct report *r, const struct settings *o);
void report_free(struct report *r);

struct subject {
	const char *name, *title;
	enum form usual;        /* the form on stdout */
	unsigned forms;         /* a bit for each form it has */
	/* Takes a record that is no document, as a filter's callback does;
	 * NULL where the subject has no rows. */
	int (*row)(struct report *r, const struct record *rec,
	    struct emit *emit, struct fail *why);
	/* Adds sentences that say what the numbers mean. Returns 0 or -1. */
	int (*lead)(struct report *r, struct buf *b, struct fail *why);
	/* Fills a table that is initialised. Returns 0 or -1. */
	int (*table)(struct report *r, struct table *t, struct fail *why);
	/* The same of the i-th that people get besides, from 1, with its
	 * title. Returns 1 where there is none. May be NULL. */
	int (*more)(struct report *r, size_t i, struct table *t,
	    struct fail *why);
	/* Writes JSON, a line a record. Returns 0 or -1. */
	int (*json)(struct report *r, struct emit *emit, struct fail *why);
	/* Adds a picture. Returns 0 or -1. */
	int (*picture)(struct report *r, enum plot_form form, struct buf *b,
	    struct fail *why);
	/* Adds the picture as data, for a page to draw; NULL: none. */
	int (*chart)(struct report *r, struct buf *b, struct fail *why);
	/* Adds a page of HTML; NULL: page.c makes it of the rest. */
	int (*page)(struct report *r, struct buf *b, struct fail *why);
};

/* A subject as a page of HTML. Returns 0 or -1. */
int report_page(struct report *r, const struct subject *s, struct buf *b,
    struct fail *why);

/* The tables of a subject that has them, those of more() after the first.
 * *t is owned by the caller, who ends it with report_tables_free(). */
int report_tables(struct report *r, const struct subject *s,
    struct table **t, size_t *n, struct fail *why);
void report_tables_free(struct table *t, size_t n);

/* What a PDF or an XLSX says of its making where nobody says when: as early
 * as the latter's kind of archive can, 1980-01-01. */
#define UNDATED INT64_C(315532800000)

/* The page that a picture of w by h inches stands on. */
struct plot_page picture_page(double w, double h, const char *title,
    const char *desc);

/* Sentences as at most so many lines of a picture; b holds them. Returns how
 * many. */
size_t picture_lines(struct buf *b, const char *text, const char **line,
    size_t most);

/* Figures as dots on their intervals; those without a key are of intents. */
int dots_picture(struct report *r, const struct figure *v, size_t n,
    const char *title, int (*lead)(struct report *r, struct buf *b,
    struct fail *why), enum plot_form form, struct buf *b, struct fail *why);

extern const struct subject subject_summary, subject_matrix, subject_drift,
    subject_frequency, subject_trend, subject_dashboard, subject_metrics;

/* The part of a matrix that fits on a page, as JSON's members view, pairs and
 * rest. */
int view_write(struct buf *b, const struct docs *d, struct fail *why);

/* Writes all documents, and counts, as OpenMetrics. */
int metrics_write(struct report *r, struct buf *b, struct fail *why);

#endif
