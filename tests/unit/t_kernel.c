/* SPDX-License-Identifier: GPL-3.0-or-later */
/* t_kernel.c -- every kernel gives what a plain sum in doubles does, to the
 * rounding of its floats; a row's result is the same bits in any company. */
#include "base/rng.h"
#include "ner/kernel.h"
#include "unit.h"

#define MOST 40                 /* rows */

static struct rng rng;

static float
any(void)
{
	return (float)(2 * rng_double(&rng) - 1);
}

static float *
anything(size_t n)
{
	float *v = kernel_alloc(n);
	size_t i;

	assert_non_null(v);
	for (i = 0; i < n; i++)
		v[i] = any();
	return v;
}

/* max over p of b[o][p] + x w[o][p], in doubles. */
static double
want(const float *w, const float *b, const float *x, size_t pieces, size_t ins,
    size_t o)
{
	double most = -INFINITY, s;
	size_t p, i;

	for (p = 0; p < pieces; p++) {
		s = b[o * pieces + p];
		for (i = 0; i < ins; i++)
			s += (double)w[(o * pieces + p) * ins + i] * x[i];
		if (s > most)
			most = s;
	}
	return most;
}

static void
near(double got, double wanted, size_t ins)
{
	if (!(fabs(got - wanted) <= 1e-6 * (double)ins))
		fail_msg("%.9g instead of %.9g", got, wanted);
}

static void
maxout(const struct kernel *k, size_t outs, size_t pieces, size_t ins)
{
	size_t wide = KERNEL_STRIDE(ins), high = KERNEL_STRIDE(outs), i, o;
	float *w = anything(outs * pieces * ins), *b = anything(outs * pieces);
	float *x = kernel_alloc(MOST * wide), *y = kernel_alloc(MOST * high);
	float *alone = kernel_alloc(high), *out[MOST];
	const float *in[MOST];
	size_t place[64];
	struct affine a;

	for (i = 0; i < ins; i++)
		place[i] = i;
	for (i = 0; i < MOST; i++) {
		for (o = 0; o < ins; o++)
			x[i * wide + o] = any();
		in[i] = x + i * wide;
		out[i] = y + i * high;
	}
	assert_int_equal(affine_pack(&a, k, w, b, outs, pieces, ins, place,
	    wide), 0);
	k->maxout(&a, in, out, MOST);
	for (i = 0; i < MOST; i++) {
		for (o = 0; o < outs; o++)
			near(out[i][o], want(w, b, in[i], pieces, ins, o),
			    ins);
		k->maxout(&a, in + i, &alone, 1);
		assert_memory_equal(alone, out[i], outs * sizeof *alone);
	}
	affine_free(&a);
	free(w);
	free(b);
	free(x);
	free(y);
	free(alone);
}

/* Of products of windows: the squares of errors, and how many. */
static double errors;
static size_t nerrors;

/* Windows of rows i.., two of them from each place, some without the one or
 * the other. */
static void
pairs(const struct kernel *k, size_t outs, size_t pieces, size_t ins)
{
	size_t wide = KERNEL_STRIDE(ins), high = KERNEL_STRIDE(outs), i, o;
	float *w = anything(outs * pieces * 3 * ins);
	float *b = anything(outs * pieces), *flat = kernel_alloc(3 * ins);
	float *x = kernel_alloc((MOST + 3) * wide);
	float *y = kernel_alloc(2 * MOST * high), *room =
	    kernel_alloc(KERNEL_PAIRS_ROOM(wide)), *alone = kernel_alloc(high);
	float *first[MOST], *second[MOST], *none = NULL;
	const float *in[MOST];
	struct paired a;

	for (i = 0; i < MOST + 3; i++)
		for (o = 0; o < ins; o++)
			x[i * wide + o] = any();
	for (i = 0; i < MOST; i++) {
		in[i] = x + i * wide;
		first[i] = i < 33 ? y + 2 * i * high : NULL;
		second[i] = i < 5 ? NULL : y + (2 * i + 1) * high;
	}
	assert_int_equal(paired_pack(&a, k, w, b, outs, pieces, ins, wide), 0);
	k->pairs(&a, in, first, second, MOST, room);
	for (i = 0; i < 2 * MOST; i++) {
		float *got = i % 2 ? second[i / 2] : first[i / 2];

		if (!got)
			continue;
		for (o = 0; o < 3 * ins; o++)
			flat[o] = x[(i / 2 + i % 2 + o / ins) * wide + o % ins];
		for (o = 0; o < outs; o++) {
			double v = want(w, b, flat, pieces, 3 * ins, o);

			near(got[o], v, 3 * ins);
			errors += (got[o] - v) * (got[o] - v);
			nerrors++;
		}
		k->pairs(&a, in + i / 2, i % 2 ? &none : &alone, i % 2 ?
		    &alone : &none, 1, room);
		assert_memory_equal(alone, got, outs * sizeof *got);
	}
	paired_free(&a);
	free(w);
	free(b);
	free(flat);
	free(x);
	free(y);
	free(room);
	free(alone);
}

static void
each_kernel(void **state)
{
	size_t i, pieces;

	(void)state;
	rng_seed(&rng, 5);
	for (i = 0; kernels[i]; i++) {
		if (!kernels[i]->here()) {
			print_message("%s: not on this processor\n",
			    kernels[i]->name);
			continue;
		}
		for (pieces = 1; pieces <= KERNEL_PIECES; pieces++) {
			maxout(kernels[i], 16, pieces, 16);
			maxout(kernels[i], 37, pieces, 50);
			pairs(kernels[i], 16, pieces, 16);
			pairs(kernels[i], 37, pieces, 50);
		}
	}
}

/* Products of windows by each kernel are as near to the truth as floats get:
 * tiles, which multiply numbers of eight bits, no less than the others. */
static void
precision(void **state)
{
	double rms, plain = 0;
	size_t i;

	(void)state;
	for (i = 0; kernels[i]; i++)
		continue;
	while (i-- > 0) {
		if (!kernels[i]->here())
			continue;
		rng_seed(&rng, 6);
		errors = 0;
		nerrors = 0;
		pairs(kernels[i], 96, 3, 96);
		rms = sqrt(errors / (double)nerrors);
		print_message("%s: rms error %.3g\n", kernels[i]->name, rms);
		if (strcmp(kernels[i]->name, "plain") == 0)
			plain = rms;
		assert_true(rms > 0 && rms <= plain);
	}
}

/* Sums of parts, and rows brought to mean 0 and variance 1. */
static void
sums_and_norms(void **state)
{
	float *x = anything(96), *y = anything(96), *z = anything(96);
	float *g = anything(48), *b = anything(48), *out = kernel_alloc(48);
	float *row = kernel_alloc(48), *was = anything(48);
	const float *parts[3] = { x, y, z };
	const struct kernel *k;
	size_t i, j, n, at;
	double mean, var;

	(void)state;
	for (i = 0; (k = kernels[i]); i++) {
		if (!k->here())
			continue;
		k->add(parts, 3, out, 48, 2);
		for (j = 0; j < 48; j++) {
			at = j / k->lanes * 2 * k->lanes + j % k->lanes;
			n = at + k->lanes;
			near(out[j], fmax((double)x[at] + y[at] + z[at],
			    (double)x[n] + y[n] + z[n]), 3);
		}
		for (n = 41; n <= 48; n += 7) {
			memcpy(row, was, 48 * sizeof *row);
			k->norm(row, n, g, b, x);
			for (mean = 0, j = 0; j < n; j++)
				mean += was[j] / (double)n;
			for (var = 1e-8, j = 0; j < n; j++)
				var += (was[j] - mean) * (was[j] - mean) /
				    (double)n;
			for (j = 0; j < n; j++)
				near(row[j], (was[j] - mean) / sqrt(var) *
				    g[j] + b[j] + x[j], 3);
		}
	}
	free(x);
	free(y);
	free(z);
	free(g);
	free(b);
	free(out);
	free(row);
	free(was);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kernel),
		cmocka_unit_test(precision),
		cmocka_unit_test(sums_and_norms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
