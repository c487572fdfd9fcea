/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/url.h"

#include <arpa/inet.h>
#include <netinet/in.h>

/* ==== Taking apart ==== */

/* The text up to the first of some bytes. */
static struct url_part
until(const char *p, const char *stops)
{
	struct url_part part = { p, strcspn(p, stops) };

	return part;
}

/* A scheme is a letter and letters, digits, '+', '-', '.'. */
static bool
is_scheme(struct url_part s)
{
	size_t i;

	if (s.n == 0 || !isalpha((unsigned char)s.p[0]))
		return false;
	for (i = 1; i < s.n; i++)
		if (!isalnum((unsigned char)s.p[i]) &&
		    !strchr("+-.", s.p[i]))
			return false;
	return true;
}

/* Host and port of an authority; a user part stays with the host, which then
 * is none. */
static void
split_authority(struct url *u)
{
	const char *p = u->authority.p, *end = p + u->authority.n, *colon = end;

	while (colon > p && isdigit((unsigned char)colon[-1]))
		colon--;
	if (colon > p && colon[-1] == ':') {
		u->port.p = colon;
		u->port.n = (size_t)(end - colon);
		end = colon - 1;
	}
	u->host.p = p;
	u->host.n = (size_t)(end - p);
}

void
url_split(const char *text, struct url *u)
{
	struct url_part s = until(text, ":/?#");

	memset(u, 0, sizeof *u);
	if (s.p[s.n] == ':' && is_scheme(s)) {
		u->scheme = s;
		text += s.n + 1;
	}
	if (text[0] == '/' && text[1] == '/') {
		u->authority = until(text + 2, "/?#");
		text = u->authority.p + u->authority.n;
		split_authority(u);
	}
	u->path = until(text, "?#");
	text += u->path.n;
	if (*text == '?') {
		u->query = until(text + 1, "#");
		text = u->query.p + u->query.n;
	}
	if (*text == '#')
		u->fragment = until(text + 1, "");
}

/* ==== Resolving ==== */

/* Cuts the last segment and its '/' off what was added since start. */
static void
drop_segment(struct buf *out, size_t start)
{
	while (out->len > start && out->p[out->len - 1] != '/')
		out->len--;
	if (out->len > start)
		out->len--;
}

/* Adds a path without its "." and ".." segments: RFC 3986 5.2.4. */
static void
add_clean_path(struct buf *out, const char *p, size_t n)
{
	const char *end = p + n;
	size_t start = out->len;

	while (p < end) {
		const char *seg = p + (*p == '/');
		const char *stop = seg;
		size_t len;

		while (stop < end && *stop != '/')
			stop++;
		len = (size_t)(stop - seg);
		if ((len == 1 && seg[0] == '.') ||
		    (len == 2 && seg[0] == '.' && seg[1] == '.')) {
			if (len == 2)
				drop_segment(out, start);
			if (stop == end && (seg > p || out->len > start))
				buf_putc(out, '/');
			/* a relative path has no '/' to go on with */
			p = seg == p && stop < end ? stop + 1 : stop;
			continue;
		}
		buf_add(out, p, (size_t)(stop - p));
		p = stop;
	}
}

/* The base's path up to its last '/', then the reference's path. */
static void
merge(struct buf *out, const struct url *base, const struct url *ref)
{
	struct buf path = BUF_INIT(out->max);
	size_t n = base->path.n;

	while (n > 0 && base->path.p[n - 1] != '/')
		n--;
	if (base->authority.p && base->path.n == 0)
		buf_putc(&path, '/');
	buf_add(&path, base->path.p, n);
	buf_add(&path, ref->path.p, ref->path.n);
	if (path.err)
		out->err = path.err;
	else if (path.len > 0)
		add_clean_path(out, path.p, path.len);
	buf_free(&path);
}

static void
add_part(struct buf *out, const char *before, struct url_part part,
    const char *after)
{
	if (!part.p)
		return;
	buf_str_add(out, before);
	buf_add(out, part.p, part.n);
	buf_str_add(out, after);
}

/* RFC 3986 5.2.2, strict: a reference with a scheme is taken as it is. */
static void
transform(struct buf *out, const struct url *base, const struct url *ref)
{
	const struct url *from = ref->scheme.p ? ref : base;
	struct url_part query = ref->query;

	add_part(out, "", from->scheme, ":");
	if (!ref->authority.p && !ref->scheme.p)
		add_part(out, "//", base->authority, "");
	else
		add_part(out, "//", ref->authority, "");
	if (ref->scheme.p || ref->authority.p ||
	    (ref->path.n > 0 && ref->path.p[0] == '/')) {
		add_clean_path(out, ref->path.p, ref->path.n);
	} else if (ref->path.n == 0) {
		buf_add(out, base->path.p, base->path.n);
		if (!query.p)
			query = base->query;
	} else
		merge(out, base, ref);
	add_part(out, "?", query, "");
}

/* May this byte not stand in a URL as it is? */
static bool
is_foreign(unsigned char c)
{
	return c <= ' ' || c >= 0x7f || strchr("\"<>\\^`{|}", c);
}

int
url_resolve(struct buf *out, const char *base, const char *ref)
{
	static const char hex[] = "0123456789ABCDEF";
	struct buf clean = BUF_INIT(out->max);
	struct url b, r;
	const char *p;
	int ok;

	for (p = ref; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (c < ' ' || c == 0x7f)
			break;
		if (is_foreign(c)) {
			buf_putc(&clean, '%');
			buf_putc(&clean, hex[c >> 4]);
			buf_putc(&clean, hex[c & 15]);
		} else
			buf_putc(&clean, (char)c);
	}
	ok = *p == '\0' && !clean.err;
	if (ok) {
		url_split(base, &b);
		url_split(buf_str(&clean), &r);
		transform(out, &b, &r);
	}
	buf_free(&clean);
	return ok && !out->err ? 0 : -1;
}

/* ==== Origins ==== */

static bool
part_is(struct url_part part, const char *s)
{
	return part.n == strlen(s) && strncasecmp(part.p, s, part.n) == 0;
}

static bool
is_host(struct url_part h)
{
	size_t i;
	bool six = h.n > 2 && h.p[0] == '[' && h.p[h.n - 1] == ']';

	if (six) {
		h.p++;
		h.n -= 2;
	}
	for (i = 0; i < h.n; i++) {
		unsigned char c = (unsigned char)h.p[i];

		if (c >= 0x80 || (six ? !isxdigit(c) && c != ':' && c != '.' :
		    !isalnum(c) && c != '.' && c != '-' && c != '_'))
			return false;
	}
	return h.n > 0;
}

/* The port as a number, the scheme's own where it names none; -1 where it is
 * out of range. */
static long
port_of(const struct url *u)
{
	long port = 0;
	size_t i;

	if (u->port.n == 0)
		return part_is(u->scheme, "https") ? 443 : 80;
	for (i = 0; i < u->port.n && port <= 65535; i++)
		port = port * 10 + (u->port.p[i] - '0');
	return port > 0 && port <= 65535 ? port : -1;
}

int
url_check(const char *url, struct fail *why)
{
	struct url u;
	const char *p;

	url_split(url, &u);
	for (p = url; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f || *p == '\\')
			return fail(why, EXIT_USAGE, "\"%s\" is no URL: "
			    "a blank, a control character or a backslash is "
			    "in it", url);
	if (!u.scheme.p || (!part_is(u.scheme, "http") &&
	    !part_is(u.scheme, "https")))
		return fail(why, EXIT_USAGE, "\"%s\" is no URL of http or "
		    "https", url);
	if (u.authority.p && memchr(u.authority.p, '@', u.authority.n))
		return fail(why, EXIT_USAGE, "a URL with a user or a password "
		    "in it is not taken");
	if (!u.authority.p || !is_host(u.host))
		return fail(why, EXIT_USAGE, "\"%s\" does not name a host",
		    url);
	if (port_of(&u) < 0)
		return fail(why, EXIT_USAGE, "\"%s\" has a port out of range",
		    url);
	return 0;
}

int
url_origin(struct buf *out, const char *url)
{
	struct url u;
	size_t i;

	if (url_check(url, NULL) < 0)
		return -1;
	url_split(url, &u);
	for (i = 0; i < u.scheme.n; i++)
		buf_putc(out, (char)tolower((unsigned char)u.scheme.p[i]));
	buf_str_add(out, "://");
	for (i = 0; i < u.host.n; i++)
		buf_putc(out, (char)tolower((unsigned char)u.host.p[i]));
	buf_addf(out, ":%ld", port_of(&u));
	return out->err ? -1 : 0;
}

bool
url_same_origin(const char *a, const char *b)
{
	struct buf x = BUF_INIT(BUF_LINE), y = BUF_INIT(BUF_LINE);
	bool same;

	same = url_origin(&x, a) == 0 && url_origin(&y, b) == 0 &&
	    strcmp(buf_str(&x), buf_str(&y)) == 0;
	buf_free(&x);
	buf_free(&y);
	return same;
}

bool
url_is_loopback(const char *url)
{
	char host[64];
	struct in_addr four;
	struct in6_addr six;
	struct url u;

	if (url_check(url, NULL) < 0)
		return false;
	url_split(url, &u);
	if (part_is(u.host, "localhost"))
		return true;
	if (u.host.n >= sizeof host)
		return false;
	memcpy(host, u.host.p, u.host.n);
	host[u.host.n] = '\0';
	if (host[0] == '[') {
		host[u.host.n - 1] = '\0';
		return inet_pton(AF_INET6, host + 1, &six) == 1 &&
		    IN6_IS_ADDR_LOOPBACK(&six);
	}
	/* inet_pton takes four plain decimals and no older spelling */
	return inet_pton(AF_INET, host, &four) == 1 &&
	    ntohl(four.s_addr) >> 24 == 127;
}

/* ==== Percent-encoding ==== */

int
url_encode(struct buf *out, const char *p, size_t n)
{
	static const char hex[] = "0123456789ABCDEF";

	for (; n > 0; p++, n--) {
		unsigned char c = (unsigned char)*p;

		if (c < 0x80 && (isalnum(c) || (c && strchr("-._~", c)))) {
			buf_putc(out, (char)c);
			continue;
		}
		buf_putc(out, '%');
		buf_putc(out, hex[c >> 4]);
		buf_putc(out, hex[c & 15]);
	}
	return out->err ? -1 : 0;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte at *p, decoded; *p moves behind it. */
static char
decode_one(const char **p, const char *end)
{
	const char *at = *p;

	if (*at == '%' && end - at > 2 && hex_digit(at[1]) >= 0 &&
	    hex_digit(at[2]) >= 0) {
		*p = at + 3;
		return (char)(hex_digit(at[1]) << 4 | hex_digit(at[2]));
	}
	*p = at + 1;
	return *at;
}

int
url_decode(struct buf *out, const char *p, size_t n)
{
	const char *end = p + n;

	while (p < end)
		buf_putc(out, decode_one(&p, end));
	return out->err ? -1 : 0;
}

/* ==== Query parameters ==== */

/* Does "name=value" or "name" at p carry that name, decoded? Sets *value. */
static bool
is_param(const char *p, const char *end, const char *name,
    struct url_part *value)
{
	const char *eq = memchr(p, '=', (size_t)(end - p));
	const char *stop = eq ? eq : end;

	while (p < stop && *name && decode_one(&p, stop) == *name)
		name++;
	if (p < stop || *name)
		return false;
	value->p = eq ? eq + 1 : end;
	value->n = (size_t)(end - value->p);
	return true;
}

/* The end of the parameter that begins at p. */
static const char *
param_end(const char *p, const char *end)
{
	const char *amp = memchr(p, '&', (size_t)(end - p));

	return amp ? amp : end;
}

bool
url_query_get(const char *url, const char *name, struct url_part *value)
{
	const char *p, *end, *stop;
	struct url u;

	url_split(url, &u);
	if (!u.query.p)
		return false;
	end = u.query.p + u.query.n;
	for (p = u.query.p; p < end; p = stop + 1) {
		stop = param_end(p, end);
		if (is_param(p, stop, name, value))
			return true;
	}
	return false;
}

/* Adds a parameter behind what is there of the query. */
static void
add_param(struct buf *out, size_t query, const char *p, size_t n)
{
	buf_putc(out, out->len == query ? '?' : '&');
	buf_add(out, p, n);
}

int
url_query_set(struct buf *url, const char *name, const char *value)
{
	struct buf out = BUF_INIT(url->max);
	const char *p, *end, *stop, *text = buf_str(url);
	struct url_part was;
	bool done = !value;
	size_t query;
	struct url u;

	url_split(text, &u);
	query = u.path.n + (size_t)(u.path.p - text);
	buf_add(&out, text, query);
	end = u.query.p ? u.query.p + u.query.n : NULL;
	for (p = u.query.p; p; p = stop < end ? stop + 1 : NULL) {
		stop = param_end(p, end);
		if (!is_param(p, stop, name, &was)) {
			add_param(&out, query, p, (size_t)(stop - p));
		} else if (!done) {
			size_t n = (size_t)(was.p - p);

			add_param(&out, query, p, n);
			if (n == 0 || p[n - 1] != '=')
				buf_putc(&out, '=');
			buf_str_add(&out, value);
			done = true;
		}
	}
	if (!done) {
		if (out.len != query + 1 && (out.len == query ||
		    out.p[out.len - 1] != '&'))
			add_param(&out, query, NULL, 0);
		url_encode(&out, name, strlen(name));
		buf_putc(&out, '=');
		buf_str_add(&out, value);
	}
	add_part(&out, "#", u.fragment, "");
	if (out.err) {
		url->err = out.err;
		buf_free(&out);
		return -1;
	}
	buf_free(url);
	*url = out;
	return 0;
}
