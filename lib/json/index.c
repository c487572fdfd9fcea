/* SPDX-License-Identifier: GPL-3.0-or-later */
/* index.c -- the vector kernels: AVX-512 and AVX2.
 *
 * A kernel loads 64 bytes and answers with masks, bit i for byte i. All that
 * follows is arithmetic on 64-bit words and the same for every kernel.
 */
#include "json/index.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

struct masks {
	uint64_t quote, backslash, op, white, control, lf;
};

/* What one 64-byte block hands to the next. */
struct carry {
	uint64_t escaped;       /* bit 0: the first byte is escaped */
	uint64_t in_string;     /* all ones inside a string */
	uint64_t scalar;        /* bit 0: the last byte was of a scalar */
	size_t low_at;          /* where a low surrogate's u is expected */
};

/* ---- escapes, byte by byte: they are few ---- */

static int
hex_digit(unsigned char c)
{
	return c >= '0' && c <= '9' ? c - '0' :
	    c >= 'a' && c <= 'f' ? c - 'a' + 10 :
	    c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int
hex4(const unsigned char *p)
{
	int a = hex_digit(p[0]), b = hex_digit(p[1]), c = hex_digit(p[2]),
	    d = hex_digit(p[3]);

	return (a | b | c | d) < 0 ? -1 : a << 12 | b << 8 | c << 4 | d;
}

/* The escaped byte at position i: one of the nine, and what u asks for. */
static bool
escape_ok(const unsigned char *p, size_t n, size_t i, struct carry *c)
{
	static const unsigned char ok[256] = {
		['"'] = 1, ['\\'] = 1, ['/'] = 1, ['b'] = 1, ['f'] = 1,
		['n'] = 1, ['r'] = 1, ['t'] = 1, ['u'] = 2
	};
	int u;

	if (ok[p[i]] != 2)
		return ok[p[i]];
	if (n - i < 5 || (u = hex4(p + i + 1)) < 0)
		return false;
	if (u < 0xd800 || u > 0xdfff)
		return true;
	if (u >= 0xdc00)
		return c->low_at == i;
	if (n - i < 11 || p[i + 5] != '\\' || p[i + 6] != 'u')
		return false;
	u = hex4(p + i + 7);
	c->low_at = i + 6;
	return u >= 0xdc00 && u <= 0xdfff;
}

/* Which bytes stand behind an odd run of backslashes? A run is odd when it
 * begins and ends at positions of different parity; adding the run's first
 * bit to the run makes the carry fall out behind its end. */
static inline uint64_t
find_escaped(uint64_t backslash, uint64_t *carry)
{
	const uint64_t even = 0x5555555555555555u;
	uint64_t follows, odd_starts, even_runs, sum;

	if (!backslash) {
		follows = *carry;
		*carry = 0;
		return follows;
	}
	backslash &= ~*carry;
	follows = backslash << 1 | *carry;
	odd_starts = backslash & ~even & ~follows;
	sum = odd_starts + backslash;
	*carry = sum < odd_starts;
	even_runs = sum << 1;
	return (even ^ even_runs) & follows;
}

/* ---- the same for every kernel ---- */

/* From masks to structural bits. Returns false where a check failed. */
#define ARITHMETIC(clmul)						\
	uint64_t escaped = find_escaped(m.backslash, &c->escaped);	\
	uint64_t quote = m.quote & ~escaped;				\
	uint64_t in_string = clmul(quote) ^ c->in_string;		\
	uint64_t scalar = ~(m.op | m.white), bare = scalar & ~quote;	\
	uint64_t starts = scalar & ~(bare << 1 | c->scalar);		\
	uint64_t wrong_escapes = escaped & in_string;			\
									\
	c->in_string = (uint64_t)((int64_t)in_string >> 63);		\
	c->scalar = bare >> 63;						\
	*bits = ((m.op | starts) & ~(in_string ^ quote)) |		\
	    (m.lf & ~in_string);					\
	if (UNLIKELY(m.control & in_string))				\
		return false;						\
	while (UNLIKELY(wrong_escapes)) {				\
		if (!escape_ok(p, n, at + (size_t)			\
		    __builtin_ctzll(wrong_escapes), c))			\
			return false;					\
		wrong_escapes &= wrong_escapes - 1;			\
	}								\
	return true

/* The three tables of Keiser and Lemire: each error is a bit that survives
 * the AND of what the high and low half of a byte and the high half of the
 * next allow. */
enum {
	TOO_SHORT = 1, TOO_LONG = 2, OVERLONG_3 = 4, TOO_LARGE = 8,
	SURROGATE = 16, OVERLONG_2 = 32, OVERLONG_4 = 64, TWO_CONTS = 128,
	CARRY = TOO_SHORT | TOO_LONG | TWO_CONTS
};

#define T_HIGH								\
	TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,				\
	TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,				\
	(char)TWO_CONTS, (char)TWO_CONTS, (char)TWO_CONTS,		\
	(char)TWO_CONTS, TOO_SHORT | OVERLONG_2, TOO_SHORT,		\
	TOO_SHORT | OVERLONG_3 | SURROGATE,				\
	TOO_SHORT | TOO_LARGE | OVERLONG_4
#define T_LOW								\
	(char)(CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4),		\
	(char)(CARRY | OVERLONG_2), (char)CARRY, (char)CARRY,		\
	(char)(CARRY | TOO_LARGE), (char)(CARRY | TOO_LARGE | OVERLONG_4), \
	(char)(CARRY | TOO_LARGE | OVERLONG_4),				\
	(char)(CARRY | TOO_LARGE | OVERLONG_4),				\
	(char)(CARRY | TOO_LARGE | OVERLONG_4),				\
	(char)(CARRY | TOO_LARGE | OVERLONG_4),				\
	(char)(CARRY | TOO_LARGE | OVERLONG_4),				\
	(char)(CARRY | TOO_LARGE | OVERLONG_4),				\
	(char)(CARRY | TOO_LARGE | OVERLONG_4),				\
	(char)(CARRY | TOO_LARGE | OVERLONG_4 | SURROGATE),		\
	(char)(CARRY | TOO_LARGE | OVERLONG_4),				\
	(char)(CARRY | TOO_LARGE | OVERLONG_4)
#define T_NEXT								\
	TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,			\
	TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,			\
	(char)(TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | OVERLONG_4), \
	(char)(TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE), \
	(char)(TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE), \
	(char)(TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE), \
	TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT

/* By the low half of a byte: the white space with that half, and the
 * operator with that half and bit 5 set ('[' is '{' then). Bytes 0x0c and
 * 0x1a look like ',' and ':'; the grammar, which looks at the byte, does not
 * take them. */
#define T_WHITE								\
	' ', 100, 100, 100, 17, 100, 113, 2, 100, '\t', '\n', 112, 100, \
	'\r', 100, 100
#define T_OP								\
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ':', '{', ',', '}', 0, 0

/* ---- AVX2 ---- */

#define AVX2 __attribute__((target("avx2,pclmul,bmi,popcnt")))

AVX2 static inline uint64_t
clmul_avx2(uint64_t bits)
{
	__m128i ones = _mm_set1_epi8((char)0xff);
	__m128i r = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits),
	    ones, 0);

	return (uint64_t)_mm_cvtsi128_si64(r);
}

AVX2 static inline uint64_t
mask_avx2(__m256i low, __m256i high)
{
	return (uint64_t)(uint32_t)_mm256_movemask_epi8(low) |
	    (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

AVX2 static inline uint64_t
equal_avx2(__m256i a, __m256i b, char c)
{
	__m256i v = _mm256_set1_epi8(c);

	return mask_avx2(_mm256_cmpeq_epi8(a, v), _mm256_cmpeq_epi8(b, v));
}

AVX2 static inline struct masks
masks_avx2(__m256i a, __m256i b)
{
	const __m256i white = _mm256_setr_epi8(T_WHITE, T_WHITE);
	const __m256i op = _mm256_setr_epi8(T_OP, T_OP);
	const __m256i bit5 = _mm256_set1_epi8(0x20);
	const __m256i last = _mm256_set1_epi8(0x1f);
	struct masks m;

	m.quote = equal_avx2(a, b, '"');
	m.backslash = equal_avx2(a, b, '\\');
	m.lf = equal_avx2(a, b, '\n');
	m.control = mask_avx2(
	    _mm256_cmpeq_epi8(_mm256_min_epu8(a, last), a),
	    _mm256_cmpeq_epi8(_mm256_min_epu8(b, last), b));
	m.white = mask_avx2(
	    _mm256_cmpeq_epi8(_mm256_shuffle_epi8(white, a), a),
	    _mm256_cmpeq_epi8(_mm256_shuffle_epi8(white, b), b));
	m.op = mask_avx2(
	    _mm256_cmpeq_epi8(_mm256_shuffle_epi8(op, a),
	    _mm256_or_si256(a, bit5)),
	    _mm256_cmpeq_epi8(_mm256_shuffle_epi8(op, b),
	    _mm256_or_si256(b, bit5)));
	return m;
}

AVX2 static inline __m256i
utf8_avx2(__m256i v, __m256i prev)
{
	const __m256i t_high = _mm256_setr_epi8(T_HIGH, T_HIGH);
	const __m256i t_low = _mm256_setr_epi8(T_LOW, T_LOW);
	const __m256i t_next = _mm256_setr_epi8(T_NEXT, T_NEXT);
	const __m256i half = _mm256_set1_epi8(0x0f);
	__m256i mid = _mm256_permute2x128_si256(prev, v, 0x21);
	__m256i prev1 = _mm256_alignr_epi8(v, mid, 15);
	__m256i prev2 = _mm256_alignr_epi8(v, mid, 14);
	__m256i prev3 = _mm256_alignr_epi8(v, mid, 13);
	__m256i special = _mm256_and_si256(_mm256_and_si256(
	    _mm256_shuffle_epi8(t_high,
	    _mm256_and_si256(_mm256_srli_epi16(prev1, 4), half)),
	    _mm256_shuffle_epi8(t_low, _mm256_and_si256(prev1, half))),
	    _mm256_shuffle_epi8(t_next,
	    _mm256_and_si256(_mm256_srli_epi16(v, 4), half)));
	__m256i third = _mm256_subs_epu8(prev2, _mm256_set1_epi8(0xe0 - 0x80));
	__m256i fourth = _mm256_subs_epu8(prev3,
	    _mm256_set1_epi8((char)(0xf0 - 0x80)));
	__m256i must = _mm256_and_si256(_mm256_or_si256(third, fourth),
	    _mm256_set1_epi8((char)0x80));

	return _mm256_xor_si256(must, special);
}

AVX2 static inline bool
arithmetic_avx2(struct masks m, const unsigned char *p, size_t n, size_t at,
    struct carry *c, uint64_t *bits)
{
	ARITHMETIC(clmul_avx2);
}

AVX2 static inline uint32_t *
put_avx2(uint32_t *out, uint32_t at, uint64_t bits)
{
	int n = __builtin_popcountll(bits), i;

	/* eight at a time: most blocks have no more; what is written past
	 * the end is written again */
	for (i = 0; i < 8; i++) {
		out[i] = at + (uint32_t)__builtin_ctzll(bits | 1ull << 63);
		bits &= bits - 1;
	}
	if (UNLIKELY(n > 8)) {
		for (i = 8; i < 16; i++) {
			out[i] = at + (uint32_t)__builtin_ctzll(bits |
			    1ull << 63);
			bits &= bits - 1;
		}
		for (; i < n; i++) {
			out[i] = at + (uint32_t)__builtin_ctzll(bits);
			bits &= bits - 1;
		}
	}
	return out + n;
}

AVX2 static void
index_avx2(const char *text, size_t n, struct json_index *x)
{
	const unsigned char *p = (const unsigned char *)text;
	struct carry c = { 0, 0, 0, SIZE_MAX };
	__m256i prev = _mm256_setzero_si256(), error;
	uint32_t *out = x->at;
	unsigned char tail[64];
	uint64_t bits, any = 0;
	size_t at;

	for (at = 0; at < n; at += 64) {
		const unsigned char *block = p + at;
		__m256i a, b;
		struct masks m;

		if (UNLIKELY(n - at < 64)) {
			memset(tail, ' ', sizeof tail);
			memcpy(tail, block, n - at);
			block = tail;
		}
		a = _mm256_loadu_si256((const __m256i *)(const void *)block);
		b = _mm256_loadu_si256((const __m256i *)(const void *)
		    (block + 32));
		m = masks_avx2(a, b);
		any |= m.backslash;
		if (_mm256_movemask_epi8(_mm256_or_si256(a, b)) ||
		    _mm256_movemask_epi8(prev)) {
			error = _mm256_or_si256(utf8_avx2(a, prev),
			    utf8_avx2(b, a));
			if (!_mm256_testz_si256(error, error))
				break;
		}
		prev = b;
		if (!arithmetic_avx2(m, p, n, at, &c, &bits))
			break;
		out = put_avx2(out, (uint32_t)at, bits);
	}
	x->n = (size_t)(out - x->at);
	x->good = at < n ? at : n;
	x->escapes = any != 0;
}

static bool
here_avx2(void)
{
	return __builtin_cpu_supports("avx2") &&
	    __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("bmi");
}

/* ---- AVX-512, with VBMI2 for writing positions ---- */

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi2," \
	"avx2,pclmul,bmi,popcnt")))

AVX512 static inline uint64_t
clmul_avx512(uint64_t bits)
{
	__m128i ones = _mm_set1_epi8((char)0xff);
	__m128i r = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits),
	    ones, 0);

	return (uint64_t)_mm_cvtsi128_si64(r);
}

AVX512 static inline struct masks
masks_avx512(__m512i v)
{
	const __m512i white = _mm512_broadcast_i32x4(_mm_setr_epi8(T_WHITE));
	const __m512i op = _mm512_broadcast_i32x4(_mm_setr_epi8(T_OP));
	struct masks m;

	m.quote = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('"'));
	m.backslash = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\\'));
	m.lf = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\n'));
	m.control = _mm512_cmplt_epu8_mask(v, _mm512_set1_epi8(0x20));
	m.white = _mm512_cmpeq_epi8_mask(_mm512_shuffle_epi8(white, v), v);
	m.op = _mm512_cmpeq_epi8_mask(_mm512_shuffle_epi8(op, v),
	    _mm512_or_si512(v, _mm512_set1_epi8(0x20)));
	return m;
}

AVX512 static inline uint64_t
utf8_avx512(__m512i v, __m512i prev)
{
	const __m512i t_high = _mm512_broadcast_i32x4(_mm_setr_epi8(T_HIGH));
	const __m512i t_low = _mm512_broadcast_i32x4(_mm_setr_epi8(T_LOW));
	const __m512i t_next = _mm512_broadcast_i32x4(_mm_setr_epi8(T_NEXT));
	const __m512i half = _mm512_set1_epi8(0x0f);
	const __m512i shift = _mm512_setr_epi64(6, 7, 8, 9, 10, 11, 12, 13);
	__m512i mid = _mm512_permutex2var_epi64(prev, shift, v);
	__m512i prev1 = _mm512_alignr_epi8(v, mid, 15);
	__m512i prev2 = _mm512_alignr_epi8(v, mid, 14);
	__m512i prev3 = _mm512_alignr_epi8(v, mid, 13);
	__m512i special = _mm512_and_si512(_mm512_and_si512(
	    _mm512_shuffle_epi8(t_high,
	    _mm512_and_si512(_mm512_srli_epi16(prev1, 4), half)),
	    _mm512_shuffle_epi8(t_low, _mm512_and_si512(prev1, half))),
	    _mm512_shuffle_epi8(t_next,
	    _mm512_and_si512(_mm512_srli_epi16(v, 4), half)));
	__m512i third = _mm512_subs_epu8(prev2, _mm512_set1_epi8(0xe0 - 0x80));
	__m512i fourth = _mm512_subs_epu8(prev3,
	    _mm512_set1_epi8((char)(0xf0 - 0x80)));
	__m512i must = _mm512_and_si512(_mm512_or_si512(third, fourth),
	    _mm512_set1_epi8((char)0x80));
	__m512i error = _mm512_xor_si512(must, special);

	return _mm512_test_epi8_mask(error, error);
}

AVX512 static inline bool
arithmetic_avx512(struct masks m, const unsigned char *p, size_t n, size_t at,
    struct carry *c, uint64_t *bits)
{
	ARITHMETIC(clmul_avx512);
}

/* The positions of the bits: compressed bytes, widened sixteen at a time. */
AVX512 static inline uint32_t *
put_avx512(uint32_t *out, uint32_t at, uint64_t bits)
{
	static const unsigned char count[64] = {
		0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
		18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,
		33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
		48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63
	};
	__m512i at_all = _mm512_set1_epi32((int)at);
	__m512i bytes = _mm512_maskz_compress_epi8(bits,
	    _mm512_loadu_si512(count));
	int n = __builtin_popcountll(bits);

	_mm512_storeu_si512(out, _mm512_add_epi32(at_all,
	    _mm512_cvtepu8_epi32(_mm512_castsi512_si128(bytes))));
	if (n > 16)
		_mm512_storeu_si512(out + 16, _mm512_add_epi32(at_all,
		    _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(bytes,
		    1))));
	if (UNLIKELY(n > 32)) {
		_mm512_storeu_si512(out + 32, _mm512_add_epi32(at_all,
		    _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(bytes,
		    2))));
		_mm512_storeu_si512(out + 48, _mm512_add_epi32(at_all,
		    _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(bytes,
		    3))));
	}
	return out + n;
}

AVX512 static void
index_avx512(const char *text, size_t n, struct json_index *x)
{
	const unsigned char *p = (const unsigned char *)text;
	struct carry c = { 0, 0, 0, SIZE_MAX };
	__m512i prev = _mm512_setzero_si512();
	uint32_t *out = x->at;
	uint64_t bits, any = 0, high, prev_high = 0;
	size_t at;

	for (at = 0; at < n; at += 64) {
		__m512i v;
		struct masks m;

		if (LIKELY(n - at >= 64))
			v = _mm512_loadu_si512(p + at);
		else
			v = _mm512_mask_loadu_epi8(_mm512_set1_epi8(' '),
			    (1ull << (n - at)) - 1, p + at);
		m = masks_avx512(v);
		any |= m.backslash;
		high = _mm512_movepi8_mask(v);
		if (UNLIKELY((high | prev_high) && utf8_avx512(v, prev)))
			break;
		prev_high = high;
		prev = v;
		if (!arithmetic_avx512(m, p, n, at, &c, &bits))
			break;
		out = put_avx512(out, (uint32_t)at, bits);
	}
	x->n = (size_t)(out - x->at);
	x->good = at < n ? at : n;
	x->escapes = any != 0;
}

static bool
here_avx512(void)
{
	return here_avx2() && __builtin_cpu_supports("avx512f") &&
	    __builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512vl") &&
	    __builtin_cpu_supports("avx512vbmi2");
}

const struct json_kernel json_kernels[] = {
	{ "avx512", here_avx512, index_avx512 },
	{ "avx2", here_avx2, index_avx2 },
	{ NULL, NULL, NULL }
};

#else

const struct json_kernel json_kernels[] = { { NULL, NULL, NULL } };

#endif

const struct json_kernel *
json_kernel(void)
{
	const struct json_kernel *k;

	for (k = json_kernels; k->name; k++)
		if (k->here())
			return k;
	return NULL;
}
