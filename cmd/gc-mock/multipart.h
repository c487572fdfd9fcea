/* SPDX-License-Identifier: GPL-3.0-or-later */
/* multipart.h -- utterances as multipart/mixed (RFC 2046 5.1), made while
 * they are sent.
 */
#ifndef MOCK_MULTIPART_H
#define MOCK_MULTIPART_H

#include "bot.h"

enum parts_shape {
	PARTS_OBJECT,   /* a part an utterance */
	PARTS_ARRAY,    /* a part an array of many */
	PARTS_NDJSON,   /* a part many lines, application/x-ndjson */
	PARTS_MIXED     /* objects, arrays, NDJSON in turn; a preamble, parts
	                 * that are not JSON, an epilogue */
};

struct parts {
	const struct bot *bot;
	struct gen *gen;
	int64_t next, end;      /* utterances */
	enum parts_shape shape;
	bool utterance, id;     /* these members too */
	uint64_t key;           /* of the boundary */
};

/* Answers with them. */
void answer_parts(struct answer *a, const struct parts *p);

#endif
