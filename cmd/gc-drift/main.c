/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gc-drift -- is today's distribution the baseline's?
 *
 * Counts the values of an expression on two streams of records, or takes
 * counts made before, and answers with a test, effects, a verdict, and which
 * categories moved. Everything it computes is in lib/stat.
 */
#include "drift.h"
#include "base/msg.h"
#include "base/num.h"
#include "base/rng.h"

static struct settings o = {
	.alpha = 0.05, .level = 0.95, .power = 0.8, .min_n = 30,
	.rounds = 9999, .seed = 1, .adjust = ADJUST_BH, .delta = 0.002,
	.weeks = 4,
};
static struct {
	const char *test, *adjust;
	bool merge;
} words;
static struct filter_opts fo = FILTER_DEFAULTS;

static const struct opt table[] = {
	{ 'k', "key", "EXPR", OPT_STR, &o.key, 0, 0,
	    "count the records by EXPR" },
	{ 'b', "baseline", "FILE", OPT_STR, &o.baseline, 0, 0,
	    "compare with FILE: counts, or records; or same-weekday" },
	{ 0, "time", "EXPR", OPT_STR, &o.time, 0, 0,
	    "of same-weekday: the time of a record" },
	{ 0, "weeks", "N", OPT_INT, &o.weeks, 1, 520,
	    "of same-weekday: so many weeks before (4)" },
	{ 'c', "counts", NULL, OPT_FLAG, &o.counts, 0, 0,
	    "the input is counts: records with category and count" },
	{ 0, "merge", NULL, OPT_FLAG, &words.merge, 0, 0,
	    "the same: the input is what --partial wrote" },
	{ 0, "partial", NULL, OPT_FLAG, &o.partial, 0, 0,
	    "write the input's counts, sorted, and compare nothing" },
	{ 't', "test", "NAME", OPT_STR, &words.test, 0, 0,
	    "homogeneity, gof, g, exact, monte-carlo, ks (numbers)" },
	{ 'a', "alpha", "P", OPT_NUM, &o.alpha, 0, 1,
	    "drift where the p-value is at most P (0.05)" },
	{ 'e', "min-effect", "V", OPT_NUM, &o.min_effect, 0, 1,
	    "and the effect (Cramer's V; D of ks) at least V (0)" },
	{ 'n', "min-n", "N", OPT_INT, &o.min_n, 0, 1e15,
	    "fewer records on a side are insufficient (30)" },
	{ 0, "by", "EXPR", OPT_STR, &o.by, 0, 0,
	    "an answer for each value of EXPR" },
	{ 0, "adjust", "HOW", OPT_STR, &words.adjust, 0, 0,
	    "for many tests at once: bh, bonferroni or none (bh)" },
	{ 0, "level", "L", OPT_NUM, &o.level, 0.5, 0.999999,
	    "of the intervals (0.95)" },
	{ 0, "power", "P", OPT_NUM, &o.power, 0.1, 0.999,
	    "of the smallest shift that could be seen (0.8)" },
	{ 0, "rounds", "N", OPT_INT, &o.rounds, 99, 1e8,
	    "tables drawn by monte-carlo (9999)" },
	{ 0, "seed", "N", OPT_INT, &o.seed, 0, 9e15,
	    "of monte-carlo (GC_SEED, else 1)" },
	{ 0, "stream", NULL, OPT_FLAG, &o.stream, 0, 0,
	    "no baseline: say when in the input something changed" },
	{ 0, "delta", "P", OPT_NUM, &o.delta, 1e-12, 0.5,
	    "of --stream: how seldom a false alarm (0.002)" },
	{ 'x', "exit-code", NULL, OPT_FLAG, &o.exit_code, 0, 0,
	    "exit 1 where there is drift" },
	OPT_END
};
static const struct opt common[] = {
	FILTER_JOBS(fo), FILTER_OPTS(fo), OPT_END
};

static const struct cmd cmd = {
	"gc-drift",
	"-k EXPR --baseline FILE [options] [FILE...]\n"
	"--counts --baseline FILE [options] [FILE...]\n"
	"-k EXPR --partial [options] [FILE...]\n"
	"-k EXPR --stream [options] [FILE...]",
	"say whether today's distribution is the baseline's", { table, common }
};

/* What the run holds; a worker has a reader and a side of its own. */
struct drift {
	struct side baseline, current;
	struct stream stream;
	struct buf said;
};

struct worker {
	struct reader reader;
	struct side side;
};

/* ---- the baseline ---- */

struct baseline {
	struct side *side;
	struct reader reader;
	bool open;
};

static int
on_baseline(void *ctx, const struct record *rec, struct fail *why)
{
	struct baseline *b = ctx;
	bool counts;
	int r;

	if (!b->open) {
		counts = reader_is_count(rec->val);
		if (!counts && !o.key)
			return fail(why, EXIT_USAGE, "the baseline holds "
			    "records, not counts: say with -k what to count");
		if (reader_open(&b->reader, &o, counts, why) < 0)
			return -1;
		b->open = true;
	}
	r = reader_take(&b->reader, b->side, rec, why);
	return r == FILTER_REJECTED ? -1 : r < 0 ? r : 0;
}

static int
read_baseline(struct side *side, struct fail *why)
{
	struct baseline b = { side, { 0 }, false };
	int r = filter_each(o.baseline, on_baseline, &b, why);

	if (b.open)
		reader_close(&b.reader);
	return r;
}

/* ---- the current side ---- */

static int
on_open(void *ctx, void **worker, struct fail *why)
{
	struct worker *w = calloc(1, sizeof *w);

	(void)ctx;
	if (!w)
		return fail_errno(why, "a worker");
	if (reader_open(&w->reader, &o, o.counts, why) < 0) {
		free(w);
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
	struct drift *d = ctx;
	int r = o.stream ? stream_take(&d->stream, &w->reader, rec, emit, why) :
	    reader_take(&w->reader, &w->side, rec, why);

	if (r == FILTER_REJECTED)
		return filter_reject(emit, rec, NULL, o.counts ? "count" :
		    "expression", "%s", why->text);
	return r;
}

static int
on_close(void *ctx, void *worker, struct fail *why)
{
	struct drift *d = ctx;
	struct worker *w = worker;
	int r = why ? side_merge(&d->current, &w->side, why) : 0;

	reader_close(&w->reader);
	side_free(&w->side);
	free(w);
	return r;
}

/* ---- the end ---- */

/* A side's tally of a group. A baseline that knows no groups serves all. */
static const struct tally *
tally_of(const struct side *s, const struct map_key *group, bool serves_all)
{
	const struct map_key *k = s->groups.keys.keys;
	uint32_t i = map_find(&s->groups.keys, group->p, group->len);

	if (i == MAP_NONE && serves_all && s->groups.keys.n == 1 &&
	    key_type(k->p, k->len) == JSON_NULL)
		i = 0;
	return i == MAP_NONE ? NULL : s->tally + i;
}

struct group {
	struct table table;
	struct answer answer;
};

/* Is there more than the one group, null, of a run without --by? */
static bool
grouped(const struct tally *names)
{
	const struct map_key *k = names->keys.keys;

	return o.by || names->keys.n > 1 ||
	    key_type(k->p, k->len) != JSON_NULL;
}

static int
find_answers(const struct drift *d, const struct tally *names,
    const uint32_t *order, struct group *g, struct fail *why)
{
	uint32_t i, n = names->keys.n;
	double *p = calloc(n, sizeof *p);
	int r = p ? 0 : fail_errno(why, "%lu groups", (unsigned long)n);

	for (i = 0; i < n && r == 0; i++) {
		const struct map_key *k = names->keys.keys + order[i];

		r = table_init(&g[i].table, tally_of(&d->baseline, k, true),
		    tally_of(&d->current, k, false), o.test == TEST_KS, why);
		if (r == 0)
			r = answer_find(&g[i].answer, &g[i].table, &o,
			    grouped(names) ? k : NULL, why);
		p[i] = r == 0 && g[i].answer.gof.state == GOF_OK ?
		    g[i].answer.gof.p : NAN;
	}
	if (r == 0 && grouped(names)) {
		r = adjust(p, n, o.adjust, why);
		for (i = 0; i < n; i++)
			g[i].answer.p_adjusted = p[i];
	}
	free(p);
	return r;
}

static int
write_answers(const struct drift *d, const struct tally *names,
    const uint32_t *order, struct group *g, struct emit *emit,
    struct fail *why)
{
	uint64_t missing[2] = { d->baseline.missing, d->current.missing };
	bool drifted = false;
	uint32_t i;

	for (i = 0; i < names->keys.n; i++) {
		answer_judge(&g[i].answer, &g[i].table, &o);
		drifted |= g[i].answer.verdict == VERDICT_DRIFT;
		if (document_write(&emit->out, &g[i].answer, &g[i].table, &o,
		    grouped(names) ? names->keys.keys + order[i] : NULL,
		    missing, why) < 0)
			return -1;
		filter_line(emit);
		if (filter_drain(emit, why) < 0)
			return -1;
	}
	return drifted && o.exit_code ? EXIT_NO : EXIT_OK;
}

/* The groups of the answer, of either side; but not the null of a baseline
 * that has no other, where the input has groups. */
static int
name_groups(const struct drift *d, struct tally *names, struct fail *why)
{
	const struct tally *side[2] = { &d->current.groups,
	    &d->baseline.groups };
	const struct map_key *k;
	uint32_t i;
	int j;

	for (j = 0; j < 2; j++) {
		for (i = 0; i < side[j]->keys.n; i++) {
			k = side[j]->keys.keys + i;
			if (j == 1 && names->keys.n > 0 && side[j]->keys.n == 1
			    && key_type(k->p, k->len) == JSON_NULL)
				continue;
			if (tally_key(names, k->p, k->len, why) == MAP_NONE)
				return -1;
		}
	}
	if (names->keys.n == 0 && tally_key(names, "0", 1, why) == MAP_NONE)
		return -1;
	return 0;
}

static int
on_end(void *ctx, struct emit *emit, struct fail *why)
{
	struct drift *d = ctx;
	struct tally names = TALLY_INIT;
	uint32_t *order = NULL, i;
	struct group *g = NULL;
	int r = -1;

	if (o.stream)
		return stream_end(&d->stream, emit, why) < 0 ? -1 :
		    d->stream.changes && o.exit_code ? EXIT_NO : EXIT_OK;
	if (o.partial)
		return side_write(&d->current, emit, why);
	if (o.seasonal && season_pick(&d->current, &d->baseline, o.weeks,
	    &d->said, why) < 0)
		return -1;
	if (name_groups(d, &names, why) < 0 ||
	    !(order = tally_order(&names, key_cmp, why)))
		goto out;
	if (!(g = calloc(names.keys.n, sizeof *g))) {
		fail_errno(why, "%lu groups", (unsigned long)names.keys.n);
		goto out;
	}
	if (find_answers(d, &names, order, g, why) == 0)
		r = write_answers(d, &names, order, g, emit, why);
	for (i = 0; i < names.keys.n; i++)
		table_free(&g[i].table);
out:
	free(g);
	free(order);
	tally_free(&names);
	return r;
}

/* ---- the command line ---- */

/* The place of a word in a list, or -1. */
static int
choose(const char *word, const char *const *list)
{
	int i;

	for (i = 0; list[i]; i++)
		if (strcmp(word, list[i]) == 0)
			return i;
	return -1;
}

static int
check_options(void)
{
	static const char *const adjusts[] = {
		"none", "bonferroni", "bh", NULL
	};
	int i;

	if (words.test) {
		if ((i = choose(words.test, test_name + 1)) < 0)
			return opt_wrong(&cmd, "no test is called '%s'",
			    words.test);
		o.test = (enum test)(i + 1);
	}
	if (words.adjust) {
		if ((i = choose(words.adjust, adjusts)) < 0)
			return opt_wrong(&cmd, "--adjust takes bh, "
			    "bonferroni or none, not '%s'", words.adjust);
		o.adjust = (enum adjust)i;
	}
	o.counts |= words.merge;
	o.seasonal = o.baseline && strcmp(o.baseline, "same-weekday") == 0;
	if (o.seasonal && (o.by || o.stream || (!o.time && !o.counts)))
		return opt_wrong(&cmd, "--baseline same-weekday needs --time, "
		    "and goes with neither --by nor --stream");
	if (o.time && !o.seasonal)
		return opt_wrong(&cmd, "--time goes with --baseline "
		    "same-weekday");
	if (o.stream && (o.counts || o.by || o.partial || o.baseline ||
	    fo.jobs > 1))
		return opt_wrong(&cmd, "--stream reads records in their "
		    "order, and so goes with none of --counts, --merge, "
		    "--partial, --by, --baseline and --jobs");
	if (o.stream && o.test != TEST_AUTO && o.test != TEST_KS)
		return opt_wrong(&cmd, "--stream has a test of its own; "
		    "--test ks says that the values are numbers");
	if (!o.counts && !o.key)
		return opt_wrong(&cmd, "say with -k what to count, or with "
		    "--counts that the input is counts");
	if (!o.partial && !o.baseline && !o.stream)
		return opt_wrong(&cmd, "compare with what? --baseline FILE "
		    "is missing");
	return 0;
}

/* GC_SEED, where it is set: a number, or any text. */
static void
take_seed(void)
{
	const char *s = getenv("GC_SEED");

	if (s && *s && num_int(s, 0, INT64_MAX, &o.seed) < 0)
		o.seed = (int64_t)(rng_hash(0, s, strlen(s)) >> 1);
}

/* Are both the baseline and the records to come from standard input? */
static bool
stdin_twice(char **files, int n)
{
	bool in = n == 0;
	int i;

	for (i = 0; i < n; i++)
		in |= strcmp(files[i], "-") == 0;
	return in && o.baseline && strcmp(o.baseline, "-") == 0;
}

int
main(int argc, char **argv)
{
	struct drift d;
	struct filter f;
	struct fail why;
	int first, status;

	take_seed();
	first = opt_parse(&cmd, argc, argv, &status);
	if (first < 0)
		return status;
	if ((status = check_options()) != 0)
		return status;
	memset(&d, 0, sizeof d);
	memset(&f, 0, sizeof f);
	stream_init(&d.stream, &o);
	d.said.max = BUF_LINE;
	o.said = &d.said;
	if (stdin_twice(argv + first, argc - first))
		return opt_wrong(&cmd, "standard input is the baseline: the "
		    "records must be in a FILE");
	if (o.baseline && !o.seasonal && !o.partial &&
	    read_baseline(&d.baseline, &why) < 0) {
		side_free(&d.baseline);
		return msg_fail(&why);
	}
	f.opts = &fo;
	f.ctx = &d;
	f.open = on_open;
	f.record = on_record;
	f.close = on_close;
	f.end = on_end;
	f.files = argv + first;
	f.nfiles = argc - first;
	status = filter_run(&f);
	side_free(&d.baseline);
	side_free(&d.current);
	stream_free(&d.stream);
	buf_free(&d.said);
	return status;
}
