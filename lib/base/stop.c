/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/stop.h"

static volatile sig_atomic_t asked;

static void
note(int sig)
{
	asked = sig;
}

void
stop_init(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction sa, old;
	size_t i;

	memset(&sa, 0, sizeof sa);
	sa.sa_handler = note;
	sa.sa_flags = (int)SA_RESETHAND;        /* the second one kills */
	for (i = 0; i < COUNT(signals); i++)
		if (sigaction(signals[i], NULL, &old) == 0 &&
		    old.sa_handler != SIG_IGN)
			sigaction(signals[i], &sa, NULL);
	signal(SIGXFSZ, SIG_IGN);       /* a write says EFBIG: exit 6 */
}

bool
stop_asked(void)
{
	return asked != 0;
}

void
stop_die(void)
{
	sigset_t set;

	if (!asked)
		return;
	signal(asked, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, asked);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	raise(asked);
}
