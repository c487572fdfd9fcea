/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/resample.h"
#include "stat/dist.h"

/* ---- a hypergeometric variate ---- */

struct hyper {
	double good, bad, drawn;
	double low, high;       /* what can come out */
	double mode;
};

/* The logarithm of P(x) but for a constant. */
static double
log_weight(const struct hyper *h, double x)
{
	return -dist_log_factorial(x) - dist_log_factorial(h->good - x) -
	    dist_log_factorial(h->drawn - x) -
	    dist_log_factorial(h->bad - h->drawn + x);
}

/* P(x+1)/P(x) */
static double
up(const struct hyper *h, double x)
{
	return (h->good - x) * (h->drawn - x) /
	    ((x + 1) * (h->bad - h->drawn + x + 1));
}

/* Takes shares of the unit interval in turn: the mode, then its neighbours
 * above and below, until u falls into one. */
static double
by_inversion(const struct hyper *h, struct rng *rng)
{
	double x = h->mode, y = h->mode, px, py, u = rng_double(rng);
	double all = h->good + h->bad;

	px = py = exp(log_weight(h, x) + dist_log_factorial(h->good) +
	    dist_log_factorial(h->bad) + dist_log_factorial(h->drawn) +
	    dist_log_factorial(all - h->drawn) - dist_log_factorial(all));
	u -= px;
	while (u >= 0 && (x < h->high || y > h->low)) {
		if (x < h->high) {
			px *= up(h, x);
			x++;
			u -= px;
			if (u < 0)
				return x;
		}
		if (y > h->low) {
			y--;
			py /= up(h, y);
			u -= py;
			if (u < 0)
				return y;
		}
	}
	return h->mode;
}

static double
by_ratio_of_uniforms(const struct hyper *h, struct rng *rng, double mean,
    double variance)
{
	double a = mean + 0.5, c = sqrt(variance + 0.5);
	double width = 1.7155277699214135 * c + 0.8989161620588988;
	double peak = log_weight(h, h->mode);
	double u, x, t;

	for (;;) {
		u = 1 - rng_double(rng);        /* never 0 */
		x = floor(a + width * (rng_double(rng) - 0.5) / u);
		if (x < h->low || x > h->high || fabs(x - a) > 16 * c + 1)
			continue;
		t = log_weight(h, x) - peak;
		if (u * (4 - u) - 3 <= t)
			return x;               /* a quick yes */
		if (u * (u - t) >= 1)
			continue;               /* a quick no */
		if (2 * log(u) <= t)
			return x;
	}
}

uint64_t
resample_hypergeometric(struct rng *rng, uint64_t good, uint64_t bad,
    uint64_t drawn)
{
	struct hyper h = { (double)good, (double)bad, (double)drawn, 0, 0, 0 };
	double all = h.good + h.bad, mean, variance;

	h.low = drawn > bad ? (double)(drawn - bad) : 0;
	h.high = (double)(drawn < good ? drawn : good);
	if (h.low >= h.high)
		return (uint64_t)h.low;
	mean = h.drawn * (h.good / all);
	variance = mean * (h.bad / all) * ((all - h.drawn) / (all - 1));
	h.mode = floor((h.drawn + 1) * ((h.good + 1) / (all + 2)));
	h.mode = fmin(fmax(h.mode, h.low), h.high);
	return (uint64_t)(variance < 100 ? by_inversion(&h, rng) :
	    by_ratio_of_uniforms(&h, rng, mean, variance));
}

/* ---- drawn tables ---- */

/* Chi-square but for the factor n^2/(n1 n2): the sum of (x-e)^2/c, where c
 * is the category's total, x one row's part and e what it expects. It is the
 * same for either row. */
struct columns {
	uint64_t *total;        /* owned: k totals above 0 */
	size_t k;
	uint64_t all, drawn;
};

static int
columns_init(struct columns *c, const struct pair *p, struct fail *why)
{
	size_t i;

	c->k = 0;
	c->all = p->na + p->nb;
	c->drawn = p->nb;
	if (!(c->total = malloc((p->k ? p->k : 1) * sizeof *c->total)))
		return fail_errno(why, "%zu categories", p->k);
	for (i = 0; i < p->k; i++)
		if (p->a[i] || p->b[i])
			c->total[c->k++] = p->a[i] + p->b[i];
	return 0;
}

static double
misfit(double x, double c, double share)
{
	double d = x - c * share;

	return d * d / c;
}

/* Category by category: takes time by their number. */
static double
draw_categories(const struct columns *c, struct rng *rng)
{
	double share = (double)c->drawn / (double)c->all, sum = 0;
	uint64_t left = c->all, drawn = c->drawn, x;
	size_t i;

	for (i = 0; i < c->k; i++) {
		left -= c->total[i];
		x = resample_hypergeometric(rng, c->total[i], left, drawn);
		drawn -= x;
		sum += misfit((double)x, (double)c->total[i], share);
	}
	return sum;
}

/* Record by record: takes time by the number drawn. A record is as good as
 * its category's number; those drawn are brought to the front. */
struct deck {
	uint32_t *card;         /* owned: c->all of them, in any order */
	uint32_t *x;            /* owned: how many of each category came up */
};

#define DECK_MAX  ((uint64_t)1 << 20)   /* cards */
#define DECK_EACH 24    /* cards that take as long as one category's variate */

static bool
deck_is_faster(const struct columns *c)
{
	return c->all <= DECK_MAX && c->drawn <= DECK_EACH * c->k;
}

static void
deck_free(struct deck *d)
{
	free(d->card);
	free(d->x);
}

static int
deck_init(struct deck *d, const struct columns *c, struct fail *why)
{
	uint64_t j;
	size_t i, at = 0;

	d->card = malloc(c->all * sizeof *d->card);
	d->x = malloc(c->k * sizeof *d->x);
	if (!d->card || !d->x) {
		deck_free(d);
		return fail_errno(why, "%zu categories", c->k);
	}
	for (i = 0; i < c->k; i++)
		for (j = 0; j < c->total[i]; j++)
			d->card[at++] = (uint32_t)i;
	return 0;
}

/* A number below n, without bias and nearly always without a division (D.
 * Lemire, "Fast random integer generation in an interval", 2019). */
static uint32_t
below(struct rng *rng, uint32_t n)
{
	uint64_t x = (rng_next(rng) >> 32) * n;

	if (UNLIKELY((uint32_t)x < n))
		while ((uint32_t)x < -n % n)
			x = (rng_next(rng) >> 32) * n;
	return (uint32_t)(x >> 32);
}

static double
draw_cards(const struct columns *c, const struct deck *d, struct rng *rng)
{
	double share = (double)c->drawn / (double)c->all, sum = 0;
	uint32_t all = (uint32_t)c->all, i, j, card;

	memset(d->x, 0, c->k * sizeof *d->x);
	for (i = 0; i < c->drawn; i++) {
		j = i + below(rng, all - i);
		card = d->card[j];
		d->card[j] = d->card[i];
		d->card[i] = card;
		d->x[card]++;
	}
	for (i = 0; i < c->k; i++)
		sum += misfit(d->x[i], (double)c->total[i], share);
	return sum;
}

/* How many of so many drawn tables are as far off as the one seen. */
static int
count_beyond(uint64_t *beyond, const struct columns *c, double seen,
    uint64_t rounds, struct rng *rng, struct fail *why)
{
	bool cards = deck_is_faster(c);
	struct deck d = { NULL, NULL };
	uint64_t i;

	if (cards && deck_init(&d, c, why) < 0)
		return -1;
	*beyond = 0;
	for (i = 0; i < rounds; i++)
		*beyond += (cards ? draw_cards(c, &d, rng) :
		    draw_categories(c, rng)) >= seen;
	deck_free(&d);
	return 0;
}

int
resample_chisq(struct resample *r, const struct pair *p, uint64_t rounds,
    struct rng *rng, struct fail *why)
{
	struct columns c;
	double seen = 0, share = (double)p->nb / ((double)p->na +
	    (double)p->nb);
	uint64_t beyond;
	size_t i;
	int done;

	if (columns_init(&c, p, why) < 0)
		return -1;
	for (i = 0; i < p->k; i++)
		if (p->a[i] || p->b[i])
			seen += misfit((double)p->b[i],
			    (double)(p->a[i] + p->b[i]), share);
	seen *= 1 - 1e-10;      /* equal tables may round differently */
	if (c.drawn > c.all - c.drawn)
		c.drawn = c.all - c.drawn;
	done = count_beyond(&beyond, &c, seen, rounds, rng, why);
	free(c.total);
	if (done < 0)
		return -1;
	r->rounds = rounds;
	r->p = (1 + (double)beyond) / (1 + (double)rounds);
	r->se = sqrt(r->p * (1 - r->p) / (double)rounds);
	return 0;
}

/* ---- every table ---- */

/* P(table) is the product of C(total_i, x_i), over C(all, drawn). */
struct visit {
	const struct columns *c;
	double *room;           /* owned: sum of totals from i on */
	double limit;           /* the observed table's log weight, and a hair */
	double seen;            /* the same without the hair */
	double sum;             /* of exp(weight - seen) of those that count */
	uint64_t tables;
};

static double
log_choose(double n, double k)
{
	return dist_log_factorial(n) - dist_log_factorial(k) -
	    dist_log_factorial(n - k);
}

/* Visits all that follow from x_0..x_{i-1}; false where there are too many. */
static bool
visit_from(struct visit *v, size_t i, double left, double weight)
{
	double c = (double)v->c->total[i], x, high = fmin(c, left);

	if (i + 1 == v->c->k) {
		weight += log_choose(c, left);
		if (weight <= v->limit)
			v->sum += exp(weight - v->seen);
		return ++v->tables <= RESAMPLE_TABLES;
	}
	for (x = fmax(0, left - v->room[i + 1]); x <= high; x++)
		if (!visit_from(v, i + 1, left - x, weight + log_choose(c, x)))
			return false;
	return true;
}

int
resample_exact(double *p, double *log10_p, const struct pair *pair,
    struct fail *why)
{
	struct columns c;
	struct visit v = { &c, NULL, 0, 0, 0, 0 };
	struct tail t;
	size_t i;
	bool done;

	if (columns_init(&c, pair, why) < 0)
		return -1;
	if (!(v.room = calloc(c.k + 1, sizeof *v.room))) {
		free(c.total);
		return fail_errno(why, "%zu categories", c.k);
	}
	for (i = c.k; i-- > 0;)
		v.room[i] = v.room[i + 1] + (double)c.total[i];
	for (i = 0; i < pair->k; i++)
		v.seen += log_choose((double)(pair->a[i] + pair->b[i]),
		    (double)pair->b[i]);
	v.limit = v.seen + 1e-7;
	done = visit_from(&v, 0, (double)c.drawn, 0);
	free(c.total);
	free(v.room);
	if (!done)
		return fail(why, EXIT_USAGE, "the exact test would visit more "
		    "than %d tables; use a Monte-Carlo test", RESAMPLE_TABLES);
	t = dist_tail(fmin(0, v.seen + log(v.sum) -
	    log_choose((double)c.all, (double)c.drawn)));
	*p = t.p;
	*log10_p = t.log10_p;
	return 0;
}
