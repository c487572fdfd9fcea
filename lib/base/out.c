/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700       /* realpath() */
#include "base/out.h"

#include <poll.h>

#define FLUSH_AT 65536
#define NAMESAKES 100           /* temporaries of one name that are tried */

/* The reader is gone: die as the shell expects, whatever we inherited. */
static void
die_by_sigpipe(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	raise(SIGPIPE);
}

int
out_fd(int fd, const void *p, size_t n)
{
	const char *c = p;
	ssize_t k;

	while (n > 0) {
		k = write(fd, c, n);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			struct pollfd full = { fd, POLLOUT, 0 };

			(void)poll(&full, 1, -1);       /* a sharer made it so */
			continue;
		}
		if (k < 0) {
			if (errno == EPIPE && fd == STDOUT_FILENO)
				die_by_sigpipe();
			return -1;
		}
		c += k;
		n -= (size_t)k;
	}
	return 0;
}

static int
cannot_write(struct out *o, struct fail *why)
{
	return fail_errno(why, "cannot write to %s", o->temp ? o->temp :
	    o->path ? o->path : "stdout");
}

static int
cannot_open(struct out *o, const char *path, struct fail *why)
{
	int e = errno;

	fail_errno(why, "cannot create %s", path);
	if (why && (e == ENOENT || e == EACCES || e == ENOTDIR ||
	    e == EISDIR || e == EROFS || e == ENAMETOOLONG))
		why->code = EXIT_USAGE;
	free(o->temp);
	o->temp = NULL;         /* nothing is there to be removed */
	out_abort(o);
	return -1;
}

/* Opens PATH.part, or PATH.tmp.PID, which must be new: a process elsewhere
 * that shares the folder may have our number, and a dead one may have left
 * its file behind. Returns 0 or -1. */
static int
open_temp(struct out *o)
{
	size_t n = strlen(o->path) + 32;
	int how = O_WRONLY | O_CREAT | O_CLOEXEC, k;
	mode_t mode = o->flags & OUT_PRIVATE ? 0600 : 0666;

	if (!(o->temp = malloc(n)))
		return -1;
	if (o->flags & OUT_RESUME) {
		snprintf(o->temp, n, "%s.part", o->path);
		o->fd = open(o->temp, how, mode);
		return o->fd < 0 ? -1 : 0;
	}
	for (k = 0; k < NAMESAKES; k++) {
		snprintf(o->temp, n, k ? "%s.tmp.%ld.%d" : "%s.tmp.%ld",
		    o->path, (long)getpid(), k);
		o->fd = open(o->temp, how | O_EXCL, mode);
		if (o->fd >= 0 || errno != EEXIST)
			break;
	}
	return o->fd < 0 ? -1 : 0;
}

/* A file that is there already: what a link leads to is what is replaced,
 * and who may read it stays as it was. */
static int
open_existing(struct out *o, const struct stat *st)
{
	char *real;

	if (access(o->path, W_OK) < 0)
		return -1;
	if ((real = realpath(o->path, NULL))) {
		free(o->path);
		o->path = real;
	}
	if (open_temp(o) < 0)
		return -1;
	if (!(o->flags & OUT_PRIVATE))
		(void)fchmod(o->fd, st->st_mode & 0777);
	return 0;
}

int
out_open(struct out *o, const char *path, unsigned flags, struct fail *why)
{
	struct buf empty = BUF_INIT(BUF_DOC);
	struct stat st;
	bool there;

	o->fd = -1;
	o->flags = flags;
	o->b = empty;
	o->path = o->temp = NULL;
	o->bytes = 0;
	o->err = 0;
	if (!path || strcmp(path, "-") == 0) {
		o->fd = STDOUT_FILENO;
		if (isatty(o->fd))
			o->flags |= OUT_LINES;
		return 0;
	}
	if (!*path)
		return fail(why, EXIT_USAGE, "a file to write has no name");
	there = stat(path, &st) == 0;
	if (!(o->path = strdup(path)))
		return fail(why, EXIT_MACHINE, "out of memory");
	if (there && !S_ISREG(st.st_mode)) {
		/* /dev/null, a pipe: there is nothing to rename */
		o->fd = open(path, O_WRONLY | O_CLOEXEC);
		return o->fd < 0 ? cannot_open(o, path, why) : 0;
	}
	if ((there ? open_existing(o, &st) : open_temp(o)) < 0)
		return cannot_open(o, path, why);
	if (flags & OUT_RESUME)
		o->bytes = (uint64_t)lseek(o->fd, 0, SEEK_END);
	return 0;
}

/* The folder that a path is in. */
static void
folder(const char *path, char dir[BUF_PATH])
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		snprintf(dir, BUF_PATH, ".");
	else
		snprintf(dir, BUF_PATH, "%.*s",
		    (int)(slash == path ? 1 : slash - path), path);
}

bool
out_same(const struct out *a, const struct out *b)
{
	char dir[BUF_PATH];
	const char *x, *y;
	struct stat s, t;

	if (!a->temp || !b->temp)
		return a->fd == STDOUT_FILENO && b->fd == STDOUT_FILENO;
	x = strrchr(a->path, '/');
	y = strrchr(b->path, '/');
	if (strcmp(x ? x + 1 : a->path, y ? y + 1 : b->path) != 0)
		return false;
	folder(a->path, dir);
	if (stat(dir, &s) < 0)
		return false;
	folder(b->path, dir);
	return stat(dir, &t) == 0 && s.st_dev == t.st_dev &&
	    s.st_ino == t.st_ino;
}

int
out_write(struct out *o, const void *p, size_t n, struct fail *why)
{
	o->bytes += n;
	if (o->b.len + n >= FLUSH_AT && out_flush(o, why) < 0)
		return -1;
	if (n >= FLUSH_AT || (o->flags & OUT_LINES)) {
		if (out_flush(o, why) < 0)
			return -1;
		if (out_fd(o->fd, p, n) == 0)
			return 0;
		o->err = errno;
		return cannot_write(o, why);
	}
	if (buf_add(&o->b, p, n) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	return 0;
}

int
out_flush(struct out *o, struct fail *why)
{
	if (!o->err && o->b.len && out_fd(o->fd, o->b.p, o->b.len) < 0)
		o->err = errno;
	buf_clear(&o->b);       /* also on failure: nothing is written twice */
	errno = o->err;
	return o->err ? cannot_write(o, why) : 0;
}

int
out_sync(struct out *o, struct fail *why)
{
	if (out_flush(o, why) < 0)
		return -1;
	if (o->temp && fsync(o->fd) < 0)
		return cannot_write(o, why);
	return 0;
}

int
out_cut(struct out *o, uint64_t length, struct fail *why)
{
	struct stat st;

	buf_clear(&o->b);
	if (o->temp && fstat(o->fd, &st) == 0 && (uint64_t)st.st_size < length)
		return fail(why, EXIT_USAGE, "%s is shorter than it was: "
		    "remove it, and the state, to begin anew", o->temp);
	if (ftruncate(o->fd, (off_t)length) < 0 ||
	    lseek(o->fd, (off_t)length, SEEK_SET) < 0)
		return cannot_write(o, why);
	o->bytes = length;
	return 0;
}

int
out_lock(struct out *o, struct fail *why)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct stat mine, named;

	if (!o->temp)
		return 0;
	if (fcntl(o->fd, F_SETLK, &whole) < 0 &&
	    (errno == EACCES || errno == EAGAIN))
		return fail(why, EXIT_INCOMPLETE,
		    "another process is writing %s", o->temp);
	/* it may have been renamed between our open and our lock */
	if (fstat(o->fd, &mine) < 0 || stat(o->temp, &named) < 0 ||
	    mine.st_ino != named.st_ino || mine.st_dev != named.st_dev)
		return fail(why, EXIT_INCOMPLETE,
		    "another process has just finished %s", o->path);
	return 0;
}

bool
out_is_renamed(const struct out *o, uint64_t length)
{
	struct stat st;

	return o->temp && o->bytes == 0 && length > 0 &&
	    stat(o->path, &st) == 0 && (uint64_t)st.st_size == length;
}

void
out_forget(struct out *o)
{
	if (o->temp)
		unlink(o->temp);
	out_abort(o);
}

/* Do two files hold the same bytes? */
static bool
same_bytes(const char *a, const char *b)
{
	char x[8192], y[8192];
	FILE *f = fopen(a, "rb"), *g = fopen(b, "rb");
	bool same = f && g;

	while (same) {
		size_t n = fread(x, 1, sizeof x, f);
		size_t m = fread(y, 1, sizeof y, g);

		same = n == m && memcmp(x, y, n) == 0 && !ferror(f) &&
		    !ferror(g);
		if (n < sizeof x)
			break;
	}
	if (f)
		fclose(f);
	if (g)
		fclose(g);
	return same;
}

/* A rename is safe on disk when its directory is. */
static void
sync_folder(const char *path)
{
	char dir[BUF_PATH];
	int fd;

	folder(path, dir);
	fd = open(dir, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)fsync(fd);        /* not every file system can; the data is safe */
	close(fd);
}

int
out_close(struct out *o, struct fail *why)
{
	int bad;

	if (o->fd < 0)
		return 0;
	if (out_sync(o, why) < 0) {
		out_abort(o);
		return -1;
	}
	bad = close(o->fd);
	o->fd = -1;
	if (bad < 0 && errno != EINTR) {
		cannot_write(o, why);
		out_abort(o);
		return -1;
	}
	if (o->temp && (o->flags & OUT_IF_CHANGED) &&
	    same_bytes(o->path, o->temp)) {
		unlink(o->temp);
	} else if (o->temp) {
		if (rename(o->temp, o->path) < 0) {
			fail_errno(why, "cannot rename %s to %s", o->temp,
			    o->path);
			out_abort(o);
			return -1;
		}
		sync_folder(o->path);
	}
	free(o->temp);
	o->temp = NULL;
	out_abort(o);
	return 0;
}

void
out_abort(struct out *o)
{
	if (o->fd >= 0 && (o->temp || o->fd != STDOUT_FILENO))
		close(o->fd);
	o->fd = -1;
	if (o->temp && !(o->flags & OUT_RESUME))
		unlink(o->temp);
	free(o->temp);
	free(o->path);
	o->temp = o->path = NULL;
	buf_free(&o->b);
}

int
out_can_create(const char *path, struct fail *why)
{
	char dir[BUF_PATH];

	folder(path, dir);
	if (access(dir, W_OK | X_OK) == 0)
		return 0;
	fail_errno(why, "cannot write %s", path);
	if (why)
		why->code = EXIT_USAGE;
	return -1;
}

int
out_file(const char *path, const void *p, size_t n, unsigned flags,
    struct fail *why)
{
	struct out o;

	if (out_open(&o, path, flags, why) < 0)
		return -1;
	if (out_write(&o, p, n, why) < 0) {
		out_abort(&o);
		return -1;
	}
	return out_close(&o, why);
}
