/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kernel_avx512.c -- vectors of sixteen with fused multiply-add. */
#include "ner/kernel_kinds.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define LANES 16
#define ROWS 8
#define TARGET __attribute__((target("avx512f,avx512vl,avx2,fma")))
typedef __m512 V;
#define LOAD(p) _mm512_loadu_ps(p)
#define STORE(p, v) _mm512_storeu_ps((p), (v))
#define SET1(x) _mm512_set1_ps(x)
#define FMA(a, b, c) _mm512_fmadd_ps((a), (b), (c))
#define ADD(a, b) _mm512_add_ps((a), (b))
#define SUB(a, b) _mm512_sub_ps((a), (b))
#define MUL(a, b) _mm512_mul_ps((a), (b))
#define MAX(a, b) _mm512_max_ps((a), (b))
#include "ner/kernel_loop.h"

static bool
here(void)
{
	return __builtin_cpu_supports("avx512f") &&
	    __builtin_cpu_supports("avx512vl");
}

const struct kernel kernel_avx512 = {
	"avx512", LANES, false, here, maxout, pairs, add, norm
};

#else
#include "ner/kernel_loop.h"

static bool
here(void)
{
	return false;
}

const struct kernel kernel_avx512 = {
	"avx512", LANES, false, here, maxout, pairs, add, norm
};
#endif
