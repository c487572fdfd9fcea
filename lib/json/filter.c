/* SPDX-License-Identifier: GPL-3.0-or-later */
/* filter.c -- the loop over records.
 *
 *	lines.c --runs--> pool of workers --blocks--> this thread, in order
 *
 * This thread reads runs of whole lines and hands them to the pool; a worker
 * checks the lines, calls the program's record() for each, and collects what
 * it emits and rejects in the block; this thread takes the blocks back in
 * order and writes. With one job the pool works in this thread.
 */
#include "json/filter.h"
#include "base/clock.h"
#include "base/msg.h"
#include "base/pool.h"
#include "base/stop.h"
#include "json/block.h"
#include "json/envelope.h"
#include "json/ledger.h"
#include "json/lines.h"

#define DRAIN ((size_t)64 << 10)        /* what filter_drain() lets grow */

/* A run on its way through a worker. */
struct block {
	struct run run;
	struct emit emit;
	struct buf rejects;     /* envelopes */
	struct ledger n;
	struct fail bad;        /* what ended the block; code 0: nothing */
	uint64_t long_at, long_n;       /* place of a record over the ceiling */
	uint64_t serial;        /* of its first line, where that is known */
	struct buf marks;       /* --max-reject N: a struct mark a reject */
};

/* How far a block had come behind a reject. */
struct mark {
	size_t out, rejects;
	uint64_t emitted;
	struct ledger n;
};

struct worker {
	struct json_block *lines;
	void *state;            /* the program's */
	bool opened;
	struct buf record, names;       /* of --retry */
};

struct loop {
	const struct filter *f;
	struct lines in;
	struct run pending;     /* singly: lines not yet handed out, ... */
	size_t at;              /* ... from here */
	struct out out, rejects;
	struct pool *pool;
	struct worker *workers;
	int nworkers;
	struct block *blocks;
	int nblocks, next;
	uint64_t handed;        /* singly: runs handed to the pool */
	struct ledger n;
	struct allowance allowed;
	bool progress, terminal;
	int64_t started, shown; /* clock_mono() */
};

/* ---- what a program calls ---- */

int
filter_reject(struct emit *emit, const struct record *rec, const char *at,
    const char *rule, const char *fmt, ...)
{
	va_list ap;

	emit->rule = rule;
	emit->column = at ? (size_t)(at - rec->line) + 1 : 0;
	emit->retryable = false;
	emit->status = 0;
	emit->correlation[0] = '\0';
	emit->reject.code = EXIT_DATA;
	va_start(ap, fmt);
	vsnprintf(emit->reject.text, sizeof emit->reject.text, fmt, ap);
	va_end(ap);
	return FILTER_REJECTED;
}

void
filter_line(struct emit *emit)
{
	buf_putc(&emit->out, '\n');
	emit->n++;
}

int
filter_drain(struct emit *emit, struct fail *why)
{
	if (!emit->to || emit->out.err || emit->out.len < DRAIN)
		return 0;
	if (out_write(emit->to, emit->out.p, emit->out.len, why) < 0)
		return -1;
	buf_clear(&emit->out);
	return 0;
}

/* ---- one line, in a worker ---- */

/* Ends the block with a message that names the place. */
static int
end_block(struct block *b, const struct record *rec, size_t column, int code,
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
mark(struct block *b)
{
	struct mark m = { b->emit.out.len, b->rejects.len, b->emit.n, b->n };

	return buf_add(&b->marks, &m, sizeof m);
}

static int
reject(const struct loop *l, struct block *b, const struct record *rec,
    const char *rule, const char *error, size_t column, bool retryable,
    bool is_json)
{
	struct envelope e;

	b->n.rejected++;
	if (!l->f->opts->reject)
		return end_block(b, rec, column, EXIT_DATA, error);
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
	if (b->rejects.err || (l->allowed.max != UINT64_MAX && mark(b) < 0))
		return end_block(b, rec, 0, EXIT_MACHINE, "out of memory");
	return 0;
}

/* A line that is no value: "invalid JSON: ..." and where. */
static int
reject_line(const struct loop *l, struct block *b, const struct record *rec,
    const struct json_err *err)
{
	char text[160];
	bool utf8 = strcmp(err->text, "invalid UTF-8") == 0;

	if (utf8)
		snprintf(text, sizeof text, "invalid UTF-8 (byte 0x%02x)",
		    (unsigned char)rec->line[err->offset]);
	else
		snprintf(text, sizeof text, "invalid JSON: %s", err->text);
	return reject(l, b, rec, utf8 ? "invalid-utf8" : "invalid-json", text,
	    err->offset + 1, false, false);
}

static int
too_long(const struct loop *l, struct block *b, struct record *rec,
    uint64_t length, uint64_t offset)
{
	char text[96];

	snprintf(text, sizeof text, "record of %" PRIu64 " bytes is longer "
	    "than --max-record %" PRIu64, length, l->f->opts->max_record);
	b->long_n = length;
	b->long_at = offset;
	rec->line = NULL;
	return reject(l, b, rec, "too-long", text, 0, false, false);
}

/* Hands a value to the program and counts what it said. */
static int
give(const struct loop *l, struct worker *w, struct block *b,
    const struct record *rec)
{
	struct fail why;
	size_t out = b->emit.out.len;
	uint64_t n = b->emit.n;
	int r;

	why.code = EXIT_MACHINE;
	why.text[0] = '\0';
	r = l->f->record(l->f->ctx, w->state, rec, &b->emit, &why);
	if (b->emit.out.err) {
		snprintf(why.text, sizeof why.text, "%s",
		    b->emit.out.err == ENOMEM ? "out of memory" :
		    "too much output for one run of records");
		why.code = EXIT_MACHINE;
		r = -1;
	}
	if (r != FILTER_USED && r != FILTER_DROPPED) {
		b->emit.out.len = out;  /* nothing of a bad record is written */
		b->emit.n = n;
	}
	switch (r) {
	case FILTER_USED:
		b->n.used++;
		return 0;
	case FILTER_DROPPED:
		b->n.dropped++;
		return 0;
	case FILTER_REJECTED:
		return reject(l, b, rec, b->emit.rule, b->emit.reject.text,
		    b->emit.column, b->emit.retryable, true);
	default:
		b->n.dropped++;         /* the ledger still adds up */
		return end_block(b, rec, 0, why.code, why.text);
	}
}

/* --retry: what the line is an envelope of takes its place. */
static int
unwrap(const struct loop *l, struct worker *w, struct block *b,
    struct record *rec)
{
	struct envelope e;
	struct json_err err;
	struct fail why;
	char *lf;

	if (envelope_read(rec->val, &w->record, &w->names, &e, &why) < 0)
		return reject(l, b, rec, "not-an-envelope", why.text, 0, false,
		    true);
	if (*e.file)
		rec->file = e.file;
	if (e.line)
		rec->number = e.line;
	rec->attempt = e.attempt;
	rec->line = e.p;
	rec->len = e.n;
	rec->members.v = NULL;
	if (!e.p || e.n > l->f->opts->max_record)
		return too_long(l, b, rec, e.p ? e.n : e.length, e.offset);
	if (json_check(e.p, e.n, &rec->val, &err) < 0)
		return reject_line(l, b, rec, &err);
	/* mended by hand, over several lines: what is checked has line ends
	 * between tokens only */
	for (lf = w->record.p; (lf = memchr(lf, '\n', (size_t)(w->record.p +
	    w->record.len - lf))); )
		*lf = ' ';
	return give(l, w, b, rec);
}

static int
one_line(const struct loop *l, struct worker *w, struct block *b,
    struct record *rec, enum json_block_kind kind, struct json_line *line)
{
	bool is_long = line->n > l->in.max;

	if (kind == BLOCK_BLANK && !is_long) {
		b->n.blank++;
		return 0;
	}
	rec->serial = b->serial + b->n.in;
	b->n.in++;
	if (is_long)
		return too_long(l, b, rec, line->n, b->run.offset +
		    (uint64_t)(line->p - b->run.p));
	rec->line = line->p;
	rec->len = line->n;
	rec->val = line->val;
	rec->members = line->members;
	if (kind == BLOCK_BAD)
		return reject_line(l, b, rec, &line->err);
	return l->f->opts->retry ? unwrap(l, w, b, rec) : give(l, w, b, rec);
}

/* Every line of a run. */
static void
work_through(struct loop *l, struct worker *w, struct block *b)
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
		(void)too_long(l, b, &rec, b->run.too_long, b->run.offset);
		return;
	}
	json_block_set(w->lines, b->run.p, b->run.n);
	while ((kind = json_block_next(w->lines, &line)) != BLOCK_END) {
		rec.file = b->run.file;
		rec.number = number++;
		rec.attempt = 0;
		if (one_line(l, w, b, &rec, kind, &line) < 0)
			return;
	}
}

/* The pool's work. */
static void
work(void *ctx, int k, void *job)
{
	struct loop *l = ctx;
	struct block *b = job;

	work_through(l, &l->workers[k], b);
	if (l->f->singly && l->f->over)
		l->f->over(l->f->ctx, b->serial);
}

/* ---- blocks back in order ---- */

static void
show_progress(struct loop *l, bool last)
{
	int64_t now = clock_mono();
	double seconds = (double)(now - l->started) / 1e9;
	char line[160];
	int n;

	if (!l->progress || (!last &&
	    now - l->shown < (l->terminal ? 200000000 : 5000000000)))
		return;
	l->shown = now;
	n = snprintf(line, sizeof line, "%s%s: %" PRIu64 " records, %.1f MB, "
	    "%.0f records/s%s", l->terminal ? "\r\033[K" : "", msg_program(),
	    l->n.in, (double)l->in.bytes / 1e6,
	    seconds > 0 ? (double)l->n.in / seconds : 0.0,
	    l->terminal && !last ? "" : "\n");
	(void)out_fd(STDERR_FILENO, line, (size_t)n);
}

static void
add_counts(struct ledger *to, const struct ledger *n)
{
	to->in += n->in;
	to->used += n->used;
	to->dropped += n->dropped;
	to->rejected += n->rejected;
	to->blank += n->blank;
}

/* One reject more than --max-reject allows ends the block behind it, as if
 * nothing had been read since: the bytes are the same however lines came. */
static void
cut(const struct loop *l, struct block *b)
{
	struct mark m;

	if (b->n.rejected <= l->allowed.max - l->n.rejected)
		return;
	memcpy(&m, b->marks.p + (l->allowed.max - l->n.rejected) * sizeof m,
	    sizeof m);
	b->emit.out.len = m.out;
	b->emit.n = m.emitted;
	b->rejects.len = m.rejects;
	b->n = m.n;
	b->bad.code = 0;
}

/* Writes what a block made; then says what ended it. */
static int
finish(struct loop *l, struct block *b, struct fail *why)
{
	if (l->f->opts->reject)
		cut(l, b);
	add_counts(&l->n, &b->n);
	l->n.out += b->emit.n;
	l->n.retried += b->emit.retried;
	if (out_write(&l->out, b->emit.out.p, b->emit.out.len, why) < 0)
		return -1;
	if (b->rejects.len && out_write(&l->rejects, b->rejects.p,
	    b->rejects.len, why) < 0)
		return -1;
	show_progress(l, false);
	if (b->bad.code) {
		*why = b->bad;
		return -1;
	}
	return allowance_check(&l->allowed, &l->n, false, why);
}

static struct block *
fresh_block(struct loop *l)
{
	struct block *b = &l->blocks[l->next++ % l->nblocks];
	struct ledger none;

	memset(&none, 0, sizeof none);
	buf_clear(&b->emit.out);
	buf_clear(&b->rejects);
	buf_clear(&b->marks);
	b->emit.n = b->emit.retried = 0;
	b->n = none;
	b->bad.code = 0;
	b->serial = l->n.in;    /* exact with one job, which is all that asks */
	return b;
}

static int
drain(struct loop *l, struct fail *why)
{
	struct block *b;

	while ((b = pool_take(l->pool)))
		if (finish(l, b, why) < 0)
			return -1;
	return 0;
}

/* singly: the next line of what was read, as a run of its own. */
static int
next_single(struct loop *l, struct run *r, struct fail *why)
{
	struct run *from = &l->pending;
	const char *line, *nl;
	int k;

	r->n = 0;
	r->too_long = 0;
	if (l->at == from->n) {
		l->at = 0;
		if ((k = lines_next(&l->in, from, why)) <= 0)
			return k;
		r->too_long = from->too_long;
		r->file = from->file;
		r->first = from->first;
		r->offset = from->offset;
	}
	if (from->n == 0)
		return 1;
	line = from->p + l->at;
	nl = memchr(line, '\n', from->n - l->at);
	r->n = nl ? (size_t)(nl + 1 - line) : from->n - l->at;
	if (r->cap < r->n) {
		free(r->p);
		r->cap = 0;
		if (!(r->p = malloc(r->n)))
			return fail(why, EXIT_MACHINE, "out of memory");
		r->cap = r->n;
	}
	memcpy(r->p, line, r->n);
	r->file = from->file;
	r->first = from->first++;
	r->offset = from->offset + l->at;
	l->at += r->n;
	return 1;
}

static int
next_run(struct loop *l, struct run *r, struct fail *why)
{
	return l->f->singly ? next_single(l, r, why) :
	    lines_next(&l->in, r, why);
}

/* All of the input through the pool. */
static int
pump(struct loop *l, struct fail *why)
{
	struct block *b;
	int k;

	for (;;) {
		if (stop_asked())
			return fail(why, EXIT_MACHINE, "interrupted");
		while ((b = pool_full(l->pool) ? pool_take(l->pool) :
		    pool_try(l->pool)))
			if (finish(l, b, why) < 0)
				return -1;
		if (l->at == l->pending.n && lines_waits(&l->in) && (drain(l, why) < 0 ||
		    (l->f->opts->unbuffered && out_flush(&l->out, why) < 0)))
			return -1;
		b = fresh_block(l);
		if ((k = next_run(l, &b->run, why)) < 0)
			return -1;
		if (k == 0)
			return drain(l, why);
		if (l->f->singly)
			b->serial = l->handed;
		if (b->run.n || b->run.too_long) {
			l->handed++;
			pool_put(l->pool, b);
		} else {
			l->next--;      /* a signal; look at it above */
		}
	}
}

/* ---- around the loop ---- */

static int
open_workers(struct loop *l, struct fail *why)
{
	struct buf record = BUF_INIT(BUF_DOC), names = BUF_INIT(BUF_LINE);
	int k, n = (int)l->f->opts->jobs;

	l->workers = calloc((size_t)n, sizeof *l->workers);
	l->nblocks = n > 1 ? 3 * n + 1 : 2;
	l->blocks = calloc((size_t)l->nblocks, sizeof *l->blocks);
	if (!l->workers || !l->blocks)
		return fail(why, EXIT_MACHINE, "out of memory");
	for (k = 0; k < l->nblocks; k++) {
		l->blocks[k].emit.out.max = BUF_DOC * 4;
		l->blocks[k].rejects.max = BUF_DOC * 4;
		l->blocks[k].marks.max = BUF_DOC * 4;
	}
	for (k = 0; k < n; k++) {
		struct worker *w = &l->workers[k];

		l->nworkers++;
		w->record = record;
		w->names = names;
		if (json_block_open(&w->lines, why) < 0)
			return -1;
		if (l->f->open && l->f->open(l->f->ctx, &w->state, why) < 0)
			return -1;
		w->opened = true;
	}
	return pool_start(&l->pool, n, l->nblocks - 1, work, l, why);
}

/* Merges every worker's state (ok), or only frees it. */
static int
close_workers(struct loop *l, bool ok, struct fail *why)
{
	int k, r = 0;

	for (k = 0; k < l->nworkers; k++) {
		struct worker *w = &l->workers[k];

		if (w->opened && l->f->close && l->f->close(l->f->ctx,
		    w->state, ok && r == 0 ? why : NULL) < 0)
			r = -1;
		json_block_close(w->lines);
		buf_free(&w->record);
		buf_free(&w->names);
	}
	l->nworkers = 0;
	return ok ? r : 0;
}

/* The program's last words. Returns its exit code or -1. */
static int
last_words(struct loop *l, struct fail *why)
{
	struct emit emit;
	int r = 0;

	memset(&emit, 0, sizeof emit);
	emit.out.max = BUF_DOC * 4;
	emit.to = &l->out;
	if (l->f->end)
		r = l->f->end(l->f->ctx, &emit, why);
	if (emit.out.err)
		r = fail(why, EXIT_MACHINE, "output too large for memory");
	if (r >= 0 && out_write(&l->out, emit.out.p, emit.out.len, why) < 0)
		r = -1;
	l->n.out += emit.n;
	l->n.used -= emit.dropped;
	l->n.dropped += emit.dropped;
	buf_free(&emit.out);
	return r;
}

static int
write_ledger(struct loop *l, struct fail *why)
{
	l->n.bytes = l->in.bytes;
	return l->f->opts->ledger ?
	    ledger_append(l->f->opts->ledger, &l->n, why) : 0;
}

static unsigned
out_flags(const struct filter_opts *o)
{
	return (o->unbuffered ? OUT_LINES : 0) |
	    (o->if_changed ? OUT_IF_CHANGED : 0);
}

/* --retry: an envelope holds a record with each byte as six, at worst. */
static size_t
line_max(const struct filter_opts *o)
{
	return (size_t)o->max_record * (o->retry ? 6 : 1) +
	    (o->retry ? BUF_LINE : 0);
}

/* A run that fails writes the rejects it has: over its own input that would
 * lose the ones it has not come to. */
static int
open_rejects(struct loop *l, struct fail *why)
{
	const char *name = l->f->opts->reject;
	struct stat a, b;
	int i;

	for (i = 0; i < l->in.nfiles; i++)
		if (stat(name, &a) == 0 && S_ISREG(a.st_mode) &&
		    (strcmp(l->in.files[i], "-") == 0 ?
		    fstat(STDIN_FILENO, &b) : stat(l->in.files[i], &b)) == 0 &&
		    a.st_dev == b.st_dev && a.st_ino == b.st_ino)
			return fail(why, EXIT_USAGE, "--reject %s is the input: "
			    "give it a name of its own", name);
	if (out_open(&l->rejects, name, 0, why) < 0)
		return -1;
	if (out_same(&l->out, &l->rejects))
		return fail(why, EXIT_USAGE, "--reject %s is the output: give "
		    "it a name of its own", name);
	return 0;
}

static int
open_loop(struct loop *l, struct fail *why)
{
	const struct filter_opts *o = l->f->opts;

	if (o->now ? clock_fix(o->now, why) < 0 : clock_init(why) < 0)
		return -1;
	msg_quiet(o->quiet);
	l->terminal = isatty(STDERR_FILENO);
	l->progress = o->progress || (l->terminal && !o->quiet &&
	    !isatty(STDOUT_FILENO));
	l->started = l->shown = clock_mono();
	l->n.started = clock_now();
	if (allowance_parse(&l->allowed, o->max_reject, why) < 0)
		return -1;
	if (o->max_reject && !o->reject)
		return fail(why, EXIT_USAGE, "--max-reject goes with --reject");
	if (o->max_record < 1 || o->max_record > BUF_DOC)
		return fail(why, EXIT_USAGE,
		    "--max-record takes 1 to 256M");
	if (l->f->nfiles == 0 && isatty(STDIN_FILENO))
		return fail(why, EXIT_USAGE, "no input: name a file, or - for "
		    "the terminal (--help tells more)");
	if (lines_open(&l->in, l->f->files, l->f->nfiles, line_max(o),
	    why) < 0)
		return -1;
	if (out_open(&l->out, o->output, out_flags(o), why) < 0)
		return -1;
	if (o->reject && open_rejects(l, why) < 0)
		return -1;
	return open_workers(l, why);
}

static void
free_loop(struct loop *l)
{
	int k;

	pool_stop(l->pool);
	close_workers(l, false, NULL);
	for (k = 0; l->blocks && k < l->nblocks; k++) {
		free(l->blocks[k].run.p);
		buf_free(&l->blocks[k].emit.out);
		buf_free(&l->blocks[k].rejects);
		buf_free(&l->blocks[k].marks);
	}
	free(l->blocks);
	free(l->workers);
	free(l->pending.p);
	lines_close(&l->in);
	out_abort(&l->out);
	out_abort(&l->rejects);
}

/* After the last record. Returns the exit code, or -1. */
static int
complete(struct loop *l, struct fail *why)
{
	int r;

	pool_stop(l->pool);     /* no thread touches a state from here on */
	l->pool = NULL;
	if (allowance_check(&l->allowed, &l->n, true, why) < 0 ||
	    close_workers(l, true, why) < 0)
		return -1;
	r = last_words(l, why);
	if (r < 0 || out_close(&l->out, why) < 0)
		return -1;
	return r;
}

int
filter_run(const struct filter *f)
{
	struct loop l;
	struct fail why;
	int code = 0;

	memset(&l, 0, sizeof l);
	l.f = f;
	l.out.fd = l.rejects.fd = l.in.fd = -1;
	why.code = EXIT_MACHINE;
	why.text[0] = '\0';
	stop_init();
	if (open_loop(&l, &why) < 0) {
		msg_fail(&why);
		free_loop(&l);
		return why.code;
	}
	if (pump(&l, &why) < 0 || (code = complete(&l, &why)) < 0) {
		code = why.code;
		/* what stands before the failure is written all the same */
		(void)out_flush(&l.out, NULL);
	} else {
		why.text[0] = '\0';
	}
	show_progress(&l, true);
	if (why.text[0] && !stop_asked())
		msg("%s", why.text);
	if (l.n.rejected && f->opts->reject)
		msg_note("%" PRIu64 " of %" PRIu64 " records rejected, see %s",
		    l.n.rejected, l.n.in, f->opts->reject);
	if ((f->opts->reject && out_close(&l.rejects, &why) < 0) ||
	    write_ledger(&l, &why) < 0)
		code = msg_fail(&why);
	free_loop(&l);
	stop_die();
	return code;
}

/* ---- side inputs ---- */

int
filter_each(const char *path, int (*on_record)(void *ctx,
    const struct record *rec, struct fail *why), void *ctx, struct fail *why)
{
	char *files[1];
	struct json_block *block = NULL;
	struct json_line line;
	struct lines in;
	struct run run;
	struct record rec;
	enum json_block_kind kind;
	int k = -1, r = 0;

	memset(&run, 0, sizeof run);
	memset(&rec, 0, sizeof rec);
	files[0] = (char *)(uintptr_t)(path ? path : "-");
	if (lines_open(&in, files, 1, BUF_RECORD, why) < 0)
		return -1;
	if (json_block_open(&block, why) < 0)
		r = -1;
	while (r == 0 && (k = lines_next(&in, &run, why)) > 0) {
		if (stop_asked())
			r = fail(why, EXIT_MACHINE, "interrupted");
		rec.number = run.first;
		rec.file = run.file;
		if (run.too_long)
			r = fail(why, EXIT_DATA, "%s:%" PRIu64
			    ": record too long", run.file, run.first);
		json_block_set(block, run.p, run.n);
		for (; r == 0 && (kind = json_block_next(block, &line)) !=
		    BLOCK_END; rec.number++) {
			rec.val = line.val;
			rec.members = line.members;
			rec.line = line.p;
			rec.len = line.n;
			if (kind == BLOCK_BAD)
				r = fail(why, EXIT_DATA, "%s:%" PRIu64
				    ":%zu: invalid JSON: %s", run.file,
				    rec.number, line.err.offset + 1,
				    line.err.text);
			else if (kind == BLOCK_VALUE &&
			    (r = on_record(ctx, &rec, why)) < 0 && why)
				fail_prefix(why, "%s:%" PRIu64, run.file,
				    rec.number);
		}
	}
	if (k < 0 && r == 0)
		r = -1;
	json_block_close(block);
	free(run.p);
	lines_close(&in);
	return r;
}
