/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gc-join -- adds a field from another stream by key.
 *
 * The right side (--with) is read first, into memory while it fits. Then the
 * left side streams by, each record asks for its key, and passes through with
 * what it found as a field. Where the right side does not fit, both go
 * through files (grace.h), and records come out at the end, in their order.
 */
#include "grace.h"
#include "base/msg.h"
#include "base/stop.h"
#include "json/expr.h"
#include "json/filter.h"
#include "json/key.h"
#include "json/write.h"

#define MEMORY ((uint64_t)1 << 30)
#define MEMORY_LEAST ((uint64_t)64 << 10)

static struct {
	const char *key, *with, *with_key, *as, *value, *duplicates, *fallback;
	bool inner;
	uint64_t memory;
} o = { NULL, NULL, NULL, NULL, ".", "last", NULL, false, MEMORY };
static struct filter_opts fo = FILTER_DEFAULTS;

static const struct opt table[] = {
	{ 'k', "key", "EXPR", OPT_STR, &o.key, 0, 0,
	    "the key, of both sides" },
	{ 'w', "with", "FILE", OPT_STR, &o.with, 0, 0,
	    "the right side" },
	{ 0, "with-key", "EXPR", OPT_STR, &o.with_key, 0, 0,
	    "the key of the right side, where it is another" },
	{ 'a', "as", "FIELD", OPT_STR, &o.as, 0, 0,
	    "the field that gets what was found" },
	{ 'v', "value", "EXPR", OPT_STR, &o.value, 0, 0,
	    "what of a right record is added (.: all of it)" },
	{ 'i', "inner", NULL, OPT_FLAG, &o.inner, 0, 0,
	    "drop records that find nothing" },
	{ 0, "default", "JSON", OPT_STR, &o.fallback, 0, 0,
	    "the field of records that find nothing (none)" },
	{ 0, "duplicates", "WHICH", OPT_STR, &o.duplicates, 0, 0,
	    "of right records with one key: last, first, all, error" },
	{ 'm', "max-memory", "SIZE", OPT_SIZE, &o.memory, 0, 0,
	    "beyond it both sides go through files (1G)" },
	OPT_END
};
static const struct opt common[] = {
	FILTER_JOBS(fo), FILTER_OPTS(fo), OPT_END
};

static const struct cmd cmd = {
	"gc-join", "-k EXPR --with FILE --as FIELD [options] [FILE...]",
	"add a field from another stream by key", { table, common }
};

struct join {
	enum keep keep;
	struct table right;
	struct grace *grace;    /* where the right side did not fit */
	FILE *spool;            /* then: the left records */
	struct expr *key, *value;       /* of the right side */
	struct buf k, v;
	uint64_t in, lone, nameless, doubled;
};

/* ---- the right side ---- */

static int
to_grace(void *ctx, const char *key, size_t nkey, const char *val,
    size_t nval, struct fail *why)
{
	return grace_right(ctx, key, nkey, val, nval, why);
}

/* Memory is full: what is in it goes to files, and what comes too. */
static int
spill(struct join *j, struct fail *why)
{
	if (grace_open(&j->grace, j->keep, (size_t)o.memory, why) < 0 ||
	    !(j->spool = spool_open(why)) ||
	    table_each(&j->right, to_grace, j->grace, why) < 0)
		return -1;
	if (j->keep != KEEP_ALL)        /* which are counted again */
		j->doubled = j->right.doubled;
	table_free(&j->right);
	return 0;
}

static int
on_right(void *ctx, const struct record *rec, struct fail *why)
{
	struct join *j = ctx;
	struct json_val k, v;

	if (expr_one_in(j->key, rec->val, &rec->members, &k, why) < 0 ||
	    expr_one_in(j->value, rec->val, &rec->members, &v, why) < 0)
		return -1;
	if (json_type(k) == JSON_NULL) {
		j->nameless++;
		return 0;
	}
	/* in a record, and with KEEP_ALL in a list there, it lies deeper */
	if (json_deeper(v, JSON_DEPTH - (j->keep == KEEP_ALL ? 2 : 1)))
		return fail(why, EXIT_DATA, "nested too deep to stand in a "
		    "record");
	buf_clear(&j->k);
	buf_clear(&j->v);
	if (key_add(&j->k, k) < 0 || buf_add(&j->v, v.p, v.n) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	if (j->grace)
		return grace_right(j->grace, j->k.p, j->k.len, j->v.p,
		    j->v.len, why);
	if (table_add(&j->right, j->k.p, j->k.len, j->v.p, j->v.len,
	    why) < 0)
		return -1;
	return j->right.bytes > o.memory ? spill(j, why) : 0;
}

static int
read_right(struct join *j, struct fail *why)
{
	if (expr_open(&j->key, o.with_key ? o.with_key : o.key,
	    o.with_key ? "--with-key" : "--key", why) < 0 ||
	    expr_open(&j->value, o.value, "--value", why) < 0 ||
	    filter_each(o.with, on_right, j, why) < 0)
		return -1;
	if (j->grace)
		fo.jobs = 1;    /* the spool is one, in order */
	return 0;
}

/* ---- the left side ---- */

struct worker {
	struct expr *key;
	struct buf k, v;
	uint64_t in, lone;
};

/* A record with what it found, or as it is without. */
static int
put(struct emit *emit, struct json_val rec, const struct buf *v, bool found)
{
	struct json_val old;

	if (found)
		json_set(&emit->out, rec, o.as, v->p, v->len);
	else if (o.inner)
		return FILTER_DROPPED;
	else if (o.fallback)
		json_set(&emit->out, rec, o.as, o.fallback,
		    strlen(o.fallback));
	else if (json_get(rec, o.as, &old))
		json_cut(&emit->out, rec, o.as);        /* an earlier join's */
	else
		json_raw(&emit->out, rec);
	filter_line(emit);
	return FILTER_USED;
}

static int
on_record(void *ctx, void *worker, const struct record *rec,
    struct emit *emit, struct fail *why)
{
	struct join *j = ctx;
	struct worker *w = worker;
	struct json_val k;
	int found = 0;

	if (json_type(rec->val) != JSON_OBJECT)
		return filter_reject(emit, rec, NULL, "not-an-object",
		    "the record is no object");
	if (expr_one_in(w->key, rec->val, &rec->members, &k, why) < 0)
		return why->code == EXIT_DATA ? filter_reject(emit, rec, NULL,
		    "expression", "%s", why->text) : -1;
	buf_clear(&w->k);
	if (json_type(k) != JSON_NULL && key_add(&w->k, k) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	w->in++;
	if (j->grace)
		return grace_left(j->grace, w->k.p, w->k.len, why) < 0 ||
		    spool_put(j->spool, rec->val.p, rec->val.n, why) < 0 ?
		    -1 : FILTER_USED;
	if (w->k.len)
		found = table_get(&j->right, w->k.p, w->k.len, &w->v);
	if (found < 0)
		return fail(why, EXIT_DATA, "the matches of one key are too "
		    "long for a record");
	w->lone += !found;
	return put(emit, rec->val, &w->v, found);
}

/* The left records again, each with its answer. */
static int
replay(struct join *j, struct emit *emit, struct fail *why)
{
	struct json_val rec;
	bool found;
	int r;

	if (spool_rewind(j->spool, why) < 0 ||
	    grace_finish(j->grace, why) < 0)
		return -1;
	while ((r = spool_get(j->spool, &j->k, why)) > 0) {
		if (stop_asked())
			return fail(why, EXIT_MACHINE, "interrupted");
		if (grace_next(j->grace, &j->v, &found, why) < 0)
			return -1;
		rec.p = j->k.p;
		rec.n = j->k.len;
		j->lone += !found;
		if (put(emit, rec, &j->v, found) == FILTER_DROPPED)
			emit->dropped++;
		if (filter_drain(emit, why) < 0)
			return -1;
	}
	return r;
}

static int
on_end(void *ctx, struct emit *emit, struct fail *why)
{
	struct join *j = ctx;
	uint64_t keys = j->right.keys.n, idle = table_idle(&j->right);
	uint64_t doubled = j->right.doubled;

	if (j->grace) {
		if (replay(j, emit, why) < 0)
			return -1;
		grace_counts(j->grace, &keys, &idle, &doubled);
		doubled += j->doubled;
	}
	msg_note("%" PRIu64 " of %" PRIu64 " records found nothing%s; %" PRIu64
	    " of %" PRIu64 " keys of %s were not asked for", j->lone, j->in,
	    o.inner ? " and were dropped" : "", idle, keys, o.with);
	if (doubled || j->nameless)
		msg_note("%s: %" PRIu64 " records with a key that was there "
		    "already, %" PRIu64 " without one", o.with, doubled,
		    j->nameless);
	return 0;
}

static int
on_open(void *ctx, void **worker, struct fail *why)
{
	struct worker *w = calloc(1, sizeof *w);

	(void)ctx;
	if (!w)
		return fail_errno(why, "a worker");
	w->k.max = w->v.max = BUF_RECORD * 2;
	if (expr_open(&w->key, o.key, "--key", why) < 0) {
		free(w);
		return -1;
	}
	*worker = w;
	return 0;
}

static int
on_close(void *ctx, void *worker, struct fail *why)
{
	struct join *j = ctx;
	struct worker *w = worker;

	(void)why;
	j->in += w->in;
	j->lone += w->lone;
	expr_close(w->key);
	buf_free(&w->k);
	buf_free(&w->v);
	free(w);
	return 0;
}

/* ---- the command line ---- */

static int
check_words(enum keep *keep, int nfiles)
{
	static const char *const words[] = {
		[KEEP_LAST] = "last", [KEEP_FIRST] = "first",
		[KEEP_ALL] = "all", [KEEP_NONE] = "error",
	};
	size_t i;

	if (!o.key || !o.with || !o.as)
		return opt_wrong(&cmd, "%s is missing", !o.key ? "--key" :
		    !o.with ? "--with" : "--as");
	if (!*o.as || json_utf8(o.as, strlen(o.as)) != strlen(o.as))
		return opt_wrong(&cmd, "--as: '%s' is no name", o.as);
	for (i = 0; i < COUNT(words); i++)
		if (strcmp(o.duplicates, words[i]) == 0)
			break;
	if (i == COUNT(words))
		return opt_wrong(&cmd, "--duplicates takes last, first, all "
		    "or error, not '%s'", o.duplicates);
	*keep = (enum keep)i;
	if (o.fallback && json_check(o.fallback, strlen(o.fallback), NULL,
	    NULL) < 0)
		return opt_wrong(&cmd, "--default: '%s' is no JSON",
		    o.fallback);
	if (o.inner && o.fallback)
		return opt_wrong(&cmd, "--inner drops what --default is for");
	if (o.memory < MEMORY_LEAST || o.memory > SIZE_MAX / 2)
		return opt_wrong(&cmd, "--max-memory takes 64K or more");
	if (strcmp(o.with, "-") == 0 && nfiles == 0)
		return opt_wrong(&cmd, "both sides cannot be stdin");
	return 0;
}

int
main(int argc, char **argv)
{
	struct fail why;
	struct filter f;
	struct join j;
	int first, status;

	first = opt_parse(&cmd, argc, argv, &status);
	if (first < 0)
		return status;
	memset(&j, 0, sizeof j);
	memset(&f, 0, sizeof f);
	if ((status = check_words(&j.keep, argc - first)) != 0)
		return status;
	j.k.max = j.v.max = BUF_DOC;
	table_init(&j.right, j.keep);
	f.opts = &fo;
	f.ctx = &j;
	f.open = on_open;
	f.record = on_record;
	f.close = on_close;
	f.end = on_end;
	f.files = argv + first;
	f.nfiles = argc - first;
	if (read_right(&j, &why) < 0)
		status = msg_fail(&why);
	else
		status = filter_run(&f);
	if (j.key)
		expr_close(j.key);
	if (j.value)
		expr_close(j.value);
	if (j.spool)
		fclose(j.spool);
	grace_close(j.grace);
	table_free(&j.right);
	buf_free(&j.k);
	buf_free(&j.v);
	return status;
}
