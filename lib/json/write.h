/* SPDX-License-Identifier: GPL-3.0-or-later */
/* write.h -- values to JSON text in a buffer.
 *
 * Nothing is checked for grammar: the caller writes the braces and commas
 * that json_key() and json_sep() do not. Failures stay in b->err.
 *
 *	buf_putc(b, '{');
 *	json_key(b, "n");   buf_addf(b, "%d", n);
 *	json_key(b, "who"); json_str(b, name, strlen(name));
 *	buf_putc(b, '}');
 */
#ifndef JSON_WRITE_H
#define JSON_WRITE_H

#include "base/buf.h"
#include "json/scan.h"

/* A string with its quotes: '"', '\\' and control characters escaped, all
 * other bytes as they are. Bytes that are no UTF-8 become U+FFFD, one for
 * each maximal subpart (Unicode 15, 3.9), so that the output is always JSON. */
void json_str(struct buf *b, const char *p, size_t n);
void json_cstr(struct buf *b, const char *s);

/* A member's name and colon, with a comma before it unless the buffer ends
 * in '{' or '['. */
void json_key(struct buf *b, const char *name);

/* A comma, unless the buffer ends in '{' or '['. */
void json_sep(struct buf *b);

/* The shortest number that reads back to v; null where v is not finite. */
void json_num(struct buf *b, double v);
void json_uint(struct buf *b, uint64_t v);
void json_int64(struct buf *b, int64_t v);
void json_bool(struct buf *b, bool v);

/* A checked value, as spelled. */
void json_raw(struct buf *b, struct json_val v);

/* A checked value without the line ends between its tokens: a value over
 * several lines made fit for NDJSON, every other byte as it was. */
void json_one_line(struct buf *b, const char *p, size_t n);

/* An object with a member added at its end: every member of that name is cut
 * out first, all other bytes stay. obj is a checked object; value is JSON
 * text. */
void json_set(struct buf *b, struct json_val obj, const char *name,
    const char *value, size_t n);

/* The same for an object whose members were noted while it was checked; one
 * without such a member is not looked through. */
void json_set_in(struct buf *b, struct json_val obj,
    const struct json_members *m, const char *name, const char *value,
    size_t n);

/* An object without any member of a name; all other bytes stay. */
void json_cut(struct buf *b, struct json_val obj, const char *name);

#endif
