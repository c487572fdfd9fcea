/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/kernel_kinds.h"

#define ALIGNMENT 64

const struct kernel *const kernels[] = {
#if defined(__x86_64__)
#if defined(__linux__)
	&kernel_amx,
#endif
	&kernel_avx512, &kernel_avx2,
#endif
	&kernel_plain, NULL
};

const struct kernel *
kernel_best(void)
{
	const char *name = getenv("GC_NER_KERNEL");
	size_t i;

	for (i = 0; name && kernels[i]; i++)
		if (strcmp(kernels[i]->name, name) == 0 && kernels[i]->here())
			return kernels[i];
	for (i = 0; !kernels[i]->here(); i++)
		continue;
	return kernels[i];
}

float *
kernel_alloc(size_t floats)
{
	size_t n = (floats * sizeof(float) + ALIGNMENT) / ALIGNMENT *
	    ALIGNMENT;
	float *p;

	if (floats > SIZE_MAX / 8 || !(p = aligned_alloc(ALIGNMENT, n)))
		return NULL;
	memset(p, 0, n);
	return p;
}

void
affine_free(struct affine *a)
{
	free(a->w);
	free(a->b);
	memset(a, 0, sizeof *a);
}

void
affine_walk(struct affine *a, struct ready *r)
{
	ready_number(r, &a->outs, (size_t)1 << 20);
	ready_number(r, &a->ins, (size_t)1 << 16);
	ready_number(r, &a->pieces, KERNEL_PIECES + 1);
	ready_floats(r, &a->w, a->outs * a->pieces * a->ins);
	ready_floats(r, &a->b, a->outs * a->pieces);
}

static int
start(struct affine *a, size_t outs, size_t pieces, size_t ins)
{
	a->outs = outs;
	a->pieces = pieces;
	a->ins = ins;
	a->w = kernel_alloc(outs * pieces * ins);
	a->b = kernel_alloc(outs * pieces);
	if (a->w && a->b)
		return 0;
	affine_free(a);
	return -1;
}

int
affine_pack(struct affine *a, const struct kernel *k, const float *w,
    const float *b, size_t outs, size_t pieces, size_t ins,
    const size_t *place, size_t ins_wide)
{
	size_t n = k->lanes, o, p, i;

	if (start(a, KERNEL_STRIDE(outs), pieces, ins_wide) < 0)
		return -1;
	for (o = 0; o < outs; o++) {
		for (p = 0; p < pieces; p++) {
			float *to = a->w + o / n * n * pieces * ins_wide +
			    p * n + o % n;
			const float *from = w + (o * pieces + p) * ins;

			for (i = 0; i < ins; i++)
				to[(place ? place[i] : i) * pieces * n] =
				    from[i];
			if (b)
				a->b[(o / n * pieces + p) * n + o % n] =
				    b[o * pieces + p];
		}
	}
	return 0;
}

int
affine_flat(struct affine *a, const struct kernel *k, const float *w,
    const float *b, size_t outs, size_t pieces, size_t ins,
    const size_t *place, size_t ins_wide)
{
	size_t n = k->lanes, o, p, i, to;

	if (start(a, KERNEL_STRIDE(outs) * pieces, 1, ins_wide) < 0)
		return -1;
	for (o = 0; o < outs; o++) {
		for (p = 0; p < pieces; p++) {
			to = (o / n * pieces + p) * n + o % n;
			for (i = 0; i < ins; i++)
				a->w[to / n * n * ins_wide + (place ?
				    place[i] : i) * n + to % n] =
				    w[(o * pieces + p) * ins + i];
			if (b)
				a->b[to] = b[o * pieces + p];
		}
	}
	return 0;
}

/* Row p of the four matrices, from the three parts of a row of weights. */
static void
combine(float *const out[4], const float *w, size_t ins)
{
	size_t i;

	for (i = 0; i < ins; i++) {
		double g0 = w[i], g1 = w[ins + i], g2 = w[2 * ins + i];

		out[0][i] = w[i];
		out[1][i] = (float)((g0 + g1 + g2) / 2);
		out[2][i] = (float)((g0 - g1 + g2) / 2);
		out[3][i] = w[2 * ins + i];
	}
}

/* A number rounded to its upper half. */
static float
upper(float x)
{
	uint32_t u;

	memcpy(&u, &x, sizeof u);
	u = (u + 0x7fff + (u >> 16 & 1)) & 0xffff0000;
	memcpy(&x, &u, sizeof x);
	return x;
}

/* Two numbers' three parts, into three tiles. */
static void
put_parts(uint16_t *to, float x, float y)
{
	float part;
	uint32_t u;
	int i;

	for (i = 0; i < 3; i++, to += KERNEL_TILE) {
		part = upper(x);
		x -= part;
		memcpy(&u, &part, sizeof u);
		to[0] = (uint16_t)(u >> 16);
		part = upper(y);
		y -= part;
		memcpy(&u, &part, sizeof u);
		to[1] = (uint16_t)(u >> 16);
	}
}

/* A vector of outputs' weights, inputs k to k + 31. */
static void
put_tiles(const struct affine *a, size_t col, size_t k, uint16_t *to)
{
	size_t step = a->pieces * KERNEL_LANES, i, j;
	const float *w = a->w + col / a->pieces * step * a->ins +
	    col % a->pieces * KERNEL_LANES;

	for (i = 0; i < 16; i++, k += 2)
		for (j = 0; j < KERNEL_LANES; j++)
			put_parts(to + (i * KERNEL_LANES + j) * 2, k < a->ins ?
			    w[k * step + j] : 0, k + 1 < a->ins ?
			    w[(k + 1) * step + j] : 0);
}

static size_t
tile_floats(const struct paired *a)
{
	const struct affine *p = &a->part[0];

	return 4 * (p->outs / KERNEL_LANES * p->pieces) *
	    (KERNEL_TILED(p->ins) / 32) * 3 * KERNEL_TILE / 2;
}

/* Tiles in place of the four parts' weights. */
static int
make_tiles(struct paired *a)
{
	const struct affine *p = &a->part[0];
	size_t cols = p->outs / KERNEL_LANES * p->pieces, j, c, k;
	uint16_t *to;

	if (!(a->tiles = kernel_alloc(tile_floats(a))))
		return -1;
	to = (uint16_t *)(void *)a->tiles;
	for (j = 0; j < 4; j++) {
		for (c = 0; c < cols; c++)
			for (k = 0; k < p->ins; k += 32) {
				put_tiles(&a->part[j], c, k, to);
				to += 3 * KERNEL_TILE;
			}
		free(a->part[j].w);
		a->part[j].w = NULL;
	}
	return 0;
}

void
paired_walk(struct paired *a, const struct kernel *k, struct ready *r)
{
	size_t j;

	for (j = 0; j < COUNT(a->part); j++) {
		struct affine *p = &a->part[j];

		if (!k->tiled) {
			affine_walk(p, r);
			continue;
		}
		ready_number(r, &p->outs, (size_t)1 << 16);
		ready_number(r, &p->ins, (size_t)1 << 16);
		ready_number(r, &p->pieces, KERNEL_PIECES + 1);
		ready_floats(r, &p->b, p->outs * p->pieces);
	}
	if (k->tiled)
		ready_floats(r, &a->tiles, tile_floats(a));
}

int
paired_pack(struct paired *a, const struct kernel *k, const float *w,
    const float *b, size_t outs, size_t pieces, size_t ins, size_t ins_wide)
{
	size_t n = outs * pieces, i, j;
	float *part = malloc(4 * n * ins * sizeof *part), *to[4];
	int r = part ? 0 : -1;

	memset(a, 0, sizeof *a);
	for (i = 0; r == 0 && i < n; i++) {
		for (j = 0; j < 4; j++)
			to[j] = part + (j * n + i) * ins;
		combine(to, w + i * 3 * ins, ins);
	}
	for (j = 0; r == 0 && j < 4; j++)
		r = affine_pack(&a->part[j], k, part + j * n * ins, j == 1 ?
		    b : NULL, outs, pieces, ins, NULL, ins_wide);
	free(part);
	if (r == 0 && k->tiled)
		r = make_tiles(a);
	if (r < 0)
		paired_free(a);
	return r;
}

void
paired_free(struct paired *a)
{
	size_t j;

	for (j = 0; j < 4; j++)
		affine_free(&a->part[j]);
	free(a->tiles);
	a->tiles = NULL;
}
