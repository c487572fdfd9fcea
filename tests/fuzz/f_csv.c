/* SPDX-License-Identifier: GPL-3.0-or-later */
/* f_csv.c -- CSV read twice, however it is cut, and written in between.
 *
 * Input: a byte that says how long the pieces are, then CSV. In pieces it
 * must give the same rows, or the same refusal, as at once; and what was
 * read, written and read again, must be what was read, in CSV of either line
 * end, with and without a mark in front.
 */
#include "out/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Cells, each with its length, so that nothing is mistaken for another. A
 * row of one empty cell is no row to some writers, but is to ours. */
static int
note(void *ctx, const struct csv_row *row, struct fail *why)
{
	size_t i;

	(void)why;
	for (i = 0; i < row->n; i++) {
		buf_addf(ctx, "%zu:", row->cell[i].n);
		buf_add(ctx, row->cell[i].p, row->cell[i].n);
	}
	buf_addf(ctx, "/%zu\n", row->n);
	return 0;
}

static int
read_all(struct buf *rows, const char *p, size_t n, size_t step,
    struct fail *why)
{
	struct csv_reader *r;
	size_t k;
	int bad = 0;

	buf_clear(rows);
	if (csv_reader_open(&r, 1 << 20, note, rows, why) < 0)
		abort();
	for (; n > 0 && !bad; p += k, n -= k) {
		k = n < step ? n : step;
		bad = csv_reader_feed(r, p, k, why);
	}
	if (!bad)
		bad = csv_reader_end(r, why);
	csv_reader_close(r);
	return bad;
}

/* Writes rows as they come. */
struct writer {
	struct buf *b;
	struct csv_style style;
};

static int
write_row(void *ctx, const struct csv_row *row, struct fail *why)
{
	struct writer *w = ctx;
	size_t i;

	(void)why;
	for (i = 0; i < row->n; i++) {
		if (i)
			buf_putc(w->b, ',');
		csv_field(w->b, row->cell[i].p ? row->cell[i].p : "",
		    row->cell[i].n, &w->style);
	}
	if (row->n == 1 && row->cell[0].n == 0)
		buf_str_add(w->b, "\"\"");
	buf_str_add(w->b, w->style.crlf ? "\r\n" : "\n");
	return 0;
}

static void
again(const char *p, size_t n, const struct buf *want, bool crlf)
{
	struct buf csv = BUF_INIT(1 << 22), rows = BUF_INIT(1 << 22);
	struct writer w = { &csv, { false, crlf, false, crlf } };
	struct csv_reader *r;
	struct fail why;

	if (crlf)
		buf_str_add(&csv, "\xef\xbb\xbf");
	if (csv_reader_open(&r, 1 << 20, write_row, &w, &why) < 0 ||
	    csv_reader_feed(r, p, n, &why) < 0 || csv_reader_end(r, &why) < 0)
		abort();
	csv_reader_close(r);
	/* a first field that begins with a mark would lose it */
	if (csv.len >= 3 && (crlf || memcmp(csv.p, "\xef\xbb\xbf", 3) != 0)) {
		if (read_all(&rows, csv.p, csv.len, csv.len, &why) < 0 ||
		    rows.len != want->len ||
		    (rows.len && memcmp(rows.p, want->p, rows.len) != 0))
			abort();
	}
	buf_free(&csv);
	buf_free(&rows);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf whole = BUF_INIT(1 << 22), parts = BUF_INIT(1 << 22);
	struct fail a, b;
	size_t step;
	char *text;
	int bad;

	if (n < 2)
		return 0;
	step = data[0] % 7 + 1;
	text = malloc(n - 1);           /* so that a step past it is seen */
	if (!text)
		abort();
	memcpy(text, data + 1, n - 1);
	bad = read_all(&whole, text, n - 1, n - 1, &a);
	if (read_all(&parts, text, n - 1, step, &b) != bad ||
	    whole.len != parts.len ||
	    (whole.len && memcmp(whole.p, parts.p, whole.len) != 0) ||
	    (bad && strcmp(a.text, b.text) != 0))
		abort();
	if (!bad) {
		again(text, n - 1, &whole, false);
		again(text, n - 1, &whole, true);
	}
	buf_free(&whole);
	buf_free(&parts);
	free(text);
	return 0;
}
