/* SPDX-License-Identifier: GPL-3.0-or-later */
/* filter.c -- the loop over records.
 *
 *	lines.c --runs--> pool of workers --batches--> this thread, in order
 *
 * This thread reads runs of whole lines and hands them to the pool; a worker
 * checks the lines, calls the program's record() for each, and collects what
 * it emits and rejects in the batch (batch.c); this thread takes the batches
 * back in order and writes. With one job the pool works in this thread.
 */
#include "json/filter.h"
#include "base/clock.h"
#include "base/msg.h"
#include "base/pool.h"
#include "base/stop.h"
#include "json/batch.h"
#include "json/envelope.h"
#include "json/progress.h"
#include "json/rejects.h"

#define DRAIN ((size_t)64 << 10)        /* what filter_drain() lets grow */

struct loop {
	const struct filter *f;
	struct lines in;
	struct run pending;     /* singly: lines not yet handed out, ... */
	size_t at;              /* ... from here */
	struct out out, rejects;
	struct pool *pool;
	struct batch_worker *workers;
	int nworkers;
	struct batch *batches;
	int nbatches, next;
	uint64_t handed;        /* singly: runs handed to the pool */
	struct ledger n;
	struct allowance allowed;
	struct batch_rules rules;
	struct progress progress;
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

/* ---- through the pool ---- */

/* The pool's work. */
static void
work(void *ctx, int k, void *job)
{
	struct loop *l = ctx;
	struct batch *b = job;

	batch_work(&l->rules, &l->workers[k], b);
	if (l->f->singly && l->f->over)
		l->f->over(l->f->ctx, b->serial);
}

/* ---- batches back in order ---- */

static void
show_progress(struct loop *l, bool last)
{
	if (progress_due(&l->progress, last))
		progress_say(&l->progress, last, l->n.in, l->in.bytes,
		    l->in.total ? (double)l->in.bytes /
		    (double)l->in.total : 0);
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

/* Writes what a batch made; then says what ended it. */
static int
finish(struct loop *l, struct batch *b, struct fail *why)
{
	if (l->rules.marks)
		batch_cut(b, l->allowed.max - l->n.rejected);
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

static struct batch *
fresh_batch(struct loop *l)
{
	struct batch *b = &l->batches[l->next++ % l->nbatches];

	batch_clear(b);
	b->serial = l->n.in;    /* exact with one job, which is all that asks */
	return b;
}

static int
drain(struct loop *l, struct fail *why)
{
	struct batch *b;

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
	struct batch *b;
	int k;

	for (;;) {
		if (stop_asked())
			return fail(why, EXIT_MACHINE, "interrupted");
		while ((b = pool_full(l->pool) ? pool_take(l->pool) :
		    pool_try(l->pool)))
			if (finish(l, b, why) < 0)
				return -1;
		if (l->at == l->pending.n && lines_waits(&l->in) &&
		    (drain(l, why) < 0 || (l->f->opts->unbuffered &&
		    out_flush(&l->out, why) < 0)))
			return -1;
		b = fresh_batch(l);
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
	l->nbatches = n > 1 ? 3 * n + 1 : 2;
	l->batches = calloc((size_t)l->nbatches, sizeof *l->batches);
	if (!l->workers || !l->batches)
		return fail(why, EXIT_MACHINE, "out of memory");
	for (k = 0; k < l->nbatches; k++)
		batch_init(&l->batches[k]);
	for (k = 0; k < n; k++) {
		struct batch_worker *w = &l->workers[k];

		l->nworkers++;
		w->record = record;
		w->names = names;
		if (json_block_open(&w->lines, why) < 0)
			return -1;
		if (l->f->open && l->f->open(l->f->ctx, &w->state, why) < 0)
			return -1;
		w->opened = true;
	}
	return pool_start(&l->pool, n, l->nbatches - 1, work, l, why);
}

/* Merges every worker's state (ok), or only frees it. */
static int
close_workers(struct loop *l, bool ok, struct fail *why)
{
	int k, r = 0;

	for (k = 0; k < l->nworkers; k++) {
		struct batch_worker *w = &l->workers[k];

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

static int
open_loop(struct loop *l, struct fail *why)
{
	const struct filter_opts *o = l->f->opts;

	if (o->now ? clock_fix(o->now, why) < 0 : clock_init(why) < 0)
		return -1;
	msg_quiet(o->quiet);
	if (progress_begin(&l->progress, o->progress, o->quiet, o->output,
	    "records", why) < 0)
		return -1;
	l->n.started = clock_now();
	if (allowance_parse(&l->allowed, o->max_reject, why) < 0)
		return -1;
	if (o->max_reject && !o->reject)
		return fail(why, EXIT_USAGE, "--max-reject goes with --reject");
	if (o->max_record < 1 || o->max_record > BUF_DOC)
		return fail(why, EXIT_USAGE,
		    "--max-record takes 1 to 256M");
	if (o->ledger && ledger_check(o->ledger, why) < 0)
		return -1;
	if (l->f->nfiles == 0 && isatty(STDIN_FILENO))
		return fail(why, EXIT_USAGE, "no input: name a file, or - for "
		    "the terminal (--help tells more)");
	l->rules.f = l->f;
	l->rules.line_max = o->retry ? envelope_max(o->max_record) :
	    (size_t)o->max_record;
	l->rules.marks = o->reject && l->allowed.max != UINT64_MAX;
	if (lines_open(&l->in, l->f->files, l->f->nfiles, l->rules.line_max,
	    why) < 0)
		return -1;
	if (out_open(&l->out, o->output, out_flags(o), why) < 0)
		return -1;
	if (o->reject && rejects_open(&l->rejects, o->reject, 0, &l->out,
	    l->f->files, l->f->nfiles, why) < 0)
		return -1;
	return open_workers(l, why);
}

static void
free_loop(struct loop *l)
{
	int k;

	pool_stop(l->pool);
	close_workers(l, false, NULL);
	for (k = 0; l->batches && k < l->nbatches; k++)
		batch_free(&l->batches[k]);
	free(l->batches);
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
