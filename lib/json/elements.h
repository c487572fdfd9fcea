/* SPDX-License-Identifier: GPL-3.0-or-later */
/* elements.h -- the elements of an array that streams by.
 *
 * Takes JSON text in pieces of any size. Where its value is an array it hands
 * out each element as soon as it is complete, else the value itself at the
 * end. Every value is checked as strictly as json_check() does; memory holds
 * one of them, up to the ceiling. Slices die when take() returns; most are
 * slices of the piece that was fed.
 *
 *	json_elements_init(&e, BUF_RECORD, take, ctx);
 *	while ((n = read(fd, buf, sizeof buf)) > 0)
 *		if (json_elements_feed(&e, buf, n, &why) < 0) ...
 *	if (json_elements_end(&e, &why) < 0) ...
 *	json_elements_free(&e);
 */
#ifndef JSON_ELEMENTS_H
#define JSON_ELEMENTS_H

#include "base/fail.h"
#include "json/scan.h"

/* Takes one value. Returns 0, or -1 with why. */
typedef int json_take(void *ctx, struct json_val v, struct fail *why);

struct json_elements {
	json_take *take;        /* NULL: only check */
	void *ctx;
	uint64_t n;             /* values handed out */
	/* the machine's */
	enum { ELEMENTS_START, ELEMENTS_FIRST, ELEMENTS_IN, ELEMENTS_OVER,
	    ELEMENTS_ALONE } state;
	struct buf held;        /* the beginning of a value, from earlier */
	uint64_t offset;        /* bytes before the piece at hand */
	uint64_t began;         /* where the value at hand begins */
	int depth;
	unsigned mark;          /* bytes of a byte order mark seen */
	bool quoted, escaped;
};

void json_elements_init(struct json_elements *e, size_t max, json_take *take,
    void *ctx);

/* Returns 0; -1 with EXIT_DATA and what is wrong at which byte, or what take()
 * failed with. */
int json_elements_feed(struct json_elements *e, const char *p, size_t n,
    struct fail *why);

/* Says that the text is over. Returns 0 or -1 likewise. */
int json_elements_end(struct json_elements *e, struct fail *why);

void json_elements_free(struct json_elements *e);

#endif
