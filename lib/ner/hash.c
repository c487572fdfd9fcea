/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/hash.h"
#include "ner/symbol_table.h"

#define LONGEST_SYMBOL 24

uint64_t
hash_text(const void *text, size_t n)
{
	const uint64_t m = 0xc6a4a7935bd1e995ull;
	const unsigned char *p = text, *end = p + (n & ~(size_t)7);
	uint64_t h = 1 ^ n * m, k;
	size_t i;

	for (; p != end; p += 8) {
		memcpy(&k, p, 8);
		k *= m;
		k ^= k >> 47;
		h = (h ^ k * m) * m;
	}
	for (i = n & 7; i > 0; i--)
		h ^= (uint64_t)p[i - 1] << 8 * (i - 1);
	if (n & 7)
		h *= m;
	h ^= h >> 47;
	h *= m;
	return h ^ h >> 47;
}

uint64_t
hash_id(const void *p, size_t n)
{
	char text[LONGEST_SYMBOL + 1];
	size_t low = 0, high = symbols_n, mid;
	int r;

	if (n == 0)
		return 0;
	if (n > LONGEST_SYMBOL || memchr(p, '\0', n))
		return hash_text(p, n);
	memcpy(text, p, n);
	text[n] = '\0';
	while (low < high) {
		mid = (low + high) / 2;
		r = strcmp(text, symbols[mid].text);
		if (r == 0)
			return symbols[mid].id;
		if (r < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return hash_text(p, n);
}

static uint64_t
finish(uint64_t x)
{
	x = (x ^ x >> 33) * 0xff51afd7ed558ccdull;
	x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53ull;
	return x ^ x >> 33;
}

void
hash_rows(uint64_t id, uint32_t seed, uint32_t rows[4])
{
	uint64_t a = id * 0x87c37b91114253d5ull, b;

	a = (a << 31 | a >> 33) * 0x4cf5ad432745937full;
	a ^= (uint64_t)seed ^ 8;
	b = (uint64_t)seed ^ 8;
	a += b;
	b += a;
	a = finish(a);
	b = finish(b);
	a += b;
	b += a;
	rows[0] = (uint32_t)a;
	rows[1] = (uint32_t)(a >> 32);
	rows[2] = (uint32_t)b;
	rows[3] = (uint32_t)(b >> 32);
}
