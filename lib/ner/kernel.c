/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/kernel_kinds.h"

#define ALIGNMENT 64

const struct kernel *const kernels[] = {
	&kernel_avx512, &kernel_avx2, &kernel_plain, NULL
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
				to[place[i] * pieces * n] = from[i];
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
				a->w[to / n * n * ins_wide + place[i] * n +
				    to % n] = w[(o * pieces + p) * ins + i];
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

int
paired_pack(struct paired *a, const struct kernel *k, const float *w,
    const float *b, size_t outs, size_t pieces, size_t ins, size_t ins_wide)
{
	size_t n = outs * pieces, *place = malloc(ins * sizeof *place), i, j;
	float *part = malloc(4 * n * ins * sizeof *part), *to[4];
	int r = place && part ? 0 : -1;

	memset(a, 0, sizeof *a);
	for (i = 0; r == 0 && i < n; i++) {
		for (j = 0; j < 4; j++)
			to[j] = part + (j * n + i) * ins;
		combine(to, w + i * 3 * ins, ins);
	}
	for (i = 0; r == 0 && i < ins; i++)
		place[i] = i;
	for (j = 0; r == 0 && j < 4; j++)
		r = affine_pack(&a->part[j], k, part + j * n * ins, j == 1 ?
		    b : NULL, outs, pieces, ins, place, ins_wide);
	free(place);
	free(part);
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
}
