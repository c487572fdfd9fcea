/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kernel_avx512.c -- vectors of sixteen with fused multiply-add. */
#include "ner/kernel_kinds.h"

#if defined(__x86_64__)
#include "ner/kernel_zmm.h"
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
#endif
