/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one file that includes Rmath.h. */
#include "stat/dist.h"

#define MATHLIB_STANDALONE
#include <Rmath.h>

struct tail
dist_tail(double log_p)
{
	struct tail t = { exp(log_p), log_p / M_LN10 };

	return t;
}

/* p itself is asked for on the plain scale, where it has more digits than
 * the exponential of its logarithm (|ln p| * 2^-53 is lost there). */
struct tail
dist_chisq(double x, double df)
{
	double log_p = pchisq(x, df, 0, 1);
	struct tail t = { pchisq(x, df, 0, 0), log_p / M_LN10 };

	if (t.p < DBL_MIN)
		t.p = exp(log_p);
	return t;
}

double
dist_chisq_quantile(double p, double df)
{
	return qchisq(p, df, 0, 0);
}

/* The Poisson weights that matter lie within ten deviations of their mean.
 * From one term to the next, w' = w (lambda/2)/(j+1), and two more degrees of
 * freedom add twice the density there: P'(X >= x) = P(X >= x) + 2 f(x; d+2),
 * f(x; d+2) = f(x; d) x/d. All are positive, so that nothing cancels.
 * (pnchisq() of r-mathlib prints to stdout when it is not content.) */
double
dist_chisq_noncentral(double x, double df, double lambda)
{
	double half = lambda / 2, spread = 10 * sqrt(half) + 20;
	double j = fmax(0, floor(half - spread)), last = half + spread;
	double w, d = df + 2 * j, q, f, sum = 0;

	if (lambda <= 0)
		return dist_chisq(x, df).p;
	w = dpois(j, half, 0);
	q = pchisq(x, d, 0, 0);
	f = dchisq(x, d, 0);
	for (; j <= last; j++, d += 2) {
		sum += w * q;
		f *= x / d;
		q += 2 * f;
		w *= half / (j + 1);
	}
	return fmin(sum, 1);
}

double
dist_normal(double z)
{
	return pnorm(z, 0, 1, 1, 0);
}

double
dist_normal_two_sided(double z)
{
	return 2 * pnorm(-fabs(z), 0, 1, 1, 0);
}

double
dist_normal_quantile(double p)
{
	return qnorm(p, 0, 1, 1, 0);
}

double
dist_z(double level)
{
	return -qnorm((1 - level) / 2, 0, 1, 1, 0);
}

double
dist_t(double t, double df)
{
	return pt(t, df, 1, 0);
}

double
dist_binomial(double k, double n, double p)
{
	return pbinom(k, n, p, 1, 0);
}

double
dist_binomial_at(double k, double n, double p)
{
	return dbinom(k, n, p, 0);
}

/* Up to 22! the factorial itself is a double. Above, Stirling's series with
 * four terms; the fifth is below 1e-15 there. */
double
dist_log_factorial(double n)
{
	static const double factorial[] = {
		1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880, 3628800,
		39916800, 479001600, 6227020800., 87178291200.,
		1307674368000., 20922789888000., 355687428096000.,
		6402373705728000., 121645100408832000., 2432902008176640000.,
		51090942171709440000., 1124000727777607680000.,
	};
	double r = 1 / n, r2 = r * r;

	if (n < COUNT(factorial))
		return log(factorial[(int)n]);
	return (n + 0.5) * log(n) - n + 0.91893853320467274178 +
	    r * (1. / 12 - r2 * (1. / 360 - r2 * (1. / 1260 - r2 / 1680)));
}

double
dist_log_add(double a, double b)
{
	return logspace_add(a, b);
}
