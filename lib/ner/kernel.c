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
