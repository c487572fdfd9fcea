/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/elements.h"

void
json_elements_init(struct json_elements *e, size_t max, json_take *take,
    void *ctx)
{
	struct buf held = BUF_INIT(max);

	memset(e, 0, sizeof *e);
	e->held = held;
	e->take = take;
	e->ctx = ctx;
	e->state = ELEMENTS_START;
}

void
json_elements_free(struct json_elements *e)
{
	buf_free(&e->held);
}

static int
wrong(uint64_t at, const char *text, struct fail *why)
{
	return fail(why, EXIT_DATA, "invalid JSON: %s (at byte %" PRIu64 ")",
	    text, at + 1);
}

static int
hold(struct json_elements *e, const char *p, size_t n, struct fail *why)
{
	if (buf_add(&e->held, p, n) == 0)
		return 0;
	if (errno == ENOMEM)
		return fail(why, EXIT_MACHINE, "out of memory");
	return fail(why, EXIT_DATA, "a value of more than %zu bytes, at byte %"
	    PRIu64, e->held.max, e->began + 1);
}

/* The value that ends here: what was held and the p of this piece. */
static int
give(struct json_elements *e, const char *p, size_t n, struct fail *why)
{
	struct json_val v;
	struct json_err err;
	int r = 0;

	if (e->held.len) {
		if (hold(e, p, n, why) < 0)
			return -1;
		p = e->held.p;
		n = e->held.len;
	} else if (n > e->held.max) {
		return fail(why, EXIT_DATA, "a value of more than %zu bytes, "
		    "at byte %" PRIu64, e->held.max, e->began + 1);
	}
	if (json_check(p, n, &v, &err) < 0)
		return wrong(e->began + err.offset, err.text, why);
	e->n++;
	if (e->take)
		r = e->take(e->ctx, v, why);
	buf_clear(&e->held);
	return r;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Before the first token; a byte order mark is dropped. */
static const char *
start(struct json_elements *e, const char *piece, const char *p,
    const char *end)
{
	static const unsigned char mark[3] = { 0xef, 0xbb, 0xbf };

	for (; p < end; p++) {
		if (e->mark < 3 && (unsigned char)*p == mark[e->mark] &&
		    e->offset + (uint64_t)(p - piece) == e->mark)
			e->mark++;
		else if (!is_blank(*p))
			break;
	}
	if (p == end)
		return p;
	e->began = e->offset + (uint64_t)(p - piece);
	e->state = *p == '[' && e->mark % 3 == 0 ? ELEMENTS_FIRST :
	    ELEMENTS_ALONE;
	return e->state == ELEMENTS_FIRST ? p + 1 : p;
}

/* Where the element that goes on at p ends: at a ',' or ']' outside of all
 * brackets and strings; NULL where it does not in this piece. */
static const char *
find_end(struct json_elements *e, const char *p, const char *end)
{
	for (; p < end; p++) {
		if (e->quoted) {
			if (e->escaped)
				e->escaped = false;
			else if (*p == '\\')
				e->escaped = true;
			else if (*p == '"')
				e->quoted = false;
			continue;
		}
		switch (*p) {
		case '"':
			e->quoted = true;
			break;
		case '[':
		case '{':
			e->depth++;
			break;
		case ']':
		case '}':
			if (e->depth == 0)
				return p;
			e->depth--;
			break;
		case ',':
			if (e->depth == 0)
				return p;
			break;
		default:
			break;
		}
	}
	return NULL;
}

/* Inside the array, from p on. Returns where it stopped, NULL for failure. */
static const char *
elements(struct json_elements *e, const char *piece, const char *p,
    const char *end, struct fail *why)
{
	const char *stop;

	if (e->state == ELEMENTS_FIRST) {
		while (p < end && is_blank(*p))
			p++;
		if (p == end)
			return p;
		e->began = e->offset + (uint64_t)(p - piece);
		e->state = *p == ']' ? ELEMENTS_OVER : ELEMENTS_IN;
		if (e->state == ELEMENTS_OVER)
			return p + 1;
	}
	stop = find_end(e, p, end);
	if (!stop)
		return hold(e, p, (size_t)(end - p), why) < 0 ? NULL : end;
	if (*stop == '}') {
		wrong(e->offset + (uint64_t)(stop - piece), "unexpected '}'",
		    why);
		return NULL;
	}
	if (give(e, p, (size_t)(stop - p), why) < 0)
		return NULL;
	e->began = e->offset + (uint64_t)(stop + 1 - piece);
	if (*stop == ']')
		e->state = ELEMENTS_OVER;
	return stop + 1;
}

int
json_elements_feed(struct json_elements *e, const char *p, size_t n,
    struct fail *why)
{
	const char *piece = p, *end = p + n;

	while (p && p < end) {
		switch (e->state) {
		case ELEMENTS_START:
			p = start(e, piece, p, end);
			break;
		case ELEMENTS_FIRST:
		case ELEMENTS_IN:
			p = elements(e, piece, p, end, why);
			break;
		case ELEMENTS_ALONE:
			p = hold(e, p, (size_t)(end - p), why) < 0 ? NULL :
			    end;
			break;
		case ELEMENTS_OVER:
			if (!is_blank(*p)) {
				wrong(e->offset + (uint64_t)(p - piece),
				    "more after the value", why);
				p = NULL;
			} else {
				p++;
			}
			break;
		}
	}
	e->offset += n;
	return p || n == 0 ? 0 : -1;
}

int
json_elements_end(struct json_elements *e, struct fail *why)
{
	switch (e->state) {
	case ELEMENTS_OVER:
		return 0;
	case ELEMENTS_ALONE:
		return e->mark % 3 ? wrong(0, "expected a value", why) :
		    give(e, "", 0, why);
	case ELEMENTS_START:
		return wrong(e->offset, "expected a value", why);
	default:
		return wrong(e->offset, "the array does not end", why);
	}
}
