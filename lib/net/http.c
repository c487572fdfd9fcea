/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/http.h"
#include "base/clock.h"
#include "base/secret.h"
#include "base/stop.h"

#include <arpa/inet.h>
#include <curl/curl.h>

#define HOST_MAX 256
#define READ_SIZE 131072L       /* what libcurl takes from a socket at once */

struct http {
	CURL *easy;
	struct http_opts opts;
	char *cacert, *agent;           /* owned */
	char said[CURL_ERROR_SIZE];     /* libcurl's words about a failure */
	/* the exchange going on */
	const struct http_request *req;
	struct http_answer *a;
	struct fail *why;
	int sends;                      /* how often libcurl set out to send */
	curl_off_t moved;               /* bytes, both ways, when last asked */
	int64_t moved_at;
	bool in_body, sink_failed, too_long, stalled;
};

/* ---- what libcurl calls ---- */

/* Keeps "Name: value" as name NUL value NUL. */
static int
keep_header(struct buf *head, const char *p, size_t n)
{
	const char *colon = memchr(p, ':', n), *end = p + n;
	const char *v;

	if (!colon)
		return 0;
	for (v = colon + 1; v < end && (*v == ' ' || *v == '\t'); v++)
		;
	while (end > v && strchr("\r\n\t ", end[-1]))
		end--;
	buf_add(head, p, (size_t)(colon - p));
	buf_putc(head, '\0');
	buf_add(head, v, (size_t)(end - v));
	return buf_putc(head, '\0');
}

static size_t
on_header(char *p, size_t size, size_t n, void *ctx)
{
	struct http *h = ctx;
	long status = 0;

	(void)size;
	h->moved_at = clock_mono();
	if (h->in_body)                 /* a trailer changes nothing */
		return n;
	if (n >= 5 && memcmp(p, "HTTP/", 5) == 0) {
		buf_clear(&h->a->head);
		curl_easy_getinfo(h->easy, CURLINFO_RESPONSE_CODE, &status);
		h->a->status = (int)status;
		return n;
	}
	if (keep_header(&h->a->head, p, n) < 0) {
		h->too_long = true;
		fail(h->why, EXIT_SERVICE, "headers of more than %zu bytes",
		    h->a->head.max);
		return 0;
	}
	return n;
}

/* Collects a body, or the beginning of one that only explains an error. */
static int
collect(struct http *h, const char *p, size_t n)
{
	struct http_answer *a = h->a;
	size_t most = a->body.max < HTTP_ERROR_BODY ? a->body.max :
	    HTTP_ERROR_BODY;

	if (a->status / 100 != 2 && n > most - a->body.len)
		n = most - a->body.len;
	if (buf_add(&a->body, p, n) == 0)
		return 0;
	h->too_long = true;
	if (errno == ENOMEM)
		fail(h->why, EXIT_MACHINE, "out of memory");
	else
		fail(h->why, EXIT_SERVICE, "a body of more than %zu bytes",
		    a->body.max);
	return -1;
}

static size_t
on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct http *h = ctx;
	int r;

	(void)size;
	h->in_body = true;
	h->a->bytes += n;
	if (h->req->sink && h->a->status / 100 == 2) {
		r = h->req->sink(h->req->ctx, h->a, p, n, h->why);
		h->sink_failed = r < 0;
		h->moved_at = clock_mono();     /* our own time is no stall */
	} else {
		r = collect(h, p, n);
	}
	return r < 0 ? 0 : n;
}

/* Called about once a second: has anything moved? */
static int
on_progress(void *ctx, curl_off_t total, curl_off_t down, curl_off_t utotal,
    curl_off_t up)
{
	struct http *h = ctx;
	int64_t now = clock_mono();

	(void)total;
	(void)utotal;
	if (down + up != h->moved || h->sends == 0) {
		h->moved = down + up;
		h->moved_at = now;
	}
	h->stalled = now - h->moved_at > (int64_t)(h->opts.stall_timeout * 1e9);
	return h->stalled || stop_asked();
}

/* Connected, about to send. libcurl comes here again by itself where a kept
 * connection was found closed before the first byte of an answer. */
static int
on_send(void *ctx, char *ip, char *local, int port, int local_port)
{
	struct http *h = ctx;

	(void)ip;
	(void)local;
	(void)port;
	(void)local_port;
	h->moved_at = clock_mono();
	return h->sends++ > 0 && h->req->once ? CURL_PREREQFUNC_ABORT :
	    CURL_PREREQFUNC_OK;
}

/* ---- the handle ---- */

static char *
copy(const char *s)
{
	return s ? strdup(s) : NULL;
}

int
http_open(struct http **out, const struct http_opts *opts, struct fail *why)
{
	struct http *h;

	*out = NULL;
	if (opts->cacert && access(opts->cacert, R_OK) < 0) {
		fail_errno(why, "cannot read %s", opts->cacert);
		if (why)
			why->code = EXIT_USAGE;
		return -1;
	}
	if ((opts->wipe ? curl_global_init_mem(CURL_GLOBAL_DEFAULT,
	    secret_alloc, secret_dealloc, secret_realloc, secret_strdup,
	    secret_calloc) : curl_global_init(CURL_GLOBAL_DEFAULT)) !=
	    CURLE_OK)
		return fail(why, EXIT_MACHINE, "cannot start libcurl");
	h = calloc(1, sizeof *h);
	if (!h) {
		curl_global_cleanup();
		return fail(why, EXIT_MACHINE, "out of memory");
	}
	h->opts = *opts;
	h->cacert = copy(opts->cacert);
	h->agent = copy(opts->agent ? opts->agent : "gcpipe/" GC_VERSION);
	h->easy = curl_easy_init();
	if (!h->easy || !h->agent || (opts->cacert && !h->cacert)) {
		http_close(h);
		return fail(why, EXIT_MACHINE, "out of memory");
	}
	*out = h;
	return 0;
}

void
http_close(struct http *h)
{
	if (!h)
		return;
	if (h->easy)
		curl_easy_cleanup(h->easy);
	free(h->cacert);
	free(h->agent);
	free(h);
	curl_global_cleanup();
}

/* ---- before: is this fit to be sent? ---- */

static bool
is_loopback(const char *host)
{
	unsigned char v4[4], v6[16];
	static const unsigned char one[16] = { [15] = 1 };
	char bare[HOST_MAX];
	size_t n = strlen(host);

	if (strcasecmp(host, "localhost") == 0)
		return true;
	if (inet_pton(AF_INET, host, v4) == 1)
		return v4[0] == 127;
	if (n < 3 || n >= sizeof bare || host[0] != '[')
		return false;
	snprintf(bare, sizeof bare, "%.*s", (int)(n - 2), host + 1);
	return inet_pton(AF_INET6, bare, v6) == 1 && memcmp(v6, one, 16) == 0;
}

/* Copies a part of a URL, "" where it has none. */
static void
url_part(CURLU *u, CURLUPart what, char *out, size_t size)
{
	char *part = NULL;

	out[0] = '\0';
	if (curl_url_get(u, what, &part, 0) == CURLUE_OK)
		snprintf(out, size, "%s", part);
	curl_free(part);
}

static bool
has_control(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 && *s != '\t')
			return true;
	return false;
}

/* Reads the URL with libcurl's own parser, so that what is judged here is
 * what will be connected to. */
static int
check(struct http *h, CURLU *u, bool *loopback)
{
	const struct http_request *req = h->req;
	char scheme[16], host[HOST_MAX];
	CURLUcode bad;
	size_t i;

	bad = curl_url_set(u, CURLUPART_URL, req->url, CURLU_DISALLOW_USER);
	if (bad != CURLUE_OK)
		return fail(h->why, EXIT_USAGE, "not a URL to send to: %s",
		    curl_url_strerror(bad));
	url_part(u, CURLUPART_SCHEME, scheme, sizeof scheme);
	url_part(u, CURLUPART_HOST, host, sizeof host);
	*loopback = is_loopback(host);
	if (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)
		return fail(h->why, EXIT_USAGE, "neither http nor https: %s://",
		    scheme);
	if (req->auth && !req->plain_ok && scheme[4] == '\0' && !*loopback)
		return fail(h->why, EXIT_USAGE,
		    "no secret is sent over plain http to %s", host);
	for (i = 0; req->headers && req->headers[i]; i++)
		if (has_control(req->headers[i]))
			return fail(h->why, EXIT_USAGE,
			    "a control character in header '%.*s'",
			    (int)strcspn(req->headers[i], ":"),
			    req->headers[i]);
	if (req->auth && has_control(req->auth))
		return fail(h->why, EXIT_USAGE, "a control character in the "
		    "token");
	return 0;
}

/* ---- during ---- */

/* The header lines as libcurl wants them; NULL where memory ends. */
static struct curl_slist *
header_list(const struct http_request *req)
{
	struct curl_slist *list = NULL, *more;
	struct buf b = BUF_INIT(BUF_TOKEN);
	size_t i;

	buf_reserve(&b, b.max);         /* no copy is left behind */
	more = list = curl_slist_append(NULL, "Expect:");
	for (i = 0; more && req->headers && req->headers[i]; i++)
		more = curl_slist_append(list, req->headers[i]);
	if (more && req->auth) {
		buf_addf(&b, "Authorization: %s", req->auth);
		more = b.err ? NULL : curl_slist_append(list, buf_str(&b));
	}
	secret_buf_free(&b);
	if (more)
		return list;
	curl_slist_free_all(list);
	return NULL;
}

/* Wipes the secret before the memory goes back. */
static void
free_headers(struct curl_slist *list)
{
	struct curl_slist *l;

	for (l = list; l; l = l->next)
		if (strncmp(l->data, "Authorization:", 14) == 0)
			secret_wipe(l->data, strlen(l->data));
	curl_slist_free_all(list);
}

static void
set_method(CURL *e, const struct http_request *req)
{
	const char *method = req->method ? req->method :
	    req->body ? "POST" : "GET";

	if (req->body || strcmp(method, "POST") == 0) {
		curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)req->nbody);
		curl_easy_setopt(e, CURLOPT_POSTFIELDS,
		    req->body ? req->body : "");
	} else if (strcmp(method, "HEAD") == 0) {
		curl_easy_setopt(e, CURLOPT_NOBODY, 1L);
	}
	curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, method);
}

static void
set_options(struct http *h, CURLU *u, struct curl_slist *headers,
    bool loopback)
{
	CURL *e = h->easy;

	curl_easy_reset(e);             /* connections stay */
	curl_easy_setopt(e, CURLOPT_CURLU, u);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(e, CURLOPT_USERAGENT, h->agent);
	curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(e, CURLOPT_BUFFERSIZE, READ_SIZE);
	curl_easy_setopt(e, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS,
	    (long)ceil(h->opts.connect_timeout * 1000));
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, h->said);
	if (h->cacert)
		curl_easy_setopt(e, CURLOPT_CAINFO, h->cacert);
	if (loopback)                   /* no proxy stands before ourselves */
		curl_easy_setopt(e, CURLOPT_PROXY, "");
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, h);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, h);
	curl_easy_setopt(e, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(e, CURLOPT_XFERINFODATA, h);
	curl_easy_setopt(e, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, on_send);
	curl_easy_setopt(e, CURLOPT_PREREQDATA, h);
	set_method(e, h->req);
}

/* ---- after: how did it end? ---- */

static enum http_broken
kind_of(const struct http *h, CURLcode code)
{
	switch (code) {
	case CURLE_OK:
		return HTTP_WHOLE;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_URL_MALFORMAT:
		return HTTP_REFUSED;
	case CURLE_UNSUPPORTED_PROTOCOL:        /* also an answer of HTTP/0.9 */
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_BAD_CONTENT_ENCODING:
	case CURLE_WRITE_ERROR:                 /* a decoder's, not ours */
		return HTTP_GARBLED;
	default:
		return h->sends ? HTTP_CUT : HTTP_UNSENT;
	}
}

static const char *
words_for(const struct http *h, CURLcode code)
{
	const char *said = h->said[0] ? h->said : curl_easy_strerror(code);

	return h->a->broken == HTTP_CUT && h->sends > 1 && h->req->once ?
	    "the connection was closed" : said;
}

/* Tells what went wrong; returns -1. */
static int
broken(struct http *h, CURLcode code)
{
	struct http_answer *a = h->a;

	if (h->sink_failed || h->too_long) {
		a->broken = HTTP_STOPPED;
		return -1;
	}
	if (code == CURLE_OUT_OF_MEMORY) {
		a->broken = HTTP_STOPPED;
		if (h->sends && !h->in_body)    /* its word for that, too */
			return fail(h->why, EXIT_SERVICE, "a header of more "
			    "than %d bytes", CURL_MAX_HTTP_HEADER);
		return fail(h->why, EXIT_MACHINE, "out of memory");
	}
	if (h->stalled) {
		a->broken = HTTP_STALLED;
		return fail(h->why, EXIT_SERVICE,
		    "nothing moved for %g seconds", h->opts.stall_timeout);
	}
	if (stop_asked()) {
		a->broken = HTTP_STOPPED;
		return fail(h->why, EXIT_INCOMPLETE, "interrupted");
	}
	a->broken = kind_of(h, code);
	return fail(h->why, EXIT_SERVICE, "%s%s",
	    a->broken == HTTP_CUT ? "the answer was cut short: " : "",
	    words_for(h, code));
}

static void
begin(struct http *h, const struct http_request *req, struct http_answer *a,
    struct fail *why)
{
	h->req = req;
	h->a = a;
	h->why = why;
	h->sends = 0;
	h->moved = 0;
	h->moved_at = clock_mono();
	h->in_body = h->sink_failed = h->too_long = h->stalled = false;
	h->said[0] = '\0';
	a->status = 0;
	a->broken = HTTP_REFUSED;
	a->bytes = 0;
	buf_clear(&a->head);
	buf_clear(&a->body);
}

int
http_send(struct http *h, const struct http_request *req,
    struct http_answer *a, struct fail *why)
{
	struct curl_slist *headers = NULL;
	CURLU *u = curl_url();
	int64_t start = clock_mono();
	bool loopback = false;
	CURLcode code;
	int r;

	begin(h, req, a, why);
	r = u ? check(h, u, &loopback) :
	    fail(why, EXIT_MACHINE, "out of memory");
	if (r == 0 && !(headers = header_list(req)))
		r = fail(why, EXIT_MACHINE, "out of memory");
	if (r == 0) {
		set_options(h, u, headers, loopback);
		code = curl_easy_perform(h->easy);
		a->broken = HTTP_WHOLE;
		if (code != CURLE_OK)
			r = broken(h, code);
		curl_easy_setopt(h->easy, CURLOPT_HTTPHEADER, NULL);
		curl_easy_setopt(h->easy, CURLOPT_CURLU, NULL);
	}
	a->nanoseconds = clock_mono() - start;
	free_headers(headers);
	curl_url_cleanup(u);
	return r;
}

/* ---- the answer ---- */

const char *
http_header(const struct http_answer *a, const char *name)
{
	const char *p = a->head.p, *value;
	const char *end = p ? p + a->head.len : NULL;

	while (p && p < end) {
		value = p + strlen(p) + 1;
		if (strcasecmp(p, name) == 0)
			return value;
		p = value + strlen(value) + 1;
	}
	return NULL;
}

void
http_answer_free(struct http_answer *a)
{
	buf_free(&a->head);
	buf_free(&a->body);
}
