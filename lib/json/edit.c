/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/edit.h"
#include "json/write.h"

bool
json_path(struct json_val v, const char *path, struct json_val *out)
{
	for (;;) {
		size_t n = strcspn(path, ".");

		if (json_type(v) != JSON_OBJECT || !json_get_n(v, path, n, &v))
			return false;
		if (path[n] == '\0')
			break;
		path += n + 1;
	}
	*out = v;
	return true;
}

/* Puts text in the place of cut bytes at an offset. */
static int
splice(struct buf *doc, size_t at, size_t cut, const struct buf *text)
{
	size_t rest = doc->len - at - cut;

	if (text->err)
		doc->err = text->err;
	if (buf_reserve(doc, text->len) < 0)
		return -1;
	memmove(doc->p + at + text->len, doc->p + at + cut, rest);
	memcpy(doc->p + at, text->p, text->len);
	doc->len = at + text->len + rest;
	return 0;
}

/* "a":{"b":value} for the path a.b. */
static void
member(struct buf *b, const char *path, const char *value)
{
	size_t n = strcspn(path, ".");

	json_str(b, path, n);
	buf_putc(b, ':');
	if (path[n]) {
		buf_putc(b, '{');
		member(b, path + n + 1, value);
		buf_putc(b, '}');
	} else
		buf_str_add(b, value);
}

/* Where a new member goes: behind the last one's last byte. */
static size_t
end_of(const struct buf *doc, struct json_val object, bool *empty)
{
	const char *p = object.p + object.n - 1;

	while (p[-1] == ' ' || p[-1] == '\t' || p[-1] == '\r' || p[-1] == '\n')
		p--;
	*empty = p[-1] == '{';
	return (size_t)(p - doc->p);
}

int
json_put(struct buf *doc, const char *path, const char *value)
{
	struct buf text = BUF_INIT(doc->max);
	struct json_val v, at;
	size_t n, where, cut = 0;
	bool empty;
	int r;

	if (doc->len == 0)
		buf_str_add(doc, "{}");
	if (doc->err || json_check(doc->p, doc->len, &v, NULL) < 0 ||
	    json_type(v) != JSON_OBJECT)
		return -1;
	n = strcspn(path, ".");
	while (json_get_n(v, path, n, &at) && path[n] &&
	    json_type(at) == JSON_OBJECT) {
		v = at;
		path += n + 1;
		n = strcspn(path, ".");
	}
	if (json_get_n(v, path, n, &at)) {
		where = (size_t)(at.p - doc->p);
		cut = at.n;
		if (path[n]) {
			buf_putc(&text, '{');
			member(&text, path + n + 1, value);
			buf_putc(&text, '}');
		} else
			buf_str_add(&text, value);
	} else {
		where = end_of(doc, v, &empty);
		if (!empty)
			buf_putc(&text, ',');
		member(&text, path, value);
	}
	r = splice(doc, where, cut, &text);
	buf_free(&text);
	return r;
}
