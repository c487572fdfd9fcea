/* SPDX-License-Identifier: GPL-3.0-or-later */
/* matrix.c -- actual against predicted, with margins. */
#include "report.h"
#include "json/write.h"

/* ---- reading ---- */

static int
allocate(struct matrix *m, size_t n)
{
	if (n > 30000)          /* n * n cells are 7 GB there */
		return -1;
	m->n = n;
	m->label = calloc(n + 1, sizeof *m->label);
	m->cell = calloc(n * n + 1, sizeof *m->cell);
	m->row = calloc(n + 1, sizeof *m->row);
	m->col = calloc(n + 1, sizeof *m->col);
	return m->label && m->cell && m->row && m->col ? 0 : -1;
}

static size_t
elements(struct json_val v)
{
	struct json_iter it = json_iter(v);
	size_t n = 0;

	while (json_next(&it))
		n++;
	return n;
}

static void
read_labels(struct matrix *m, struct json_val labels)
{
	struct json_iter it;
	size_t i, at;

	for (i = 0, it = json_iter(labels); json_next(&it); i++) {
		at = m->text.len;
		json_decode(it.val, &m->text);
		m->label[i].len = m->text.len - at;
	}
	for (i = 0, at = 0; i < m->n; i++) {
		m->label[i].p = m->label[i].len ? m->text.p + at : "";
		at += m->label[i].len;
	}
}

static void
read_cells(struct matrix *m, struct json_val matrix)
{
	struct json_iter rows = json_iter(matrix), it;
	size_t i, j;

	for (i = 0; json_next(&rows); i++) {
		it = json_iter(rows.val);
		for (j = 0; json_next(&it); j++) {
			double v = json_double(it.val);

			m->cell[i * m->n + j] = v;
			m->row[i] += v;
			m->col[j] += v;
			m->total += v;
		}
	}
}

int
matrix_read(struct matrix *m, struct json_val confusion, struct fail *why)
{
	struct buf text = BUF_INIT(BUF_DOC);
	struct json_val labels, cells;

	memset(m, 0, sizeof *m);
	m->text = text;
	json_get(confusion, "labels", &labels);
	json_get(confusion, "matrix", &cells);
	if (allocate(m, elements(labels)) < 0) {
		matrix_free(m);
		return fail(why, EXIT_MACHINE, "out of memory for the matrix");
	}
	read_labels(m, labels);
	read_cells(m, cells);
	if (m->text.err) {
		matrix_free(m);
		return fail(why, EXIT_MACHINE, "out of memory for the labels");
	}
	return 0;
}

void
matrix_free(struct matrix *m)
{
	free(m->label);
	free(m->cell);
	free(m->row);
	free(m->col);
	buf_free(&m->text);
	memset(m, 0, sizeof *m);
}

/* ---- the crosstab ---- */

static int
find(const struct report *r, struct matrix *m, struct fail *why)
{
	struct json_val v;

	if (!docs_get(&r->docs, DOC_CONFUSION, &v))
		return fail(why, EXIT_DATA,
		    "the input holds no document of kind confusion");
	return matrix_read(m, v, why);
}

/* As pandas writes crosstab(actual, predicted, margins=True), but square: a
 * label that stands on one side only has its row and its column. */
static int
matrix_table(struct report *r, struct table *t, struct fail *why)
{
	struct matrix m;
	size_t i, j;

	if (find(r, &m, why) < 0)
		return -1;
	table_column(t, "actual", TABLE_TEXT);
	for (j = 0; j < m.n; j++)
		table_column_n(t, m.label[j].p, m.label[j].len, TABLE_NUMBER);
	table_column(t, "All", TABLE_NUMBER);
	for (i = 0; i < m.n; i++) {
		table_text(t, m.label[i].p, m.label[i].len);
		for (j = 0; j < m.n; j++)
			table_num(t, m.cell[i * m.n + j]);
		table_num(t, m.row[i]);
	}
	table_str(t, "All");
	for (j = 0; j < m.n; j++)
		table_num(t, m.col[j]);
	table_num(t, m.total);
	matrix_free(&m);
	return 0;
}

static void
write_totals(struct buf *b, const char *name, const double *v, size_t n)
{
	size_t i;

	json_key(b, name);
	buf_putc(b, '[');
	for (i = 0; i < n; i++) {
		json_sep(b);
		json_num(b, v[i]);
	}
	buf_putc(b, ']');
}

static int
matrix_json(struct report *r, struct emit *emit, struct fail *why)
{
	struct buf *b = &emit->out;
	struct json_val v, part;
	struct matrix m;

	if (find(r, &m, why) < 0)
		return -1;
	docs_get(&r->docs, DOC_CONFUSION, &v);
	buf_str_add(b, "{\"kind\":\"matrix\"");
	json_key(b, "labels");
	json_get(v, "labels", &part);
	json_raw(b, part);
	json_key(b, "matrix");
	json_get(v, "matrix", &part);
	json_raw(b, part);
	write_totals(b, "actual", m.row, m.n);
	write_totals(b, "predicted", m.col, m.n);
	json_key(b, "n");
	json_num(b, m.total);
	buf_putc(b, '}');
	filter_line(emit);
	matrix_free(&m);
	return 0;
}

const struct subject subject_matrix = {
	.name = "matrix", .usual = FORM_CSV,
	.forms = 1 << FORM_CSV | 1 << FORM_TSV | 1 << FORM_JSON,
	.table = matrix_table, .json = matrix_json,
};
