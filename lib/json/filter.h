/* SPDX-License-Identifier: GPL-3.0-or-later */
/* filter.h -- the loop over records, once for every program.
 *
 * A program gives a callback for a record; the loop does the rest: files or
 * stdin, lines, checking, places in messages, -o, --reject, --max-reject,
 * --retry, --ledger, --progress, --jobs with order kept, exit codes.
 *
 * What a record callback may rely on: rec->val is one checked JSON value,
 * and everything in rec dies when it returns. It puts output lines into
 * emit->out, each ended by filter_line(), and says what became of the record:
 * FILTER_USED, FILTER_DROPPED (counted), or filter_reject(...) with the rule
 * and the sentence; with --reject the record goes there and work goes on,
 * without it the loop ends after everything before it is written, exit 3.
 * A return of -1 with why filled ends the run with why->code.
 *
 * With jobs > 1 record() runs in several threads, each with a worker state
 * of its own from open(); what they write keeps the order of the input.
 *
 *	static struct filter_opts fo = FILTER_DEFAULTS;
 *	static const struct opt common[] = { FILTER_OPTS(fo), OPT_END };
 *	struct filter f = { .opts = &fo, .record = on_record, .end = on_end,
 *	    .ctx = &state, .files = argv + first, .nfiles = argc - first };
 *	return filter_run(&f);
 */
#ifndef JSON_FILTER_H
#define JSON_FILTER_H

#include "base/opt.h"
#include "base/out.h"
#include "json/scan.h"

struct filter_opts {
	const char *output, *reject, *max_reject, *ledger, *now;
	const char *progress;   /* NULL, "" or "json" */
	bool retry, quiet, unbuffered, if_changed;
	uint64_t max_record;
	int64_t jobs;
};

#define FILTER_DEFAULTS { NULL, NULL, NULL, NULL, NULL, NULL, false, false, \
	false, false, BUF_RECORD, 1 }

#define FILTER_OPTS(o) \
	{ 'o', "output", "FILE", OPT_STR, &(o).output, 0, 0, \
	    "write to FILE, which appears only when complete" }, \
	{ 0, "if-changed", NULL, OPT_FLAG, &(o).if_changed, 0, 0, \
	    "with -o: leave a file with the same bytes untouched" }, \
	{ 0, "reject", "FILE", OPT_STR, &(o).reject, 0, 0, \
	    "write bad records to FILE and go on" }, \
	{ 0, "max-reject", "N|P%", OPT_STR, &(o).max_reject, 0, 0, \
	    "more rejects than that are exit 3" }, \
	{ 0, "retry", NULL, OPT_FLAG, &(o).retry, 0, 0, \
	    "the input is a file that --reject wrote" }, \
	{ 0, "max-record", "SIZE", OPT_SIZE, &(o).max_record, 0, 0, \
	    "the longest record taken (64M)" }, \
	{ 0, "ledger", "FILE", OPT_STR, &(o).ledger, 0, 0, \
	    "append a line of counts to FILE at the end" }, \
	{ 0, "progress", "[=json]", OPT_STR, &(o).progress, 0, 0, \
	    "show progress also where stderr is no terminal" }, \
	{ 'q', "quiet", NULL, OPT_FLAG, &(o).quiet, 0, 0, \
	    "no notes, no progress" }, \
	{ 0, "unbuffered", NULL, OPT_FLAG, &(o).unbuffered, 0, 0, \
	    "write each record at once" }, \
	{ 0, "now", "TIME", OPT_STR, &(o).now, 0, 0, \
	    "take TIME for the present" }

/* For programs whose record() may run in several threads. */
#define FILTER_JOBS(o) \
	{ 'j', "jobs", "N", OPT_INT, &(o).jobs, 1, 64, \
	    "use N threads; the output is the same" }

/* A line of input and its value. */
struct record {
	struct json_val val;    /* the value, white space around left off */
	struct json_members members;    /* for expr_eval_in(): faster */
	const char *line;       /* the whole line without its line end */
	size_t len;
	const char *end;        /* of what has been read of the input: lines
	                         * between line + len and it come next; NULL
	                         * where that is not known */
	const char *file;       /* "-" is spelled "stdin" */
	uint64_t number;        /* of the line, from 1 */
	int attempt;            /* 0, or how often it was rejected before */
	uint64_t serial;        /* of the record in this run, from 0; singly:
	                         * of the line, in the order of the input */
};

/* Where a callback puts what it makes. */
struct emit {
	struct buf out;         /* output lines */
	uint64_t n;             /* of them */
	uint64_t retried;       /* for the ledger */
	struct out *to;         /* in end() alone: see filter_drain() */
	uint64_t dropped;       /* in end() alone: records that record() said
	                         * were used, and that turned out not to be */
	/* what filter_reject() noted; the loop's business */
	struct fail reject;
	const char *rule;
	size_t column;
	/* what a program may add after filter_reject(): may it be tried
	 * again as it is; what a service said, by which id it knows it */
	bool retryable;
	int status;
	char correlation[72];
};

enum { FILTER_USED = 0, FILTER_DROPPED = 1, FILTER_REJECTED = 2 };

struct filter {
	const struct filter_opts *opts;
	void *ctx;                      /* handed to every callback */
	/* A worker's state; NULL where there is none. Returns 0 or -1. */
	int (*open)(void *ctx, void **worker, struct fail *why);
	int (*record)(void *ctx, void *worker, const struct record *rec,
	    struct emit *emit, struct fail *why);
	/* Once a worker, after the last record, one after the other: merges
	 * its state into ctx and frees it; with why NULL (the run has failed)
	 * it only frees. */
	int (*close)(void *ctx, void *worker, struct fail *why);
	/* Once, after every close(): what comes after the last record. The
	 * exit code of the program is its return, -1 for why->code. */
	int (*end)(void *ctx, struct emit *emit, struct fail *why);
	bool singly;            /* threads share records, not runs of them:
	                         * for work that waits for a network */
	/* singly: the line of that serial is done with, whatever it was; for
	 * programs that keep an order among records. May be NULL. */
	void (*over)(void *ctx, uint64_t serial);
	char **files;
	int nfiles;
};

/* Notes a reject and returns FILTER_REJECTED. at, where not NULL, points
 * into rec->line at the byte to name as column. */
int filter_reject(struct emit *emit, const struct record *rec,
    const char *at, const char *rule, const char *fmt, ...)
    PRINTF_LIKE(5, 6);

/* Ends an output line: adds LF and counts it. */
void filter_line(struct emit *emit);

/* Between the lines of a long end(): hands what is in emit->out to the output
 * where it is much, so that it need not fit into memory. Returns 0 or -1. */
int filter_drain(struct emit *emit, struct fail *why);

/* Runs it; returns the process's exit code, messages said. */
int filter_run(const struct filter *f);

/* side.c: reads every record of one file (NULL or "-": stdin) without a program's
 * frame: for side inputs such as a baseline. on_record returns 0 to go on,
 * -1 to end with why. Returns 0, or -1 with EXIT_DATA and the place in the
 * message, or EXIT_USAGE where the file cannot be opened. */
int filter_each(const char *path, int (*on_record)(void *ctx,
    const struct record *rec, struct fail *why), void *ctx, struct fail *why);

#endif
