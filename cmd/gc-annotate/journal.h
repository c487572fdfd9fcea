/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journal.h -- what was done, so that a run that was killed goes on.
 *
 * A file of lines, appended to; what a kill cut off is cut away when it is
 * opened. Each job has a key, the digest of its id and of what is wanted for
 * it (wanted_digest()), and of how often that was wanted before in the run:
 * what comes a second time, after something else, is a job of its own.
 *
 *	{"tool":"gc-annotate","version":1,"query":DIGEST}       the first line
 *	{"key":K,"id":ID,"set":{...},"before":{...}}            about to write
 *	{"key":K,"status":"written"|"unchanged","attempts":N}   done
 *
 * The second is on the disk before anything is written; many threads share
 * one flush. The third may be lost in a fall of the machine, never by a kill:
 * then it is found out anew. So a job that was begun and not done may have
 * been written or not; what is there tells.
 *
 * One process at a time: the file is locked. All functions may be called by
 * any thread, but open and close.
 */
#ifndef GC_ANNOTATE_JOURNAL_H
#define GC_ANNOTATE_JOURNAL_H

#include "json/scan.h"
#include "wanted.h"

struct journal;

enum journal_state { JOURNAL_NEW, JOURNAL_BEGUN, JOURNAL_DONE };

/* Opens it, made where absent. Returns 0, or -1 with EXIT_USAGE where it is
 * another's: no journal, of another query, or in use. */
int journal_open(struct journal **j, const char *path, const char *query,
    struct fail *why);

/* The how-manieth time this run meets a key, from 1; 0 where memory ends. */
uint32_t journal_meet(struct journal *j, const char *key);

/* How far a job is; where it is done, whether it was written, and by how many
 * attempts. */
enum journal_state journal_find(struct journal *j, const char *key,
    bool *written, uint32_t *attempts);

/* About to write: on the disk when it returns. Returns 0 or -1. */
int journal_begin(struct journal *j, const char *key, struct json_val id,
    const struct changes *c, struct fail *why);

/* Returns 0 or -1. */
int journal_done(struct journal *j, const char *key, bool written,
    uint32_t attempts, struct fail *why);

/* Returns 0, or -1 where it could not all be put on the disk. */
int journal_close(struct journal *j, struct fail *why);

/* Hands out what was written or begun, the last first, each job once: for
 * undoing it. Returns 0, or -1. */
int journal_backwards(const char *path, int (*one)(void *ctx,
    struct json_val line, struct fail *why), void *ctx, struct fail *why);

#endif
