/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/ks.h"
#include "stat/exactsum.h"
#include "stat/wide.h"

/* ---- the statistics ---- */

/* F - G is (i nb - j na) / (na nb), i and j being how many numbers of each
 * sample lie at or below the value: kept as its exact numerator. */
static void
measure(struct ks *k, const struct ks_value *v, size_t n)
{
	struct exactsum area, squares;
	double na = (double)k->na, nb = (double)k->nb, all = na + nb, d;
	double most = -1;
	uint64_t i = 0, j = 0;
	size_t at;

	exactsum_init(&area);
	exactsum_init(&squares);
	for (at = 0; at < n; at++) {
		i += v[at].a;
		j += v[at].b;
		d = fabs(wide_cross(i, k->nb, j, k->na));
		if (d > most) {
			most = d;
			k->at = v[at].x;
		}
		d = d / na / nb;
		exactsum_add(&squares, d * d * (double)(v[at].a + v[at].b));
		if (at + 1 < n)
			exactsum_add(&area, d * (v[at + 1].x - v[at].x));
	}
	k->statistic = most / na / nb;
	k->wasserstein = exactsum_value(&area);
	k->cvm = na * nb / (all * all) * exactsum_value(&squares);
}

/* ---- p in the limit ---- */

/* For small L the series turns into one of theta functions that converges
 * there: P(D < d) = sqrt(2 pi)/L sum exp(-(2j-1)^2 pi^2 / (8 L^2)). */
void
ks_limit(double d, double na, double nb, double *p, double *log10_p)
{
	const double pi = 3.14159265358979323846;
	double l = d * sqrt(na) * sqrt(nb / (na + nb)), l2 = l * l;
	double sum = 0;
	int j;

	if (l < 1) {
		for (j = 1; j <= 7 && l > 0; j += 2)
			sum += exp(-j * j * pi * pi / (8 * l2));
		sum *= l > 0 ? sqrt(2 * pi) / l : 0;
		*p = 1 - sum;
		*log10_p = log1p(-sum) / log(10);
		return;
	}
	/* 2 exp(-2 L^2) (1 - exp(-6 L^2) + exp(-16 L^2) - ...) */
	for (j = 5; j >= 2; j--)
		sum += (j % 2 ? 1 : -1) * exp(-2. * (j * j - 1) * l2);
	*log10_p = (log(2) - 2 * l2 + log1p(sum)) / log(10);
	*p = 2 * exp(-2 * l2) * (1 + sum);
}

/* ---- Cramer and von Mises ---- */

/* 1/pi sum over k of (-1)^(k-1) times the integral of
 * 2/t sqrt(-t / sin t) exp(-x t^2 / 2) from (2k-1) pi to 2k pi. With
 * t = (2k-1) pi + u, u = pi/2 (1 - cos h), the roots at both ends go, and what
 * is left is smooth and even in h, so that the trapezoid rule converges
 * faster than any power of the step. */
double
ks_cvm_limit(double x)
{
	const double pi = 3.14159265358979323846;
	double sum = 0, part, t, u, h;
	int k, i, n = 200;

	if (!(x > 0.015))
		return 1;               /* to the last digit */
	for (k = 1; k <= 60; k++) {
		part = 0;
		for (i = 1; i < n; i++) {
			h = pi * i / n;
			u = pi / 2 * (1 - cos(h));
			t = (2 * k - 1) * pi + u;
			part += sin(h) / sqrt(t * sin(u)) *
			    exp(-x * t * t / 2);
		}
		/* the ends, where sin h / sqrt(sin u) is 2 / sqrt pi */
		t = (2 * k - 1) * pi;
		part += exp(-x * t * t / 2) / sqrt(pi * t);
		t += pi;
		part += exp(-x * t * t / 2) / sqrt(pi * t);
		part *= pi / n;
		sum += k % 2 ? part : -part;
		if (part < 1e-17 * sum)
			break;
	}
	return fmin(1, sum);
}

/* T as the limit has it: mean 1/6, variance 1/45. */
static double
cvm_p(const struct ks *k)
{
	double na = (double)k->na, nb = (double)k->nb, n = na + nb;
	double mean = (1 + 1 / n) / 6;
	double variance = (n + 1) / 45 / (n * n) * (4 * na * nb * n -
	    3 * (na * na + nb * nb) - 2 * na * nb) / (4 * na * nb);

	return ks_cvm_limit(1. / 6 + (k->cvm - mean) / sqrt(45 * variance));
}

/* ---- p from all orders ---- */

/* An order of both samples' numbers is a path from (0,0) to (na,nb): a step
 * for each. A path has a D as large as the one seen if, at a value's last
 * number, |i nb - j na| reaches it. row[j] is the share of the paths to
 * (i,j) that have, among all to (i,j): it follows from those to (i-1,j) and
 * (i,j-1), of which i and j in i+j paths come. */
struct paths {
	const bool *end;        /* end[s]: is the s-th number, from 1, the last
	                         * of its value? NULL: all are */
	double limit;           /* the numerator of D, less a hair */
	uint64_t na, nb;
};

static bool
beyond(const struct paths *p, uint64_t i, uint64_t j)
{
	return (!p->end || p->end[i + j]) && fabs((double)i * (double)p->nb -
	    (double)j * (double)p->na) >= p->limit;
}

static double
share_of_paths(const struct paths *p, double *row)
{
	uint64_t i, j;
	double n;

	row[0] = 0;
	for (j = 1; j <= p->nb; j++)
		row[j] = beyond(p, 0, j) ? 1 : row[j - 1];
	for (i = 1; i <= p->na; i++) {
		if (beyond(p, i, 0))
			row[0] = 1;
		for (j = 1; j <= p->nb; j++) {
			n = (double)(i + j);
			row[j] = beyond(p, i, j) ? 1 : (double)i / n * row[j] +
			    (double)j / n * row[j - 1];
		}
	}
	return row[p->nb];
}

static int
exact(struct ks *k, const struct ks_value *v, size_t n, struct fail *why)
{
	bool *end = calloc(k->na + k->nb + 1, sizeof *end);
	double *row = malloc((k->nb + 1) * sizeof *row);
	struct paths p = { NULL, 0, k->na, k->nb };
	uint64_t s = 0;
	size_t at;

	if (!end || !row) {
		free(end);
		free(row);
		return fail_errno(why, "the paths of %" PRIu64 " numbers",
		    k->na + k->nb);
	}
	for (at = 0; at < n; at++) {
		s += v[at].a + v[at].b;
		end[s] = true;
	}
	p.limit = k->statistic * (double)k->na * (double)k->nb - 0.5;
	k->p = p.limit < 0 ? 1 : share_of_paths(&p, row);
	k->log10_p = log10(k->p);
	k->exact = true;
	p.end = end;
	if (k->ties)
		k->p_ties = p.limit < 0 ? 1 : share_of_paths(&p, row);
	free(end);
	free(row);
	return 0;
}

int
ks_test(struct ks *k, const struct ks_value *v, size_t n, struct fail *why)
{
	size_t i;

	memset(k, 0, sizeof *k);
	k->statistic = k->at = k->wasserstein = k->cvm = k->p_ties =
	    k->cvm_p = NAN;
	k->p = 1;
	for (i = 0; i < n; i++) {
		k->na += v[i].a;
		k->nb += v[i].b;
		k->ties |= v[i].a + v[i].b > 1;
	}
	if (k->na == 0 || k->nb == 0)
		return 0;
	measure(k, v, n);
	k->cvm_p = cvm_p(k);
	if (k->na <= KS_EXACT / k->nb)
		return exact(k, v, n, why);
	ks_limit(k->statistic, (double)k->na, (double)k->nb, &k->p,
	    &k->log10_p);
	return 0;
}

double
ks_quantile(const struct ks_value *v, size_t n, bool current, double q)
{
	uint64_t all = 0, seen = 0;
	size_t i;

	for (i = 0; i < n; i++)
		all += current ? v[i].b : v[i].a;
	for (i = 0; i < n; i++) {
		seen += current ? v[i].b : v[i].a;
		if (seen && (double)seen >= q * (double)all)
			return v[i].x;
	}
	return NAN;
}
