/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kernel_plain.c -- vectors of four: SSE2, NEON, or whatever there is. */
#include "ner/kernel_loop.h"
#include "ner/kernel_kinds.h"

static bool
here(void)
{
	return true;
}

const struct kernel kernel_plain = {
	"plain", LANES, false, here, maxout, pairs, add, norm
};
