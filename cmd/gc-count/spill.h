/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spill.h -- more keys than fit into memory.
 *
 * When a table of counts has grown to its share of memory, it is written to a
 * temporary file, sorted by key, and begun again. Such a run holds each key
 * once; several runs may hold the same key. At the end the runs are merged
 * (external merge sort: D. E. Knuth, "The art of computer programming", vol.
 * 3, 5.4): as many at once as memory has room for their buffers, again and
 * again until one pass gives every key once, in order, its counts and its
 * exact sum added up. Falling counts need a second sort of what comes out,
 * by (count, place in the order of keys).
 *
 * All numbers are whole or exact sums, so the output has the same bytes as
 * that of a table in memory. Files have no name: they go when the program
 * does.
 *
 *	struct spill s;
 *	spill_init(&s, memory);
 *	spill_counts(&s, &counts, &why);	counts is empty then
 *	spill_finish(&s, falling, give, ctx, &why);
 *	spill_free(&s);
 */
#ifndef CMD_COUNT_SPILL_H
#define CMD_COUNT_SPILL_H

#include "counts.h"
#include "run.h"

struct spill {
	size_t memory;          /* what sorting may take */
	struct run *run;        /* owned; n of them */
	size_t n, cap;
	int *file;              /* owned descriptors; nfiles of them */
	size_t nfiles;
	bool open;              /* the last file takes more runs */
	off_t size;             /* of the last file */
};

void spill_init(struct spill *s, size_t memory);
void spill_free(struct spill *s);

/* Writes a table as a run and empties it. */
int spill_counts(struct spill *s, struct counts *c, struct fail *why);

/* Takes all runs of another, which has none then. */
int spill_merge(struct spill *s, struct spill *from, struct fail *why);

/* Every key once, by key or by falling count, then key. give() returns 0 to
 * go on, 1 to end early, -1 with why. */
typedef int spill_give(void *ctx, const struct item *item, struct fail *why);
int spill_finish(struct spill *s, bool falling, spill_give *give, void *ctx,
    struct fail *why);

#endif
