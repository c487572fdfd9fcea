/* SPDX-License-Identifier: GPL-3.0-or-later */
/* run.c -- contacts in, scores out.
 *
 *	input.c > check.c > chunks > senders, side by side > chunks, in order >
 *	output, rejects, audit, state
 *
 * This thread reads, checks and fills chunks; the pool sends them; this
 * thread takes them back in order and writes. */
#include "score.h"

#include "chunk.h"
#include "input.h"
#include "resume.h"
#include "send.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/num.h"
#include "base/pool.h"
#include "base/stop.h"
#include "json/ledger.h"
#include "json/progress.h"
#include "json/rejects.h"
#include "json/write.h"
#include "net/named.h"

#define NOTES ((size_t)8 << 20) /* rejects that a chunk holds at most */

struct run {
	const struct score_opts *o;
	struct features features;
	struct check check;
	struct service service;
	struct buf vars, contact;
	struct sender **senders;
	int nsenders;
	struct chunk *chunks;
	int nchunks, next;
	struct chunk *open;             /* the one being filled, or NULL */
	struct pool *pool;
	struct out out, rejects;
	struct chain chain;
	struct resume at;
	struct allowance allowed;
	double max_share;               /* --max-impute P%: in [0,1]; < 0 */
	uint64_t serial;                /* records seen */
	uint64_t checked, replaced[FEATURES_MAX];       /* of what is at */
	size_t overhead;
	struct progress progress;
	bool ended;
};

/* ---- chunks back in order ---- */

static void
show_progress(struct run *r, bool last)
{
	if (progress_due(&r->progress, last))
		progress_say(&r->progress, last, r->at.n.in, r->out.bytes, 0);
}

static int
write_chunk(struct run *r, struct chunk *c, struct fail *why)
{
	size_t i, f;

	if (out_write(&r->out, c->out.p, c->out.len, why) < 0)
		return -1;
	for (i = 0; i < c->n; i++) {
		struct item *v = &c->v[i];

		if (v->nnote && r->o->filter.reject && out_write(&r->rejects,
		    c->notes.p + v->note, v->nnote, why) < 0)
			return -1;
		for (f = 0; v->n && v->replaced && f < r->features.n; f++)
			r->at.replaced[f] += v->replaced >> f & 1;
	}
	return r->o->audit ? chain_add(&r->chain, &c->audit, why) : 0;
}

/* What was written is on the disk; then the state says so. */
static int
save_files(struct run *r, struct fail *why)
{
	if (out_sync(&r->out, why) < 0 || (r->o->filter.reject &&
	    out_sync(&r->rejects, why) < 0))
		return -1;
	r->at.bytes = r->out.bytes;
	r->at.rejects = r->o->filter.reject ? r->rejects.bytes : 0;
	return resume_save(&r->at, why);
}

static int
save_state(struct run *r, const struct chunk *c, struct fail *why)
{
	r->at.done += c->n;
	if (!r->at.path)
		return 0;
	memcpy(r->at.last, c->last, DIGEST_HEX);
	return save_files(r, why);
}

/* Writes what came of a chunk; then says what ended it. With a state, a chunk
 * that did not end well is not written: it is done again. */
static int
finish(struct run *r, struct chunk *c, struct fail *why)
{
	struct ledger *n = &r->at.n;

	if (c->bad.code && r->at.path) {
		*why = c->bad;
		return -1;
	}
	n->in += c->n;
	n->used += c->scored;
	n->out += c->scored;
	n->rejected += c->rejected;
	n->dropped += c->n - c->scored - c->rejected;
	n->retried += c->retried;
	if (write_chunk(r, c, why) < 0)
		return -1;
	if (c->bad.code) {
		*why = c->bad;
		return -1;
	}
	if (save_state(r, c, why) < 0)
		return -1;
	show_progress(r, false);
	return allowance_check(&r->allowed, n, false, why);
}

static int
drain(struct run *r, struct fail *why)
{
	struct chunk *c;

	while ((c = pool_take(r->pool)))
		if (finish(r, c, why) < 0)
			return -1;
	return 0;
}

/* ---- chunks out ---- */

static int
close_chunk(struct run *r, struct fail *why)
{
	struct chunk *c;

	if (!r->open)
		return 0;
	pool_put(r->pool, r->open);
	r->open = NULL;
	while ((c = pool_full(r->pool) ? pool_take(r->pool) :
	    pool_try(r->pool)))
		if (finish(r, c, why) < 0)
			return -1;
	return 0;
}

static struct chunk *
open_chunk(struct run *r)
{
	if (!r->open) {
		r->open = &r->chunks[r->next++ % r->nchunks];
		chunk_clear(r->open);
	}
	return r->open;
}

/* The chunk ends here, and the run with it: no --reject. */
static int
end_here(struct run *r, const struct contact *c, const char *error,
    struct fail *why)
{
	char column[32] = "";

	if (c->column)
		snprintf(column, sizeof column, "%zu:", c->column);
	fail(&open_chunk(r)->bad, EXIT_DATA, "%s:%" PRIu64 ":%s %.460s",
	    c->rec.file, c->rec.number, column, error);
	r->ended = true;
	if (close_chunk(r, why) < 0 || drain(r, why) < 0)
		return -1;
	return fail(why, EXIT_DATA, "%s", error);
}

static int
reject(struct run *r, const struct contact *c, const char *rule,
    const char *error, const struct buf *list, struct fail *why)
{
	struct chunk *k = open_chunk(r);

	if (chunk_reject(k, c, rule, error, list, why) < 0)
		return -1;
	if (!r->o->filter.reject)
		return end_here(r, c, error, why);
	return 0;
}

/* A contact that is sound, into the chunk where it fits. */
static int
add(struct run *r, const struct contact *c, struct fail *why)
{
	struct chunk *k = open_chunk(r);
	int n;

	if (r->overhead + r->contact.len > r->o->max_bytes)
		return reject(r, c, "too-large", "the contact alone is larger "
		    "than --max-bytes", NULL, why);
	if (k->sent && r->overhead + k->text.len + 1 + r->contact.len >
	    r->o->max_bytes) {
		if (close_chunk(r, why) < 0)
			return -1;
		k = open_chunk(r);
	}
	n = chunk_add(k, c, &r->check, &r->contact, why);
	if (n <= 0)
		return n;
	return close_chunk(r, why) < 0 ? -1 : chunk_add(open_chunk(r), c,
	    &r->check, &r->contact, why);
}

static int
note_last(struct run *r, const struct contact *c, char hex[DIGEST_HEX],
    struct fail *why)
{
	if (!r->at.path)
		return 0;
	return digest_hex(c->rec.line ? c->rec.line : "", c->rec.line ?
	    c->rec.len : 0, hex, why);
}

/* A record that an earlier run has done; the last of them must be the same.
 * Returns 0 or -1. */
static int
pass_by(struct run *r, const struct contact *c, struct fail *why)
{
	char hex[DIGEST_HEX];

	if (++r->serial < r->at.done)
		return 0;
	if (note_last(r, c, hex, why) < 0)
		return -1;
	return strcmp(hex, r->at.last) == 0 ? 0 : fail(why, EXIT_USAGE,
	    "%s belongs to another input: record %" PRIu64 " was another",
	    r->at.path, r->serial);
}

static int
on_contact(void *ctx, const struct contact *c, struct fail *why)
{
	struct run *r = ctx;
	struct chunk *k;
	int n;

	if (r->at.path && r->serial < r->at.done)
		return pass_by(r, c, why);
	if (r->at.complete)
		return fail(why, EXIT_USAGE, "%s belongs to another input: "
		    "all %" PRIu64 " records of that are done", r->at.path,
		    r->at.done);
	r->serial++;
	buf_clear(&r->contact);
	n = c->rule ? reject(r, c, c->rule, c->error, NULL, why) :
	    check_contact(&r->check, c->rec.val, &c->rec.members, &r->contact,
	    why);
	if (!c->rule && n > 0)
		n = reject(r, c, r->check.rule, buf_str(&r->check.error),
		    &r->check.list, why);
	else if (!c->rule && n == 0)
		n = add(r, c, why);
	if (n < 0)
		return -1;
	k = open_chunk(r);
	if (note_last(r, c, k->last, why) < 0)
		return -1;
	if (k->sent >= (size_t)r->o->chunk || k->notes.len >= NOTES)
		return close_chunk(r, why);
	return 0;
}

/* Before a wait for input: what is done is written. */
static int
on_idle(void *ctx, struct fail *why)
{
	struct run *r = ctx;
	struct chunk *c;

	while ((c = pool_try(r->pool)))
		if (finish(r, c, why) < 0)
			return -1;
	return r->o->filter.unbuffered ? out_flush(&r->out, why) : 0;
}

static void
work(void *ctx, int worker, void *job)
{
	struct run *r = ctx;

	sender_work(r->senders[worker], job);
}

/* ---- before and after ---- */

static int
parse_max_impute(struct run *r, struct fail *why)
{
	struct allowance a;

	r->max_share = -1;
	if (!r->o->max_impute)
		return 0;
	if (allowance_parse(&a, r->o->max_impute, why) < 0)
		return fail(why, EXIT_USAGE, "--max-impute takes N features a "
		    "contact, or P%% of the contacts, not '%.100s'",
		    r->o->max_impute);
	if (a.percent >= 0)
		r->max_share = a.percent / 100;
	else
		r->check.max_replaced = (int64_t)a.max;
	return 0;
}

/* What this run asks, as a digest: another question has another state. */
static int
digest_query(struct run *r, char **files, int nfiles, struct fail *why)
{
	const struct score_opts *o = r->o;
	struct buf b = BUF_INIT(BUF_LINE);
	int i, k;

	buf_addf(&b, "%s\n%s\n%s\n%s\n%s\n%s\n%s\n%.17g %.17g %d %d %d\n",
	    r->features.digest, o->request, buf_str(&r->vars),
	    r->service.model, o->id, o->from, o->max_impute ? o->max_impute :
	    "", o->min_width, o->max_width, o->csv, o->filter.retry,
	    o->filter.reject != NULL);
	for (i = 0; i < nfiles; i++)
		buf_add(&b, files[i], strlen(files[i]) + 1);
	k = b.err ? fail(why, EXIT_MACHINE, "out of memory") :
	    digest_hex(b.p, b.len, r->at.query, why);
	buf_free(&b);
	return k;
}

static int
make_vars(struct run *r, const struct conf *conf, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_LINE);
	const char *model = r->o->model;
	int k = 0;

	r->service.model = model ? model : conf_get(conf, CONF_MODEL_ID);
	r->service.version = r->o->version;
	if (named_vars_add(&r->vars, "contacts=" SEND_MARK, why) < 0)
		return -1;
	if (model) {
		buf_addf(&b, "model_id=%s", model);
		k = named_vars_add(&r->vars, buf_str(&b), why);
	} else if (conf_need(conf, CONF_MODEL_ID, why) < 0) {
		k = -1;
	}
	if (k == 0 && r->o->version) {
		buf_clear(&b);
		buf_addf(&b, "model_version=%s", r->o->version);
		k = named_vars_add(&r->vars, buf_str(&b), why);
	}
	buf_free(&b);
	return k;
}

static int
open_senders(struct run *r, struct fail *why)
{
	int n = (int)r->o->filter.jobs, i;

	r->senders = calloc((size_t)n, sizeof *r->senders);
	r->nchunks = n > 1 ? 2 * n + 2 : 2;
	r->chunks = calloc((size_t)r->nchunks, sizeof *r->chunks);
	if (!r->senders || !r->chunks)
		return fail(why, EXIT_MACHINE, "out of memory");
	for (i = 0; i < r->nchunks; i++)
		chunk_init(&r->chunks[i], r->o->filter.reject != NULL);
	for (; r->nsenders < n; r->nsenders++)
		if (sender_open(&r->senders[r->nsenders], &r->service,
		    why) < 0) {
			r->nsenders++;
			return -1;
		}
	r->overhead = sender_overhead(r->senders[0]);
	return pool_start(&r->pool, n, r->nchunks - 1, work, r, why);
}

/* The output and the rejects go on where the state says; what an earlier life
 * had renamed already when it was killed is left alone. */
static int
go_on(const struct run *r, struct out *out, uint64_t bytes, struct fail *why)
{
	if (r->at.complete && out_is_renamed(out, bytes)) {
		out_forget(out);
		return 0;
	}
	return out_cut(out, bytes, why);
}

static int
open_outputs(struct run *r, char **files, int nfiles, struct fail *why)
{
	const struct filter_opts *f = &r->o->filter;
	unsigned flags = (f->unbuffered ? OUT_LINES : 0) |
	    (f->if_changed ? OUT_IF_CHANGED : 0);
	int k = 0;

	r->at.path = r->o->state;
	if (r->at.path)
		flags |= OUT_RESUME;
	if (out_open(&r->out, f->output, flags, why) < 0 ||
	    (f->reject && rejects_open(&r->rejects, f->reject,
	    r->at.path ? OUT_RESUME : 0, &r->out, files, nfiles, why) < 0))
		return -1;
	if (r->at.path && (out_lock(&r->out, why) < 0 ||
	    (k = resume_load(&r->at, why)) < 0 ||
	    go_on(r, &r->out, r->at.bytes, why) < 0 ||
	    (f->reject && go_on(r, &r->rejects, r->at.rejects, why) < 0)))
		return -1;
	if (k == 1)
		msg_note("going on after %" PRIu64 " records", r->at.done);
	return r->o->audit ? chain_open(&r->chain, r->o->audit,
	    r->o->audit_size, why) : 0;
}

static int
open_run(struct run *r, struct conf *conf, char **files, int nfiles,
    struct fail *why)
{
	const struct score_opts *o = r->o;

	r->at.n.started = clock_now();
	if (progress_begin(&r->progress, o->filter.progress, o->filter.quiet,
	    o->filter.output, "contacts", why) < 0 ||
	    allowance_parse(&r->allowed, o->filter.max_reject, why) < 0 ||
	    parse_max_impute(r, why) < 0 ||
	    features_load(&r->features, o->features, why) < 0 ||
	    check_open(&r->check, o->id, o->from, why) < 0 ||
	    make_vars(r, conf, why) < 0 ||
	    client_open(&r->service.client, &o->client, conf, NULL, why) < 0)
		return -1;
	r->service.conf = conf;
	r->service.request = o->request;
	r->service.vars = buf_str(&r->vars);
	r->service.features = &r->features;
	r->service.rejects = o->filter.reject != NULL;
	r->service.audited = o->audit != NULL;
	r->service.min_width = o->min_width;
	r->service.max_width = o->max_width;
	if (digest_query(r, files, nfiles, why) < 0 ||
	    open_outputs(r, files, nfiles, why) < 0)
		return -1;
	return open_senders(r, why);
}

/* {"previous_calls":0.02,...}: the share of scored contacts in which a
 * feature was replaced. */
static void
put_shares(const struct run *r, struct buf *b)
{
	size_t i;

	buf_putc(b, '{');
	for (i = 0; i < r->features.n; i++) {
		json_sep(b);
		buf_str_add(b, r->features.v[i].key);
		json_num(b, r->at.n.used ? (double)r->at.replaced[i] /
		    (double)r->at.n.used : 0);
	}
	buf_putc(b, '}');
}

/* --max-impute P%: the sentence names the feature. */
static int
check_shares(const struct run *r, struct fail *why)
{
	size_t i;

	for (i = 0; r->max_share >= 0 && i < r->features.n; i++)
		if ((double)r->at.replaced[i] >
		    r->max_share * (double)r->at.n.used)
			return fail(why, EXIT_DATA, "feature '%s' was replaced "
			    "in %" PRIu64 " of %" PRIu64 " contacts, more than "
			    "--max-impute %s", r->features.v[i].name,
			    r->at.replaced[i], r->at.n.used, r->o->max_impute);
	return 0;
}

static int
audit_run(struct run *r, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_LINE);
	char t[TIME_MAX];
	int k;

	if (!r->o->audit)
		return 0;
	buf_str_add(&b, "{\"kind\":\"run\"");
	json_key(&b, "timestamp");
	json_cstr(&b, time_format(t, clock_now()));
	json_key(&b, "modelId");
	json_cstr(&b, r->service.model);
	json_key(&b, "contacts");
	json_uint(&b, r->at.n.in);
	json_key(&b, "scored");
	json_uint(&b, r->at.n.used);
	json_key(&b, "rejected");
	json_uint(&b, r->at.n.rejected);
	json_key(&b, "imputed");
	put_shares(r, &b);
	buf_str_add(&b, "}\n");
	k = b.err ? fail(why, EXIT_MACHINE, "out of memory") :
	    chain_add(&r->chain, &b, why);
	buf_free(&b);
	return k;
}

static int
pump(struct run *r, char **files, int nfiles, uint64_t *blank,
    uint64_t *bytes, struct fail *why)
{
	struct input in = { .features = &r->features, .csv = r->o->csv,
	    .retry = r->o->filter.retry,
	    .max_record = r->o->filter.max_record, .take = on_contact,
	    .idle = on_idle, .ctx = r };
	int k = input_each(&in, files, nfiles, why);

	*blank = in.blank;
	*bytes = in.bytes;
	if (k < 0) {
		/* what was read before is scored all the same */
		struct fail other;

		if (!r->ended && !stop_asked() && why->code == EXIT_DATA &&
		    !r->at.path && close_chunk(r, &other) == 0)
			(void)drain(r, &other);
		return -1;
	}
	if (r->serial < r->at.done)
		return fail(why, EXIT_USAGE, "%s belongs to another input: it "
		    "has only %" PRIu64 " records", r->at.path, r->serial);
	if (close_chunk(r, why) < 0 || drain(r, why) < 0 ||
	    allowance_check(&r->allowed, &r->at.n, true, why) < 0)
		return -1;
	return check_shares(r, why);
}

static int
write_ledger(struct run *r, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_LINE);
	int k;

	if (!r->o->filter.ledger)
		return 0;
	buf_str_add(&b, "\"imputed\":");
	put_shares(r, &b);
	r->at.n.more = buf_str(&b);
	k = ledger_append(r->o->filter.ledger, &r->at.n, why);
	buf_free(&b);
	return k;
}

/* All is done: a kill from here on leaves nothing to be done again. */
static int
save_complete(struct run *r, struct fail *why)
{
	r->at.complete = true;
	return r->at.path ? save_files(r, why) : 0;
}

static void
free_run(struct run *r)
{
	int i;

	if (r->pool)
		pool_stop(r->pool);
	for (i = 0; i < r->nsenders; i++)
		sender_close(r->senders[i]);
	for (i = 0; r->chunks && i < r->nchunks; i++)
		chunk_free(&r->chunks[i]);
	free(r->senders);
	free(r->chunks);
	chain_close(&r->chain);
	out_abort(&r->out);
	out_abort(&r->rejects);
	client_close(r->service.client);
	check_free(&r->check);
	features_free(&r->features);
	buf_free(&r->vars);
	buf_free(&r->contact);
}

static void
init_run(struct run *r, const struct score_opts *o)
{
	struct buf vars = BUF_INIT(BUF_PROG), contact = BUF_INIT(BUF_RECORD);

	memset(r, 0, sizeof *r);
	r->o = o;
	r->out.fd = r->rejects.fd = r->chain.lock = r->chain.audit.fd = -1;
	r->vars = vars;
	r->contact = contact;
	check_init(&r->check, &r->features);
	pthread_mutex_init(&r->service.lock, NULL);
}

int
score_run(const struct score_opts *o, struct conf *conf, char **files,
    int nfiles)
{
	struct run r;
	struct fail why;
	int code = 0;

	init_run(&r, o);
	why.code = EXIT_MACHINE;
	why.text[0] = '\0';
	if ((o->filter.ledger && ledger_check(o->filter.ledger, &why) < 0) ||
	    open_run(&r, conf, files, nfiles, &why) < 0) {
		code = msg_fail(&why);
		free_run(&r);
		return code;
	}
	if (pump(&r, files, nfiles, &r.at.n.blank, &r.at.n.bytes, &why) < 0 ||
	    (!r.at.complete && (audit_run(&r, &why) < 0 ||
	    save_complete(&r, &why) < 0)) || out_close(&r.out, &why) < 0) {
		code = why.code;
		show_progress(&r, true);
		if (!stop_asked())
			msg("%s", why.text);
		(void)out_flush(&r.out, &why);
	} else {
		show_progress(&r, true);
	}
	if (r.at.n.rejected && o->filter.reject)
		msg_note("%" PRIu64 " of %" PRIu64 " records rejected, see %s",
		    r.at.n.rejected, r.at.n.in, o->filter.reject);
	if ((code == 0 || !r.at.path) && o->filter.reject &&
	    out_close(&r.rejects, &why) < 0)
		code = msg_fail(&why);
	if (code == 0 && r.at.path && resume_remove(&r.at, &why) < 0)
		code = msg_fail(&why);
	if (write_ledger(&r, &why) < 0)
		code = msg_fail(&why);
	free_run(&r);
	return code;
}
