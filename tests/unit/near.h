/* SPDX-License-Identifier: GPL-3.0-or-later */
/* near.h -- doubles that must agree to so many digits. */
#ifndef TESTS_NEAR_H
#define TESTS_NEAR_H

#include <math.h>
#include "unit.h"

/* |got - want| <= rel * |want|; NaN wants NaN, 0 wants 0. */
#define assert_near(got, want, rel) \
	near_check((got), (want), (rel), #got, __FILE__, __LINE__)

static inline void
near_check(double got, double want, double rel, const char *what,
    const char *file, int line)
{
	if (isnan(want) ? isnan(got) : fabs(got - want) <= rel * fabs(want))
		return;
	print_error("%s is %.17g, not %.17g (off by %.2g)\n", what, got, want,
	    fabs(got - want) / fabs(want));
	_fail(file, line);
}

#endif
