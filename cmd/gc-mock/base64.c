/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789+/";

void
base64_encode(const char *p, size_t n, struct buf *b)
{
	const unsigned char *c = (const unsigned char *)p;
	uint32_t bits;
	size_t i, k;

	for (i = 0; i < n; i += 3) {
		k = n - i;
		bits = (uint32_t)c[i] << 16 |
		    (k > 1 ? (uint32_t)c[i + 1] << 8 : 0) |
		    (k > 2 ? (uint32_t)c[i + 2] : 0);
		buf_putc(b, digits[bits >> 18]);
		buf_putc(b, digits[bits >> 12 & 63]);
		buf_putc(b, k > 1 ? digits[bits >> 6 & 63] : '=');
		buf_putc(b, k > 2 ? digits[bits & 63] : '=');
	}
}

int
base64_decode(const char *s, struct buf *b)
{
	const char *at;
	uint32_t bits = 0;
	size_t n, pad;

	for (n = 0; s[n] && s[n] != '='; n++) {
		if (!(at = strchr(digits, s[n])))
			return -1;
		bits = bits << 6 | (uint32_t)(at - digits);
		if (n % 4 != 0)
			buf_putc(b, (char)(bits >> (6 - 2 * (n % 4))));
	}
	pad = strspn(s + n, "=");
	return n % 4 != 1 && !s[n + pad] && pad < 3 ? 0 : -1;
}
