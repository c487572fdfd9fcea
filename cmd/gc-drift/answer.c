/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drift.h"
#include "stat/distance.h"
#include "stat/power.h"
#include "stat/resample.h"

const char *const test_name[] = {
	NULL, "homogeneity", "gof", "g", "exact", "monte-carlo",
	"ks", NULL
};

/* ---- the table ---- */

/* Two spellings of a number too long for a double may be one value. */
static int
make_values(struct table *t, struct fail *why)
{
	size_t n = t->names.keys.n, i, at = 0;
	struct ks_value *v = malloc((n + 1) * sizeof *v);

	if (!v)
		return fail_errno(why, "%zu values", n);
	for (i = 0; i < n; i++) {
		const struct map_key *k = t->names.keys.keys + t->order[i];
		double x = key_double(k->p, k->len);

		if (at == 0 || v[at - 1].x != x) {
			v[at].x = x;
			v[at].a = v[at].b = 0;
			at++;
		}
		v[at - 1].a += t->a[i];
		v[at - 1].b += t->b[i];
	}
	t->values = v;
	t->nvalues = at;
	return 0;
}

int
table_init(struct table *t, const struct tally *baseline,
    const struct tally *current, bool numbers, struct fail *why)
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
	if (pair_init(&t->pair, t->a, t->b, n, why) == 0 &&
	    (!numbers || make_values(t, why) == 0))
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
	free(t->values);
	memset(t, 0, sizeof *t);
}

/* ---- the test ---- */

static void
warn(struct answer *a, const char *sentence)
{
	if (sentence && a->nwarnings < (int)COUNT(a->warning))
		a->warning[a->nwarnings++] = sentence;
}

/* Each group draws from a seed of its own: one for all would make them err
 * together. */
static int
draw(struct answer *a, const struct pair *p, const struct settings *s,
    const struct map_key *group, struct fail *why)
{
	struct resample r;
	struct rng rng;

	rng_seed(&rng, !group ? (uint64_t)s->seed :
	    rng_hash((uint64_t)s->seed, group->p, group->len));
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
    const struct map_key *group, struct fail *why)
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
		return draw(a, p, s, group, why);
	if (a->test == TEST_EXACT)
		return resample_exact(&a->gof.p, &a->gof.log10_p, p, why);
	return 0;
}

static void
find_categories(struct answer *a, const struct pair *p,
    const struct settings *s)
{
	a->effect = a->cramers_v = gof_cramers_v(p);
	a->v = power_interval(gof_chisq(p), (double)p->used - 1,
	    (double)p->na + (double)p->nb, s->level);
	a->tvd = distance_tvd(p);
	a->hellinger = distance_hellinger(p);
	a->psi = distance_psi(p);
	a->js = distance_js(p);
	if (a->gof.state == GOF_OK || a->gof.state == GOF_UNEXPECTED) {
		a->seen_v = power_effect((double)p->used - 1,
		    (double)p->na + (double)p->nb, s->alpha, s->power);
		a->seen_share = power_share(a->seen_v, (double)p->na,
		    (double)p->nb);
	}
}

/* Numbers: one value on both sides is no reason to say nothing. */
static int
find_numbers(struct answer *a, const struct table *t,
    const struct settings *s, struct fail *why)
{
	double na = (double)t->pair.na, nb = (double)t->pair.nb;

	if (ks_test(&a->ks, t->values, t->nvalues, why) < 0)
		return -1;
	a->test = TEST_KS;
	a->gof.state = na > 0 && nb > 0 ? GOF_OK : GOF_EMPTY_SIDE;
	a->gof.min_expected = a->gof.df = NAN;
	a->gof.statistic = a->gof.state == GOF_OK ? a->ks.statistic : 0;
	a->gof.p = a->ks.p;
	a->gof.log10_p = a->ks.log10_p;
	a->effect = a->ks.statistic;
	a->v.low = a->v.high = NAN;
	a->cramers_v = a->tvd = a->hellinger = a->psi = a->js = NAN;
	if (a->gof.state == GOF_OK)
		a->seen_ks = sqrt(-log(s->alpha / 2) / 2 *
		    (na + nb) / (na * nb));
	if (a->ks.ties)
		warn(a, isnan(a->ks.p_ties) ? "equal numbers make the "
		    "p-value too large" : "equal numbers make the p-value "
		    "too large; p_value_ties is the exact one");
	return 0;
}

int
answer_find(struct answer *a, const struct table *t, const struct settings *s,
    const struct map_key *group, struct fail *why)
{
	memset(a, 0, sizeof *a);
	a->p_error = a->p_adjusted = NAN;
	a->seen_v = a->seen_share = a->seen_ks = NAN;
	if (s->test == TEST_KS)
		return find_numbers(a, t, s, why);
	if (run_test(a, &t->pair, s, group, why) < 0)
		return -1;
	find_categories(a, &t->pair, s);
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
	bool fails;

	a->verdict = VERDICT_INSUFFICIENT;
	if (a->gof.state != GOF_OK) {
		warn(a, gof_state_text(a->gof.state));
		return;
	}
	if ((fails = t->pair.na < n || t->pair.nb < n))
		warn(a, "fewer records than --min-n on a side");
	if (too_sparse(a)) {
		fails = true;
		warn(a, "expected counts too small for this test: one is "
		    "below 1, or more than a fifth are below 5; use "
		    "--test monte-carlo");
	}
	if (a->test == TEST_G && !fails &&
	    gof_g_excess(&t->pair) > GOF_G_EXCESS) {
		fails = true;
		warn(a, "so many small counts make G too large where nothing "
		    "changed; use --test homogeneity");
	}
	if (a->test == TEST_GOF)
		warn(a, "the baseline is taken as exact, though it was "
		    "counted: expect drift where there is none");
	if (a->test == TEST_MONTE_CARLO && fabs(p - s->alpha) <
	    2 * a->p_error)
		warn(a, "the drawn p-value is within its error of --alpha; "
		    "use more --rounds");
	if (!fails)
		a->verdict = p <= s->alpha && a->effect >= s->min_effect ?
		    VERDICT_DRIFT : VERDICT_NONE;
}
