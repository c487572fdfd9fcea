/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/moved.h"
#include "stat/dist.h"

/* With E = nb c/n, and d = b na - a nb (gof.h has its negative):
 *
 *	(b-E)/sqrt(E)                     = d / sqrt(n nb c)
 *	(b-E)/sqrt(E (1-nb/n) (1-c/n))    = d sqrt(n / (na nb c (n-c)))
 */
static void
residuals(struct moved *m, const struct pair *p, size_t i)
{
	double na = (double)p->na, nb = (double)p->nb, n = na + nb, d;
	uint64_t c = p->a[i] + p->b[i], others = p->na + p->nb - c;

	m->residual = m->z = m->p = NAN;
	if (p->na == 0 || p->nb == 0 || c == 0)
		return;
	d = 0 - pair_delta(p, i);
	m->residual = d / sqrt(n * nb * (double)c);
	if (others == 0)
		return;
	m->z = d / sqrt(na * nb) * sqrt(n / ((double)c * (double)others));
	m->p = dist_normal_two_sided(m->z);
}

void
moved_category(struct moved *m, const struct pair *p, size_t i, double level)
{
	uint64_t a = p->a[i], b = p->b[i];

	m->baseline = p->na ? (double)a / (double)p->na : NAN;
	m->current = p->nb ? (double)b / (double)p->nb : NAN;
	m->difference = p->na && p->nb ?
	    (0 - pair_delta(p, i)) / (double)p->na / (double)p->nb : NAN;
	m->interval = interval_newcombe(a, p->na, b, p->nb, level);
	residuals(m, p, i);
	m->status = a && b ? MOVED_SAME : b ? MOVED_NEW :
	    a ? MOVED_GONE : MOVED_EMPTY;
}
