/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/gof.h"
#include "stat/dist.h"
#include "stat/exactsum.h"
#include "stat/wide.h"

int
pair_init(struct pair *p, const uint64_t *baseline, const uint64_t *current,
    size_t k, struct fail *why)
{
	size_t i;

	p->a = baseline;
	p->b = current;
	p->k = k;
	p->used = 0;
	p->na = p->nb = 0;
	for (i = 0; i < k; i++) {
		if (baseline[i] > UINT64_MAX - p->na - p->nb ||
		    current[i] > UINT64_MAX - p->na - p->nb - baseline[i])
			return fail(why, EXIT_DATA,
			    "counts add up to more than 2^64 - 1");
		p->na += baseline[i];
		p->nb += current[i];
		p->used += baseline[i] || current[i];
	}
	return 0;
}

double
pair_delta(const struct pair *p, size_t i)
{
	return wide_cross(p->a[i], p->nb, p->b[i], p->na);
}

/* With v = x/(2+x), ln(1+x) is 2(v + v^3/3 + v^5/5 + ...), and
 *
 *	(1+x) ln(1+x) - x  =  x v + 2 (1+v)/(1-v) (v^3/3 + v^5/5 + ...)
 */
double
gof_phi(double x)
{
	double v, v2, power, sum = 0, term;
	int j;

	if (x <= -1)
		return 1;
	if (fabs(x) > 0.2)
		return (1 + x) * log1p(x) - x;
	v = x / (2 + x);
	v2 = v * v;
	power = v * v2;
	for (j = 3; j < 60; j += 2) {
		term = power / j;
		if (sum + term == sum)
			break;
		sum += term;
		power *= v2;
	}
	return x * v + 2 * (1 + v) / (1 - v) * sum;
}

static double
chisq_term(const struct pair *p, size_t i, enum gof_null null)
{
	double d = pair_delta(p, i);
	uint64_t divisor = null == GOF_FIT ? p->a[i] : p->a[i] + p->b[i];

	return d / (double)divisor * (d / (double)p->na / (double)p->nb);
}

/* 2 E phi for the one cell (fit) or the two cells (homogeneity) of i. */
static double
g_term(const struct pair *p, size_t i, enum gof_null null)
{
	double d = pair_delta(p, i), na = (double)p->na, nb = (double)p->nb;
	double c, share;

	if (null == GOF_FIT) {
		c = (double)p->a[i];
		return 2 * (c * (nb / na)) * gof_phi(-d / (c * nb));
	}
	c = (double)(p->a[i] + p->b[i]);
	share = c / (na + nb);
	return 2 * (na * share * gof_phi(d / (na * c)) +
	    nb * share * gof_phi(-d / (nb * c)));
}

static double
statistic(const struct pair *p, enum gof_null null, enum gof_kind kind)
{
	struct exactsum sum;
	size_t i;

	exactsum_init(&sum);
	for (i = 0; i < p->k; i++) {
		if (p->a[i] == 0 && p->b[i] == 0)
			continue;
		exactsum_add(&sum, kind == GOF_G ? g_term(p, i, null) :
		    chisq_term(p, i, null));
	}
	return exactsum_value(&sum);
}

static void
expect(struct gof *g, const struct pair *p, enum gof_null null)
{
	double na = (double)p->na, nb = (double)p->nb, e, c;
	size_t i;

	g->min_expected = HUGE_VAL;
	for (i = 0; i < p->k; i++) {
		if (p->a[i] == 0 && p->b[i] == 0)
			continue;
		if (null == GOF_FIT) {
			e = (double)p->a[i] * (nb / na);
			g->below_5 += e < 5;
			g->cells++;
		} else {
			c = (double)(p->a[i] + p->b[i]);
			e = fmin(na, nb) * c / (na + nb);
			g->below_5 += na * c / (na + nb) < 5;
			g->below_5 += nb * c / (na + nb) < 5;
			g->cells += 2;
		}
		g->min_expected = fmin(g->min_expected, e);
	}
}

static bool
has_unexpected(const struct pair *p)
{
	size_t i;

	for (i = 0; i < p->k; i++)
		if (p->a[i] == 0 && p->b[i] > 0)
			return true;
	return false;
}

void
gof_test(struct gof *g, const struct pair *p, enum gof_null null,
    enum gof_kind kind)
{
	struct tail t;

	memset(g, 0, sizeof *g);
	g->df = p->used ? (double)p->used - 1 : 0;
	g->p = 1;
	g->min_expected = NAN;
	if (p->na == 0 || p->nb == 0) {
		g->state = GOF_EMPTY_SIDE;
		return;
	}
	expect(g, p, null);
	if (p->used < 2) {
		g->state = GOF_ONE_CATEGORY;
		return;
	}
	if (null == GOF_FIT && has_unexpected(p)) {
		g->state = GOF_UNEXPECTED;
		g->statistic = g->p = g->log10_p = NAN;
		return;
	}
	g->statistic = statistic(p, null, kind);
	t = dist_chisq(g->statistic, g->df);
	g->p = t.p;
	g->log10_p = t.log10_p;
}

double
gof_g_excess(const struct pair *p)
{
	double na = (double)p->na, nb = (double)p->nb, n = na + nb;
	double rows = n / na + n / nb - 1, cols = -1;
	size_t i;

	for (i = 0; i < p->k; i++)
		if (p->a[i] || p->b[i])
			cols += n / ((double)p->a[i] + (double)p->b[i]);
	return rows * cols / (6 * n) / sqrt(2 * ((double)p->used - 1));
}

double
gof_chisq(const struct pair *p)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < p->k; i++)
		if (p->a[i] || p->b[i])
			sum += chisq_term(p, i, GOF_HOMOGENEITY);
	return sum;
}

double
gof_cramers_v(const struct pair *p)
{
	if (p->na == 0 || p->nb == 0 || p->used < 2)
		return NAN;
	return sqrt(statistic(p, GOF_HOMOGENEITY, GOF_CHISQ) /
	    ((double)p->na + (double)p->nb));
}

const char *
gof_state_text(enum gof_state state)
{
	switch (state) {
	case GOF_OK:
		break;
	case GOF_EMPTY_SIDE:
		return "a side has no counts";
	case GOF_ONE_CATEGORY:
		return "there is one category only";
	case GOF_UNEXPECTED:
		return "a category that the baseline lacks has expected count 0";
	}
	return NULL;
}
