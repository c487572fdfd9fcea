/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/batch.h"
#include "base/msg.h"
#include "json/envelope.h"

/* How far a batch had come behind a reject. */
struct mark {
	size_t out, rejects;
	uint64_t emitted;
	struct ledger n;
};

void
batch_init(struct batch *b)
{
	memset(b, 0, sizeof *b);
	b->emit.out.max = b->rejects.max = b->marks.max = BUF_DOC * 4;
}

void
batch_clear(struct batch *b)
{
	static const struct ledger none;

	buf_clear(&b->emit.out);
	buf_clear(&b->rejects);
	buf_clear(&b->marks);
	b->emit.n = b->emit.retried = 0;
	b->n = none;
	b->bad.code = 0;
}

void
batch_free(struct batch *b)
{
	free(b->run.p);
	buf_free(&b->emit.out);
	buf_free(&b->rejects);
	buf_free(&b->marks);
}

/* ---- one line ---- */

/* Ends the batch with a message that names the place. */
static int
end_batch(struct batch *b, const struct record *rec, size_t column, int code,
    const char *text)
{
	char where[32] = "";

	if (column)
		snprintf(where, sizeof where, "%zu:", column);
	fail(&b->bad, code, "%s:%" PRIu64 ":%s %s", rec->file, rec->number,
	    where, text);
	return -1;
}

static int
mark(struct batch *b)
{
	struct mark m = { b->emit.out.len, b->rejects.len, b->emit.n, b->n };

	return buf_add(&b->marks, &m, sizeof m);
}

static int
reject(const struct batch_rules *r, struct batch *b,
    const struct record *rec, const char *rule, const char *error,
    size_t column, bool retryable, bool is_json)
{
	struct envelope e;

	b->n.rejected++;
	if (!r->f->opts->reject)
		return end_batch(b, rec, column, EXIT_DATA, error);
	memset(&e, 0, sizeof e);
	e.tool = msg_program();
	e.file = rec->file;
	e.line = rec->number;
	e.column = column;
	e.rule = rule;
	e.error = error;
	e.retryable = retryable;
	e.attempt = rec->attempt + 1;
	e.p = rec->line;
	e.n = rec->len;
	e.is_json = is_json;
	if (rule == b->emit.rule) {     /* the program's own */
		e.status = b->emit.status;
		e.correlation = b->emit.correlation;
	}
	if (is_json) {
		e.p = rec->val.p;
		e.n = rec->val.n;
	}
	if (!rec->line) {
		e.offset = b->long_at;
		e.length = b->long_n;
	}
	envelope_write(&b->rejects, &e);
	if (b->rejects.err || (r->marks && mark(b) < 0))
		return end_batch(b, rec, 0, EXIT_MACHINE, "out of memory");
	return 0;
}

/* A line that is no value: what it lacks, and where. */
static int
reject_line(const struct batch_rules *r, struct batch *b,
    const struct record *rec, const struct json_err *err)
{
	char text[160];
	const char *rule = json_err_say(err, rec->line, text, sizeof text);

	return reject(r, b, rec, rule, text, err->offset + 1, false, false);
}

static int
too_long(const struct batch_rules *r, struct batch *b, struct record *rec,
    uint64_t length, uint64_t offset)
{
	char text[96];

	snprintf(text, sizeof text, "record of %" PRIu64 " bytes is longer "
	    "than --max-record %" PRIu64, length, r->f->opts->max_record);
	b->long_n = length;
	b->long_at = offset;
	rec->line = NULL;
	return reject(r, b, rec, "too-long", text, 0, false, false);
}

/* Hands a value to the program and counts what it said. */
static int
give(const struct batch_rules *r, struct batch_worker *w, struct batch *b,
    const struct record *rec)
{
	struct fail why;
	size_t out = b->emit.out.len;
	uint64_t n = b->emit.n;
	int said;

	why.code = EXIT_MACHINE;
	why.text[0] = '\0';
	said = r->f->record(r->f->ctx, w->state, rec, &b->emit, &why);
	if (b->emit.out.err) {
		snprintf(why.text, sizeof why.text, "%s",
		    b->emit.out.err == ENOMEM ? "out of memory" :
		    "too much output for one run of records");
		why.code = EXIT_MACHINE;
		said = -1;
	}
	if (said != FILTER_USED && said != FILTER_DROPPED) {
		b->emit.out.len = out;  /* nothing of a bad record is written */
		b->emit.n = n;
	}
	switch (said) {
	case FILTER_USED:
		b->n.used++;
		return 0;
	case FILTER_DROPPED:
		b->n.dropped++;
		return 0;
	case FILTER_REJECTED:
		return reject(r, b, rec, b->emit.rule, b->emit.reject.text,
		    b->emit.column, b->emit.retryable, true);
	default:
		b->n.dropped++;         /* the ledger still adds up */
		return end_batch(b, rec, 0, why.code, why.text);
	}
}

/* --retry: what the line is an envelope of takes its place. */
static int
unwrap(const struct batch_rules *r, struct batch_worker *w, struct batch *b,
    struct record *rec)
{
	struct envelope e;
	struct json_err err;
	struct fail why;

	if (envelope_read(rec->val, &w->record, &w->names, &e, &why) < 0)
		return reject(r, b, rec, "not-an-envelope", why.text, 0, false,
		    true);
	if (*e.file)
		rec->file = e.file;
	if (e.line)
		rec->number = e.line;
	rec->attempt = e.attempt;
	rec->line = e.p;
	rec->len = e.n;
	rec->members.v = NULL;
	if (!e.p || e.n > r->f->opts->max_record)
		return too_long(r, b, rec, e.p ? e.n : e.length, e.offset);
	if (json_check(e.p, e.n, &rec->val, &err) < 0)
		return reject_line(r, b, rec, &err);
	envelope_flatten(&w->record);
	return give(r, w, b, rec);
}

static int
one_line(const struct batch_rules *r, struct batch_worker *w, struct batch *b,
    struct record *rec, enum json_block_kind kind, struct json_line *line)
{
	bool is_long = line->n > r->line_max;

	if (kind == BLOCK_BLANK && !is_long) {
		b->n.blank++;
		return 0;
	}
	rec->serial = b->serial + b->n.in;
	b->n.in++;
	if (is_long)
		return too_long(r, b, rec, line->n, b->run.offset +
		    (uint64_t)(line->p - b->run.p));
	rec->line = line->p;
	rec->len = line->n;
	rec->end = r->f->opts->retry ? NULL : b->run.p + b->run.n;
	rec->val = line->val;
	rec->members = line->members;
	if (kind == BLOCK_BAD)
		return reject_line(r, b, rec, &line->err);
	return r->f->opts->retry ? unwrap(r, w, b, rec) : give(r, w, b, rec);
}

void
batch_work(const struct batch_rules *r, struct batch_worker *w,
    struct batch *b)
{
	struct json_line line;
	struct record rec;
	enum json_block_kind kind;
	uint64_t number = b->run.first;

	memset(&rec, 0, sizeof rec);
	if (b->run.too_long) {
		rec.file = b->run.file;
		rec.number = number;
		b->n.in++;
		(void)too_long(r, b, &rec, b->run.too_long, b->run.offset);
		return;
	}
	json_block_set(w->lines, b->run.p, b->run.n);
	while ((kind = json_block_next(w->lines, &line)) != BLOCK_END) {
		rec.file = b->run.file;
		rec.number = number++;
		rec.attempt = 0;
		if (one_line(r, w, b, &rec, kind, &line) < 0)
			return;
	}
}

void
batch_cut(struct batch *b, uint64_t allowed)
{
	struct mark m;

	if (b->n.rejected <= allowed)
		return;
	memcpy(&m, b->marks.p + allowed * sizeof m, sizeof m);
	b->emit.out.len = m.out;
	b->emit.n = m.emitted;
	b->rejects.len = m.rejects;
	b->n = m.n;
	b->bad.code = 0;
}
