/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out/sheet.h"
#include "out/glyph.h"

#include <xlsxwriter.h>

#define ROWS_MOST 1048575       /* below the names */
#define COLUMNS_MOST 16384
#define TEXT_MOST 32767         /* characters in a cell; kept in bytes */
#define WIDTH_MOST 60

/* The file in a folder of its own, as libxlsxwriter wants a name. */
struct place {
	char dir[4096];
	char file[4096 + 16];
};

static int
place_open(struct place *p, struct fail *why)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(p->dir, sizeof p->dir, "%s/gc-sheet.XXXXXX",
	    tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(p->dir))
		return fail_errno(why, "cannot create %s", p->dir);
	snprintf(p->file, sizeof p->file, "%s/t.xlsx", p->dir);
	return 0;
}

static void
place_close(const struct place *p)
{
	unlink(p->file);
	rmdir(p->dir);
}

/* A cell's text as the format can hold it; line ends stay. */
static const char *
fit_text(struct buf *b, const struct table_cell *c)
{
	const char *p = c->p, *end = c->p + c->n, *stop;
	size_t taken = 0;

	buf_clear(b);
	while (p < end && taken < TEXT_MOST - 1) {
		stop = memchr(p, '\n', (size_t)(end - p));
		if (!stop)
			stop = end;
		/* cut between characters */
		if ((size_t)(stop - p) > TEXT_MOST - 1 - taken) {
			stop = p + (TEXT_MOST - 1 - taken);
			while (stop > p && (*stop & 0xc0) == 0x80)
				stop--;
			end = stop;
		}
		glyph_line(b, p, (size_t)(stop - p));
		taken += (size_t)(stop - p) + 1;
		p = stop;
		if (p < end) {
			buf_putc(b, '\n');
			p++;
		}
	}
	return buf_str(b);
}

static int
put_cell(lxw_worksheet *sheet, size_t row, size_t col,
    const struct table_cell *c, lxw_format *format, struct buf *text)
{
	lxw_row_t r = (lxw_row_t)row;
	lxw_col_t k = (lxw_col_t)col;

	if (c->type == CELL_NUMBER)
		return worksheet_write_number(sheet, r, k, c->number, format);
	if (c->type == CELL_TEXT && c->n)
		return worksheet_write_string(sheet, r, k, fit_text(text, c),
		    format);
	return LXW_NO_ERROR;
}

static size_t
column_width(const struct table *t, size_t col)
{
	struct table_cell c = table_name(t, col);
	size_t rows = table_rows(t), most = glyph_width(c.p, c.n) + 3, i, w;

	for (i = 0; i < rows && i < 1000; i++) {
		c = table_cell(t, i, col);
		w = c.type == CELL_TEXT ? glyph_width(c.p, c.n) + 2 : 0;
		if (w > most)
			most = w;
	}
	return most < 8 ? 8 : most < WIDTH_MOST ? most : WIDTH_MOST;
}

/* A name as a sheet may have one: short, without []:*?/\ and apostrophes, and
 * unlike the others. */
static void
sheet_name(char out[32], const char *title, size_t number)
{
	size_t i, n = 0;

	for (i = 0; title && title[i] && n < 24; i++)
		if (isalnum((unsigned char)title[i]) || title[i] == ' ')
			out[n++] = title[i];
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	if (n == 0 || number)
		snprintf(out + n, 32 - n, "%s%zu", n ? " " : "Sheet",
		    number + 1);
}

static int
fill(lxw_workbook *book, const struct table *t, size_t number,
    lxw_format *bold)
{
	struct buf text = BUF_INIT(BUF_RECORD);
	size_t rows = table_rows(t), i, j;
	lxw_worksheet *sheet;
	char name[32];
	int bad;

	sheet_name(name, t->title, number);
	sheet = workbook_add_worksheet(book, name);
	bad = !sheet;
	for (j = 0; j < t->ncols && !bad; j++) {
		struct table_cell c = table_name(t, j);

		worksheet_set_column(sheet, (lxw_col_t)j, (lxw_col_t)j,
		    (double)column_width(t, j), NULL);
		bad = put_cell(sheet, 0, j, &c, bold, &text);
	}
	for (i = 0; i < rows && !bad; i++) {
		for (j = 0; j < t->ncols && !bad; j++) {
			struct table_cell c = table_cell(t, i, j);

			bad = put_cell(sheet, i + 1, j, &c, NULL, &text);
		}
	}
	if (!bad && t->ncols) {
		worksheet_freeze_panes(sheet, 1, 0);
		worksheet_autofilter(sheet, 0, 0, (lxw_row_t)rows,
		    (lxw_col_t)(t->ncols - 1));
	}
	bad = bad || text.err;
	buf_free(&text);
	return bad;
}

static int
fill_book(lxw_workbook *book, const struct table *t, size_t n,
    const struct sheet_about *about)
{
	lxw_format *bold = workbook_add_format(book);
	struct buf title = BUF_INIT(BUF_LINE), comments = BUF_INIT(BUF_LINE);
	lxw_doc_properties p;
	size_t i;
	int bad = !bold;

	memset(&p, 0, sizeof p);
	p.created = (time_t)(about->created / 1000);
	glyph_fit(&title, about->title ? about->title : "",
	    about->title ? strlen(about->title) : 0, 120);
	glyph_fit(&comments, about->comments ? about->comments : "",
	    about->comments ? strlen(about->comments) : 0, 250);
	if (*buf_str(&title))
		p.title = title.p;
	if (*buf_str(&comments))
		p.comments = comments.p;
	bad = bad || workbook_set_properties(book, &p);
	if (!bad)
		format_set_bold(bold);
	for (i = 0; i < n && !bad; i++)
		bad = fill(book, &t[i], i, bold);
	buf_free(&title);
	buf_free(&comments);
	return bad;
}

static int
read_back(struct buf *b, const struct place *place, struct fail *why)
{
	int fd = open(place->file, O_RDONLY | O_CLOEXEC), r;

	if (fd < 0)
		return fail_errno(why, "cannot read %s", place->file);
	r = buf_read_fd(b, fd);
	if (r < 0)
		fail_errno(why, "cannot read %s", place->file);
	close(fd);
	return r;
}

int
sheet_book(struct buf *b, const struct table *t, size_t n,
    const struct sheet_about *about, struct fail *why)
{
	struct place place;
	lxw_workbook *book;
	lxw_error e;
	size_t i;
	int bad;

	for (i = 0; i < n; i++)
		if (table_rows(&t[i]) > ROWS_MOST || t[i].ncols > COLUMNS_MOST)
			return fail(why, EXIT_DATA, "%zu rows of %zu columns "
			    "are more than a spreadsheet holds",
			    table_rows(&t[i]), t[i].ncols);
	if (place_open(&place, why) < 0)
		return -1;
	book = workbook_new(place.file);
	if (!book) {
		place_close(&place);
		return fail(why, EXIT_MACHINE, "out of memory");
	}
	bad = fill_book(book, t, n, about);
	e = workbook_close(book);
	if (bad || e)
		bad = fail(why, EXIT_MACHINE, "cannot write a spreadsheet: %s",
		    e ? lxw_strerror(e) : "out of memory");
	else
		bad = read_back(b, &place, why);
	place_close(&place);
	return bad;
}
