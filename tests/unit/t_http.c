/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"
#include "net/http.h"
#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* ---- a server that says what the test tells it, and keeps what it heard ---- */

struct reply {
	const char *bytes;      /* NULL: nothing at all */
	size_t n;               /* 0: strlen */
	int linger;             /* milliseconds before the close; -1: keep open */
};

#define KEEP -1
#define HEARD 4096

static struct {
	int fd, port;
	pthread_t thread;
	const struct reply *replies;
	int n, accepted;
	char heard[8][HEARD];
	int nheard;
} server;

/* Reads a request: headers, then Content-Length bytes. False at the end. */
static bool
hear(int fd)
{
	char *p = server.heard[server.nheard];
	size_t n = 0, want = 0;
	char *end = NULL, *length;
	ssize_t k;

	while (n < HEARD - 1 && (!end || n < want)) {
		k = read(fd, p + n, HEARD - 1 - n);
		if (k <= 0)
			return false;
		n += (size_t)k;
		p[n] = '\0';
		if (!end && (end = strstr(p, "\r\n\r\n"))) {
			length = strstr(p, "Content-Length: ");
			want = (size_t)(end - p) + 4 + (length ?
			    (size_t)strtol(length + 16, NULL, 10) : 0);
		}
	}
	server.nheard++;
	return true;
}

static void
say(int fd, const struct reply *r)
{
	size_t n = r->n || !r->bytes ? r->n : strlen(r->bytes);

	if (n && write(fd, r->bytes, n) != (ssize_t)n)
		return;
	if (r->linger > 0)
		clock_sleep(r->linger / 1000.0);
}

static void *
serve(void *arg)
{
	int fd, i = 0;

	(void)arg;
	while (i < server.n && (fd = accept(server.fd, NULL, NULL)) >= 0) {
		server.accepted++;
		while (i < server.n && hear(fd)) {
			say(fd, &server.replies[i]);
			if (server.replies[i++].linger != KEEP)
				break;
		}
		close(fd);
	}
	return NULL;
}

static void
start(const struct reply *replies, int n)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t size = sizeof a;

	memset(&server, 0, sizeof server);
	server.replies = replies;
	server.n = n;
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server.fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(server.fd, (struct sockaddr *)&a, size), 0);
	assert_int_equal(listen(server.fd, 8), 0);
	assert_int_equal(getsockname(server.fd, (struct sockaddr *)&a, &size),
	    0);
	server.port = ntohs(a.sin_port);
	assert_int_equal(pthread_create(&server.thread, NULL, serve, NULL), 0);
}

static void
stop(void)
{
	shutdown(server.fd, SHUT_RDWR);
	pthread_join(server.thread, NULL);
	close(server.fd);
}

/* ---- one exchange ---- */

struct talk {
	struct http *h;
	struct http_answer a;
	struct fail why;
	char url[128];
	struct http_request req;
};

static void
talk_open(struct talk *t, const struct http_opts *opts)
{
	static const struct http_opts usual = HTTP_OPTS;
	static const struct http_answer empty = HTTP_ANSWER;

	memset(t, 0, sizeof *t);
	t->a = empty;
	snprintf(t->url, sizeof t->url, "http://127.0.0.1:%d/x?q=1",
	    server.port);
	t->req.url = t->url;
	assert_int_equal(http_open(&t->h, opts ? opts : &usual, &t->why), 0);
}

static int
talk_send(struct talk *t)
{
	return http_send(t->h, &t->req, &t->a, &t->why);
}

static void
talk_close(struct talk *t)
{
	http_answer_free(&t->a);
	http_close(t->h);
}

/* ---- tests ---- */

static void
gives_status_headers_and_body(void **state)
{
	static const struct reply r[] = { {
	    "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
	    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag:  \"a b\" \r\n"
	    "X: 1\r\nX: 2\r\n\r\nhello", 0, 0 } };
	struct talk t;

	(void)state;
	start(r, 1);
	talk_open(&t, NULL);
	assert_int_equal(talk_send(&t), 0);
	assert_int_equal(t.a.status, 200);
	assert_int_equal(t.a.broken, HTTP_WHOLE);
	assert_string_equal(buf_str(&t.a.body), "hello");
	assert_int_equal(t.a.bytes, 5);
	assert_true(t.a.nanoseconds > 0);
	assert_string_equal(http_header(&t.a, "eTaG"), "\"a b\"");
	assert_string_equal(http_header(&t.a, "x"), "1");
	assert_null(http_header(&t.a, "Link"));
	assert_null(http_header(&t.a, "1"));
	talk_close(&t);
	stop();
}

static void
sends_what_it_is_given(void **state)
{
	static const struct reply r[] = {
		{ "HTTP/1.1 204 No Content\r\n\r\n", 0, KEEP },
		{ "HTTP/1.1 204 No Content\r\n\r\n", 0, 0 } };
	static const char *const lines[] = { "Content-Type: application/json",
	    "X-Two: b", NULL };
	struct talk t;

	(void)state;
	start(r, 2);
	talk_open(&t, NULL);
	t.req.headers = lines;
	t.req.auth = "Bearer sesame";
	t.req.body = "{}";
	t.req.nbody = 2;
	assert_int_equal(talk_send(&t), 0);
	t.req.method = "PATCH";
	t.req.auth = NULL;
	assert_int_equal(talk_send(&t), 0);
	talk_close(&t);
	stop();
	assert_int_equal(server.accepted, 1);   /* one connection for both */
	assert_int_equal(strncmp(server.heard[0], "POST /x?q=1 HTTP", 16), 0);
	assert_non_null(strstr(server.heard[0],
	    "\r\nAuthorization: Bearer sesame\r\n"));
	assert_non_null(strstr(server.heard[0], "\r\nX-Two: b\r\n"));
	assert_non_null(strstr(server.heard[0], "\r\n\r\n{}"));
	assert_null(strstr(server.heard[0], "Expect"));
	assert_int_equal(strncmp(server.heard[1], "PATCH /x", 8), 0);
	assert_null(strstr(server.heard[1], "Authorization"));
}

static int
keep_piece(void *ctx, const struct http_answer *a, const void *p, size_t n,
    struct fail *why)
{
	struct buf *b = ctx;

	(void)why;
	assert_int_equal(a->status, 200);
	assert_string_equal(http_header(a, "Content-Type"), "text/plain");
	return buf_add(b, p, n);
}

static void
streams_success_to_the_sink_and_keeps_errors(void **state)
{
	static const struct reply r[] = {
		{ "HTTP/1.1 503 Later\r\nContent-Length: 2\r\n\r\nno", 0, KEEP },
		{ "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
		    "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n"
		    "0\r\nX: trailer\r\n\r\n", 0, 0 } };
	struct buf b = BUF_INIT(64);
	struct talk t;

	(void)state;
	start(r, 2);
	talk_open(&t, NULL);
	t.req.sink = keep_piece;
	t.req.ctx = &b;
	assert_int_equal(talk_send(&t), 0);
	assert_int_equal(t.a.status, 503);
	assert_string_equal(buf_str(&t.a.body), "no");
	assert_int_equal(b.len, 0);
	assert_int_equal(talk_send(&t), 0);
	assert_string_equal(buf_str(&b), "abcde");
	assert_int_equal(t.a.body.len, 0);
	assert_null(http_header(&t.a, "X"));
	buf_free(&b);
	talk_close(&t);
	stop();
}

static int
refuse_piece(void *ctx, const struct http_answer *a, const void *p, size_t n,
    struct fail *why)
{
	(void)ctx;
	(void)a;
	(void)p;
	(void)n;
	return (fail)(why, EXIT_MACHINE, "disk full");
}

static void
a_sink_may_stop_it(void **state)
{
	static const struct reply r[] = { {
	    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", 0, 0 } };
	struct talk t;

	(void)state;
	start(r, 1);
	talk_open(&t, NULL);
	t.req.sink = refuse_piece;
	assert_int_equal(talk_send(&t), -1);
	assert_int_equal(t.a.broken, HTTP_STOPPED);
	assert_int_equal(t.why.code, EXIT_MACHINE);
	assert_string_equal(t.why.text, "disk full");
	talk_close(&t);
	stop();
}

static void
broken_answers_are_told_apart(void **state)
{
	static const struct { struct reply r; enum http_broken kind; } c[] = {
		{ { "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", 0, 0 },
		    HTTP_CUT },
		{ { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		    "9\r\nabc", 0, 0 }, HTTP_CUT },
		{ { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		    "3\r\nabc\r\n", 0, 0 }, HTTP_CUT },
		{ { NULL, 0, 0 }, HTTP_CUT },
		{ { "SSH-2.0-OpenSSH_9.2\r\n", 0, 0 }, HTTP_GARBLED },
		{ { "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
		    "Content-Length: 5\r\n\r\nplain", 0, 0 }, HTTP_GARBLED },
		{ { "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nabc", 0, 0 },
		    HTTP_GARBLED },
	};
	struct talk t;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(c); i++) {
		start(&c[i].r, 1);
		talk_open(&t, NULL);
		assert_int_equal(talk_send(&t), -1);
		if (t.a.broken != c[i].kind)
			print_error("# case %zu: %s\n", i, t.why.text);
		assert_int_equal(t.a.broken, c[i].kind);
		assert_int_equal(t.why.code, EXIT_SERVICE);
		talk_close(&t);
		stop();
	}
}

static void
nobody_listens(void **state)
{
	struct talk t;

	(void)state;
	start(NULL, 0);
	stop();
	talk_open(&t, NULL);
	assert_int_equal(talk_send(&t), -1);
	assert_int_equal(t.a.broken, HTTP_UNSENT);
	assert_int_equal(t.a.status, 0);
	assert_int_equal(t.why.code, EXIT_SERVICE);
	assert_null(http_header(&t.a, "Date"));
	talk_close(&t);
}

static void
standing_still_is_noticed(void **state)
{
	static const struct reply r[] = { {
	    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", 0, 4000 } };
	static const struct http_opts impatient = { NULL, NULL, 10, 0.2, false };
	struct talk t;

	(void)state;
	start(r, 1);
	talk_open(&t, &impatient);
	assert_int_equal(talk_send(&t), -1);
	assert_int_equal(t.a.broken, HTTP_STALLED);
	assert_true(t.a.nanoseconds < 3000000000);
	assert_non_null(strstr(t.why.text, "0.2 seconds"));
	talk_close(&t);
	stop();
}

/* The server reads the second request and closes without a word: libcurl
 * takes the connection for dead and would send it again. */
static void
once_is_once(void **state)
{
	static const struct reply r[] = {
		{ "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 0, KEEP },
		{ NULL, 0, 0 },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 0, 0 } };
	struct talk t;

	(void)state;
	start(r, 3);
	talk_open(&t, NULL);
	t.req.method = "POST";
	t.req.once = true;
	assert_int_equal(talk_send(&t), 0);
	assert_int_equal(talk_send(&t), -1);
	assert_int_equal(t.a.broken, HTTP_CUT);
	assert_int_equal(server.nheard, 2);
	t.req.once = false;
	assert_int_equal(talk_send(&t), 0);
	talk_close(&t);
	stop();
	assert_int_equal(server.nheard, 3);
}

static void
redirects_are_told_not_followed(void **state)
{
	static const struct reply r[] = { { "HTTP/1.1 302 Found\r\n"
	    "Location: http://evil.example/\r\nContent-Length: 0\r\n\r\n",
	    0, 0 } };
	struct talk t;

	(void)state;
	start(r, 1);
	talk_open(&t, NULL);
	t.req.auth = "Bearer sesame";
	assert_int_equal(talk_send(&t), 0);
	assert_int_equal(t.a.status, 302);
	assert_string_equal(http_header(&t.a, "location"),
	    "http://evil.example/");
	talk_close(&t);
	stop();
}

static void
secrets_keep_off_the_plain_wire(void **state)
{
	static const char *const plain[] = { "http://example.com/",
	    "http://10.0.0.1/", "http://[2001:db8::1]/", "http://127.1.evil/",
	    "http://localhost.example/", NULL };
	struct talk t;
	int i;

	(void)state;
	start(NULL, 0);
	stop();
	talk_open(&t, NULL);
	t.req.auth = "Bearer sesame";
	for (i = 0; plain[i]; i++) {
		t.req.url = plain[i];
		assert_int_equal(talk_send(&t), -1);
		assert_int_equal(t.a.broken, HTTP_REFUSED);
		assert_int_equal(t.why.code, EXIT_USAGE);
		assert_null(strstr(t.why.text, "sesame"));
	}
	snprintf(t.url, sizeof t.url, "http://[::1]:%d/", server.port);
	t.req.url = t.url;              /* loopback: tried, nobody listens */
	assert_int_equal(talk_send(&t), -1);
	assert_int_equal(t.a.broken, HTTP_UNSENT);
	talk_close(&t);
}

static void
unfit_requests_are_not_sent(void **state)
{
	static const char *const urls[] = { "ftp://127.0.0.1/", "file:///etc/x",
	    "http://me:secret@127.0.0.1/", "", "http://", "http://127.0.0.1/a b",
	    "http://127.0.0.1/\r\nX: y", NULL };
	static const char *const split[] = { "X: a\r\nY: b", NULL };
	struct talk t;
	int i;

	(void)state;
	start(NULL, 0);
	stop();
	talk_open(&t, NULL);
	for (i = 0; urls[i]; i++) {
		t.req.url = urls[i];
		assert_int_equal(talk_send(&t), -1);
		assert_int_equal(t.a.broken, HTTP_REFUSED);
		assert_int_equal(t.why.code, EXIT_USAGE);
		assert_null(strstr(t.why.text, "secret"));
	}
	t.req.url = t.url;
	t.req.headers = split;
	assert_int_equal(talk_send(&t), -1);
	assert_int_equal(t.a.broken, HTTP_REFUSED);
	t.req.headers = NULL;
	t.req.auth = "Bearer a\nb";
	assert_int_equal(talk_send(&t), -1);
	assert_int_equal(t.a.broken, HTTP_REFUSED);
	talk_close(&t);
}

static void
ceilings_hold(void **state)
{
	static const struct reply r[] = {
		{ "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 0, KEEP },
		{ "HTTP/1.1 500 Oops\r\nContent-Length: 5\r\n\r\nhello", 0, 0 } };
	struct talk t;

	(void)state;
	start(r, 2);
	talk_open(&t, NULL);
	t.a.body.max = 4;
	assert_int_equal(talk_send(&t), -1);
	assert_int_equal(t.a.broken, HTTP_STOPPED);
	talk_close(&t);
	talk_open(&t, NULL);
	t.a.body.max = 4;
	stop();
	start(r + 1, 1);
	snprintf(t.url, sizeof t.url, "http://127.0.0.1:%d/", server.port);
	assert_int_equal(talk_send(&t), 0);     /* an error's body is cut */
	assert_string_equal(buf_str(&t.a.body), "hell");
	talk_close(&t);
	stop();
}

static void
compressed_bodies_are_decoded(void **state)
{
	/* printf hello | gzip -n */
	static const char gz[] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
	    "Content-Length: 25\r\n\r\n"
	    "\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\x48\xcd\xc9\xc9\x07\0\x86\xa6"
	    "\x10\x36\x05\0\0\0";
	static const struct reply r[] = { { gz, sizeof gz - 1, 0 } };
	struct talk t;

	(void)state;
	start(r, 1);
	talk_open(&t, NULL);
	assert_int_equal(talk_send(&t), 0);
	assert_string_equal(buf_str(&t.a.body), "hello");
	talk_close(&t);
	stop();
	assert_non_null(strstr(server.heard[0], "\r\nAccept-Encoding: "));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_status_headers_and_body),
		cmocka_unit_test(sends_what_it_is_given),
		cmocka_unit_test(streams_success_to_the_sink_and_keeps_errors),
		cmocka_unit_test(a_sink_may_stop_it),
		cmocka_unit_test(broken_answers_are_told_apart),
		cmocka_unit_test(nobody_listens),
		cmocka_unit_test(standing_still_is_noticed),
		cmocka_unit_test(once_is_once),
		cmocka_unit_test(redirects_are_told_not_followed),
		cmocka_unit_test(secrets_keep_off_the_plain_wire),
		cmocka_unit_test(unfit_requests_are_not_sent),
		cmocka_unit_test(ceilings_hold),
		cmocka_unit_test(compressed_bodies_are_decoded),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
