/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/power.h"
#include "stat/dist.h"

/* The power rises with the non-centrality, so halving finds it. */
double
power_effect(double df, double n, double alpha, double power)
{
	double limit, low = 0, high = 1, mid;
	int i;

	if (!(df > 0) || !(n > 0))
		return NAN;
	limit = dist_chisq_quantile(alpha, df);
	while (dist_chisq_noncentral(limit, df, high) < power && high < 1e9)
		high *= 2;
	for (i = 0; i < 60; i++) {
		mid = (low + high) / 2;
		if (dist_chisq_noncentral(limit, df, mid) < power)
			low = mid;
		else
			high = mid;
	}
	return sqrt(high / n);
}

/* For two categories w = d sqrt(n1 n2 / (p q)) / n. */
double
power_share(double w, double n1, double n2)
{
	return w * (n1 + n2) / (2 * sqrt(n1) * sqrt(n2));
}

/* The non-centrality under which a statistic of x or more has this
 * probability; 0 where it has more without any. */
static double
centre(double x, double df, double probability)
{
	double low = 0, high = 1, mid;
	int i;

	if (dist_chisq(x, df).p >= probability)
		return 0;
	while (dist_chisq_noncentral(x, df, high) < probability && high < 1e15)
		high *= 2;
	for (i = 0; i < 60; i++) {
		mid = (low + high) / 2;
		if (dist_chisq_noncentral(x, df, mid) < probability)
			low = mid;
		else
			high = mid;
	}
	return high;
}

struct interval
power_interval(double chisq, double df, double n, double level)
{
	struct interval i = { NAN, NAN };

	if (!(df > 0) || !(n > 0) || isnan(chisq))
		return i;
	i.low = fmin(1, sqrt(centre(chisq, df, (1 - level) / 2) / n));
	i.high = fmin(1, sqrt(centre(chisq, df, (1 + level) / 2) / n));
	return i;
}
