/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base64.h -- bytes as letters and back (RFC 4648 section 4).
 *
 *	base64_add(&b, "id:secret", 9);         adds aWQ6c2VjcmV0
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/buf.h"

/* Adds the encoding of n bytes, padded, on one line. Returns 0 or -1. */
int base64_add(struct buf *b, const char *p, size_t n);

/* Adds the bytes that n letters encode; reading ends at the padding, which
 * may be missing. Returns 0, or -1 where another character stands there or
 * b failed. */
int base64_decode(struct buf *b, const char *p, size_t n);

#endif
