/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/paired.h"
#include "stat/dist.h"
#include "stat/wide.h"

double
paired_exact(const struct paired *p)
{
	uint64_t least = p->lost < p->gained ? p->lost : p->gained;
	double n = (double)p->lost + (double)p->gained;

	if (p->lost == p->gained)
		return 1;
	return fmin(1, 2 * dist_binomial((double)least, n, 0.5));
}

/* Where both are equal, 2 P(X <= min) is 1 + P(X = min): the rule gives 1
 * less that, and no less than a half of it is lost on either side. */
double
paired_mid_p(const struct paired *p)
{
	uint64_t least = p->lost < p->gained ? p->lost : p->gained;
	double n = (double)p->lost + (double)p->gained;

	if (n == 0)
		return 1;
	return 2 * dist_binomial((double)least, n, 0.5) -
	    dist_binomial_at((double)least, n, 0.5);
}

double
paired_difference(const struct paired *p)
{
	double n = (double)p->both + (double)p->lost + (double)p->gained +
	    (double)p->neither;

	return n > 0 ? ((double)p->gained - (double)p->lost) / n : NAN;
}

/* How both go together: the phi coefficient, brought towards 0 by n/2 where
 * it is positive. */
static double
phi(const struct paired *p, double n)
{
	double old = (double)p->both + (double)p->lost;
	double now = (double)p->both + (double)p->gained;
	double above = wide_cross(p->both, p->neither, p->lost, p->gained);
	double below = sqrt(old * (n - old)) * sqrt(now * (n - now));

	if (above > 0)
		above = fmax(0, above - n / 2);
	return below > 0 ? above / below : 0;
}

struct interval
paired_interval(const struct paired *p, double level)
{
	double n = (double)p->both + (double)p->lost + (double)p->gained +
	    (double)p->neither;
	double now = (double)p->both + (double)p->gained;
	double old = (double)p->both + (double)p->lost;
	struct interval i = interval_wilson(now, n, level);
	struct interval j = interval_wilson(old, n, level);
	double d = paired_difference(p), f, a, b;

	if (!(n > 0))
		return i;
	f = phi(p, n);
	a = now / n - i.low;
	b = j.high - old / n;
	j.low = old / n - j.low;
	j.high = i.high - now / n;
	i.low = d - sqrt(fmax(0, a * a - 2 * f * a * b + b * b));
	a = j.high;
	b = j.low;
	i.high = d + sqrt(fmax(0, a * a - 2 * f * a * b + b * b));
	return i;
}
