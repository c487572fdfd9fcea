/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out/table.h"
#include "base/num.h"

void
table_init(struct table *t, const char *title)
{
	struct buf text = BUF_INIT(BUF_DOC);

	memset(t, 0, sizeof *t);
	t->text = text;
	t->title = title;
}

void
table_free(struct table *t)
{
	free(t->cols);
	free(t->slots);
	buf_free(&t->text);
	table_init(t, NULL);
}

/* Puts text aside; returns where it lies. */
static size_t
keep(struct table *t, const char *p, size_t n)
{
	size_t at = t->text.len;

	if (buf_add(&t->text, p, n) < 0 && !t->err)
		t->err = t->text.err;
	return at;
}

void
table_column_n(struct table *t, const char *name, size_t n,
    enum table_kind kind)
{
	struct table_col *cols;

	if (t->err)
		return;
	cols = realloc(t->cols, (t->ncols + 1) * sizeof *cols);
	if (!cols) {
		t->err = ENOMEM;
		return;
	}
	t->cols = cols;
	cols[t->ncols].name = keep(t, name, n);
	cols[t->ncols].len = n;
	cols[t->ncols].own = false;
	cols[t->ncols++].kind = kind;
}

void
table_column(struct table *t, const char *name, enum table_kind kind)
{
	size_t n = t->ncols;

	table_column_n(t, name, strlen(name), kind);
	if (t->ncols > n)
		t->cols[n].own = true;
}

static void
add(struct table *t, enum cell_type type, size_t at, size_t n, double v)
{
	struct table_slot *s;
	size_t cap;

	if (t->ncells == t->cap && !t->err) {
		cap = t->cap ? 2 * t->cap : 64;
		s = cap > SIZE_MAX / sizeof *s ? NULL :
		    realloc(t->slots, cap * sizeof *s);
		if (!s) {
			t->err = ENOMEM;
		} else {
			t->slots = s;
			t->cap = cap;
		}
	}
	if (t->err)
		return;
	s = &t->slots[t->ncells++];
	s->type = type;
	s->at = at;
	s->len = n;
	s->number = v;
}

void
table_text(struct table *t, const char *p, size_t n)
{
	add(t, CELL_TEXT, keep(t, p, n), n, 0);
}

void
table_str(struct table *t, const char *s)
{
	table_text(t, s, strlen(s));
}

void
table_num(struct table *t, double v)
{
	add(t, isfinite(v) ? CELL_NUMBER : CELL_NULL, 0, 0, v);
}

void
table_null(struct table *t)
{
	add(t, CELL_NULL, 0, 0, 0);
}

int
table_check(const struct table *t, struct fail *why)
{
	if (t->err == 0)
		return 0;
	return fail(why, EXIT_MACHINE, t->err == E2BIG ?
	    "the table holds more text than %zu MB" : "out of memory",
	    BUF_DOC >> 20);
}

size_t
table_rows(const struct table *t)
{
	return t->ncols ? t->ncells / t->ncols : 0;
}

static struct table_cell
text_cell(const struct table *t, size_t at, size_t n)
{
	struct table_cell c = { CELL_TEXT, 0, "", 0 };

	if (n) {
		c.p = t->text.p + at;
		c.n = n;
	}
	return c;
}

struct table_cell
table_cell(const struct table *t, size_t row, size_t col)
{
	const struct table_slot *s = &t->slots[row * t->ncols + col];
	struct table_cell c = { CELL_NULL, 0, "", 0 };

	if (s->type == CELL_TEXT)
		return text_cell(t, s->at, s->len);
	c.type = s->type;
	c.number = s->number;
	return c;
}

struct table_cell
table_name(const struct table *t, size_t col)
{
	return text_cell(t, t->cols[col].name, t->cols[col].len);
}

size_t
table_human(char *out, double v)
{
	if (v == floor(v) || !isfinite(v))
		return num_format(out, v);
	if (fabs(v) < 0.00005 || fabs(v) >= 1e12)
		return (size_t)snprintf(out, NUM_MAX, "%.1e", v);
	return num_fixed(out, v, 4);
}
