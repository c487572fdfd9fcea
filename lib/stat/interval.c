/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/interval.h"
#include "stat/dist.h"
#include "stat/wide.h"

static const struct interval none = { NAN, NAN };

/* The roots of (p - x/n)^2 = z^2 p(1-p)/n. The smaller distance from 0 or 1
 * comes from the product of the roots, not from a difference. */
struct interval
interval_wilson(double x, double n, double level)
{
	double z, z2, root, middle, rest;
	struct interval i;

	if (!(n > 0))
		return none;
	z = dist_z(level);
	z2 = z * z;
	root = z * sqrt(z2 / 4 + x * ((n - x) / n));
	middle = x + z2 / 2;
	rest = n - x + z2 / 2;
	i.low = x * (x / n) / (middle + root);
	i.high = 1 - (n - x) * ((n - x) / n) / (rest + root);
	return i;
}

struct interval
interval_newcombe(uint64_t x1, uint64_t n1, uint64_t x2, uint64_t n2,
    double level)
{
	struct interval one, two, i;
	double p1, p2, d;

	if (n1 == 0 || n2 == 0)
		return none;
	one = interval_wilson((double)x1, (double)n1, level);
	two = interval_wilson((double)x2, (double)n2, level);
	p1 = (double)x1 / (double)n1;
	p2 = (double)x2 / (double)n2;
	d = wide_cross(x2, n1, x1, n2) / (double)n1 / (double)n2;
	i.low = d - hypot(p2 - two.low, one.high - p1);
	i.high = d + hypot(two.high - p2, p1 - one.low);
	return i;
}

struct interval
interval_f1(uint64_t tp, uint64_t fp_and_fn, double level)
{
	struct interval i = interval_wilson((double)tp,
	    (double)tp + (double)fp_and_fn, level);

	i.low = 2 * i.low / (1 + i.low);
	i.high = 2 * i.high / (1 + i.high);
	return i;
}

struct interval
interval_wald(double estimate, double se, double min, double max, double level)
{
	double half = dist_z(level) * se;
	struct interval i;

	if (isnan(estimate) || isnan(half))
		return none;
	i.low = fmax(min, estimate - half);
	i.high = fmin(max, estimate + half);
	return i;
}
