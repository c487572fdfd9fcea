/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/delta.h"
#include "base/rng.h"
#include "near.h"

/* Two raters and three diagnoses, the example of Fleiss, Cohen and Everitt
 * (1969): kappa .429 with the large-sample variance .002885. */
static const struct cell fleiss[] = {
	{ 0, 0, 106 }, { 0, 1, 10 }, { 0, 2, 4 },
	{ 1, 0, 22 }, { 1, 1, 28 }, { 1, 2, 10 },
	{ 2, 0, 2 }, { 2, 1, 12 }, { 2, 2, 6 },
};

static void
kappa_as_published(void **state)
{
	struct confusion c;
	struct delta d;

	(void)state;
	assert_int_equal(confusion_init(&c, fleiss, 9, 3, NULL), 0);
	delta_intervals(&d, &c, fleiss, 9, 0.95);
	assert_near(c.kappa, 0.429, 0.002);
	assert_near(d.kappa_se * d.kappa_se, 0.002885, 0.002);
	assert_near(d.kappa.high - d.kappa.low,
	    2 * 1.959963984540054 * d.kappa_se, 1e-12);
	confusion_free(&c);
}

static double
figure(const struct confusion *c, int which)
{
	switch (which) {
	case 0: return c->kappa;
	case 1: return c->mcc;
	case 2: return c->macro.precision;
	case 3: return c->macro.recall;
	case 4: return c->macro.f1;
	case 5: return c->macro_supported.precision;
	case 6: return c->macro_supported.f1;
	case 7: return c->weighted.precision;
	case 8: return c->weighted.f1;
	default: return c->balanced_accuracy;
	}
}

static struct interval
interval_of(const struct delta *d, int which)
{
	switch (which) {
	case 0: return d->kappa;
	case 1: return d->mcc;
	case 2: return d->macro.precision;
	case 3: return d->macro.recall;
	case 4: return d->macro.f1;
	case 5: return d->macro_supported.precision;
	case 6: return d->macro_supported.f1;
	case 7: return d->weighted.precision;
	case 8: return d->weighted.f1;
	default: return d->balanced_accuracy;
	}
}

#define FIGURES 10

/* The variance by its definition, derivatives by adding one record to
 * counts a million times as large; from it the interval that is expected. */
static double
numeric_variance(const struct cell *cells, size_t n, uint32_t k, int which)
{
	struct cell big[32];
	struct confusion c;
	double sum = 0, scale = 1e6, at, d;
	size_t i;

	for (i = 0; i < n; i++) {
		big[i] = cells[i];
		big[i].n *= 1000000;
	}
	for (i = 0; i < n; i++) {
		big[i].n += 500;
		assert_int_equal(confusion_init(&c, big, n, k, NULL), 0);
		at = figure(&c, which);
		confusion_free(&c);
		big[i].n -= 1000;
		assert_int_equal(confusion_init(&c, big, n, k, NULL), 0);
		d = (at - figure(&c, which)) / 1000 * scale;
		confusion_free(&c);
		big[i].n += 500;
		sum += (double)cells[i].n * d * d;
	}
	return sum;
}

static void
check_numeric(const struct cell *cells, size_t n, uint32_t k)
{
	struct confusion c;
	struct delta d;
	int f;

	assert_int_equal(confusion_init(&c, cells, n, k, NULL), 0);
	delta_intervals(&d, &c, cells, n, 0.9);
	for (f = 0; f < FIGURES; f++) {
		double g = figure(&c, f), v = numeric_variance(cells, n, k, f);
		struct interval want, got = interval_of(&d, f);

		if (f < 2)
			want = interval_wald(g, sqrt(v), -1, 1, 0.9);
		else
			want = interval_wilson(g * g * (1 - g) / v,
			    g * (1 - g) / v, 0.9);
		assert_near(got.low, want.low, 1e-6);
		assert_near(got.high, want.high, 1e-6);
	}
	confusion_free(&c);
}

/* The second table has a label that is only predicted, and one that never
 * is. */
static void
derivatives_as_by_differences(void **state)
{
	static const struct cell ragged[] = {
		{ 0, 0, 40 }, { 0, 1, 5 }, { 0, 3, 2 }, { 1, 1, 9 },
		{ 1, 0, 6 }, { 2, 0, 3 }, { 2, 1, 1 }, { 1, 3, 1 },
	};

	(void)state;
	check_numeric(fleiss, 9, 3);
	check_numeric(ragged, 8, 4);
}

/* Samples of 400 from a known table: the 95 % intervals hold its figures
 * about 95 times in 100. */
static void
intervals_cover(void **state)
{
	struct confusion truth, c;
	struct delta d;
	struct rng r;
	int covered[FIGURES] = { 0 }, f, round, i, j;

	(void)state;
	rng_seed(&r, 2026);
	assert_int_equal(confusion_init(&truth, fleiss, 9, 3, NULL), 0);
	for (round = 0; round < 1000; round++) {
		struct cell s[9];

		memcpy(s, fleiss, sizeof s);
		for (i = 0; i < 9; i++)
			s[i].n = 0;
		for (i = 0; i < 400; i++) {
			uint64_t at = rng_below(&r, 200);

			for (j = 0; at >= fleiss[j].n; j++)
				at -= fleiss[j].n;
			s[j].n++;
		}
		assert_int_equal(confusion_init(&c, s, 9, 3, NULL), 0);
		delta_intervals(&d, &c, s, 9, 0.95);
		for (f = 0; f < FIGURES; f++) {
			struct interval v = interval_of(&d, f);

			covered[f] += v.low <= figure(&truth, f) &&
			    figure(&truth, f) <= v.high;
		}
		confusion_free(&c);
	}
	for (f = 0; f < FIGURES; f++) {
		if (covered[f] < 925 || covered[f] > 970)
			print_error("figure %d: %d of 1000\n", f, covered[f]);
		assert_in_range(covered[f], 925, 970);
	}
	confusion_free(&truth);
}

static void
no_mistake_is_not_certainty(void **state)
{
	static const struct cell right[] = { { 0, 0, 30 }, { 1, 1, 10 } };
	struct confusion c;
	struct delta d;
	struct interval a = interval_wilson(40, 40, 0.95);

	(void)state;
	assert_int_equal(confusion_init(&c, right, 2, 2, NULL), 0);
	delta_intervals(&d, &c, right, 2, 0.95);
	assert_true(d.accuracy.low == a.low && d.weighted.f1.low == a.low);
	/* 4 / (1/30 + 1/10) = 30 */
	assert_near(d.macro.f1.low, interval_wilson(30, 30, 0.95).low, 1e-14);
	assert_near(d.kappa.low, 1 - (1 - a.low) / 0.375, 1e-14);
	assert_true(d.kappa.high == 1 && d.mcc.low == d.kappa.low);
	confusion_free(&c);
}

static void
undefined_has_no_interval(void **state)
{
	static const struct cell one[] = { { 0, 0, 30 } };
	struct confusion c;
	struct delta d;

	(void)state;
	assert_int_equal(confusion_init(&c, one, 1, 1, NULL), 0);
	delta_intervals(&d, &c, one, 1, 0.95);
	assert_true(isnan(d.kappa.low) && isnan(d.mcc.high) &&
	    isnan(d.kappa_se) && d.accuracy.high == 1);
	confusion_free(&c);
	assert_int_equal(confusion_init(&c, NULL, 0, 1, NULL), 0);
	delta_intervals(&d, &c, NULL, 0, 0.95);
	assert_true(isnan(d.accuracy.low) && isnan(d.macro.f1.low) &&
	    isnan(delta_label(&c, 0, 0.95).f1.low));
	confusion_free(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kappa_as_published),
		cmocka_unit_test(derivatives_as_by_differences),
		cmocka_unit_test(intervals_cover),
		cmocka_unit_test(no_mistake_is_not_certainty),
		cmocka_unit_test(undefined_has_no_interval),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
