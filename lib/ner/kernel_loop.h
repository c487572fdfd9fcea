/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kernel_loop.h -- the loops of a kernel, over vectors that the includer has
 * defined: V, LANES, TARGET, LOAD, STORE, SET1, FMA (a*b + c), MAX, and ROWS,
 * how many rows fit the registers. By itself it is the plain kernel's loops,
 * on vectors of four as every compiler of the suite has them. */
#ifndef NER_KERNEL_LOOP_H
#define NER_KERNEL_LOOP_H

#include "ner/kernel.h"

#ifndef LANES
#define LANES 4
#define ROWS 4
#define TARGET
typedef float V __attribute__((vector_size(16), aligned(4), may_alias));
#define LOAD(p) (*(const V *)(p))
#define STORE(p, v) (*(V *)(p) = (v))
#define SET1(x) ((V){ (x), (x), (x), (x) })
#define FMA(a, b, c) ((a) * (b) + (c))
#define ADD(a, b) ((a) + (b))
#define SUB(a, b) ((a) - (b))
#define MUL(a, b) ((a) * (b))
#define MAX(a, b) max4((a), (b))
typedef int32_t I __attribute__((vector_size(16)));
static inline V
max4(V a, V b)
{
	I take = a > b;

	return (V)(((I)a & take) | ((I)b & ~take));
}
#endif

#if defined(__clang__)
#define UNROLL _Pragma("unroll")
#else
#define UNROLL _Pragma("GCC unroll 8")
#endif

#define INLINE static inline __attribute__((always_inline)) TARGET

/* The sums of R rows, one vector of outputs, P pieces, from b (or 0) up. */
INLINE void
sums(const float *const *rows, size_t ins, const float *w, const float *b,
    V sum[8][KERNEL_PIECES], const int R, const int P)
{
	const float *x[8];
	size_t k;
	int r, p;

	UNROLL
	for (r = 0; r < R; r++) {
		x[r] = rows[r];
		UNROLL
		for (p = 0; p < P; p++)
			sum[r][p] = b ? LOAD(b + p * LANES) : SET1(0.0f);
	}
	for (k = 0; k < ins; k++, w += P * LANES) {
		V v[KERNEL_PIECES];

		UNROLL
		for (p = 0; p < P; p++)
			v[p] = LOAD(w + p * LANES);
		UNROLL
		for (r = 0; r < R; r++) {
			V a = SET1(x[r][k]);

			UNROLL
			for (p = 0; p < P; p++)
				sum[r][p] = FMA(a, v[p], sum[r][p]);
		}
	}
}

/* Their largest pieces go to out[r] + at; with MANY all pieces go there. */
INLINE void
block(const float *const *rows, size_t ins, const float *w, const float *b,
    float *const *out, size_t at, const int R, const int P, const bool MANY)
{
	V sum[8][KERNEL_PIECES];
	int r, p;

	sums(rows, ins, w, b, sum, R, P);
	UNROLL
	for (r = 0; r < R; r++) {
		V m = sum[r][0];

		if (MANY)
			STORE(out[r] + at, m);
		UNROLL
		for (p = 1; p < P; p++) {
			if (MANY)
				STORE(out[r] + at + p * LANES, sum[r][p]);
			else
				m = MAX(m, sum[r][p]);
		}
		if (!MANY)
			STORE(out[r] + at, m);
	}
}

INLINE void
some_rows(const float *const *rows, size_t ins, const float *w,
    const float *b, float *const *out, size_t n, size_t at, const int P,
    const bool MANY)
{
	size_t i, m;

	for (i = 0; i < n; i += m) {
		m = n - i;
		if (m > ROWS)           /* the last two of a size */
			m = m < 2 * ROWS ? (m + 1) / 2 : ROWS;
#define CASE(R) case R: \
		block(rows + i, ins, w, b, out + i, at, R, P, MANY); \
		break;
		switch (m) {
		CASE(1) CASE(2) CASE(3) CASE(4)
#if ROWS > 4
		CASE(5) CASE(6) CASE(7) CASE(8)
#endif
		}
#undef CASE
	}
}

TARGET static void
maxout(const struct affine *a, const float *const *rows, float *const *out,
    size_t n)
{
	size_t step = a->pieces * LANES, i, m, at;

	for (i = 0; i < n; i += m) {
		m = n - i < KERNEL_ROWS ? n - i : KERNEL_ROWS;
		for (at = 0; at < a->outs; at += LANES) {
			const float *w = a->w + at * a->pieces * a->ins;
			const float *b = a->b + at / LANES * step;

			if (a->pieces == 3)
				some_rows(rows + i, a->ins, w, b, out + i, m,
				    at, 3, false);
			else if (a->pieces == 2)
				some_rows(rows + i, a->ins, w, b, out + i, m,
				    at, 2, false);
			else
				some_rows(rows + i, a->ins, w, b, out + i, m,
				    at, 1, false);
		}
	}
}

/* Which pairs each of the products is needed of: from[] to to[]. */
INLINE void
needed(float *const *first, float *const *second, size_t n, size_t from[4],
    size_t to[4])
{
	int j;

	for (j = 0; j < 4; j++) {
		from[j] = 0;
		to[j] = n;
	}
	while (from[3] < n && !second[from[3]])
		from[3]++;
	while (to[0] > 0 && !first[to[0] - 1])
		to[0]--;
}

/* One vector of outputs from the products, P pieces of each:
 * m0 + (m1 + m2) for the first of two, (m1 - m2) - m3 for the second. b is
 * added to m1; NULL: it is there. */
INLINE void
unmix(const float *const m[4], const float *b, float *first, float *second,
    const int P)
{
	V x = SET1(0.0f), y = x, s, t;
	int p;

	UNROLL
	for (p = 0; p < P; p++) {
		s = LOAD(m[1] + p * LANES);
		if (b)
			s = ADD(s, LOAD(b + p * LANES));
		t = LOAD(m[2] + p * LANES);
		if (first) {
			V v = ADD(LOAD(m[0] + p * LANES), ADD(s, t));

			x = p ? MAX(x, v) : v;
		}
		if (second) {
			V v = SUB(SUB(s, t), LOAD(m[3] + p * LANES));

			y = p ? MAX(y, v) : v;
		}
	}
	if (first)
		STORE(first, x);
	if (second)
		STORE(second, y);
}

#ifndef TILED
/* What the four products are of: d0 - d2, d1 + d2, d2 - d1, d1 - d3, each
 * for the pairs from[] to to[]. */
INLINE void
mix(const float *const *rows, size_t ins, float *room, const size_t from[4],
    const size_t to[4])
{
	size_t i, k, each = KERNEL_PAIRS * ins;

	for (i = from[0]; i < to[0]; i++)
		for (k = 0; k < ins; k += LANES)
			STORE(room + i * ins + k, SUB(LOAD(rows[i] + k),
			    LOAD(rows[i] + 2 * ins + k)));
	for (i = from[1]; i < to[1]; i++)
		for (k = 0; k < ins; k += LANES) {
			V a = LOAD(rows[i] + ins + k);
			V b = LOAD(rows[i] + 2 * ins + k);

			STORE(room + each + i * ins + k, ADD(a, b));
			STORE(room + 2 * each + i * ins + k, SUB(b, a));
		}
	for (i = from[3]; i < to[3]; i++)
		for (k = 0; k < ins; k += LANES)
			STORE(room + 3 * each + i * ins + k, SUB(LOAD(rows[i] +
			    ins + k), LOAD(rows[i] + 3 * ins + k)));
}

/* Up to KERNEL_PAIRS of them. */
INLINE void
some_pairs(const struct paired *a, const float *const *rows,
    float *const *first, float *const *second, size_t n, float *room,
    const int P)
{
	size_t ins = a->part[0].ins, each = KERNEL_PAIRS * ins, at, i, j;
	size_t from[4], to[4];
	const float *in[4][KERNEL_PAIRS], *m[4];
	float *out[4][KERNEL_PAIRS];

	needed(first, second, n, from, to);
	mix(rows, ins, room, from, to);
	for (j = 0; j < 4; j++)
		for (i = 0; i < n; i++) {
			in[j][i] = room + j * each + i * ins;
			out[j][i] = room + 4 * each + (j * KERNEL_PAIRS + i) *
			    P * LANES;
		}
	for (at = 0; at < a->part[0].outs; at += LANES) {
		for (j = 0; j < 4; j++)
			some_rows(in[j] + from[j], ins, a->part[j].w + at *
			    P * ins, j == 1 ? a->part[1].b + at * P : NULL,
			    out[j] + from[j], to[j] - from[j], 0, P, true);
		for (i = 0; i < n; i++) {
			for (j = 0; j < 4; j++)
				m[j] = out[j][i];
			unmix(m, NULL, first[i] ? first[i] + at : NULL,
			    second[i] ? second[i] + at : NULL, P);
		}
	}
}

TARGET static void
pairs(const struct paired *a, const float *const *rows, float *const *first,
    float *const *second, size_t n, float *room)
{
	size_t i, m;

	for (i = 0; i < n; i += m) {
		m = n - i < KERNEL_PAIRS ? n - i : KERNEL_PAIRS;
		if (a->part[0].pieces == 3)
			some_pairs(a, rows + i, first + i, second + i, m,
			    room, 3);
		else if (a->part[0].pieces == 2)
			some_pairs(a, rows + i, first + i, second + i, m,
			    room, 2);
		else
			some_pairs(a, rows + i, first + i, second + i, m,
			    room, 1);
	}
}

#endif

TARGET static void
add(const float *const *parts, size_t n, float *out, size_t outs,
    size_t pieces)
{
	size_t i, j, p, at = 0;

	for (i = 0; i < outs; i += LANES) {
		V most = SET1(0.0f);

		for (p = 0; p < pieces; p++, at += LANES) {
			V v = LOAD(parts[0] + at);

			for (j = 1; j < n; j++)
				v = ADD(v, LOAD(parts[j] + at));
			most = p ? MAX(most, v) : v;
		}
		STORE(out + i, most);
	}
}

/* The sum of a vector's numbers: its halves are added, then the halves of
 * that, and so on, which errs less than one after the other. */
INLINE float
across(V v)
{
#if LANES == 16
	return _mm512_reduce_add_ps(v);
#else
	float x[LANES];
	int i, n;

	STORE(x, v);
	UNROLL
	for (n = LANES / 2; n > 0; n /= 2)
		UNROLL
		for (i = 0; i < n; i++)
			x[i] += x[i + n];
	return x[0];
#endif
}

TARGET static void
norm(float *row, size_t n, const float *g, const float *b, const float *more)
{
	size_t whole = n / LANES * LANES, i;
	V s = SET1(0.0f), mean, d, scale;
	float mu, var, one;

	for (i = 0; i < whole; i += LANES)
		s = ADD(s, LOAD(row + i));
	for (mu = across(s); i < n; i++)
		mu += row[i];
	mu /= (float)n;
	mean = SET1(mu);
	s = SET1(0.0f);
	for (i = 0; i < whole; i += LANES) {
		d = SUB(LOAD(row + i), mean);
		s = ADD(s, MUL(d, d));
	}
	for (var = across(s); i < n; i++)
		var += (row[i] - mu) * (row[i] - mu);
	var = var / (float)n + 1e-8f;
	one = 1.0f / sqrtf(var);
	scale = SET1(one);
	for (i = 0; i < whole; i += LANES) {
		d = MUL(SUB(LOAD(row + i), mean), scale);
		d = ADD(MUL(d, LOAD(g + i)), LOAD(b + i));
		if (more)
			d = ADD(d, LOAD(more + i));
		STORE(row + i, d);
	}
	for (; i < n; i++)
		row[i] = (row[i] - mu) * one * g[i] + b[i] +
		    (more ? more[i] : 0.0f);
}

#endif
