/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gc-count -- uniq -c for records.
 *
 * Counts records by the values of expressions, several of them together, and
 * adds up a number beside. Needs no sorted input; grows with the number of
 * different keys only.
 */
#include "name.h"
#include "spill.h"
#include "json/expr.h"
#include "json/filter.h"
#include "json/key.h"
#include "json/write.h"

#define KEYS_MAX 32
#define MEMORY   ((uint64_t)1 << 30)     /* --max-memory */
#define LEAST    ((uint64_t)64 << 10)

static struct opt_list key_words, sum_words;
static struct {
	const char *sum, *as;
	int64_t top;
	uint64_t memory;
	bool partial, merge;
} o = { NULL, "count", 0, MEMORY, false, false };
static struct name keys[KEYS_MAX];
static size_t nkeys;
static struct filter_opts fo = FILTER_DEFAULTS;

static const struct opt table[] = {
	{ 'k', "key", "NAME=EXPR", OPT_LIST, &key_words, 0, 0,
	    "count by EXPR, as field NAME (a path's last member)" },
	{ 's', "sum", "EXPR", OPT_LIST, &sum_words, 0, 0,
	    "add up the numbers of EXPR, as field sum" },
	{ 't', "top", "N", OPT_INT, &o.top, 1, 1e15,
	    "only the N most frequent keys" },
	{ 0, "as", "NAME", OPT_STR, &o.as, 0, 0,
	    "the name of the count (count)" },
	{ 'm', "max-memory", "SIZE", OPT_SIZE, &o.memory, 0, 0,
	    "keys that take more go through files in TMPDIR (1G)" },
	{ 0, "partial", NULL, OPT_FLAG, &o.partial, 0, 0,
	    "write what was counted, for --merge" },
	{ 0, "merge", NULL, OPT_FLAG, &o.merge, 0, 0,
	    "the input is what --partial wrote" },
	OPT_END
};
static const struct opt common[] = {
	FILTER_JOBS(fo), FILTER_OPTS(fo), OPT_END
};

static const struct cmd cmd = {
	"gc-count", "[-k [NAME=]EXPR]... [options] [FILE...]",
	"count records by the values of expressions", { table, common }
};

struct worker {
	struct expr *expr[KEYS_MAX], *sum;      /* owned */
	struct buf key, one;
	struct counts counts;
	struct spill spill;
	bool bare;
};

/* The whole; workers merge into it. */
struct whole {
	struct counts counts;
	struct spill spill;
	bool bare;                      /* there was a part without sums */
};

/* ---- records ---- */

/* Counts every combination of the values from expression i on. */
static int
combine(struct worker *w, size_t i, double x, struct fail *why)
{
	size_t at = w->key.len, j;

	if (i == nkeys)
		return counts_add(&w->counts, &w->key, 1, x, why);
	for (j = 0; j < w->expr[i]->n; j++) {
		w->key.len = at;
		if (counts_key(&w->key, &w->one, w->expr[i]->v[j]) < 0)
			return fail(why, EXIT_MACHINE, "out of memory");
		if (combine(w, i + 1, x, why) < 0)
			return -1;
	}
	return 0;
}

/* The number to add: NaN where there is none. */
static int
number(struct worker *w, const struct record *rec, double *x,
    struct emit *emit, struct fail *why)
{
	struct json_val v;

	*x = NAN;
	if (!w->sum)
		return FILTER_USED;
	if (expr_one_in(w->sum, rec->val, &rec->members, &v, why) < 0)
		return why->code == EXIT_DATA ? filter_reject(emit, rec, NULL,
		    "expression", "%s", why->text) : -1;
	if (json_type(v) == JSON_NULL)
		return FILTER_USED;
	*x = json_double(v);
	if (!isfinite(*x))
		return filter_reject(emit, rec, NULL, "sum",
		    "--sum gives no number that can be added");
	return FILTER_USED;
}

static int
take_record(struct worker *w, const struct record *rec, struct emit *emit,
    struct fail *why)
{
	size_t i;
	double x;
	int r = FILTER_USED;

	for (i = 0; i < nkeys; i++) {
		if (expr_eval_in(w->expr[i], rec->val, &rec->members, why) < 0)
			return why->code == EXIT_DATA ? filter_reject(emit,
			    rec, NULL, "expression", "%s", why->text) : -1;
		if (w->expr[i]->n == 0)
			r = FILTER_DROPPED;
	}
	if (r == FILTER_DROPPED ||
	    (r = number(w, rec, &x, emit, why)) != FILTER_USED)
		return r;
	buf_clear(&w->key);
	return combine(w, 0, x, why) < 0 ? -1 : FILTER_USED;
}

/* ---- parts: {"key":{name:value,...},"count":n,"sum":[parts]} ---- */

static bool
take_sum(struct json_val list, struct exactsum *s)
{
	struct json_iter it;

	if (json_type(list) != JSON_ARRAY)
		return false;
	for (it = json_iter(list); json_next(&it);) {
		if (json_type(it.val) != JSON_NUMBER)
			return false;
		exactsum_add(s, json_double(it.val));
	}
	return isfinite(exactsum_value(s));
}

static int
take_part(struct worker *w, const struct record *rec, struct emit *emit,
    struct fail *why)
{
	struct json_val key, count, sum, v;
	struct exactsum s;
	bool summed;
	int64_t n;
	size_t i;

	if (!json_get(rec->val, "key", &key) ||
	    !json_get(rec->val, "count", &count) || !json_int(count, &n) ||
	    n < 0)
		return filter_reject(emit, rec, NULL, "partial",
		    "not what --partial writes");
	exactsum_init(&s);
	summed = json_get(rec->val, "sum", &sum);
	if (summed && !take_sum(sum, &s))
		return filter_reject(emit, rec, NULL, "partial",
		    "sum is not what --partial writes");
	if (o.sum && !summed)
		return filter_reject(emit, rec, NULL, "partial",
		    "the part has no sum: was it made without --sum?");
	buf_clear(&w->key);
	for (i = 0; i < nkeys; i++) {
		if (!json_get(key, keys[i].name, &v))
			return filter_reject(emit, rec, NULL, "partial",
			    "the part has no key %s", keys[i].name);
		if (counts_key(&w->key, &w->one, v) < 0)
			return fail(why, EXIT_MACHINE, "out of memory");
	}
	w->bare |= !summed;
	return counts_add_sum(&w->counts, &w->key, (uint64_t)n,
	    summed ? &s : NULL, why) < 0 ? -1 : FILTER_USED;
}

/* ---- the loop's callbacks ---- */

/* A worker's share of --max-memory; one more is for the merged ones. */
static size_t
share(void)
{
	return (size_t)(o.memory / (fo.jobs > 1 ? fo.jobs + 1 : 1));
}

static void
worker_free(struct worker *w)
{
	size_t i;

	for (i = 0; i < nkeys; i++)
		if (w->expr[i])
			expr_close(w->expr[i]);
	if (w->sum)
		expr_close(w->sum);
	buf_free(&w->key);
	buf_free(&w->one);
	counts_free(&w->counts);
	spill_free(&w->spill);
	free(w);
}

static int
on_open(void *ctx, void **worker, struct fail *why)
{
	struct buf empty = BUF_INIT(BUF_RECORD);
	struct worker *w = calloc(1, sizeof *w);
	size_t i;

	(void)ctx;
	if (!w)
		return fail_errno(why, "a worker");
	w->key = w->one = empty;
	spill_init(&w->spill, share());
	for (i = 0; i < nkeys && !o.merge; i++) {
		if (expr_open(&w->expr[i], keys[i].text, "--key", why) < 0) {
			worker_free(w);
			return -1;
		}
	}
	if (o.sum && !o.merge && expr_open(&w->sum, o.sum, "--sum", why) < 0) {
		worker_free(w);
		return -1;
	}
	*worker = w;
	return 0;
}

static int
on_record(void *ctx, void *worker, const struct record *rec,
    struct emit *emit, struct fail *why)
{
	struct worker *w = worker;
	int r;

	(void)ctx;
	r = o.merge ? take_part(worker, rec, emit, why) :
	    take_record(worker, rec, emit, why);
	if (r == FILTER_USED && counts_memory(&w->counts) > share() &&
	    spill_counts(&w->spill, &w->counts, why) < 0)
		return -1;
	return r;
}

/* Once a part of the keys is in files, all of them go there. */
static int
merge(struct whole *to, struct worker *w, struct fail *why)
{
	bool sums = to->counts.sums || w->counts.sums;

	if (spill_merge(&to->spill, &w->spill, why) < 0 ||
	    counts_merge(&to->counts, &w->counts, why) < 0)
		return -1;
	to->counts.sums = sums;
	to->bare |= w->bare;
	if (to->counts.tally.keys.n == 0 || (to->spill.n == 0 &&
	    counts_memory(&to->counts) <= o.memory))
		return 0;
	return spill_counts(&to->spill, &to->counts, why);
}

static int
on_close(void *ctx, void *worker, struct fail *why)
{
	int r = why ? merge(ctx, worker, why) : 0;

	worker_free(worker);
	return r;
}

/* ---- the end ---- */

static void
write_parts(struct buf *b, const struct item *x)
{
	uint32_t i;

	buf_putc(b, '[');
	for (i = 0; i < x->nparts; i++) {
		json_sep(b);
		json_num(b, x->part[i]);
	}
	buf_putc(b, ']');
}

/* {"intent":"x",...,"count":n,"sum":s}, or a part. Sums of parts are there
 * without --sum. */
static void
write_item(const struct item *x, bool sums, struct emit *emit)
{
	const char *p = x->key, *value;
	struct buf *b = &emit->out;
	size_t i, n;

	buf_str_add(b, o.partial ? "{\"key\":{" : "{");
	for (i = 0; i < nkeys; i++) {
		value = counts_next(&p, &n);
		json_key(b, keys[i].name);
		key_write(b, value, n);
	}
	if (o.partial)
		buf_putc(b, '}');
	json_key(b, o.partial ? "count" : o.as);
	json_uint(b, x->count);
	if (sums) {
		json_key(b, "sum");
		if (o.partial)
			write_parts(b, x);
		else
			json_num(b, x->nparts ? x->part[0] : 0);
	}
	buf_putc(b, '}');
	filter_line(emit);
}

/* What writes the items, one after the other. */
struct end {
	struct emit *emit;
	bool sums;
	uint64_t n;
};

/* Returns 1 after the last one of --top. */
static int
on_item(void *ctx, const struct item *x, struct fail *why)
{
	struct end *e = ctx;

	write_item(x, e->sums, e->emit);
	if (filter_drain(e->emit, why) < 0)
		return -1;
	return o.top && !o.partial && ++e->n == (uint64_t)o.top;
}

/* All keys from memory. */
static int
each_count(const struct counts *c, struct end *e, struct fail *why)
{
	uint32_t n = c->tally.keys.n, i, *order;
	bool few = o.top && !o.partial && (uint64_t)o.top < n / 16;
	struct item x;
	int r;

	if (few)
		n = (uint32_t)o.top;
	order = few ? counts_first(c, n, why) :
	    counts_order(c, !o.partial, why);
	r = order ? 0 : -1;
	x.place = 0;
	for (i = 0; i < n && r == 0; i++) {
		const struct map_key *k = c->tally.keys.keys + order[i];

		counts_ahead(c, order, n, i);
		x.key = k->p;
		x.nkey = k->len;
		x.count = c->tally.count[order[i]];
		r = counts_parts(c, order[i], x.part, &x.nparts, why);
		if (r == 0)
			r = on_item(e, &x, why);
	}
	free(order);
	return r < 0 ? -1 : 0;
}

/* Whether parts have sums is known when all are read. */
static int
check_sums(const struct whole *all, struct fail *why)
{
	bool taken = strcmp(o.as, "sum") == 0;
	size_t i;

	if (!o.merge || !all->counts.sums)
		return 0;
	if (all->bare)
		return fail(why, EXIT_DATA, "some parts have sums, and some "
		    "have none");
	for (i = 0; i < nkeys; i++)
		taken |= strcmp(keys[i].name, "sum") == 0;
	return taken && !o.partial ? fail(why, EXIT_USAGE,
	    "the parts have sums: nothing else can be called 'sum'") : 0;
}

static int
on_end(void *ctx, struct emit *emit, struct fail *why)
{
	struct whole *all = ctx;
	struct end e = { emit, o.sum || all->counts.sums, 0 };

	if (check_sums(all, why) < 0)
		return -1;
	return all->spill.n ? spill_finish(&all->spill, !o.partial, on_item,
	    &e, why) : each_count(&all->counts, &e, why);
}

/* ---- the command line ---- */

static int
parse_keys(void)
{
	size_t i, j;

	if (o.memory < LEAST)
		return opt_wrong(&cmd, "--max-memory takes 64K or more");
	if (sum_words.n > 1)
		return opt_wrong(&cmd, "--sum is given twice; a run sums one "
		    "expression");
	o.sum = sum_words.n ? sum_words.v[0] : NULL;
	if (o.sum && strcmp(o.as, "sum") == 0)
		return opt_wrong(&cmd, "the count and the sum are both called "
		    "'sum'; see --as");
	if (key_words.n > KEYS_MAX)
		return opt_wrong(&cmd, "at most %d keys", KEYS_MAX);
	for (i = 0; i < key_words.n; i++) {
		if (name_parse(&keys[i], key_words.v[i]) < 0)
			return opt_wrong(&cmd, "what is the name of -k '%s'? "
			    "write NAME=EXPR", key_words.v[i]);
		nkeys = i + 1;
		for (j = 0; j < i; j++)
			if (strcmp(keys[i].name, keys[j].name) == 0)
				return opt_wrong(&cmd, "two keys are called "
				    "'%s'", keys[i].name);
		if (strcmp(keys[i].name, o.as) == 0)
			return opt_wrong(&cmd, "a key and the count are both "
			    "called '%s'; see --as", o.as);
		if (o.sum && strcmp(keys[i].name, "sum") == 0)
			return opt_wrong(&cmd, "a key and the sum are both "
			    "called 'sum'");
	}
	return 0;
}

int
main(int argc, char **argv)
{
	struct whole all;
	struct filter f;
	int first, status;

	first = opt_parse(&cmd, argc, argv, &status);
	if (first < 0)
		return status;
	if ((status = parse_keys()) != 0)
		return status;
	memset(&all, 0, sizeof all);
	spill_init(&all.spill, (size_t)o.memory);
	memset(&f, 0, sizeof f);
	f.opts = &fo;
	f.ctx = &all;
	f.open = on_open;
	f.record = on_record;
	f.close = on_close;
	f.end = on_end;
	f.files = argv + first;
	f.nfiles = argc - first;
	status = filter_run(&f);
	counts_free(&all.counts);
	spill_free(&all.spill);
	while (nkeys > 0)
		free(keys[--nkeys].name);
	free(key_words.v);
	free(sum_words.v);
	return status;
}
