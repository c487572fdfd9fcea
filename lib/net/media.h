/* SPDX-License-Identifier: GPL-3.0-or-later */
/* media.h -- what a Content-Type says: the kind of body, a parameter's value.
 *
 * RFC 9110 8.3 and RFC 2045 5.1, read as generously as the boundary of a
 * multipart body needs: names in any case, blanks around '=' and ';', folded
 * lines, quoted strings with escapes, a quoted string that is never closed,
 * a bare value with characters that should have been quoted, a comment after
 * it, and the extended form name*=charset'language'value of RFC 2231.
 *
 *	char set[32];
 *	if (media_param(type, n, "charset", set, sizeof set) < 0)
 *		... there is none ...
 */
#ifndef NET_MEDIA_H
#define NET_MEDIA_H

#include "base/compat.h"

enum media {
	MEDIA_JSON,             /* application/json, text/json, any +json */
	MEDIA_NDJSON,           /* a JSON value a line */
	MEDIA_MULTIPART,        /* multipart of any subtype */
	MEDIA_TEXT,             /* text of any subtype; no type at all */
	MEDIA_OTHER
};

/* The kind of body that a Content-Type value (n bytes; NULL where there is
 * none) announces. */
enum media media_kind(const char *type, size_t n);

/* The decoded value of a parameter, the first of that name, into out with a
 * NUL behind it. Returns its length, or -1 where there is none or it does
 * not fit. */
ptrdiff_t media_param(const char *type, size_t n, const char *name, char *out,
    size_t size);

#endif
