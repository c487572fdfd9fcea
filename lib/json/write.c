/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/write.h"
#include "base/num.h"

/* U+FFFD in the place of bytes that are no UTF-8. Returns how many bytes it
 * stands for: the longest beginning of a sequence that could have become
 * one, at least 1. */
static size_t
replace(struct buf *b, const unsigned char *p, size_t n)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t want, k = 1;

	buf_add(b, "\xef\xbf\xbd", 3);
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 1;
	want = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (p[0] == 0xe0)
		low = 0xa0;
	else if (p[0] == 0xed)
		high = 0x9f;
	else if (p[0] == 0xf0)
		low = 0x90;
	else if (p[0] == 0xf4)
		high = 0x8f;
	while (k < want && k < n && p[k] >= low && p[k] <= high) {
		low = 0x80;
		high = 0xbf;
		k++;
	}
	return k;
}

static void
put_control(struct buf *b, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	char out[6] = { '\\', 'u', '0', '0', 0, 0 };

	switch (c) {
	case '\n':
		buf_add(b, "\\n", 2);
		return;
	case '\t':
		buf_add(b, "\\t", 2);
		return;
	case '\r':
		buf_add(b, "\\r", 2);
		return;
	case '\b':
		buf_add(b, "\\b", 2);
		return;
	case '\f':
		buf_add(b, "\\f", 2);
		return;
	}
	out[4] = hex[c >> 4];
	out[5] = hex[c & 15];
	buf_add(b, out, 6);
}

void
json_str(struct buf *b, const char *p, size_t n)
{
	size_t i = 0, start, valid;

	buf_putc(b, '"');
	while (i < n) {
		valid = i + json_utf8(p + i, n - i);
		for (start = i; i < valid; i++) {
			unsigned char c = (unsigned char)p[i];

			if (c >= 0x20 && c != '"' && c != '\\')
				continue;
			buf_add(b, p + start, i - start);
			if (c < 0x20) {
				put_control(b, c);
			} else {
				buf_putc(b, '\\');
				buf_putc(b, (char)c);
			}
			start = i + 1;
		}
		buf_add(b, p + start, i - start);
		if (i < n)
			i += replace(b, (const unsigned char *)p + i, n - i);
	}
	buf_putc(b, '"');
}

void
json_cstr(struct buf *b, const char *s)
{
	json_str(b, s, strlen(s));
}

void
json_sep(struct buf *b)
{
	if (b->len && b->p[b->len - 1] != '{' && b->p[b->len - 1] != '[')
		buf_putc(b, ',');
}

void
json_key(struct buf *b, const char *name)
{
	json_sep(b);
	json_cstr(b, name);
	buf_putc(b, ':');
}

void
json_num(struct buf *b, double v)
{
	char out[NUM_MAX];

	if (!isfinite(v)) {
		buf_add(b, "null", 4);
		return;
	}
	buf_add(b, out, num_format(out, v));
}

void
json_uint(struct buf *b, uint64_t v)
{
	char out[24], *p = out + sizeof out;

	do
		*--p = (char)('0' + v % 10);
	while (v /= 10);
	buf_add(b, p, (size_t)(out + sizeof out - p));
}

void
json_int64(struct buf *b, int64_t v)
{
	if (v < 0)
		buf_putc(b, '-');
	json_uint(b, v < 0 ? -(uint64_t)v : (uint64_t)v);
}

void
json_bool(struct buf *b, bool v)
{
	if (v)
		buf_add(b, "true", 4);
	else
		buf_add(b, "false", 5);
}

void
json_raw(struct buf *b, struct json_val v)
{
	buf_add(b, v.p, v.n);
}

void
json_one_line(struct buf *b, const char *p, size_t n)
{
	const char *end = p + n, *q;

	/* A checked string holds no raw line end, so all of them are between
	 * tokens. */
	while (p < end) {
		for (q = p; q < end && *q != '\n' && *q != '\r'; q++)
			;
		buf_add(b, p, (size_t)(q - p));
		p = q < end ? q + 1 : q;
	}
}

static const char *
past_blank(const char *c)
{
	while (*c == ' ' || *c == '\t' || *c == '\n' || *c == '\r')
		c++;
	return c;
}

/* The members of obj but those of that name, with all white space. A member
 * takes the comma before it along; one cut from the front, where there is
 * none, the comma behind it. Returns whether any member is left. */
static bool
keep_others(struct buf *b, struct json_val obj, const char *name, size_t n)
{
	struct json_iter it = json_iter(obj);
	const char *from = obj.p + 1, *comma, *c;
	bool kept = false;

	for (;;) {
		comma = past_blank(it.at);
		if (!json_next(&it))
			break;
		if (!json_is_n(it.key, name, n)) {
			kept = true;
			continue;
		}
		if (comma > from)
			buf_add(b, from, (size_t)(comma - from));
		from = it.at;
		if (!kept && *(c = past_blank(from)) == ',') {
			buf_add(b, from, (size_t)(c - from));
			it.at = from = c + 1;
		}
	}
	buf_add(b, from, (size_t)(obj.p + obj.n - 1 - from));
	return kept;
}

void
json_set(struct buf *b, struct json_val obj, const char *name,
    const char *value, size_t n)
{
	bool others;

	buf_putc(b, '{');
	others = keep_others(b, obj, name, strlen(name));
	if (others)
		buf_putc(b, ',');
	json_cstr(b, name);
	buf_putc(b, ':');
	buf_add(b, value, n);
	buf_putc(b, '}');
}

void
json_set_in(struct buf *b, struct json_val obj, const struct json_members *m,
    const char *name, const char *value, size_t n)
{
	struct json_val old;

	if (!m->v || m->n == 0 || json_member(m, name, strlen(name), &old)) {
		json_set(b, obj, name, value, n);
		return;
	}
	buf_add(b, obj.p, obj.n - 1);
	buf_putc(b, ',');
	json_cstr(b, name);
	buf_putc(b, ':');
	buf_add(b, value, n);
	buf_putc(b, '}');
}

void
json_cut(struct buf *b, struct json_val obj, const char *name)
{
	buf_putc(b, '{');
	(void)keep_others(b, obj, name, strlen(name));
	buf_putc(b, '}');
}
