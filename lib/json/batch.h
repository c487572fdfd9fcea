/* SPDX-License-Identifier: GPL-3.0-or-later */
/* batch.h -- a run of lines on its way through a worker of a filter.
 *
 * The filter's thread fills run and hands the batch to a worker; the worker
 * checks each line, calls the program's record(), and collects here what came
 * of it: output lines, envelopes of rejects, counts, and the failure that
 * ended it, if one did. The filter's thread takes it back and writes. So a
 * batch belongs to one thread at a time, and nothing in it is locked.
 */
#ifndef JSON_BATCH_H
#define JSON_BATCH_H

#include "json/block.h"
#include "json/filter.h"
#include "json/ledger.h"
#include "json/lines.h"

struct batch {
	struct run run;
	uint64_t serial;        /* of its first line, where that is known */
	/* what came of it */
	struct emit emit;
	struct buf rejects;     /* envelopes */
	struct ledger n;
	struct fail bad;        /* what ended the batch; code 0: nothing */
	/* its own */
	struct buf marks;       /* with marks: how far it was at each reject */
	uint64_t long_at, long_n;       /* place of a record over the ceiling */
};

struct batch_worker {
	struct json_block *lines;
	void *state;            /* the program's */
	bool opened;            /* it has one */
	struct buf record, names;       /* of --retry */
};

/* What holds for every batch of a run. */
struct batch_rules {
	const struct filter *f;
	size_t line_max;        /* a longer line is no record */
	bool marks;             /* batch_cut() is to come */
};

void batch_init(struct batch *b);

/* Empties it, for the next run of lines. */
void batch_clear(struct batch *b);

/* Every line of the run, in a worker. */
void batch_work(const struct batch_rules *r, struct batch_worker *w,
    struct batch *b);

/* Ends it behind the reject that is one more than so many, as if nothing had
 * been read since: the bytes are the same however lines came. */
void batch_cut(struct batch *b, uint64_t allowed);

void batch_free(struct batch *b);

#endif
