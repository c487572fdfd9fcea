/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fetch.h -- what the files of gc-fetch share: the command line. */
#ifndef GC_FETCH_H
#define GC_FETCH_H

#include "json/filter.h"
#include "net/client.h"
#include "net/named.h"

struct fetch_opts {
	/* the request */
	const char *request;            /* -r */
	const char *method, *data;      /* -X, -d */
	struct opt_list headers;        /* -H */
	const char *records;            /* --records */
	const char *paginate;
	const char *poll;
	double interval;
	bool list;
	/* what comes of it */
	bool pages, raw, dry_run;
	const char *other_parts;
	const char *split, *boundary;
	bool each;
	const char *as;
	int64_t max_pages, max_records;
	double max_time;
	const char *state, *since, *since_by;
	double cache;
	bool refresh;

	struct filter_opts filter;
	struct client_opts client;
	struct conf_opts conf;
};

/* One program run: settings and what all threads share. */
struct fetch {
	const struct fetch_opts *o;
	struct conf conf;
	struct client *client;
	char *prefix;                   /* owned: path of the API's URL */
	struct named *named;            /* of -r, for the main thread; or NULL */
	struct buf vars;                /* the variables of -r, an object */
	struct buf body;                /* -d, read */
	char **paths;                   /* operands: paths, without -r */
	int npaths;
	struct buf since;               /* the bookmark's value, or empty */
	char query[65];                 /* what is asked for, as a digest */
};

/* The request that path number i says, with all of the command line's other
 * options; body and path are the record's own where they are not NULL. Returns
 * 0 or -1. */
int fetch_raw_call(const struct fetch *f, int i, const char *path,
    const struct json_val *body, struct call *c, struct fail *why);

/* What the command line says about a named request too: --records,
 * --paginate, --poll, -H. Returns 0 or -1. */
int fetch_override(const struct fetch *f, struct call *c, struct fail *why);

/* Reads -d, the variables, the bookmark; digests what is asked for. Returns
 * 0 or -1. */
int fetch_prepare(struct fetch *f, char **operands, int n, struct fail *why);

/* Fills {EXPR} in a path by what one() writes for it, in order. Returns 0 or
 * -1. */
int fetch_fill(const char *path, int (*one)(void *ctx, const char *expr,
    size_t n, int which, struct buf *b, struct fail *why), void *ctx,
    struct buf *out, struct fail *why);

/* The modes, each in a file of its own; all return the exit code. */
int fetch_plain(struct fetch *f);
int fetch_each(struct fetch *f);
int fetch_split(const struct fetch_opts *o);

/* --dry-run: the request as a command for the shell, no secret in it. */
int dry_run_add(const struct fetch *f, const struct call *c, struct buf *b,
    struct fail *why);

#endif
