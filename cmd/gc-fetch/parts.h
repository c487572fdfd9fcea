/* SPDX-License-Identifier: GPL-3.0-or-later */
/* parts.h -- a multipart body as it streams by, to records and files.
 *
 * A part of JSON is kept (spool.h) until it is complete and known to parse,
 * then handed out: an array gives a record an element. It is checked as it
 * comes, so that one without end is given up at its first wrong byte. A part of NDJSON gives
 * a record a line. Any other part, one without Content-Type too, is a file in
 * the folder, NNNNNN-NAME, or is counted and left out. What does not parse is
 * rejected, "line" being the part's number; so is what the end cuts off.
 *
 * A transfer that broke may begin again: after parts_restart() the parts that
 * were handed out before are passed over, when they are the same.
 */
#ifndef GC_FETCH_PARTS_H
#define GC_FETCH_PARTS_H

#include "base/out.h"
#include "json/elements.h"
#include "net/media.h"
#include "net/multipart.h"
#include "spool.h"
#include "taker.h"

struct parts {
	/* set by the caller, after parts_init() */
	const char *dir;        /* for other parts; NULL: left out */
	const char *file;       /* whose body it is, for envelopes */
	size_t max_record;
	bool keep_rejects;      /* somebody wants the bytes */
	bool wire;              /* a broken body is the service's fault */

	/* what became of it */
	uint64_t json, other;   /* parts handed out; other parts */

	/* its own */
	const struct taker *taker;
	struct multipart_sink sink;
	struct multipart m;
	bool begun;             /* m is */
	enum media kind;        /* of the part at hand */
	uint64_t number, at, length;    /* of the part at hand */
	struct spool spool;
	struct json_elements check;     /* of a part of JSON, as it comes */
	struct fail bad;        /* what that found; code 0: nothing so far */
	bool told;              /* bad was rejected */
	bool refused;           /* nobody takes rejects: that ended it */
	char *name;             /* owned: the other part's file */
	int fd;
	uint64_t done, skip;    /* parts handed out; to be passed over */
	uint64_t hash, same;    /* of the parts so far; of those handed out */
	bool enough;
};

void parts_init(struct parts *p, const struct taker *taker);

/* Begins a body with a boundary (see multipart.h). Returns 0 or -1. */
int parts_begin(struct parts *p, const char *boundary, struct fail *why);

/* Takes bytes. Returns 0, TAKE_ENOUGH, or -1. */
int parts_feed(struct parts *p, const char *bytes, size_t n,
    struct fail *why);

/* The transfer broke and begins again. */
void parts_restart(struct parts *p);

/* The body is over. Returns 0, or -1 where its end is missing. */
int parts_end(struct parts *p, struct fail *why);

void parts_free(struct parts *p);

#endif
