/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/ks.h"
#include "base/rng.h"
#include "json/scan.h"
#include "near.h"

#define MAX 8192

/* Two samples as values: sorted, equal ones joined. */
struct number {
	double x;
	int side;
};

static int
rising(const void *p, const void *q)
{
	double a = ((const struct number *)p)->x;
	double b = ((const struct number *)q)->x;

	return (a > b) - (a < b);
}

static struct ks
test(const double *x, size_t nx, const double *y, size_t ny)
{
	static struct number all[MAX];
	static struct ks_value v[MAX];
	struct ks k;
	size_t i, n = 0;

	assert_true(nx + ny <= MAX);
	for (i = 0; i < nx + ny; i++) {
		all[i].x = i < nx ? x[i] : y[i - nx];
		all[i].side = i >= nx;
	}
	qsort(all, nx + ny, sizeof all[0], rising);
	for (i = 0; i < nx + ny; i++) {
		if (n == 0 || v[n - 1].x != all[i].x)
			v[n++] = (struct ks_value){ all[i].x, 0, 0 };
		if (all[i].side)
			v[n - 1].b++;
		else
			v[n - 1].a++;
	}
	assert_int_equal(ks_test(&k, v, n, NULL), 0);
	return k;
}

/* scipy's own test cases. */
static void
known_samples(void **state)
{
	static const double two[] = { 0.99, 1.99 }, four[] = { 1, 2, 3, 4 };
	static const double three[] = { 0.99, 1.99, 3 };
	double x[100], y[110];
	struct ks k;
	int i;

	(void)state;
	k = test(two, 2, four, 4);
	assert_near(k.statistic, 0.75, 1e-15);
	assert_near(k.p, 6. / 15, 1e-14);
	assert_true(k.exact && k.at == 1.99);
	assert_true(!k.ties && isnan(k.p_ties));
	k = test(two, 2, three, 3);     /* ties now: 0.99 and 1.99 twice */
	assert_near(k.statistic, 1. / 3, 1e-15);
	assert_near(k.p, 1, 1e-14);
	assert_true(k.ties && k.p_ties == 1);
	for (i = 0; i < 100; i++)
		x[i] = 1 + i;
	for (i = 0; i < 110; i++)
		y[i] = 1 + 99 * i / 109. + 20 + 0.1;
	k = test(x, 100, y, 110);
	assert_near(k.statistic, 232. / 1100, 1e-14);
	assert_near(k.p, 0.015739183865607353, 1e-10);
	assert_near(k.at, 22, 1e-15);
}

/* Every order of a few numbers with ties, one by one, against the paths. */
static void
exact_by_enumeration(void **state)
{
	static const struct ks_value tied[] = {
		{ 1, 2, 0 }, { 2, 1, 2 }, { 3, 0, 1 }, { 4, 1, 3 },
	};
	struct ks seen, k;
	double hits = 0, all = 0;
	int mask, i;

	(void)state;
	assert_int_equal(ks_test(&seen, tied, 4, NULL), 0);
	for (mask = 0; mask < 1 << 10; mask++) {
		struct ks_value v[4];
		int at = 0, ones = 0, j;

		for (i = 0; i < 10; i++)
			ones += mask >> i & 1;
		if (ones != 6)
			continue;
		for (i = 0; i < 4; i++) {
			v[i] = tied[i];
			v[i].a = v[i].b = 0;
			for (j = 0; j < (int)(tied[i].a + tied[i].b); j++)
				if (mask >> at++ & 1)
					v[i].b++;
				else
					v[i].a++;
		}
		assert_int_equal(ks_test(&k, v, 4, NULL), 0);
		hits += k.statistic > seen.statistic - 1e-9;
		all++;
	}
	assert_true(all == 210);
	assert_near(seen.p_ties, hits / all, 1e-13);
	assert_true(seen.p > seen.p_ties);
}

static void
distances_by_hand(void **state)
{
	static const double x[] = { 0, 1, 3 }, y[] = { 5, 6, 8 };
	static const double u[] = { 3.4, 3.9, 7.5, 7.8 }, w[] = { 4.5, 1.4 };
	struct ks k;

	(void)state;
	k = test(x, 3, y, 3);           /* all moved by five */
	assert_near(k.wasserstein, 5, 1e-15);
	assert_true(k.statistic == 1 && k.at == 3);
	assert_near(k.p, 2. / 20, 1e-15);
	k = test(u, 4, w, 2);           /* one lies wholly above the other: */
	assert_near(k.wasserstein, 5.65 - 2.95, 1e-14); /* the means' gap */
	k = test(x, 3, x, 3);
	assert_true(k.wasserstein == 0 && k.statistic == 0 && k.p == 1 &&
	    k.cvm == 0);
	/* Anderson's T of 1 4 6 against 2 3 5 7 by the ranks: U =
	 * 3 sum (r-i)^2 + 4 sum (s-j)^2, T = U/(nm(n+m)) - (4nm-1)/(6(n+m)) */
	{
		static const double a[] = { 1, 4, 6 }, b[] = { 2, 3, 5, 7 };
		double s = 3 * (0 + 4 + 9) + 4 * (1 + 1 + 4 + 9);

		k = test(a, 3, b, 4);
		assert_near(k.cvm, s / 84 - 47. / 42, 1e-13);
	}
}

/* The limit to 17 digits, by the series of Bessel functions; and Anderson's table: 5 % at
 * 0.46136, 1 % at 0.74346. */
static void
cvm_in_the_limit(void **state)
{
	static const double a[] = { 1, 4, 7, 11, 20, 21.5, 30 };
	static const double b[] = { 2, 3, 5, 6, 8, 9, 10, 12, 13.5, 40 };
	struct ks k;

	(void)state;
	assert_near(ks_cvm_limit(0.46136), 0.05, 1e-5);
	assert_near(ks_cvm_limit(0.74346), 0.01, 1e-5);
	assert_near(ks_cvm_limit(0.02), 0.99699938569839812, 1e-14);
	assert_near(ks_cvm_limit(0.2), 0.26747043054077489, 1e-14);
	assert_near(ks_cvm_limit(1), 0.0024604521801339639, 1e-14);
	assert_near(ks_cvm_limit(2), 1.2780736172781673e-5, 1e-14);
	assert_near(ks_cvm_limit(5), 3.0539290331033875e-12, 1e-13);
	assert_true(ks_cvm_limit(0) == 1 && ks_cvm_limit(1e-3) == 1);
	assert_true(ks_cvm_limit(100) > 0 && ks_cvm_limit(100) < 1e-200);
	k = test(a, 7, b, 10);
	assert_near(k.cvm, 0.0915966386554623, 1e-13);
	assert_near(k.cvm_p, 0.700146156825862, 1e-12);
}

static void
limit(void **state)
{
	double p, l, q;

	(void)state;
	/* Kolmogorov's distribution: 1.3581 is the 5 % point, 1.6276 1 % */
	ks_limit(1.3580986393225505, 2, 2, &p, &l);
	assert_near(p, 0.05, 1e-9);
	assert_near(l, log10(0.05), 1e-9);
	ks_limit(1.6276236115189507, 2, 2, &p, &l);
	assert_near(p, 0.01, 1e-9);
	/* both series meet at 1 */
	ks_limit(1 - 1e-12, 2, 2, &p, &l);
	ks_limit(1, 2, 2, &q, &l);
	assert_near(p, q, 1e-10);
	assert_near(q, 0.26999967167735456, 1e-12);
	ks_limit(0, 2, 2, &p, &l);
	assert_true(p == 1 && l == 0);
	ks_limit(1, 1e4, 1e4, &p, &l);
	assert_true(p == 0);
	assert_near(l, (log(2) - 1e4) / log(10), 1e-14);
}

static void
empty_samples(void **state)
{
	static const struct ks_value v[] = { { 1, 3, 0 }, { 2, 1, 0 } };
	struct ks k;

	(void)state;
	assert_int_equal(ks_test(&k, v, 2, NULL), 0);
	assert_true(isnan(k.statistic) && k.p == 1 && k.log10_p == 0);
	assert_true(ks_quantile(v, 2, false, 0.5) == 1 &&
	    ks_quantile(v, 2, false, 0.75) == 1 &&
	    ks_quantile(v, 2, false, 0.76) == 2 &&
	    ks_quantile(v, 2, false, 0) == 1 &&
	    isnan(ks_quantile(v, 2, true, 0.5)));
}

/* The confidences of a real classifier, split two ways. */
static void
reference(void **state)
{
	static double c[4096], x[4096], y[4096];
	const char *path = test_data("banking77/predictions.ndjson");
	struct buf b = BUF_INIT(BUF_DOC);
	struct json_val v, conf;
	const char *p, *end, *nl;
	size_t n = 0, i;
	struct ks k;
	double limit_p, l;
	int fd;

	(void)state;
	if (!path) {
		print_message("# no test data\n");
		skip();
	}
	fd = open(path, O_RDONLY);
	assert_int_equal(buf_read_fd(&b, fd), 0);
	close(fd);
	for (p = b.p, end = b.p + b.len; p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		assert_int_equal(json_check(p, (size_t)(nl - p), &v, NULL), 0);
		assert_true(json_get(v, "confidence", &conf));
		c[n++] = json_double(conf);
	}
	buf_free(&b);
	for (i = 0; i < n; i++)
		(i % 2 ? y : x)[i / 2] = c[i];
	k = test(x, 1540, y, 1540);
	assert_near(k.statistic, 0.02987012987012987, 1e-14);
	assert_near(k.p, 0.49810954502975835, 1e-10);
	assert_true(k.ties);
	assert_near(k.p_ties, k.p, 1e-4);
	ks_limit(k.statistic, 1540, 1540, &limit_p, &l);
	assert_near(limit_p, 0.4979750457630813, 1e-12);
	k = test(c, 1540, c + 1540, 1540);
	assert_near(k.statistic, 0.0512987012987013, 1e-14);
	assert_near(k.at, 0.9114860881620045, 1e-14);
	assert_near(k.p, 0.034738126891661704, 1e-10);
	ks_limit(k.statistic, 1540, 1540, &limit_p, &l);
	assert_near(limit_p, 0.034754178507645485, 1e-12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_samples),
		cmocka_unit_test(exact_by_enumeration),
		cmocka_unit_test(distances_by_hand),
		cmocka_unit_test(cvm_in_the_limit),
		cmocka_unit_test(limit),
		cmocka_unit_test(empty_samples),
		cmocka_unit_test(reference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
