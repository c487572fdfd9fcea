/* SPDX-License-Identifier: GPL-3.0-or-later */
/* digest.h -- SHA-256 of bytes as they come, by libcrypto.
 *
 * FIPS 180-4. For cache keys, audit chains, pinned files; the one file that
 * includes OpenSSL's headers.
 *
 *	struct digest d;
 *	char hex[DIGEST_HEX];
 *	if (digest_init(&d, &why) < 0) ...
 *	digest_add(&d, p, n);
 *	if (digest_end(&d, hex, &why) < 0) ...
 */
#ifndef NET_DIGEST_H
#define NET_DIGEST_H

#include "base/fail.h"

#define DIGEST_HEX 65   /* 64 lower-case digits and a NUL */

struct digest {
	void *ctx;      /* owned: libcrypto's state */
	bool failed;    /* an add went wrong; digest_end() says so */
};

/* Begins. Returns 0, or -1 with EXIT_MACHINE. */
int digest_init(struct digest *d, struct fail *why);

/* Adds bytes. A failure is kept for digest_end(). */
void digest_add(struct digest *d, const void *p, size_t n);

/* Ends: writes the digest and frees the state. Returns 0 or -1. */
int digest_end(struct digest *d, char hex[DIGEST_HEX], struct fail *why);

/* Frees a digest that is not wanted any more; fine after digest_end(). */
void digest_free(struct digest *d);

/* The digest of bytes that are all there. Returns 0 or -1. */
int digest_hex(const void *p, size_t n, char hex[DIGEST_HEX],
    struct fail *why);

#endif
