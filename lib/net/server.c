/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/server.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/secret.h"
#include "net/digest.h"

#define THREADS 4u
#define VISITORS 1024u          /* at once; more wait to be let in */
#define OWN_FILES 64u           /* descriptors that pages are made with */
#define HEAD_MEMORY ((size_t)32 << 10)  /* of a request's head, and a piece
                                         * of its answer */
#define PATH_MOST 2048
#define IDLE 15u                /* seconds without a byte */
#define TAG_MAX 40

/* ---- pages ---- */

struct server_page {
	atomic_int refs;
	unsigned status;
	char tag[TAG_MAX];      /* with its quotes; "" where it has none */
	struct MHD_Response *whole, *same;      /* 304 */
};

/* What a browser may do with an answer. */
static void
put_policy(struct MHD_Response *r, const char *style)
{
	char policy[256];

	snprintf(policy, sizeof policy, "default-src 'none'; "
	    "img-src 'self'%s%s%s; base-uri 'none'; form-action 'none'; "
	    "frame-ancestors 'none'", style ? "; style-src 'sha256-" : "",
	    style ? style : "", style ? "'" : "");
	MHD_add_response_header(r, "Content-Security-Policy", policy);
	MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(r, "X-Frame-Options", "DENY");
	MHD_add_response_header(r, "Referrer-Policy", "no-referrer");
	MHD_add_response_header(r, "Cross-Origin-Resource-Policy",
	    "same-origin");
	MHD_add_response_header(r, "Cross-Origin-Opener-Policy",
	    "same-origin");
}

static int
make_tag(char tag[TAG_MAX], const struct buf *body, struct fail *why)
{
	char hex[DIGEST_HEX];

	if (digest_hex(body->p ? body->p : "", body->len, hex, why) < 0)
		return -1;
	snprintf(tag, TAG_MAX, "\"%.32s\"", hex);
	return 0;
}

/* The two answers of a page, with their headers. */
static void
put_headers(struct server_page *p, const char *type, const char *style)
{
	struct MHD_Response *r[2] = { p->whole, p->same };
	int i;

	for (i = 0; i < 2; i++) {
		if (p->status == 200)
			MHD_add_response_header(r[i], "ETag", p->tag);
		MHD_add_response_header(r[i], "Cache-Control",
		    p->status == 200 ? "no-cache" : "no-store");
		put_policy(r[i], style);
	}
	MHD_add_response_header(p->whole, "Content-Type", type);
	if (p->status == 405)
		MHD_add_response_header(p->whole, "Allow", "GET, HEAD");
	if (p->status == 401)
		MHD_add_response_header(p->whole, "WWW-Authenticate",
		    "Bearer realm=\"gcpipe\"");
	if (p->status == 400 || p->status == 405 || p->status == 413)
		MHD_add_response_header(p->whole, "Connection", "close");
}

struct server_page *
server_page(int status, const char *type, const char *style,
    struct buf *body, struct fail *why)
{
	struct buf empty = BUF_INIT(body->max);
	struct server_page *p = calloc(1, sizeof *p);

	if (p && make_tag(p->tag, body, why) < 0) {
		free(p);
		return NULL;
	}
	if (p) {
		p->refs = 1;
		p->status = (unsigned)status;
		p->same = MHD_create_response_from_buffer(0, (void *)"",
		    MHD_RESPMEM_PERSISTENT);
		p->whole = MHD_create_response_from_buffer(body->len,
		    body->p ? body->p : (void *)"", body->p ? MHD_RESPMEM_MUST_FREE :
		    MHD_RESPMEM_PERSISTENT);
		if (p->whole)
			*body = empty;
	}
	if (!p || !p->same || !p->whole) {
		if (p)
			server_page_drop(p);
		fail(why, EXIT_MACHINE, "out of memory for a page");
		return NULL;
	}
	put_headers(p, type, style);
	return p;
}

struct server_page *
server_page_hold(struct server_page *p)
{
	atomic_fetch_add(&p->refs, 1);
	return p;
}

void
server_page_drop(struct server_page *p)
{
	if (!p || atomic_fetch_sub(&p->refs, 1) != 1)
		return;
	if (p->whole)
		MHD_destroy_response(p->whole);
	if (p->same)
		MHD_destroy_response(p->same);
	free(p);
}

/* ---- who is here, and since when ---- */

struct visit {
	int fd;
	_Atomic int64_t since;  /* clock_mono(): it came, or was last served */
	struct visit *next, **at;
};

/* A request that waits for its page, in a lane. */
struct wait {
	struct MHD_Connection *conn;
	char *path;             /* owned */
	struct server_page *page;       /* what came of it */
	struct wait *next;
};

/* What takes long is made by a thread of its own, one after the other. */
struct lane {
	struct server *server;
	pthread_t thread;
	bool made, runs;        /* the thread */
	pthread_cond_t come;    /* there is something to do, or an end */
	struct wait *first, **last;
};

enum refusal { NO_PAGE, NO_TOKEN, NO_NAME, NO_METHOD, NO_BODY, NO_LENGTH,
	NO_SENSE, NO_TIME, REFUSALS };

struct server {
	struct server_opts o;
	struct MHD_Daemon *daemon;
	char *token;            /* owned; secret: "Bearer ..." */
	struct server_page *refusal[REFUSALS];
	pthread_mutex_t lock;   /* of the visits */
	struct visit *visits;
	pthread_mutex_t waiting;        /* of what follows */
	struct lane lane[SERVER_LANES];
	pthread_cond_t ended;   /* a lane did */
	bool ends;
};

/* Whose head is here, but whose page has not been looked for. */
static char seen;

static void
wait_free(struct wait *w)
{
	server_page_drop(w->page);
	free(w->path);
	free(w);
}

static void
on_connection(void *cls, struct MHD_Connection *conn, void **context,
    enum MHD_ConnectionNotificationCode what)
{
	struct server *s = cls;
	struct visit *v = *context;
	const union MHD_ConnectionInfo *info;

	pthread_mutex_lock(&s->lock);
	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		info = MHD_get_connection_info(conn,
		    MHD_CONNECTION_INFO_CONNECTION_FD);
		v = info ? calloc(1, sizeof *v) : NULL;
		if (v) {
			v->fd = info->connect_fd;
			v->since = clock_mono();
			v->next = s->visits;
			v->at = &s->visits;
			if (v->next)
				v->next->at = &v->next;
			s->visits = v;
		}
		*context = v;
	} else if (v) {
		*v->at = v->next;
		if (v->next)
			v->next->at = v->at;
		free(v);
		*context = NULL;
	}
	pthread_mutex_unlock(&s->lock);
}

static void
on_end(void *cls, struct MHD_Connection *conn, void **con,
    enum MHD_RequestTerminationCode how)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(conn,
	    MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct visit *v = info ? info->socket_context : NULL;

	(void)cls;
	(void)how;
	if (v)
		v->since = clock_mono();
	if (*con && *con != &seen)
		wait_free(*con);
	*con = NULL;
}

/* A byte now and then keeps a connection from being idle, so that is not
 * enough. The thread that serves it sees the end and cleans up. */
void
server_tick(struct server *s)
{
	int64_t last = clock_mono() - (int64_t)(s->o.seconds * 1e9);
	struct visit *v;

	pthread_mutex_lock(&s->lock);
	for (v = s->visits; v; v = v->next)
		if (v->since < last)
			shutdown(v->fd, SHUT_RDWR);
	pthread_mutex_unlock(&s->lock);
}

/* ---- a request ---- */

/* Does Host name this machine by one of its own names, whatever the port? */
static bool
own_name(const char *host)
{
	static const char *const names[] = { "localhost", "127.0.0.1",
	    "[::1]" };
	size_t i, n;

	for (i = 0; host && i < COUNT(names); i++) {
		n = strlen(names[i]);
		if (strncasecmp(host, names[i], n) == 0 &&
		    (!host[n] || (host[n] == ':' &&
		    strspn(host + n + 1, "0123456789") == strlen(host + n +
		    1))))
			return true;
	}
	return false;
}

/* If-None-Match: does one of its tags, weak or strong, name this page
 * (RFC 9110 13.1.2)? A tag of ours holds no comma. */
static bool
has_tag(const char *list, const char *tag)
{
	size_t n = strlen(tag);

	while (list && *list) {
		list += strspn(list, " \t,");
		if (*list == '*')
			return true;
		if (strncmp(list, "W/", 2) == 0)
			list += 2;
		if (strncmp(list, tag, n) == 0 && strchr(" \t,", list[n]))
			return true;
		list += strcspn(list, ",");
	}
	return false;
}

/* A path in absolute form, "http://HOST/...", names the host in the place of
 * Host (RFC 9112 3.2.2). Returns the path proper; host is what it names, "?"
 * where that can be nobody's name, or empty where the path is a path. */
static const char *
proper_path(const char *path, char *host, size_t size)
{
	static const char scheme[] = "http://";
	size_t n = sizeof scheme - 1;

	host[0] = '\0';
	if (strncasecmp(path, scheme, n) != 0)
		return path;
	path += n;
	n = strcspn(path, "/");
	if (n == 0 || n >= size)
		snprintf(host, size, "?");
	else
		snprintf(host, size, "%.*s", (int)n, path);
	return path[n] ? path + n : "/";
}

static const char *
header(struct MHD_Connection *conn, const char *name)
{
	return MHD_lookup_connection_value(conn, MHD_HEADER_KIND, name);
}

/* The authorization as it must be; the scheme's case does not matter. */
static bool
has_token(const struct server *s, const char *given)
{
	return given && strncasecmp(given, "Bearer ", 7) == 0 &&
	    secret_same(given + 7, s->token);
}

struct twice {
	int host, length;
};

static enum MHD_Result
on_header(void *cls, enum MHD_ValueKind kind, const char *name,
    const char *value)
{
	struct twice *t = cls;

	(void)kind;
	(void)value;
	t->host += strcasecmp(name, "Host") == 0;
	t->length += strcasecmp(name, "Content-Length") == 0;
	return MHD_YES;
}

/* What another server might take for another request than this one does
 * (RFC 9112 3.2, 6.3). */
static bool
ambiguous(struct MHD_Connection *conn)
{
	struct twice t = { 0, 0 };

	MHD_get_connection_values(conn, MHD_HEADER_KIND, on_header, &t);
	return t.host > 1 || t.length > 1;
}

/* Why a request is not answered; REFUSALS where it is. */
static enum refusal
refuse(const struct server *s, struct MHD_Connection *conn, const char *path,
    const char *host, const char *method)
{
	const char *length = header(conn, "Content-Length");

	if (ambiguous(conn))
		return NO_SENSE;
	if (s->token && !has_token(s, header(conn, "Authorization")))
		return NO_TOKEN;
	if (!s->token && (!own_name(header(conn, "Host")) ||
	    (*host && !own_name(host))))
		return NO_NAME;
	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		return NO_METHOD;
	if (header(conn, "Transfer-Encoding") ||
	    (length && strcmp(length, "0") != 0))
		return NO_BODY;
	if (strnlen(path, PATH_MOST + 1) > PATH_MOST)
		return NO_LENGTH;
	return REFUSALS;
}

/* Puts a request off until its lane has its page. */
static enum MHD_Result
put_off(struct server *s, struct MHD_Connection *conn, const char *path,
    int lane, void **con)
{
	struct wait *w = calloc(1, sizeof *w);
	struct lane *l = &s->lane[lane];

	if (w)
		w->path = strdup(path);
	if (!w || !w->path) {
		free(w);
		return MHD_NO;
	}
	w->conn = conn;
	pthread_mutex_lock(&s->waiting);
	if (s->ends) {
		pthread_mutex_unlock(&s->waiting);
		wait_free(w);
		return MHD_NO;
	}
	*con = w;
	MHD_suspend_connection(conn);
	*l->last = w;
	l->last = &w->next;
	pthread_cond_signal(&l->come);
	pthread_mutex_unlock(&s->waiting);
	return MHD_YES;
}

/* A lane's thread. At the end whoever waits is let go without a page. */
static void *
run_lane(void *arg)
{
	struct lane *l = arg;
	struct server *s = l->server;
	struct wait *w;
	bool ends;

	pthread_mutex_lock(&s->waiting);
	for (;;) {
		while (!l->first && !s->ends)
			pthread_cond_wait(&l->come, &s->waiting);
		if (!(w = l->first))
			break;
		l->first = w->next;
		if (!l->first)
			l->last = &l->first;
		ends = s->ends;
		pthread_mutex_unlock(&s->waiting);
		w->page = ends ? server_page_hold(s->refusal[NO_TIME]) :
		    s->o.find(s->o.ctx, w->path, NULL);
		MHD_resume_connection(w->conn);
		pthread_mutex_lock(&s->waiting);
	}
	l->runs = false;
	pthread_cond_signal(&s->ended);
	pthread_mutex_unlock(&s->waiting);
	return NULL;
}

static enum MHD_Result
answer(struct server *s, struct MHD_Connection *conn, struct server_page *p)
{
	enum MHD_Result r;

	if (!p)
		p = server_page_hold(s->refusal[NO_PAGE]);
	if (p->status == 200 && has_tag(header(conn, "If-None-Match"), p->tag))
		r = MHD_queue_response(conn, 304, p->same);
	else
		r = MHD_queue_response(conn, p->status, p->whole);
	server_page_drop(p);
	return r;
}

static enum MHD_Result
on_request(void *cls, struct MHD_Connection *conn, const char *path,
    const char *method, const char *version, const char *data, size_t *n,
    void **con)
{
	struct server_page *p = NULL;
	struct server *s = cls;
	enum refusal no;
	char host[64];
	int lane;

	(void)version;
	(void)data;
	(void)n;
	if (*con && *con != &seen) {
		p = ((struct wait *)*con)->page;
		((struct wait *)*con)->page = NULL;
		return answer(s, conn, p);
	}
	path = proper_path(path, host, sizeof host);
	if (!*con) {
		/* The head is here. An answer now would end the connection,
		 * which is right for what is refused: its body is never
		 * read. */
		no = refuse(s, conn, path, host, method);
		if (no != REFUSALS)
			return answer(s, conn,
			    server_page_hold(s->refusal[no]));
		*con = &seen;
		return MHD_YES;
	}
	p = s->o.find(s->o.ctx, path, &lane);
	if (!p && lane >= 0)
		return put_off(s, conn, path, lane, con);
	return answer(s, conn, p);
}

/* Paths stay as they were sent. */
static size_t
undecoded(void *cls, struct MHD_Connection *conn, char *s)
{
	(void)cls;
	(void)conn;
	return strlen(s);
}

/* ---- start and stop ---- */

struct address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} u;
	bool loopback;
};

static int
read_address(struct address *a, const char *text, int port)
{
	memset(a, 0, sizeof *a);
	if (inet_pton(AF_INET, text, &a->u.v4.sin_addr) == 1) {
		a->u.v4.sin_family = AF_INET;
		a->u.v4.sin_port = htons((uint16_t)port);
		a->loopback = ntohl(a->u.v4.sin_addr.s_addr) >> 24 == 127;
		return 0;
	}
	if (inet_pton(AF_INET6, text, &a->u.v6.sin6_addr) == 1) {
		a->u.v6.sin6_family = AF_INET6;
		a->u.v6.sin6_port = htons((uint16_t)port);
		a->loopback = IN6_IS_ADDR_LOOPBACK(&a->u.v6.sin6_addr);
		return 0;
	}
	return -1;
}

int
server_loopback(const char *address)
{
	struct address a;

	return read_address(&a, address, 0) < 0 ? -1 : a.loopback;
}

static int
make_refusals(struct server *s, struct fail *why)
{
	static const struct { int status; const char *text; } words[] = {
		[NO_PAGE] = { 404, "there is no such page\n" },
		[NO_TOKEN] = { 401, "a bearer token is needed\n" },
		[NO_NAME] = { 403, "this server is not known by that name\n" },
		[NO_METHOD] = { 405, "only GET and HEAD\n" },
		[NO_BODY] = { 413, "a request has no body here\n" },
		[NO_LENGTH] = { 414, "the path is too long\n" },
		[NO_SENSE] = { 400, "Host or Content-Length is there twice\n" },
		[NO_TIME] = { 503, "this server is about to end\n" },
	};
	int i;

	for (i = 0; i < REFUSALS; i++) {
		struct buf b = BUF_INIT(BUF_LINE);

		buf_str_add(&b, words[i].text);
		s->refusal[i] = server_page(words[i].status,
		    "text/plain; charset=utf-8", NULL, &b, why);
		buf_free(&b);
		if (!s->refusal[i])
			return -1;
	}
	return 0;
}

/* How many visitors may come at once: a descriptor for each, as far as the
 * system lets us, and some kept for the files that pages are made of. */
static unsigned
make_room(void)
{
	struct rlimit l;

	if (getrlimit(RLIMIT_NOFILE, &l) < 0)
		return VISITORS;
	if (l.rlim_cur < VISITORS + OWN_FILES) {
		l.rlim_cur = l.rlim_max < VISITORS + OWN_FILES ? l.rlim_max :
		    VISITORS + OWN_FILES;
		setrlimit(RLIMIT_NOFILE, &l);
	}
	if (l.rlim_cur >= VISITORS + OWN_FILES)
		return VISITORS;
	return l.rlim_cur > 2 * OWN_FILES ? (unsigned)l.rlim_cur - OWN_FILES :
	    (unsigned)l.rlim_cur / 2;
}

static int
listen_at(struct server *s, struct address *a, struct fail *why)
{
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD |
	    MHD_ALLOW_SUSPEND_RESUME, room = make_room();

	if (a->u.any.sa_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	errno = 0;
	s->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, s,
	    MHD_OPTION_SOCK_ADDR, &a->u.any,
	    MHD_OPTION_UNESCAPE_CALLBACK, undecoded, NULL,
	    MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL,
	    MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
	    MHD_OPTION_THREAD_POOL_SIZE, THREADS,
	    MHD_OPTION_CONNECTION_LIMIT, room,
	    MHD_OPTION_CONNECTION_TIMEOUT, IDLE,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEAD_MEMORY,
	    MHD_OPTION_END);
	if (s->daemon)
		return 0;
	return fail_errno(why, "cannot listen at %s, port %d", s->o.address,
	    s->o.port);
}

static int
start_lanes(struct server *s, struct fail *why)
{
	int i, e = 0;

	for (i = 0; i < SERVER_LANES && e == 0; i++) {
		struct lane *l = &s->lane[i];

		l->server = s;
		l->last = &l->first;
		pthread_mutex_lock(&s->waiting);
		e = pthread_create(&l->thread, NULL, run_lane, l);
		l->made = l->runs = e == 0;
		pthread_mutex_unlock(&s->waiting);
	}
	return e ? fail(why, EXIT_MACHINE, "cannot start a thread: %s",
	    strerror(e)) : 0;
}

/* Lets all lanes end. Returns 0; -1 where one does not, in two seconds. */
static int
stop_lanes(struct server *s)
{
	struct timespec until;
	bool any = true;
	int i, e = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 2;
	pthread_mutex_lock(&s->waiting);
	s->ends = true;
	for (i = 0; i < SERVER_LANES; i++)
		pthread_cond_signal(&s->lane[i].come);
	while (any && e == 0) {
		for (i = 0, any = false; i < SERVER_LANES; i++)
			any = any || s->lane[i].runs;
		if (any)
			e = pthread_cond_timedwait(&s->ended, &s->waiting,
			    &until);
	}
	pthread_mutex_unlock(&s->waiting);
	for (i = 0; i < SERVER_LANES && !any; i++)
		if (s->lane[i].made)
			pthread_join(s->lane[i].thread, NULL);
	return any ? -1 : 0;
}

int
server_start(struct server **sp, const struct server_opts *o,
    struct fail *why)
{
	struct server *s;
	struct address a;
	int i;

	if (read_address(&a, o->address, o->port) < 0)
		return fail(why, EXIT_USAGE, "'%s' is no numeric address",
		    o->address);
	if (!a.loopback && !o->token)
		return fail(why, EXIT_USAGE, "%s can be reached by others: "
		    "that takes a token", o->address);
	s = calloc(1, sizeof *s);
	if (!s)
		return fail(why, EXIT_MACHINE, "out of memory");
	s->o = *o;
	pthread_mutex_init(&s->lock, NULL);
	pthread_mutex_init(&s->waiting, NULL);
	pthread_cond_init(&s->ended, NULL);
	for (i = 0; i < SERVER_LANES; i++)
		pthread_cond_init(&s->lane[i].come, NULL);
	s->token = o->token ? secret_strdup(o->token) : NULL;
	if ((o->token && !s->token && fail(why, EXIT_MACHINE,
	    "out of memory") < 0) || make_refusals(s, why) < 0 ||
	    start_lanes(s, why) < 0 || listen_at(s, &a, why) < 0) {
		server_stop(s);
		return -1;
	}
	*sp = s;
	return 0;
}

int
server_port(const struct server *s)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon,
	    MHD_DAEMON_INFO_BIND_PORT);

	return info ? info->port : 0;
}

int
server_stop(struct server *s)
{
	int i;

	if (!s)
		return 0;
	if (stop_lanes(s) < 0)
		return -1;
	if (s->daemon)
		MHD_stop_daemon(s->daemon);
	for (i = 0; i < REFUSALS; i++)
		server_page_drop(s->refusal[i]);
	for (i = 0; i < SERVER_LANES; i++)
		pthread_cond_destroy(&s->lane[i].come);
	pthread_cond_destroy(&s->ended);
	pthread_mutex_destroy(&s->waiting);
	pthread_mutex_destroy(&s->lock);
	if (s->token)
		secret_dealloc(s->token);
	free(s);
	return 0;
}
