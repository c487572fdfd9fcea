/* SPDX-License-Identifier: GPL-3.0-or-later */
/* f_url.c -- whom a URL names, by our parser and by the one that connects.
 *
 * A token is sent where url_same_origin() says that it may go; libcurl then
 * decides for itself where that is. So whatever url_check() lets pass must
 * name the same scheme, host and port to libcurl, or nothing at all. Input: a
 * URL; or, after a line end, a reference to be resolved against it.
 */
#include "net/url.h"

#include <curl/curl.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
get(CURLU *u, CURLUPart part, char *out, size_t size, unsigned flags)
{
	char *text = NULL;

	if (curl_url_get(u, part, &text, flags) != CURLUE_OK)
		abort();
	snprintf(out, size, "%s", text);
	curl_free(text);
}

/* An older spelling of an IPv4 address, which libcurl writes out anew. */
static bool
is_number(const char *host)
{
	return host[strspn(host, "0123456789.")] == '\0';
}

static void
same_to_both(const char *url)
{
	struct buf mine = BUF_INIT(BUF_LINE), theirs = BUF_INIT(BUF_LINE);
	char scheme[16], host[1024], port[16];
	CURLU *u = curl_url();
	size_t i;

	if (!u || curl_url_set(u, CURLUPART_URL, url, CURLU_DISALLOW_USER) !=
	    CURLUE_OK) {
		curl_url_cleanup(u);
		return;
	}
	get(u, CURLUPART_SCHEME, scheme, sizeof scheme, 0);
	get(u, CURLUPART_HOST, host, sizeof host, 0);
	get(u, CURLUPART_PORT, port, sizeof port, CURLU_DEFAULT_PORT);
	for (i = 0; host[i]; i++)
		host[i] = (char)tolower((unsigned char)host[i]);
	buf_addf(&theirs, "%s://%s:%s", scheme, host, port);
	if (url_origin(&mine, url) < 0 || !url_same_origin(url, url))
		abort();
	if (strcmp(buf_str(&mine), buf_str(&theirs)) != 0 &&
	    !is_number(host) && host[0] != '[')
		abort();
	if (url_is_loopback(url) && strcmp(host, "localhost") != 0 &&
	    strncmp(host, "127.", 4) != 0 && strcmp(host, "[::1]") != 0)
		abort();
	buf_free(&mine);
	buf_free(&theirs);
	curl_url_cleanup(u);
}

/* A parameter that was set is there, and setting it again changes nothing. */
static void
sets(const char *url)
{
	struct buf a = BUF_INIT(BUF_LINE), b = BUF_INIT(BUF_LINE);
	struct url_part v;

	buf_str_add(&a, url);
	if (url_query_set(&a, "cursor", "x%2B") < 0 ||
	    !url_query_get(buf_str(&a), "cursor", &v) || v.n != 4)
		abort();
	buf_add(&b, a.p, a.len);
	if (url_query_set(&b, "cursor", "x%2B") < 0 || a.len != b.len ||
	    memcmp(a.p, b.p, a.len) != 0)
		abort();
	if (url_query_set(&a, "cursor", NULL) < 0 ||
	    url_query_get(buf_str(&a), "cursor", &v))
		abort();
	buf_free(&a);
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf out = BUF_INIT(BUF_LINE);
	char *text = malloc(n + 1), *ref;

	if (!text)
		abort();
	memcpy(text, data, n);
	text[n] = '\0';
	ref = strchr(text, '\n');
	if (ref)
		*ref++ = '\0';
	if (url_check(text, NULL) == 0)
		same_to_both(text);
	sets(text);
	if (ref && url_resolve(&out, text, ref) == 0 &&
	    url_check(buf_str(&out), NULL) == 0)
		same_to_both(buf_str(&out));
	buf_free(&out);
	free(text);
	return 0;
}
