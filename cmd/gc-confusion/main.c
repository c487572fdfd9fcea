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

static struct opt_list fallbacks;
static struct settings o = {
	.actual = ".actual_intent", .predicted = ".predicted_intent",
	.bins = 10, .top = 10, .examples = 3, .seed = 1, .level = 0.95,
	.ranks = 5, .zero_division = NAN, .fallbacks = &fallbacks,
};
static struct {
	const char *order, *zero_division;
} words;
static struct opt_list gates, roll_ups;
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
	{ 0, "fallback", "LABEL", OPT_LIST, &fallbacks, 0, 0,
	    "a prediction of LABEL is none; may be given again" },
	{ 0, "ranked", "EXPR", OPT_STR, &o.ranked, 0, 0,
	    "all labels that came into question, best first" },
	{ 0, "ranks", "K", OPT_INT, &o.ranks, 1, RANKS_MAX,
	    "of these: is the actual one among the first 1..K? (5)" },
	{ 0, "zero-division", "X", OPT_STR, &words.zero_division, 0, 0,
	    "what 0/0 is for a label: null (the default), 0 or 1" },
	{ 0, "map", "FILE", OPT_STR, &o.map_file, 0, 0,
	    "labels to take for others: {\"as is\":\"shall be\",...}" },
	{ 0, "roll-up", "PREFIX*", OPT_LIST, &roll_ups, 0, 0,
	    "take all labels that begin with PREFIX for one" },
	{ 0, "bins", "N", OPT_INT, &o.bins, 1, CALIB_BINS_MAX,
	    "bins of the calibration (10)" },
	{ 0, "equal-mass", NULL, OPT_FLAG, &o.equal_mass, 0, 0,
	    "bins of as many records each, not of equal width" },
	{ 0, "top", "N", OPT_INT, &o.top, 0, 1e9,
	    "show the N most confused pairs (10)" },
	{ 0, "order", "HOW", OPT_STR, &words.order, 0, 0,
	    "by count (the default), share or lift" },
	{ 0, "examples", "N", OPT_INT, &o.examples, 0, 1000,
	    "with N ids each (3)" },
	{ 0, "seed", "N", OPT_INT, &o.seed, 0, 9e15,
	    "of the choice of examples (GC_SEED, else 1)" },
	{ 0, "level", "L", OPT_NUM, &o.level, 0.5, 0.999999,
	    "of the intervals (0.95)" },
	{ 0, "compare", "OLD", OPT_STR, &o.compare, 0, 0,
	    "tell these predictions from OLD's, by record (-i)" },
	{ 0, "fail-if", "EXPR", OPT_LIST, &gates, 0, 0,
	    "exit 1 where EXPR is true of the document" },
	{ 0, "sparse", NULL, OPT_FLAG, &o.sparse, 0, 0,
	    "the matrix as a list of the cells that are not 0" },
	{ 0, "long", NULL, OPT_FLAG, &o.as_cells, 0, 0,
	    "write a record a cell that is not 0, and no figures" },
	{ 0, "csv", NULL, OPT_FLAG, &o.as_csv, 0, 0,
	    "write the matrix as CSV, and no figures" },
	{ 0, "excel-safe", NULL, OPT_FLAG, &o.excel_safe, 0, 0,
	    "in CSV, no label is a formula to Excel" },
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
		r = platform_take(&w->reader, &w->gather, &o, rec->val,
		    &rule, why);
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
	if (o.as_cells || o.as_csv) {
		r = o.as_csv ? cells_csv(&f, &o, emit, why) :
		    cells_long(&f, g, &o, emit, why);
		figures_free(&f);
		return r;
	}
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

/* The words that some options take; 0, or the exit code. */
static int
read_words(void)
{
	static const char *const orders[] = { "count", "share", "lift" };
	const char *zero = words.zero_division;
	size_t i = 0;

	if (words.order) {
		while (i < COUNT(orders) && strcmp(words.order, orders[i]) != 0)
			i++;
		if (i == COUNT(orders))
			return opt_wrong(&cmd, "--order takes count, share or "
			    "lift, not '%s'", words.order);
		o.order = (enum order)i;
	}
	if (!zero || strcmp(zero, "null") == 0)
		return 0;
	if (strcmp(zero, "0") != 0 && strcmp(zero, "1") != 0)
		return opt_wrong(&cmd, "--zero-division takes null, 0 or 1, "
		    "not '%s'", zero);
	o.zero_division = *zero == '1' ? 1 : 0;
	return 0;
}

/* What does not go together; 0, or the exit code. */
static int
check_options(void)
{
	size_t i, n;

	if (o.partial + o.as_cells + o.as_csv > 1)
		return opt_wrong(&cmd, "--partial, --long and --csv are "
		    "three outputs: choose one");
	if (o.excel_safe && !o.as_csv)
		return opt_wrong(&cmd, "--excel-safe goes with --csv");
	if (gates.n && (o.partial || o.as_cells || o.as_csv))
		return opt_wrong(&cmd, "--fail-if needs the document, which "
		    "--partial, --long and --csv do not make");
	if (o.compare && (o.partial || o.merge || !o.id))
		return opt_wrong(&cmd, "--compare pairs records by --id, and "
		    "so goes with neither --partial nor --merge");
	for (i = 0; i < roll_ups.n; i++) {
		n = strlen(roll_ups.v[i]);
		if (n < 2 || roll_ups.v[i][n - 1] != '*')
			return opt_wrong(&cmd, "--roll-up takes a prefix and "
			    "a star, as billing.*, not '%s'", roll_ups.v[i]);
	}
	return 0;
}

/* A part was made with its labels changed already. */
static int
open_labels(struct label_map **labels, struct fail *why)
{
	if (o.merge || (!o.map_file && roll_ups.n == 0))
		return 0;
	if (label_map_open(labels, o.map_file, &roll_ups, why) < 0)
		return -1;
	o.map = *labels;
	return 0;
}

int
main(int argc, char **argv)
{
	struct gather g;
	struct old old;
	struct label_map *labels = NULL;
	struct filter f;
	struct fail why;
	int first, status;

	take_seed();
	first = opt_parse(&cmd, argc, argv, &status);
	if (first < 0)
		return status;
	if ((status = read_words()) != 0 || (status = check_options()) != 0)
		return status;
	memset(&old, 0, sizeof old);
	o.old = &old;
	if (check_gates(&why) < 0 || open_labels(&labels, &why) < 0 ||
	    gather_init(&g, &o, &why) < 0) {
		label_map_close(labels);
		return msg_fail(&why);
	}
	if (o.compare && old_read(&old, &o, &why) < 0) {
		gather_free(&g);
		old_free(&old);
		label_map_close(labels);
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
	label_map_close(labels);
	free(fallbacks.v);
	free(gates.v);
	free(roll_ups.v);
	return status;
}
