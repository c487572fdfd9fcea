/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/media.h"

/* A place in a header value. */
struct at {
	const char *p, *end;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void
skip_blanks(struct at *a)
{
	while (a->p < a->end && is_blank(*a->p))
		a->p++;
}

/* The type itself: what stands before the first ';', blanks left off. */
static struct at
type_of(const char *type, size_t n)
{
	struct at a = { type, type + n };
	const char *semicolon = memchr(type, ';', n);

	if (semicolon)
		a.end = semicolon;
	skip_blanks(&a);
	while (a.end > a.p && is_blank(a.end[-1]))
		a.end--;
	return a;
}

/* Are the n bytes at p that word, a literal, in any case? */
#define IS_WORD(p, n, word) \
	((n) == sizeof (word) - 1 && strncasecmp(p, word, n) == 0)

static bool
is_lines(const char *p, size_t n)
{
	return IS_WORD(p, n, "application/x-ndjson") ||
	    IS_WORD(p, n, "application/ndjson") ||
	    IS_WORD(p, n, "application/jsonl") ||
	    IS_WORD(p, n, "application/x-jsonl") ||
	    IS_WORD(p, n, "application/jsonlines") ||
	    IS_WORD(p, n, "application/x-jsonlines") ||
	    IS_WORD(p, n, "application/json-lines") ||
	    IS_WORD(p, n, "application/stream+json");
}

enum media
media_kind(const char *type, size_t n)
{
	struct at a;
	size_t len;

	if (!type)
		return MEDIA_TEXT;
	a = type_of(type, n);
	len = (size_t)(a.end - a.p);
	if (len == 0)
		return MEDIA_TEXT;
	if (is_lines(a.p, len))
		return MEDIA_NDJSON;
	if (IS_WORD(a.p, len, "application/json") ||
	    IS_WORD(a.p, len, "text/json") ||
	    (len > 5 && strncasecmp(a.end - 5, "+json", 5) == 0))
		return MEDIA_JSON;
	if (len > 10 && strncasecmp(a.p, "multipart/", 10) == 0)
		return MEDIA_MULTIPART;
	if (len > 5 && strncasecmp(a.p, "text/", 5) == 0)
		return MEDIA_TEXT;
	return MEDIA_OTHER;
}

/* Appends a byte of the value; a full buffer is told by *n growing past it. */
static void
put(char *out, size_t size, size_t *n, char c)
{
	if (*n + 1 < size)
		out[*n] = c;
	(*n)++;
}

/* A quoted string, from behind its first quote to behind its last; the line
 * end of a fold is left out. */
static void
quoted(struct at *a, char *out, size_t size, size_t *n)
{
	while (a->p < a->end && *a->p != '"') {
		if (*a->p == '\\' && a->p + 1 < a->end)
			a->p++;
		else if (*a->p == '\r' || *a->p == '\n') {
			a->p++;
			continue;
		}
		put(out, size, n, *a->p++);
	}
	if (a->p < a->end)
		a->p++;
}

/* A bare value: up to ';' or a comment, blanks at its end left off. */
static void
bare(struct at *a, char *out, size_t size, size_t *n)
{
	const char *p = a->p, *end;

	while (a->p < a->end && *a->p != ';')
		a->p++;
	for (end = p; end < a->p; end++)
		if (*end == '(' && end > p && is_blank(end[-1]))
			break;
	while (end > p && is_blank(end[-1]))
		end--;
	while (p < end)
		put(out, size, n, *p++);
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Turns charset'language'value of n bytes into value, in place: RFC 2231 4.
 * Returns the new length. */
static size_t
extended(char *out, size_t n)
{
	const char *tick = memchr(out, '\'', n);
	size_t i = 0, to = 0;

	if (tick)
		tick = memchr(tick + 1, '\'', n - (size_t)(tick + 1 - out));
	if (tick)
		i = (size_t)(tick + 1 - out);
	for (; i < n; i++) {
		if (out[i] == '%' && i + 2 < n && hex(out[i + 1]) >= 0 &&
		    hex(out[i + 2]) >= 0) {
			out[to++] = (char)(hex(out[i + 1]) << 4 |
			    hex(out[i + 2]));
			i += 2;
		} else
			out[to++] = out[i];
	}
	return to;
}

/* One "name = value" from a, which stands behind a ';'. Says how long the
 * name is; its bytes are the returned pointer's. */
static const char *
param(struct at *a, size_t *name_len, char *out, size_t size, size_t *n)
{
	const char *name, *end;

	skip_blanks(a);
	name = a->p;
	while (a->p < a->end && *a->p != '=' && *a->p != ';')
		a->p++;
	for (end = a->p; end > name && is_blank(end[-1]); end--)
		;
	*name_len = (size_t)(end - name);
	*n = 0;
	if (a->p == a->end || *a->p == ';')
		return name;
	a->p++;
	skip_blanks(a);
	if (a->p < a->end && *a->p == '"') {
		a->p++;
		quoted(a, out, size, n);
		while (a->p < a->end && *a->p != ';')
			a->p++;
	} else
		bare(a, out, size, n);
	return name;
}

ptrdiff_t
media_param(const char *type, size_t n, const char *name, char *out,
    size_t size)
{
	struct at a = { type, type + n };
	size_t want = strlen(name);

	while (a.p < a.end && *a.p != ';')
		a.p++;
	while (a.p < a.end) {
		size_t len, value;
		const char *p;
		bool star;

		a.p++;
		p = param(&a, &len, out, size, &value);
		star = len == want + 1 && p[want] == '*';
		if ((len != want && !star) || strncasecmp(p, name, want) != 0)
			continue;
		if (value >= size)
			return -1;
		if (star)
			value = extended(out, value);
		out[value] = '\0';
		return (ptrdiff_t)value;
	}
	return -1;
}
