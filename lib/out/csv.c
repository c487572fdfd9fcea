/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out/csv.h"
#include "base/num.h"

#include <csv.h>

#define BOM "\xef\xbb\xbf"

/* ---- writing ---- */

static bool
holds(const char *p, size_t n, const char *set)
{
	for (; n > 0; p++, n--)
		if (*p && strchr(set, *p))
			return true;
	return false;
}

/* Would Excel take it for a formula? East Asian ones take the wide forms of
 * the signs, too. */
static bool
is_formula(const char *p, size_t n)
{
	static const char *const wide[] = { "\uff1d", "\uff0b", "\uff0d",
	    "\uff20" };
	size_t i;

	if (n > 0 && *p && strchr("=+-@\t\r\n", *p))
		return true;
	for (i = 0; i < COUNT(wide); i++)
		if (n >= 3 && memcmp(p, wide[i], 3) == 0)
			return true;
	return false;
}

/* libcsv writes a field in its quotes: once to measure, once to write. */
static void
put_quoted(struct buf *b, const char *p, size_t n)
{
	size_t need = csv_write(NULL, 0, p, n);

	if (buf_reserve(b, need) < 0)
		return;
	csv_write(b->p + b->len, need, p, n);
	b->len += need;
}

static void
put_escaped(struct buf *b, const char *p, size_t n)
{
	for (; n > 0; p++, n--) {
		switch (*p) {
		case '\t':
			buf_add(b, "\\t", 2);
			break;
		case '\n':
			buf_add(b, "\\n", 2);
			break;
		case '\r':
			buf_add(b, "\\r", 2);
			break;
		case '\\':
			buf_add(b, "\\\\", 2);
			break;
		default:
			buf_putc(b, *p);
		}
	}
}

void
csv_field(struct buf *b, const char *p, size_t n,
    const struct csv_style *style)
{
	struct buf safe = BUF_INIT(BUF_DOC);

	if (style->excel_safe && is_formula(p, n)) {
		buf_putc(&safe, '\'');
		buf_add(&safe, p, n);
		if (safe.err)
			b->err = safe.err;
		p = safe.p;
		n = safe.len;
	}
	if (style->tsv)
		put_escaped(b, p, n);
	else if (holds(p, n, ",\"\r\n"))
		put_quoted(b, p, n);
	else
		buf_add(b, p, n);
	buf_free(&safe);
}

static void
put_cell(struct buf *b, const struct table_cell *c,
    const struct csv_style *style)
{
	char num[NUM_MAX];

	if (c->type == CELL_TEXT)
		csv_field(b, c->p, c->n, style);
	else if (c->type == CELL_NUMBER)
		buf_add(b, num, num_format(num, c->number));
}

static void
end_line(struct buf *b, size_t start, const struct csv_style *style)
{
	if (b->len == start && !style->tsv)
		buf_add(b, "\"\"", 2);          /* else a reader skips it */
	buf_str_add(b, style->crlf ? "\r\n" : "\n");
}

void
csv_table(struct buf *b, const struct table *t, const struct csv_style *style)
{
	size_t rows = table_rows(t), row, col, start;
	char separator = style->tsv ? '\t' : ',';
	struct table_cell c;

	if (style->bom)
		buf_str_add(b, BOM);
	start = b->len;
	for (col = 0; col < t->ncols; col++) {
		if (col)
			buf_putc(b, separator);
		c = table_name(t, col);
		put_cell(b, &c, style);
	}
	end_line(b, start, style);
	for (row = 0; row < rows; row++) {
		start = b->len;
		for (col = 0; col < t->ncols; col++) {
			if (col)
				buf_putc(b, separator);
			c = table_cell(t, row, col);
			put_cell(b, &c, style);
		}
		end_line(b, start, style);
	}
}

/* ---- reading ---- */

/* Bytes go to libcsv a line at a time, so that the count of lines is right
 * whenever it calls back. A row's cells are offsets into text until the row
 * is whole. */
struct csv_reader {
	struct csv_parser parser;
	csv_on_row *on_row;
	void *ctx;
	struct csv_cell *cells; /* owned; n */
	size_t n, cap;
	struct buf text;        /* the cells' bytes */
	size_t max, row_bytes;  /* taken since the row began */
	uint64_t line, began;   /* of the bytes at hand; of the row */
	struct fail *why;       /* of the call that is running */
	bool started;           /* behind a possible BOM */
	bool failed;
	bool after_cr;          /* an LF here ends no line of its own */
	unsigned char mark[3];  /* the first bytes, while they may be a BOM */
	size_t marked;
};

static int
never(unsigned char c)
{
	(void)c;
	return 0;
}

int
csv_reader_open(struct csv_reader **out, size_t max, csv_on_row *on_row,
    void *ctx, struct fail *why)
{
	struct buf text = BUF_INIT(max);
	struct csv_reader *r = calloc(1, sizeof *r);

	*out = NULL;
	if (!r || csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI |
	    CSV_EMPTY_IS_NULL) != 0) {
		free(r);
		return fail(why, EXIT_MACHINE, "out of memory");
	}
	csv_set_space_func(&r->parser, never);
	r->on_row = on_row;
	r->ctx = ctx;
	r->text = text;
	r->max = max;
	r->line = r->began = 1;
	*out = r;
	return 0;
}

static void
no_memory(struct csv_reader *r)
{
	if (!r->failed)
		fail(r->why, EXIT_MACHINE, "out of memory");
	r->failed = true;
}

/* libcsv: a field is whole. */
static void
on_field(void *p, size_t n, void *ctx)
{
	struct csv_reader *r = ctx;
	struct csv_cell *c;
	size_t cap;

	if (r->n == r->cap) {
		cap = r->cap ? 2 * r->cap : 16;
		c = realloc(r->cells, cap * sizeof *c);
		if (!c) {
			no_memory(r);
			return;
		}
		r->cells = c;
		r->cap = cap;
	}
	c = &r->cells[r->n++];
	/* not NULL for now; the bytes may still move */
	c->p = p ? "" : NULL;
	c->n = n;
	if (n && buf_add(&r->text, p, n) < 0)
		no_memory(r);
}

/* libcsv: a row is whole. */
static void
on_end(int c, void *ctx)
{
	struct csv_reader *r = ctx;
	struct csv_row row;
	const char *at = r->text.p;
	size_t i;

	(void)c;
	for (i = 0; i < r->n; i++) {
		if (r->cells[i].n)
			r->cells[i].p = at;
		at += r->cells[i].n;
	}
	row.cell = r->cells;
	row.n = r->n;
	row.line = r->began;
	if (!r->failed && r->on_row(r->ctx, &row, r->why) < 0)
		r->failed = true;
	r->n = 0;
	buf_clear(&r->text);
	r->row_bytes = 0;
}

/* What libcsv's strict mode refuses, told by its state and the next byte. */
static int
refused(struct csv_reader *r)
{
	int code = csv_error(&r->parser);

	if (code == CSV_ENOMEM || code == CSV_ETOOBIG)
		return fail(r->why, EXIT_MACHINE, "out of memory");
	return fail(r->why, EXIT_DATA, "line %" PRIu64 ": %s", r->line,
	    r->parser.quoted ? "invalid CSV: text behind a closing quote" :
	    "invalid CSV: a quote inside a field that has none around it");
}

static bool
is_end(char c)
{
	return c == '\r' || c == '\n';
}

/* At most one CR or LF, and that at the end. */
static int
take(struct csv_reader *r, const char *p, size_t n)
{
	if (r->row_bytes == 0)
		r->began = r->line;
	r->row_bytes += n;
	if (r->row_bytes > r->max)
		return fail(r->why, EXIT_DATA, "line %" PRIu64 ": a row longer "
		    "than %zu bytes (is a quote open?)", r->began, r->max);
	if (csv_parse(&r->parser, p, n, on_field, on_end, r) != n)
		return refused(r);
	if (is_end(p[n - 1])) {
		r->line += p[n - 1] == '\r' || n > 1 || !r->after_cr;
		if (r->n == 0 && r->parser.pstate == 0)
			r->row_bytes = 0;       /* an empty line */
	}
	r->after_cr = p[n - 1] == '\r';
	return r->failed ? -1 : 0;
}

static int
take_lines(struct csv_reader *r, const char *p, size_t n)
{
	size_t k;

	while (n > 0) {
		for (k = 0; k < n && !is_end(p[k]); k++)
			continue;
		k += k < n;
		if (take(r, p, k) < 0)
			return -1;
		p += k;
		n -= k;
	}
	return 0;
}

/* Holds the first bytes back while they may be a BOM. */
static int
begin(struct csv_reader *r, const char **p, size_t *n, bool last)
{
	while (!r->started && *n > 0 && r->marked < 3 &&
	    **p == BOM[r->marked]) {
		r->mark[r->marked++] = (unsigned char)**p;
		(*p)++;
		(*n)--;
	}
	if (r->started || (r->marked < 3 && *n == 0 && !last))
		return 0;
	r->started = true;
	if (r->marked == 3)
		return 0;
	return take_lines(r, (const char *)r->mark, r->marked);
}

int
csv_reader_feed(struct csv_reader *r, const char *p, size_t n,
    struct fail *why)
{
	r->why = why;
	if (begin(r, &p, &n, false) < 0)
		return -1;
	return take_lines(r, p, n);
}

int
csv_reader_end(struct csv_reader *r, struct fail *why)
{
	const char *p = "";
	size_t n = 0;

	r->why = why;
	if (begin(r, &p, &n, true) < 0)
		return -1;
	if (csv_fini(&r->parser, on_field, on_end, r) != 0)
		return fail(why, EXIT_DATA, "line %" PRIu64
		    ": invalid CSV: a quote that is never closed", r->began);
	return r->failed ? -1 : 0;
}

void
csv_reader_close(struct csv_reader *r)
{
	if (!r)
		return;
	csv_free(&r->parser);
	free(r->cells);
	buf_free(&r->text);
	free(r);
}
