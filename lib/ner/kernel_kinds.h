/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kernel_kinds.h -- the kernels there are, where a compiler can make them;
 * kernel.c chooses. */
#ifndef NER_KERNEL_KINDS_H
#define NER_KERNEL_KINDS_H

#include "ner/kernel.h"

extern const struct kernel kernel_plain, kernel_avx2, kernel_avx512,
    kernel_amx;

#endif
