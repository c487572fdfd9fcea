/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/gof.h"
#include "near.h"

static struct gof
test(const uint64_t *a, const uint64_t *b, size_t k, enum gof_null null,
    enum gof_kind kind)
{
	struct pair p;
	struct fail why;
	struct gof g;

	assert_int_equal(pair_init(&p, a, b, k, &why), 0);
	gof_test(&g, &p, null, kind);
	return g;
}

/* The two rows of scipy's own example for chi2_contingency. */
static void
published_values(void **state)
{
	static const uint64_t a[] = { 10, 10, 20 }, b[] = { 20, 20, 20 };
	struct gof g;

	(void)state;
	g = test(a, b, 3, GOF_HOMOGENEITY, GOF_CHISQ);
	assert_near(g.statistic, 2.7777777777777777, 1e-15);
	assert_near(g.p, 0.2493522087772962, 1e-13);
	assert_true(g.df == 2 && g.state == GOF_OK);
	assert_near(g.min_expected, 12, 1e-15);
	assert_int_equal(g.cells, 6);
	assert_int_equal(g.below_5, 0);
	g = test(a, b, 3, GOF_HOMOGENEITY, GOF_G);
	assert_near(g.statistic, 2.7688587616781319, 5e-15);
	assert_near(g.p, 0.25046668010954165, 5e-15);
}

/* 25 digits of truth: counts of 10^9 that differ in the sixth digit. */
static void
large_counts_do_not_cancel(void **state)
{
	static const uint64_t a[] = { 1000000000, 2000000000, 3000000000 };
	static const uint64_t b[] = { 1000040000, 2000010000, 2999950000 };
	struct gof g;

	(void)state;
	g = test(a, b, 3, GOF_FIT, GOF_CHISQ);
	assert_near(g.statistic, 2.4833333333333333, 1e-15);
	g = test(a, b, 3, GOF_FIT, GOF_G);
	assert_near(g.statistic, 2.4833165467617416887, 1e-15);
}

/* Fewer and fewer: p goes on below 1e-300, its logarithm below that. */
static void
tails_go_on(void **state)
{
	static const uint64_t a[] = { 50000, 50000 };
	static const uint64_t b[] = { 54236, 45764 }, c[] = { 80000, 20000 };
	struct gof g;

	(void)state;
	g = test(a, b, 2, GOF_FIT, GOF_CHISQ);
	assert_true(g.statistic == 717.74784);
	assert_true(g.p > 1e-160 && g.p < 1e-150);
	g = test(a, c, 2, GOF_FIT, GOF_CHISQ);
	assert_true(g.statistic == 36000 && g.p == 0);
	assert_true(g.log10_p < -7000 && isfinite(g.log10_p));
}

/* The tutorial compares with a baseline whose total is another one: it must
 * be scaled; and the sides may be swapped in the two-sample test. */
static void
totals_may_differ(void **state)
{
	static const uint64_t a[] = { 60, 30, 10 }, b[] = { 12, 6, 2 };
	static const uint64_t c[] = { 5, 8, 1 };
	struct gof g, h;
	enum gof_kind kind;

	(void)state;
	for (kind = GOF_CHISQ; kind <= GOF_G; kind++) {
		g = test(a, b, 3, GOF_FIT, kind);
		assert_true(g.statistic == 0 && g.p == 1 && g.log10_p == 0);
		g = test(a, b, 3, GOF_HOMOGENEITY, kind);
		assert_true(g.statistic == 0 && g.p == 1);
		g = test(a, c, 3, GOF_HOMOGENEITY, kind);
		h = test(c, a, 3, GOF_HOMOGENEITY, kind);
		assert_true(g.statistic == h.statistic && g.p == h.p);
	}
}

static void
empty_categories_are_left_out(void **state)
{
	static const uint64_t a[] = { 20, 0, 10 }, b[] = { 18, 0, 12 };
	static const uint64_t c[] = { 20, 10 }, d[] = { 18, 12 };
	struct gof g, h;

	(void)state;
	g = test(a, b, 3, GOF_HOMOGENEITY, GOF_CHISQ);
	h = test(c, d, 2, GOF_HOMOGENEITY, GOF_CHISQ);
	assert_true(g.df == 1 && g.statistic == h.statistic && g.p == h.p);
	assert_int_equal(g.cells, 4);
	assert_near(g.statistic, 0.2870813397129187, 1e-15);
}

static void
what_tells_nothing_says_so(void **state)
{
	static const uint64_t none[] = { 0, 0 }, one[] = { 7, 0 };
	static const uint64_t two[] = { 7, 3 };
	struct pair p;
	struct gof g;

	(void)state;
	g = test(none, two, 2, GOF_HOMOGENEITY, GOF_CHISQ);
	assert_int_equal(g.state, GOF_EMPTY_SIDE);
	assert_true(g.statistic == 0 && g.p == 1 && g.log10_p == 0);
	g = test(two, none, 2, GOF_FIT, GOF_G);
	assert_int_equal(g.state, GOF_EMPTY_SIDE);
	g = test(none, none, 0, GOF_FIT, GOF_G);
	assert_true(g.state == GOF_EMPTY_SIDE && g.p == 1 && g.df == 0);
	g = test(one, one, 2, GOF_HOMOGENEITY, GOF_CHISQ);
	assert_true(g.state == GOF_ONE_CATEGORY && g.df == 0 && g.p == 1);
	pair_init(&p, one, one, 2, NULL);
	assert_true(isnan(gof_cramers_v(&p)));
	assert_non_null(gof_state_text(g.state));
	assert_null(gof_state_text(GOF_OK));
}

/* An intent that the baseline never saw is no certainty of drift. */
static void
fit_refuses_the_unexpected(void **state)
{
	static const uint64_t a[] = { 100, 0 }, b[] = { 100, 1 };
	struct gof g;

	(void)state;
	g = test(a, b, 2, GOF_FIT, GOF_CHISQ);
	assert_true(g.state == GOF_UNEXPECTED && isnan(g.statistic) &&
	    isnan(g.p) && isnan(g.log10_p) && g.df == 1);
	g = test(a, b, 2, GOF_HOMOGENEITY, GOF_CHISQ);
	assert_near(g.p, 0.3185113551340525, 1e-13);
	assert_int_equal(g.below_5, 2);
	assert_near(g.min_expected, 100. / 201, 1e-15);
}

/* Two by two: 9/(6n) of a mean too large, over the root of two. And a
 * thousand categories by Zipf's law, where G cries drift one time in 13. */
static void
g_is_too_large_for_many_small_counts(void **state)
{
	static const uint64_t two[] = { 500, 500 };
	static uint64_t zipf[1000];
	struct pair p;
	int i;

	(void)state;
	assert_int_equal(pair_init(&p, two, two, 2, NULL), 0);
	assert_near(gof_g_excess(&p), 9. / 12000 / sqrt(2), 1e-12);
	for (i = 0; i < 1000; i++)
		zipf[i] = (uint64_t)(100000 / 7.485 / (i + 1));
	assert_int_equal(pair_init(&p, zipf, zipf, 1000, NULL), 0);
	assert_true(gof_g_excess(&p) > 0.2 && gof_g_excess(&p) < 0.23);
	assert_int_equal(pair_init(&p, zipf, zipf, 40, NULL), 0);
	assert_true(gof_g_excess(&p) < GOF_G_EXCESS);
}

static void
totals_past_64_bits_fail(void **state)
{
	static const uint64_t a[] = { UINT64_MAX, 0 }, b[] = { 0, 1 };
	static const uint64_t c[] = { UINT64_MAX - 1, 0 };
	struct pair p;
	struct fail why;

	(void)state;
	assert_int_equal(pair_init(&p, a, b, 2, &why), -1);
	assert_int_equal(why.code, EXIT_DATA);
	assert_int_equal(pair_init(&p, c, b, 2, &why), 0);
}

static void
phi_is_smooth(void **state)
{
	(void)state;
	assert_true(gof_phi(0) == 0 && gof_phi(-1) == 1);
	assert_near(gof_phi(1e-8), 4.99999998333333342e-17, 1e-15);
	assert_near(gof_phi(-1e-8), 5.00000001666666675e-17, 1e-15);
	assert_near(gof_phi(0.2), 0.018785868152745553, 1e-14);
	assert_near(gof_phi(0.2 + 1e-9), 0.018785868335067111, 1e-14);
	assert_near(gof_phi(1), 0.38629436111989062, 1e-15);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_values),
		cmocka_unit_test(large_counts_do_not_cancel),
		cmocka_unit_test(tails_go_on),
		cmocka_unit_test(totals_may_differ),
		cmocka_unit_test(empty_categories_are_left_out),
		cmocka_unit_test(what_tells_nothing_says_so),
		cmocka_unit_test(fit_refuses_the_unexpected),
		cmocka_unit_test(g_is_too_large_for_many_small_counts),
		cmocka_unit_test(totals_past_64_bits_fail),
		cmocka_unit_test(phi_is_smooth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
