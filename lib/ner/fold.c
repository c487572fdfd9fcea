/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/fold.h"
#include "ner/uni.h"

#include <utf8proc.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* A code point's letters come to no more than that, blanks around included:
 * the longest compatibility decomposition has 18 code points. */
#define MOST (18 * 4 + 2)

void
fold_free(struct fold *f)
{
	free(f->letters);
	free(f->edges);
	free(f->from);
}

static int
room(void **p, size_t *cap, size_t want, size_t each)
{
	size_t more = want + want / 2 + 256;
	void *q;

	if (want <= *cap)
		return 0;
	if (!(q = realloc(*p, more * each)))
		return -1;
	*p = q;
	*cap = more;
	return 0;
}

static int
room_for(struct fold *f, size_t n)
{
	void *p = f->letters;

	if (room(&p, &f->cap, n + 64 + FOLD_PAST, 1) < 0)
		return -1;
	f->letters = p;
	return 0;
}

/* ---- words ---- */

#if defined(__SSE2__)
/* 16 bytes of ASCII folded into out; which of them are letters. */
static unsigned
fold_16(char *out, const char *p)
{
	__m128i c = _mm_loadu_si128((const __m128i *)p);
	__m128i low = _mm_or_si128(c, _mm_set1_epi8(0x20));
	__m128i alpha = _mm_and_si128(
	    _mm_cmpgt_epi8(low, _mm_set1_epi8('a' - 1)),
	    _mm_cmplt_epi8(low, _mm_set1_epi8('z' + 1)));
	__m128i digit = _mm_and_si128(
	    _mm_cmpgt_epi8(c, _mm_set1_epi8('0' - 1)),
	    _mm_cmplt_epi8(c, _mm_set1_epi8('9' + 1)));
	__m128i all = _mm_or_si128(_mm_and_si128(alpha, low),
	    _mm_and_si128(digit, c));

	_mm_storeu_si128((__m128i *)out, all);
	return (unsigned)_mm_movemask_epi8(_mm_or_si128(alpha, digit));
}

static uint64_t
fold_64(char *out, const char *p)
{
	return (uint64_t)fold_16(out, p) |
	    (uint64_t)fold_16(out + 16, p + 16) << 16 |
	    (uint64_t)fold_16(out + 32, p + 32) << 32 |
	    (uint64_t)fold_16(out + 48, p + 48) << 48;
}
#else
static uint64_t
fold_64(char *out, const char *p)
{
	uint64_t mask = 0;
	unsigned char c, low;
	int i;

	for (i = 0; i < 64; i++) {
		c = (unsigned char)p[i];
		low = c | 0x20;
		out[i] = low >= 'a' && low <= 'z' ? (char)low :
		    c >= '0' && c <= '9' ? (char)c : 0;
		mask |= (uint64_t)(out[i] != 0) << i;
	}
	return mask;
}
#endif

/* Which of 64 letters are not 0. */
static uint64_t
mask_64(const char *p)
{
#if defined(__SSE2__)
	__m128i zero = _mm_setzero_si128();
	uint64_t mask = 0;
	int i;

	for (i = 0; i < 4; i++)
		mask |= (uint64_t)_mm_movemask_epi8(_mm_cmpeq_epi8(
		    _mm_loadu_si128((const __m128i *)(p + 16 * i)), zero)) <<
		    16 * i;
	return ~mask;
#else
	uint64_t mask = 0;
	int i;

	for (i = 0; i < 64; i++)
		mask |= (uint64_t)(p[i] != 0) << i;
	return mask;
#endif
}

static unsigned
lowest_bit(uint64_t x)
{
#if defined(__GNUC__)
	return (unsigned)__builtin_ctzll(x);
#else
	unsigned i = 0;

	for (; !(x & 1); x >>= 1)
		i++;
	return i;
#endif
}

/* The edges in a mask of 64 letters: where it changes. */
static size_t
edges(uint32_t *out, size_t n, uint64_t mask, uint64_t *carry, uint32_t at)
{
	uint64_t change = mask ^ (mask << 1 | *carry);

	*carry = mask >> 63;
	for (; change; change &= change - 1)
		out[n++] = at + lowest_bit(change);
	return n;
}

/* ---- plain ASCII ---- */

static bool
is_plain(const char *p, size_t n, unsigned symbols)
{
	size_t i = 0;

#if defined(__SSE2__)
	__m128i any = _mm_setzero_si128();

	for (; i + 16 <= n; i += 16)
		any = _mm_or_si128(any,
		    _mm_loadu_si128((const __m128i *)(p + i)));
	if (_mm_movemask_epi8(any))
		return false;
#endif
	for (; i < n; i++)
		if ((unsigned char)p[i] >= 0x80)
			return false;
	return !symbols || !(fold_symbols(p, n) & symbols);
}

static int
fold_plain(struct fold *f, const char *p, size_t n)
{
	uint64_t carry = 0;
	size_t i, e = 0;
	void *q = f->edges;
	char last[64];

	if (room_for(f, n) < 0 || room(&q, &f->nedges, n + 66,
	    sizeof *f->edges) < 0)
		return -1;
	f->edges = q;
	for (i = 0; i + 64 <= n; i += 64)
		e = edges(f->edges, e, fold_64(f->letters + i, p + i), &carry,
		    (uint32_t)i);
	memset(last, 0, sizeof last);
	memcpy(last, p + i, n - i);
	e = edges(f->edges, e, fold_64(f->letters + i, last), &carry,
	    (uint32_t)i);
	if (e % 2)
		f->edges[e++] = (uint32_t)n;
	memset(f->letters + n, 0, FOLD_PAST);
	f->n = n;
	f->nwords = e / 2;
	f->plain = true;
	return 0;
}

/* ---- any text ---- */

static bool
is_accent(uint32_t c)
{
	return (c >= 0x300 && c <= 0x36F) || (c >= 0x591 && c <= 0x5C7) ||
	    (c >= 0x64B && c <= 0x65F) || c == 0x670 ||
	    (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x1DC0 && c <= 0x1DFF) ||
	    (c >= 0x20D0 && c <= 0x20FF) || (c >= 0xFE00 && c <= 0xFE0F) ||
	    (c >= 0xFE20 && c <= 0xFE2F) || c == 0xAD || c == 0x200D ||
	    c == 0x200C;
}

/* Scripts without blanks between words. */
static bool
stands_alone(uint32_t c)
{
	return (c >= 0xE00 && c <= 0xEFF) || (c >= 0x1000 && c <= 0x109F) ||
	    (c >= 0x1780 && c <= 0x17FF) || (c >= 0x2E80 && c <= 0x30FF) ||
	    (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
	    (c >= 0x20000 && c <= 0x3FFFF);
}

/* Letters that do not decompose, as they are typed without accents. */
static const char *
typed(uint32_t c)
{
	switch (c) {
	case 0xE6: return "ae";
	case 0xF0: return "d";
	case 0xF8: return "o";
	case 0xFE: return "th";
	case 0x111: return "d";
	case 0x127: return "h";
	case 0x131: return "i";
	case 0x142: return "l";
	case 0x153: return "oe";
	case 0x167: return "t";
	default: return NULL;
	}
}

static bool
is_letter(uint32_t c)
{
	utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);

	return (k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO) ||
	    (k >= UTF8PROC_CATEGORY_MN && k <= UTF8PROC_CATEGORY_NO);
}

/* One folded code point to letters. */
static size_t
put(char *out, uint32_t c)
{
	const char *as = typed(c);
	size_t n;

	if (is_accent(c))
		return 0;
	if (as) {
		n = strlen(as);
		memcpy(out, as, n);
		return n;
	}
	if (!is_letter(c)) {
		out[0] = 0;
		return 1;
	}
	return uni_put(out, c);
}

/* A code point past ASCII to letters, 0 where it parts words. */
static size_t
fold_point(char *out, uint32_t c)
{
	utf8proc_int32_t v[18];
	utf8proc_ssize_t i, n;
	size_t k = 0;
	int last = UTF8PROC_BOUNDCLASS_START;

	n = utf8proc_decompose_char((utf8proc_int32_t)c, v, COUNT(v),
	    UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD, &last);
	if (n < 0 || n > (utf8proc_ssize_t)COUNT(v))
		n = 0;
	if (stands_alone(c))
		out[k++] = 0;
	for (i = 0; i < n; i++)
		k += put(out + k, (uint32_t)v[i]);
	if (stands_alone(c))
		out[k++] = 0;
	return k;
}

static unsigned
symbol(char c)
{
	return c == '+' ? FOLD_PLUS : c == '#' ? FOLD_HASH :
	    c == '&' ? FOLD_AND : 0;
}

static size_t
fold_ascii(char *out, char c, unsigned symbols)
{
	unsigned char low = (unsigned char)c | 0x20;

	if (symbol(c) & symbols) {
		out[0] = out[2] = 0;
		out[1] = c;
		return 3;
	}
	out[0] = low >= 'a' && low <= 'z' ? (char)low :
	    c >= '0' && c <= '9' ? c : 0;
	return 1;
}

static int
fold_any(struct fold *f, const char *p, size_t n, unsigned symbols)
{
	const char *at = p, *from, *end = p + n;
	uint64_t carry = 0;
	size_t k = 0, more, i, e = 0;
	void *q;

	while (at < end) {
		from = at;
		if (room_for(f, k + MOST) < 0)
			return -1;
		q = f->from;
		if (room(&q, &f->nfrom, k + MOST, sizeof *f->from) < 0)
			return -1;
		f->from = q;
		if ((unsigned char)*at < 0x80)
			more = fold_ascii(f->letters + k, *at++, symbols);
		else
			more = fold_point(f->letters + k, uni_next(&at));
		for (; more; more--)
			f->from[k++] = (uint32_t)(from - p);
	}
	q = f->edges;
	if (room_for(f, k) < 0 || room(&q, &f->nedges, k + 66,
	    sizeof *f->edges) < 0)
		return -1;
	f->edges = q;
	memset(f->letters + k, 0, 64 + FOLD_PAST);
	for (i = 0; i <= k; i += 64)
		e = edges(f->edges, e, mask_64(f->letters + i), &carry,
		    (uint32_t)i);
	f->n = k;
	f->nwords = e / 2;
	f->plain = false;
	return 0;
}

/* ---- interface ---- */

int
fold_text(struct fold *f, const char *p, size_t n, unsigned symbols)
{
	return is_plain(p, n, symbols) ? fold_plain(f, p, n) :
	    fold_any(f, p, n, symbols);
}

unsigned
fold_symbols(const char *p, size_t n)
{
	unsigned all = 0;
	size_t i;

	for (i = 0; i < n; i++)
		all |= symbol(p[i]);
	return all;
}

uint32_t
fold_begin(const struct fold *f, uint32_t i)
{
	return f->plain ? i : f->from[i];
}

uint32_t
fold_end(const struct fold *f, const char *text, size_t n, uint32_t i)
{
	const char *p, *end = text + n, *at;

	if (f->plain)
		return i + 1;
	p = text + f->from[i];
	(void)uni_next(&p);
	for (at = p; at < end && is_accent(uni_next(&at)); )
		p = at;
	return (uint32_t)(p - text);
}

static bool
joins(uint32_t c)
{
	if (c < 0x80)
		return c && strchr(" \t-'`_/*", (int)c);
	return uni_is_space(c) || c == 0xAE || c == 0xB4 || c == 0xB7 ||
	    (c >= 0x2010 && c <= 0x2015) || c == 0x2018 || c == 0x2019 ||
	    c == 0x2122 || c == 0x2212 || c == 0xFE63 || c == 0xFF0D;
}

bool
fold_joins(const char *p, size_t n)
{
	const char *end = p + n;
	int points = 0;

	if (n == 1 && *p == '.')
		return true;
	for (; p < end && points <= 4; points++)
		if (!joins(uni_next(&p)))
			return false;
	return points <= 4;
}
