/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/tally.h"
#include "base/rng.h"
#include "unit.h"

static int
by_bytes(const char *p, size_t np, const char *q, size_t nq)
{
	int c = memcmp(p, q, np < nq ? np : nq);

	return c ? c : (np > nq) - (np < nq);
}

static void
counts(void **state)
{
	struct tally t = TALLY_INIT;

	(void)state;
	assert_int_equal(tally_add(&t, "b", 1, 2, NULL), 0);
	assert_int_equal(tally_add(&t, "a\0x", 3, 1, NULL), 0);
	assert_int_equal(tally_add(&t, "b", 1, 40, NULL), 0);
	assert_int_equal(tally_key(&t, "new", 3, NULL), 2);
	assert_int_equal(tally_count(&t, "b", 1), 42);
	assert_int_equal(tally_count(&t, "a\0x", 3), 1);
	assert_int_equal(tally_count(&t, "a", 1), 0);
	assert_int_equal(t.count[2], 0);
	assert_int_equal(t.total, 43);
	tally_free(&t);
}

/* Split over four tallies and merged in another order: the same counts, and
 * in order of the keys the same list. */
static void
merged_parts_are_the_whole(void **state)
{
	struct tally whole = TALLY_INIT, part[4];
	uint32_t *a, *b, i;
	struct rng r;
	int k;

	(void)state;
	memset(part, 0, sizeof part);
	rng_seed(&r, 9);
	for (k = 0; k < 20000; k++) {
		char key[16];
		int n = snprintf(key, sizeof key, "%d",
		    (int)rng_below(&r, 1000));

		assert_int_equal(tally_add(&whole, key, (size_t)n, 1, NULL),
		    0);
		assert_int_equal(tally_add(part + rng_below(&r, 4), key,
		    (size_t)n, 1, NULL), 0);
	}
	for (k = 2; k >= 0; k--)
		assert_int_equal(tally_merge(part + 3, part + k, NULL), 0);
	a = tally_order(&whole, by_bytes, NULL);
	b = tally_order(part + 3, by_bytes, NULL);
	assert_int_equal(whole.keys.n, part[3].keys.n);
	for (i = 0; i < whole.keys.n; i++) {
		struct map_key *x = whole.keys.keys + a[i];
		struct map_key *y = part[3].keys.keys + b[i];

		assert_int_equal(by_bytes(x->p, x->len, y->p, y->len), 0);
		assert_int_equal(whole.count[a[i]], part[3].count[b[i]]);
		if (i > 0)
			assert_true(by_bytes(x[0].p, x[0].len,
			    whole.keys.keys[a[i - 1]].p,
			    whole.keys.keys[a[i - 1]].len) > 0);
	}
	free(a);
	free(b);
	for (k = 0; k < 4; k++)
		tally_free(part + k);
	tally_free(&whole);
}

static void
orders_any_number(void **state)
{
	struct tally t = TALLY_INIT;
	uint32_t n, i, *order;

	(void)state;
	for (n = 0; n < 40; n++) {
		char key = (char)('A' + (n * 7) % 40);

		order = tally_order(&t, by_bytes, NULL);
		for (i = 1; i < n; i++)
			assert_true(t.keys.keys[order[i - 1]].p[0] <
			    t.keys.keys[order[i]].p[0]);
		free(order);
		assert_int_equal(tally_add(&t, &key, 1, 1, NULL), 0);
	}
	tally_free(&t);
}

static void
refuses_to_overflow(void **state)
{
	struct tally t = TALLY_INIT;
	struct fail why;

	(void)state;
	assert_int_equal(tally_add(&t, "a", 1, (uint64_t)1 << 62, &why), 0);
	assert_int_equal(tally_add(&t, "b", 1, 1, &why), -1);
	assert_int_equal(why.code, EXIT_DATA);
	tally_free(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts),
		cmocka_unit_test(merged_parts_are_the_whole),
		cmocka_unit_test(orders_any_number),
		cmocka_unit_test(refuses_to_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
