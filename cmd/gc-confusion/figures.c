/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool.h"

/* All labels of either kind into f->labels, and their order. */
static int
find_labels(struct figures *f, const struct gather *g, struct fail *why)
{
	struct label_pair l;
	uint32_t i;

	for (i = 0; i < g->cells.keys.n; i++) {
		l = gather_labels(g, i);
		if (tally_key(&f->labels, l.actual, l.nactual, why) ==
		    MAP_NONE || tally_key(&f->labels, l.predicted,
		    l.npredicted, why) == MAP_NONE)
			return -1;
	}
	f->order = tally_order(&f->labels, key_cmp, why);
	return f->order ? 0 : -1;
}

static int
by_place(const void *x, const void *y)
{
	const struct cell *a = x, *b = y;

	if (a->actual != b->actual)
		return a->actual < b->actual ? -1 : 1;
	return (a->predicted > b->predicted) - (a->predicted < b->predicted);
}

/* A cell and where it was gathered, while both are sorted. */
struct placed {
	struct cell cell;
	uint32_t from;
};

/* The cells with their labels' ranks, in the order of the matrix. */
static int
place_cells(struct figures *f, const struct gather *g, struct fail *why)
{
	uint32_t n = g->cells.keys.n, i;
	uint32_t *rank = malloc((f->labels.keys.n + 1) * sizeof *rank);
	struct placed *p = malloc((n + 1) * sizeof *p);
	struct label_pair l;

	f->cells = malloc((n + 1) * sizeof *f->cells);
	f->from = malloc((n + 1) * sizeof *f->from);
	if (!rank || !p || !f->cells || !f->from) {
		free(rank);
		free(p);
		return fail_errno(why, "%lu cells", (unsigned long)n);
	}
	for (i = 0; i < f->labels.keys.n; i++)
		rank[f->order[i]] = i;
	for (i = 0; i < n; i++) {
		l = gather_labels(g, i);
		p[i].cell.actual = rank[map_find(&f->labels.keys, l.actual,
		    l.nactual)];
		p[i].cell.predicted = rank[map_find(&f->labels.keys,
		    l.predicted, l.npredicted)];
		p[i].cell.n = g->cells.count[i];
		p[i].from = i;
	}
	qsort(p, n, sizeof *p, by_place);
	for (i = 0; i < n; i++) {
		f->cells[i] = p[i].cell;
		f->from[i] = p[i].from;
	}
	f->ncells = n;
	free(rank);
	free(p);
	return 0;
}

int
figures_init(struct figures *f, const struct gather *g,
    const struct settings *s, struct fail *why)
{
	memset(f, 0, sizeof *f);
	if (find_labels(f, g, why) < 0 || place_cells(f, g, why) < 0 ||
	    confusion_init(&f->c, f->cells, f->ncells, f->labels.keys.n,
	    why) < 0) {
		figures_free(f);
		return -1;
	}
	delta_intervals(&f->d, &f->c, f->cells, f->ncells, s->level);
	return 0;
}

void
figures_free(struct figures *f)
{
	confusion_free(&f->c);
	tally_free(&f->labels);
	free(f->order);
	free(f->cells);
	free(f->from);
	memset(f, 0, sizeof *f);
}

int
figures_equal_mass(struct gather *g, struct fail *why)
{
	size_t n = (size_t)g->sure.total, at = 0;
	double *confidence = malloc((n + 1) * sizeof *confidence);
	bool *right = malloc((n + 1) * sizeof *right);
	uint32_t *order = tally_order(&g->sure, gather_by_confidence,
	    why), i;
	uint64_t k;
	int r = order ? 0 : -1;

	if (!confidence || !right)
		r = fail_errno(why, "%zu confidences", n);
	for (i = 0; i < g->sure.keys.n && r == 0; i++) {
		const char *p = g->sure.keys.keys[order[i]].p;

		for (k = 0; k < g->sure.count[order[i]]; k++, at++) {
			memcpy(confidence + at, p, sizeof *confidence);
			right[at] = p[sizeof *confidence];
		}
	}
	if (r == 0)
		calib_equal_mass(&g->calib, confidence, right, n);
	free(confidence);
	free(right);
	free(order);
	return r;
}
