/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The matrix in other shapes than the document's: a record a cell (--long),
 * a table for spreadsheets (--csv).
 */
#include "tool.h"
#include "json/write.h"
#include "out/csv.h"

int
cells_long(const struct figures *f, const struct gather *g, struct emit *emit,
    struct fail *why)
{
	struct buf *b = &emit->out;
	const struct cell *x;
	size_t i;

	for (i = 0; i < f->ncells; i++) {
		x = f->cells + i;
		if (x->n == 0)
			continue;
		buf_putc(b, '{');
		json_key(b, "actual");
		figures_label(b, f, x->actual);
		json_key(b, "predicted");
		figures_label(b, f, x->predicted);
		json_key(b, "n");
		json_uint(b, x->n);
		json_key(b, "share");
		json_num(b, figures_share(f, x));
		json_key(b, "lift");
		json_num(b, figures_lift(f, x));
		figures_examples(b, g, f->from[i]);
		buf_putc(b, '}');
		filter_line(emit);
		if (filter_drain(emit, why) < 0)
			return -1;
	}
	return 0;
}

static void
csv_label(struct buf *b, const struct figures *f, uint32_t i)
{
	static const struct csv_style style = { false, false, false, false };
	const struct map_key *k = f->labels.keys.keys + f->order[i];

	csv_field(b, k->p + 1, k->len - 1, &style);
}

/* One row an actual label, one column a predicted one. */
int
cells_csv(const struct figures *f, struct emit *emit, struct fail *why)
{
	const struct cell *x = f->cells, *end = x + f->ncells;
	struct buf *b = &emit->out;
	uint32_t i, j;

	buf_str_add(b, "actual");
	for (j = 0; j < f->c.k; j++) {
		buf_putc(b, ',');
		csv_label(b, f, j);
	}
	filter_line(emit);
	for (i = 0; i < f->c.k; i++) {
		csv_label(b, f, i);
		for (j = 0; j < f->c.k; j++) {
			buf_putc(b, ',');
			if (x < end && x->actual == i && x->predicted == j)
				json_uint(b, x++->n);
			else
				buf_putc(b, '0');
		}
		filter_line(emit);
		if (filter_drain(emit, why) < 0)
			return -1;
	}
	return 0;
}
