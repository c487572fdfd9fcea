/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serve.h -- what the files of gc-serve share.
 *
 *	runs.c		folders with results in them, the newest first
 *	load.c		the documents of a run, and what lies beside them
 *	stored.c	what a store holds
 *	render.c	a run, or all of them, as a page, as JSON, as metrics
 *	views.c		one subject as a page and as JSON
 *	site.c		a path to its page; what was made is kept while it holds
 *	main.c		options, start, wait
 *
 * What a document says and how a page looks is gc-report's business, whose
 * pieces are linked in.
 */
#ifndef SERVE_H
#define SERVE_H

#include "../gc-report/report.h"
#include "net/server.h"

struct settings_serve {
	char **dirs;
	int ndirs;
	double stale;           /* seconds */
	const char *store;      /* a DSN; "": what is found in the folders */
};

/* ---- runs ---- */

/* The documents of a run, and its picture. */
#define RUN_DOCS (DOC_DECISION + 1)
#define RUN_PICTURE RUN_DOCS
#define RUN_FILES (RUN_DOCS + 1)

extern const char *const run_file[RUN_FILES];

/* What other workflows leave; of each the newest is shown. */
enum side { SIDE_SCORES, SIDE_FREQUENCY, SIDE_INSIGHTS, SIDE_STORE, SIDES };

struct side_file {
	char *path;             /* owned; NULL: there is none */
	char *name;             /* owned: of its folder, for people */
	int64_t time;           /* ms */
	uint64_t mark;
};

/* A folder with at least one document in it. */
struct run_folder {
	char *path;             /* owned: to open files in */
	char *name;             /* owned: what people call it */
	char *base;             /* owned: "/runs/NAME/", encoded */
	int64_t updated;        /* ms: the newest document's time */
	int64_t time[RUN_FILES];        /* ms; 0: not there */
	uint64_t mark;          /* changes with any of the files */
};

struct runs {
	struct run_folder *v;   /* owned; the newest first */
	size_t n;
	struct side_file side[SIDES];
	uint64_t mark;          /* of all of them */
};

/* Looks into the folders, and those below them. Folders that cannot be read
 * or are not there hold no runs. Returns 0, or -1 (memory). */
int runs_look(struct runs *r, const struct settings_serve *o,
    struct fail *why);
void runs_free(struct runs *r);

void run_free(struct run_folder *f);

/* ---- a run's documents ---- */

struct loaded {
	struct report report;
	struct settings settings;
	struct buf problems;    /* JSON strings, with commas between */
};

/* Reads what is there; what cannot be read or is not what its kind promises
 * is left out and named among the problems. f NULL: nothing is there. */
void load_open(struct loaded *l, const struct run_folder *f);
void load_close(struct loaded *l);

/* The documents of the run before, to say what changed. */
void load_before(struct loaded *l, const struct run_folder *f);

/* The bytes of one of a run's files, which must be a file and no link.
 * Returns 0, or -1 with why. */
int load_file(struct buf *b, const struct run_folder *f, int which,
    struct fail *why);

/* What lies beside the runs. A file that cannot be read is named among the
 * problems. */
void load_side(struct loaded *l, const struct side_file *f, enum side which);

/* Adds a problem that people are told of. */
void load_problem(struct loaded *l, const char *text);

/* ---- pages ---- */

enum leaf { LEAF_PAGE, LEAF_DATA, LEAF_SUMMARY, LEAF_EVALUATION,
	LEAF_CONFUSION, LEAF_DRIFT_DOC, LEAF_DECISION, LEAF_PICTURE,
	LEAF_METRICS, LEAF_MATRIX, LEAF_MATRIX_JSON, LEAF_DRIFT,
	LEAF_HISTORY, LEAF_HISTORY_JSON, LEAF_TREND, LEAF_TREND_JSON,
	LEAF_MENTIONS, LEAF_MENTIONS_JSON, LEAF_CHATS, LEAF_CHATS_JSON,
	LEAF_SCORES, LEAF_SCORES_JSON, LEAF_INSIGHTS, LEAF_INSIGHTS_JSON,
	LEAF_HEALTH, LEAF_ICON, LEAVES };

/* What a page is made from. */
struct subject_served {
	enum leaf leaf;
	const struct runs *runs;        /* all of them */
	size_t nruns;
	const struct run_folder *run;   /* NULL: there is none */
	const struct run_folder *before;        /* the one before it, or NULL */
	bool newest;                    /* asked for as such, not by name */
	int64_t age;            /* seconds since then, as people are told */
	bool stale;
	double stale_after;
	const char *store;      /* a DSN, or "" */
};

/* Makes a page. Returns 0; 1 where there is nothing of that kind (404); -1
 * with why. */
int render(struct server_page **page, const struct subject_served *s,
    struct fail *why);

/* A page of HTML or of another type from its bytes, which it takes. Returns
 * 0 or -1. */
int render_html(struct server_page **page, struct buf *b, struct fail *why);
int render_plain(struct server_page **page, const char *type, struct buf *b,
    struct fail *why);

/* What every page says besides its numbers: where it is, how old. */
struct served_words {
	const char *here;       /* its own path */
	const char *name;       /* where it comes from, or NULL */
	int64_t updated;        /* ms; 0: never */
	const char *data[3][2]; /* links to data: address, words */
	const char *empty;      /* what to say where there is nothing */
};
void render_served(struct buf *b, const struct subject_served *s,
    const struct loaded *l, const struct served_words *w);

/* A subject's page or JSON, by the leaf. */
int view_render(struct server_page **page, const struct subject_served *s,
    struct fail *why);

/* The same moment as text, or null. */
void render_time(struct buf *b, const char *name, int64_t ms);

/* An age as people are told it: whole minutes, hours, days. */
int64_t age_told(int64_t seconds);

/* ---- the site ---- */

struct site;

int site_open(struct site **s, const struct settings_serve *o,
    struct fail *why);
void site_close(struct site *s);

/* For the server. */
struct server_page *site_find(void *site, const char *path, int *lane);

#endif
