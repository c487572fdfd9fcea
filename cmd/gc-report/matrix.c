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

static void
put_names(struct table *t, const struct heat_text *label, size_t n, bool full)
{
	size_t j;

	table_column(t, "actual", TABLE_TEXT);
	for (j = 0; j < n; j++)
		table_column_n(t, label[j].p, label[j].n, TABLE_NUMBER);
	table_column(t, "All", TABLE_NUMBER);
	if (!full)
		return;
	figure_columns(t, "right");
}

/* How many of a row are right, and how sure that is; NaN x: not known. */
static void
put_right(struct table *t, double x, double n, bool full)
{
	struct figure f;

	if (!full)
		return;
	figure_share(&f, NULL, NULL, x, n, NULL);
	figure_cells(t, &f);
}

/* n by n cells with margins; where the last row is of others in one, which
 * of them are right is not to be seen in it. */
static void
put_cells(struct table *t, const struct heat_text *label, const double *cell,
    size_t n, bool others, double right, bool full)
{
	double row, col, total = 0;
	size_t i, j;

	for (i = 0; i < n; i++) {
		table_text(t, label[i].p, label[i].n);
		for (j = 0, row = 0; j < n; j++) {
			table_num(t, cell[i * n + j]);
			row += cell[i * n + j];
		}
		table_num(t, row);
		put_right(t, others && i + 1 == n ? NAN : cell[i * n + i],
		    row, full);
	}
	table_str(t, "All");
	for (j = 0; j < n; j++) {
		for (i = 0, col = 0; i < n; i++)
			col += cell[i * n + j];
		table_num(t, col);
		total += col;
	}
	table_num(t, total);
	put_right(t, right, total, full);
}

static double
all_right(const struct matrix *m)
{
	double right = 0;
	size_t i;

	for (i = 0; i < m->n; i++)
		right += m->cell[i * m->n + i];
	return right;
}

static int
narrow_table(struct report *r, const struct matrix *m, struct table *t,
    struct fail *why)
{
	struct view v;

	if (view_make(&v, m, why) < 0)
		return -1;
	put_names(t, v.label, v.n, r->full);
	put_cells(t, v.label, v.cell, v.n, true, all_right(m), r->full);
	view_free(&v);
	return 0;
}

/* As pandas writes crosstab(actual, predicted, margins=True), but square: a
 * label that stands on one side only has its row and its column. For people
 * to look at, the worst part where there are many. */
static int
matrix_table(struct report *r, struct table *t, struct fail *why)
{
	struct matrix m;
	size_t j;
	int bad = 0;

	if (find(r, &m, why) < 0)
		return -1;
	for (j = 0; j < m.n; j++)
		if (m.label[j].n == 3 && memcmp(m.label[j].p, "All", 3) == 0)
			msg_note("a label is called All, as the margins are; "
			    "the last row and column are the margins");
	if (r->narrow && m.n > VIEW_MOST) {
		bad = narrow_table(r, &m, t, why);
	} else {
		put_names(t, m.label, m.n, r->full);
		put_cells(t, m.label, m.cell, m.n, false, all_right(&m),
		    r->full);
	}
	matrix_free(&m);
	return bad;
}

/* ---- besides ---- */

#define PAIRS_MOST 20

static void
pairs_table(struct table *t, const struct matrix *m, const struct view *v)
{
	struct figure f;
	size_t i;

	t->title = "Most often confused";
	table_column(t, "actual", TABLE_TEXT);
	table_column(t, "taken for", TABLE_TEXT);
	table_column(t, "times", TABLE_NUMBER);
	table_column(t, "of", TABLE_NUMBER);
	figure_columns(t, "share");
	for (i = 0; i < v->npairs && i < PAIRS_MOST; i++) {
		const struct pair *p = &v->pair[i];

		table_text(t, m->label[p->actual].p, m->label[p->actual].n);
		table_text(t, m->label[p->predicted].p,
		    m->label[p->predicted].n);
		table_num(t, p->n);
		table_num(t, m->row[p->actual]);
		figure_share(&f, NULL, NULL, p->n, m->row[p->actual], NULL);
		figure_cells(t, &f);
	}
}

/* The labels that a view adds up, one by one. */
static void
rest_table(struct table *t, const struct matrix *m, const struct view *v)
{
	size_t i;

	t->title = "The others, one by one";
	table_column(t, "actual", TABLE_TEXT);
	table_column(t, "All", TABLE_NUMBER);
	table_column(t, "predicted", TABLE_NUMBER);
	figure_columns(t, "right");
	for (i = 0; i < m->n; i++) {
		if (!v->rest[i])
			continue;
		table_text(t, m->label[i].p, m->label[i].n);
		table_num(t, m->row[i]);
		table_num(t, m->col[i]);
		put_right(t, m->cell[i * m->n + i], m->row[i], true);
	}
}

static int
matrix_more(struct report *r, size_t i, struct table *t, struct fail *why)
{
	struct matrix m;
	struct view v;
	int done = 1;

	if (i > 2 || find(r, &m, why) < 0)
		return i > 2 ? 1 : -1;
	if (view_make(&v, &m, why) < 0) {
		matrix_free(&m);
		return -1;
	}
	if (i == 1) {
		pairs_table(t, &m, &v);
		done = 0;
	} else if (r->narrow && v.others) {
		rest_table(t, &m, &v);
		done = 0;
	}
	view_free(&v);
	matrix_free(&m);
	return done;
}

static int
matrix_lead(struct report *r, struct buf *b, struct fail *why)
{
	(void)why;
	lead_matrix(b, r);
	return 0;
}

static int
matrix_chart(struct report *r, struct buf *b, struct fail *why)
{
	buf_str_add(b, "{\"type\":\"heat\"");
	if (view_write(b, &r->docs, why) < 0)
		return -1;
	buf_putc(b, '}');
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

/* Of each row, and of all, how many are right and how sure that is. */
static void
write_right(struct buf *b, const struct matrix *m)
{
	struct figure f;
	size_t i;

	json_key(b, "right");
	buf_putc(b, '{');
	for (i = 0; i < m->n; i++) {
		figure_share(&f, NULL, NULL, m->cell[i * m->n + i],
		    m->row[i], NULL);
		json_sep(b);
		json_str(b, m->label[i].p, m->label[i].n);
		buf_putc(b, ':');
		figure_object(b, &f);
	}
	buf_putc(b, '}');
	json_key(b, "accuracy");
	figure_share(&f, NULL, NULL, all_right(m), m->total, NULL);
	figure_object(b, &f);
}

static int
matrix_json(struct report *r, struct emit *emit, struct fail *why)
{
	struct buf *b = &emit->out, lead = BUF_INIT(BUF_DOC);
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
	write_right(b, &m);
	lead_matrix(&lead, r);
	json_key(b, "says");
	json_str(b, lead.p, lead.len);
	buf_putc(b, '}');
	filter_line(emit);
	matrix_free(&m);
	buf_free(&lead);
	return 0;
}

/* ---- the picture ---- */

#define TITLE "Einstein Bot Intent Confusion Matrix"

/* What is to be seen, for those who cannot see it; of many labels also those
 * that are added up. */
static void
put_desc(struct buf *b, const struct report *r, const struct matrix *m,
    const struct view *v)
{
	size_t i, n = 0;

	lead_matrix(b, r);
	buf_str_add(b, " Rows are actual intents, columns predicted ones.");
	for (i = 0; v->others && i < m->n; i++) {
		if (!v->rest[i])
			continue;
		buf_str_add(b, n++ ? ", " : " Added up are: ");
		buf_add(b, m->label[i].p, m->label[i].n);
	}
	if (n)
		buf_putc(b, '.');
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

/* A label that is added up, and how much of it is right. */
struct rest {
	size_t label;
	double right;           /* NaN: it does not occur */
};

static int
by_right(const void *x, const void *y)
{
	const struct rest *a = x, *b = y;

	if (isnan(a->right) != isnan(b->right))
		return isnan(a->right) ? 1 : -1;
	if (a->right < b->right || a->right > b->right)
		return a->right < b->right ? -1 : 1;
	return (a->label > b->label) - (a->label < b->label);
}

/* The labels that are added up, the least right first: "37/40  refund".
 * Returns lines to free, or NULL; b holds their text. */
static struct heat_text *
put_rest(struct buf *b, const struct matrix *m, const struct view *v,
    size_t *n)
{
	struct heat_text *line = calloc(m->n + 1, sizeof *line);
	struct rest *rest = calloc(m->n + 1, sizeof *rest);
	size_t i, at;

	for (i = *n = 0; line && rest && i < m->n; i++) {
		if (!v->rest[i])
			continue;
		rest[*n].label = i;
		rest[(*n)++].right = m->cell[i * m->n + i] / m->row[i];
	}
	if (rest)
		qsort(rest, *n, sizeof *rest, by_right);
	for (i = 0; i < *n; i++) {
		const struct heat_text *l = &m->label[rest[i].label];

		at = b->len;
		buf_addf(b, "%.15g/%.15g  ", m->cell[rest[i].label * m->n +
		    rest[i].label], m->row[rest[i].label]);
		buf_add(b, l->p, l->n);
		line[i].n = b->len - at;
	}
	for (i = at = 0; i < *n; at += line[i++].n)
		line[i].p = b->len ? b->p + at : "";
	if (!rest) {
		free(line);
		line = NULL;
	}
	free(rest);
	return line;
}

static int
draw(const struct report *r, const struct matrix *m, const struct view *v,
    enum plot_form form, struct buf *b, struct fail *why)
{
	struct buf rest = BUF_INIT(BUF_DOC), said = BUF_INIT(BUF_DOC),
	    lines = BUF_INIT(BUF_DOC), desc = BUF_INIT(BUF_DOC),
	    text = BUF_INIT(BUF_DOC), script = BUF_INIT(BUF_DOC);
	struct heat_text note[35], *others = NULL;
	char caption[128], others_title[128];
	struct plot_page page;
	struct heat h;
	int bad;

	lead_matrix(&said, r);
	put_desc(&desc, r, m, v);
	memset(&h, 0, sizeof h);
	h.title = r->o->title ? r->o->title : TITLE;
	picture_lines(&lines, buf_str(&said), h.subtitle, COUNT(h.subtitle));
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
		    "with the most errors; the %zu others are added up, and "
		    "listed below.",
		    v->n - 1, v->others);
		h.caption = caption;
		others = put_rest(&rest, m, v, &h.nrest);
		snprintf(others_title, sizeof others_title, "The %zu others: "
		    "how many of each were right, the least right first",
		    v->others);
		h.rest = others;
		h.rest_title = others_title;
	}
	h.note = note;
	heat_script(&script, &h);
	page = picture_page(10, 8, h.title, buf_str(&desc));
	if (text.err || desc.err || said.err || lines.err || rest.err ||
	    (v->others && !others))
		bad = fail(why, EXIT_MACHINE, "labels too long for a picture");
	else
		bad = plot_run(b, &script, &page, form, why);
	free(others);
	buf_free(&rest);
	buf_free(&said);
	buf_free(&lines);
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
	.forms = FORMS_TABLE | FORMS_PICTURE | 1 << FORM_PROM,
	.lead = matrix_lead, .table = matrix_table, .more = matrix_more,
	.json = matrix_json, .picture = matrix_picture,
	.chart = matrix_chart,
};
