/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gc-mock -- the platform, for demonstrations and tests.
 *
 * Listens on 127.0.0.1 and answers like the platform: tokens, lists of every
 * paging style, exports, jobs, attributes, scores; all of it made from a
 * seed, and every fault on demand. As "gc-mock exec CMD" it runs a command
 * with the environment that leads it here, and ends with its exit code.
 */
#include <sys/resource.h>

#include "base/clock.h"
#include "base/msg.h"
#include "base/num.h"
#include "base/opt.h"
#include "base/out.h"
#include "child.h"
#include "server.h"

static struct mock_opts o = {
	.seed = -1, .records = 1000, .token_life = 86399
};

static const struct opt table[] = {
	{ 'p', "port", "N", OPT_INT, &o.port, 0, 65535,
	    "listen at port N; 0, the default, is any" },
	{ 's', "seed", "S", OPT_INT, &o.seed, 0, INT32_MAX,
	    "make other data (GC_SEED, else 1)" },
	{ 'n', "records", "N", OPT_INT, &o.records, 0, 100000000,
	    "how many there are of what is many (1000)" },
	{ 0, "drift", NULL, OPT_FLAG, &o.drift, 0, 0,
	    "let the last 30 days differ from those before" },
	{ 'f', "faults", "FILE", OPT_STR, &o.faults, 0, 0,
	    "go wrong as the rules in FILE say" },
	{ 'j', "journal", "FILE", OPT_STR, &o.journal, 0, 0,
	    "write a line about each request to FILE" },
	{ 0, "token-life", "TIME", OPT_SECONDS, &o.token_life, 0, 0,
	    "tokens end after TIME (86399)" },
	{ 0, "rate-limit", "N", OPT_INT, &o.rate_limit, 1, 1000000,
	    "no more than N requests a minute for a token" },
	{ 0, "prefix", "PATH", OPT_LIST, &o.prefixes, 0, 0,
	    "answer below PATH only; may be given again" },
	{ 0, "now", "TIME", OPT_STR, &o.now, 0, 0,
	    "take TIME for the present (GC_NOW)" },
	OPT_END
};

static const struct cmd cmd = { "gc-mock",
	"[options]\n[options] exec [options] CMD [ARG...]",
	"answer like the platform, on the loopback, for tests", { table } };

/* Options, then "exec" and options again, or nothing. Returns the index of
 * CMD, argc where there is none, or -1 with the exit code. */
static int
read_options(int argc, char **argv, int *status)
{
	int first = opt_parse_ahead(&cmd, argc, argv, status), next;

	if (first < 0 || first == argc)
		return first;
	if (strcmp(argv[first], "exec") != 0) {
		*status = opt_wrong(&cmd, "'%s' is neither an option nor "
		    "exec", argv[first]);
		return -1;
	}
	next = opt_parse_ahead(&cmd, argc - first, argv + first, status);
	if (next < 0)
		return -1;
	if (first + next == argc) {
		*status = opt_wrong(&cmd, "exec needs a command");
		return -1;
	}
	return first + next;
}

/* What options cannot check by themselves; clock and seed of the suite. */
static int
settle(void)
{
	const char *seed = getenv("GC_SEED");
	struct fail why;
	size_t i;

	if (o.seed < 0 && (!seed || !*seed))
		o.seed = 1;
	if (o.seed < 0 && num_int(seed, 0, INT32_MAX, &o.seed) < 0)
		return opt_wrong(&cmd, "GC_SEED is no whole number: '%s'",
		    seed);
	if (o.token_life > 1e9)
		return opt_wrong(&cmd, "--token-life is too long");
	for (i = 0; i < o.prefixes.n; i++)
		if (o.prefixes.v[i][0] != '/' ||
		    strlen(o.prefixes.v[i]) > 500)
			return opt_wrong(&cmd, "--prefix begins with /, "
			    "not '%s'", o.prefixes.v[i]);
	if ((o.now ? clock_fix(o.now, &why) : clock_init(&why)) < 0)
		return msg_fail(&why);
	return 0;
}

/* Ends as the command did: by the same signal. */
static void
die_by(int sig)
{
	struct rlimit none = { 0, 0 };
	sigset_t set;

	setrlimit(RLIMIT_CORE, &none);
	signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	raise(sig);
}

/* Those that end us, but for what our parent had ignored (nohup, &), and the
 * command's end. */
static void
signals_to_wait_for(sigset_t *set)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction had;
	size_t i;

	sigemptyset(set);
	for (i = 0; i < COUNT(ends); i++)
		if (sigaction(ends[i], NULL, &had) == 0 &&
		    had.sa_handler != SIG_IGN)
			sigaddset(set, ends[i]);
	signal(SIGCHLD, SIG_DFL);
	sigaddset(set, SIGCHLD);
}

/* Serves until a signal comes, or the command ends. */
static int
serve(struct mock *m, char **argv, const sigset_t *wait, const sigset_t *old,
    int *sig)
{
	struct server *server;
	struct fail why;
	char line[32];
	int n, status = 0;

	if (server_start(&server, m, &why) < 0)
		return msg_fail(&why);
	if (argv) {
		status = child_run(argv, m, wait, old, sig);
	} else {
		n = snprintf(line, sizeof line, "%d\n", m->port);
		if (out_fd(STDOUT_FILENO, line, (size_t)n) < 0) {
			msg("cannot write to stdout: %s", strerror(errno));
			status = EXIT_MACHINE;
		}
		while (status == 0 && (sigwait(wait, &n) != 0 ||
		    n == SIGCHLD))
			;
	}
	server_stop(server);
	return status;
}

int
main(int argc, char **argv)
{
	struct mock m;
	struct fail why;
	sigset_t wait, old;
	int status, first, sig = 0;

	first = read_options(argc, argv, &status);
	if (first < 0 || (status = settle()) != 0)
		return status;
	signals_to_wait_for(&wait);
	pthread_sigmask(SIG_BLOCK, &wait, &old);
	if (mock_open(&m, &o, &why) < 0)
		return msg_fail(&why);
	status = serve(&m, first < argc ? argv + first : NULL, &wait, &old,
	    &sig);
	if (m.journal.failed && first == argc)
		status = EXIT_MACHINE;
	mock_free(&m);
	if (sig)
		die_by(sig);
	return status;
}
