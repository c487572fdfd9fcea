/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/out.h"

#define FLUSH_AT 65536

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
	return fail_errno(why, "cannot write %s%s", o->temp ? "to " : "to stdout",
	    o->temp ? o->temp : "");
}

/* PATH.part, or PATH.tmp.PID where the temporary is nobody else's. */
static int
name_temp(struct out *o, const char *path)
{
	size_t n = strlen(path) + 32;

	o->path = strdup(path);
	o->temp = malloc(n);
	if (!o->path || !o->temp)
		return -1;
	if (o->flags & OUT_RESUME)
		snprintf(o->temp, n, "%s.part", path);
	else
		snprintf(o->temp, n, "%s.tmp.%ld", path, (long)getpid());
	return 0;
}

int
out_open(struct out *o, const char *path, unsigned flags, struct fail *why)
{
	struct buf empty = BUF_INIT(BUF_DOC);
	struct stat st;
	int how = O_WRONLY | O_CREAT | O_CLOEXEC;

	o->fd = -1;
	o->flags = flags;
	o->b = empty;
	o->path = o->temp = NULL;
	o->bytes = 0;
	if (!path || strcmp(path, "-") == 0) {
		o->fd = STDOUT_FILENO;
		if (isatty(o->fd))
			o->flags |= OUT_LINES;
		return 0;
	}
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		/* /dev/null, a pipe: there is nothing to rename */
		o->fd = open(path, O_WRONLY | O_CLOEXEC);
		if (o->fd < 0) {
			fail_errno(why, "cannot open %s", path);
			if (why)
				why->code = EXIT_USAGE;
			return -1;
		}
		return 0;
	}
	if (name_temp(o, path) < 0) {
		out_abort(o);
		return fail(why, EXIT_MACHINE, "out of memory");
	}
	if (!(flags & OUT_RESUME)) {
		unlink(o->temp);        /* a leftover of a dead namesake */
		how |= O_EXCL;
	}
	o->fd = open(o->temp, how, flags & OUT_PRIVATE ? 0600 : 0666);
	if (o->fd < 0) {
		fail_errno(why, "cannot create %s", o->temp);
		if (why && (errno == ENOENT || errno == EACCES ||
		    errno == ENOTDIR || errno == EISDIR))
			why->code = EXIT_USAGE;
		free(o->temp);
		o->temp = NULL;
		out_abort(o);
		return -1;
	}
	if (flags & OUT_RESUME)
		o->bytes = (uint64_t)lseek(o->fd, 0, SEEK_END);
	return 0;
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
		return out_fd(o->fd, p, n) < 0 ? cannot_write(o, why) : 0;
	}
	if (buf_add(&o->b, p, n) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	return 0;
}

int
out_flush(struct out *o, struct fail *why)
{
	if (o->b.len && out_fd(o->fd, o->b.p, o->b.len) < 0)
		return cannot_write(o, why);
	buf_clear(&o->b);
	return 0;
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
	buf_clear(&o->b);
	if (ftruncate(o->fd, (off_t)length) < 0 ||
	    lseek(o->fd, (off_t)length, SEEK_SET) < 0)
		return cannot_write(o, why);
	o->bytes = length;
	return 0;
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
sync_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	char dir[4096];
	int fd;

	if (!slash)
		snprintf(dir, sizeof dir, ".");
	else
		snprintf(dir, sizeof dir, "%.*s",
		    (int)(slash == path ? 1 : slash - path), path);
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
		sync_directory(o->path);
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
