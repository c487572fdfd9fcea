/* SPDX-License-Identifier: GPL-3.0-or-later */
/* http.h -- one request, one answer; the one file that includes libcurl.
 *
 * A struct http keeps its connections open between requests, negotiates
 * HTTP/2 and compression, obeys http_proxy, https_proxy and no_proxy, and
 * belongs to one thread. It decides nothing: no redirect is followed, no
 * request repeated, no status is an error. What came is told in the answer,
 * and where no whole answer came, how it broke, for those who decide
 * (net/client.h does: tokens, retries, pacing, origins).
 *
 * A secret in req->auth travels in the Authorization header and nowhere
 * else: over plain http it is sent to a loopback address only, unless
 * req->plain_ok; no message repeats it.
 *
 *	struct http_answer a = HTTP_ANSWER;
 *	struct http_request req = { .method = "GET", .url = url,
 *	    .auth = "Bearer ..." };
 *
 *	http_open(&h, &(struct http_opts)HTTP_OPTS, &why);
 *	if (http_send(h, &req, &a, &why) < 0) ...       a.broken says how
 *	if (a.status == 200) use(a.body.p, a.body.len);
 *	wait = http_header(&a, "Retry-After");          NULL: not there
 *	http_answer_free(&a);
 *	http_close(h);
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include "base/buf.h"
#include "base/fail.h"

#define HTTP_ERROR_BODY ((size_t)1 << 20)

struct http;            /* opaque: a handle and its open connections */

struct http_opts {
	const char *cacert;     /* file of CA certificates; NULL: the system's */
	const char *agent;      /* User-Agent; NULL: gcpipe/VERSION */
	double connect_timeout; /* seconds until connected, TLS included */
	double stall_timeout;   /* seconds without a byte, either way */
	bool wipe;              /* libcurl's memory is wiped when freed; to
	                         * be the same for every handle of a process */
};

#define HTTP_OPTS { NULL, NULL, 10, 30, false }

/* How an exchange ended. Up to HTTP_UNSENT nothing of the request reached the
 * server; past it, it may have been carried out. */
enum http_broken {
	HTTP_WHOLE,     /* it did not break: the answer is complete */
	HTTP_REFUSED,   /* by us or by TLS: URL, certificate; never repeat */
	HTTP_UNSENT,    /* no address, no connection, not in time */
	HTTP_STALLED,   /* nothing moved for stall_timeout */
	HTTP_CUT,       /* ended before Content-Length or the last chunk */
	HTTP_GARBLED,   /* not HTTP, a bad encoding, headers without end */
	HTTP_STOPPED    /* the sink, a ceiling or a signal ended it */
};

struct http_answer {
	int status;             /* 0: no status line came */
	enum http_broken broken;
	struct buf head;        /* "name\0value\0"..., see http_header() */
	struct buf body;        /* decoded; what no sink took */
	uint64_t bytes;         /* of body, decoded, wherever they went */
	int64_t nanoseconds;    /* from request to last byte */
};

#define HTTP_ANSWER { 0, HTTP_WHOLE, BUF_INIT(BUF_HEAD), BUF_INIT(BUF_DOC), \
	0, 0 }

/* Takes a piece of a 2xx answer's body as it arrives; status and headers of
 * the answer are known. Returns 0, or -1 to stop, with its reason in why. */
typedef int http_sink(void *ctx, const struct http_answer *a, const void *p,
    size_t n, struct fail *why);

struct http_request {
	const char *method;             /* NULL: GET, or POST with a body */
	const char *url;                /* absolute, http or https */
	const char *const *headers;     /* "Name: value", NULL at the end */
	const char *auth;               /* secret value of Authorization */
	const void *body;               /* NULL: none; nbody bytes */
	size_t nbody;
	bool plain_ok;                  /* auth over plain http, anywhere */
	bool once;                      /* not to be sent a second time, even
	                                 * where a kept connection proves
	                                 * dead: then it is HTTP_CUT */
	http_sink *sink;                /* NULL: collect in a->body */
	void *ctx;
};

/* Returns 0 or -1. */
int http_open(struct http **h, const struct http_opts *opts,
    struct fail *why);

/* Sends and waits. Returns 0 when a whole answer came, whatever its status,
 * or -1 with a->broken and why (EXIT_SERVICE; EXIT_USAGE where we refused it;
 * the sink's own where it stopped). The answer is emptied first. A body that
 * is not 2xx is always collected in a->body, its first HTTP_ERROR_BODY bytes;
 * a 2xx body longer than a->body.max is HTTP_STOPPED. */
int http_send(struct http *h, const struct http_request *req,
    struct http_answer *a, struct fail *why);

/* The value of the first header of that name, in whatever case; NULL where
 * there is none. Lives until the answer is used again. */
const char *http_header(const struct http_answer *a, const char *name);

void http_answer_free(struct http_answer *a);

/* Closes the connections. */
void http_close(struct http *h);

#endif
