/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page.c -- a subject as a page: its sentence, its picture, its tables.
 *
 * How that looks is share/reports/report.jq's business; numbers come to it
 * rounded as in text, so that a page and a terminal say the same.
 */
#include "report.h"
#include "base/num.h"
#include "json/write.h"
#include "out/page.h"

#define TABLES_MOST 8

void
report_init(struct report *r, const struct settings *o)
{
	memset(r, 0, sizeof *r);
	r->o = o;
	docs_init(&r->docs);
	docs_init(&r->before);
	frequency_init(&r->frequency);
	scores_init(&r->scores, o->threshold);
}

void
report_free(struct report *r)
{
	docs_free(&r->docs);
	docs_free(&r->before);
	frequency_free(&r->frequency);
	trend_close(&r->trend);
}

/* ---- tables ---- */

int
report_tables(struct report *r, const struct subject *s, struct table **tp,
    size_t *n, struct fail *why)
{
	struct table *t = calloc(TABLES_MOST, sizeof *t);
	int bad;

	if (!t)
		return fail(why, EXIT_MACHINE, "out of memory");
	*n = 1;
	table_init(&t[0], NULL);
	bad = s->table(r, &t[0], why);
	while (bad == 0 && r->full && s->more && *n < TABLES_MOST) {
		table_init(&t[*n], NULL);
		bad = s->more(r, *n, &t[*n], why);
		if (bad == 0)
			++*n;
	}
	if (bad > 0)
		bad = 0;
	if (bad == 0 && (bad = table_check(&t[*n - 1], why)) == 0)
		bad = table_check(&t[0], why);
	if (bad) {
		report_tables_free(t, *n);
		return -1;
	}
	*tp = t;
	return 0;
}

void
report_tables_free(struct table *t, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		table_free(&t[i]);
	free(t);
}

/* ---- as a page's input ---- */

static void
put_cell(struct buf *b, const struct table_cell *c)
{
	char num[NUM_MAX];

	json_sep(b);
	if (c->type == CELL_TEXT)
		json_str(b, c->p, c->n);
	else if (c->type == CELL_NUMBER)
		json_str(b, num, table_human(num, c->number));
	else
		buf_str_add(b, "null");
}

static void
put_columns(struct buf *b, const struct table *t)
{
	static const char *const kind[] = { [TABLE_TEXT] = "text",
	    [TABLE_NUMBER] = "number", [TABLE_BAR] = "bar",
	    [TABLE_SPARK] = "spark" };
	struct table_cell c;
	size_t j;

	json_key(b, "columns");
	buf_putc(b, '[');
	for (j = 0; j < t->ncols; j++) {
		json_sep(b);
		buf_putc(b, '{');
		json_key(b, "name");
		c = table_name(t, j);
		json_str(b, c.p, c.n);
		json_key(b, "kind");
		json_cstr(b, kind[t->cols[j].kind]);
		json_key(b, "own");
		json_bool(b, t->cols[j].own);
		json_key(b, "number");
		json_bool(b, t->cols[j].kind == TABLE_NUMBER ||
		    t->cols[j].kind == TABLE_BAR);
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
}

static void
put_table(struct buf *b, const struct table *t)
{
	size_t rows = table_rows(t), i, j;
	struct table_cell c;

	json_sep(b);
	buf_putc(b, '{');
	json_key(b, "title");
	if (t->title)
		json_cstr(b, t->title);
	else
		buf_str_add(b, "null");
	put_columns(b, t);
	json_key(b, "rows");
	buf_putc(b, '[');
	for (i = 0; i < rows; i++) {
		json_sep(b);
		buf_putc(b, '[');
		for (j = 0; j < t->ncols; j++) {
			c = table_cell(t, i, j);
			put_cell(b, &c);
		}
		buf_putc(b, ']');
	}
	buf_str_add(b, "]}");
}

static int
put_parts(struct report *r, const struct subject *s, struct buf *in,
    struct fail *why)
{
	struct buf lead = BUF_INIT(BUF_DOC);
	struct table *t;
	size_t n, i;
	int bad = s->lead ? s->lead(r, &lead, why) : 0;

	json_key(in, "lead");
	json_str(in, lead.p, lead.len);
	buf_free(&lead);
	json_key(in, "chart");
	if (!s->chart)
		buf_str_add(in, "null");
	else if (!bad)
		bad = s->chart(r, in, why);
	if (bad || report_tables(r, s, &t, &n, why) < 0)
		return -1;
	json_key(in, "tables");
	buf_putc(in, '[');
	for (i = 0; i < n; i++)
		put_table(in, &t[i]);
	buf_putc(in, ']');
	report_tables_free(t, n);
	return 0;
}

int
report_page(struct report *r, const struct subject *s, struct buf *b,
    struct fail *why)
{
	struct buf in = BUF_INIT(BUF_DOC);
	int bad;

	if (s->page)
		return s->page(r, b, why);
	buf_putc(&in, '{');
	json_key(&in, "title");
	json_cstr(&in, r->o->title ? r->o->title : s->title);
	json_key(&in, "served");
	buf_str_add(&in, r->served ? r->served->json : "null");
	bad = put_parts(r, s, &in, why);
	buf_putc(&in, '}');
	if (bad == 0 && in.err)
		bad = fail(why, EXIT_MACHINE, "too large for a page");
	if (bad == 0)
		bad = page_run(b, "report", in.p, in.len, why);
	buf_free(&in);
	return bad;
}
