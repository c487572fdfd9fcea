/* SPDX-License-Identifier: GPL-3.0-or-later */
/* url.h -- where a request goes: references resolved, origins compared,
 * query parameters read and set.
 *
 * RFC 3986: split by its appendix B, resolved by 5.2 (strictly), percent-
 * encoded by 2.1. Everything is text in, text out; whatever an edit does not
 * concern stays to the byte. Read narrowly where a token is at stake: a URL
 * passes url_check() only when its host is plain letters, digits, dots and
 * dashes or an IPv6 address, without a user part, so that no two parsers can
 * disagree about whom it names.
 *
 *	struct buf next = BUF_INIT(BUF_LINE);
 *
 *	url_resolve(&next, base, "/api/v2/users?pageNumber=2");
 *	if (url_check(buf_str(&next), &why) < 0) ...
 *	if (!url_same_origin(base, buf_str(&next))) ...
 *	url_query_set(&next, "pageSize", "100");
 */
#ifndef NET_URL_H
#define NET_URL_H

#include "base/buf.h"
#include "base/fail.h"

/* A component's bytes in the text; p is NULL where it is absent, which is
 * something else than empty. */
struct url_part {
	const char *p;
	size_t n;
};

struct url {
	struct url_part scheme, authority, path, query, fragment;
	struct url_part host, port;     /* of authority; host keeps its [] */
};

/* Takes any text apart; never fails. The parts point into it. */
void url_split(const char *text, struct url *u);

/* Resolves a reference against an absolute URL and adds the result, without
 * fragment, to out. Bytes that may not stand in a URL (blanks, a backslash,
 * non-ASCII) are percent-encoded. Returns 0, or -1 where out failed or the
 * reference has a control character in it. */
int url_resolve(struct buf *out, const char *base, const char *ref);

/* Can this be requested: http or https, an unambiguous host, a port in range,
 * no user part, nothing unprintable? Returns 0, or -1 with EXIT_USAGE. */
int url_check(const char *url, struct fail *why);

/* Adds "scheme://host:port", in lower case, the port always there. Returns 0,
 * or -1 where url_check() would refuse it or out failed. */
int url_origin(struct buf *out, const char *url);

/* Same scheme, host and port (RFC 6454 5)? False where either is refused. */
bool url_same_origin(const char *a, const char *b);

/* Is the host localhost, in 127.0.0.0/8 or ::1, and so spelled? */
bool url_is_loopback(const char *url);

/* Adds bytes with all but RFC 3986's unreserved ones percent-encoded. */
int url_encode(struct buf *out, const char *p, size_t n);

/* Adds bytes with %XX decoded; '+' and a broken escape stay. */
int url_decode(struct buf *out, const char *p, size_t n);

/* The first query parameter of that name, encoded as it stands. False where
 * there is none; a parameter without '=' has an empty value. */
bool url_query_get(const char *url, const char *name, struct url_part *value);

/* Sets a query parameter to an already encoded value: the first of that name
 * is changed in place, more of them are cut out, a new one goes to the end.
 * NULL cuts all out. Returns 0, or -1 where url failed. */
int url_query_set(struct buf *url, const char *name, const char *value);

#endif
