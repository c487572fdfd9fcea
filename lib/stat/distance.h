/* SPDX-License-Identifier: GPL-3.0-or-later */
/* distance.h -- how far apart two rows of counts lie, whatever their size.
 *
 * All work on shares p = a/n1, q = b/n2; categories empty on both sides are
 * left out. NaN where a side has no counts. Each sum has positive terms only,
 * formed from exact differences of products, so that nothing cancels.
 *
 *	tvd		sum |p-q| / 2; 0..1: the share of traffic that would
 *			have to move
 *	psi		population stability index, sum (q-p) ln(q/p), in
 *			nats, with half a count added to every category:
 *			p = (a+1/2)/(n1+k/2); finite whatever is empty
 *	js		Jensen-Shannon divergence in nats (Lin 1991): 0..ln 2
 *	hellinger	sqrt(sum (sqrt p - sqrt q)^2 / 2); 0..1
 */
#ifndef STAT_DISTANCE_H
#define STAT_DISTANCE_H

#include "stat/gof.h"

double distance_tvd(const struct pair *p);
double distance_psi(const struct pair *p);
double distance_js(const struct pair *p);
double distance_hellinger(const struct pair *p);

#endif
