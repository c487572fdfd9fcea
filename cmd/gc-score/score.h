/* SPDX-License-Identifier: GPL-3.0-or-later */
/* score.h -- what the files of gc-score share: the command line. */
#ifndef GC_SCORE_H
#define GC_SCORE_H

#include "chain.h"
#include "features.h"

#include "conf/conf.h"
#include "json/filter.h"
#include "net/client.h"

struct score_opts {
	const char *features;           /* --features */
	const char *request;            /* -r */
	const char *model, *version;
	const char *id, *from;          /* where they are in a record */
	int64_t chunk;
	uint64_t max_bytes;
	double min_width, max_width;
	const char *max_impute;
	const char *audit;
	uint64_t audit_size;
	const char *state;
	bool csv;
	/* other things to do */
	bool infer, diff, schema, verify, exit_code;
	const char *calibrate;
	int64_t bins;
	double alpha;

	struct filter_opts filter;
	struct client_opts client;
	struct conf_opts conf;
};

/* The modes, each in a file of its own; all return the exit code. */
int score_run(const struct score_opts *o, struct conf *conf, char **files,
    int nfiles);
int score_infer(const struct score_opts *o, char **files, int nfiles);
int score_diff(const struct score_opts *o, const char *old_file,
    const char *new_file);
int score_schema(const struct score_opts *o, const char *file);
int score_calibrate(const struct score_opts *o, char **files, int nfiles);

#endif
