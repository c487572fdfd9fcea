/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/envelope.h"
#include "base/base64.h"
#include "json/write.h"

/* Does the record stand in the envelope as the value that it is? Not where
 * the envelope would be nested too deep to be read back. */
static bool
as_value(const struct envelope *e)
{
	struct json_val v = { e->p, e->n };

	return e->is_json && e->n && e->p[0] != '"' &&
	    !json_deeper(v, JSON_DEPTH - 1);
}

void
envelope_write(struct buf *b, const struct envelope *e)
{
	buf_putc(b, '{');
	json_key(b, "tool");
	json_cstr(b, e->tool);
	json_key(b, "file");
	json_cstr(b, e->file);
	json_key(b, "line");
	json_uint(b, e->line);
	json_key(b, "column");
	if (e->column)
		json_uint(b, e->column);
	else
		buf_str_add(b, "null");
	json_key(b, "rule");
	json_cstr(b, e->rule);
	json_key(b, "error");
	json_cstr(b, e->error);
	json_key(b, "retryable");
	json_bool(b, e->retryable);
	json_key(b, "attempt");
	json_int64(b, e->attempt);
	if (e->status) {
		json_key(b, "status");
		json_int64(b, e->status);
	}
	if (e->correlation && *e->correlation) {
		json_key(b, "correlationId");
		json_cstr(b, e->correlation);
	}
	if (!e->p) {
		json_key(b, "offset");
		json_uint(b, e->offset);
		json_key(b, "length");
		json_uint(b, e->length);
		json_key(b, "record");
		buf_str_add(b, "null");
	} else if (as_value(e)) {
		json_key(b, "record");
		json_one_line(b, e->p, e->n);
	} else if (json_utf8(e->p, e->n) == e->n) {
		json_key(b, "record");
		json_str(b, e->p, e->n);
	} else {
		json_key(b, "record_base64");
		buf_putc(b, '"');
		base64_add(b, e->p, e->n);
		buf_putc(b, '"');
	}
	buf_str_add(b, "}\n");
}

int
envelope_read(struct json_val v, struct buf *record, struct buf *names,
    struct envelope *e, struct fail *why)
{
	struct json_val x;
	int64_t n;

	memset(e, 0, sizeof *e);
	buf_clear(record);
	buf_clear(names);
	if (json_get(v, "file", &x))
		(void)json_decode(x, names);
	e->file = buf_str(names);
	if (json_get(v, "line", &x) && json_int(x, &n) && n > 0)
		e->line = (uint64_t)n;
	if (json_get(v, "attempt", &x) && json_int(x, &n) && n > 0 &&
	    n < INT_MAX)
		e->attempt = (int)n;
	if (json_get(v, "record_base64", &x)) {
		if (x.n < 2 || base64_decode(record, x.p + 1, x.n - 2) < 0)
			return fail(why, EXIT_DATA,
			    "record_base64 is not base64");
	} else if (!json_get(v, "record", &x)) {
		return fail(why, EXIT_DATA,
		    "no line of a reject file: it has no \"record\"");
	} else if (json_type(x) == JSON_NULL && json_get(v, "length", &x) &&
	    json_int(x, &n)) {
		e->length = (uint64_t)n;
		if (json_get(v, "offset", &x) && json_int(x, &n))
			e->offset = (uint64_t)n;
		return 0;               /* p stays NULL */
	} else if (json_decode(x, record) < 0) {
		buf_add(record, x.p, x.n);
	}
	if (record->err)
		return fail(why, EXIT_MACHINE, "out of memory");
	e->p = record->p ? record->p : "";
	e->n = record->len;
	return 0;
}

size_t
envelope_max(uint64_t max)
{
	return (size_t)max * 6 + BUF_LINE;      /* each byte an escape */
}

void
envelope_flatten(struct buf *record)
{
	char *lf = record->p, *end = record->p + record->len;

	while (lf < end && (lf = memchr(lf, '\n', (size_t)(end - lf))))
		*lf = ' ';
}
