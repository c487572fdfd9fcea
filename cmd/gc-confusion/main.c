/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gc-confusion -- how good is a classifier, and what does it mix up?
 *
 * From records with an actual and a predicted label to one document: the
 * matrix, figures with intervals, each label's own, the most confused pairs
 * with examples, calibration. Everything it computes is in lib/stat.
 */
#include "tool.h"
#include "base/msg.h"
#include "base/num.h"
#include "base/rng.h"
#include "json/jq.h"

static struct settings o = {
	.actual = ".actual_intent", .predicted = ".predicted_intent",
	.bins = 10, .top = 10, .examples = 3, .seed = 1, .level = 0.95,
};
static struct opt_list gates;
static struct filter_opts fo = FILTER_DEFAULTS;

static const struct opt table[] = {
	{ 'a', "actual", "EXPR", OPT_STR, &o.actual, 0, 0,
	    "the actual label (.actual_intent)" },
	{ 'p', "predicted", "EXPR", OPT_STR, &o.predicted, 0, 0,
	    "the predicted label (.predicted_intent); null: none" },
	{ 'c', "confidence", "EXPR", OPT_STR, &o.confidence, 0, 0,
	    "the prediction's confidence, 0 to 1" },
	{ 'i', "id", "EXPR", OPT_STR, &o.id, 0, 0,
	    "what names a record, for examples" },
	{ 0, "fallback", "LABEL", OPT_STR, &o.fallback, 0, 0,
	    "a prediction of LABEL is none" },
	{ 0, "bins", "N", OPT_INT, &o.bins, 1, CALIB_BINS_MAX,
	    "bins of the calibration (10)" },
	{ 0, "equal-mass", NULL, OPT_FLAG, &o.equal_mass, 0, 0,
	    "bins of as many records each, not of equal width" },
	{ 0, "top", "N", OPT_INT, &o.top, 0, 1e9,
	    "show the N most confused pairs (10)" },
	{ 0, "examples", "N", OPT_INT, &o.examples, 0, 1000,
	    "with N ids each (3)" },
	{ 0, "seed", "N", OPT_INT, &o.seed, 0, 9e15,
	    "of the choice of examples (GC_SEED, else 1)" },
	{ 0, "level", "L", OPT_NUM, &o.level, 0.5, 0.999999,
	    "of the intervals (0.95)" },
	{ 0, "compare", "OLD", OPT_STR, &o.compare, 0, 0,
	    "tell these predictions from OLD's, record by record (-i)" },
	{ 0, "fail-if", "EXPR", OPT_LIST, &gates, 0, 0,
	    "exit 1 where EXPR is true of the document" },
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
	"gc-confusion", "[-a EXPR] [-p EXPR] [-c EXPR] [-i EXPR] [options] "
	"[FILE...]", "say how good a classifier is, and what it mixes up",
	{ table, common }
};

/* A worker gathers on its own. */
struct worker {
	struct reader reader;
	struct gather gather;
};

static int
on_open(void *ctx, void **worker, struct fail *why)
{
	struct worker *w = calloc(1, sizeof *w);

	(void)ctx;
	if (!w)
		return fail_errno(why, "a worker");
	if (reader_open(&w->reader, &o, why) < 0) {
		free(w);
		return -1;
	}
	if (gather_init(&w->gather, &o, why) < 0) {
		reader_close(&w->reader);
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
	const char *rule = NULL;
	int r;

	(void)ctx;
	if (o.merge)
		r = partial_take(&w->reader, &w->gather, &o, rec->val, &rule,
		    why);
	else
		r = reader_take(&w->reader, &w->gather, &o, rec, &rule, why);
	if (r == FILTER_REJECTED && !o.merge && platform_is(rec))
		r = platform_take(&w->reader, &w->gather, rec->val, &rule,
		    why);
	if (r == FILTER_REJECTED)
		return filter_reject(emit, rec, NULL, rule, "%s", why->text);
	return r;
}

static int
on_close(void *ctx, void *worker, struct fail *why)
{
	struct worker *w = worker;
	int r = why ? gather_merge(ctx, &o, &w->gather, why) : 0;

	reader_close(&w->reader);
	gather_free(&w->gather);
	free(w);
	return r;
}

/* ---- the gates ---- */

static int
on_gate(void *ctx, struct json_val v)
{
	bool *is_true = ctx;

	*is_true |= json_type(v) != JSON_NULL && json_type(v) != JSON_FALSE;
	return 0;
}

/* Runs every --fail-if on the document. Returns 0, EXIT_NO or -1. */
static int
run_gates(const char *p, size_t n, struct fail *why)
{
	struct jq *jq;
	size_t i;
	int missed = EXIT_OK, r;

	for (i = 0; i < gates.n; i++) {
		bool is_true = false;

		if (jq_open(&jq, gates.v[i], "--fail-if", NULL, why) < 0)
			return -1;
		r = jq_run(jq, p, n, on_gate, &is_true, why);
		jq_close(jq);
		if (r < 0)
			return -1;
		if (is_true) {
			msg("gate missed: %s", gates.v[i]);
			missed = EXIT_NO;
		}
	}
	return missed;
}

static int
on_end(void *ctx, struct emit *emit, struct fail *why)
{
	struct gather *g = ctx;
	struct figures f;
	size_t at = emit->out.len;
	int r;

	if (o.partial)
		return partial_write(g, emit, why);
	if (o.equal_mass && figures_equal_mass(g, why) < 0)
		return -1;
	if (figures_init(&f, g, &o, why) < 0)
		return -1;
	r = document_write(&emit->out, &f, g, &o, why);
	figures_free(&f);
	if (r < 0 || emit->out.err)
		return r;
	r = run_gates(emit->out.p + at, emit->out.len - at, why);
	filter_line(emit);
	return r;
}

/* GC_SEED, where it is set: a number, or any text. */
static void
take_seed(void)
{
	const char *s = getenv("GC_SEED");

	if (s && *s && num_int(s, 0, INT64_MAX, &o.seed) < 0)
		o.seed = (int64_t)(rng_hash(0, s, strlen(s)) >> 1);
}

/* Does every --fail-if compile? Found out before the first record. */
static int
check_gates(struct fail *why)
{
	struct jq *jq;
	size_t i;

	for (i = 0; i < gates.n; i++) {
		if (jq_open(&jq, gates.v[i], "--fail-if", NULL, why) < 0)
			return -1;
		jq_close(jq);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	struct gather g;
	struct old old;
	struct filter f;
	struct fail why;
	int first, status;

	take_seed();
	first = opt_parse(&cmd, argc, argv, &status);
	if (first < 0)
		return status;
	if (gates.n && o.partial)
		return opt_wrong(&cmd, "--fail-if needs the document that "
		    "--partial does not make");
	if (o.compare && (o.partial || o.merge || !o.id))
		return opt_wrong(&cmd, "--compare pairs records by --id, and "
		    "so goes with neither --partial nor --merge");
	memset(&old, 0, sizeof old);
	o.old = &old;
	if (check_gates(&why) < 0 || gather_init(&g, &o, &why) < 0)
		return msg_fail(&why);
	if (o.compare && old_read(&old, &o, &why) < 0) {
		gather_free(&g);
		old_free(&old);
		return msg_fail(&why);
	}
	memset(&f, 0, sizeof f);
	f.opts = &fo;
	f.ctx = &g;
	f.open = on_open;
	f.record = on_record;
	f.close = on_close;
	f.end = on_end;
	f.files = argv + first;
	f.nfiles = argc - first;
	status = filter_run(&f);
	gather_free(&g);
	old_free(&old);
	free(gates.v);
	return status;
}
