/* SPDX-License-Identifier: GPL-3.0-or-later */
/* annotate.h -- what the files of gc-annotate share: the command line.
 *
 *	record --> wanted.h   what --set asks for
 *	           turns.h    one record of an id after the other
 *	           journal.h  done before? (--state)
 *	           live.h     read what is there
 *	           merge.h    what changes
 *	           live.h     write it, unless somebody came first: again
 */
#ifndef GC_ANNOTATE_H
#define GC_ANNOTATE_H

#include "journal.h"
#include "json/filter.h"
#include "net/client.h"
#include "turns.h"
#include "wanted.h"

struct annotate_opts {
	const char *request, *set, *id;
	struct opt_list vars, merge;    /* --var, --merge */
	bool allow_clear;
	int64_t conflicts;
	struct limits limits;
	bool dry_run;
	const char *apply, *undo, *state;

	struct filter_opts filter;
	struct client_opts client;
	struct conf_opts conf;
};

/* One program run: settings and what all threads share. */
struct annotate {
	const struct annotate_opts *o;
	struct conf conf;
	struct client *client;
	struct buf vars;                /* of --var, an object */
	struct policies policies;
	struct journal *journal;        /* NULL: no --state */
	struct turns turns;
};

/* All records through it; returns the exit code. */
int annotate_records(struct annotate *a, char **files, int nfiles);

#endif
