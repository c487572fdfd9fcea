/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gc-auth -- a valid access token, for whoever of this user asks.
 *
 * OAuth 2.0 client credentials. What is to be asked for follows from options,
 * environment and profile (plan.h); the token is kept on disk under that
 * (cache.h); when it ends, one process asks for a new one (grant.h) while the
 * others wait for it (turn.h). No other program of the suite ever sees the
 * client's secret.
 */
#include "base/clock.h"
#include "base/msg.h"
#include "base/secret.h"
#include "grant.h"
#include "helper.h"
#include "net/token.h"
#include "scope.h"
#include "show.h"
#include "turn.h"

static struct plan_opts po = { .secret_fd = -1 };
static struct {
	const char *format;
	struct opt_list required;
	double margin, max_wait;
	bool verbose, quiet;
} o = { .margin = 60, .max_wait = 300 };

static const struct opt table[] = {
	{ 'f', "format", "FORMAT", OPT_STR, &o.format, 0, 0,
	    "token, header, json, curl-config or env" },
	{ 's', "scope", "SCOPES", OPT_LIST, &po.scopes, 0, 0,
	    "ask for these scopes" },
	{ 0, "require-scope", "SCOPES", OPT_LIST, &o.required, 0, 0,
	    "fail unless the token has these" },
	{ 0, "client-id", "ID", OPT_STR, &po.conf.flag[CONF_CLIENT_ID], 0, 0,
	    "the client to be" },
	{ 0, "secret-file", "FILE", OPT_STR, &po.conf.flag[CONF_SECRET_FILE],
	    0, 0, "read the client's secret from FILE" },
	{ 0, "secret-fd", "N", OPT_INT, &po.secret_fd, 0, 65535,
	    "read it from file descriptor N" },
	{ 0, "secret-cmd", "COMMAND", OPT_STR, &po.secret_cmd, 0, 0,
	    "read it from what a shell command prints" },
	{ 0, "token-path", "PATH", OPT_STR, &po.token_path, 0, 0,
	    "the endpoint's path (/oauth/token)" },
	{ 0, "client-auth", "HOW", OPT_STR, &po.client_auth, 0, 0,
	    "send id and secret as basic or in the body" },
	{ 0, "margin", "TIME", OPT_SECONDS, &o.margin, 0, 0,
	    "renew that long before the end (60)" },
	{ 0, "max-wait", "TIME", OPT_SECONDS, &o.max_wait, 0, 0,
	    "wait no longer in all (300)" },
	{ 0, "allow-origin", "ORIGIN", OPT_LIST, &po.origins, 0, 0,
	    "send the secret there over plain http" },
	{ 'v', "verbose", NULL, OPT_FLAG, &o.verbose, 0, 0,
	    "say what is done, never a secret" },
	{ 'q', "quiet", NULL, OPT_FLAG, &o.quiet, 0, 0, "no notes" },
	OPT_END
};

static const struct opt where[] = { CONF_OPTS(po.conf), OPT_END };

static const struct cmd cmd = { "gc-auth",
    "[options] [token|header|status|refuse|logout]\n"
    "[options] get|store|erase",
    "hand out a valid access token", { table, where } };

/* The token that is meant, its scopes to be checked, its place on disk. */
struct auth {
	struct plan plan;
	struct buf required;            /* a list (scope.h) */
	struct cache cache;
};

static void
verbose(const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	if (!o.verbose)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	msg("%s", text);
}

static int
open_cache(struct auth *a, bool make, struct fail *why)
{
	char key[DIGEST_HEX];

	return plan_key(&a->plan, key, why) < 0 ? -1 :
	    cache_open(&a->cache, key, make, why);
}

/* ---- token, header ---- */

static int
ask(struct auth *a, double waited, struct cached *t, struct fail *why)
{
	struct plan *p = &a->plan;
	struct grant g = { .url = buf_str(&p->url),
	    .id = conf_get(&p->conf, CONF_CLIENT_ID),
	    .id_origin = conf_origin(&p->conf, CONF_CLIENT_ID),
	    .secret = &p->secret, .scopes = buf_str(&p->scopes),
	    .cacert = conf_get(&p->conf, CONF_CACERT), .basic = p->basic,
	    .policy = RETRY_POLICY, .note = msg_note };

	if (!p->secret.origin)
		return conf_need(&p->conf, CONF_CLIENT_SECRET, why);
	g.policy.max_wait = o.max_wait - waited;
	verbose("asking %s for a token (client id from %s, secret from %s)",
	    g.url, g.id_origin, p->secret.origin);
	return grant_ask(&g, t, why);
}

/* A good token, from the cache or the service. */
static int
obtain(struct auth *a, struct cached *t, struct fail *why)
{
	struct turn turn = { o.margin, o.max_wait, 0, msg_note };
	int r;

	if (open_cache(a, true, why) < 0 ||
	    (r = turn_take(&turn, &a->cache, t, why)) < 0)
		return -1;
	if (r == 1) {
		verbose("taken from %s", a->cache.path);
		return 0;
	}
	if (ask(a, turn.waited, t, why) < 0) {
		turn_failed(&a->cache, why);
		return -1;
	}
	if (cache_write(&a->cache, t, why) < 0)
		return -1;
	verbose("kept in %s", a->cache.path);
	cache_unlock(&a->cache);
	return 0;
}

/* --require-scope: better now than two hours into a fetch. */
static int
check_scopes(struct auth *a, const struct cached *t, struct fail *why)
{
	const char *have = show_scopes(&a->plan, t);
	const char *at = buf_str(&a->required);
	char word[BUF_PATH];
	size_t n;

	if (*at && !have && (a->plan.ready || conf_platform(&a->plan.conf))) {
		msg_note("not checked: %s: nobody says what the token's "
		    "scopes are", at);
		return 0;
	}
	for (; *at; at += n + (at[n] == ' ')) {
		n = strcspn(at, " ");
		snprintf(word, sizeof word, "%.*s", (int)n, at);
		if (!have || !scope_has(have, word))
			return fail(why, EXIT_DENIED, "the token lacks the "
			    "scope %.200s: ask for it with --scope, and see "
			    "that the client is granted it", word);
	}
	return 0;
}

/* The token to hand out, wherever it comes from. */
static int
get(struct auth *a, struct cached *t, struct fail *why)
{
	const struct plan *p = &a->plan;
	int bad = 0;

	memset(t, 0, sizeof *t);
	if (!p->ready) {
		bad = obtain(a, t, why);
	} else {
		verbose("taken from %s", conf_origin(&p->conf,
		    CONF_ACCESS_TOKEN));
		if (!(t->token = strdup(p->ready)))
			bad = fail(why, EXIT_MACHINE, "out of memory");
	}
	return bad ? bad : check_scopes(a, t, why);
}

static int
hand_out(struct auth *a, const char *format, struct fail *why)
{
	struct cached t;
	int bad = get(a, &t, why);

	if (!bad)
		bad = show_token(&a->plan, &t, format, why);
	cached_free(&t);
	return bad;
}

static int
do_token(struct auth *a, struct fail *why)
{
	return hand_out(a, o.format ? o.format : "token", why);
}

static int
do_header(struct auth *a, struct fail *why)
{
	return hand_out(a, "header", why);
}

/* ---- status ---- */

static int
do_status(struct auth *a, struct fail *why)
{
	struct cached t = { .token = NULL };
	bool ready = a->plan.ready != NULL;
	struct moment now;
	int64_t left = 0;
	int bad;

	if (!ready && (open_cache(a, false, why) < 0 ||
	    cache_read(&a->cache, &t, why) < 0))
		return -1;
	moment_now(&now);
	if (t.token)
		left = cached_left(&t, &now);
	bad = show_status(&a->plan, &t, a->cache.path, left, why);
	if (!bad && !ready && left <= 0)
		bad = fail(why, EXIT_DENIED, t.token ? "the token has ended" :
		    "no token is kept");
	if (!bad)
		bad = check_scopes(a, &t, why);
	cached_free(&t);
	return bad;
}

/* ---- refuse, logout ---- */

/* Reads the token that was refused, one line of stdin. */
static int
read_refused(struct buf *b, struct fail *why)
{
	if (buf_reserve(b, b->max) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	if (buf_read_fd(b, STDIN_FILENO) < 0 && errno != E2BIG)
		return fail_errno(why, "cannot read stdin");
	buf_chomp(b);
	if (b->err || !token_valid(b->p, b->len))
		return fail(why, EXIT_DATA, "stdin: expected the refused "
		    "token on one line");
	return 0;
}

/* Forgets the kept token; where refused is not NULL, only if it is the same.
 * Under the lock: a new one that is just coming in must stay. */
static int
forget(struct auth *a, const char *refused, struct fail *why)
{
	struct turn turn = { o.margin, o.max_wait, 0, msg_note };
	struct cached t;
	int r = 1;

	if (open_cache(a, false, why) < 0)
		return -1;
	if (a->cache.dir < 0)
		return 0;
	if (turn_lock(&turn, &a->cache, why) < 0)
		return -1;
	if (refused && (r = cache_read(&a->cache, &t, why)) < 0)
		return -1;
	if (refused && r) {
		r = secret_same(t.token, refused);
		cached_free(&t);
	}
	verbose(r ? "forgotten: %s" : "another token is in %s by now",
	    a->cache.path);
	return r ? cache_forget(&a->cache, why) : 0;
}

static int
do_refuse(struct auth *a, struct fail *why)
{
	const struct plan *p = &a->plan;
	struct buf b = BUF_INIT(BUF_TOKEN);
	int bad = read_refused(&b, why);

	if (!bad && !p->ready)
		bad = forget(a, buf_str(&b), why);
	else if (!bad && secret_same(p->ready, buf_str(&b)))
		bad = fail(why, EXIT_DENIED, "the token of %s was refused; "
		    "it cannot be renewed",
		    conf_origin(&p->conf, CONF_ACCESS_TOKEN));
	secret_buf_free(&b);
	return bad;
}

static int
do_logout(struct auth *a, struct fail *why)
{
	const struct plan *p = &a->plan;

	if (!p->ready)
		return forget(a, NULL, why);
	msg_note("the token of %s is not this program's to forget",
	    conf_origin(&p->conf, CONF_ACCESS_TOKEN));
	return 0;
}

/* ---- get, erase, store: a credential helper of git's kind ---- */

static int
do_get(struct auth *a, struct fail *why)
{
	struct helper h;
	struct cached t = { .token = NULL };
	int bad = helper_read(&h, why);

	if (!bad && helper_concerns(&h, &a->plan)) {
		bad = get(a, &t, why);
		if (!bad)
			bad = helper_answer(&h, &a->plan, &t, why);
	}
	cached_free(&t);
	helper_free(&h);
	return bad;
}

static int
do_erase(struct auth *a, struct fail *why)
{
	struct helper h;
	int bad = helper_read(&h, why);

	if (!bad && h.secret && helper_concerns(&h, &a->plan) &&
	    !a->plan.ready)
		bad = forget(a, h.secret, why);
	helper_free(&h);
	return bad;
}

/* What others hand out is not this program's to keep. */
static int
do_store(struct auth *a, struct fail *why)
{
	struct helper h;
	int bad = helper_read(&h, why);

	(void)a;
	helper_free(&h);
	return bad;
}

/* ---- all of it ---- */

/* --show-config, in place of a verb. */
static int
do_show(struct auth *a, struct fail *why)
{
	bool named = conf_get(&a->plan.conf, CONF_CLIENT_ID) != NULL;

	if (named && open_cache(a, false, why) < 0)
		return -1;
	return show_config(&a->plan, o.margin, named ? a->cache.path : NULL,
	    why);
}

static const struct verb {
	const char *name;
	int (*run)(struct auth *a, struct fail *why);
} verbs[] = {
	{ "token", do_token }, { "header", do_header },
	{ "status", do_status }, { "refuse", do_refuse },
	{ "logout", do_logout }, { "get", do_get }, { "erase", do_erase },
	{ "store", do_store },
};

static int
prepare(struct auth *a, struct fail *why)
{
	return secret_no_core(why) < 0 || clock_init(why) < 0 ||
	    (o.format && show_format(o.format, why) < 0) ||
	    plan_make(&a->plan, &po, why) < 0 ||
	    scope_list(&a->required, o.required.v, o.required.n, why) < 0 ?
	    -1 : 0;
}

static void
auth_free(struct auth *a)
{
	cache_close(&a->cache);
	plan_free(&a->plan);
	buf_free(&a->required);
	free(po.scopes.v);
	free(po.origins.v);
	free(o.required.v);
}

int
main(int argc, char **argv)
{
	struct auth a = { .required = BUF_INIT(BUF_PATH),
	    .cache = { .dir = -1, .lock = -1 } };
	struct fail why = { 0, "" };
	const struct verb *v = verbs;
	int first, status;

	first = opt_parse(&cmd, argc, argv, &status);
	if (first < 0)
		return status;
	msg_quiet(o.quiet);
	for (; first < argc && v < verbs + COUNT(verbs); v++)
		if (strcmp(argv[first], v->name) == 0)
			break;
	if (v == verbs + COUNT(verbs))
		return opt_wrong(&cmd, "unknown verb '%s'", argv[first]);
	if (argc - first > 1)
		return opt_wrong(&cmd, "one verb at a time");
	if (o.format && v->run != do_token)
		return opt_wrong(&cmd, "--format goes with token");
	status = prepare(&a, &why) < 0 ||
	    (po.conf.show ? do_show : v->run)(&a, &why) < 0;
	auth_free(&a);
	return status ? msg_fail(&why) : EXIT_OK;
}
