/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dashboard.c -- one page: how the bot does.
 *
 * What the page says is share/reports/dashboard.jq's business; here its input
 * is put together: the documents as they are, the figures, and what of the
 * matrix fits on a page.
 */
#include "report.h"
#include "base/clock.h"
#include "json/write.h"
#include "out/page.h"

#define TITLE "Einstein Bot NLP Dashboard"
#define HEADING "Bot Performance Monitor"
#define PAIRS_MOST 12
#define SCALE_STEPS 20

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
		json_key(b, "share");
		json_num(b, p->n / m->row[p->actual]);
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

static int
put_matrix(struct buf *b, const struct docs *d, struct fail *why)
{
	struct json_val v;
	struct matrix m;
	struct view view;
	int r;

	if (!docs_get(d, DOC_CONFUSION, &v)) {
		buf_str_add(b, ",\"view\":null,\"pairs\":[]");
		return 0;
	}
	if (matrix_read(&m, v, why) < 0)
		return -1;
	r = view_make(&view, &m, why);
	if (r == 0) {
		put_view(b, &view);
		put_pairs(b, &view, &m);
		view_free(&view);
	}
	matrix_free(&m);
	return r;
}

static int
dashboard_page(struct report *r, struct buf *b, struct fail *why)
{
	struct buf in = BUF_INIT(BUF_DOC);
	char now[TIME_MAX];
	int bad;

	buf_putc(&in, '{');
	json_key(&in, "now");
	if (r->served && r->served->none)
		buf_str_add(&in, "null");
	else
		json_cstr(&in, time_format(now, r->served ?
		    r->served->updated : clock_now()));
	json_key(&in, "served");
	buf_str_add(&in, r->served ? r->served->json : "null");
	json_key(&in, "title");
	json_cstr(&in, r->o->title ? r->o->title : TITLE);
	json_key(&in, "heading");
	json_cstr(&in, HEADING);
	put_summary(&in, &r->docs);
	put_document(&in, "evaluation", &r->docs, DOC_EVALUATION);
	put_document(&in, "confusion", &r->docs, DOC_CONFUSION);
	put_document(&in, "drift", &r->docs, DOC_DRIFT);
	put_document(&in, "decision", &r->docs, DOC_DECISION);
	bad = put_matrix(&in, &r->docs, why);
	buf_putc(&in, '}');
	if (bad == 0 && in.err)
		bad = fail(why, EXIT_MACHINE, "documents too large for a page");
	if (bad == 0)
		bad = page_run(b, "dashboard", in.p, in.len, why);
	buf_free(&in);
	return bad;
}

const struct subject subject_dashboard = {
	.name = "dashboard", .title = TITLE, .usual = FORM_HTML, .forms = 1 << FORM_HTML,
	.page = dashboard_page,
};
