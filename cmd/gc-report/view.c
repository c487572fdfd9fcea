/* SPDX-License-Identifier: GPL-3.0-or-later */
/* view.c -- the part of a matrix that people can look at. */
#include "report.h"

/* What a label has to do with errors: missed, and wrongly called. */
struct burden {
	size_t label;
	double errors;
};

static int
by_errors(const void *x, const void *y)
{
	const struct burden *a = x, *b = y;

	if (a->errors != b->errors)
		return a->errors < b->errors ? 1 : -1;
	return (a->label > b->label) - (a->label < b->label);
}

static int
by_count(const void *x, const void *y)
{
	const struct pair *a = x, *b = y;

	if (a->n != b->n)
		return a->n < b->n ? 1 : -1;
	if (a->actual != b->actual)
		return a->actual < b->actual ? -1 : 1;
	return (a->predicted > b->predicted) - (a->predicted < b->predicted);
}

/* Where each label of the matrix stands in the view. */
static int
choose(size_t *at, const struct matrix *m, const struct view *v)
{
	struct burden *b = calloc(m->n + 1, sizeof *b);
	size_t i, k;

	if (!b)
		return -1;
	for (i = 0; i < m->n; i++) {
		b[i].label = i;
		b[i].errors = m->row[i] + m->col[i] -
		    2 * m->cell[i * m->n + i];
		at[i] = v->others ? v->n - 1 : i;
	}
	if (v->others) {
		qsort(b, m->n, sizeof *b, by_errors);
		for (i = 0; i < v->n - 1; i++)
			at[b[i].label] = 0;     /* chosen */
		for (i = k = 0; i < m->n; i++)
			if (at[i] == 0)
				at[i] = k++;
	}
	free(b);
	return 0;
}

static void
fill(struct view *v, const struct matrix *m, const size_t *at)
{
	double row;
	size_t i, j;

	for (i = 0; i < m->n; i++) {
		v->label[at[i]] = m->label[i];
		for (j = 0; j < m->n; j++)
			v->cell[at[i] * v->n + at[j]] += m->cell[i * m->n + j];
	}
	if (v->others) {
		snprintf(v->others_name, sizeof v->others_name, "%zu others",
		    v->others);
		v->label[v->n - 1].p = v->others_name;
		v->label[v->n - 1].n = strlen(v->others_name);
	}
	for (i = 0; i < v->n; i++) {
		for (j = 0, row = 0; j < v->n; j++)
			row += v->cell[i * v->n + j];
		for (j = 0; j < v->n; j++)
			v->share[i * v->n + j] = v->cell[i * v->n + j] / row;
	}
}

/* Which labels are among the others. */
static int
mark_rest(struct view *v, const struct matrix *m, const size_t *at)
{
	size_t i;

	v->rest = calloc(m->n + 1, sizeof *v->rest);
	for (i = 0; v->rest && i < m->n; i++)
		v->rest[i] = v->others && at[i] == v->n - 1;
	return v->rest ? 0 : -1;
}

static int
find_pairs(struct view *v, const struct matrix *m)
{
	size_t i, j, k;

	for (i = 0, k = 0; i < m->n * m->n; i++)
		k += m->cell[i] > 0 && i / m->n != i % m->n;
	v->pair = calloc(k + 1, sizeof *v->pair);
	if (!v->pair)
		return -1;
	v->npairs = k;
	for (i = 0, k = 0; i < m->n; i++) {
		for (j = 0; j < m->n; j++) {
			if (i == j || !(m->cell[i * m->n + j] > 0))
				continue;
			v->pair[k].actual = i;
			v->pair[k].predicted = j;
			v->pair[k++].n = m->cell[i * m->n + j];
		}
	}
	qsort(v->pair, v->npairs, sizeof *v->pair, by_count);
	return 0;
}

int
view_make(struct view *v, const struct matrix *m, struct fail *why)
{
	size_t *at = calloc(m->n + 1, sizeof *at);
	int bad = at ? 0 : -1;

	memset(v, 0, sizeof *v);
	v->n = m->n;
	if (m->n > VIEW_MOST) {
		v->n = VIEW_WORST + 1;
		v->others = m->n - VIEW_WORST;
	}
	v->label = calloc(v->n + 1, sizeof *v->label);
	v->cell = calloc(v->n * v->n + 1, sizeof *v->cell);
	v->share = calloc(v->n * v->n + 1, sizeof *v->share);
	if (!v->label || !v->cell || !v->share)
		bad = -1;
	if (!bad)
		bad = choose(at, m, v);
	if (!bad)
		fill(v, m, at);
	if (!bad)
		bad = find_pairs(v, m) < 0 || mark_rest(v, m, at) < 0 ? -1 :
		    0;
	free(at);
	if (bad) {
		view_free(v);
		return fail(why, EXIT_MACHINE, "out of memory");
	}
	return 0;
}

void
view_free(struct view *v)
{
	free(v->label);
	free(v->cell);
	free(v->share);
	free(v->pair);
	free(v->rest);
	memset(v, 0, sizeof *v);
}
