/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/secret.h"

#include <sys/resource.h>

extern char **environ;

int
secret_no_core(struct fail *why)
{
	const struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_CORE, &none) < 0)
		return fail_errno(why, "cannot turn core dumps off");
	if (NO_DUMP() < 0)
		return fail_errno(why, "cannot close this process to others");
	return 0;
}

void
secret_wipe(void *p, size_t n)
{
	volatile unsigned char *c = p;

	while (n-- > 0)
		*c++ = 0;
}

void
secret_free(char *s)
{
	if (s)
		secret_wipe(s, strlen(s));
	free(s);
}

void
secret_buf_free(struct buf *b)
{
	if (b->p)
		secret_wipe(b->p, b->cap + 1);
	buf_free(b);
}

void
secret_unset(const char *name)
{
	size_t n = strlen(name);
	char **e;

	for (e = environ; e && *e; e++)
		if (strncmp(*e, name, n) == 0 && (*e)[n] == '=')
			secret_wipe(*e + n + 1, strlen(*e + n + 1));
	unsetenv(name);
}

bool
secret_same(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b), i;
	unsigned char differ = n != m;

	for (i = 0; i < n && i < m; i++)
		differ |= (unsigned char)(a[i] ^ b[i]);
	return !differ;
}
