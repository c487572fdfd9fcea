/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/audit.h"
#include "base/buf.h"
#include "base/out.h"

static int
reopen(struct audit *a)
{
	int fd = open(a->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0)
		return -1;
	if (a->fd >= 0)
		close(a->fd);
	a->fd = fd;
	return 0;
}

int
audit_open(struct audit *a, const char *path, uint64_t size,
    struct fail *why)
{
	a->fd = -1;
	a->size = size;
	a->path = strdup(path);
	if (!a->path)
		return fail(why, EXIT_MACHINE, "out of memory");
	if (reopen(a) == 0)
		return 0;
	fail_errno(why, "cannot open %s", path);
	if (why)
		why->code = EXIT_USAGE;
	audit_close(a);
	return -1;
}

/* Does the name still mean the file that is open? */
static bool
is_current(const struct audit *a, struct stat *open_now)
{
	struct stat named;

	return fstat(a->fd, open_now) == 0 && stat(a->path, &named) == 0 &&
	    named.st_ino == open_now->st_ino &&
	    named.st_dev == open_now->st_dev;
}

/* FILE.4 to FILE.5, ..., FILE to FILE.1. A gap in the row is no failure. */
static void
shift(const char *path)
{
	struct buf from = BUF_INIT(BUF_PATH), to = BUF_INIT(BUF_PATH);
	int i;

	for (i = AUDIT_KEPT; i > 0; i--) {
		buf_clear(&from);
		buf_clear(&to);
		buf_addf(&to, "%s.%d", path, i);
		if (i > 1)
			buf_addf(&from, "%s.%d", path, i - 1);
		else
			buf_str_add(&from, path);
		if (!from.err && !to.err)
			(void)rename(buf_str(&from), buf_str(&to));
	}
	buf_free(&from);
	buf_free(&to);
}

/* Under the lock: whoever finds the file still there puts it aside. */
static int
rotate(struct audit *a)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct buf name = BUF_INIT(BUF_PATH);
	struct stat st;
	int lock, r;

	buf_addf(&name, "%s.lock", a->path);
	lock = open(buf_str(&name), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	buf_free(&name);
	if (lock < 0)
		return -1;
	while ((r = fcntl(lock, F_SETLKW, &whole)) < 0 && errno == EINTR)
		;
	if (r == 0 && is_current(a, &st) && (uint64_t)st.st_size >= a->size)
		shift(a->path);
	r = reopen(a);
	close(lock);
	return r;
}

int
audit_line(struct audit *a, const char *p, size_t n, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_DOC);
	struct stat st;
	int r = 0;

	buf_add(&b, p, n);
	buf_putc(&b, '\n');
	if (!is_current(a, &st))
		r = reopen(a);
	else if (S_ISREG(st.st_mode) && a->size &&
	    (uint64_t)st.st_size >= a->size)
		r = rotate(a);
	if (b.err)
		r = fail(why, EXIT_MACHINE, "out of memory");
	else if (r < 0 || out_fd(a->fd, b.p, b.len) < 0)
		r = fail_errno(why, "cannot write %s", a->path);
	buf_free(&b);
	return r;
}

void
audit_close(struct audit *a)
{
	if (a->path && a->fd >= 0)
		close(a->fd);
	free(a->path);
	a->path = NULL;
	a->fd = -1;
}
