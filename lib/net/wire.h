/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wire.h -- one thread's requests, each through all that can befall it.
 *
 *	origin   the URL, and a redirect's target (followed for GET and HEAD),
 *	         must be where what the call carries may go (client.h)
 *	pace     --rate, and what the service's headers ask for (rate.h)
 *	token    from gc-auth (token.h); after a 401 renewed, once
 *	repeat   as retry.h decides; a Retry-After holds all threads back
 *	audit    a line a request, once its records are counted (wire_done())
 *
 *	wire_open(&w, client, &why);
 *	struct wire_request req = { .call = &call, .url = url };
 *	if (wire_send(w, &req, &why) < 0)       wire_answer(w)->status tells
 *		...                             what the service said, 0: none
 *	use(wire_answer(w)->body.p);
 *	wire_done(w, nrecords, &why);
 *	wire_close(w);
 */
#ifndef NET_WIRE_H
#define NET_WIRE_H

#include "net/client.h"

struct wire;

struct wire_request {
	const struct call *call;        /* method, headers, body, scopes, auth */
	const char *url;                /* absolute */
	const char *body;               /* NULL: the call's */
	size_t nbody;
	const char *first;              /* the call's first URL, where the
	                                 * service named this one; else NULL */
	double max_wait;                /* seconds, HUGE_VAL: no limit; 0 means
	                                 * what the options say */
	http_sink *sink;                /* as in http.h */
	void (*restart)(void *ctx);     /* before the body is sent anew */
	void *ctx;
};

int wire_open(struct wire **w, struct client *c, struct fail *why);

/* Sends until it worked or is hopeless. Returns 0 with a 2xx; or -1 and why,
 * the status told by wire_answer(): EXIT_DENIED for 401 and 403, EXIT_SERVICE
 * for any other, EXIT_INCOMPLETE where somebody should wait longer than we
 * may. */
int wire_send(struct wire *w, const struct wire_request *req,
    struct fail *why);

/* The last answer, until the next wire_send(). */
const struct http_answer *wire_answer(const struct wire *w);

/* The URL that answered, redirects followed. */
const char *wire_url(const struct wire *w);

/* Requests that were sent again, all told. */
uint64_t wire_retried(const struct wire *w);

/* Writes the audit line of the last request. Returns 0 or -1. */
int wire_done(struct wire *w, uint64_t records, struct fail *why);

/* Gives the last answer's body away, and its unfinished audit line, which
 * client_done() finishes; takes what was in the buffers instead. */
void wire_hand_over(struct wire *w, struct buf *body, struct buf *line);

void wire_close(struct wire *w);

#endif
