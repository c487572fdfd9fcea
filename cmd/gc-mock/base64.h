/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base64.h -- base64 with padding (RFC 4648 4). */
#ifndef MOCK_BASE64_H
#define MOCK_BASE64_H

#include "base/buf.h"

/* Adds n bytes, encoded. */
void base64_encode(const char *p, size_t n, struct buf *b);

/* Adds what a text decodes to. Returns 0, or -1 where it is no base64. */
int base64_decode(const char *s, struct buf *b);

#endif
