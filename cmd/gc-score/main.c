/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gc-score -- features to scores.
 *
 * Replaces what is missing, checks, sends contacts to a scoring model in
 * batches, and writes what it says of each. */
#include "score.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/secret.h"
#include "base/stop.h"
#include "net/token.h"

static struct score_opts o = {
	.request = "score",
	.id = ".contactId",
	.from = ".features",
	.chunk = 1000,
	.max_bytes = 1 << 20,
	.min_width = 0.15,
	.audit_size = 10 << 20,
	.bins = 10,
	.alpha = 0.1,
	.filter = FILTER_DEFAULTS,
	.client = CLIENT_DEFAULTS,
};

static const struct opt table[] = {
	{ 'f', "features", "FILE", OPT_STR, &o.features, 0, 0,
	    "what the model takes: a file, or one in share/features" },
	{ 0, "csv", NULL, OPT_FLAG, &o.csv, 0, 0,
	    "the contacts are CSV; the first line names the columns" },
	{ 0, "id", "EXPR", OPT_STR, &o.id, 0, 0,
	    "a record's contact (.contactId)" },
	{ 0, "from", "EXPR", OPT_STR, &o.from, 0, 0,
	    "a record's features, an object (.features)" },
	{ 'r', "request", "NAME", OPT_STR, &o.request, 0, 0,
	    "the named request that scores (score)" },
	{ 'm', "model", "ID", OPT_STR, &o.model, 0, 0,
	    "the model (GENESYS_MODEL_ID)" },
	{ 0, "model-version", "V", OPT_STR, &o.version, 0, 0,
	    "that version of it (the newest)" },
	{ 'n', "chunk", "N", OPT_INT, &o.chunk, 1, 100000,
	    "send N contacts a request (1000)" },
	{ 0, "max-bytes", "SIZE", OPT_SIZE, &o.max_bytes, 0, 0,
	    "or as many as SIZE holds (1M)" },
	{ 0, "min-width", "W", OPT_NUM, &o.min_width, 0, 1,
	    "flag scores with a narrower interval (0.15; 0: none)" },
	{ 0, "max-width", "W", OPT_NUM, &o.max_width, 0, 1,
	    "flag scores with a wider interval (0: none)" },
	{ 0, "max-impute", "N|P%", OPT_STR, &o.max_impute, 0, 0,
	    "reject contacts with more replaced; or exit 3" },
	{ 0, "state", "FILE", OPT_STR, &o.state, 0, 0,
	    "go on where FILE says; with -o each score once" },
	{ 0, "audit", "FILE", OPT_STR, &o.audit, 0, 0,
	    "append a chained line a request and a contact to FILE" },
	{ 0, "audit-size", "SIZE", OPT_SIZE, &o.audit_size, 0, 0,
	    "rotate FILE when it is so long (10M)" },
	OPT_END
};

static const struct opt modes[] = {
	{ 0, "infer", NULL, OPT_FLAG, &o.infer, 0, 0,
	    "draft a feature file from contacts" },
	{ 0, "diff", NULL, OPT_FLAG, &o.diff, 0, 0,
	    "say what changed from feature file OLD to NEW" },
	{ 0, "schema", NULL, OPT_FLAG, &o.schema, 0, 0,
	    "write a feature file as JSON Schema" },
	{ 0, "exit-code", NULL, OPT_FLAG, &o.exit_code, 0, 0,
	    "with --diff: exit 1 where a change breaks" },
	{ 0, "calibrate", "OUTCOMES", OPT_STR, &o.calibrate, 0, 0,
	    "how scores held up against what happened" },
	{ 0, "bins", "N", OPT_INT, &o.bins, 1, 1000,
	    "with --calibrate: bins of reliability (10)" },
	{ 0, "alpha", "A", OPT_NUM, &o.alpha, 0.0001, 0.9999,
	    "with --calibrate: an interval may miss so often (0.1)" },
	{ 0, "verify", NULL, OPT_FLAG, &o.verify, 0, 0,
	    "check the chain of audit files, the oldest first" },
	OPT_END
};

static const struct opt common[] = { FILTER_OPTS(o.filter),
	{ 'j', "jobs", "N", OPT_INT, &o.filter.jobs, 1, 64,
	    "N requests at a time; the output keeps its order" },
	OPT_END };
static const struct opt wire[] = { CLIENT_WIRE_OPTS(o.client), OPT_END };
static const struct opt where[] = { CONF_OPTS(o.conf), OPT_END };

static const struct cmd cmd = {
	"gc-score",
	"-f FEATURES [options] [FILE...]\n"
	"--infer [FILE...]\n"
	"--diff [--exit-code] OLD NEW\n"
	"--schema FEATURES\n"
	"--calibrate OUTCOMES [options] [FILE...]\n"
	"--verify AUDIT...",
	"features to scores, in batches", { table, modes, common, wire, where }
};

static const enum conf_key shown[] = { CONF_PROFILE, CONF_REGION, CONF_API,
	CONF_API_URL, CONF_CACERT, CONF_SCOPES, CONF_AUTH, CONF_MODEL_ID,
	CONF_KEYS };

/* Options that do not go together. Returns 0, or 2 after a message. */
static int
check_options(int operands)
{
	int n = o.infer + o.diff + o.schema + (o.calibrate != NULL) + o.verify;

	if (n > 1)
		return opt_wrong(&cmd, "--infer, --diff, --schema, "
		    "--calibrate and --verify are one at a time");
	if (o.schema && operands != 1)
		return opt_wrong(&cmd, "--schema takes a feature file");
	if (o.diff && operands != 2)
		return opt_wrong(&cmd, "--diff takes two feature files");
	if (o.verify && operands == 0)
		return opt_wrong(&cmd, "--verify takes audit files");
	if (o.exit_code && !o.diff)
		return opt_wrong(&cmd, "--exit-code goes with --diff");
	if (n || o.conf.show)
		return 0;
	if (!o.features)
		return opt_wrong(&cmd, "no feature file: -f FILE");
	if (o.csv && o.filter.retry)
		return opt_wrong(&cmd, "a reject file is no CSV: --retry "
		    "without --csv");
	if (o.state && !o.filter.output)
		return opt_wrong(&cmd, "--state goes with -o");
	if (o.filter.max_reject && !o.filter.reject)
		return opt_wrong(&cmd, "--max-reject goes with --reject");
	if (o.filter.max_record < 1 || o.filter.max_record > BUF_DOC)
		return opt_wrong(&cmd, "--max-record takes 1 to 256M");
	if (o.max_bytes < 1 || o.max_bytes > BUF_RECORD)
		return opt_wrong(&cmd, "--max-bytes takes 1 to 64M");
	if (operands == 0 && isatty(STDIN_FILENO))
		return opt_wrong(&cmd, "no input: name a file, or - for the "
		    "terminal");
	return 0;
}

static int
verify(char **files, int n)
{
	struct fail why;
	bool whole;
	int64_t lines = chain_verify(files, n, &whole, &why);

	if (lines < 0)
		return msg_fail(&why);
	msg_note("%" PRId64 " lines, one chain%s", lines, whole ? "" :
	    "; what came before the first of them is not here");
	return 0;
}

static int
show_config(const struct conf *c)
{
	struct buf b = BUF_INIT(BUF_LINE);
	struct out out;
	struct fail why;
	int code = 0;

	conf_show(c, shown, &b);
	if (out_open(&out, NULL, 0, &why) < 0 ||
	    out_write(&out, b.p, b.len, &why) < 0 ||
	    out_close(&out, &why) < 0)
		code = msg_fail(&why);
	buf_free(&b);
	return code;
}

static int
score(char **files, int n)
{
	struct conf conf;
	struct fail why;
	int status;

	stop_init();
	token_hide(o.client.token.auth_env);
	memset(&conf, 0, sizeof conf);
	if (secret_no_core(&why) < 0 ||
	    conf_load(&conf, &o.conf, 0, &why) < 0)
		status = msg_fail(&why);
	else
		status = o.conf.show ? show_config(&conf) :
		    score_run(&o, &conf, files, n);
	conf_free(&conf);
	stop_die();
	return status;
}

int
main(int argc, char **argv)
{
	struct fail why;
	int first, status = 0;

	if ((first = opt_parse(&cmd, argc, argv, &status)) < 0)
		return status;
	argv += first;
	argc -= first;
	if ((status = check_options(argc)))
		return status;
	msg_quiet(o.filter.quiet);
	if ((o.filter.now ? clock_fix(o.filter.now, &why) :
	    clock_init(&why)) < 0)
		return msg_fail(&why);
	if (o.verify)
		return verify(argv, argc);
	if (o.diff)
		return score_diff(&o, argv[0], argv[1]);
	if (o.schema)
		return score_schema(&o, argv[0]);
	if (o.infer)
		return score_infer(&o, argv, argc);
	if (o.calibrate)
		return score_calibrate(&o, argv, argc);
	return score(argv, argc);
}
