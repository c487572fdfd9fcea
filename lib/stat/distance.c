/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/distance.h"
#include "stat/exactsum.h"
#include "stat/wide.h"

/* What a distance adds for category i, which is not empty. */
typedef double term_fn(const struct pair *p, size_t i);

static double
sum_of(const struct pair *p, term_fn *term)
{
	struct exactsum sum;
	size_t i;

	if (p->na == 0 || p->nb == 0)
		return NAN;
	exactsum_init(&sum);
	for (i = 0; i < p->k; i++)
		if (p->a[i] || p->b[i])
			exactsum_add(&sum, term(p, i));
	return exactsum_value(&sum);
}

/* p - q */
static double
gap(const struct pair *p, size_t i)
{
	return pair_delta(p, i) / (double)p->na / (double)p->nb;
}

static double
tvd_term(const struct pair *p, size_t i)
{
	return fabs(gap(p, i)) / 2;
}

double
distance_tvd(const struct pair *p)
{
	return sum_of(p, tvd_term);
}

/* In doubled counts: with A = 2a+1, N = 2n+k, p is A/N and
 * q/p - 1 = (B N1 - A N2) / (A N2). */
static double
psi_term(const struct pair *p, size_t i)
{
	uint64_t a = 2 * p->a[i] + 1, b = 2 * p->b[i] + 1;
	uint64_t n1 = 2 * p->na + p->used, n2 = 2 * p->nb + p->used;
	double d = wide_cross(b, n1, a, n2);
	double x = d / ((double)a * (double)n2);
	double ratio = fabs(x) < 0.5 ? log1p(x) :
	    log((double)b / (double)a) + log((double)n1 / (double)n2);

	return d / (double)n1 / (double)n2 * ratio;
}

double
distance_psi(const struct pair *p)
{
	return sum_of(p, psi_term);
}

/* With m = (p+q)/2 and x = (p-q)/(p+q): half of m (phi(x) + phi(-x)). */
static double
js_term(const struct pair *p, size_t i)
{
	double na = (double)p->na, nb = (double)p->nb;
	double both = (double)p->a[i] * nb + (double)p->b[i] * na;
	double x = pair_delta(p, i) / both;

	return both / na / nb / 4 * (gof_phi(x) + gof_phi(-x));
}

double
distance_js(const struct pair *p)
{
	return sum_of(p, js_term);
}

static double
hellinger_term(const struct pair *p, size_t i)
{
	double r = sqrt((double)p->a[i] / (double)p->na) +
	    sqrt((double)p->b[i] / (double)p->nb);
	double d = gap(p, i) / r;

	return d * d / 2;
}

double
distance_hellinger(const struct pair *p)
{
	return sqrt(sum_of(p, hellinger_term));
}
