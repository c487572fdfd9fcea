/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gc-fetch -- from an API to records.
 *
 * Sends the requests of the command line, follows every page, and writes the
 * records that the answers hold, one a line. */
#include "fetch.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/secret.h"
#include "base/stop.h"
#include "net/shelf.h"
#include "net/token.h"
#include "net/url.h"

static struct fetch_opts o = {
	.interval = -1,
	.filter = FILTER_DEFAULTS,
	.client = CLIENT_DEFAULTS,
};

static const struct opt request[] = {
	{ 'r', "request", "NAME", OPT_STR, &o.request, 0, 0,
	    "a named request; operands are its variables" },
	{ 0, "list", NULL, OPT_FLAG, &o.list, 0, 0,
	    "the named requests there are" },
	{ 'X', "method", "METHOD", OPT_STR, &o.method, 0, 0,
	    "GET, or POST with -d, unless this says so" },
	{ 'd', "data", "BODY", OPT_STR, &o.data, 0, 0,
	    "send BODY, or what is in @FILE (@-: stdin)" },
	{ 'H', "header", "LINE", OPT_LIST, &o.headers, 0, 0,
	    "send the header 'Name: value'" },
	{ 0, "records", "EXPR", OPT_STR, &o.records, 0, 0,
	    "where the records are in an answer (found out)" },
	{ 0, "paginate", "STYLE", OPT_STR, &o.paginate, 0, 0,
	    "how pages follow each other (found out); none" },
	{ 0, "poll", "EXPR", OPT_STR, &o.poll, 0, 0,
	    "repeat until EXPR is true of the answer" },
	{ 0, "interval", "TIME", OPT_SECONDS, &o.interval, 0, 0,
	    "wait so long between two of them (5s)" },
	{ 0, "each", NULL, OPT_FLAG, &o.each, 0, 0,
	    "a request for each record of stdin" },
	{ 0, "as", "FIELD", OPT_STR, &o.as, 0, 0,
	    "with --each: add the answer to its record" },
	{ 0, "split", "FILE", OPT_STR, &o.split, 0, 0,
	    "take a multipart body from FILE (-: stdin) apart" },
	{ 0, "boundary", "TEXT", OPT_STR, &o.boundary, 0, 0,
	    "its boundary (its first line says)" },
	OPT_END
};

static const struct opt output[] = {
	{ 0, "pages", NULL, OPT_FLAG, &o.pages, 0, 0,
	    "answers as they are, a line each" },
	{ 0, "raw", NULL, OPT_FLAG, &o.raw, 0, 0,
	    "an answer's bytes, whatever they are" },
	{ 0, "other-parts", "DIR", OPT_STR, &o.other_parts, 0, 0,
	    "keep parts of a multipart body that are no JSON" },
	{ 0, "max-pages", "N", OPT_INT, &o.max_pages, 1, 1e15,
	    "stop after N pages: exit 7 where there are more" },
	{ 0, "max-records", "N", OPT_INT, &o.max_records, 1, 1e15,
	    "stop after N records, likewise" },
	{ 0, "max-time", "TIME", OPT_SECONDS, &o.max_time, 0, 0,
	    "ask for no further page after TIME, likewise" },
	{ 0, "state", "FILE", OPT_STR, &o.state, 0, 0,
	    "go on where FILE says; with -o each record once" },
	{ 0, "since", "FILE", OPT_STR, &o.since, 0, 0,
	    "begin where the last complete run left its bookmark" },
	{ 0, "since-by", "EXPR", OPT_STR, &o.since_by, 0, 0,
	    "the bookmark is the greatest EXPR of the records" },
	{ 0, "cache", "TIME", OPT_SECONDS, &o.cache, 0, 0,
	    "what was fetched within TIME is not asked for again" },
	{ 0, "refresh", NULL, OPT_FLAG, &o.refresh, 0, 0,
	    "ask all the same, and keep the answer" },
	{ 0, "dry-run", NULL, OPT_FLAG, &o.dry_run, 0, 0,
	    "say each request as a curl command" },
	OPT_END
};

static const struct opt common[] = { FILTER_OPTS(o.filter),
	{ 'j', "jobs", "N", OPT_INT, &o.filter.jobs, 1, 64,
	    "N requests at a time: records, or counted pages" },
	OPT_END };
static const struct opt wire[] = { CLIENT_OPTS(o.client), OPT_END };
static const struct opt where[] = { CONF_OPTS(o.conf), OPT_END };

static const struct cmd cmd = {
	"gc-fetch",
	"[options] PATH...\n"
	"[options] -r REQUEST [name=value | name:=JSON]...\n"
	"[options] --split FILE [--boundary TEXT]\n"
	"--list",
	"from an API to records, one a line",
	{ request, output, common, wire, where }
};

static const enum conf_key shown[] = { CONF_PROFILE, CONF_REGION, CONF_API,
	CONF_API_URL, CONF_CACERT, CONF_SCOPES, CONF_AUTH, CONF_BOT_ID,
	CONF_MODEL_ID, CONF_DASHBOARD_URL, CONF_CAMPAIGN_URL,
	CONF_WEBHOOK_URL, CONF_KEYS };

/* ---- what only says something ---- */

static int
print(struct buf *b)
{
	struct out out;
	struct fail why;
	int code = 0;

	if (out_open(&out, NULL, 0, &why) < 0 ||
	    out_write(&out, b->p, b->len, &why) < 0 ||
	    out_close(&out, &why) < 0)
		code = msg_fail(&why);
	buf_free(b);
	return code;
}

static int
show_list(const struct fetch *f)
{
	struct buf b = BUF_INIT(BUF_DOC);
	struct fail why;

	if (shelf_list(&b, conf_get(&f->conf, CONF_API), &why) < 0)
		return msg_fail(&why);
	return print(&b);
}

/* "-r NAME --help" is about the request. Returns the name, or NULL. */
static const char *
wants_request_help(int argc, char **argv)
{
	const char *name = NULL;
	bool help = false;
	int i;

	for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "--help") == 0)
			help = true;
		else if ((strcmp(argv[i], "-r") == 0 ||
		    strcmp(argv[i], "--request") == 0) && i + 1 < argc)
			name = argv[++i];
		else if (strncmp(argv[i], "--request=", 10) == 0)
			name = argv[i] + 10;
		else if (strncmp(argv[i], "-r", 2) == 0)
			name = argv[i] + 2;
	}
	return help ? name : NULL;
}

static int
show_request(const char *name)
{
	struct buf b = BUF_INIT(BUF_DOC);
	struct conf conf;
	struct named *n;
	struct fail why;
	int code = 0;

	msg_init(cmd.name);
	if (conf_load(&conf, &o.conf, 0, &why) < 0 ||
	    named_open(&n, name, conf_get(&conf, CONF_API), &why) < 0) {
		code = msg_fail(&why);
	} else {
		named_help(n, &b);
		named_close(n);
		code = print(&b);
	}
	conf_free(&conf);
	return code;
}

static int
show_config(const struct fetch *f)
{
	struct buf b = BUF_INIT(BUF_LINE);

	conf_show(&f->conf, shown, &b);
	return print(&b);
}

static int
dry_run(struct fetch *f)
{
	struct named_input in = { .vars = buf_str(&f->vars),
	    .conf = &f->conf };
	struct buf b = BUF_INIT(BUF_DOC);
	struct call c;
	struct fail why;
	int i, r = 0;

	for (i = 0; r == 0 && i < (f->named ? 1 : f->npaths); i++) {
		r = f->named ? named_call(f->named, &in, &c, &why) :
		    fetch_raw_call(f, i, NULL, NULL, &c, &why);
		if (r == 0 && f->named)
			r = fetch_override(f, &c, &why);
		if (r == 0)
			r = dry_run_add(f, &c, &b, &why);
		call_free(&c);
	}
	if (r < 0) {
		buf_free(&b);
		return msg_fail(&why);
	}
	return print(&b);
}

/* ---- the command line ---- */

/* Options that do not go together. Returns 0, or 2 after a message. */
static int
check_options(int noperands)
{
	struct stat st;

	if (o.request && (o.method || o.data))
		return opt_wrong(&cmd, "-r says method and body itself: no -X, "
		    "no -d");
	if (o.as && !o.each)
		return opt_wrong(&cmd, "--as goes with --each");
	if (o.since_by && !o.since)
		return opt_wrong(&cmd, "--since-by goes with --since");
	if (o.boundary && !o.split)
		return opt_wrong(&cmd, "--boundary goes with --split");
	if (o.each && (o.state || o.since || o.max_records || o.max_time > 0 ||
	    o.raw))
		return opt_wrong(&cmd, "--each goes without --state, --since, "
		    "--max-records, --max-time and --raw");
	if (o.filter.retry && !o.each)
		return opt_wrong(&cmd, "--retry goes with --each");
	if (o.cache > 0 && o.state)
		return opt_wrong(&cmd, "--cache goes without --state");
	if (o.data && strcmp(o.data, "@-") == 0 && o.each)
		return opt_wrong(&cmd, "-d @- and --each both read stdin");
	if (o.split && (o.request || noperands || o.each))
		return opt_wrong(&cmd, "--split makes no request");
	if (o.list && (o.request || noperands))
		return opt_wrong(&cmd, "--list takes nothing else");
	if (o.other_parts && stat(o.other_parts, &st) == 0 &&
	    !S_ISDIR(st.st_mode))
		return opt_wrong(&cmd, "--other-parts %s: that is no folder",
		    o.other_parts);
	if (o.list || o.split || o.request)
		return 0;
	if (noperands == 0)
		return opt_wrong(&cmd, "no path and no -r: what is to be "
		    "fetched?");
	if (o.each && noperands > 1)
		return opt_wrong(&cmd, "--each takes one path");
	return 0;
}

static int
check_method(void)
{
	const char *p;

	for (p = o.method; p && *p; p++)
		if (*p < 'A' || *p > 'Z')
			return opt_wrong(&cmd, "-X takes GET, POST, PUT, ..., "
			    "not '%s'", o.method);
	return 0;
}

/* ---- the program ---- */

static void
say(const char *text)
{
	msg_note("%s", text);
}

static int
run(struct fetch *f, char **operands, int n, struct fail *why)
{
	if (o.list)
		return show_list(f);
	if (o.request && named_open(&f->named, o.request,
	    conf_get(&f->conf, CONF_API), why) < 0)
		return msg_fail(why);
	if (fetch_prepare(f, operands, n, why) < 0 ||
	    client_open(&f->client, &o.client, &f->conf, say, why) < 0)
		return msg_fail(why);
	if (o.each)
		return fetch_each(f);
	return o.dry_run ? dry_run(f) : fetch_plain(f);
}

/* The path of the API's URL, which a gateway put there. */
static int
find_prefix(struct fetch *f, struct fail *why)
{
	struct url u;

	url_split(conf_get(&f->conf, CONF_API_URL), &u);
	f->prefix = strndup(u.path.p ? u.path.p : "", u.path.n);
	return f->prefix ? 0 : fail(why, EXIT_MACHINE, "out of memory");
}

int
main(int argc, char **argv)
{
	const char *named_help_of = wants_request_help(argc, argv);
	struct fetch f;
	struct fail why;
	int first, status = 0;

	if (named_help_of)
		return show_request(named_help_of);
	if ((first = opt_parse(&cmd, argc, argv, &status)) < 0)
		return status;
	if ((status = check_options(argc - first)) || (status = check_method()))
		return status;
	memset(&f, 0, sizeof f);
	f.o = &o;
	stop_init();
	token_hide(o.client.token.auth_env);
	msg_quiet(o.filter.quiet);
	if ((o.filter.now ? clock_fix(o.filter.now, &why) :
	    clock_init(&why)) < 0)
		return msg_fail(&why);
	if (o.split) {
		status = fetch_split(&o);
	} else if (secret_no_core(&why) < 0 ||
	    conf_load(&f.conf, &o.conf, 0, &why) < 0 ||
	    find_prefix(&f, &why) < 0) {
		status = msg_fail(&why);
	} else {
		status = o.conf.show ? show_config(&f) :
		    run(&f, argv + first, argc - first, &why);
	}
	client_close(f.client);
	named_close(f.named);
	buf_free(&f.vars);
	buf_free(&f.body);
	buf_free(&f.since);
	free(f.prefix);
	conf_free(&f.conf);
	stop_die();
	return status;
}
