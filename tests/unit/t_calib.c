/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/calib.h"
#include "base/rng.h"
#include "near.h"

/* Where exact fractions and doubles meet: 0.1 is above 1/10, 0.3 below. */
static void
edges_are_exact(void **state)
{
	static const struct { double c; int bin; } t[] = {
		{ 0.0, 0 }, { 1.0, 9 }, { 0.1, 1 }, { 0.2, 2 }, { 0.3, 2 },
		{ 0.30000000000000004, 3 }, { 0.5, 4 }, { 0.6, 5 },
		{ 0.7, 6 }, { 0.7000000000000001, 7 }, { 0.9, 9 },
		{ 0.9999999999999999, 9 }, { 0.09999999999999999, 0 },
		{ 0.8, 8 }, { 0.4, 4 }, { 5e-324, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof t / sizeof t[0]; i++) {
		if (calib_bin(t[i].c, 10) != t[i].bin)
			print_error("%.17g in bin %d\n", t[i].c,
			    calib_bin(t[i].c, 10));
		assert_int_equal(calib_bin(t[i].c, 10), t[i].bin);
	}
	/* every double i/1024 is an edge, and belongs to the bin it ends */
	for (i = 1; i <= 1024; i++) {
		double edge = (double)i / 1024;
		int k;

		for (k = 1024; k > 1; k /= 2) {
			int want = (int)((i * (size_t)k + 1023) / 1024) - 1;

			assert_int_equal(calib_bin(edge, k), want);
		}
	}
}

/* Is the confidence counted in the bin and at the thresholds where its exact
 * value belongs? */
static void
counted(double confidence, int nbins)
{
	struct calib c;
	int i;

	assert_int_equal(calib_init(&c, nbins, NULL), 0);
	calib_add(&c, confidence, true);
	if (c.bins[calib_bin(confidence, nbins)].n != 1)
		print_error("%.17g of %d bins\n", confidence, nbins);
	assert_int_equal(c.bins[calib_bin(confidence, nbins)].n, 1);
	for (i = 0; i < CALIB_THRESHOLDS; i++)
		assert_int_equal(calib_kept(&c, i).right,
		    confidence >= calib_threshold[i]);
	calib_free(&c);
}

/* Around every edge and threshold, and anywhere. */
static void
counted_where_it_belongs(void **state)
{
	struct rng r;
	double edge;
	int k, i;

	(void)state;
	rng_seed(&r, 3);
	for (k = 1; k <= 60; k++) {
		for (i = 0; i <= k; i++) {
			edge = (double)i / k;
			counted(edge, k);
			if (i > 0)
				counted(nextafter(edge, 0), k);
			if (i < k)
				counted(nextafter(edge, 1), k);
		}
		for (i = 0; i < CALIB_THRESHOLDS; i++)
			counted(calib_threshold[i], k);
		for (i = 0; i < 200; i++)
			counted(rng_double(&r), k);
	}
	counted(nextafter(1, 0), CALIB_BINS_MAX);
	counted(5e-324, CALIB_BINS_MAX);
}

static void
by_hand(void **state)
{
	static const double conf[] = {
		0.55, 0.57, 0.52, 0.58, 0.93, 0.96, 0.95, 0.91,
	};
	struct calib c;
	double brier = 0;
	int i;

	(void)state;
	assert_int_equal(calib_init(&c, 10, NULL), 0);
	for (i = 0; i < 8; i++) {
		bool right = i < 4;

		calib_add(&c, conf[i], right);
		brier += (conf[i] - right) * (conf[i] - right) / 8;
	}
	/* (4 - 2.22 + 3.75) / 8 */
	assert_near(calib_ece(&c), 0.69125, 1e-15);
	assert_near(calib_mce(&c), 3.75 / 4, 1e-15);
	assert_near(calib_brier(&c), brier, 1e-15);
	assert_int_equal(c.bins[5].n, 4);
	assert_near(calib_bin_confidence(c.bins + 5), 0.555, 1e-15);
	assert_true(calib_bin_accuracy(c.bins + 5) == 1);
	assert_true(isnan(calib_bin_accuracy(c.bins + 3)));
	assert_true(c.bins[9].low == 0.9 && c.bins[9].high == 1);
	assert_true(calib_kept(&c, 0).n == 8 && calib_kept(&c, 0).right == 4);
	assert_true(calib_threshold[9] == 0.9 && calib_kept(&c, 9).n == 4 &&
	    calib_kept(&c, 9).right == 0 && calib_kept(&c, 10).n == 2 &&
	    calib_kept(&c, 11).n == 0);
	calib_free(&c);
}

static void
nothing_is_undefined(void **state)
{
	struct calib c;

	(void)state;
	assert_int_equal(calib_init(&c, 10, NULL), 0);
	assert_true(isnan(calib_ece(&c)) && isnan(calib_brier(&c)) &&
	    isnan(calib_mce(&c)));
	calib_free(&c);
}

static void
merged_parts_are_the_whole(void **state)
{
	struct calib whole, part[4];
	struct rng r;
	int i;

	(void)state;
	rng_seed(&r, 5);
	calib_init(&whole, 15, NULL);
	for (i = 0; i < 4; i++)
		calib_init(part + i, 15, NULL);
	for (i = 0; i < 20000; i++) {
		double conf = rng_double(&r);
		bool right = rng_double(&r) < conf;

		calib_add(&whole, conf, right);
		calib_add(part + rng_below(&r, 4), conf, right);
	}
	for (i = 3; i > 0; i--)
		calib_merge(part, part + i);
	assert_true(calib_ece(part) == calib_ece(&whole));
	assert_true(calib_brier(part) == calib_brier(&whole));
	assert_memory_equal(part->band, whole.band, sizeof whole.band);
	/* drawn as they claim, so nearly calibrated; Brier is 1/6 */
	assert_true(calib_ece(&whole) < 0.02);
	assert_near(calib_brier(&whole), 1. / 6, 0.03);
	for (i = 0; i < 4; i++)
		calib_free(part + i);
	calib_free(&whole);
}

static void
equal_mass(void **state)
{
	static const double conf[] = {
		0.1, 0.2, 0.2, 0.2, 0.3, 0.5, 0.6, 0.9, 0.9, 1,
	};
	static const bool right[] = { 0, 0, 1, 0, 1, 0, 1, 1, 1, 1 };
	struct calib c;

	(void)state;
	calib_init(&c, 4, NULL);
	calib_equal_mass(&c, conf, right, 10);
	/* ends at 3 (2.5), 5, 8 (7.5), 10; equals stay together */
	assert_int_equal(c.bins[0].n, 4);
	assert_int_equal(c.bins[1].n, 1);
	assert_int_equal(c.bins[2].n, 4);
	assert_int_equal(c.bins[3].n, 1);
	assert_true(c.bins[0].low == 0 && c.bins[0].high == 0.2 &&
	    c.bins[1].low == 0.2 && c.bins[3].high == 1);
	assert_near(calib_ece(&c), (0.3 + 0.7 + 0.1 + 0) / 10, 1e-14);
	calib_equal_mass(&c, conf, right, 0);
	assert_true(isnan(calib_ece(&c)));
	calib_free(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edges_are_exact),
		cmocka_unit_test(counted_where_it_belongs),
		cmocka_unit_test(by_hand),
		cmocka_unit_test(nothing_is_undefined),
		cmocka_unit_test(merged_parts_are_the_whole),
		cmocka_unit_test(equal_mass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
