/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kernel_avx2.c -- vectors of eight with fused multiply-add. */
#include "ner/kernel_kinds.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define LANES 8
#define ROWS 4
#define TARGET __attribute__((target("avx2,fma")))
typedef __m256 V;
#define LOAD(p) _mm256_loadu_ps(p)
#define STORE(p, v) _mm256_storeu_ps((p), (v))
#define SET1(x) _mm256_set1_ps(x)
#define FMA(a, b, c) _mm256_fmadd_ps((a), (b), (c))
#define ADD(a, b) _mm256_add_ps((a), (b))
#define SUB(a, b) _mm256_sub_ps((a), (b))
#define MUL(a, b) _mm256_mul_ps((a), (b))
#define MAX(a, b) _mm256_max_ps((a), (b))
#include "ner/kernel_loop.h"

static bool
here(void)
{
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

const struct kernel kernel_avx2 = {
	"avx2", LANES, false, here, maxout, pairs, add, norm
};
#endif
