/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drift.h"
#include "stat/distance.h"
#include "stat/power.h"
#include "stat/resample.h"

const char *const test_name[] = {
	NULL, "homogeneity", "gof", "g", "exact", "monte-carlo", NULL
};

/* ---- the table ---- */

int
table_init(struct table *t, const struct tally *baseline,
    const struct tally *current, struct fail *why)
{
	const struct tally *side[2];
	const struct map_key *k;
	uint32_t i, n;
	int j;

	memset(t, 0, sizeof *t);
	side[0] = baseline;
	side[1] = current;
	for (j = 0; j < 2; j++) {
		for (i = 0; side[j] && i < side[j]->keys.n; i++) {
			k = side[j]->keys.keys + i;
			if (tally_key(&t->names, k->p, k->len, why) ==
			    MAP_NONE)
				goto failed;
		}
	}
	n = t->names.keys.n;
	t->a = calloc(n + 1, sizeof *t->a);
	t->b = calloc(n + 1, sizeof *t->b);
	if (!t->a || !t->b) {
		fail_errno(why, "%lu categories", (unsigned long)n);
		goto failed;
	}
	if (!(t->order = tally_order(&t->names, key_cmp, why)))
		goto failed;
	for (i = 0; i < n; i++) {
		k = t->names.keys.keys + t->order[i];
		t->a[i] = baseline ? tally_count(baseline, k->p, k->len) : 0;
		t->b[i] = current ? tally_count(current, k->p, k->len) : 0;
	}
	if (pair_init(&t->pair, t->a, t->b, n, why) == 0)
		return 0;
failed:
	table_free(t);
	return -1;
}

void
table_free(struct table *t)
{
	tally_free(&t->names);
	free(t->a);
	free(t->b);
	free(t->order);
	memset(t, 0, sizeof *t);
}

/* ---- the test ---- */

static void
warn(struct answer *a, const char *sentence)
{
	if (sentence && a->nwarnings < (int)COUNT(a->warning))
		a->warning[a->nwarnings++] = sentence;
}

static int
draw(struct answer *a, const struct pair *p, const struct settings *s,
    struct fail *why)
{
	struct resample r;
	struct rng rng;

	rng_seed(&rng, (uint64_t)s->seed);
	if (resample_chisq(&r, p, (uint64_t)s->rounds, &rng, why) < 0)
		return -1;
	a->gof.p = r.p;
	a->gof.log10_p = log10(r.p);
	a->p_error = r.se;
	a->rounds = r.rounds;
	return 0;
}

/* The named test, or the one that suits; statistic and p into a->gof. */
static int
run_test(struct answer *a, const struct pair *p, const struct settings *s,
    struct fail *why)
{
	a->test = s->test;
	gof_test(&a->gof, p, a->test == TEST_GOF ? GOF_FIT : GOF_HOMOGENEITY,
	    a->test == TEST_G ? GOF_G : GOF_CHISQ);
	if (a->test == TEST_AUTO)
		a->test = a->gof.state == GOF_OK && a->gof.below_5 ?
		    TEST_MONTE_CARLO : TEST_HOMOGENEITY;
	if (a->gof.state != GOF_OK)
		return 0;
	if (a->test == TEST_MONTE_CARLO)
		return draw(a, p, s, why);
	if (a->test == TEST_EXACT)
		return resample_exact(&a->gof.p, &a->gof.log10_p, p, why);
	return 0;
}

int
answer_find(struct answer *a, const struct table *t, const struct settings *s,
    struct fail *why)
{
	const struct pair *p = &t->pair;

	memset(a, 0, sizeof *a);
	a->p_error = a->p_adjusted = NAN;
	if (run_test(a, p, s, why) < 0)
		return -1;
	a->cramers_v = gof_cramers_v(p);
	a->tvd = distance_tvd(p);
	a->hellinger = distance_hellinger(p);
	a->psi = distance_psi(p);
	a->js = distance_js(p);
	a->seen_v = a->seen_share = NAN;
	if (a->gof.state == GOF_OK || a->gof.state == GOF_UNEXPECTED) {
		a->seen_v = power_effect((double)p->used - 1,
		    (double)p->na + (double)p->nb, s->alpha, s->power);
		a->seen_share = power_share(a->seen_v, (double)p->na,
		    (double)p->nb);
	}
	return 0;
}

/* ---- the verdict ---- */

/* Chi-square and G lean on expected counts that are not small. W. G. Cochran,
 * "Some methods for strengthening the common chi-square tests", 1954: none
 * below 1, and a fifth of them below 5 at most. */
static bool
too_sparse(const struct answer *a)
{
	return (a->test == TEST_HOMOGENEITY || a->test == TEST_GOF ||
	    a->test == TEST_G) && (a->gof.min_expected < 1 ||
	    5 * a->gof.below_5 > a->gof.cells);
}

void
answer_judge(struct answer *a, const struct table *t, const struct settings *s)
{
	double p = isnan(a->p_adjusted) ? a->gof.p : a->p_adjusted;
	uint64_t n = (uint64_t)s->min_n;

	a->verdict = VERDICT_INSUFFICIENT;
	if (a->gof.state != GOF_OK) {
		warn(a, gof_state_text(a->gof.state));
		return;
	}
	if (t->pair.na < n || t->pair.nb < n)
		warn(a, "fewer records than --min-n on a side");
	if (too_sparse(a))
		warn(a, "expected counts too small for this test: one is "
		    "below 1, or more than a fifth are below 5; use "
		    "--test monte-carlo");
	if (a->nwarnings)
		return;
	if (s->test == TEST_GOF)
		warn(a, "the baseline is taken as exact, though it was "
		    "counted: expect drift where there is none");
	a->verdict = p <= s->alpha && a->cramers_v >= s->min_effect ?
	    VERDICT_DRIFT : VERDICT_NONE;
	if (a->test == TEST_MONTE_CARLO && fabs(p - s->alpha) <
	    2 * a->p_error)
		warn(a, "the drawn p-value is within its error of --alpha; "
		    "use more --rounds");
}
