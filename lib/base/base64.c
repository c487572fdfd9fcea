/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/base64.h"

static const char digits64[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int
base64_add(struct buf *b, const char *p, size_t n)
{
	const unsigned char *c = (const unsigned char *)p;
	char out[4];

	for (; n > 0; c += 3, n = n > 3 ? n - 3 : 0) {
		unsigned v = (unsigned)c[0] << 16 |
		    (n > 1 ? (unsigned)c[1] << 8 : 0) | (n > 2 ? c[2] : 0);

		out[0] = digits64[v >> 18];
		out[1] = digits64[v >> 12 & 63];
		out[2] = n > 1 ? digits64[v >> 6 & 63] : '=';
		out[3] = n > 2 ? digits64[v & 63] : '=';
		if (buf_add(b, out, 4) < 0)
			return -1;
	}
	return 0;
}

int
base64_decode(struct buf *b, const char *p, size_t n)
{
	unsigned v = 0;
	int bits = 0;

	for (; n > 0 && *p != '='; p++, n--) {
		const char *d = *p ? strchr(digits64, *p) : NULL;

		if (!d)
			return -1;
		v = (v << 6 | (unsigned)(d - digits64)) & 0xffffff;
		if ((bits += 6) >= 8) {
			bits -= 8;
			if (buf_putc(b, (char)(v >> bits & 0xff)) < 0)
				return -1;
		}
	}
	return 0;
}
