/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The matrix in other shapes than the document's: a record a cell (--long),
 * a table for spreadsheets (--csv).
 */
#include "tool.h"
#include "json/write.h"
#include "out/csv.h"

static void
count(struct buf *b, const char *name, uint64_t n)
{
	json_key(b, name);
	json_uint(b, n);
}

/* A cell of records without an answer: its prediction is null, or the
 * fallback's label. */
static void
long_silent(const struct figures *f, uint32_t at, const char *fallback,
    uint64_t n, struct emit *emit)
{
	const struct map_key *k = f->silent.keys.keys + at;
	struct buf *b = &emit->out;

	if (n == 0)
		return;
	buf_putc(b, '{');
	json_key(b, "actual");
	key_write(b, k->p, k->len);
	json_key(b, "predicted");
	if (fallback)
		json_cstr(b, fallback);
	else
		buf_str_add(b, "null");
	count(b, "n", n);
	buf_str_add(b, ",\"share\":null,\"lift\":null,\"examples\":[]}");
	filter_line(emit);
}

static int
long_silence(const struct figures *f, const struct settings *s,
    struct emit *emit, struct fail *why)
{
	const struct silence *x;
	uint32_t i;
	size_t j;

	for (i = 0; i < f->nsilence; i++) {
		x = f->silence + f->silent_order[i];
		long_silent(f, f->silent_order[i], NULL, x->none, emit);
		for (j = 0; j < s->fallbacks->n; j++)
			long_silent(f, f->silent_order[i], s->fallbacks->v[j],
			    x->fallback[j], emit);
		if (filter_drain(emit, why) < 0)
			return -1;
	}
	return 0;
}

int
cells_long(const struct figures *f, const struct gather *g,
    const struct settings *s, struct emit *emit, struct fail *why)
{
	struct buf *b = &emit->out;
	const struct cell *x;
	size_t i;

	for (i = 0; i < f->ncells; i++) {
		x = f->cells + i;
		if (x->n == 0)
			continue;
		buf_putc(b, '{');
		json_key(b, "actual");
		figures_label(b, f, x->actual);
		json_key(b, "predicted");
		figures_label(b, f, x->predicted);
		count(b, "n", x->n);
		json_key(b, "share");
		json_num(b, figures_share(f, x));
		json_key(b, "lift");
		json_num(b, figures_lift(f, x));
		figures_examples(b, g, f->from[i]);
		buf_putc(b, '}');
		filter_line(emit);
		if (filter_drain(emit, why) < 0)
			return -1;
	}
	return long_silence(f, s, emit, why);
}

/* ---- CSV ---- */

static void
csv_text(struct buf *b, const char *p, size_t n, const struct settings *s)
{
	struct csv_style style = { false, false, s->excel_safe, false };

	csv_field(b, p, n, &style);
}

static bool
is_label(const struct figures *f, const struct buf *name)
{
	const struct map_key *k;
	uint32_t i;

	for (i = 0; i < f->c.k; i++) {
		k = f->labels.keys.keys + f->order[i];
		if (k->len - 1 == name->len &&
		    memcmp(k->p + 1, name->p, name->len) == 0)
			return true;
	}
	return false;
}

/* Is it among some names, each with its NUL? */
static bool
is_taken(const struct buf *names, const struct buf *name)
{
	size_t at, n;

	for (at = 0; at < names->len; at += n + 1) {
		n = strlen(names->p + at);
		if (n == name->len && memcmp(names->p + at, name->p, n) == 0)
			return true;
	}
	return false;
}

/* The name of a column that is no label's: in parentheses, of which it has as
 * many as tell it from all labels and from its own kind. */
static void
csv_own(struct buf *b, const struct figures *f, const struct settings *s,
    const char *word, struct buf *own)
{
	struct buf name = BUF_INIT(BUF_DOC), more = BUF_INIT(BUF_DOC);

	buf_str_add(&name, word);
	while (!name.err && (is_label(f, &name) || is_taken(own, &name))) {
		buf_clear(&more);
		buf_addf(&more, "(%s)", buf_str(&name));
		buf_clear(&name);
		buf_add(&name, more.p, more.len);
		name.err |= more.err;
	}
	csv_text(b, buf_str(&name), name.len, s);
	buf_add(own, buf_str(&name), name.len + 1);
	if (name.err || own->err)
		b->err = ENOMEM;
	buf_free(&name);
	buf_free(&more);
}

static void
csv_head(struct buf *b, const struct figures *f, const struct settings *s)
{
	struct buf own = BUF_INIT(BUF_DOC);
	const struct map_key *k;
	uint32_t j;
	size_t i;

	csv_own(b, f, s, "actual", &own);
	for (j = 0; j < f->c.k; j++) {
		k = f->labels.keys.keys + f->order[j];
		buf_putc(b, ',');
		csv_text(b, k->p + 1, k->len - 1, s);
	}
	if (f->all.none) {
		buf_putc(b, ',');
		csv_own(b, f, s, "(none)", &own);
	}
	for (i = 0; i < s->fallbacks->n; i++) {
		buf_putc(b, ',');
		csv_own(b, f, s, s->fallbacks->v[i], &own);
	}
	buf_free(&own);
}

/* The columns of those without an answer; x NULL: there are none. */
static void
csv_silence(struct buf *b, const struct figures *f, const struct silence *x,
    const struct settings *s)
{
	size_t i;

	if (f->all.none) {
		buf_putc(b, ',');
		json_uint(b, x ? x->none : 0);
	}
	for (i = 0; i < s->fallbacks->n; i++) {
		buf_putc(b, ',');
		json_uint(b, x ? x->fallback[i] : 0);
	}
}

/* Which of two sorted lists has the next row: labels, silent labels (more
 * than 0), or both (0)? */
static int
which(const struct figures *f, uint32_t i, uint32_t j)
{
	const struct map_key *k, *l;

	if (i == f->c.k || j == f->nsilence)
		return i == f->c.k ? 1 : -1;
	k = f->labels.keys.keys + f->order[i];
	l = f->silent.keys.keys + f->silent_order[j];
	return key_cmp(k->p, k->len, l->p, l->len);
}

/* One row an actual label, one column a predicted one; then those without an
 * answer. A label that got none at all has its row. */
int
cells_csv(const struct figures *f, const struct settings *s,
    struct emit *emit, struct fail *why)
{
	const struct cell *x = f->cells, *end = x + f->ncells;
	const struct map_key *k;
	const struct silence *silent;
	struct buf *b = &emit->out;
	uint32_t i = 0, j = 0, col;
	int c;

	csv_head(b, f, s);
	filter_line(emit);
	while (i < f->c.k || j < f->nsilence) {
		c = which(f, i, j);
		k = c <= 0 ? f->labels.keys.keys + f->order[i] :
		    f->silent.keys.keys + f->silent_order[j];
		silent = c >= 0 ? f->silence + f->silent_order[j] : NULL;
		csv_text(b, k->p + 1, k->len - 1, s);
		for (col = 0; col < f->c.k; col++) {
			buf_putc(b, ',');
			json_uint(b, c <= 0 && x < end && x->actual == i &&
			    x->predicted == col ? x++->n : 0);
		}
		csv_silence(b, f, silent, s);
		i += c <= 0;
		j += c >= 0;
		filter_line(emit);
		if (filter_drain(emit, why) < 0)
			return -1;
	}
	return 0;
}
