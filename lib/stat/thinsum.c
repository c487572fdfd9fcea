/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/thinsum.h"

/* Far from overflow: no step of the expansion can be infinite. */
#define SMALL 1e300

static int
widen(struct thinsum *t)
{
	struct exactsum *s = malloc(sizeof *s);

	if (!s)
		return -1;
	thinsum_get(t, s);
	t->wide = s;
	return 0;
}

/* Carries x through the parts: each step makes an exact sum of two into a
 * rounded one, which goes on, and its error, which stays. */
static int
expand(const double from[THINSUM_PARTS], double x, double to[THINSUM_PARTS + 1])
{
	double y, sum, rest;
	int i, n = 0;

	for (i = 0; i < THINSUM_PARTS; i++) {
		y = from[i];
		if (fabs(x) < fabs(y)) {
			y = x;
			x = from[i];
		}
		sum = x + y;
		rest = y - (sum - x);
		if (rest != 0)
			to[n++] = rest;
		x = sum;
	}
	if (x != 0)
		to[n++] = x;
	return n;
}

/* a + b, |a| >= |b| or a 0, as the rounded sum and its error. */
static double
two_sum(double a, double b, double *error)
{
	double sum = a + b;

	*error = b - (sum - a);
	return sum;
}

/* The same sum in as few parts as will do (Shewchuk, figure 15): once down,
 * so that each part is rounded from all below it, once up. */
static int
compress(double *e, int n)
{
	double q = e[n - 1], rest;
	int bottom = n - 1, top = 0, i;

	for (i = n - 2; i >= 0; i--) {
		q = two_sum(q, e[i], &rest);
		if (rest != 0) {
			e[bottom--] = q;
			q = rest;
		}
	}
	for (i = bottom + 1; i < n; i++) {
		q = two_sum(e[i], q, &rest);
		if (rest != 0)
			e[top++] = rest;
	}
	e[top++] = q;
	return top;
}

int
thinsum_add(struct thinsum *t, double x)
{
	double to[THINSUM_PARTS + 1];
	int n, i;

	if (!t->wide && fabs(x) < SMALL) {
		n = expand(t->part, x, to);
		if (n > THINSUM_PARTS)
			n = compress(to, n);
		if (n <= THINSUM_PARTS && (n == 0 || fabs(to[n - 1]) < SMALL)) {
			for (i = 0; i < THINSUM_PARTS; i++)
				t->part[i] = i < n ? to[i] : 0;
			return 0;
		}
	}
	if (!t->wide && widen(t) < 0)
		return -1;
	exactsum_add(t->wide, x);
	return 0;
}

void
thinsum_get(const struct thinsum *t, struct exactsum *s)
{
	int i;

	if (t->wide) {
		*s = *t->wide;
		return;
	}
	exactsum_init(s);
	for (i = 0; i < THINSUM_PARTS; i++)
		exactsum_add(s, t->part[i]);
}

double
thinsum_value(const struct thinsum *t)
{
	struct exactsum s;

	thinsum_get(t, &s);
	return exactsum_value(&s);
}

void
thinsum_free(struct thinsum *t)
{
	free(t->wide);
	t->wide = NULL;
}
