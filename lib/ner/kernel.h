/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kernel.h -- the arithmetic of the network, for each kind of processor.
 *
 * Nearly all time goes into one operation: rows of numbers times a matrix of
 * outputs in pieces, of which the largest counts (maxout),
 *
 *	y[o] = max over p of (b[o][p] + sum over k of x[k] * w[o][p][k])
 *
 * A kernel takes a few rows at once and one vector of outputs with all their
 * pieces, so that sums and maxima stay in registers. Every sum runs over k
 * from 0 up, one rounding a step, whatever the number of rows: a row's result
 * does not depend on its company. Kernels with fused multiply-add round once
 * where the plainest rounds twice; the differences are some 1e-6 of a score,
 * as between two BLAS libraries under spaCy.
 *
 * Where the input is a window of three rows, two windows beside each other
 * share two of them, and four products do the work of six (S. Winograd,
 * Arithmetic Complexity of Computations, 1980: the minimal filter F(2,3);
 * A. Lavin and S. Gray, Fast Algorithms for Convolutional Neural Networks,
 * 2016). With rows d0 to d3 and the three parts of the weights g0 to g2,
 *
 *	m0 = (d0 - d2) g0               y0 = m0 + (m1 + m2)
 *	m1 = (d1 + d2) (g0 + g1 + g2)/2 y1 = (m1 - m2) - m3
 *	m2 = (d2 - d1) (g0 - g1 + g2)/2
 *	m3 = (d1 - d3) g2
 *
 * are the two windows' outputs. They round a little differently from each
 * other and from the plain sum: which of the two a row is has to follow from
 * its place in the text alone.
 *
 * Rows are padded to a stride of KERNEL_LANES floats; the padding is zero in
 * every row, and so are the weights that meet it.
 */
#ifndef NER_KERNEL_H
#define NER_KERNEL_H

#include "ner/ready.h"

#define KERNEL_LANES 16
#define KERNEL_PIECES 3         /* at most */
#define KERNEL_ROWS 32          /* together against a part of the weights */
#define KERNEL_PAIRS 16         /* the same */
#define KERNEL_TILED_PAIRS 32   /* the same, by tiles */
#define KERNEL_TILE 512         /* numbers of 16 bits in one */

/* Floats that a row of n takes. */
#define KERNEL_STRIDE(n) \
	(((n) + KERNEL_LANES - 1) / KERNEL_LANES * KERNEL_LANES)

/* The same by tiles. */
#define KERNEL_TILED(n) (((n) + 31) / 32 * 32)

/* An affine map, packed for one kernel: for each vector of outputs, for each
 * k, for each piece, the weights of the vector's lanes. */
struct affine {
	size_t outs, ins, pieces;       /* outs padded, ins as laid out */
	float *w, *b;                   /* owned */
};

/* One over windows of three rows, for pairs of them: the four matrices that
 * the products are with. */
struct paired {
	struct affine part[4];
	float *tiles;           /* owned: of a tiled kernel, in place of the
	                         * parts' weights: for each of them, each
	                         * vector of outputs, each 32 inputs, three
	                         * tiles of numbers that add up to the
	                         * weights (kernel_amx.c) */
};

struct kernel {
	const char *name;
	size_t lanes;
	bool tiled;             /* does pairs() want tiles? */
	bool (*here)(void);             /* can this processor run it? */

	/* out[i] = maxout of rows[i], n of them. */
	void (*maxout)(const struct affine *a, const float *const *rows,
	    float *const *out, size_t n);

	/* first[i] = maxout of the window that begins at rows[i], second[i]
	 * of that one row further, n of each; one of the two may be NULL.
	 * Those without a second stand before the others, those without a
	 * first behind them. room: KERNEL_PAIRS_ROOM floats. */
	void (*pairs)(const struct paired *a, const float *const *rows,
	    float *const *first, float *const *second, size_t n,
	    float *room);

	/* out = max over pieces of the sum of n parts, from the first up,
	 * each outs * pieces floats in the order of affine_flat(). */
	void (*add)(const float *const *parts, size_t n, float *out,
	    size_t outs, size_t pieces);

	/* Layer normalisation in place: n numbers of a row to mean 0 and
	 * variance 1, times g, plus b, plus more (may be NULL). */
	void (*norm)(float *row, size_t n, const float *g, const float *b,
	    const float *more);
};

#define KERNEL_PAIRS_ROOM(ins) \
	(4 * KERNEL_TILED_PAIRS * (KERNEL_PIECES + 1) * KERNEL_TILED(ins))

/* From the widest to the plainest, which every processor can run; ends with
 * a NULL name. */
extern const struct kernel *const kernels[];

/* The widest that this processor can run; GC_NER_KERNEL names another. */
const struct kernel *kernel_best(void);

/* Packs w[outs][pieces][ins] and b[outs][pieces] (may be NULL: zeros). Input
 * k stands at place[k] of a row of width ins_wide; place NULL: at k. Returns 0,
 * or -1 where memory ends. */
int affine_pack(struct affine *a, const struct kernel *k, const float *w,
    const float *b, size_t outs, size_t pieces, size_t ins,
    const size_t *place, size_t ins_wide);

/* The same without the maximum: outs * pieces outputs, ordered as add()
 * reads them. */
int affine_flat(struct affine *a, const struct kernel *k, const float *w,
    const float *b, size_t outs, size_t pieces, size_t ins,
    const size_t *place, size_t ins_wide);

void affine_free(struct affine *a);

/* Writes or maps it; what is mapped is not to be freed. */
void affine_walk(struct affine *a, struct ready *r);

/* Packs w[outs][pieces][3][ins], whose rows are ins_wide apart. */
int paired_pack(struct paired *a, const struct kernel *k, const float *w,
    const float *b, size_t outs, size_t pieces, size_t ins, size_t ins_wide);
void paired_free(struct paired *a);

/* Writes or maps it, for a kernel. */
void paired_walk(struct paired *a, const struct kernel *k, struct ready *r);

/* Zeroed, aligned for any kernel, a multiple of its alignment long. */
float *kernel_alloc(size_t floats);

#endif
