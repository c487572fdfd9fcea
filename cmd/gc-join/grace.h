/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grace.h -- a join whose right side is larger than the memory it may use.
 *
 * Both sides are split by a hash of the key into files (the Grace hash join:
 * Kitsuregawa, Tanaka, Moto-oka 1983, "Application of hash to data base
 * machine and its architecture"); what belongs together lies in files of one
 * number, and each right one fits into memory, or is split again. Of the left
 * side only keys go into the files: a byte a record notes which of them it
 * went to, and as each file keeps its order, the answers come back in the
 * order of the questions by reading those bytes again. Nothing is sorted.
 *
 *	grace_open(&g, keep, max, &why);
 *	grace_right(g, key, nkey, val, nval, &why);     all of these first
 *	grace_left(g, key, nkey, &why);                 then these
 *	grace_finish(g, &why);
 *	while (...)
 *		grace_next(g, &value, &found, &why);    one a grace_left()
 *
 * Files lie in TMPDIR (/tmp), without a name, and end with the process.
 */
#ifndef CMD_JOIN_GRACE_H
#define CMD_JOIN_GRACE_H

#include "table.h"

struct grace;

/* Each returns 0, or -1 with why. */
int grace_open(struct grace **g, enum keep keep, size_t max,
    struct fail *why);
int grace_right(struct grace *g, const char *key, size_t nkey,
    const char *val, size_t nval, struct fail *why);

/* A key of no bytes finds nothing. */
int grace_left(struct grace *g, const char *key, size_t nkey,
    struct fail *why);
int grace_finish(struct grace *g, struct fail *why);
int grace_next(struct grace *g, struct buf *value, bool *found,
    struct fail *why);

/* After grace_finish(): of the right side, keys, those that nobody asked for,
 * and values with a key that was there already. */
void grace_counts(const struct grace *g, uint64_t *keys, uint64_t *idle,
    uint64_t *doubled);
void grace_close(struct grace *g);

/* ---- runs of bytes in a nameless file; main keeps the records so ---- */

FILE *spool_open(struct fail *why);
int spool_put(FILE *f, const char *p, size_t n, struct fail *why);

/* Ends writing; the next spool_get() is the first run. */
int spool_rewind(FILE *f, struct fail *why);

/* The next run into b (cleared first). Returns 1, 0 at the end, -1. */
int spool_get(FILE *f, struct buf *b, struct fail *why);

#endif
