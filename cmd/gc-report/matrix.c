/* SPDX-License-Identifier: GPL-3.0-or-later */
/* matrix.c -- actual against predicted, with margins. */
#include "report.h"
#include "base/msg.h"
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
		m->label[i].n = m->text.len - at;
	}
	for (i = 0, at = 0; i < m->n; i++) {
		m->label[i].p = m->label[i].n ? m->text.p + at : "";
		at += m->label[i].n;
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
		if (m.label[j].n == 3 && memcmp(m.label[j].p, "All", 3) == 0)
			msg_note("a label is called All, as the margins are; "
			    "the last row and column are the margins");
	for (j = 0; j < m.n; j++)
		table_column_n(t, m.label[j].p, m.label[j].n, TABLE_NUMBER);
	table_column(t, "All", TABLE_NUMBER);
	for (i = 0; i < m.n; i++) {
		table_text(t, m.label[i].p, m.label[i].n);
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

/* ---- the picture ---- */

#define TITLE "Einstein Bot Intent Confusion Matrix"

static double
accuracy(const struct matrix *m)
{
	double right = 0;
	size_t i;

	for (i = 0; i < m->n; i++)
		right += m->cell[i * m->n + i];
	return right / m->total;
}

/* What is to be seen, in a sentence. */
static void
put_subtitle(struct buf *b, const struct matrix *m)
{
	if (m->total == 0) {
		buf_str_add(b, "no utterances");
		return;
	}
	buf_addf(b, "%.0f utterances, %zu intents, %.1f%% recognised rightly",
	    m->total, m->n, 100 * accuracy(m));
}

/* The same for those who cannot see it, and the most frequent confusion. */
static void
put_desc(struct buf *b, const struct matrix *m, const struct view *v)
{
	put_subtitle(b, m);
	buf_str_add(b, ". Rows are actual intents, columns predicted ones.");
	if (v->npairs == 0)
		return;
	buf_str_add(b, " Most often confused: ");
	buf_add(b, m->label[v->pair->actual].p, m->label[v->pair->actual].n);
	buf_str_add(b, " was taken for ");
	buf_add(b, m->label[v->pair->predicted].p,
	    m->label[v->pair->predicted].n);
	buf_addf(b, ", %.0f times.", v->pair->n);
}

/* The pairs that were confused most, for the margin: two lines each. */
static size_t
put_notes(struct buf *b, struct heat_text *note, size_t max,
    const struct matrix *m, const struct view *v)
{
	size_t n = 0, i, start = b->len, at;

	buf_str_add(b, "Most often confused");
	note[n++].n = b->len - start;
	for (i = 0; i < v->npairs && n + 2 <= max; i++) {
		at = b->len;
		buf_addf(b, "%.0f  ", v->pair[i].n);
		buf_add(b, m->label[v->pair[i].actual].p,
		    m->label[v->pair[i].actual].n);
		note[n++].n = b->len - at;
		at = b->len;
		buf_str_add(b, "     taken for ");
		buf_add(b, m->label[v->pair[i].predicted].p,
		    m->label[v->pair[i].predicted].n);
		note[n++].n = b->len - at;
	}
	for (i = 0; i < n; i++, start += note[i - 1].n)
		note[i].p = b->p + start;
	return n;
}

static int
draw(const struct report *r, const struct matrix *m, const struct view *v,
    enum plot_form form, struct buf *b, struct fail *why)
{
	struct buf subtitle = BUF_INIT(BUF_LINE), desc = BUF_INIT(BUF_LINE),
	    text = BUF_INIT(BUF_LINE), script = BUF_INIT(BUF_DOC);
	struct heat_text note[35];
	char caption[128];
	struct plot_page page;
	struct heat h;
	int bad;

	put_subtitle(&subtitle, m);
	put_desc(&desc, m, v);
	memset(&h, 0, sizeof h);
	h.title = r->o->title ? r->o->title : TITLE;
	h.subtitle = buf_str(&subtitle);
	h.rows = "actual intent";
	h.columns = "predicted intent";
	h.scale = "share of the actual intent";
	h.n = v->n;
	h.label = v->label;
	h.cell = v->cell;
	h.share = v->share;
	if (v->others) {
		h.nnotes = put_notes(&text, note, COUNT(note), m, v);
		snprintf(caption, sizeof caption, "Shown are the %zu intents "
		    "with the most errors; the %zu others are added up.",
		    v->n - 1, v->others);
		h.caption = caption;
	}
	h.note = note;
	heat_script(&script, &h);
	page = picture_page(10, 8, h.title, buf_str(&desc));
	if (text.err || desc.err)
		bad = fail(why, EXIT_MACHINE, "labels too long for a picture");
	else
		bad = plot_run(b, &script, &page, form, why);
	buf_free(&subtitle);
	buf_free(&desc);
	buf_free(&text);
	buf_free(&script);
	return bad;
}

static int
matrix_picture(struct report *r, enum plot_form form, struct buf *b,
    struct fail *why)
{
	struct matrix m;
	struct view v;
	int bad;

	if (find(r, &m, why) < 0)
		return -1;
	bad = view_make(&v, &m, why);
	if (!bad) {
		bad = draw(r, &m, &v, form, b, why);
		view_free(&v);
	}
	matrix_free(&m);
	return bad;
}

const struct subject subject_matrix = {
	.name = "matrix", .title = TITLE, .usual = FORM_CSV,
	.forms = FORMS_TABLE | FORMS_PICTURE,
	.table = matrix_table, .json = matrix_json, .picture = matrix_picture,
};
