/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spool.h -- bytes kept until it is known what they are worth: the first few
 * megabytes in memory, more in a temporary file without a name.
 *
 *	struct spool s = SPOOL_INIT;
 *	spool_add(&s, p, n, &why);
 *	spool_each(&s, use, ctx, &why);         in pieces, in order
 *	spool_clear(&s);                        and again
 *	spool_free(&s);
 */
#ifndef GC_FETCH_SPOOL_H
#define GC_FETCH_SPOOL_H

#include "base/buf.h"
#include "base/fail.h"

#define SPOOL_MEMORY ((size_t)4 << 20)

struct spool {
	struct buf mem;
	int fd;                 /* -1: all of it is in mem */
	uint64_t n;             /* bytes kept */
};

#define SPOOL_INIT { BUF_INIT(SPOOL_MEMORY), -1, 0 }

/* Takes a piece. Returns 0, or -1 with why. */
typedef int spool_take(void *ctx, const char *p, size_t n, struct fail *why);

int spool_add(struct spool *s, const char *p, size_t n, struct fail *why);
int spool_each(struct spool *s, spool_take *take, void *ctx,
    struct fail *why);
void spool_clear(struct spool *s);
void spool_free(struct spool *s);

#endif
