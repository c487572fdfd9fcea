/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire.h"

#include <poll.h>
#include <sys/socket.h>

#define PATIENCE_MS 60000       /* for a client that does not read */

/* What goes through here is bytes; how fast, the fault says. */
struct wire {
	struct mock *m;
	int fd;
	const struct fault *fault;
	int64_t left;           /* bytes of body until the cut; -1: no cut */
};

/* Writes all; the socket may be a non-blocking one. Returns 0 or -1. */
static int
put(const struct wire *w, const char *p, size_t n)
{
	struct pollfd ready = { w->fd, POLLOUT, 0 };
	ssize_t k;

	while (n > 0) {
		k = send(w->fd, p, n, MSG_NOSIGNAL);
		if (k >= 0) {
			p += k;
			n -= (size_t)k;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			if (poll(&ready, 1, PATIENCE_MS) == 0)
				return -1;
		} else if (errno != EINTR) {
			return -1;
		}
	}
	return 0;
}

/* The same a few bytes at a time, where the fault is slow. */
static int
trickle(const struct wire *w, const char *p, size_t n)
{
	size_t step = (size_t)w->fault->slow_bytes, k;

	if (!w->fault->slow_ms)
		return put(w, p, n);
	for (; n > 0; p += k, n -= k) {
		k = n < step ? n : step;
		if (put(w, p, k) < 0 ||
		    mock_wait(w->m, w->fault->slow_ms) < 0)
			return -1;
	}
	return 0;
}

/* A piece of the body, up to the cut. Returns 0, or -1 at the cut. */
static int
put_body(struct wire *w, const char *p, size_t n)
{
	size_t k = n;

	if (w->left >= 0 && (int64_t)k > w->left)
		k = (size_t)w->left;
	if (w->left >= 0)
		w->left -= (int64_t)k;
	return trickle(w, p, k) == 0 && k == n ? 0 : -1;
}

/* A piece as a chunk (RFC 9112 7.1). */
static int
put_chunk(struct wire *w, const char *p, size_t n)
{
	char size[32];
	int k = snprintf(size, sizeof size, "%zx\r\n", n);

	if (w->left == 0)
		return -1;
	return put(w, size, (size_t)k) == 0 && put_body(w, p, n) == 0 &&
	    put(w, "\r\n", 2) == 0 ? 0 : -1;
}

static int
put_head(struct wire *w, const struct answer *a, const char *reason)
{
	struct buf b = BUF_INIT(BUF_DOC);
	const char *n = NULL, *v = NULL;
	int64_t length = w->fault->content_length;
	int status;

	if (length < 0 && !a->stream)
		length = (int64_t)a->body.len;
	buf_addf(&b, "HTTP/1.1 %d %s\r\n", a->status, reason);
	while (params_next(&a->headers, &n, &v))
		buf_addf(&b, "%s: %s\r\n", n, v);
	buf_str_add(&b, "Connection: close\r\n");
	if (length >= 0)
		buf_addf(&b, "Content-Length: %" PRId64 "\r\n\r\n", length);
	else
		buf_str_add(&b, "Transfer-Encoding: chunked\r\n\r\n");
	status = b.err ? -1 : put(w, b.p, b.len);
	buf_free(&b);
	return status;
}

/* Makes and sends a streamed body. Returns 0, or -1 where it ended early. */
static int
put_stream(struct wire *w, struct stream *s)
{
	struct buf b = BUF_INIT(BUF_DOC);
	bool chunks = w->fault->content_length < 0;
	int status = 0;

	while (status == 0 && s->fill(s, &b) > 0) {
		if (b.len > 0)
			status = chunks ? put_chunk(w, b.p, b.len) :
			    put_body(w, b.p, b.len);
		buf_clear(&b);
	}
	if (status == 0 && chunks)
		status = put(w, "0\r\n\r\n", 5);
	buf_free(&b);
	return status;
}

/* Holds the connection until the client or the server ends. */
static void
hang(const struct wire *w)
{
	struct pollfd gone = { w->fd, POLLIN, 0 };
	char byte;

	for (;;) {
		if (poll(&gone, 1, 0) > 0 &&
		    recv(w->fd, &byte, 1, MSG_DONTWAIT) <= 0)
			return;
		if (mock_wait(w->m, 20) < 0)
			return;
	}
}

/* An RST in the place of a FIN: on Linux, dissolving the association. */
static void
reset(const struct wire *w)
{
	struct sockaddr none = { .sa_family = AF_UNSPEC };

	connect(w->fd, &none, sizeof none);
}

void
wire_send(struct mock *m, int fd, const struct request *q, struct answer *a,
    const char *reason)
{
	struct wire w = { m, fd, q->fault, q->fault->cut_after };
	bool head = strcmp(q->method, "HEAD") == 0;

	if (w.fault->has_raw)
		put_body(&w, w.fault->raw.p, w.fault->raw.len);
	else if (put_head(&w, a, reason) < 0 || head)
		;
	else if (a->stream)
		put_stream(&w, a->stream);
	else
		put_body(&w, a->body.p, a->body.len);
	if (w.fault->end == END_HANG)
		hang(&w);
	else if (w.fault->end == END_RESET)
		reset(&w);
}
