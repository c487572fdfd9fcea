/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out/text.h"

#include <sys/ioctl.h>

#include "base/num.h"
#include "out/glyph.h"
#include "out/spark.h"

#define CELL_WIDTH 60           /* columns of the longest cell */
#define CELL_LEAST 12           /* what is left of it where room is scarce */
#define BAR_WIDTH 40            /* of the longest bar */
#define BAR_LEAST 6             /* a shorter one says nothing */
#define LINE_WIDTH 78           /* of sentences */

/* Is the locale's character set UTF-8? By the first variable that counts. */
static bool
locale_is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *v = NULL;
	size_t i, n;

	for (i = 0; i < COUNT(names) && (!v || !*v); i++)
		v = getenv(names[i]);
	if (!v || !(v = strrchr(v, '.')))
		return false;
	n = strcspn(++v, "@");
	return (n == 5 && strncasecmp(v, "UTF-8", n) == 0) ||
	    (n == 4 && strncasecmp(v, "UTF8", n) == 0);
}

/* How wide a terminal is: what COLUMNS says, else itself; 0: not known. */
static size_t
columns_of(int fd)
{
	const char *text = getenv("COLUMNS");
	struct winsize size;
	int64_t n;

	if (text && num_int(text, 1, 10000, &n) == 0)
		return (size_t)n;
	return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void
text_style_for(struct text_style *style, int fd)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	bool terminal = isatty(fd);

	style->columns = terminal ? columns_of(fd) : 0;
	style->blocks = terminal && locale_is_utf8();
	style->color = terminal && !(no && *no) && term && *term &&
	    strcmp(term, "dumb") != 0;
}

/* A cell's text as it is shown, in at most so many columns; b is cleared
 * first. Returns its columns. */
static size_t
show(struct buf *b, const struct table_cell *c, bool spark, bool blocks,
    size_t most)
{
	char num[NUM_MAX];
	size_t n;

	buf_clear(b);
	if (c->type == CELL_TEXT && spark)
		return spark_line(b, c->p, c->n, blocks);
	if (c->type == CELL_TEXT)
		return glyph_fit(b, c->p, c->n, most);
	if (c->type == CELL_NULL) {
		buf_putc(b, '-');
		return 1;
	}
	n = table_human(num, c->number);
	buf_add(b, num, n);
	return n;
}

static void
spaces(struct buf *b, size_t n)
{
	while (n-- > 0)
		buf_putc(b, ' ');
}

/* ---- bars ---- */

/* The column that bars are drawn for, or SIZE_MAX; and its largest number. */
static size_t
bar_column(const struct table *t, double *most)
{
	size_t rows = table_rows(t), i, j;

	for (j = 0; j < t->ncols && t->cols[j].kind != TABLE_BAR; j++)
		continue;
	if (j == t->ncols)
		return SIZE_MAX;
	for (i = 0, *most = 0; i < rows; i++) {
		struct table_cell c = table_cell(t, i, j);

		if (c.type == CELL_NUMBER && c.number > *most)
			*most = c.number;
	}
	return j;
}

static void
put_bar(struct buf *b, double share, size_t width,
    const struct text_style *style)
{
	size_t eighths = (size_t)(share * (double)width * 8 + 0.5), i;

	if (style->color)
		buf_str_add(b, "\033[36m");
	for (i = 0; !style->blocks && i < (eighths + 4) / 8; i++)
		buf_putc(b, '#');
	for (i = 0; style->blocks && i < eighths / 8; i++)
		buf_str_add(b, "\xe2\x96\x88");
	if (style->blocks && eighths % 8) {
		buf_str_add(b, "\xe2\x96");
		buf_putc(b, (char)(0x90 - (int)(eighths % 8)));
	}
	if (style->color)
		buf_str_add(b, "\033[0m");
}

/* ---- lines ---- */

struct layout {
	const struct table *t;
	const struct text_style *style;
	size_t *width;          /* of each column */
	size_t bar;             /* the column with bars */
	size_t bar_width;       /* of the longest; 0: there is no room */
	size_t cell_width;      /* of the longest cell */
	double most;
	struct buf cell;
};

/* The columns of a line without its bar. */
static size_t
measure(struct layout *l)
{
	size_t rows = table_rows(l->t), i, j, w, all = 0;
	struct table_cell c;

	for (j = 0; j < l->t->ncols; j++) {
		c = table_name(l->t, j);
		l->width[j] = show(&l->cell, &c, false, false, l->cell_width);
		for (i = 0; i < rows; i++) {
			c = table_cell(l->t, i, j);
			w = show(&l->cell, &c, l->t->cols[j].kind ==
			    TABLE_SPARK, l->style->blocks, l->cell_width);
			if (w > l->width[j])
				l->width[j] = w;
		}
		all += l->width[j] + (j ? 2 : 0);
	}
	return all;
}

/* Makes it fit a terminal, as far as that goes: bars first, then texts. */
static void
lay_out(struct layout *l)
{
	size_t room = l->style->columns, all;

	l->cell_width = CELL_WIDTH;
	l->bar_width = BAR_WIDTH;
	all = measure(l);
	if (!room)
		return;
	while (all > room && l->cell_width > CELL_LEAST) {
		l->cell_width -= l->cell_width > CELL_LEAST + 4 ? 4 :
		    l->cell_width - CELL_LEAST;
		all = measure(l);
	}
	if (all + 2 + BAR_WIDTH > room)
		l->bar_width = room > all + 2 + BAR_LEAST ? room - all - 2 :
		    0;
}

/* One line; row SIZE_MAX is that of the names. */
static void
put_line(struct layout *l, struct buf *b, size_t row)
{
	const struct table *t = l->t;
	size_t j, w, last = t->ncols - 1;
	double bar = 0;

	for (j = 0; j < t->ncols; j++) {
		struct table_cell c = row == SIZE_MAX ? table_name(t, j) :
		    table_cell(t, row, j);
		bool spark = t->cols[j].kind == TABLE_SPARK;
		bool left = spark || t->cols[j].kind == TABLE_TEXT;

		if (j)
			spaces(b, 2);
		w = show(&l->cell, &c, spark && row != SIZE_MAX,
		    l->style->blocks, l->cell_width);
		if (!left)
			spaces(b, l->width[j] - w);
		if (spark && row != SIZE_MAX && l->style->color)
			buf_str_add(b, "\033[36m");
		buf_add(b, l->cell.p, l->cell.len);
		if (spark && row != SIZE_MAX && l->style->color)
			buf_str_add(b, "\033[0m");
		if (left && j < last)
			spaces(b, l->width[j] - w);
		if (j == l->bar && c.type == CELL_NUMBER)
			bar = c.number / l->most;
	}
	if (bar > 0 && l->bar_width) {
		spaces(b, 2);
		put_bar(b, bar, l->bar_width, l->style);
	}
	buf_putc(b, '\n');
}

static void
put_rule(const struct layout *l, struct buf *b)
{
	size_t j, k;

	for (j = 0; j < l->t->ncols; j++) {
		if (j)
			spaces(b, 2);
		for (k = 0; k < l->width[j]; k++)
			buf_str_add(b, l->style->blocks ? "\xe2\x94\x80" :
			    "-");
	}
	buf_putc(b, '\n');
}

void
text_table(struct buf *b, const struct table *t,
    const struct text_style *style)
{
	struct layout l = { .t = t, .style = style,
	    .cell = BUF_INIT(BUF_LINE) };
	size_t i;

	if (t->ncols == 0)
		return;
	l.width = calloc(t->ncols, sizeof *l.width);
	if (!l.width) {
		b->err = ENOMEM;
		return;
	}
	lay_out(&l);
	l.bar = bar_column(t, &l.most);
	if (t->title) {
		glyph_line(b, t->title, strlen(t->title));
		buf_str_add(b, "\n\n");
	}
	if (style->color)
		buf_str_add(b, "\033[1m");
	put_line(&l, b, SIZE_MAX);
	if (style->color)
		buf_str_add(b, "\033[0m");
	put_rule(&l, b);
	for (i = 0; i < table_rows(t); i++)
		put_line(&l, b, i);
	free(l.width);
	buf_free(&l.cell);
}

/* ---- sentences ---- */

void
text_lead(struct buf *b, const char *text, const struct text_style *style)
{
	struct buf line = BUF_INIT(BUF_DOC);
	size_t at, end, w, column = 0, most = LINE_WIDTH;

	if (style->columns && style->columns < most)
		most = style->columns;

	glyph_line(&line, text, strlen(text));
	for (at = 0; at < line.len; at = end) {
		while (at < line.len && line.p[at] == ' ')
			at++;
		for (end = at; end < line.len && line.p[end] != ' '; end++)
			continue;
		w = glyph_width(line.p + at, end - at);
		if (column > 0 && column + 1 + w > most) {
			buf_putc(b, '\n');
			column = 0;
		} else if (column > 0 && end > at) {
			buf_putc(b, ' ');
			column++;
		}
		buf_add(b, line.p + at, end - at);
		column += w;
	}
	buf_str_add(b, "\n\n");
	if (line.err)
		b->err = line.err;
	buf_free(&line);
}

/* ---- Markdown ---- */

/* Text inside a table of Markdown. '_' means something only at the edge of a
 * word, so that card_arrival stays readable. */
static void
put_markdown(struct buf *b, const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		bool edge = i == 0 || i + 1 == n ||
		    !isalnum((unsigned char)p[i - 1]) ||
		    !isalnum((unsigned char)p[i + 1]);

		if (p[i] == '&')
			buf_str_add(b, "&amp;");
		else if (p[i] == '<')
			buf_str_add(b, "&lt;");
		else if (p[i] == '>')
			buf_str_add(b, "&gt;");
		else if (strchr("\\`*[]|~!#$", p[i]) ||
		    (p[i] == '_' && edge)) {
			buf_putc(b, '\\');
			buf_putc(b, p[i]);
		} else {
			buf_putc(b, p[i]);
		}
	}
}

static void
put_markdown_cell(struct buf *b, const struct table_cell *c, bool spark)
{
	struct buf line = BUF_INIT(BUF_DOC);
	char num[NUM_MAX];

	if (c->type == CELL_NUMBER) {
		buf_add(b, num, table_human(num, c->number));
	} else if (c->type == CELL_TEXT && spark) {
		spark_line(b, c->p, c->n, true);
	} else if (c->type == CELL_TEXT) {
		glyph_line(&line, c->p, c->n);
		put_markdown(b, line.p, line.len);
		if (line.err)
			b->err = line.err;
		buf_free(&line);
	}
}

void
text_markdown(struct buf *b, const struct table *t)
{
	size_t rows = table_rows(t), i, j;
	struct table_cell c;

	if (t->title) {
		buf_str_add(b, "## ");
		put_markdown(b, t->title, strlen(t->title));
		buf_str_add(b, "\n\n");
	}
	for (j = 0; j < t->ncols; j++) {
		c = table_name(t, j);
		buf_str_add(b, "| ");
		put_markdown_cell(b, &c, false);
		buf_putc(b, ' ');
	}
	buf_str_add(b, "|\n");
	for (j = 0; j < t->ncols; j++)
		buf_str_add(b, t->cols[j].kind == TABLE_TEXT ||
		    t->cols[j].kind == TABLE_SPARK ? "| --- " :
		    "| ---: ");
	buf_str_add(b, "|\n");
	for (i = 0; i < rows; i++) {
		for (j = 0; j < t->ncols; j++) {
			c = table_cell(t, i, j);
			buf_str_add(b, "| ");
			put_markdown_cell(b, &c, t->cols[j].kind ==
			    TABLE_SPARK);
			buf_putc(b, ' ');
		}
		buf_str_add(b, "|\n");
	}
}

/* What at the beginning of a line would be a list, a heading or code. */
static size_t
put_beginning(struct buf *b, const char *p, size_t n)
{
	size_t digits = 0;

	if (n > 0 && *p == ' ') {
		buf_str_add(b, "&#32;");
		return 1;
	}
	while (digits < n && isdigit((unsigned char)p[digits]))
		digits++;
	if (n > 0 && strchr("-+=", *p)) {
		buf_putc(b, '\\');
		buf_putc(b, *p);
		return 1;
	}
	if (digits > 0 && digits < n && strchr(".)", p[digits])) {
		buf_add(b, p, digits);
		buf_putc(b, '\\');
		buf_putc(b, p[digits]);
		return digits + 1;
	}
	return 0;
}

void
text_markdown_lead(struct buf *b, const char *text)
{
	struct buf line = BUF_INIT(BUF_DOC);
	size_t n;

	glyph_line(&line, text, strlen(text));
	n = put_beginning(b, buf_str(&line), line.len);
	put_markdown(b, line.p + n, line.len - n);
	buf_str_add(b, "\n\n");
	if (line.err)
		b->err = line.err;
	buf_free(&line);
}
