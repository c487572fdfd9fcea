/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "input.h"

#include "base/stop.h"
#include "json/block.h"
#include "json/envelope.h"
#include "json/lines.h"
#include "json/write.h"
#include "out/csv.h"

/* ---- NDJSON ---- */

static void
spoil(struct contact *c, const char *rule, size_t column, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

static void
spoil(struct contact *c, const char *rule, size_t column, const char *fmt, ...)
{
	va_list ap;

	c->rule = rule;
	c->column = column;
	va_start(ap, fmt);
	vsnprintf(c->error, sizeof c->error, fmt, ap);
	va_end(ap);
}

static void
spoil_json(struct contact *c, const struct json_err *err)
{
	char say[80];
	const char *rule = json_err_say(err, c->rec.line, say, sizeof say);

	spoil(c, rule, err->offset + 1, "%s", say);
}

static void
spoil_long(struct contact *c, uint64_t length, uint64_t offset, uint64_t max)
{
	c->offset = offset;
	c->length = length;
	c->rec.line = NULL;
	spoil(c, "too-long", 0, "record of %" PRIu64 " bytes is longer than "
	    "--max-record %" PRIu64, length, max);
}

/* --retry: what the envelope holds takes its line's place. */
static void
unwrap(struct contact *c, struct buf *record, struct buf *names, uint64_t max)
{
	struct envelope e;
	struct json_err err;
	struct fail why;

	if (envelope_read(c->rec.val, record, names, &e, &why) < 0) {
		spoil(c, "not-an-envelope", 0, "%.180s", why.text);
		c->is_json = true;
		return;
	}
	if (*e.file)
		c->rec.file = e.file;
	if (e.line)
		c->rec.number = e.line;
	c->rec.attempt = e.attempt;
	c->rec.line = e.p;
	c->rec.len = e.n;
	c->rec.members.v = NULL;
	if (!e.p || e.n > max)
		spoil_long(c, e.p ? e.n : e.length, e.offset, max);
	else if (json_check(e.p, e.n, &c->rec.val, &err) < 0)
		spoil_json(c, &err);
	else
		envelope_flatten(record);
}

struct ndjson {
	struct input *in;
	struct json_block *block;
	struct buf record, names;
	size_t line_max;
};

static int
one_line(struct ndjson *j, struct contact *c, enum json_block_kind kind,
    const struct json_line *line, uint64_t offset, struct fail *why)
{
	c->rule = NULL;
	c->column = 0;
	c->is_json = false;
	c->rec.attempt = 0;
	c->rec.line = line->p;
	c->rec.len = line->n;
	c->rec.val = line->val;
	c->rec.members = line->members;
	if (line->n > j->line_max)
		spoil_long(c, line->n, offset, j->in->max_record);
	else if (kind == BLOCK_BAD)
		spoil_json(c, &line->err);
	else if (j->in->retry)
		unwrap(c, &j->record, &j->names, j->in->max_record);
	return j->in->take(j->in->ctx, c, why);
}

static int
one_run(struct ndjson *j, const struct run *run, struct fail *why)
{
	enum json_block_kind kind;
	struct json_line line;
	struct contact c;
	uint64_t number = run->first;
	int r = 0;

	memset(&c, 0, sizeof c);
	c.rec.file = run->file;
	if (run->too_long) {
		c.rec.number = number;
		spoil_long(&c, run->too_long, run->offset, j->in->max_record);
		return j->in->take(j->in->ctx, &c, why);
	}
	json_block_set(j->block, run->p, run->n);
	while (r == 0 && (kind = json_block_next(j->block, &line)) !=
	    BLOCK_END) {
		c.rec.file = run->file;
		c.rec.number = number++;
		if (kind == BLOCK_BLANK && line.n <= j->line_max)
			j->in->blank++;
		else
			r = one_line(j, &c, kind, &line, run->offset +
			    (uint64_t)(line.p - run->p), why);
	}
	return r;
}

static int
each_line(struct input *in, char **files, int nfiles, struct fail *why)
{
	struct ndjson j = { in, NULL, BUF_INIT(BUF_DOC), BUF_INIT(BUF_LINE),
	    in->retry ? envelope_max(in->max_record) : (size_t)in->max_record };
	struct lines lines;
	struct run run;
	int k = 1, r;

	memset(&run, 0, sizeof run);
	memset(&lines, 0, sizeof lines);
	lines.fd = -1;
	r = lines_open(&lines, files, nfiles, j.line_max, why);
	if (r == 0)
		r = json_block_open(&j.block, why);
	while (r == 0 && k > 0) {
		if (stop_asked())
			r = fail(why, EXIT_MACHINE, "interrupted");
		else if (lines_waits(&lines))
			r = in->idle(in->ctx, why);
		if (r == 0 && (k = lines_next(&lines, &run, why)) < 0)
			r = -1;
		if (r == 0 && k > 0 && (run.n || run.too_long))
			r = one_run(&j, &run, why);
	}
	in->bytes = lines.bytes;
	lines_close(&lines);
	json_block_close(j.block);
	free(run.p);
	buf_free(&j.record);
	buf_free(&j.names);
	return r;
}

/* ---- CSV ---- */

const char *
input_truth(const char *p, size_t n)
{
	static const char *const words[] = { "true", "True", "TRUE", "false",
		"False", "FALSE" };
	size_t i;

	for (i = 0; i < COUNT(words); i++)
		if (strlen(words[i]) == n && memcmp(p, words[i], n) == 0)
			return words[i / 3 * 3];
	return NULL;
}

#define COLUMN_ID (-1)
#define COLUMNS (FEATURES_MAX + 1)

struct table_of {
	struct input *in;
	const char *file;
	int column[COLUMNS];    /* the feature's number, or COLUMN_ID */
	size_t ncolumns;        /* 0: the first line is still to come */
	struct map names;       /* of the columns */
	struct buf record;
};

static bool
is_same(const struct csv_cell *cell, const char *s)
{
	return cell->p && strlen(s) == cell->n && memcmp(cell->p, s,
	    cell->n) == 0;
}

static int
bad_column(const struct table_of *t, const struct csv_row *row, size_t i,
    const char *what, struct fail *why)
{
	return fail(why, EXIT_DATA, "%s:%" PRIu64 ": column '%.*s' %s",
	    t->file, row->line, (int)row->cell[i].n, row->cell[i].p ?
	    row->cell[i].p : "", what);
}

/* The feature that a column holds; COLUMN_ID where it holds none. */
static int
feature_of(const struct table_of *t, const char *name, size_t n, size_t column)
{
	uint32_t f;

	if (!t->in->features)
		return (int)column;
	f = map_find(&t->in->features->names, name, n);
	return f == MAP_NONE ? COLUMN_ID : (int)f;
}

static int
read_names(struct table_of *t, const struct csv_row *row, struct fail *why)
{
	bool id = false, fresh;
	const char *name;
	size_t i, n;

	if (row->n > COLUMNS)
		return fail(why, EXIT_DATA, "%s:%" PRIu64 ": more than %d "
		    "columns", t->file, row->line, COLUMNS);
	for (i = 0; i < row->n; i++) {
		name = row->cell[i].p ? row->cell[i].p : "";
		n = row->cell[i].n;
		t->column[i] = is_same(&row->cell[i], "contactId") ?
		    COLUMN_ID : feature_of(t, name, n, i);
		if (t->column[i] != COLUMN_ID)
			;
		else if (is_same(&row->cell[i], "contactId"))
			id = true;
		else
			return bad_column(t, row, i,
			    "is neither contactId nor a feature", why);
		if (map_add(&t->names, name, n, &fresh) == MAP_NONE)
			return fail(why, EXIT_MACHINE, "out of memory");
		if (!fresh)
			return bad_column(t, row, i, "stands there twice",
			    why);
	}
	if (!id)
		return fail(why, EXIT_DATA, "%s:%" PRIu64 ": there is no "
		    "column contactId", t->file, row->line);
	t->ncolumns = row->n;
	return 0;
}

static bool
is_number(const struct csv_cell *cell)
{
	struct json_val v;

	return json_check(cell->p, cell->n, &v, NULL) == 0 &&
	    v.n == cell->n && json_type(v) == JSON_NUMBER;
}

/* x NULL: nothing is known of the feature. */
static void
add_cell(struct buf *b, const struct csv_cell *cell, const struct feature *x)
{
	if (!cell->n)           /* quotes or not: RFC 4180 has one empty cell */
		buf_str_add(b, "null");
	else if (!x)
		json_str(b, cell->p, cell->n);
	else if (x->type <= FEATURE_INTEGER && is_number(cell))
		buf_add(b, cell->p, cell->n);
	else if (x->type == FEATURE_BOOLEAN && input_truth(cell->p, cell->n))
		buf_str_add(b, input_truth(cell->p, cell->n));
	else
		json_str(b, cell->p, cell->n);
}

/* The row as a record. */
static void
build(struct table_of *t, const struct csv_row *row)
{
	struct buf *b = &t->record;
	size_t i;

	buf_clear(b);
	buf_str_add(b, "{\"contactId\":");
	for (i = 0; i < t->ncolumns && i < row->n; i++)
		if (t->column[i] == COLUMN_ID)
			json_str(b, row->cell[i].p ? row->cell[i].p : "",
			    row->cell[i].n);
	buf_str_add(b, b->p[b->len - 1] == ':' ? "null,\"features\":{" :
	    ",\"features\":{");
	for (i = 0; i < t->ncolumns && i < row->n; i++)
		if (t->column[i] != COLUMN_ID) {
			struct feature *x = t->in->features ?
			    &t->in->features->v[t->column[i]] : NULL;

			json_sep(b);
			json_str(b, t->names.keys[i].p, t->names.keys[i].len);
			buf_putc(b, ':');
			add_cell(b, &row->cell[i], x);
		}
	buf_str_add(b, "}}");
}

/* A row that JSON cannot hold, byte for byte, as the CSV that it is. */
static void
keep_row(struct table_of *t, const struct csv_row *row, struct contact *c)
{
	static const struct csv_style style;
	struct buf *b = &t->record;
	size_t i;

	buf_clear(b);
	for (i = 0; i < row->n; i++) {
		if (i)
			buf_putc(b, ',');
		csv_field(b, row->cell[i].p ? row->cell[i].p : "",
		    row->cell[i].n, &style);
	}
	c->rec.line = b->p;
	c->rec.len = b->len;
	c->is_json = false;
}

static int
on_row(void *ctx, const struct csv_row *row, struct fail *why)
{
	struct table_of *t = ctx;
	struct contact c;
	struct json_err err;
	size_t i;

	if (t->ncolumns == 0)
		return read_names(t, row, why);
	memset(&c, 0, sizeof c);
	build(t, row);
	if (t->record.err)
		return fail(why, EXIT_MACHINE, "out of memory");
	c.rec.file = t->file;
	c.rec.number = row->line;
	c.rec.line = t->record.p;
	c.rec.len = t->record.len;
	c.is_json = true;
	if (json_check(c.rec.line, c.rec.len, &c.rec.val, &err) < 0) {
		c.is_json = false;
		spoil_json(&c, &err);
	}
	if (row->n != t->ncolumns)
		spoil(&c, "cells", 0, "%zu cells in a table of %zu columns",
		    row->n, t->ncolumns);
	for (i = 0; i < row->n; i++)
		if (row->cell[i].p && json_utf8(row->cell[i].p,
		    row->cell[i].n) < row->cell[i].n) {
			spoil(&c, "invalid-utf8", 0, "cell %zu is no UTF-8",
			    i + 1);
			keep_row(t, row, &c);
			break;
		}
	return t->in->take(t->in->ctx, &c, why);
}

static int
read_table(struct table_of *t, int fd, struct fail *why)
{
	struct csv_reader *r;
	char piece[65536];
	struct fail own;
	ssize_t n;
	int k = 0;

	own.code = 0;
	if (csv_reader_open(&r, (size_t)t->in->max_record, on_row, t,
	    why) < 0)
		return -1;
	while (k == 0 && ((n = read(fd, piece, sizeof piece)) > 0 ||
	    (n < 0 && errno == EINTR))) {
		if (stop_asked())
			k = fail(why, EXIT_MACHINE, "interrupted");
		else if (n > 0)
			k = csv_reader_feed(r, piece, (size_t)n, why);
		t->in->bytes += n > 0 ? (uint64_t)n : 0;
	}
	if (k == 0 && n < 0)
		k = fail_errno(why, "cannot read %s", t->file);
	if (k == 0)
		k = csv_reader_end(r, why);
	if (k < 0 && strncmp(why->text, "line ", 5) == 0) {
		own = *why;     /* the reader's own words: name the file */
		fail(why, own.code, "%s:%.480s", t->file, own.text + 5);
	}
	csv_reader_close(r);
	return k;
}

static int
each_row(struct input *in, char **files, int nfiles, struct fail *why)
{
	static const char *const plain[] = { "-" };
	struct table_of t;
	struct buf b = BUF_INIT(BUF_RECORD);
	struct map none = MAP_INIT;
	struct lines look;
	int i, fd, r;

	/* every file is there, or nothing is done: see lines_open() */
	if ((r = lines_open(&look, files, nfiles, 1, why)) == 0)
		lines_close(&look);
	for (i = 0; r == 0 && i < (nfiles ? nfiles : 1); i++) {
		const char *name = nfiles ? files[i] : plain[0];
		bool standard = strcmp(name, "-") == 0;

		memset(&t, 0, sizeof t);
		t.in = in;
		t.names = none;
		t.file = standard ? "stdin" : name;
		t.record = b;
		fd = standard ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
		if (fd < 0) {
			r = fail_errno(why, "cannot open %s", name);
			why->code = EXIT_USAGE;
			break;
		}
		r = read_table(&t, fd, why);
		if (!standard)
			close(fd);
		buf_free(&t.record);
		map_free(&t.names);
	}
	return r;
}

int
input_each(struct input *in, char **files, int nfiles, struct fail *why)
{
	return in->csv ? each_row(in, files, nfiles, why) :
	    each_line(in, files, nfiles, why);
}
