/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/calib.h"

const double calib_threshold[CALIB_THRESHOLDS] = {
	0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99,
};

int
calib_init(struct calib *c, int nbins, struct fail *why)
{
	int i;

	memset(c, 0, sizeof *c);
	if (!(c->bins = calloc((size_t)nbins, sizeof *c->bins)))
		return fail_errno(why, "%d bins", nbins);
	c->nbins = nbins;
	for (i = 0; i < nbins; i++) {
		c->bins[i].low = (double)i / nbins;
		c->bins[i].high = (double)(i + 1) / nbins;
		c->bins[i].last = c->bins[i].high;
		if (calib_bin(c->bins[i].last, nbins) > i)
			c->bins[i].last = nextafter(c->bins[i].last, 0);
		exactsum_init(&c->bins[i].confidence);
	}
	exactsum_init(&c->squares);
	return 0;
}

void
calib_free(struct calib *c)
{
	free(c->bins);
	memset(c, 0, sizeof *c);
}

/* The product is rounded, and so may fall on the wrong side of a whole
 * number; fma() rounds only after the subtraction, so its sign is exact. */
int
calib_bin(double confidence, int nbins)
{
	double k = ceil(confidence * nbins);

	if (fma(confidence, nbins, -(k - 1)) <= 0)
		k--;
	else if (fma(confidence, nbins, -k) > 0)
		k++;
	return k < 1 ? 0 : k > nbins ? nbins - 1 : (int)k - 1;
}

static void
bin_add(struct calib_bin *b, double confidence, bool right)
{
	b->n++;
	b->right += right;
	exactsum_add(&b->confidence, confidence);
}

/* calib_bin() by comparing alone. The rounded product may have come up to a
 * whole number that the exact one does not pass, never the other way. */
static struct calib_bin *
bin_of(const struct calib *c, double confidence)
{
	int i = (int)(confidence * c->nbins);

	return c->bins + i - (i > 0 && confidence <= c->bins[i - 1].last);
}

/* The last threshold that the confidence reaches; there is one, 0. Counted
 * without a branch: which one it is cannot be guessed. */
static int
band_of(double confidence)
{
	int i, band = 0;

	for (i = 1; i < CALIB_THRESHOLDS; i++)
		band += confidence >= calib_threshold[i];
	return band;
}

void
calib_add(struct calib *c, double confidence, bool right)
{
	double miss = confidence - (right ? 1 : 0);
	struct calib_band *b = c->band + band_of(confidence);

	bin_add(bin_of(c, confidence), confidence, right);
	c->n++;
	exactsum_add(&c->squares, miss * miss);
	b->n++;
	b->right += right;
}

struct calib_band
calib_kept(const struct calib *c, int threshold)
{
	struct calib_band kept = { 0, 0 };
	int i;

	for (i = threshold; i < CALIB_THRESHOLDS; i++) {
		kept.n += c->band[i].n;
		kept.right += c->band[i].right;
	}
	return kept;
}

void
calib_merge(struct calib *c, const struct calib *d)
{
	int i;

	for (i = 0; i < c->nbins; i++) {
		c->bins[i].n += d->bins[i].n;
		c->bins[i].right += d->bins[i].right;
		exactsum_merge(&c->bins[i].confidence, &d->bins[i].confidence);
	}
	c->n += d->n;
	exactsum_merge(&c->squares, &d->squares);
	for (i = 0; i < CALIB_THRESHOLDS; i++) {
		c->band[i].n += d->band[i].n;
		c->band[i].right += d->band[i].right;
	}
}

/* |right - sum of confidences| of a bin, rounded once. */
static double
bin_error(const struct calib_bin *b)
{
	struct exactsum s = b->confidence;

	exactsum_add(&s, -(double)b->right);
	return fabs(exactsum_value(&s));
}

double
calib_ece(const struct calib *c)
{
	struct exactsum sum;
	uint64_t n = 0;
	int i;

	exactsum_init(&sum);
	for (i = 0; i < c->nbins; i++) {
		exactsum_add(&sum, bin_error(c->bins + i));
		n += c->bins[i].n;
	}
	return n ? exactsum_value(&sum) / (double)n : NAN;
}

double
calib_mce(const struct calib *c)
{
	double most = NAN;
	int i;

	for (i = 0; i < c->nbins; i++)
		if (c->bins[i].n)
			most = fmax(most, bin_error(c->bins + i) /
			    (double)c->bins[i].n);
	return most;
}

double
calib_brier(const struct calib *c)
{
	return c->n ? exactsum_value(&c->squares) / (double)c->n : NAN;
}

double
calib_bin_confidence(const struct calib_bin *b)
{
	return b->n ? exactsum_value(&b->confidence) / (double)b->n : NAN;
}

double
calib_bin_accuracy(const struct calib_bin *b)
{
	return b->n ? (double)b->right / (double)b->n : NAN;
}

void
calib_equal_mass(struct calib *c, const double *confidence, const bool *right,
    size_t n)
{
	size_t at = 0, end;
	double edge = 0;
	int i;

	for (i = 0; i < c->nbins; i++) {
		struct calib_bin *b = c->bins + i;

		memset(b, 0, sizeof *b);
		b->low = edge;
		end = (size_t)((double)n * (i + 1) / c->nbins + 0.5);
		while (at < n && (at < end ||
		    (at > 0 && confidence[at] == confidence[at - 1]))) {
			bin_add(b, confidence[at], right[at]);
			at++;
		}
		if (b->n)
			edge = at == n ? 1 : confidence[at - 1];
		b->high = edge;
	}
}
