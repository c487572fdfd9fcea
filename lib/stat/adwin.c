/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/adwin.h"

void
adwin_init(struct adwin *a, double delta)
{
	memset(a, 0, sizeof *a);
	a->delta = delta;
}

void
adwin_free(struct adwin *a)
{
	free(a->row);
	memset(a, 0, sizeof *a);
}

static struct adwin_block
joined(struct adwin_block x, struct adwin_block y)
{
	x.n += y.n;
	x.sum += y.sum;
	x.squares += y.squares;
	return x;
}

static struct adwin_block
without(struct adwin_block x, struct adwin_block y)
{
	x.n -= y.n;
	x.sum -= y.sum;
	x.squares -= y.squares;
	return x;
}

int
adwin_add(struct adwin *a, double n, double sum, double squares,
    struct fail *why)
{
	struct adwin_block b = { n, sum, squares };
	struct adwin_row *r;
	int i;

	a->all = joined(a->all, b);
	for (i = 0; i < ADWIN_ROWS; i++) {
		if (i == a->rows) {
			r = realloc(a->row, (size_t)(i + 1) * sizeof *r);
			if (!r)
				return fail_errno(why, "a window");
			a->row = r;
			a->row[i].n = 0;
			a->rows++;
		}
		r = a->row + i;
		r->block[r->n++] = b;
		if (r->n <= ADWIN_ROW)
			break;
		/* the two oldest go up, as one */
		b = joined(r->block[0], r->block[1]);
		r->n -= 2;
		memmove(r->block, r->block + 2, (size_t)r->n * sizeof b);
	}
	return 0;
}

/* By how much the means of two parts may differ. */
static double
limit(const struct adwin *a, double n0, double n1)
{
	double n = a->all.n, mean = a->all.sum / n;
	double variance = fmax(0, a->all.squares / n - mean * mean);
	double each = 1 / n0 + 1 / n1;
	double l = log(2 * log(n) / a->delta);

	return sqrt(2 * each * variance * l) + 2. / 3 * each * l;
}

/* Forgets the oldest `many` blocks. */
static void
forget(struct adwin *a, int many)
{
	struct adwin_row *r;

	while (many-- > 0) {
		while (a->rows > 0 && a->row[a->rows - 1].n == 0)
			a->rows--;
		if (a->rows == 0)
			return;
		r = a->row + a->rows - 1;
		a->all = without(a->all, r->block[0]);
		r->n--;
		memmove(r->block, r->block + 1,
		    (size_t)r->n * sizeof r->block[0]);
	}
}

bool
adwin_change(struct adwin *a, struct adwin_change *c)
{
	struct adwin_block old = { 0, 0, 0 }, new;
	double most = 1, difference, may;
	int i, j, seen = 0, cut = 0;

	for (i = a->rows - 1; i >= 0; i--) {
		for (j = 0; j < a->row[i].n; j++) {
			old = joined(old, a->row[i].block[j]);
			new = without(a->all, old);
			seen++;
			if (new.n <= 0)
				break;
			may = limit(a, old.n, new.n);
			difference = fabs(old.sum / old.n - new.sum / new.n);
			if (difference <= most * may)
				continue;
			most = difference / may;
			cut = seen;
			c->before = old.sum / old.n;
			c->after = new.sum / new.n;
			c->n_before = old.n;
			c->n_after = new.n;
			c->limit = may;
		}
	}
	forget(a, cut);
	return cut > 0;
}
