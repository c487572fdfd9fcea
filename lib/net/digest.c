/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/digest.h"

#include <openssl/evp.h>

int
digest_init(struct digest *d, struct fail *why)
{
	d->failed = false;
	d->ctx = EVP_MD_CTX_new();
	if (d->ctx && EVP_DigestInit_ex(d->ctx, EVP_sha256(), NULL) == 1)
		return 0;
	digest_free(d);
	return fail(why, EXIT_MACHINE, "cannot compute SHA-256");
}

void
digest_add(struct digest *d, const void *p, size_t n)
{
	if (n > 0 && EVP_DigestUpdate(d->ctx, p, n) != 1)
		d->failed = true;
}

int
digest_end(struct digest *d, char hex[DIGEST_HEX], struct fail *why)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char raw[EVP_MAX_MD_SIZE];
	unsigned n = 0, i;

	if (!d->failed && EVP_DigestFinal_ex(d->ctx, raw, &n) != 1)
		d->failed = true;
	digest_free(d);
	if (d->failed || n != 32)
		return fail(why, EXIT_MACHINE, "cannot compute SHA-256");
	for (i = 0; i < n; i++) {
		hex[2 * i] = digits[raw[i] >> 4];
		hex[2 * i + 1] = digits[raw[i] & 15];
	}
	hex[2 * n] = '\0';
	return 0;
}

void
digest_free(struct digest *d)
{
	EVP_MD_CTX_free(d->ctx);
	d->ctx = NULL;
}

int
digest_hex(const void *p, size_t n, char hex[DIGEST_HEX], struct fail *why)
{
	struct digest d;

	if (digest_init(&d, why) < 0)
		return -1;
	digest_add(&d, p, n);
	return digest_end(&d, hex, why);
}
