/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool.h"
#include "json/write.h"

/* ---- who got no answer ---- */

uint64_t
silence_fallback(const struct silence *s, const struct settings *set)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < set->fallbacks->n; i++)
		n += s->fallback[i];
	return n;
}

uint64_t
silence_total(const struct silence *s, const struct settings *set)
{
	return s->none + silence_fallback(s, set);
}

static int
silence_init(struct silence *s, const struct settings *set,
    struct fail *why)
{
	memset(s, 0, sizeof *s);
	s->fallback = calloc(set->fallbacks->n + 1, sizeof *s->fallback);
	return s->fallback ? 0 : fail_errno(why, "labels without an answer");
}

/* That of an actual label, made where it is the first. */
static struct silence *
silence_of(struct figures *f, const struct label_pair *l,
    const struct settings *set, struct fail *why)
{
	uint32_t n = f->silent.keys.n, i;
	struct silence *s;

	i = tally_key(&f->silent, l->actual, l->nactual, why);
	if (i == MAP_NONE)
		return NULL;
	if (i < n)
		return f->silence + i;
	if (!(s = realloc(f->silence, f->silent.keys.n * sizeof *s))) {
		fail_errno(why, "labels without an answer");
		return NULL;
	}
	f->silence = s;
	f->nsilence = i;
	if (silence_init(s + i, set, why) < 0)
		return NULL;
	f->nsilence++;
	return s + i;
}

/* Counts the unanswered records of a cell with their actual label. */
static int
add_silence(struct figures *f, const struct label_pair *l, int answer,
    uint64_t n, const struct settings *set, struct fail *why)
{
	struct silence *s = silence_of(f, l, set, why);

	if (!s)
		return -1;
	*(answer < 0 ? &s->none : s->fallback + answer) += n;
	*(answer < 0 ? &f->all.none : f->all.fallback + answer) += n;
	return 0;
}

/* ---- labels and cells ---- */

/* The labels of all answered cells into f->labels, and their order; the
 * unanswered ones apart. */
static int
find_labels(struct figures *f, const struct gather *g,
    const struct settings *s, struct fail *why)
{
	struct label_pair l;
	uint32_t i, k;
	int answer;

	for (i = 0; i < g->cells.keys.n; i++) {
		l = gather_labels(g, i);
		if (g->cells.count[i] == 0)
			continue;
		answer = gather_answer(s, l.predicted, l.npredicted);
		if (answer != ANSWERED) {
			if (add_silence(f, &l, answer, g->cells.count[i], s,
			    why) < 0)
				return -1;
		} else if (tally_key(&f->labels, l.actual, l.nactual, why) ==
		    MAP_NONE || tally_key(&f->labels, l.predicted,
		    l.npredicted, why) == MAP_NONE) {
			return -1;
		}
	}
	for (i = 0; i < g->cells.keys.n; i++) {
		l = gather_labels(g, i);
		k = map_find(&f->silent.keys, l.actual, l.nactual);
		if (k != MAP_NONE && gather_answer(s, l.predicted,
		    l.npredicted) == ANSWERED)
			f->silence[k].answered += g->cells.count[i];
	}
	f->order = tally_order(&f->labels, key_cmp, why);
	f->silent_order = tally_order(&f->silent, key_cmp, why);
	return f->order && f->silent_order ? 0 : -1;
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
place_cells(struct figures *f, const struct gather *g,
    const struct settings *s, struct fail *why)
{
	uint32_t n = g->cells.keys.n, i, at = 0;
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
		if (g->cells.count[i] == 0 ||
		    gather_answer(s, l.predicted, l.npredicted) != ANSWERED)
			continue;
		p[at].cell.actual = rank[map_find(&f->labels.keys, l.actual,
		    l.nactual)];
		p[at].cell.predicted = rank[map_find(&f->labels.keys,
		    l.predicted, l.npredicted)];
		p[at].cell.n = g->cells.count[i];
		p[at++].from = i;
	}
	qsort(p, at, sizeof *p, by_place);
	for (i = 0; i < at; i++) {
		f->cells[i] = p[i].cell;
		f->from[i] = p[i].from;
	}
	f->ncells = at;
	free(rank);
	free(p);
	return 0;
}

int
figures_init(struct figures *f, const struct gather *g,
    const struct settings *s, struct fail *why)
{
	memset(f, 0, sizeof *f);
	if (silence_init(&f->all, s, why) < 0 ||
	    find_labels(f, g, s, why) < 0 || place_cells(f, g, s, why) < 0 ||
	    confusion_init(&f->c, f->cells, f->ncells, f->labels.keys.n,
	    why) < 0) {
		figures_free(f);
		return -1;
	}
	confusion_zero_division(&f->c, s->zero_division);
	f->all.answered = f->c.n;
	delta_intervals(&f->d, &f->c, f->cells, f->ncells, s->level);
	return 0;
}

void
figures_free(struct figures *f)
{
	uint32_t i;

	confusion_free(&f->c);
	tally_free(&f->labels);
	tally_free(&f->silent);
	for (i = 0; i < f->nsilence; i++)
		free(f->silence[i].fallback);
	free(f->silence);
	free(f->all.fallback);
	free(f->silent_order);
	free(f->order);
	free(f->cells);
	free(f->from);
	memset(f, 0, sizeof *f);
}

void
figures_label(struct buf *b, const struct figures *f, uint32_t label)
{
	const struct map_key *k = f->labels.keys.keys + f->order[label];

	key_write(b, k->p, k->len);
}

double
figures_share(const struct figures *f, const struct cell *x)
{
	return (double)x->n / (double)f->c.support[x->actual];
}

double
figures_lift(const struct figures *f, const struct cell *x)
{
	double expected = (double)f->c.support[x->actual] *
	    (double)f->c.predicted[x->predicted] / (double)f->c.n;

	return (double)x->n / expected;
}

void
figures_examples(struct buf *b, const struct gather *g, uint32_t cell)
{
	uint32_t i;

	json_key(b, "examples");
	buf_putc(b, '[');
	for (i = 0; cell < g->cap && i < g->examples[cell].n; i++) {
		json_sep(b);
		key_write(b, g->examples[cell].item[i].p,
		    g->examples[cell].item[i].len);
	}
	buf_putc(b, ']');
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
