/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/pick.h"
#include "base/rng.h"
#include "unit.h"

static void
add(struct pick *p, uint32_t k, uint64_t seed, int i)
{
	char id[16];
	int n = snprintf(id, sizeof id, "id-%d", i);

	assert_int_equal(pick_add(p, k, seed, id, (size_t)n, NULL), 0);
}

static void
assert_same(const struct pick *p, const struct pick *q)
{
	uint32_t i;

	assert_int_equal(p->n, q->n);
	for (i = 0; i < p->n; i++) {
		assert_int_equal(p->item[i].len, q->item[i].len);
		assert_memory_equal(p->item[i].p, q->item[i].p,
		    p->item[i].len);
	}
}

static void
any_order_any_split(void **state)
{
	struct pick whole = PICK_INIT, back = PICK_INIT, part[3];
	int i, k;

	(void)state;
	for (k = 0; k < 8; k++) {
		memset(part, 0, sizeof part);
		for (i = 0; i < 500; i++) {
			add(&whole, (uint32_t)k, 7, i);
			add(&back, (uint32_t)k, 7, 499 - i);
			add(part + i * i % 3, (uint32_t)k, 7, i);
			add(part + i % 3, (uint32_t)k, 7, i);
		}
		for (i = 1; i < 3; i++) {
			assert_int_equal(pick_merge(part, (uint32_t)k,
			    part + i, NULL), 0);
			pick_free(part + i);
		}
		assert_int_equal(whole.n, k);
		assert_same(&whole, &back);
		assert_same(&whole, part);
		pick_free(part);
		pick_free(&whole);
		pick_free(&back);
	}
}

static void
fewer_than_asked_for(void **state)
{
	struct pick p = PICK_INIT;
	int i;

	(void)state;
	for (i = 0; i < 100; i++)
		add(&p, 5, 1, i % 2);
	assert_int_equal(p.n, 2);
	pick_free(&p);
	assert_int_equal(pick_add(&p, 5, 1, NULL, 0, NULL), 0);
	assert_true(p.n == 1 && p.item[0].len == 0);
	pick_free(&p);
}

/* Over many seeds each of 20 is picked about as often: 4 of 20 in 5,000. */
static void
every_one_as_likely(void **state)
{
	int seen[20] = { 0 }, i, seed;
	uint32_t j;

	(void)state;
	for (seed = 0; seed < 5000; seed++) {
		struct pick p = PICK_INIT;

		for (i = 0; i < 20; i++)
			add(&p, 4, (uint64_t)seed, i);
		for (j = 0; j < p.n; j++) {
			char id[16];

			memcpy(id, p.item[j].p, p.item[j].len);
			id[p.item[j].len] = '\0';
			seen[strtol(id + 3, NULL, 10)]++;
		}
		pick_free(&p);
	}
	for (i = 0; i < 20; i++)
		assert_in_range(seen[i], 880, 1120);    /* deviation 28 */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_order_any_split),
		cmocka_unit_test(fewer_than_asked_for),
		cmocka_unit_test(every_one_as_likely),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
