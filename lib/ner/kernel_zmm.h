/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kernel_zmm.h -- vectors of sixteen for kernel_loop.h, by AVX-512. */
#ifndef NER_KERNEL_ZMM_H
#define NER_KERNEL_ZMM_H

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

#endif
