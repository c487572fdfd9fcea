/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "child.h"

#include <spawn.h>
#include <sys/wait.h>

#include "base/msg.h"

extern char **environ;

/* ---- its environment ---- */

/* Variables that would lead the command away from the mock. */
static const char *const taken[] = {
	"GENESYSCLOUD_ACCESS_TOKEN", "GENESYSCLOUD_OAUTHCLIENT_ID",
	"GENESYSCLOUD_OAUTHCLIENT_SECRET", "GENESYS_CLIENT_SECRET_FILE",
	"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY",
};

struct env {
	char **v;               /* owned, NULL at the end; n of them */
	size_t n;
	struct buf text;        /* where the new ones lie */
	bool failed;
};

static bool
names(const char *entry, const char *name)
{
	size_t n = strlen(name);

	return strncmp(entry, name, n) == 0 && entry[n] == '=';
}

static void
env_drop(struct env *e, const char *name)
{
	size_t i, kept = 0;

	for (i = 0; i < e->n; i++) {
		if (names(e->v[i], name))
			free(e->v[i]);
		else
			e->v[kept++] = e->v[i];
	}
	e->n = kept;
}

static void
env_add(struct env *e, char *entry)
{
	char **v = realloc(e->v, (e->n + 2) * sizeof *v);

	if (v)
		e->v = v;
	if (!v || !entry) {
		free(entry);
		e->failed = true;
		return;
	}
	v[e->n++] = entry;
}

static void
env_set(struct env *e, const char *name, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

static void
env_set(struct env *e, const char *name, const char *fmt, ...)
{
	char value[1024], entry[1200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof value, fmt, ap);
	va_end(ap);
	snprintf(entry, sizeof entry, "%s=%s", name, value);
	env_drop(e, name);
	env_add(e, strdup(entry));
}

static void
env_free(struct env *e)
{
	size_t i;

	for (i = 0; i < e->n; i++)
		free(e->v[i]);
	free(e->v);
}

static void
env_make(struct env *e, const struct mock *m)
{
	const struct opt_list *prefixes = &m->opts->prefixes;
	const char *prefix = prefixes->n ? prefixes->v[0] : "";
	size_t i, n = strlen(prefix);
	char base[600];
	char **entry;

	memset(e, 0, sizeof *e);
	for (entry = environ; *entry; entry++)
		env_add(e, strdup(*entry));
	for (i = 0; i < COUNT(taken); i++)
		env_drop(e, taken[i]);
	while (n > 0 && prefix[n - 1] == '/')
		n--;
	snprintf(base, sizeof base, "http://127.0.0.1:%d%.*s", m->port,
	    (int)n, prefix);
	env_set(e, "GC_API_URL", "%s", base);
	env_set(e, "GC_LOGIN_URL", "%s", base);
	env_set(e, "GENESYS_CLIENT_ID", "%s", CLIENT_ID);
	env_set(e, "GENESYS_CLIENT_SECRET", "%s", CLIENT_SECRET);
	env_set(e, "GENESYS_BOT_ID", "%s", BOT_ID);
	env_set(e, "GENESYS_MODEL_ID", "%s", MODEL_ID);
	env_set(e, "DASHBOARD_API_URL", "%s/dashboard/widgets", base);
	env_set(e, "DASHBOARD_API_TOKEN", "gc-mock-dashboard-token");
	env_set(e, "CAMPAIGN_API_URL", "%s/campaign/contacts", base);
	env_set(e, "CAMPAIGN_API_TOKEN", "gc-mock-campaign-token");
	env_set(e, "COACHING_WEBHOOK_URL", "%s/coaching/events", base);
	if (m->opts->now)
		env_set(e, "GC_NOW", "%s", m->opts->now);
	if (e->v)
		e->v[e->n] = NULL;
}

/* ---- running it ---- */

static int
start(char **argv, const struct mock *m, const sigset_t *old, pid_t *pid)
{
	posix_spawnattr_t attr;
	struct env env;
	int err;

	env_make(&env, m);
	if (env.failed) {
		env_free(&env);
		return ENOMEM;
	}
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, old);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	err = posix_spawnp(pid, argv[0], NULL, &attr, argv, env.v);
	posix_spawnattr_destroy(&attr);
	env_free(&env);
	return err;
}

/* A signal that somebody sent to us alone is meant for the command; one from
 * the terminal went to both already. */
static void
hand_on(pid_t pid, const siginfo_t *info)
{
	if (info->si_code == SI_USER || info->si_code == SI_QUEUE)
		kill(pid, info->si_signo);
}

int
child_run(char **argv, const struct mock *m, const sigset_t *wait,
    const sigset_t *old, int *signal)
{
	siginfo_t info;
	pid_t pid;
	int err = start(argv, m, old, &pid), status;

	*signal = 0;
	if (err) {
		msg("cannot run %s: %s", argv[0], strerror(err));
		return err == ENOENT ? 127 : err == ENOMEM ? EXIT_MACHINE : 126;
	}
	for (;;) {
		if (sigwaitinfo(wait, &info) < 0)
			continue;
		if (info.si_signo != SIGCHLD) {
			hand_on(pid, &info);
			continue;
		}
		if (waitpid(pid, &status, WNOHANG) != pid)
			continue;
		if (WIFEXITED(status))
			return WEXITSTATUS(status);
		if (WIFSIGNALED(status)) {
			*signal = WTERMSIG(status);
			return 128 + *signal;
		}
	}
}
