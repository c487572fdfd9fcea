/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spool.h"

#include "base/out.h"

#define PIECE 65536

/* A file that is gone when it is closed. */
static int
open_temporary(struct fail *why)
{
	const char *dir = getenv("TMPDIR");
	char name[4096];
	int fd;

	snprintf(name, sizeof name, "%s/gc-fetch.XXXXXX",
	    dir && *dir ? dir : "/tmp");
	fd = mkstemp(name);
	if (fd < 0)
		return fail_errno(why, "cannot create %s", name);
	unlink(name);
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

int
spool_add(struct spool *s, const char *p, size_t n, struct fail *why)
{
	if (s->fd < 0 && n <= SPOOL_MEMORY - s->mem.len) {
		s->n += n;
		if (buf_add(&s->mem, p, n) < 0)
			return fail(why, EXIT_MACHINE, "out of memory");
		return 0;
	}
	if (s->fd < 0) {
		if ((s->fd = open_temporary(why)) < 0)
			return -1;
		if (out_fd(s->fd, s->mem.p, s->mem.len) < 0)
			return fail_errno(why, "cannot write a temporary file");
		buf_clear(&s->mem);
	}
	s->n += n;
	if (out_fd(s->fd, p, n) < 0)
		return fail_errno(why, "cannot write a temporary file");
	return 0;
}

int
spool_each(struct spool *s, spool_take *take, void *ctx, struct fail *why)
{
	char piece[PIECE];
	off_t at = 0;
	ssize_t n;

	if (s->fd < 0)
		return s->mem.len ? take(ctx, s->mem.p, s->mem.len, why) : 0;
	while ((n = pread(s->fd, piece, sizeof piece, at)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_errno(why, "cannot read a temporary file");
		if (take(ctx, piece, (size_t)n, why) < 0)
			return -1;
		at += n;
	}
	return 0;
}

void
spool_clear(struct spool *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	s->n = 0;
	buf_clear(&s->mem);
}

void
spool_free(struct spool *s)
{
	spool_clear(s);
	buf_free(&s->mem);
}
