/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gc-annotate -- writes attributes back.
 *
 * What --set yields of each record is merged into the attributes that its
 * interaction has, and written where that changes something. Records go
 * through, with what became of them. */
#include "annotate.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/secret.h"
#include "base/stop.h"
#include "net/digest.h"
#include "net/named.h"
#include "net/token.h"
#include "plan.h"

static struct annotate_opts o = {
	.request = "custom-attributes",
	.id = ".id",
	.conflicts = 8,
	.limits = { 50, 256, 2000, false, NULL },
	.filter = FILTER_DEFAULTS,
	.client = CLIENT_DEFAULTS,
};

static const struct opt what[] = {
	{ 's', "set", "EXPR", OPT_STR, &o.set, 0, 0,
	    "an object: the attributes that a record gives" },
	{ 0, "id", "EXPR", OPT_STR, &o.id, 0, 0,
	    "whose they are (.id)" },
	{ 'r', "request", "NAME", OPT_STR, &o.request, 0, 0,
	    "the named request (custom-attributes)" },
	{ 0, "var", "NAME=VALUE", OPT_LIST, &o.vars, 0, 0,
	    "a variable of that request; NAME:=JSON likewise" },
	{ 'm', "merge", "POLICY", OPT_LIST, &o.merge, 0, 0,
	    "replace, union, max, keep; or NAME=POLICY (replace)" },
	{ 0, "allow-clear", NULL, OPT_FLAG, &o.allow_clear, 0, 0,
	    "null and empty lists clear what is there" },
	{ 0, "own", "PREFIX", OPT_STR, &o.limits.own, 0, 0,
	    "refuse names that do not begin so" },
	{ 0, "conflicts", "N", OPT_INT, &o.conflicts, 1, 1000,
	    "write N times, where others write in between (8)" },
	OPT_END
};

static const struct opt how[] = {
	{ 'n', "dry-run", NULL, OPT_FLAG, &o.dry_run, 0, 0,
	    "write nothing: say what would be, as a plan" },
	{ 0, "apply", "PLAN", OPT_STR, &o.apply, 0, 0,
	    "carry out a plan where nothing changed since" },
	{ 0, "state", "FILE", OPT_STR, &o.state, 0, 0,
	    "a journal of what is done, by which a run goes on" },
	{ 0, "undo", "FILE", OPT_STR, &o.undo, 0, 0,
	    "say a plan that takes back what FILE's run wrote" },
	{ 0, "max-attributes", "N", OPT_INT, &o.limits.names, 0, 1e9,
	    "an interaction has N at most; 0: any (50)" },
	{ 0, "max-name", "SIZE", OPT_SIZE, &o.limits.name, 0, 0,
	    "a name has so many bytes at most; 0: any (256)" },
	{ 0, "max-value", "SIZE", OPT_SIZE, &o.limits.value, 0, 0,
	    "a value, as JSON, likewise (2000)" },
	{ 0, "truncate", NULL, OPT_FLAG, &o.limits.truncate, 0, 0,
	    "cut texts and lists that are longer" },
	OPT_END
};

static const struct opt common[] = { FILTER_OPTS(o.filter),
	FILTER_JOBS(o.filter), OPT_END };
static const struct opt wire[] = { CLIENT_OPTS(o.client), OPT_END };
static const struct opt where[] = { CONF_OPTS(o.conf), OPT_END };

static const struct cmd cmd = {
	"gc-annotate",
	"[options] --set EXPR [FILE...]\n"
	"[options] --dry-run --set EXPR [FILE...]\n"
	"[options] --apply PLAN\n"
	"--undo FILE",
	"write attributes back",
	{ what, how, common, wire, where }
};

static const enum conf_key shown[] = { CONF_PROFILE, CONF_REGION, CONF_API,
	CONF_API_URL, CONF_CACERT, CONF_SCOPES, CONF_AUTH, CONF_KEYS };

/* ---- the command line ---- */

/* Options that do not go together. Returns 0, or 2 after a message. */
static int
check_options(int noperands)
{
	if (o.undo)
		return o.set || o.apply || o.state || o.dry_run || noperands ?
		    opt_wrong(&cmd, "--undo takes nothing else: it says a "
		    "plan, which --apply carries out") : 0;
	if (o.conf.show)
		return 0;
	if (o.apply && (o.set || o.dry_run || o.merge.n || noperands))
		return opt_wrong(&cmd, "--apply goes without --set, --merge, "
		    "--dry-run and other files: the plan says it all");
	if (!o.apply && !o.set)
		return opt_wrong(&cmd, "--set is missing: which attributes?");
	if (o.dry_run && o.state)
		return opt_wrong(&cmd, "--dry-run does nothing that --state "
		    "could note");
	return 0;
}

static void
add_text(struct digest *d, const char *s)
{
	digest_add(d, s ? s : "", s ? strlen(s) + 1 : 1);
}

/* What a journal belongs to: the service, the request, and how it merges.
 * What is wanted is in the key of each job. */
static int
digest_query(const struct annotate *a, const struct named *n,
    char hex[DIGEST_HEX], struct fail *why)
{
	struct digest d;
	char numbers[96];
	size_t i;

	if (digest_init(&d, why) < 0)
		return -1;
	add_text(&d, conf_get(&a->conf, CONF_API_URL));
	add_text(&d, named_text(n));
	add_text(&d, a->vars.p);
	for (i = 0; i < o.merge.n; i++)
		add_text(&d, o.merge.v[i]);
	snprintf(numbers, sizeof numbers, "%d %d %d %" PRIu64,
	    o.apply != NULL, o.allow_clear, o.limits.truncate,
	    o.limits.truncate ? o.limits.value : 0);
	add_text(&d, numbers);
	return digest_end(&d, hex, why);
}

/* --var, and whether the request has such variables; what stands in the
 * way of the records is found before the first one. */
static int
prepare(struct annotate *a, char hex[DIGEST_HEX], struct fail *why)
{
	static const char *const ours[] = { "id", "op", "attributes",
	    "version" };
	struct json_val v;
	struct named *n;
	size_t i;
	int r = policies_parse(&a->policies, &o.merge, why);

	for (i = 0; r == 0 && i < o.vars.n; i++)
		r = named_vars_add(&a->vars, o.vars.v[i], why);
	v.p = a->vars.p;
	v.n = a->vars.len;
	for (i = 0; r == 0 && v.p && i < COUNT(ours); i++)
		if (json_get(v, ours[i], &(struct json_val){ NULL, 0 }))
			r = fail(why, EXIT_USAGE, "--var: %s is what this "
			    "program says itself", ours[i]);
	if (r < 0 || named_open(&n, o.request, conf_get(&a->conf, CONF_API),
	    why) < 0)
		return -1;
	if (v.p)
		r = named_vars_check(n, v.p, why);
	if (r == 0)
		r = digest_query(a, n, hex, why);
	named_close(n);
	return r;
}

/* ---- the program ---- */

static void
say(const char *text)
{
	msg_note("%s", text);
}

static int
show_config(const struct annotate *a, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_LINE);
	struct out out;
	int r;

	conf_show(&a->conf, shown, &b);
	r = out_open(&out, NULL, 0, why) < 0 ||
	    out_write(&out, b.p, b.len, why) < 0 ||
	    out_close(&out, why) < 0 ? msg_fail(why) : 0;
	buf_free(&b);
	return r;
}

static int
run(struct annotate *a, char **files, int nfiles)
{
	char *plan[1] = { (char *)(uintptr_t)o.apply };
	char hex[DIGEST_HEX];
	struct fail why;
	int status;

	if (conf_load(&a->conf, &o.conf, 0, &why) < 0)
		return msg_fail(&why);
	if (o.conf.show)
		return show_config(a, &why);
	if (prepare(a, hex, &why) < 0 ||
	    client_open(&a->client, &o.client, &a->conf, say, &why) < 0 ||
	    (o.state && journal_open(&a->journal, o.state, hex, &why) < 0))
		return msg_fail(&why);
	turns_init(&a->turns);
	status = o.apply ? annotate_records(a, plan, 1) :
	    annotate_records(a, files, nfiles);
	turns_free(&a->turns);
	if (journal_close(a->journal, &why) < 0)
		status = msg_fail(&why);
	return status;
}

int
main(int argc, char **argv)
{
	struct annotate a;
	struct fail why;
	int first, status = 0;

	if ((first = opt_parse(&cmd, argc, argv, &status)) < 0)
		return status;
	if ((status = check_options(argc - first)))
		return status;
	if (o.undo)
		return plan_undo(o.undo, o.filter.output);
	memset(&a, 0, sizeof a);
	a.o = &o;
	a.vars.max = BUF_DOC;
	stop_init();
	token_hide(o.client.token.auth_env);
	msg_quiet(o.filter.quiet);
	status = (o.filter.now ? clock_fix(o.filter.now, &why) :
	    clock_init(&why)) < 0 || secret_no_core(&why) < 0 ?
	    msg_fail(&why) : run(&a, argv + first, argc - first);
	client_close(a.client);
	policies_free(&a.policies);
	buf_free(&a.vars);
	conf_free(&a.conf);
	return status;
}
