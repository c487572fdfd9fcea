/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/adjust.h"

struct ranked {
	double p;
	size_t at;
};

static int
falling(const void *x, const void *y)
{
	double a = ((const struct ranked *)x)->p;
	double b = ((const struct ranked *)y)->p;

	return (a < b) - (a > b);
}

static void
bh(double *p, struct ranked *r, size_t n)
{
	double least = 1;
	size_t i;

	qsort(r, n, sizeof *r, falling);
	for (i = 0; i < n; i++) {
		least = fmin(least, r[i].p * (double)n / (double)(n - i));
		p[r[i].at] = least;
	}
}

int
adjust(double *p, size_t n, enum adjust how, struct fail *why)
{
	struct ranked *r;
	size_t i, m = 0;

	if (how == ADJUST_NONE || n == 0)
		return 0;
	if (!(r = malloc(n * sizeof *r)))
		return fail_errno(why, "%zu p-values", n);
	for (i = 0; i < n; i++) {
		if (isnan(p[i]))
			continue;
		r[m].p = p[i];
		r[m++].at = i;
	}
	if (how == ADJUST_BH)
		bh(p, r, m);
	else
		for (i = 0; i < m; i++)
			p[r[i].at] = fmin(1, r[i].p * (double)m);
	free(r);
	return 0;
}
