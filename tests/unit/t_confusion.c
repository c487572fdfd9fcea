/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/confusion.h"
#include "stat/wide.h"
#include "base/rng.h"
#include "near.h"

#define OFF 1e-12

static struct confusion
table(const uint64_t *m, uint32_t k)
{
	struct cell cells[64];
	struct confusion c;
	uint32_t i;
	size_t n = 0;

	for (i = 0; i < k * k; i++)
		if (m[i])
			cells[n++] = (struct cell){ i / k, i % k, m[i] };
	assert_int_equal(confusion_init(&c, cells, n, k, NULL), 0);
	return c;
}

/* Artstein and Poesio, "Inter-coder agreement for computational linguistics"
 * (2008), table 1. */
static void
kappa_as_published(void **state)
{
	static const uint64_t m[] = { 20, 20, 10, 50 };
	struct confusion c = table(m, 2);

	(void)state;
	assert_near(c.kappa, 8. / 23, 1e-15);
	assert_near(c.accuracy, 0.7, 1e-15);
	confusion_free(&c);
}

/* The same example with a label that is only predicted, as scikit-learn's
 * zero_division has it: 1, 0, and back. */
static void
zero_division(void **state)
{
	static const uint64_t m[] = {
		2, 0, 0, 0,  0, 0, 0, 1,  1, 0, 2, 0,  0, 0, 0, 0,
	};
	struct confusion c = table(m, 4);
	struct prf bird, dog;

	(void)state;
	confusion_zero_division(&c, 1);
	bird = confusion_label(&c, 1);
	dog = confusion_label(&c, 3);
	assert_true(bird.precision == 1 && bird.recall == 0 && bird.f1 == 0);
	assert_true(dog.precision == 0 && dog.recall == 1 && dog.f1 == 0);
	assert_near(c.macro.precision, 2. / 3, OFF);
	assert_near(c.macro.recall, 2. / 3, OFF);
	assert_near(c.macro.f1, 0.4, OFF);
	assert_near(c.weighted.precision, 8. / 9, OFF);
	assert_near(c.weighted.f1, 2. / 3, OFF);
	confusion_zero_division(&c, 0);
	assert_true(confusion_label(&c, 1).precision == 0);
	assert_near(c.macro.precision, 5. / 12, OFF);
	confusion_zero_division(&c, NAN);
	assert_true(isnan(confusion_label(&c, 1).precision));
	assert_near(c.macro.precision, 5. / 12, OFF);
	confusion_free(&c);
}

/* scikit-learn's example: actual ant cat cat ant bird cat. */
static void
three_labels(void **state)
{
	static const uint64_t m[] = { 2, 0, 0,  0, 0, 1,  1, 0, 2 };
	struct confusion c = table(m, 3);
	struct prf bird = confusion_label(&c, 1);

	(void)state;
	assert_near(c.accuracy, 2. / 3, OFF);
	assert_near(c.balanced_accuracy, 5. / 9, OFF);
	assert_near(c.kappa, 3. / 7, OFF);
	assert_near(c.mcc, 0.45226701686664544, OFF);
	assert_near(c.macro.precision, 4. / 9, OFF);
	assert_near(c.macro.recall, 5. / 9, OFF);
	assert_near(c.macro.f1, 0.48888888888888893, OFF);
	assert_near(c.weighted.precision, 5. / 9, OFF);
	assert_near(c.weighted.recall, 2. / 3, OFF);
	assert_near(c.weighted.f1, 0.6, OFF);
	assert_near(c.micro.f1, 2. / 3, OFF);
	/* never predicted: no precision; but a recall and an F1 of 0 */
	assert_true(isnan(bird.precision) && bird.recall == 0 &&
	    bird.f1 == 0);
	assert_true(c.support[2] == 3 && c.predicted[1] == 0 &&
	    c.hit[0] == 2 && c.n == 6 && c.correct == 4);
	confusion_free(&c);
}

/* A label that stands only in predictions counts in macro, as 0. */
static void
two_kinds_of_macro(void **state)
{
	static const uint64_t m[] = { 2, 0, 0,  0, 1, 1,  0, 0, 0 };
	struct confusion c = table(m, 3);
	struct prf ghost = confusion_label(&c, 2);

	(void)state;
	assert_int_equal(c.supported, 2);
	assert_true(ghost.precision == 0 && isnan(ghost.recall) &&
	    ghost.f1 == 0);
	assert_near(c.macro.recall, 0.5, OFF);
	assert_near(c.macro.f1, (1 + 2. / 3) / 3, OFF);
	assert_near(c.macro_supported.recall, 0.75, OFF);
	assert_near(c.macro_supported.f1, (1 + 2. / 3) / 2, OFF);
	assert_near(c.balanced_accuracy, 0.75, OFF);
	confusion_free(&c);
}

static void
undefined_is_never_zero(void **state)
{
	static const uint64_t one[] = { 5 }, column[] = { 4, 0, 6, 0 };
	static const uint64_t apart[] = { 0, 3, 0, 0 };
	struct confusion c = table(one, 1);

	(void)state;
	assert_true(c.accuracy == 1 && isnan(c.kappa) && isnan(c.mcc));
	confusion_free(&c);
	c = table(column, 2);           /* always the same prediction */
	assert_true(c.kappa == 0 && isnan(c.mcc));
	confusion_free(&c);
	c = table(apart, 2);
	assert_true(c.accuracy == 0 && c.kappa == 0 && isnan(c.mcc));
	confusion_free(&c);
	assert_int_equal(confusion_init(&c, NULL, 0, 2, NULL), 0);
	assert_true(isnan(c.accuracy) && isnan(c.balanced_accuracy) &&
	    isnan(c.kappa) && isnan(c.mcc) && isnan(c.macro.f1) &&
	    isnan(c.weighted.recall) && isnan(c.micro.precision));
	confusion_free(&c);
	assert_int_equal(confusion_init(&c, NULL, 0, 0, NULL), 0);
	confusion_free(&c);
	assert_non_null(confusion_why("mcc"));
	assert_string_not_equal(confusion_why("mcc"), confusion_why("recall"));
}

/* n^2 is far beyond 2^64 here, and agreement next to none. */
static void
large_counts(void **state)
{
	static const uint64_t m[] = {
		250000000001, 250000000000, 250000000000, 250000000000,
	};
	struct confusion c = table(m, 2);
	double n = 1000000000001.;

	(void)state;
	/* n sum t - S = 1/2 (n + ...) worked out by hand: ad - bc = 2.5e11,
	 * so kappa = 2 (ad-bc) / (r1 c2 + r2 c1) */
	assert_near(c.kappa, 2 * 2.5e11 / (2 * 500000000001. * 5e11), 1e-15);
	assert_near(c.mcc, 2.5e11 / (500000000001. * 5e11), 1e-15);
	assert_near(c.accuracy, 500000000001. / n, 1e-15);
	confusion_free(&c);
}

static void
cells_in_any_order_and_split(void **state)
{
	struct cell cells[] = {
		{ 1, 1, 3 }, { 0, 1, 2 }, { 1, 1, 4 }, { 0, 0, 9 },
		{ 0, 1, 1 },
	};
	static const uint64_t m[] = { 9, 3, 0, 7 };
	struct confusion c, d = table(m, 2);

	(void)state;
	assert_int_equal(confusion_init(&c, cells, 5, 2, NULL), 0);
	assert_true(c.kappa == d.kappa && c.mcc == d.mcc &&
	    c.macro.f1 == d.macro.f1 && c.n == 19);
	confusion_free(&c);
	confusion_free(&d);
}

static void
refuses_what_it_cannot_count(void **state)
{
	struct cell strange = { 0, 2, 1 };
	struct cell many[] = {
		{ 0, 0, (uint64_t)1 << 61 }, { 0, 1, ((uint64_t)1 << 61) + 1 },
	};
	struct confusion c;
	struct fail why;

	(void)state;
	assert_int_equal(confusion_init(&c, &strange, 1, 2, &why), -1);
	assert_int_equal(why.code, EXIT_DATA);
	assert_int_equal(confusion_init(&c, many, 2, 2, &why), -1);
	assert_int_equal(why.code, EXIT_DATA);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kappa_as_published),
		cmocka_unit_test(three_labels),
		cmocka_unit_test(zero_division),
		cmocka_unit_test(two_kinds_of_macro),
		cmocka_unit_test(undefined_is_never_zero),
		cmocka_unit_test(large_counts),
		cmocka_unit_test(cells_in_any_order_and_split),
		cmocka_unit_test(refuses_what_it_cannot_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
