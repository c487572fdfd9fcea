/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/resample.h"
#include "stat/dist.h"
#include "near.h"

#define DRAWS 200000

static double
log_choose(double n, double k)
{
	return dist_log_factorial(n) - dist_log_factorial(k) -
	    dist_log_factorial(n - k);
}

/* Draws, counted, against the probabilities: chi-square over the values that
 * are expected 10 times or more. */
static void
check_draws(uint64_t good, uint64_t bad, uint64_t drawn)
{
	static uint64_t seen[5000];
	struct rng rng;
	double sum = 0, e;
	uint64_t x, df = 0, i;

	memset(seen, 0, sizeof seen);
	rng_seed(&rng, good + drawn);
	for (i = 0; i < DRAWS; i++) {
		x = resample_hypergeometric(&rng, good, bad, drawn);
		assert_true(x <= good && x <= drawn && drawn - x <= bad);
		seen[x]++;
	}
	for (x = 0; x <= good && x <= drawn; x++) {
		if (drawn - x > bad)
			continue;
		e = DRAWS * exp(log_choose((double)good, (double)x) +
		    log_choose((double)bad, (double)(drawn - x)) -
		    log_choose((double)(good + bad), (double)drawn));
		if (e < 10)
			continue;
		sum += ((double)seen[x] - e) * ((double)seen[x] - e) / e;
		df++;
	}
	if (!(dist_chisq(sum, (double)df).p > 1e-4))
		print_error("%lu good, %lu bad, %lu drawn: chi-square %g, "
		    "df %lu\n", good, bad, drawn, sum, df);
	assert_true(dist_chisq(sum, (double)df).p > 1e-4);
}

static void
variates_follow_their_law(void **state)
{
	(void)state;
	check_draws(5, 95, 50);
	check_draws(90, 10, 50);
	check_draws(3, 4, 5);
	check_draws(1, 1000000, 500000);
	check_draws(500, 500, 300);
	check_draws(4000, 900, 3000);   /* ratio of uniforms from here on */
	check_draws(2000, 2000, 2000);
	check_draws(1500, 100000, 30000);
}

static void
variates_at_the_ends(void **state)
{
	struct rng rng;
	int i;

	(void)state;
	rng_seed(&rng, 1);
	assert_int_equal(resample_hypergeometric(&rng, 0, 10, 5), 0);
	assert_int_equal(resample_hypergeometric(&rng, 10, 0, 5), 5);
	assert_int_equal(resample_hypergeometric(&rng, 10, 10, 0), 0);
	assert_int_equal(resample_hypergeometric(&rng, 10, 10, 20), 10);
	for (i = 0; i < 100; i++) {
		double x = (double)resample_hypergeometric(&rng, 1000000000,
		    2000000000, 1500000000);

		/* mean 5e8, deviation 12,910 */
		assert_true(fabs(x - 5e8) < 6 * 12910);
	}
}

static double
exact(const uint64_t *a, const uint64_t *b, size_t k)
{
	struct pair p;
	double q, l;

	assert_int_equal(pair_init(&p, a, b, k, NULL), 0);
	assert_int_equal(resample_exact(&q, &l, &p, NULL), 0);
	assert_near(l, log10(q), 1e-9);
	return q;
}

/* Fisher's tea: 3 and 1 of 4. And Freeman and Halton by hand: the row of 2
 * out of columns 1,1,2 has the tables 110 (1/6), 101 (2/6), 011 (2/6), 002
 * (1/6). */
static void
exact_by_hand(void **state)
{
	static const uint64_t tea[] = { 3, 1 }, cups[] = { 1, 3 };
	static const uint64_t a[] = { 0, 0, 2 }, b[] = { 1, 1, 0 };
	static const uint64_t c[] = { 1, 0, 1 }, d[] = { 0, 1, 1 };
	static const uint64_t none[] = { 4, 0, 4 };

	(void)state;
	assert_near(exact(tea, cups, 2), 34. / 70, 1e-12);
	assert_near(exact(a, b, 3), 1. / 3, 1e-12);
	assert_near(exact(c, d, 3), 1, 1e-12);
	assert_near(exact(none, none, 3), 1, 1e-12);
}

static void
exact_gives_up_in_time(void **state)
{
	uint64_t a[12], b[12];
	struct pair p;
	struct fail why;
	double q, l;
	int i;

	(void)state;
	for (i = 0; i < 12; i++)
		a[i] = b[i] = 50;
	assert_int_equal(pair_init(&p, a, b, 12, NULL), 0);
	assert_int_equal(resample_exact(&q, &l, &p, &why), -1);
	assert_int_equal(why.code, EXIT_USAGE);
}

/* Drawn p against the p of all tables, ordered by chi-square here too: with
 * two categories both orders agree. */
static void
drawn_agrees_with_exact(void **state)
{
	static const uint64_t a[] = { 13, 2 }, b[] = { 6, 6 };
	static const uint64_t c[] = { 90, 3 }, d[] = { 100, 9 };
	struct pair p;
	struct resample r, s;
	struct rng rng;

	(void)state;
	rng_seed(&rng, 3);
	assert_int_equal(pair_init(&p, a, b, 2, NULL), 0);
	assert_int_equal(resample_chisq(&r, &p, 99999, &rng, NULL), 0);
	assert_true(fabs(r.p - exact(a, b, 2)) < 4 * r.se);
	assert_near(r.se, sqrt(r.p * (1 - r.p) / 99999), 1e-12);
	assert_int_equal(pair_init(&p, c, d, 2, NULL), 0);
	rng_seed(&rng, 4);
	assert_int_equal(resample_chisq(&r, &p, 99999, &rng, NULL), 0);
	assert_true(fabs(r.p - exact(c, d, 2)) < 4 * r.se);
	rng_seed(&rng, 4);
	assert_int_equal(resample_chisq(&s, &p, 99999, &rng, NULL), 0);
	assert_true(r.p == s.p);
}

/* With large counts it is chi-square's p again; and it is never 0. */
static void
drawn_agrees_with_chisq(void **state)
{
	static const uint64_t a[] = { 4000, 3000, 2000, 1000 };
	static const uint64_t b[] = { 3900, 3060, 2080, 960 };
	static const uint64_t c[] = { 1000, 0 }, d[] = { 0, 1000 };
	struct pair p;
	struct resample r;
	struct rng rng;
	struct gof g;

	(void)state;
	rng_seed(&rng, 8);
	assert_int_equal(pair_init(&p, a, b, 4, NULL), 0);
	gof_test(&g, &p, GOF_HOMOGENEITY, GOF_CHISQ);
	assert_int_equal(resample_chisq(&r, &p, 20000, &rng, NULL), 0);
	assert_true(fabs(r.p - g.p) < 4 * r.se + 0.001);
	assert_int_equal(pair_init(&p, c, d, 2, NULL), 0);
	assert_int_equal(resample_chisq(&r, &p, 999, &rng, NULL), 0);
	assert_near(r.p, 0.001, 1e-15);
}

/* Two samples of one population with rare categories: p <= .05 about one
 * time in twenty, where chi-square scaled to the baseline says so in most. */
static void
false_alarms_are_as_promised(void **state)
{
	struct rng rng;
	int alarms = 0, wrong = 0, round, i;

	(void)state;
	rng_seed(&rng, 42);
	for (round = 0; round < 500; round++) {
		uint64_t a[40] = { 0 }, b[40] = { 0 };
		struct pair p;
		struct resample r;
		struct gof g;

		for (i = 0; i < 300; i++) {
			double u = rng_double(&rng), v = rng_double(&rng);

			a[(int)(40 * u * u)]++;
			b[(int)(40 * v * v)]++;
		}
		assert_int_equal(pair_init(&p, a, b, 40, NULL), 0);
		gof_test(&g, &p, GOF_FIT, GOF_CHISQ);
		wrong += isnan(g.p) || g.p <= 0.05;
		assert_int_equal(resample_chisq(&r, &p, 199, &rng, NULL), 0);
		alarms += r.p <= 0.05;
	}
	assert_in_range(alarms, 10, 42);        /* 25, three deviations */
	assert_true(wrong > 400);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(variates_follow_their_law),
		cmocka_unit_test(variates_at_the_ends),
		cmocka_unit_test(exact_by_hand),
		cmocka_unit_test(exact_gives_up_in_time),
		cmocka_unit_test(drawn_agrees_with_exact),
		cmocka_unit_test(drawn_agrees_with_chisq),
		cmocka_unit_test(false_alarms_are_as_promised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
