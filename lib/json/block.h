/* SPDX-License-Identifier: GPL-3.0-or-later */
/* block.h -- many lines at once: which are values, which are not.
 *
 * A block is a run of whole lines in memory; the last may lack its LF.
 * json_block_next() gives them one after the other, each checked as strictly
 * as json_check() does. Nothing is allocated after json_block_open().
 *
 *	json_block_set(b, text, n);
 *	while ((kind = json_block_next(b, &line)) != BLOCK_END)
 *		if (kind == BLOCK_VALUE)
 *			use(line.val);
 */
#ifndef JSON_BLOCK_H
#define JSON_BLOCK_H

#include "base/fail.h"
#include "json/scan.h"

enum json_block_kind {
	BLOCK_END,      /* no line is left */
	BLOCK_VALUE,    /* one value */
	BLOCK_BLANK,    /* white space alone */
	BLOCK_BAD       /* anything else: err tells */
};

struct json_line {
	const char *p;          /* the line, without its LF */
	size_t n;
	struct json_val val;    /* BLOCK_VALUE */
	struct json_members members;    /* of val; lives until the next call */
	struct json_err err;    /* BLOCK_BAD; offset from p */
};

struct json_block;

/* Returns 0 or -1. One thread uses a block at a time. */
int json_block_open(struct json_block **b, struct fail *why);

/* Lines of up to n bytes take the fast road; 64 KiB else. Returns 0 or -1. */
int json_block_widen(struct json_block *b, size_t n, struct fail *why);

/* Begins a new run of lines; the bytes must outlive their use. */
void json_block_set(struct json_block *b, const char *p, size_t n);

enum json_block_kind json_block_next(struct json_block *b,
    struct json_line *line);

void json_block_close(struct json_block *b);

/* For tests and benchmarks: index by this kernel (see json/index.h), or
 * without any where NULL. */
struct json_kernel;
void json_block_use(struct json_block *b, const struct json_kernel *k);

#endif
