/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan.c -- the strict scanner, byte by byte, and walks over checked text.
 *
 * This is the one that knows what is wrong and where. The road for millions
 * of records is block.c, which asks this one only when it finds a fault; the
 * tests hold the two against each other.
 */
#include "json/scan.h"
#include "base/num.h"

/* ---- strict ---- */

struct cursor {
	const char *p, *at, *end;
	struct json_err *err;
};

static int
wrong(struct cursor *c, const char *at, const char *text)
{
	if (c->err) {
		c->err->offset = (size_t)(at - c->p);
		c->err->text = text;
	}
	return -1;
}

static void
blank(struct cursor *c)
{
	while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' ||
	    *c->at == '\n' || *c->at == '\r'))
		c->at++;
}

/* The length of the well-formed sequence at p (Unicode 15, table 3-7: no
 * overlong form, no surrogate, nothing past U+10FFFF), or 0. */
static size_t
sequence(const unsigned char *p, size_t n)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t len, i;

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	len = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (p[0] == 0xe0)
		low = 0xa0;
	else if (p[0] == 0xed)
		high = 0x9f;
	else if (p[0] == 0xf0)
		low = 0x90;
	else if (p[0] == 0xf4)
		high = 0x8f;
	if (len > n || p[1] < low || p[1] > high)
		return 0;
	for (i = 2; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

size_t
json_utf8(const char *p, size_t n)
{
	size_t i = 0, k;

	while (i < n) {
		uint64_t w;

		if (n - i >= 8) {
			memcpy(&w, p + i, 8);
			if (!(w & 0x8080808080808080u)) {
				i += 8;
				continue;
			}
		}
		k = sequence((const unsigned char *)p + i, n - i);
		if (!k)
			return i;
		i += k;
	}
	return n;
}

/* Four hex digits, or -1. */
static int
hex4(const char *p, const char *end)
{
	int i, v = 0;

	if (end - p < 4)
		return -1;
	for (i = 0; i < 4; i++) {
		char ch = p[i];
		int d = ch >= '0' && ch <= '9' ? ch - '0' :
		    ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 :
		    ch >= 'A' && ch <= 'F' ? ch - 'A' + 10 : -1;

		if (d < 0)
			return -1;
		v = v * 16 + d;
	}
	return v;
}

/* What follows a backslash, which is at c->at. */
static int
escape(struct cursor *c)
{
	const char *start = c->at++;
	int u, low;

	if (c->at == c->end)
		return wrong(c, c->end, "unterminated string");
	if (*c->at != 'u') {
		if (*c->at == '\0' || !strchr("\"\\/bfnrt", *c->at))
			return wrong(c, start, "invalid escape");
		c->at++;
		return 0;
	}
	u = hex4(c->at + 1, c->end);
	if (u < 0)
		return wrong(c, start, "invalid \\u escape");
	c->at += 5;
	if (u < 0xd800 || u > 0xdfff)
		return 0;
	low = u < 0xdc00 && c->end - c->at >= 6 && c->at[0] == '\\' &&
	    c->at[1] == 'u' ? hex4(c->at + 2, c->end) : -1;
	if (low < 0xdc00 || low > 0xdfff)
		return wrong(c, start, "lone surrogate escape");
	c->at += 6;
	return 0;
}

/* A string; c->at is on its opening quote. */
static int
string(struct cursor *c)
{
	size_t k;

	for (c->at++; c->at < c->end; ) {
		unsigned char ch = (unsigned char)*c->at;

		if (ch == '"') {
			c->at++;
			return 0;
		}
		if (ch == '\\') {
			if (escape(c) < 0)
				return -1;
		} else if (ch < 0x20) {
			return wrong(c, c->at, "control character in string");
		} else if (ch < 0x80) {
			c->at++;
		} else {
			k = sequence((const unsigned char *)c->at,
			    (size_t)(c->end - c->at));
			if (!k)
				return wrong(c, c->at, "invalid UTF-8");
			c->at += k;
		}
	}
	return wrong(c, c->end, "unterminated string");
}

static bool
digit(const struct cursor *c)
{
	return c->at < c->end && *c->at >= '0' && *c->at <= '9';
}

static int
number(struct cursor *c)
{
	if (*c->at == '-')
		c->at++;
	if (!digit(c))
		return wrong(c, c->at, "expected a digit");
	if (*c->at == '0') {
		c->at++;
		if (digit(c))
			return wrong(c, c->at, "number with a leading zero");
	}
	while (digit(c))
		c->at++;
	if (c->at < c->end && *c->at == '.') {
		c->at++;
		if (!digit(c))
			return wrong(c, c->at, "expected a digit");
		while (digit(c))
			c->at++;
	}
	if (c->at < c->end && (*c->at == 'e' || *c->at == 'E')) {
		c->at++;
		if (c->at < c->end && (*c->at == '+' || *c->at == '-'))
			c->at++;
		if (!digit(c))
			return wrong(c, c->at, "expected a digit");
		while (digit(c))
			c->at++;
	}
	return 0;
}

static int
literal(struct cursor *c, const char *word, size_t n)
{
	if ((size_t)(c->end - c->at) < n || memcmp(c->at, word, n) != 0)
		return wrong(c, c->at, "expected a value");
	c->at += n;
	return 0;
}

/* A value that is no container. */
static int
scalar(struct cursor *c)
{
	switch (*c->at) {
	case '"':
		return string(c);
	case 't':
		return literal(c, "true", 4);
	case 'f':
		return literal(c, "false", 5);
	case 'n':
		return literal(c, "null", 4);
	default:
		if (*c->at != '-' && !digit(c))
			return wrong(c, c->at, "expected a value");
		return number(c);
	}
}

/* A member's name and colon. */
static int
name(struct cursor *c)
{
	if (c->at == c->end)
		return wrong(c, c->at, "unexpected end");
	if (*c->at != '"')
		return wrong(c, c->at, "expected a name in quotes");
	if (string(c) < 0)
		return -1;
	blank(c);
	if (c->at == c->end)
		return wrong(c, c->at, "unexpected end");
	if (*c->at != ':')
		return wrong(c, c->at, "expected ':'");
	c->at++;
	blank(c);
	return 0;
}

/* The value at c->at, containers and all, without recursion: a bit per
 * level tells objects from arrays. */
static int
value(struct cursor *c)
{
	unsigned char object[JSON_DEPTH / 8 + 1];
	int depth = 0;

next_value:
	if (c->at == c->end)
		return wrong(c, c->at, "unexpected end");
	if (*c->at == '{' || *c->at == '[') {
		bool is_object = *c->at == '{';

		if (depth == JSON_DEPTH)
			return wrong(c, c->at, "nested deeper than 1000");
		if (is_object)
			object[depth / 8] |= (unsigned char)(1 << depth % 8);
		else
			object[depth / 8] &= (unsigned char)~(1 << depth % 8);
		depth++;
		c->at++;
		blank(c);
		if (c->at < c->end && *c->at == (is_object ? '}' : ']'))
			goto close;
		if (is_object && name(c) < 0)
			return -1;
		goto next_value;
	}
	if (scalar(c) < 0)
		return -1;
after_value:
	if (depth == 0)
		return 0;
	blank(c);
	if (c->at == c->end)
		return wrong(c, c->at, "unexpected end");
	if (object[(depth - 1) / 8] >> (depth - 1) % 8 & 1) {
		if (*c->at == '}')
			goto close;
		if (*c->at != ',')
			return wrong(c, c->at, "expected ',' or '}'");
		c->at++;
		blank(c);
		if (name(c) < 0)
			return -1;
	} else {
		if (*c->at == ']')
			goto close;
		if (*c->at != ',')
			return wrong(c, c->at, "expected ',' or ']'");
		c->at++;
		blank(c);
	}
	goto next_value;
close:
	c->at++;
	depth--;
	goto after_value;
}

int
json_check(const char *p, size_t n, struct json_val *v, struct json_err *err)
{
	struct cursor c = { p, p, p, err };
	const char *start;

	if (n == 0)             /* p may be NULL then */
		return wrong(&c, p, "expected a value");
	c.end = p + n;
	blank(&c);
	if (c.at == c.end)
		return wrong(&c, c.at, "expected a value");
	start = c.at;
	if (value(&c) < 0)
		return -1;
	if (v) {
		v->p = start;
		v->n = (size_t)(c.at - start);
	}
	blank(&c);
	if (c.at != c.end)
		return wrong(&c, c.at, "text after the value");
	return 0;
}

/* ---- on checked text ---- */

const char *
json_err_say(const struct json_err *err, const char *p, char *say, size_t n)
{
	if (strcmp(err->text, "invalid UTF-8") != 0) {
		snprintf(say, n, "invalid JSON: %s", err->text);
		return "invalid-json";
	}
	snprintf(say, n, "%s (byte 0x%02x)", err->text,
	    (unsigned char)p[err->offset]);
	return "invalid-utf8";
}

enum json_type
json_type(struct json_val v)
{
	switch (v.n ? v.p[0] : 'n') {
	case 'n':
		return JSON_NULL;
	case 'f':
		return JSON_FALSE;
	case 't':
		return JSON_TRUE;
	case '"':
		return JSON_STRING;
	case '[':
		return JSON_ARRAY;
	case '{':
		return JSON_OBJECT;
	default:
		return JSON_NUMBER;
	}
}

/* Past the string that begins at p. */
static const char *
skip_string(const char *p, const char *end)
{
	for (p++; p < end; p++) {
		p = memchr(p, '"', (size_t)(end - p));
		if (!p)
			return end;
		if (p[-1] != '\\')
			return p + 1;
		else {          /* an even number of backslashes ends it */
			const char *b = p - 1;

			while (b[-1] == '\\')
				b--;
			if ((p - b) % 2 == 0)
				return p + 1;
		}
	}
	return end;
}

/* What a number or a literal ends before. */
static const bool is_end[256] = {
	[','] = true, ['}'] = true, [']'] = true, [' '] = true,
	['\t'] = true, ['\n'] = true, ['\r'] = true, [':'] = true,
};

const char *
json_skip(const char *p, const char *end)
{
	int depth = 0;

	if (p >= end)
		return end;
	if (*p == '"')
		return skip_string(p, end);
	if (*p != '{' && *p != '[') {
		while (p < end && !is_end[(unsigned char)*p])
			p++;
		return p;
	}
	while (p < end) {
		switch (*p) {
		case '"':
			p = skip_string(p, end);
			continue;
		case '{':
		case '[':
			depth++;
			break;
		case '}':
		case ']':
			if (--depth == 0)
				return p + 1;
			break;
		}
		p++;
	}
	return end;
}

bool
json_deeper(struct json_val v, int limit)
{
	const char *p = v.p, *end = v.p + v.n;
	int depth = 0;

	while (p < end) {
		if (*p == '"') {
			p = skip_string(p, end);
			continue;
		}
		if ((*p == '{' || *p == '[') && ++depth > limit)
			return true;
		if (*p == '}' || *p == ']')
			depth--;
		p++;
	}
	return false;
}

static const char *
skip_blank(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' ||
	    *p == '\r'))
		p++;
	return p;
}

struct json_iter
json_iter(struct json_val v)
{
	struct json_iter it;

	memset(&it, 0, sizeof it);
	if (v.n < 2 || (v.p[0] != '{' && v.p[0] != '['))
		return it;              /* at == end: nothing to walk */
	it.at = v.p + 1;
	it.end = v.p + v.n - 1;         /* on the closing bracket */
	it.key.p = v.p[0] == '{' ? "" : NULL;
	return it;
}

bool
json_next(struct json_iter *it)
{
	const char *p = skip_blank(it->at, it->end), *q;

	if (p >= it->end)
		return false;
	if (*p == ',')
		p = skip_blank(p + 1, it->end);
	if (it->key.p) {
		q = skip_string(p, it->end);
		it->key.p = p;
		it->key.n = (size_t)(q - p);
		p = skip_blank(q, it->end);
		p = skip_blank(p + 1, it->end);         /* past the colon */
	}
	q = json_skip(p, it->end);
	it->val.p = p;
	it->val.n = (size_t)(q - p);
	it->at = q;
	return true;
}

bool
json_next_is(struct json_iter *it, const char *start, size_t n)
{
	const char *p = it->at + (it->at < it->end && *it->at == ',');

	if ((size_t)(it->end - p) <= n || memcmp(p, start, n) != 0)
		return false;
	it->key.p = p;
	it->key.n = n - 1;
	p = skip_blank(p + n, it->end);
	it->val.p = p;
	if (*p != '"' && *p != '{' && *p != '[')
		while (!is_end[(unsigned char)*p])      /* a brace is there */
			p++;
	else
		p = json_skip(p, it->end);
	it->at = p;
	it->val.n = (size_t)(p - it->val.p);
	return true;
}

bool
json_get_n(struct json_val v, const char *key, size_t n, struct json_val *out)
{
	struct json_iter it = json_iter(v);
	bool found = false;

	if (!it.key.p)
		return false;
	while (json_next(&it)) {
		if (json_is_n(it.key, key, n)) {
			*out = it.val;
			found = true;
		}
	}
	return found;
}

bool
json_get(struct json_val v, const char *key, struct json_val *out)
{
	return json_get_n(v, key, strlen(key), out);
}

/* The last byte before to (on ':' ',' or '}') that is no white space. */
static uint32_t
before(const char *base, uint32_t to)
{
	do
		to--;
	while (base[to] == ' ' || base[to] == '\t' || base[to] == '\n' ||
	    base[to] == '\r');
	return to;
}

static bool
member(const struct json_members *m, const char *key, size_t n, bool plain,
    struct json_val *out)
{
	const struct json_member *v;
	uint32_t i;

	for (i = m->n; i-- > 0; ) {
		v = &m->v[i];
		/* a name without quote or backslash that stands here whole
		 * with a quote behind it is the name as spelled */
		if (plain && v->colon - v->key >= n + 2 &&
		    m->base[v->key + 1 + n] == '"' &&
		    memcmp(m->base + v->key + 1, key, n) == 0)
			break;
		if ((m->escapes || !plain) && (n == 0 ||
		    m->base[v->key + 1] == key[0] ||
		    m->base[v->key + 1] == '\\')) {
			struct json_val k = { m->base + v->key,
			    before(m->base, v->colon) - v->key + 1 };

			if (json_is_n(k, key, n))
				break;
		}
	}
	if (i == UINT32_MAX)
		return false;
	out->p = m->base + m->v[i].val;
	out->n = before(m->base, m->v[i].next) - m->v[i].val + 1;
	return true;
}

bool
json_member(const struct json_members *m, const char *key, size_t n,
    struct json_val *out)
{
	return member(m, key, n, !memchr(key, '"', n) &&
	    !memchr(key, '\\', n), out);
}

bool
json_plain_member(const struct json_members *m, const char *key, size_t n,
    struct json_val *out)
{
	return member(m, key, n, true, out);
}

/* ---- strings ---- */

static size_t
put_utf8(char *out, unsigned u)
{
	if (u < 0x80) {
		out[0] = (char)u;
		return 1;
	}
	if (u < 0x800) {
		out[0] = (char)(0xc0 | u >> 6);
		out[1] = (char)(0x80 | (u & 0x3f));
		return 2;
	}
	if (u < 0x10000) {
		out[0] = (char)(0xe0 | u >> 12);
		out[1] = (char)(0x80 | (u >> 6 & 0x3f));
		out[2] = (char)(0x80 | (u & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | u >> 18);
	out[1] = (char)(0x80 | (u >> 12 & 0x3f));
	out[2] = (char)(0x80 | (u >> 6 & 0x3f));
	out[3] = (char)(0x80 | (u & 0x3f));
	return 4;
}

/* Decodes the escape at *p (a backslash) and moves past it. Returns the
 * length written to out, at most 4. */
static size_t
unescape(const char **p, const char *end, char *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	unsigned u;

	if ((*p)[1] != 'u') {
		*out = to[strchr(from, (*p)[1]) - from];
		*p += 2;
		return 1;
	}
	u = (unsigned)hex4(*p + 2, end);
	*p += 6;
	if (u >= 0xd800 && u <= 0xdbff) {
		u = 0x10000 + ((u - 0xd800) << 10) +
		    ((unsigned)hex4(*p + 2, end) - 0xdc00);
		*p += 6;
	}
	return put_utf8(out, u);
}

int
json_decode(struct json_val v, struct buf *b)
{
	const char *p, *end, *esc;
	char out[4];

	if (v.n < 2 || v.p[0] != '"')
		return -1;
	p = v.p + 1;
	end = v.p + v.n - 1;
	while (p < end) {
		esc = memchr(p, '\\', (size_t)(end - p));
		if (!esc)
			return buf_add(b, p, (size_t)(end - p));
		if (buf_add(b, p, (size_t)(esc - p)) < 0)
			return -1;
		p = esc;
		if (buf_add(b, out, unescape(&p, end, out)) < 0)
			return -1;
	}
	return b->err ? -1 : 0;
}

bool
json_is_n(struct json_val v, const char *s, size_t n)
{
	const char *p, *end, *want = s + n;
	char out[4];
	size_t k;

	if (v.n < 2 || v.p[0] != '"')
		return false;
	p = v.p + 1;
	end = v.p + v.n - 1;
	if ((size_t)(end - p) == n && memcmp(p, s, n) == 0)
		return !memchr(p, '\\', n);
	if ((size_t)(end - p) < n || !memchr(p, '\\', (size_t)(end - p)))
		return false;
	while (p < end) {
		if (*p != '\\') {
			if (s == want || *s++ != *p++)
				return false;
			continue;
		}
		k = unescape(&p, end, out);
		if ((size_t)(want - s) < k || memcmp(s, out, k) != 0)
			return false;
		s += k;
	}
	return s == want;
}

bool
json_is(struct json_val v, const char *s)
{
	return json_is_n(v, s, strlen(s));
}

/* ---- numbers ---- */

double
json_double(struct json_val v)
{
	double d;

	if (json_type(v) != JSON_NUMBER)
		return NAN;
	d = num_json(v.p, v.n);
	return isfinite(d) ? d : copysign(DBL_MAX, d);
}

bool
json_int(struct json_val v, int64_t *out)
{
	char text[32];

	if (json_type(v) != JSON_NUMBER || v.n >= sizeof text)
		return false;
	memcpy(text, v.p, v.n);
	text[v.n] = '\0';
	return num_int(text, INT64_MIN, INT64_MAX, out) == 0;
}
