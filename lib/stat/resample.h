/* SPDX-License-Identifier: GPL-3.0-or-later */
/* resample.h -- p-values that need no large counts.
 *
 * Chi-square's distribution is only approached as expected counts grow; below
 * about 5 it may be far off. Given both margins, though, and no drift, the
 * current row is a draw without replacement from all records of both sides,
 * and that distribution is known whatever the counts. Two uses of it:
 *
 *	resample_chisq()   draws tables and counts those whose chi-square is
 *	                   at least the one observed; p = (1+count)/(1+rounds),
 *	                   never 0 (A. C. Davison and D. V. Hinkley, "Bootstrap
 *	                   methods and their application", 1997, 4.2)
 *	resample_exact()   visits every table and adds the probabilities of
 *	                   those no more probable than the one observed (G. H.
 *	                   Freeman and J. H. Halton, 1951; Fisher's exact test
 *	                   where there are two categories)
 *
 * A table of few records is drawn record by record; one of many category by
 * category, each a hypergeometric variate: by inversion from the mode where
 * its spread is small, else by E. Stadlober, "The ratio of uniforms approach
 * for generating discrete random variates", 1990. So the work does not grow
 * with the counts.
 *
 *	struct rng rng;
 *	struct resample r;
 *	rng_seed(&rng, seed);
 *	if (resample_chisq(&r, &pair, 9999, &rng, &why) < 0) ...
 *	r.p, r.se
 */
#ifndef STAT_RESAMPLE_H
#define STAT_RESAMPLE_H

#include "base/rng.h"
#include "stat/gof.h"

struct resample {
	double p;
	double se;              /* p's own standard error, sqrt(p(1-p)/rounds) */
	uint64_t rounds;
};

/* The pair must have GOF_OK under homogeneity. -1 where memory ends. The
 * same seed and the same counts in the same order give the same p. */
int resample_chisq(struct resample *r, const struct pair *p, uint64_t rounds,
    struct rng *rng, struct fail *why);

/* The most tables that resample_exact() visits, about a second's work. */
#define RESAMPLE_TABLES 20000000

/* Likewise; -1 with EXIT_USAGE where there are too many tables. */
int resample_exact(double *p, double *log10_p, const struct pair *pair,
    struct fail *why);

/* One hypergeometric variate: how many of `drawn` balls are good, out of
 * good + bad; drawn <= good + bad. */
uint64_t resample_hypergeometric(struct rng *rng, uint64_t good, uint64_t bad,
    uint64_t drawn);

#endif
