/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gc-serve -- what gc-report makes, over HTTP on this machine.
 *
 * Looks into folders for the documents of runs and serves the newest as a
 * page, as JSON, as metrics; and the history of them all. Only reads.
 */
#include "serve.h"
#include "stored.h"
#include "base/clock.h"
#include "base/msg.h"
#include "base/out.h"
#include "base/secret.h"

static struct {
	int64_t port;
	const char *listen, *token_file, *now, *store, *dsn_file;
	double stale, timeout;
} o = { .port = 8000, .listen = "127.0.0.1", .stale = 300, .timeout = 60 };

static const struct opt table[] = {
	{ 'p', "port", "N", OPT_INT, &o.port, 0, 65535,
	    "listen at port N (8000); 0 is any" },
	{ 0, "listen", "ADDRESS", OPT_STR, &o.listen, 0, 0,
	    "at this address (127.0.0.1)" },
	{ 0, "store", "DSN", OPT_STR, &o.store, 0, 0,
	    "show this store too (GC_STORE, else gcpipe.db in DIR)" },
	{ 0, "dsn-file", "FILE", OPT_STR, &o.dsn_file, 0, 0,
	    "the first line of FILE is the DSN of the store" },
	{ 0, "stale", "TIME", OPT_SECONDS, &o.stale, 0, 0,
	    "results older than TIME are shown with their age (300)" },
	{ 0, "token-file", "FILE", OPT_STR, &o.token_file, 0, 0,
	    "ask for the bearer token in FILE" },
	{ 0, "timeout", "TIME", OPT_SECONDS, &o.timeout, 0, 0,
	    "a request and its answer may take TIME (60)" },
	{ 0, "now", "TIME", OPT_STR, &o.now, 0, 0,
	    "take TIME for the present (GC_NOW)" },
	OPT_END
};

static const struct cmd cmd = { "gc-serve", "[options] [DIR...]",
	"show the newest results on http://127.0.0.1:8000/", { table } };

/* ---- the token ---- */

#define TOKEN_LEAST 16

static int
check_token(const struct buf *b, struct fail *why)
{
	size_t i;

	if (b->len < TOKEN_LEAST)
		return fail(why, EXIT_USAGE, "%s: a token has %d letters or "
		    "more", o.token_file, TOKEN_LEAST);
	for (i = 0; i < b->len; i++)
		if ((unsigned char)b->p[i] <= 0x20 ||
		    (unsigned char)b->p[i] >= 0x7f)
			return fail(why, EXIT_USAGE, "%s: a token is one "
			    "word of visible ASCII", o.token_file);
	return 0;
}

static int
read_token(struct buf *b, struct fail *why)
{
	int fd = open(o.token_file, O_RDONLY | O_CLOEXEC | O_NONBLOCK), bad;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		fail_errno(why, "cannot open %s", o.token_file);
		why->code = EXIT_USAGE;
		if (fd >= 0)
			close(fd);
		return -1;
	}
	if (!S_ISREG(st.st_mode) || (st.st_mode & 077))
		bad = fail(why, EXIT_USAGE, "%s: others can read it; type: "
		    "chmod 600 %s", o.token_file, o.token_file);
	else if (buf_reserve(b, b->max) < 0 || buf_read_fd(b, fd) < 0)
		bad = fail_errno(why, "cannot read %s", o.token_file);
	else
		bad = 0;
	close(fd);
	if (bad == 0) {
		buf_chomp(b);
		bad = check_token(b, why);
	}
	return bad;
}

/* ---- the run ---- */

static int
say_where(int port)
{
	bool v6 = strchr(o.listen, ':') != NULL;
	char line[128];
	int n = snprintf(line, sizeof line, "http://%s%.60s%s:%d/\n",
	    v6 ? "[" : "", o.listen, v6 ? "]" : "", port);

	if (out_fd(STDOUT_FILENO, line, (size_t)n) == 0)
		return 0;
	msg("cannot write to stdout: %s", strerror(errno));
	return EXIT_MACHINE;
}

/* Those that end us, but for what our parent had ignored. */
static void
signals_to_wait_for(sigset_t *set)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction had;
	size_t i;

	sigemptyset(set);
	for (i = 0; i < COUNT(ends); i++)
		if (sigaction(ends[i], NULL, &had) == 0 &&
		    had.sa_handler != SIG_IGN)
			sigaddset(set, ends[i]);
	pthread_sigmask(SIG_BLOCK, set, NULL);
}

/* Serves until a signal comes. Returns the exit code; *sig is the signal,
 * *stuck says that a page is still being made, of what belongs to it. */
static int
serve(struct site *site, const char *token, int *sig, bool *stuck)
{
	struct server_opts so = { o.listen, (int)o.port, token, o.timeout,
	    site_find, site };
	const struct timespec second = { 1, 0 };
	struct server *server;
	struct fail why;
	sigset_t wait;
	int status;

	signals_to_wait_for(&wait);
	if (server_start(&server, &so, &why) < 0)
		return msg_fail(&why);
	status = say_where(server_port(server));
	signal(SIGPIPE, SIG_IGN);
	*sig = -1;
	while (status == 0 && *sig < 0) {
		*sig = sigtimedwait(&wait, NULL, &second);
		server_tick(server);
	}
	*stuck = server_stop(server) < 0;
	if (*sig > 0)
		pthread_sigmask(SIG_UNBLOCK, &wait, NULL);
	return status;
}

static int
settle(void)
{
	struct fail why;

	if (o.timeout < 1 || o.timeout > 86400)
		return opt_wrong(&cmd, "--timeout is 1s to 1d");
	if (o.stale > 1e9)
		return opt_wrong(&cmd, "--stale is too long");
	if (server_loopback(o.listen) < 0)
		return opt_wrong(&cmd, "--listen takes a numeric address, "
		    "not '%s'", o.listen);
	if (server_loopback(o.listen) == 0 && !o.token_file)
		return opt_wrong(&cmd, "others can reach %s: that takes "
		    "--token-file", o.listen);
	if ((o.now ? clock_fix(o.now, &why) : clock_init(&why)) < 0)
		return msg_fail(&why);
	return 0;
}

int
main(int argc, char **argv)
{
	static char *usual[] = { (char *)"out" };
	struct buf token = BUF_INIT(BUF_TOKEN), dsn = BUF_INIT(BUF_PATH);
	struct settings_serve so;
	struct site *site = NULL;
	struct fail why;
	int first, status, sig = 0;
	bool stuck = false;

	first = opt_parse(&cmd, argc, argv, &status);
	if (first < 0 || (status = settle()) != 0)
		return status;
	so.dirs = first < argc ? argv + first : usual;
	so.ndirs = first < argc ? argc - first : 1;
	so.stale = o.stale;
	if (secret_no_core(&why) < 0 || (o.token_file && read_token(&token,
	    &why) < 0) || stored_find(&dsn, o.store, o.dsn_file, &why) < 0 ||
	    (so.store = buf_str(&dsn), site_open(&site, &so, &why)) < 0) {
		secret_buf_free(&token);
		secret_buf_free(&dsn);
		return msg_fail(&why);
	}
	status = serve(site, o.token_file ? buf_str(&token) : NULL, &sig, &stuck);
	if (!stuck) {
		site_close(site);
		secret_buf_free(&dsn);
	}
	secret_buf_free(&token);
	if (sig > 0) {
		signal(sig, SIG_DFL);
		raise(sig);
	}
	return status;
}
