/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ready.h -- a model's arrays as the kernels want them, in a file to be mapped.
 *
 * Reading a model's files, copying arrays out and packing them takes longer
 * than a short text does. What comes of it is kept in the user's cache folder
 * and mapped the next time:
 *
 *	bytes 0..959    text: what it was made from (the sources' device,
 *	                inode, size, times; the kernel), NUL behind
 *	bytes 960..1023 magic, byte order, length, a sum of all that follows
 *	bytes 1024..    numbers (8 bytes) and arrays, each begun at a multiple
 *	                of 64
 *
 * The same walk over a structure writes and reads: ready_number() and
 * ready_floats() take what is there in the one case, put it there in the
 * other.
 *
 * A file is used when all of that agrees, it is the user's own and nobody else
 * can write it; else it is as if there were none. It is written beside itself
 * and renamed, so that it is whole or absent. Where it cannot be written, all
 * works without.
 *
 *	if (ready_open(&r, path, text) == 0)	... walk, ready_end()
 *	else if (ready_make(&r, path, text) == 0)	... walk, ready_end()
 */
#ifndef NER_READY_H
#define NER_READY_H

#include "base/buf.h"

#define READY_TEXT 960          /* bytes of the text, its end included */

struct ready {
	const char *p;                  /* mapped; NULL while writing */
	size_t n, at;
	int fd;                         /* while writing */
	uint64_t limit;                 /* of a file's length, while writing */
	uint64_t sum[8];
	struct buf path, temp;
	bool wrong;                     /* the walk went astray */
};

/* Maps a file that was made from what the text says. Returns 0, or -1. */
int ready_open(struct ready *r, const char *path, const char *text);

/* Begins a new one. Returns 0, or -1. */
int ready_make(struct ready *r, const char *path, const char *text);

/* Begins a map's walk again. */
void ready_again(struct ready *r);

/* A number, below max. */
void ready_number(struct ready *r, size_t *v, size_t max);

/* An array of n floats. Read, it stays mapped until ready_close() and is not
 * to be freed. */
void ready_floats(struct ready *r, float **v, size_t n);

/* The walk is over: true where all of it was there, or is now written. */
bool ready_end(struct ready *r);

/* Gives the map back, or the unfinished file up. */
void ready_close(struct ready *r);

#endif
