/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deliver.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/stop.h"
#include "json/rejects.h"
#include "json/write.h"

static void
show_progress(struct deliver *d, bool last)
{
	if (progress_due(&d->progress, last))
		progress_say(&d->progress, last, d->n.out, d->out.bytes,
		    d->total && *d->total > 0 ? (double)d->n.out /
		    (double)*d->total : 0);
}

/* ---- records ---- */

struct json_val
deliver_adorn(struct json_val obj, const char *add, struct buf *one,
    struct buf *other)
{
	struct json_val members = { add, add ? strlen(add) : 0 };
	struct json_iter it = json_iter(members);
	struct buf *to = one, name = BUF_INIT(BUF_LINE);

	if (!add || json_type(obj) != JSON_OBJECT)
		return obj;
	while (json_next(&it)) {
		buf_clear(&name);
		buf_clear(to);
		json_decode(it.key, &name);
		json_set(to, obj, buf_str(&name), it.val.p, it.val.n);
		obj.p = to->p;
		obj.n = to->len;
		to = to == one ? other : one;
	}
	buf_free(&name);
	return obj;
}

static int
too_long(struct deliver *d, size_t n, struct fail *why)
{
	struct envelope e;
	char error[96];

	snprintf(error, sizeof error, "a record of %zu bytes is longer than "
	    "--max-record %" PRIu64, n, d->o->max_record);
	memset(&e, 0, sizeof e);
	e.file = "answer";
	e.rule = "too-long";
	e.error = error;
	e.length = n;
	return d->taker.reject(d, &e, why);
}

static int
take_record(void *ctx, struct json_val v, struct fail *why)
{
	struct deliver *d = ctx;
	struct buf adorned = BUF_INIT(BUF_DOC);

	if (d->max_records && d->n.out >= d->max_records)
		return TAKE_ENOUGH;
	if (v.n > d->o->max_record)
		return too_long(d, v.n, why);
	v = deliver_adorn(v, d->add, &d->other, &adorned);
	buf_clear(&d->line);
	json_one_line(&d->line, v.p, v.n);
	buf_putc(&d->line, '\n');
	buf_free(&adorned);
	if (d->line.err || d->other.err)
		return fail(why, EXIT_MACHINE, "out of memory");
	d->n.in++;
	d->n.used++;
	d->n.out++;
	if (out_write(&d->out, d->line.p, d->line.len, why) < 0)
		return -1;
	show_progress(d, false);
	return d->copy ? d->copy(d->copy_ctx, d->line.p, d->line.len, why) : 0;
}

static int
take_reject(void *ctx, const struct envelope *what, struct fail *why)
{
	struct deliver *d = ctx;
	struct envelope e = *what;
	struct buf b = BUF_INIT(BUF_DOC);
	char column[32] = "";
	int r;

	d->n.in++;
	d->n.rejected++;
	if (!d->o->reject) {
		if (!e.line)
			return fail(why, EXIT_DATA, "%s", e.error);
		if (e.column)
			snprintf(column, sizeof column, "%zu:", e.column);
		return fail(why, EXIT_DATA, "%s: part %" PRIu64 ":%s %s",
		    e.file, e.line, column, e.error);
	}
	e.tool = msg_program();
	e.attempt = 1;
	envelope_write(&b, &e);
	r = b.err ? fail(why, EXIT_MACHINE, "out of memory") :
	    out_write(&d->rejects, b.p, b.len, why);
	buf_free(&b);
	return r < 0 ? -1 : allowance_check(&d->allowed, &d->n, false, why);
}

/* ---- the files ---- */

int
deliver_open(struct deliver *d, const struct filter_opts *o, char **input,
    bool resumed, struct fail *why)
{
	struct buf empty = BUF_INIT(BUF_DOC);
	unsigned flags = (o->unbuffered ? OUT_LINES : 0) |
	    (o->if_changed ? OUT_IF_CHANGED : 0) |
	    (resumed ? OUT_RESUME : 0);

	memset(d, 0, sizeof *d);
	d->o = o;
	d->line = d->other = empty;
	d->taker.record = take_record;
	d->taker.reject = take_reject;
	d->taker.ctx = d;
	d->out.fd = d->rejects.fd = -1;
	if (progress_begin(&d->progress, o->progress, o->quiet, o->output,
	    "records", why) < 0)
		return -1;
	d->n.started = clock_now();
	if (o->max_reject && !o->reject)
		return fail(why, EXIT_USAGE, "--max-reject goes with --reject");
	if (allowance_parse(&d->allowed, o->max_reject, why) < 0)
		return -1;
	if (o->ledger && ledger_check(o->ledger, why) < 0)
		return -1;
	if (out_open(&d->out, o->output, flags, why) < 0)
		return -1;
	if (o->reject && rejects_open(&d->rejects, o->reject, 0, &d->out,
	    input, input ? 1 : 0, why) < 0)
		return -1;
	d->opened = true;
	return 0;
}

int
deliver_close(struct deliver *d, int code, struct fail *why)
{
	struct fail other;

	if (code == 0 && allowance_check(&d->allowed, &d->n, true, why) < 0)
		code = why->code;
	if (code == 0 && out_close(&d->out, why) < 0)
		code = why->code;
	if (code && d->out.fd >= 0 && out_flush(&d->out, &other) < 0)
		*why = other;
	show_progress(d, true);
	if (code && !stop_asked())
		msg_fail(why);
	if (d->n.rejected && d->o->reject)
		msg_note("%" PRIu64 " of %" PRIu64 " records rejected, see %s",
		    d->n.rejected, d->n.in, d->o->reject);
	if (d->o->reject && d->rejects.fd >= 0 &&
	    out_close(&d->rejects, &other) < 0)
		code = msg_fail(&other);
	if (d->opened && d->o->ledger &&
	    ledger_append(d->o->ledger, &d->n, &other) < 0)
		code = msg_fail(&other);
	out_abort(&d->out);
	out_abort(&d->rejects);
	buf_free(&d->line);
	buf_free(&d->other);
	return code;
}
