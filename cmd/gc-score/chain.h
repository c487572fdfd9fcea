/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chain.h -- an audit whose lines are chained, so that none can be changed,
 * taken out or put in between without its being seen.
 *
 * Each line ends in "chain": the SHA-256 of the chain before it (64 zeros at
 * the very beginning) followed by the line as it was without that member:
 *
 *	{"kind":"contact","contactId":"c1",...,"chain":"5d2a..."}
 *
 * The file is rotated by size as net/audit.h has it, the chain going on from
 * one file to the next. One process at a time may write one: it holds a lock
 * on FILE.chain.
 */
#ifndef SCORE_CHAIN_H
#define SCORE_CHAIN_H

#include "net/audit.h"
#include "net/digest.h"

#include "base/buf.h"

struct chain {
	struct audit audit;
	int lock;
	char link[DIGEST_HEX];
	struct buf b;
};

/* Finds the end of the chain that is there. Returns 0, or -1 with EXIT_USAGE
 * where the file cannot be opened or somebody else writes it. */
int chain_open(struct chain *c, const char *path, uint64_t size,
    struct fail *why);

/* Appends lines: objects, each ended by LF. Returns 0 or -1. */
int chain_add(struct chain *c, const struct buf *lines, struct fail *why);

void chain_close(struct chain *c);

/* Checks files, the oldest first. Returns the number of lines, or -1 with
 * EXIT_DATA and the place where the chain is broken. *whole says that it
 * begins at its beginning. */
int64_t chain_verify(char **files, int n, bool *whole, struct fail *why);

#endif
