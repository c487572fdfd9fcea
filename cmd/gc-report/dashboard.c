/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dashboard.c -- one page: how the bot does.
 *
 * What the page says is share/reports/dashboard.jq's business; here its input
 * is put together: the documents as they are, the figures, and what of the
 * matrix fits on a page. As a table it is all figures, one a row.
 */
#include "report.h"
#include "base/clock.h"
#include "json/write.h"
#include "out/dots.h"
#include "out/page.h"

#define TITLE "Einstein Bot NLP Dashboard"
#define HEADING "Bot Performance Monitor"
#define PAIRS_MOST 12
#define SCALE_STEPS 20
#define WEAKEST 20              /* intents in the picture */

static void
put_document(struct buf *b, const char *name, const struct docs *d,
    enum doc_kind kind)
{
	struct json_val v;

	json_key(b, name);
	if (docs_get(d, kind, &v))
		json_raw(b, v);
	else
		buf_str_add(b, "null");
}

static void
put_summary(struct buf *b, const struct docs *d)
{
	struct figures f;

	figures_find(&f, d);
	json_key(b, "summary");
	figures_write(b, &f);
}

/* One square of the view: what each cell is, by a function. */
static void
put_square(struct buf *b, const char *name, const struct view *v,
    void (*cell)(struct buf *b, const struct view *v, size_t at))
{
	size_t i, j;

	json_key(b, name);
	buf_putc(b, '[');
	for (i = 0; i < v->n; i++) {
		json_sep(b);
		buf_putc(b, '[');
		for (j = 0; j < v->n; j++) {
			json_sep(b);
			cell(b, v, i * v->n + j);
		}
		buf_putc(b, ']');
	}
	buf_putc(b, ']');
}

static void
cell_count(struct buf *b, const struct view *v, size_t at)
{
	json_num(b, v->cell[at]);
}

static void
cell_share(struct buf *b, const struct view *v, size_t at)
{
	json_num(b, v->share[at]);
}

/* The step of the scale that a share is painted in: what is there at all is
 * never on the first. */
static void
cell_step(struct buf *b, const struct view *v, size_t at)
{
	double step = floor(v->share[at] * SCALE_STEPS + 0.5);

	json_num(b, v->cell[at] > 0 && !(step >= 1) ? 1 : step);
}

static void
put_color(struct buf *b, const char *name, const char *ink, uint32_t color)
{
	json_key(b, name);
	buf_addf(b, "\"#%06x\"", (unsigned)color);
	json_key(b, ink);
	json_cstr(b, heat_wants_white(color) ? "#fff" : "#000");
}

/* What each step is painted in by day and by night, and the ink on it. */
static void
put_scale(struct buf *b)
{
	int i;

	json_key(b, "scale");
	buf_putc(b, '[');
	for (i = 0; i <= SCALE_STEPS; i++) {
		double share = (double)i / SCALE_STEPS;

		json_sep(b);
		buf_putc(b, '{');
		put_color(b, "light", "light_ink", heat_color(share));
		put_color(b, "dark", "dark_ink", heat_color_dark(share));
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

static void
put_view(struct buf *b, const struct view *v)
{
	size_t i;

	json_key(b, "view");
	buf_putc(b, '{');
	json_key(b, "others");
	json_uint(b, v->others);
	json_key(b, "labels");
	buf_putc(b, '[');
	for (i = 0; i < v->n; i++) {
		json_sep(b);
		json_str(b, v->label[i].p, v->label[i].n);
	}
	buf_putc(b, ']');
	put_square(b, "cells", v, cell_count);
	put_square(b, "shares", v, cell_share);
	put_square(b, "steps", v, cell_step);
	put_scale(b);
	buf_putc(b, '}');
}

static void
put_pairs(struct buf *b, const struct view *v, const struct matrix *m)
{
	struct figure f;
	size_t i;

	json_key(b, "pairs");
	buf_putc(b, '[');
	for (i = 0; i < v->npairs && i < PAIRS_MOST; i++) {
		const struct pair *p = &v->pair[i];

		json_sep(b);
		buf_putc(b, '{');
		json_key(b, "actual");
		json_str(b, m->label[p->actual].p, m->label[p->actual].n);
		json_key(b, "predicted");
		json_str(b, m->label[p->predicted].p,
		    m->label[p->predicted].n);
		json_key(b, "n");
		json_num(b, p->n);
		figure_share(&f, NULL, NULL, p->n, m->row[p->actual], NULL);
		json_key(b, "of");
		json_num(b, f.n);
		figure_members(b, "share", &f);
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

/* What is added up, label by label. */
static void
put_rest(struct buf *b, const struct view *v, const struct matrix *m)
{
	struct figure f;
	size_t i;

	json_key(b, "rest");
	buf_putc(b, '[');
	for (i = 0; i < m->n; i++) {
		if (!v->rest[i])
			continue;
		json_sep(b);
		buf_putc(b, '{');
		json_key(b, "label");
		json_str(b, m->label[i].p, m->label[i].n);
		json_key(b, "n");
		json_num(b, m->row[i]);
		figure_share(&f, NULL, NULL, m->cell[i * m->n + i], m->row[i],
		    NULL);
		figure_members(b, "right", &f);
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

int
view_write(struct buf *b, const struct docs *d, struct fail *why)
{
	struct json_val v;
	struct matrix m;
	struct view view;
	int r;

	if (!docs_get(d, DOC_CONFUSION, &v)) {
		buf_str_add(b, ",\"view\":null,\"pairs\":[],\"rest\":[]");
		return 0;
	}
	if (matrix_read(&m, v, why) < 0)
		return -1;
	r = view_make(&view, &m, why);
	if (r == 0) {
		put_view(b, &view);
		put_pairs(b, &view, &m);
		put_rest(b, &view, &m);
		json_key(b, "n");
		json_num(b, m.total);
		view_free(&view);
	}
	matrix_free(&m);
	return r;
}

/* The drifts of groups, as a list. */
static void
put_groups(struct buf *b, const struct docs *d)
{
	const struct map_key *name;
	uint32_t i;

	json_key(b, "groups");
	buf_putc(b, '[');
	for (i = 0; i < d->groups.n; i++) {
		json_sep(b);
		json_raw(b, docs_group(d, i, &name));
	}
	buf_putc(b, ']');
}

static int
dashboard_lead(struct report *r, struct buf *b, struct fail *why)
{
	(void)why;
	lead_bot(b, r);
	return 0;
}

static void
put_figures(struct buf *b, const struct report *r)
{
	struct figure v[FIGURES_MOST];
	size_t n = figures_list(v, r), i;

	json_key(b, "figures");
	buf_putc(b, '[');
	for (i = 0; i < n; i++) {
		json_sep(b);
		buf_str_add(b, "{\"name\":");
		json_cstr(b, v[i].name);
		figure_members(b, "value", &v[i]);
		json_key(b, "n");
		json_num(b, v[i].n);
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

/* All that the page says. */
static int
put_input(struct buf *in, struct report *r, struct fail *why)
{
	struct buf lead = BUF_INIT(BUF_DOC);
	char now[TIME_MAX];
	int bad, k;

	buf_putc(in, '{');
	json_key(in, "now");
	if (r->served && r->served->none)
		buf_str_add(in, "null");
	else
		json_cstr(in, time_format(now, r->served ?
		    r->served->updated : clock_now()));
	json_key(in, "served");
	buf_str_add(in, r->served ? r->served->json : "null");
	json_key(in, "title");
	json_cstr(in, r->o->title ? r->o->title : TITLE);
	json_key(in, "heading");
	json_cstr(in, HEADING);
	lead_bot(&lead, r);
	json_key(in, "lead");
	json_str(in, lead.p, lead.len);
	buf_free(&lead);
	put_summary(in, &r->docs);
	put_figures(in, r);
	for (k = DOC_EVALUATION; k <= DOC_DECISION; k++)
		put_document(in, doc_name[k], &r->docs, (enum doc_kind)k);
	put_groups(in, &r->docs);
	bad = view_write(in, &r->docs, why);
	buf_putc(in, '}');
	if (bad == 0 && in->err)
		bad = fail(why, EXIT_MACHINE, "documents too large for a page");
	return bad;
}

static int
dashboard_page(struct report *r, struct buf *b, struct fail *why)
{
	struct buf in = BUF_INIT(BUF_DOC);
	int bad = put_input(&in, r, why);

	if (bad == 0)
		bad = page_run(b, "dashboard", in.p, in.len, why);
	buf_free(&in);
	return bad;
}

/* The same as data, on one line; the colours are the page's own business. */
static int
dashboard_json(struct report *r, struct emit *emit, struct fail *why)
{
	struct buf in = BUF_INIT(BUF_DOC), out = BUF_INIT(BUF_DOC);
	struct json_val v;
	int bad = put_input(&in, r, why);

	v.p = in.p;
	v.n = in.len;
	if (bad == 0) {
		json_cut(&out, v, "served");
		json_one_line(&emit->out, out.p, out.len);
		filter_line(emit);
	}
	buf_free(&in);
	buf_free(&out);
	return bad;
}

/* ---- as a table ---- */

static void
put_row(struct table *t, const char *metric, const struct figure *f)
{
	table_str(t, metric);
	figure_cells(t, f);
	table_num(t, f->n);
}

static void
put_item(struct table *t, const char *section, struct json_val name)
{
	struct buf text = BUF_INIT(BUF_DOC);

	table_str(t, section);
	json_decode(name, &text);
	table_text(t, buf_str(&text), text.len);
	buf_free(&text);
}

static void
put_classes(struct table *t, struct json_val confusion)
{
	static const char *const names[] = { "precision", "recall", "f1" };
	struct json_val list, label;
	struct json_iter it;
	struct figure f;
	size_t i;

	if (!json_get(confusion, "per_class", &list))
		return;
	for (it = json_iter(list); json_next(&it);) {
		if (!json_get(it.val, "label", &label))
			continue;
		for (i = 0; i < COUNT(names); i++) {
			f.n = docs_number(it.val, i == 0 ? "predicted" :
			    "support", NULL);
			figure_of_class(&f, it.val, names[i]);
			put_item(t, "intent", label);
			put_row(t, names[i], &f);
		}
	}
}

static void
put_changes(struct table *t, struct json_val drift)
{
	struct json_val list, name;
	struct json_iter it;
	struct figure f;

	if (!json_get(drift, "categories", &list))
		return;
	for (it = json_iter(list); json_next(&it);) {
		if (!json_get(it.val, "category", &name))
			continue;
		f.v = docs_number(it.val, "difference", NULL);
		f.low = docs_number(it.val, "low", NULL);
		f.high = docs_number(it.val, "high", NULL);
		f.n = docs_number(drift, "n_current", NULL);
		put_item(t, "drift", name);
		put_row(t, "difference", &f);
	}
}

static int
dashboard_table(struct report *r, struct table *t, struct fail *why)
{
	static const char *const names[] = { "section", "item", "metric" };
	struct figure v[FIGURES_MOST];
	size_t n = figures_list(v, r), i;
	struct json_val doc;

	(void)why;
	for (i = 0; i < COUNT(names); i++)
		table_column(t, names[i], TABLE_TEXT);
	figure_columns(t, "value");
	table_column(t, "n", TABLE_NUMBER);
	for (i = 0; i < n; i++) {
		table_str(t, "figures");
		table_str(t, "");
		put_row(t, v[i].name, &v[i]);
	}
	if (docs_get(&r->docs, DOC_CONFUSION, &doc))
		put_classes(t, doc);
	if (docs_get(&r->docs, DOC_DRIFT, &doc))
		put_changes(t, doc);
	return 0;
}

static int
dashboard_more(struct report *r, size_t i, struct table *t, struct fail *why)
{
	struct json_val doc;

	if (!docs_get(&r->docs, DOC_CONFUSION, &doc) || i > 3)
		return 1;
	if (i > 1)
		return subject_matrix.more(r, i - 1, t, why);
	t->title = "The matrix";
	return subject_matrix.table(r, t, why);
}

/* ---- as a picture ---- */

struct weak {
	double f1;
	struct json_val class;
};

static int
by_f1(const void *x, const void *y)
{
	const struct weak *a = x, *b = y;

	if (a->f1 != b->f1)
		return a->f1 < b->f1 ? -1 : 1;
	return (a->class.p > b->class.p) - (a->class.p < b->class.p);
}

/* The intents of the least F1 behind the figures, at most `most`; text holds
 * their names. */
static size_t
add_weakest(struct figure *f, size_t most, struct json_val confusion,
    struct buf *text)
{
	struct json_val list, label;
	struct json_iter it;
	struct weak *w;
	size_t n = 0, i, at[DOTS_MOST];

	if (!json_get(confusion, "per_class", &list))
		return 0;
	for (it = json_iter(list); json_next(&it);)
		n++;
	w = calloc(n + 1, sizeof *w);
	for (n = 0, it = json_iter(list); w && json_next(&it);) {
		w[n].f1 = docs_number(it.val, "f1", NULL);
		w[n].class = it.val;
		if (isfinite(w[n].f1) && json_get(it.val, "label", &label) &&
		    json_type(label) == JSON_STRING)
			n++;
	}
	if (w)
		qsort(w, n, sizeof *w, by_f1);
	n = !w ? 0 : n < most ? n : most;
	for (i = 0; i < n; i++) {
		memset(&f[i], 0, sizeof f[i]);
		f[i].n = docs_number(w[i].class, "support", NULL);
		f[i].share = true;
		figure_of_class(&f[i], w[i].class, "f1");
		at[i] = text->len;
		json_get(w[i].class, "label", &label);
		json_decode(label, text);
		buf_putc(text, '\0');
	}
	for (i = 0; i < n; i++)
		f[i].name = text->err ? "" : text->p + at[i];
	free(w);
	return n;
}

static int
dashboard_picture(struct report *r, enum plot_form form, struct buf *b,
    struct fail *why)
{
	struct buf text = BUF_INIT(BUF_DOC);
	struct figure v[DOTS_MOST];
	size_t n = figures_list(v, r);
	struct json_val doc;
	int bad;

	if (docs_get(&r->docs, DOC_CONFUSION, &doc))
		n += add_weakest(v + n, WEAKEST, doc, &text);
	bad = dots_picture(r, v, n, HEADING, dashboard_lead, form, b, why);
	buf_free(&text);
	return bad;
}

const struct subject subject_dashboard = {
	.name = "dashboard", .title = TITLE, .usual = FORM_HTML,
	.forms = FORMS_TABLE | FORMS_PICTURE | 1 << FORM_PROM,
	.lead = dashboard_lead, .table = dashboard_table,
	.more = dashboard_more, .json = dashboard_json,
	.picture = dashboard_picture, .page = dashboard_page,
};
