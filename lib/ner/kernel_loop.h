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

/* R rows (ld apart), one vector of outputs, P pieces. */
INLINE void
block(const float *x, size_t ld, size_t ins, const float *w, const float *b,
    float *const *out, size_t at, const int R, const int P)
{
	V sum[8][KERNEL_PIECES];
	size_t k;
	int r, p;

	UNROLL
	for (r = 0; r < R; r++)
		UNROLL
		for (p = 0; p < P; p++)
			sum[r][p] = LOAD(b + p * LANES);
	for (k = 0; k < ins; k++, w += P * LANES) {
		V v[KERNEL_PIECES];

		UNROLL
		for (p = 0; p < P; p++)
			v[p] = LOAD(w + p * LANES);
		UNROLL
		for (r = 0; r < R; r++) {
			V a = SET1(x[(size_t)r * ld + k]);

			UNROLL
			for (p = 0; p < P; p++)
				sum[r][p] = FMA(a, v[p], sum[r][p]);
		}
	}
	UNROLL
	for (r = 0; r < R; r++) {
		V m = sum[r][0];

		UNROLL
		for (p = 1; p < P; p++)
			m = MAX(m, sum[r][p]);
		STORE(out[r] + at, m);
	}
}

INLINE void
some_rows(const float *x, size_t ld, const struct affine *a, const float *w,
    const float *b, float *const *out, size_t n, size_t at, const int P)
{
	size_t i = 0;

	for (; i + ROWS <= n; i += ROWS)
		block(x + i * ld, ld, a->ins, w, b, out + i, at, ROWS, P);
	if (ROWS > 4)
		for (; i + 4 <= n; i += 4)
			block(x + i * ld, ld, a->ins, w, b, out + i, at, 4, P);
	for (; i + 2 <= n; i += 2)
		block(x + i * ld, ld, a->ins, w, b, out + i, at, 2, P);
	if (i < n)
		block(x + i * ld, ld, a->ins, w, b, out + i, at, 1, P);
}

TARGET static void
maxout(const struct affine *a, const float *const *rows, float *const *out,
    size_t n, float *room)
{
	size_t step = a->pieces * LANES, i, j, m, at;

	for (i = 0; i < n; i += m) {
		m = n - i < KERNEL_ROWS ? n - i : KERNEL_ROWS;
		for (j = 0; j < m; j++)
			memcpy(room + j * a->ins, rows[i + j],
			    a->ins * sizeof *room);
		for (at = 0; at < a->outs; at += LANES) {
			const float *w = a->w + at * a->pieces * a->ins;
			const float *b = a->b + at / LANES * step;

			if (a->pieces == 3)
				some_rows(room, a->ins, a, w, b, out + i, m,
				    at, 3);
			else if (a->pieces == 2)
				some_rows(room, a->ins, a, w, b, out + i, m,
				    at, 2);
			else
				some_rows(room, a->ins, a, w, b, out + i, m,
				    at, 1);
		}
	}
}

TARGET static void
sum3(const float *x, const float *y, const float *z, float *out, size_t outs,
    size_t pieces)
{
	size_t i, p, at = 0;

	for (i = 0; i < outs; i += LANES) {
		V m = ADD(ADD(LOAD(x + at), LOAD(y + at)), LOAD(z + at));

		for (at += LANES, p = 1; p < pieces; p++, at += LANES)
			m = MAX(m, ADD(ADD(LOAD(x + at), LOAD(y + at)),
			    LOAD(z + at)));
		STORE(out + i, m);
	}
}

INLINE float
across(V v)
{
	float x[LANES], s = 0;
	int i;

	STORE(x, v);
	for (i = 0; i < LANES; i++)
		s += x[i];
	return s;
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
