/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kernel_amx.c -- the AVX-512 kernel, with products of windows by tiles.
 *
 * Tiles multiply numbers of 8 bits of mantissa (bfloat16) and add in float32,
 * sixteen times as many a cycle as vectors of floats do. A float32 is the sum
 * of three such numbers, to the bit: x = x0 + x1 + x2, each the rest rounded.
 * Of the nine products of two floats the six that count are summed:
 *
 *	x w = x0 w0 + (x0 w1 + x1 w0) + (x0 w2 + x1 w1 + x2 w0)
 *
 * What is left out is below 2^-26 of a product, an eighth of what a float
 * rounds by. The smallest terms are summed first, over all of a row, so that a
 * sum rounds no more than one of floats does (t_kernel.c measures it). Rows of
 * a tile know nothing of each other.
 *
 * (Intel, Architecture Instruction Set Extensions Programming Reference, AMX;
 * G. Henry, P. T. P. Tang, A. Heinecke, Leveraging the bfloat16 Artificial
 * Intelligence Datatype For Higher-Precision Computations, 2019.)
 */
#define _DEFAULT_SOURCE                 /* syscall() */
#include "ner/kernel_kinds.h"

#if defined(__x86_64__) && defined(__linux__)
#include "ner/kernel_zmm.h"

#include <cpuid.h>
#include <sys/syscall.h>

#define TILED
#include "ner/kernel_loop.h"

#define TILES \
	__attribute__((target("amx-tile,amx-bf16,avx512f,avx512vl,avx2,fma")))

#define BLOCK 16                        /* rows of a tile */
#define PAIRS KERNEL_TILED_PAIRS        /* at a time: two tiles of rows */

/* The compiler takes a tile for no memory. */
#define SETTLE() __asm__ volatile ("" ::: "memory")

struct shape {
	uint8_t palette, start, rest[14];
	uint16_t bytes[16];
	uint8_t rows[16];
};

/* Tiles 0 to 3 are sums; then parts of rows; then parts of weights. */
TILES static void
set_shape(size_t rows)
{
	struct shape s;
	int i;

	memset(&s, 0, sizeof s);
	s.palette = 1;
	for (i = 0; i < 8; i++) {
		s.bytes[i] = 64;
		s.rows[i] = BLOCK;
	}
	if (rows > BLOCK) {
		s.rows[2] = s.rows[3] = s.rows[5] = (uint8_t)(rows - BLOCK);
	} else {
		for (i = 0; i < 5; i++)
			s.rows[i] = (uint8_t)rows;
	}
	SETTLE();
	_tile_loadconfig(&s);
}

/* ---- rows in three parts ---- */

/* Sixteen numbers rounded to their upper halves. */
TARGET static inline __attribute__((always_inline)) __m512i
upper(V x)
{
	__m512i u = _mm512_castps_si512(x);
	__m512i odd = _mm512_and_epi32(_mm512_srli_epi32(u, 16),
	    _mm512_set1_epi32(1));

	u = _mm512_add_epi32(_mm512_add_epi32(u, odd),
	    _mm512_set1_epi32(0x7fff));
	return _mm512_and_epi32(u, _mm512_set1_epi32((int)0xffff0000));
}

/* A row's numbers k.. as three parts, far apart. */
TARGET static inline __attribute__((always_inline)) void
split(V x, uint16_t *to, size_t far)
{
	__m512i u;
	int i;

	for (i = 0; i < 3; i++) {
		u = upper(x);
		_mm256_storeu_si256((__m256i *)(to + (size_t)i * far),
		    _mm512_cvtepi32_epi16(_mm512_srli_epi32(u, 16)));
		x = SUB(x, _mm512_castsi512_ps(u));
	}
}

/* What product m is of, for pairs from..to: see mix() and kernel.h. */
TARGET static void
split_rows(const float *const *rows, size_t ins, size_t wide, int m,
    size_t from, size_t to, uint16_t *out)
{
	size_t a = m == 0 ? 0 : m == 2 ? 2 : 1, b = m == 1 || m == 0 ? 2 : m ==
	    2 ? 1 : 3, i, k;

	for (i = from; i < to; i++, out += wide) {
		const float *x = rows[i] + a * ins, *y = rows[i] + b * ins;

		for (k = 0; k < ins; k += LANES)
			split(m == 1 ? ADD(LOAD(x + k), LOAD(y + k)) :
			    SUB(LOAD(x + k), LOAD(y + k)), out + k,
			    PAIRS * wide);
		for (; k < wide; k += LANES)
			split(SET1(0.0f), out + k, PAIRS * wide);
	}
}

/* ---- products ---- */

/* Where a part of rows, or of a column of weights, begins. */
#define ROW(part, k) (rows + (part) * PAIRS * wide + (k) * 32)
#define WEIGHT(col, part, k) \
	(w + (((col) * steps + (k)) * 3 + (part)) * KERNEL_TILE)

/* Two tiles of rows, two of columns. */
#define TERM22(i, j) \
	for (k = 0; k < steps; k++) { \
		_tile_loadd(4, ROW(i, k), stride); \
		_tile_loadd(6, WEIGHT(0, j, k), 64); \
		_tile_loadd(5, ROW(i, k) + BLOCK * wide, stride); \
		_tile_loadd(7, WEIGHT(1, j, k), 64); \
		_tile_dpbf16ps(0, 4, 6); \
		_tile_dpbf16ps(1, 4, 7); \
		_tile_dpbf16ps(2, 5, 6); \
		_tile_dpbf16ps(3, 5, 7); \
	}

/* Two of rows, one of columns. */
#define TERM21(i, j) \
	for (k = 0; k < steps; k++) { \
		_tile_loadd(4, ROW(i, k), stride); \
		_tile_loadd(6, WEIGHT(0, j, k), 64); \
		_tile_loadd(5, ROW(i, k) + BLOCK * wide, stride); \
		_tile_dpbf16ps(0, 4, 6); \
		_tile_dpbf16ps(2, 5, 6); \
	}

/* One of rows, three of columns. */
#define TERM13(i, j) \
	for (k = 0; k < steps; k++) { \
		_tile_loadd(4, ROW(i, k), stride); \
		_tile_loadd(5, WEIGHT(0, j, k), 64); \
		_tile_loadd(6, WEIGHT(1, j, k), 64); \
		_tile_loadd(7, WEIGHT(2, j, k), 64); \
		_tile_dpbf16ps(0, 4, 5); \
		_tile_dpbf16ps(1, 4, 6); \
		_tile_dpbf16ps(2, 4, 7); \
	}

/* One of each. */
#define TERM11(i, j) \
	for (k = 0; k < steps; k++) { \
		_tile_loadd(4, ROW(i, k), stride); \
		_tile_loadd(5, WEIGHT(0, j, k), 64); \
		_tile_dpbf16ps(0, 4, 5); \
	}

#define TERMS(TERM) \
	TERM(2, 0) TERM(1, 1) TERM(0, 2) TERM(1, 0) TERM(0, 1) TERM(0, 0)

/* Rows by columns of weights, n and cols of them: out[row][col][lane]. */
TILES static void
multiply(const uint16_t *rows, size_t n, size_t wide, const uint16_t *w,
    size_t cols, float *out)
{
	size_t steps = wide / 32, stride = wide * sizeof *rows, c, k;
	size_t apart = cols * LANES * sizeof *out;
	float *low = out + BLOCK * cols * LANES;

	set_shape(n);
	for (c = 0; c < cols;) {
		_tile_zero(0);
		_tile_zero(1);
		_tile_zero(2);
		_tile_zero(3);
		if (n > BLOCK && cols - c >= 2) {
			TERMS(TERM22)
			_tile_stored(0, out, apart);
			_tile_stored(1, out + LANES, apart);
			_tile_stored(2, low, apart);
			_tile_stored(3, low + LANES, apart);
			k = 2;
		} else if (n > BLOCK) {
			TERMS(TERM21)
			_tile_stored(0, out, apart);
			_tile_stored(2, low, apart);
			k = 1;
		} else if (cols - c >= 3) {
			TERMS(TERM13)
			_tile_stored(0, out, apart);
			_tile_stored(1, out + LANES, apart);
			_tile_stored(2, out + 2 * LANES, apart);
			k = 3;
		} else {
			TERMS(TERM11)
			_tile_stored(0, out, apart);
			k = 1;
		}
		c += k;
		w += k * steps * 3 * KERNEL_TILE;
		out += k * LANES;
		low += k * LANES;
	}
	SETTLE();
}

/* Outputs from the products of one pair; b goes with m1. */
INLINE void
finish(const float *const m[4], const float *b, float *first, float *second,
    size_t outs, const int P)
{
	const float *part[4];
	size_t at, k;
	int j;

	for (at = k = 0; at < outs; at += LANES, k += P * LANES) {
		for (j = 0; j < 4; j++)
			part[j] = m[j] + k;
		unmix(part, b + k, first ? first + at : NULL, second ?
		    second + at : NULL, P);
	}
}

/* Up to PAIRS of them. */
TARGET static void
some(const struct paired *a, const float *const *rows, float *const *first,
    float *const *second, size_t n, float *room)
{
	size_t ins = a->part[0].ins, outs = a->part[0].outs;
	size_t P = a->part[0].pieces, wide = KERNEL_TILED(ins), cols = outs /
	    LANES * P, each = cols * LANES, i;
	size_t from[4], to[4];
	uint16_t *parts = (uint16_t *)(void *)(room + 4 * PAIRS * each);
	const float *m[4], *b = a->part[1].b;
	int j;

	needed(first, second, n, from, to);
	for (j = 0; j < 4; j++) {
		if (from[j] == to[j])
			continue;
		split_rows(rows, ins, wide, j, from[j], to[j], parts);
		multiply(parts, to[j] - from[j], wide, (const uint16_t *)
		    (const void *)a->tiles + (size_t)j * cols * (wide / 32) *
		    3 * KERNEL_TILE, cols, room + (size_t)j * PAIRS * each);
	}
	for (i = 0; i < n; i++) {
		for (j = 0; j < 4; j++)
			m[j] = room + ((size_t)j * PAIRS + (i >= from[j] &&
			    i < to[j] ? i - from[j] : 0)) * each;
		if (P == 3)
			finish(m, b, first[i], second[i], outs, 3);
		else if (P == 2)
			finish(m, b, first[i], second[i], outs, 2);
		else
			finish(m, b, first[i], second[i], outs, 1);
	}
}

TILES static void
pairs(const struct paired *a, const float *const *rows, float *const *first,
    float *const *second, size_t n, float *room)
{
	size_t i, m;

	for (i = 0; i < n; i += m) {
		m = n - i < PAIRS ? n - i : PAIRS;
		some(a, rows + i, first + i, second + i, m, room);
	}
	if (n)
		_tile_release();
}

/* The system has to be asked for the tiles' registers (Linux, Documentation/
 * arch/x86/xstate.rst). */
static bool
here(void)
{
	const long ask = 0x1023, tiles = 18;
	unsigned a, b, c, d;

	return kernel_avx512.here() && __get_cpuid_count(7, 0, &a, &b, &c,
	    &d) && d >> 22 & 1 && d >> 24 & 1 && syscall(SYS_arch_prctl, ask,
	    tiles) == 0;
}

const struct kernel kernel_amx = {
	"amx", LANES, true, here, maxout, pairs, add, norm
};
#endif
