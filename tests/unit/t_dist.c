/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/dist.h"
#include "near.h"

/* 25-digit values: a common one, the last doubles, and far below them. */
static void
chisq_tails(void **state)
{
	struct tail t;

	(void)state;
	t = dist_chisq(3.844, 1);
	assert_near(t.p, 0.04992428403969754235160302, 1e-14);
	assert_near(t.log10_p, -1.30168815459623177054089, 1e-14);
	t = dist_chisq(449.44, 1);
	assert_near(t.p, 9.549645340790016654910348e-100, 1e-12);
	t = dist_chisq(1435.204, 1);
	assert_near(t.p, 4.705354675125810541075851e-314, 1e-9);
	assert_near(t.log10_p, -313.3274076352240614274902, 1e-14);
	t = dist_chisq(32000, 199);
	assert_true(t.p == 0);
	assert_near(t.log10_p, -6689.57484814861654494475, 1e-14);
	t = dist_chisq(0, 5);
	assert_true(t.p == 1 && t.log10_p == 0);
	t = dist_chisq(28.5, 76);       /* close to 1, its logarithm to 0 */
	assert_near(t.log10_p, -5.883918456058467595568046e-8, 1e-12);
}

static void
tail_from_a_logarithm(void **state)
{
	struct tail t = dist_tail(-1000);

	(void)state;
	assert_true(t.p == 0);
	assert_near(t.log10_p, -1000 / log(10), 1e-15);
	assert_near(dist_tail(log(0.25)).p, 0.25, 1e-15);
}

/* Printed tables of upper 5 % points. */
static void
quantiles(void **state)
{
	(void)state;
	assert_near(dist_chisq_quantile(0.05, 1), 3.841458820694124, 1e-13);
	assert_near(dist_chisq_quantile(0.05, 100), 124.34211340400407, 1e-13);
	assert_near(dist_z(0.95), 1.959963984540054, 1e-15);
	assert_near(dist_z(0.99), 2.575829303548901, 1e-15);
	assert_near(dist_normal_quantile(0.5) + 1, 1, 0);
	assert_near(dist_normal(dist_normal_quantile(0.001)), 0.001, 1e-13);
	assert_near(dist_normal_two_sided(-1.959963984540054), 0.05, 1e-13);
	assert_near(dist_normal_two_sided(3), dist_normal_two_sided(-3), 0);
	assert_near(dist_t(0, 7), 0.5, 1e-15);
}

/* With one degree of freedom it is (Z + sqrt(lambda))^2: two normal tails. */
static void
noncentral_in_one_dimension(void **state)
{
	double x, lambda, r, s, want;

	(void)state;
	for (x = 0.5; x < 60; x *= 2) {
		for (lambda = 0; lambda < 90; lambda = lambda * 3 + 0.3) {
			r = sqrt(x);
			s = sqrt(lambda);
			want = dist_normal(s - r) + dist_normal(-s - r);
			assert_near(dist_chisq_noncentral(x, 1, lambda), want,
			    1e-9);
		}
	}
}

static void
binomial_and_factorials(void **state)
{
	(void)state;
	assert_near(dist_binomial(2, 5, 0.5), 0.5, 1e-15);
	assert_near(dist_binomial_at(0, 10, 0.1), 0.3486784401, 1e-14);
	assert_true(dist_log_factorial(0) == 0);
	assert_near(dist_log_factorial(20), log(2432902008176640000.), 1e-15);
	assert_near(dist_log_add(log(3), log(4)), log(7), 1e-15);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chisq_tails),
		cmocka_unit_test(tail_from_a_logarithm),
		cmocka_unit_test(quantiles),
		cmocka_unit_test(noncentral_in_one_dimension),
		cmocka_unit_test(binomial_and_factorials),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
