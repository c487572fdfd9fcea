/* SPDX-License-Identifier: GPL-3.0-or-later */
/* live.h -- an interaction's attributes as the service has them: read, and
 * written where nobody else wrote meanwhile.
 *
 * Both are one named request. Its variables are the user's, and
 *
 *	id              the interaction's
 *	op              "read" or "write"
 *	attributes      what is to be written
 *	version         what was read: an ETag, in its quotes, or a number;
 *	                "none" where there was nothing (404); else not set
 *
 * Reading yields an object with "customAttributes" (or "attributes"), and
 * "version" where it has one; its map may make one of another shape. An ETag
 * that is strong wins over "version" (RFC 9110 13.1.1: a weak one never
 * matches); once the service has refused one that did not change, the version
 * is sent in its place.
 */
#ifndef GC_ANNOTATE_LIVE_H
#define GC_ANNOTATE_LIVE_H

#include "json/expr.h"
#include "net/named.h"
#include "net/wire.h"

struct live {
	/* set by the caller */
	struct client *client;
	const struct conf *conf;
	struct wire *wire;              /* owned */
	struct named *named;            /* owned */
	const char *vars;               /* the user's, an object */
	/* told */
	struct json_val attributes;     /* until the next request; p NULL:
	                                 * there are none */
	/* its own */
	struct buf version;             /* JSON text; empty: none */
	struct buf refused;             /* the last one that was */
	struct buf input, url;
	char *map_text;                 /* owned: the map that is compiled */
	struct expr *map;
};

/* Returns 0 or -1; to be freed either way. */
int live_open(struct live *l, struct client *client, const struct conf *conf,
    const char *request, const char *vars, struct fail *why);

/* Reads the attributes of id (JSON text); record is handed to the request.
 * Returns 0; or -1, live_answer() telling what the service said. */
int live_read(struct live *l, struct json_val id, struct json_val record,
    struct fail *why);

/* Writes attributes (an object) over what was read last. Returns 0; 1 where
 * somebody else came first (409, 412); -1. */
int live_write(struct live *l, struct json_val id, struct json_val record,
    const struct buf *attributes, struct fail *why);

/* Begins with an interaction: what was refused before is forgotten. */
void live_reset(struct live *l);

const struct http_answer *live_answer(const struct live *l);

/* Requests that were sent again, all told. */
uint64_t live_retried(const struct live *l);

void live_close(struct live *l);

#endif
