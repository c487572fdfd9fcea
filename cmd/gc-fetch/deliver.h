/* SPDX-License-Identifier: GPL-3.0-or-later */
/* deliver.h -- records to stdout or a file, rejects to theirs, all counted.
 *
 * With a state the file is written as FILE.part, which outlives a kill, and
 * deliver_begin() cuts it back to where the state says its last whole page
 * ended.
 */
#ifndef GC_FETCH_DELIVER_H
#define GC_FETCH_DELIVER_H

#include "base/out.h"
#include "json/filter.h"
#include "json/ledger.h"
#include "json/progress.h"
#include "taker.h"

struct deliver {
	const struct filter_opts *o;
	struct taker taker;             /* hand this to a run */
	const char *add;                /* members for each record, or NULL */
	uint64_t max_records;           /* 0: no limit */
	const int64_t *total;           /* how many are expected, < 0: not
	                                 * known; may be NULL */
	/* Also told every line that goes out; NULL: nobody. */
	int (*copy)(void *ctx, const char *line, size_t n, struct fail *why);
	void *copy_ctx;

	struct out out, rejects;
	struct ledger n;
	struct allowance allowed;
	struct buf line, other;
	bool opened;            /* all files are */
	struct progress progress;
};

/* Opens; input: the file that is read, NULL for none; resumed: FILE.part stands
 * for FILE. Returns 0 or -1. */
int deliver_open(struct deliver *d, const struct filter_opts *o,
    char **input, bool resumed, struct fail *why);

/* Adds members at the end of a record: obj with every member of add, by
 * splices. Returns the text, which is in one of two buffers. */
struct json_val deliver_adorn(struct json_val obj, const char *add,
    struct buf *one, struct buf *other);

/* Writes what stands, ends the files, says what was rejected, writes the
 * ledger. code is the run's, 0 where all went well; why says what else. keep:
 * an unfinished FILE.part stays. Returns the exit code. */
int deliver_close(struct deliver *d, int code, struct fail *why);

#endif
