/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calib.h -- does a confidence of 0.8 come true 80 times in 100?
 *
 * Confidences in [0,1], each with whether the prediction was right, go into
 * bins of equal width, (low,high], the first one also holding 0. A bin's
 * edges are the exact fractions i/bins: the double 0.1 is a hair above 1/10
 * and so belongs to the second of ten bins. From the bins:
 *
 *	ece	expected calibration error: the mean over the records of
 *		|accuracy - mean confidence| of their bin (M. P. Naeini,
 *		G. F. Cooper and M. Hauskrecht, "Obtaining well calibrated
 *		probabilities using Bayesian binning", 2015)
 *	mce	the largest of these
 *	brier	the mean of (confidence - right)^2 (G. W. Brier 1950, of the
 *		predicted label alone)
 *
 * Beside them, how many records would be kept, and how many of those right,
 * if a confidence below a threshold were sent to a person.
 *
 * All is counts and exact sums (exactsum.h): merging in any order gives the
 * same numbers, to the bit.
 *
 * Bins of equal mass need every confidence at hand, sorted:
 * calib_equal_mass() cuts them so that the i-th bin ends after record
 * round(i*n/bins), equal confidences staying together in the first of them.
 */
#ifndef STAT_CALIB_H
#define STAT_CALIB_H

#include "stat/exactsum.h"
#include "base/fail.h"

#define CALIB_BINS_MAX   1000
#define CALIB_THRESHOLDS 12

struct calib_bin {
	double low, high;               /* its edges, as the nearest doubles */
	double last;                    /* the largest double in it; not with
	                                 * equal mass */
	uint64_t n, right;
	struct exactsum confidence;     /* the sum */
};

/* Records between one threshold and the next, or from one up. */
struct calib_band {
	uint64_t n, right;
};

struct calib {
	struct calib_bin *bins;         /* owned */
	int nbins;
	uint64_t n;
	struct exactsum squares;        /* of (confidence - right) */
	struct calib_band band[CALIB_THRESHOLDS];
};

/* The thresholds: 0, 0.1 ... 0.9, 0.95, 0.99. */
extern const double calib_threshold[CALIB_THRESHOLDS];

/* nbins in [1, CALIB_BINS_MAX]. -1 where memory ends. */
int calib_init(struct calib *c, int nbins, struct fail *why);
void calib_free(struct calib *c);

/* The bin of a confidence in [0,1], from its exact value. */
int calib_bin(double confidence, int nbins);

/* Adds one record; the confidence must be in [0,1]. */
void calib_add(struct calib *c, double confidence, bool right);

/* The records with a confidence of calib_threshold[threshold] or more. */
struct calib_band calib_kept(const struct calib *c, int threshold);

/* Adds all that d holds; both have the same number of bins. */
void calib_merge(struct calib *c, const struct calib *d);

/* NaN where there are no records. */
double calib_ece(const struct calib *c);
double calib_mce(const struct calib *c);
double calib_brier(const struct calib *c);

/* A bin's mean confidence and accuracy; NaN where it is empty. */
double calib_bin_confidence(const struct calib_bin *b);
double calib_bin_accuracy(const struct calib_bin *b);

/* The same bins, cut anew by mass from n confidences in rising order (and,
 * among equals, in any): right[i] goes with confidence[i]. An empty bin has
 * low == high. */
void calib_equal_mass(struct calib *c, const double *confidence,
    const bool *right, size_t n);

#endif
