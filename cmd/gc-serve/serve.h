/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serve.h -- what the files of gc-serve share.
 *
 *	runs.c		folders with results in them, the newest first
 *	load.c		the documents of a run
 *	render.c	a run, or all of them, as a page, as JSON, as metrics
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
};

/* ---- runs ---- */

#define RUN_FILES (DOC_KINDS + 1)       /* the documents, and the picture */
#define RUN_PICTURE DOC_KINDS

extern const char *const run_file[RUN_FILES];

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
	uint64_t mark;          /* of all of them */
};

/* Looks into the folders, and those below them. Folders that cannot be read
 * or are not there hold no runs. Returns 0, or -1 (memory). */
int runs_look(struct runs *r, const struct settings_serve *o,
    struct fail *why);
void runs_free(struct runs *r);

/* A copy that lives on when the list is changed. */
int run_copy(struct run_folder *to, const struct run_folder *from);
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

/* The bytes of one of a run's files, which must be a file and no link.
 * Returns 0, or -1 with why. */
int load_file(struct buf *b, const struct run_folder *f, int which,
    struct fail *why);

/* ---- pages ---- */

enum leaf { LEAF_PAGE, LEAF_DATA, LEAF_SUMMARY, LEAF_EVALUATION,
	LEAF_CONFUSION, LEAF_DRIFT, LEAF_DECISION, LEAF_PICTURE, LEAF_METRICS,
	LEAF_HISTORY, LEAF_HISTORY_JSON, LEAF_HEALTH, LEAF_ICON, LEAVES };

/* What a page is made from. */
struct subject_served {
	enum leaf leaf;
	const struct runs *runs;        /* LEAF_HISTORY...: all of them */
	size_t nruns;
	const struct run_folder *run;   /* NULL: there is none */
	bool newest;                    /* asked for as such, not by name */
	int64_t age;            /* seconds since then, as people are told */
	bool stale;
	double stale_after;
};

/* Makes a page. Returns 0; 1 where there is nothing of that kind (404); -1
 * with why. */
int render(struct server_page **page, const struct subject_served *s,
    struct fail *why);

/* An age as people are told it: whole minutes, hours, days. */
int64_t age_told(int64_t seconds);

/* ---- the site ---- */

struct site;

int site_open(struct site **s, const struct settings_serve *o,
    struct fail *why);
void site_close(struct site *s);

/* For the server. */
struct server_page *site_find(void *site, const char *path);

#endif
