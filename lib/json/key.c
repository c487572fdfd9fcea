/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/key.h"
#include "base/num.h"
#include "json/unique.h"
#include "json/write.h"

static bool
is_integer(struct json_val v)
{
	size_t i;

	for (i = 0; i < v.n; i++)
		if (v.p[i] == '.' || v.p[i] == 'e' || v.p[i] == 'E')
			return false;
	return true;
}

static void
add_number(struct buf *b, struct json_val v)
{
	char text[NUM_MAX];
	double x = json_double(v);

	if (x == 0)
		buf_putc(b, '0');               /* -0 too */
	else if (is_integer(v) || !isfinite(x))
		buf_add(b, v.p, v.n);
	else
		buf_add(b, text, num_format(text, x));
}

static void add_text(struct buf *b, struct json_val v);

static void
add_object(struct buf *b, struct json_val v)
{
	struct unique u = UNIQUE_INIT;
	uint32_t i;

	if (unique_members(&u, v) < 0)
		b->err = ENOMEM;
	buf_putc(b, '{');
	for (i = 0; i < u.names.n && !b->err; i++) {
		json_sep(b);
		json_str(b, u.names.keys[i].p, u.names.keys[i].len);
		buf_putc(b, ':');
		add_text(b, u.vals[i]);
	}
	buf_putc(b, '}');
	unique_free(&u);
}

/* A value inside an array or object: JSON text again. */
static void
add_text(struct buf *b, struct json_val v)
{
	struct json_iter it;
	struct buf s = BUF_INIT(BUF_RECORD);
	enum json_type type = json_type(v);

	switch (type) {
	case JSON_STRING:
		if (json_decode(v, &s) == 0)
			json_str(b, s.p, s.len);
		else
			b->err = s.err;
		buf_free(&s);
		break;
	case JSON_NUMBER:
		add_number(b, v);
		break;
	case JSON_ARRAY:
		buf_putc(b, '[');
		for (it = json_iter(v); json_next(&it);) {
			json_sep(b);
			add_text(b, it.val);
		}
		buf_putc(b, ']');
		break;
	case JSON_OBJECT:
		add_object(b, v);
		break;
	default:
		buf_add(b, v.p, v.n);
	}
}

int
key_add(struct buf *b, struct json_val v)
{
	enum json_type type = json_type(v);

	buf_putc(b, (char)('0' + (int)type));
	if (type == JSON_STRING)
		json_decode(v, b);
	else if (type == JSON_NUMBER)
		add_number(b, v);
	else if (type == JSON_ARRAY || type == JSON_OBJECT)
		add_text(b, v);
	return b->err ? -1 : 0;
}

enum json_type
key_type(const char *p, size_t n)
{
	return n ? (enum json_type)(p[0] - '0') : JSON_NULL;
}

void
key_write(struct buf *b, const char *p, size_t n)
{
	switch (key_type(p, n)) {
	case JSON_NULL:
		buf_str_add(b, "null");
		break;
	case JSON_FALSE:
	case JSON_TRUE:
		json_bool(b, key_type(p, n) == JSON_TRUE);
		break;
	case JSON_STRING:
		json_str(b, p + 1, n - 1);
		break;
	default:
		buf_add(b, p + 1, n - 1);
	}
}

double
key_double(const char *p, size_t n)
{
	return key_type(p, n) == JSON_NUMBER ? num_json(p + 1, n - 1) : NAN;
}

int
key_cmp(const char *p, size_t np, const char *q, size_t nq)
{
	double x, y;
	int c;

	if (np && nq && p[0] == q[0] && key_type(p, np) == JSON_NUMBER) {
		x = key_double(p, np);
		y = key_double(q, nq);
		if (x != y)
			return x < y ? -1 : 1;
	}
	c = memcmp(p, q, np < nq ? np : nq);
	return c ? c : (np > nq) - (np < nq);
}

uint64_t
key_rank(const char *p, size_t n)
{
	uint64_t r = 0;
	double x;
	size_t i;

	if (key_type(p, n) == JSON_NUMBER) {
		x = key_double(p, n);
		memcpy(&r, &x, sizeof r);
		r = r >> 63 ? ~r : r | (uint64_t)1 << 63;
		return (uint64_t)(unsigned char)p[0] << 56 | r >> 8;
	}
	for (i = 0; i < sizeof r; i++)
		r = r << 8 | (i < n ? (unsigned char)p[i] : 0);
	return r;
}
