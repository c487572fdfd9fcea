/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "wire.h"

#define PIECE 65536

struct server {
	struct mock *m;
	struct MHD_Daemon *daemon;
};

/* One request from its first line to the end of its answer. */
struct call {
	struct request q;
	struct answer a;
	bool begun;
};

/* ---- the request comes in ---- */

/* First of all: the target, as it came. What is returned is handed to every
 * later call for this request. */
static void *
on_target(void *cls, const char *target, struct MHD_Connection *conn)
{
	struct call *call = calloc(1, sizeof *call);

	(void)cls;
	(void)conn;
	if (!call)
		return NULL;
	request_init(&call->q);
	answer_init(&call->a);
	call->q.target = strdup(target);
	if (!call->q.target) {
		free(call);
		return NULL;
	}
	return call;
}

static void
on_end(void *cls, struct MHD_Connection *conn, void **con,
    enum MHD_RequestTerminationCode how)
{
	struct call *call = *con;

	(void)cls;
	(void)conn;
	(void)how;
	*con = NULL;
	if (!call)
		return;
	request_free(&call->q);
	answer_free(&call->a);
	free(call);
}

static enum MHD_Result
on_header(void *cls, enum MHD_ValueKind kind, const char *name,
    const char *value)
{
	struct request *q = cls;

	(void)kind;
	params_add(&q->headers, name, value ? value : "",
	    value ? strlen(value) : 0);
	return MHD_YES;
}

/* ---- the answer goes out ---- */

/* A streamed body on its way: what was made and not yet taken. */
struct flow {
	struct stream *stream;
	struct buf b;
	size_t taken;
};

static ssize_t
on_more(void *cls, uint64_t pos, char *out, size_t max)
{
	struct flow *f = cls;
	size_t n;
	int status;

	(void)pos;
	while (f->taken == f->b.len) {
		buf_clear(&f->b);
		f->taken = 0;
		status = f->stream->fill(f->stream, &f->b);
		if (status == 0)
			return MHD_CONTENT_READER_END_OF_STREAM;
		if (status < 0)
			return MHD_CONTENT_READER_END_WITH_ERROR;
	}
	n = f->b.len - f->taken;
	if (n > max)
		n = max;
	memcpy(out, f->b.p + f->taken, n);
	f->taken += n;
	return (ssize_t)n;
}

static void
on_flow_end(void *cls)
{
	struct flow *f = cls;

	f->stream->free(f->stream);
	buf_free(&f->b);
	free(f);
}

/* The body's owner is the response from here on. */
static struct MHD_Response *
make_response(struct answer *a)
{
	struct buf empty = BUF_INIT(BUF_DOC);
	struct MHD_Response *r;
	struct flow *f;

	if (!a->stream) {
		r = MHD_create_response_from_buffer(a->body.len, a->body.p,
		    a->body.p ? MHD_RESPMEM_MUST_FREE :
		    MHD_RESPMEM_PERSISTENT);
		if (r)
			a->body = empty;
		return r;
	}
	f = calloc(1, sizeof *f);
	if (!f)
		return NULL;
	f->stream = a->stream;
	f->b = empty;
	r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE,
	    on_more, f, on_flow_end);
	if (r)
		a->stream = NULL;
	else
		free(f);
	return r;
}

static enum MHD_Result
respond(struct call *call, struct MHD_Connection *conn)
{
	struct MHD_Response *r = make_response(&call->a);
	const char *name = NULL, *value = NULL;
	enum MHD_Result result;

	if (!r)
		return MHD_NO;
	while (params_next(&call->a.headers, &name, &value))
		MHD_add_response_header(r, name, value);
	result = MHD_queue_response(conn, (unsigned)call->a.status, r);
	MHD_destroy_response(r);
	return result;
}

/* Returning MHD_NO closes the connection: right after a fault on the wire. */
static enum MHD_Result
respond_on_wire(struct mock *m, struct call *call,
    struct MHD_Connection *conn)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(conn,
	    MHD_CONNECTION_INFO_CONNECTION_FD);

	if (info)
		wire_send(m, info->connect_fd, &call->q, &call->a,
		    MHD_get_reason_phrase_for((unsigned)call->a.status));
	return MHD_NO;
}

static enum MHD_Result
on_request(void *cls, struct MHD_Connection *conn, const char *url,
    const char *method, const char *version, const char *data, size_t *n,
    void **con)
{
	struct mock *m = cls;
	struct call *call = *con;
	const struct fault *f;

	(void)url;
	(void)version;
	if (!call)
		return MHD_NO;
	if (!call->begun) {
		call->begun = true;
		call->q.method = method;
		return MHD_YES;
	}
	if (*n > 0) {
		buf_add(&call->q.body, data, *n);
		*n = 0;
		return MHD_YES;
	}
	MHD_get_connection_values(conn, MHD_HEADER_KIND, on_header, &call->q);
	mock_decide(m, &call->q, &call->a);
	f = call->q.fault;
	if (f && f->delay_ms && mock_wait(m, f->delay_ms) < 0)
		return MHD_NO;
	return f && fault_on_wire(f) ? respond_on_wire(m, call, conn) :
	    respond(call, conn);
}

/* ---- start and stop ---- */

int
server_start(struct server **sp, struct mock *m, struct fail *why)
{
	struct server *s = calloc(1, sizeof *s);
	struct sockaddr_in at = { .sin_family = AF_INET };
	const union MHD_DaemonInfo *info;

	if (!s)
		return fail(why, EXIT_MACHINE, "out of memory");
	s->m = m;
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	at.sin_port = htons((uint16_t)m->opts->port);
	errno = 0;
	s->daemon = MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION |
	    MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL |
	    MHD_USE_SUPPRESS_DATE_NO_CLOCK, 0, NULL, NULL,
	    on_request, m,
	    MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at,
	    MHD_OPTION_URI_LOG_CALLBACK, on_target, NULL,
	    MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL,
	    MHD_OPTION_CONNECTION_LIMIT, 1000u,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)2 * PIECE,
	    MHD_OPTION_END);
	info = s->daemon ? MHD_get_daemon_info(s->daemon,
	    MHD_DAEMON_INFO_BIND_PORT) : NULL;
	if (!info) {
		free(s);
		return fail_errno(why, "cannot listen on 127.0.0.1:%" PRId64,
		    m->opts->port);
	}
	m->port = info->port;
	*sp = s;
	return 0;
}

void
server_stop(struct server *s)
{
	if (!s)
		return;
	mock_stop(s->m);
	MHD_stop_daemon(s->daemon);
	free(s);
}
