/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/token.h"
#include "base/clock.h"
#include "base/out.h"
#include "base/secret.h"
#include "base/share.h"

#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

struct token {
	pthread_mutex_t lock;
	const char *auth_env;   /* the fixed token's variable, or NULL */
	bool no_auth;
	const char *command;    /* for the shell; NULL: run program */
	char *program;          /* owned: gc-auth's path, or its bare name */
	char **env;             /* owned array: the child's environment */
	char **own;             /* owned strings in it; NULL at the end */
	char *text;             /* owned: the token now in use; NULL: none */
	int64_t taken;          /* when gc-auth last confirmed it */
};

bool
token_valid(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (p[i] <= ' ' || p[i] >= 0x7f)
			return false;
	return n > 0;
}

void
token_hide(const char *auth_env)
{
	static const char *const names[] = {
		"GENESYS_CLIENT_SECRET", "GENESYSCLOUD_OAUTHCLIENT_SECRET",
		"GENESYSCLOUD_ACCESS_TOKEN", "DASHBOARD_API_TOKEN",
		"CAMPAIGN_API_TOKEN", "POSTGRES_CONNECTION_STRING", "GC_STORE"
	};
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		secret_hide(names[i]);
	if (auth_env)
		secret_hide(auth_env);
}

/* ---- before the first token ---- */

static int
no_memory(struct fail *why)
{
	return fail(why, EXIT_MACHINE, "out of memory");
}

/* Adds NAME=value to the child's own variables. */
static int
export(void *ctx, const char *name, const char *value)
{
	struct token *t = ctx;
	size_t n = 0, size = strlen(name) + strlen(value) + 2;
	char **own;

	while (t->own && t->own[n])
		n++;
	own = realloc(t->own, (n + 2) * sizeof *own);
	if (!own)
		return -1;
	t->own = own;
	own[n + 1] = NULL;
	own[n] = malloc(size);
	if (!own[n])
		return -1;
	snprintf(own[n], size, "%s=%s", name, value);
	return 0;
}

static bool
same_name(const char *a, const char *b)
{
	size_t n = strcspn(a, "=");

	return strncmp(a, b, n + 1) == 0;
}

int
token_settings(const struct conf *c, const char *scopes,
    const struct opt_list *origins,
    int (*tell)(void *ctx, const char *name, const char *value), void *ctx)
{
	static const enum conf_key keys[] = {
		CONF_PROFILE, CONF_REGION, CONF_API, CONF_CACERT
	};
	struct buf words = BUF_INIT(BUF_HEAD);
	size_t i;
	int r = 0;

	for (i = 0; i < COUNT(keys) && r == 0; i++)
		if (conf_export(c, keys[i]))
			r = tell(ctx, conf_export(c, keys[i]),
			    conf_get(c, keys[i]));
	for (i = 0; origins && i < origins->n; i++)
		buf_addf(&words, "%s%s", i ? " " : "", origins->v[i]);
	if (words.err)
		r = -1;
	if (r == 0 && words.len)
		r = tell(ctx, "GC_ALLOW_ORIGIN", buf_str(&words));
	if (r == 0 && scopes)
		r = tell(ctx, "GC_SCOPES", scopes);
	buf_free(&words);
	return r;
}

/* The environment of this process, but for what flags and the request say. */
static int
build_env(struct token *t, const struct conf *c, const char *scopes,
    const struct opt_list *origins)
{
	size_t i, k, n = 0, nown = 0, nhidden = 0;

	if (token_settings(c, scopes, origins, export, t) < 0)
		return -1;
	while (environ && environ[n])
		n++;
	while (t->own && t->own[nown])
		nown++;
	while (secret_hidden(nhidden))
		nhidden++;
	t->env = calloc(n + nhidden + nown + 1, sizeof *t->env);
	if (!t->env)
		return -1;
	for (i = 0, n = 0; environ && environ[i]; i++) {
		for (k = 0; k < nown; k++)
			if (same_name(t->own[k], environ[i]))
				break;
		if (k == nown)
			t->env[n++] = environ[i];
	}
	for (k = 0; k < nhidden; k++)
		t->env[n++] = secret_hidden(k);
	for (k = 0; k < nown; k++)
		t->env[n++] = t->own[k];
	return 0;
}

/* gc-auth beside the running program, else the name alone, for PATH. */
static int
find_program(struct token *t)
{
	struct buf path = BUF_INIT(BUF_PATH);

	if (share_program_dir(&path) == 0) {
		buf_str_add(&path, "/gc-auth");
		if (!path.err && access(buf_str(&path), X_OK) == 0)
			t->program = strdup(buf_str(&path));
	}
	if (!t->program)
		t->program = strdup("gc-auth");
	buf_free(&path);
	return t->program ? 0 : -1;
}

/* --auth-env: a token that is there already. */
static int
take_variable(struct token *t, const char *name, struct fail *why)
{
	const char *text = secret_getenv(name);

	if (!text || !*text)
		return fail(why, EXIT_USAGE, "--auth-env: %s is not set", name);
	if (!token_valid(text, strlen(text)))
		return fail(why, EXIT_USAGE,
		    "--auth-env: %s does not hold a token", name);
	t->auth_env = name;
	t->text = strdup(text);
	return t->text ? 0 : no_memory(why);
}

int
token_open(struct token **out, const struct token_opts *o,
    const struct conf *c, const char *scopes, struct fail *why)
{
	struct token *t;
	int bad = 0;

	*out = NULL;
	if (o->auth_env && o->no_auth)
		return fail(why, EXIT_USAGE,
		    "--auth-env and --no-auth exclude each other");
	t = calloc(1, sizeof *t);
	if (!t)
		return no_memory(why);
	pthread_mutex_init(&t->lock, NULL);
	t->no_auth = o->no_auth;
	t->command = conf_get(c, CONF_AUTH);
	if (o->auth_env)
		bad = take_variable(t, o->auth_env, why);
	else if (!o->no_auth && (build_env(t, c, scopes, o->origins) < 0 ||
	    (!t->command && find_program(t) < 0)))
		bad = no_memory(why);
	if (bad)
		token_close(t);
	else
		*out = t;
	return bad;
}

bool
token_wanted(const struct token *t)
{
	return !t->no_auth;
}

/* ---- running gc-auth ---- */

/* The child: stdin from in (-1: nothing there), stdout to out. Returns 0, or
 * an error number. */
static int
spawn(struct token *t, const char *verb, int in, int out, pid_t *pid)
{
	posix_spawn_file_actions_t act;
	posix_spawnattr_t attr;
	struct buf line = BUF_INIT(BUF_LINE);
	char sh[] = "sh", dash_c[] = "-c";
	char *argv[4] = { t->program, (char *)verb, NULL, NULL };
	sigset_t set;
	int e;

	if (t->command) {
		buf_addf(&line, "%s %s", t->command, verb);
		argv[0] = sh;
		argv[1] = dash_c;
		argv[2] = (char *)buf_str(&line);
	}
	if (line.err)
		return line.err;
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr,
	    POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	sigemptyset(&set);
	posix_spawnattr_setsigmask(&attr, &set);
	sigaddset(&set, SIGPIPE);
	posix_spawnattr_setsigdefault(&attr, &set);
	posix_spawn_file_actions_init(&act);
	if (in >= 0)
		posix_spawn_file_actions_adddup2(&act, in, STDIN_FILENO);
	else
		posix_spawn_file_actions_addopen(&act, STDIN_FILENO,
		    "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&act, out, STDOUT_FILENO);
	e = t->command ? posix_spawn(pid, "/bin/sh", &act, &attr, argv, t->env)
	    : posix_spawnp(pid, t->program, &act, &attr, argv, t->env);
	posix_spawn_file_actions_destroy(&act);
	posix_spawnattr_destroy(&attr);
	buf_free(&line);
	return e;
}

/* What the command's end means for us. A shell says 128 + N of what died of
 * signal N. */
static int
judge(struct token *t, const char *verb, int status, struct fail *why)
{
	const char *name = t->command ? t->command : t->program;
	int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
	    WEXITSTATUS(status);

	if (code == 0)
		return 0;
	if (code == 126 || code == 127)
		return fail(why, EXIT_USAGE, "no token: cannot run %s",
		    name);
	if (code > 128)
		return fail(why, EXIT_MACHINE, "no token: '%s %s' was killed "
		    "by signal %d", name, verb, code - 128);
	fail(why, EXIT_DENIED, "no token: '%s %s' ended with exit code %d",
	    name, verb, code);
	if (why && (code == EXIT_USAGE || (code >= EXIT_SERVICE &&
	    code <= EXIT_INCOMPLETE)))
		why->code = code;
	return -1;
}

/* A pipe that no other child inherits. */
static int
channel(int fd[2])
{
	if (pipe(fd) < 0)
		return -1;
	fcntl(fd[0], F_SETFD, FD_CLOEXEC);
	fcntl(fd[1], F_SETFD, FD_CLOEXEC);
	return 0;
}

/* Hands the refused token over. A child that does not read it is no failure,
 * and no reason to die: SIGPIPE is held back, and taken away if it came. */
static void
say(int fd, const char *text)
{
	static const struct timespec at_once = { 0, 0 };
	sigset_t pipe_only, before, pending;

	sigemptyset(&pipe_only);
	sigaddset(&pipe_only, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe_only, &before);
	sigpending(&pending);
	if ((out_fd(fd, text, strlen(text)) < 0 || out_fd(fd, "\n", 1) < 0) &&
	    errno == EPIPE && !sigismember(&pending, SIGPIPE))
		sigtimedwait(&pipe_only, NULL, &at_once);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static int
collect(int fd, pid_t pid, struct buf *out, int *status)
{
	int bad = buf_read_fd(out, fd), e = errno;

	close(fd);
	while (waitpid(pid, status, 0) < 0)
		if (errno != EINTR)
			return -1;
	errno = e;
	return bad;
}

/* Runs "COMMAND verb"; what it prints goes into out. */
static int
run(struct token *t, const char *verb, const char *input, struct buf *out,
    struct fail *why)
{
	int from[2], to[2] = { -1, -1 }, status = 0, e;
	pid_t pid;

	if (channel(from) < 0)
		return fail_errno(why, "no token");
	if (input && channel(to) < 0) {
		close(from[0]);
		close(from[1]);
		return fail_errno(why, "no token");
	}
	e = spawn(t, verb, to[0], from[1], &pid);
	close(from[1]);
	if (input)
		close(to[0]);
	if (e) {
		close(from[0]);
		if (input)
			close(to[1]);
		return fail(why, e == ENOMEM || e == EAGAIN ? EXIT_MACHINE :
		    EXIT_USAGE, "no token: cannot run %s: %s",
		    t->command ? "/bin/sh" : t->program, strerror(e));
	}
	if (input) {
		say(to[1], input);
		close(to[1]);
	}
	if (collect(from[0], pid, out, &status) < 0)
		return fail_errno(why, "no token: cannot read from '%s %s'",
		    t->command ? t->command : t->program, verb);
	return judge(t, verb, status, why);
}

/* ---- tokens ---- */

/* Takes the one line that was printed. */
static int
keep(struct token *t, struct buf *b, struct fail *why)
{
	char *text;

	buf_chomp(b);
	if (!token_valid(b->p, b->len))
		return fail(why, EXIT_USAGE, "no token: '%s token' did not "
		    "print a token on one line",
		    t->command ? t->command : t->program);
	text = strdup(buf_str(b));
	if (!text)
		return no_memory(why);
	secret_free(t->text);
	t->text = text;
	return 0;
}

/* Asks gc-auth. A token in hand that could not be confirmed is used on: only
 * when the service refuses it is it known to be dead. */
static int
ask(struct token *t, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_TOKEN);
	int bad;

	bad = buf_reserve(&b, b.max) < 0 ? no_memory(why) :
	    run(t, "token", NULL, &b, why);
	if (!bad)
		bad = keep(t, &b, why);
	secret_buf_free(&b);
	t->taken = clock_mono();
	return bad && t->text ? 0 : bad;
}

int
token_get(struct token *t, struct buf *out, struct fail *why)
{
	int bad = 0;

	buf_clear(out);
	if (t->no_auth)
		return 0;
	pthread_mutex_lock(&t->lock);
	if (!t->auth_env && (!t->text || clock_mono() - t->taken >
	    (int64_t)TOKEN_FRESH * 1000000000))
		bad = ask(t, why);
	if (!bad && buf_str_add(out, t->text) < 0)
		bad = no_memory(why);
	pthread_mutex_unlock(&t->lock);
	return bad;
}

int
token_refuse(struct token *t, const char *refused, struct fail *why)
{
	struct buf said = BUF_INIT(BUF_TOKEN);
	int bad = 0;

	if (t->no_auth)
		return fail(why, EXIT_DENIED, "the service wants a token, and "
		    "with --no-auth none is sent");
	if (t->auth_env)
		return fail(why, EXIT_DENIED, "the token in %s was refused",
		    t->auth_env);
	pthread_mutex_lock(&t->lock);
	if (t->text && secret_same(t->text, refused)) {
		bad = run(t, "refuse", refused, &said, why);
		secret_free(t->text);
		t->text = NULL;
	}
	pthread_mutex_unlock(&t->lock);
	secret_buf_free(&said);
	return bad;
}

void
token_close(struct token *t)
{
	size_t i;

	if (!t)
		return;
	for (i = 0; t->own && t->own[i]; i++)
		free(t->own[i]);
	free(t->own);
	free(t->env);
	free(t->program);
	secret_free(t->text);
	pthread_mutex_destroy(&t->lock);
	free(t);
}
