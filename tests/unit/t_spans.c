/* SPDX-License-Identifier: GPL-3.0-or-later */
/* t_spans.c -- spans that were found against spans that should be. */
#include "base/rng.h"
#include "stat/spans.h"
#include "unit.h"

/* "correct incorrect partial missed spurious" of a way. */
static void
check(const struct spans *s, enum spans_way way, const char *want)
{
	struct spans_label l = spans_sum(s);
	const struct spans_side *g = &l.gold;
	uint64_t paired = g->correct[way] + g->incorrect[way] +
	    g->partial[way];
	char text[200];

	snprintf(text, sizeof text, "%d %d %d %d %d", (int)g->correct[way],
	    (int)g->incorrect[way], (int)g->partial[way],
	    (int)(g->n - paired), (int)(l.found.n - paired));
	assert_string_equal(text, want);
}

static void
four_ways(void **state)
{
	struct spans s;
	uint32_t a, b;
	struct span gold[5], found[4];

	(void)state;
	spans_init(&s);
	a = spans_label(&s, "A", 1);
	b = spans_label(&s, "B", 1);
	gold[0] = (struct span){ 0, 3, a };     /* found as it is */
	gold[1] = (struct span){ 4, 6, a };     /* as B */
	gold[2] = (struct span){ 8, 12, b };    /* in part */
	gold[3] = (struct span){ 20, 25, b };   /* in part, as A */
	gold[4] = (struct span){ 30, 31, b };   /* not at all */
	found[0] = (struct span){ 10, 14, b };
	found[1] = (struct span){ 4, 6, b };
	found[2] = (struct span){ 0, 3, a };
	found[3] = (struct span){ 24, 26, a };
	assert_int_equal(spans_add(&s, gold, 5, found, 4, NULL), 0);
	check(&s, SPANS_STRICT, "1 3 0 1 0");
	check(&s, SPANS_EXACT, "2 2 0 1 0");
	check(&s, SPANS_PARTIAL, "2 0 2 1 0");
	check(&s, SPANS_TYPE, "2 2 0 1 0");
	assert_int_equal(s.v[a].gold.n, 2);
	assert_int_equal(s.v[b].gold.n, 3);
	assert_int_equal(s.v[a].found.correct[SPANS_EXACT], 1);
	assert_int_equal(s.v[a].gold.correct[SPANS_EXACT], 2);
	spans_free(&s);
}

static void
scores(void **state)
{
	struct spans_score k;
	struct spans_label l;

	(void)state;
	memset(&l, 0, sizeof l);
	k = spans_score(&l, SPANS_STRICT, 0.95);
	assert_true(isnan(k.precision) && isnan(k.recall) && isnan(k.f1) &&
	    isnan(k.if1.low) && isnan(k.irecall.high));
	l.gold.n = 263;
	l.found.n = 100;
	l.gold.correct[SPANS_PARTIAL] = l.found.correct[SPANS_PARTIAL] = 80;
	l.gold.partial[SPANS_PARTIAL] = l.found.partial[SPANS_PARTIAL] = 2;
	k = spans_score(&l, SPANS_PARTIAL, 0.95);
	assert_true(k.precision == 0.81 && k.recall == 81.0 / 263 &&
	    k.f1 == 162.0 / 363);
	/* Newcombe 1998, table I: 81 of 263. */
	assert_true(fabs(k.irecall.low - 0.2553) < 5e-5 &&
	    fabs(k.irecall.high - 0.3662) < 5e-5);
	assert_true(k.if1.low < k.f1 && k.f1 < k.if1.high);
}

static void
shuffle(struct rng *r, struct span *v, size_t n)
{
	struct span t;
	size_t k;

	for (; n > 1; n--) {
		k = rng_below(r, n);
		t = v[k];
		v[k] = v[n - 1];
		v[n - 1] = t;
	}
}

/* Counts do not depend on the order, nor on parts that are merged; what is
 * the same is always found. */
static void
any_order(void **state)
{
	static const char *const names[] = { "x", "y", "zz" };
	struct spans one, two, part;
	struct span gold[12], found[12];
	struct spans_label l, m;
	struct rng r;
	size_t ng, nf, i, j, same;
	int round;

	(void)state;
	rng_seed(&r, 3);
	spans_init(&one);
	spans_init(&two);
	for (i = 3; i > 0; i--)
		spans_label(&two, names[i - 1], strlen(names[i - 1]));
	for (round = 0; round < 3000; round++) {
		ng = rng_below(&r, 12);
		nf = rng_below(&r, 12);
		for (i = 0; i < 24; i++) {
			struct span *s = i < 12 ? &gold[i] : &found[i - 12];

			s->start = rng_below(&r, 12);
			s->end = s->start + 1 + rng_below(&r, 4);
			s->label = (uint32_t)rng_below(&r, 3);
			spans_label(&one, names[s->label],
			    strlen(names[s->label]));
			s->label = spans_label(&one, names[s->label],
			    strlen(names[s->label]));
		}
		l = spans_sum(&one);
		same = l.gold.correct[SPANS_STRICT];
		assert_int_equal(spans_add(&one, gold, ng, found, nf, NULL),
		    0);
		l = spans_sum(&one);
		same = l.gold.correct[SPANS_STRICT] - same;
		for (i = 0; i < ng; i++)
			for (j = 0; j < nf; j++)
				assert_true(same > 0 || gold[i].start !=
				    found[j].start || gold[i].end !=
				    found[j].end || gold[i].label !=
				    found[j].label);
		shuffle(&r, gold, ng);
		shuffle(&r, found, nf);
		spans_init(&part);
		for (i = 0; i < one.names.n; i++)
			spans_label(&part, one.names.keys[i].p,
			    one.names.keys[i].len);
		spans_add(&part, gold, ng, found, nf, NULL);
		assert_int_equal(spans_merge(&two, &part, NULL), 0);
		spans_free(&part);
	}
	l = spans_sum(&one);
	m = spans_sum(&two);
	assert_memory_equal(&l, &m, sizeof l);
	for (i = 0; i < 3; i++) {
		l = one.v[spans_label(&one, names[i], strlen(names[i]))];
		m = two.v[spans_label(&two, names[i], strlen(names[i]))];
		assert_memory_equal(&l, &m, sizeof l);
	}
	spans_free(&one);
	spans_free(&two);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(four_ways),
		cmocka_unit_test(scores),
		cmocka_unit_test(any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
