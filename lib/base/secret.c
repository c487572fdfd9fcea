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
	/* a call through a volatile pointer is not seen through */
	static void *(*const volatile wipe)(void *, int, size_t) = memset;

	if (n > 0)
		wipe(p, 0, n);
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

/* Before each piece of memory stands how long it is. */
union head {
	size_t n;
	max_align_t align;
};

void *
secret_alloc(size_t n)
{
	union head *h = n < SIZE_MAX - sizeof *h ? malloc(n + sizeof *h) :
	    NULL;

	if (!h)
		return NULL;
	h->n = n;
	return h + 1;
}

void *
secret_calloc(size_t n, size_t size)
{
	void *p = size && n > SIZE_MAX / size ? NULL : secret_alloc(n * size);

	if (p)
		memset(p, 0, n * size);
	return p;
}

void *
secret_realloc(void *p, size_t n)
{
	size_t old = p ? ((union head *)p)[-1].n : 0;
	void *moved = secret_alloc(n);

	if (!moved)
		return NULL;
	if (p)
		memcpy(moved, p, old < n ? old : n);
	secret_dealloc(p);
	return moved;
}

char *
secret_strdup(const char *s)
{
	size_t n = strlen(s) + 1;
	char *p = secret_alloc(n);

	return p ? memcpy(p, s, n) : NULL;
}

void
secret_dealloc(void *p)
{
	union head *h = p;

	if (!p)
		return;
	h--;
	secret_wipe(p, h->n);
	free(h);
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

static char *hidden[SECRET_HIDDEN + 1];

void
secret_hide(const char *name)
{
	size_t n = strlen(name), i = 0;
	char **e;

	while (hidden[i])
		i++;
	for (e = environ; i < SECRET_HIDDEN && e && *e; e++)
		if (strncmp(*e, name, n) == 0 && (*e)[n] == '=') {
			hidden[i] = *e;
			unsetenv(name);
			return;
		}
}

const char *
secret_getenv(const char *name)
{
	size_t n = strlen(name), i;

	for (i = 0; hidden[i]; i++)
		if (strncmp(hidden[i], name, n) == 0 && hidden[i][n] == '=')
			return hidden[i] + n + 1;
	return getenv(name);
}

char *
secret_hidden(size_t i)
{
	return i < SECRET_HIDDEN ? hidden[i] : NULL;
}

void
secret_mask(char *p, size_t n, const char *secret)
{
	size_t k = strlen(secret);
	char *end = p + n;

	while (k && p && (size_t)(end - p) >= k &&
	    (p = memchr(p, secret[0], (size_t)(end - p) - k + 1))) {
		if (memcmp(p, secret, k) == 0)
			memset(p, '*', k);
		p++;
	}
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
