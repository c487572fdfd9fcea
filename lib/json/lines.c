/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/lines.h"
#include "base/stop.h"

#include <poll.h>

#define READ_SIZE ((size_t)512 << 10)

static bool
is_stdin(const char *name)
{
	return strcmp(name, "-") == 0;
}

/* Closed when the program started: opt_parse() put something in its place
 * that cannot be read. */
static bool
stdin_closed(void)
{
	int how = fcntl(STDIN_FILENO, F_GETFL);

	return how < 0 || (how & O_ACCMODE) == O_WRONLY;
}

static int
open_file(const char *name, struct fail *why)
{
	struct stat st;
	int fd;

	if (is_stdin(name))
		return STDIN_FILENO;
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		fd = -1;
		errno = EISDIR;
	}
	if (fd < 0) {
		fail_errno(why, "cannot open %s", name);
		if (why)
			why->code = EXIT_USAGE;
	}
	return fd;
}

/* How much there is to read, where all of it lies in plain files. */
static uint64_t
sizes(const struct lines *l)
{
	uint64_t total = 0;
	struct stat st;
	int i;

	for (i = 0; i < l->nfiles; i++) {
		if ((is_stdin(l->files[i]) ? fstat(STDIN_FILENO, &st) :
		    stat(l->files[i], &st)) < 0 || !S_ISREG(st.st_mode))
			return 0;
		total += (uint64_t)st.st_size;
	}
	return total;
}

int
lines_open(struct lines *l, char **files, int nfiles, size_t max,
    struct fail *why)
{
	static char dash[] = "-", *stdin_only[] = { dash };
	struct buf rest = BUF_INIT(max + READ_SIZE);
	struct stat st;
	int i, fd;

	memset(l, 0, sizeof *l);
	l->fd = -1;
	l->files = nfiles ? files : stdin_only;
	l->nfiles = nfiles ? nfiles : 1;
	l->max = max;
	l->rest = rest;
	for (i = 0; i < l->nfiles; i++) {
		if (is_stdin(l->files[i])) {
			if (stdin_closed())
				return fail(why, EXIT_USAGE, "stdin is closed");
			continue;
		}
		/* opening a pipe to look would take its bytes away */
		if (stat(l->files[i], &st) == 0 && !S_ISREG(st.st_mode) &&
		    !S_ISDIR(st.st_mode) && access(l->files[i], R_OK) == 0)
			continue;
		if ((fd = open_file(l->files[i], why)) < 0)
			return -1;
		close(fd);
	}
	l->total = sizes(l);
	return 0;
}

void
lines_close(struct lines *l)
{
	if (l->fd > STDIN_FILENO)
		close(l->fd);
	l->fd = -1;
	buf_free(&l->rest);
}

bool
lines_waits(const struct lines *l)
{
	struct pollfd p = { l->fd, POLLIN, 0 };

	return l->fd >= 0 && !l->eof && poll(&p, 1, 0) == 0;
}

/* Opens the next file. Returns 1, 0 where none is left, or -1. */
static int
advance(struct lines *l, struct fail *why)
{
	if (l->fd > STDIN_FILENO)
		close(l->fd);
	l->fd = -1;
	if (l->at == l->nfiles)
		return 0;
	l->fd = open_file(l->files[l->at], why);
	if (l->fd < 0)
		return -1;
	l->at++;
	l->line = 1;
	l->offset = 0;
	l->eof = false;
	l->fresh = true;
	return 1;
}

/* Reads once into rest. Returns 1, 0 where nothing came (a signal did), or
 * -1. */
static int
more(struct lines *l, struct fail *why)
{
	ssize_t n;

	if (buf_reserve(&l->rest, READ_SIZE) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	n = read(l->fd, l->rest.p + l->rest.len, READ_SIZE);
	if (n < 0 && errno == EINTR)
		return 0;
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
		struct pollfd p = { l->fd, POLLIN, 0 };

		(void)poll(&p, 1, -1);  /* a sharer made it so */
		return 0;
	}
	if (n < 0)
		return fail_errno(why, "cannot read %s",
		    is_stdin(l->files[l->at - 1]) ? "stdin" :
		    l->files[l->at - 1]);
	if (n == 0)
		l->eof = true;
	l->rest.len += (size_t)n;
	l->bytes += (uint64_t)n;
	return 1;
}

/* A byte order mark, split over reads or not, is dropped. */
static void
drop_mark(struct lines *l)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t n = l->rest.len < 3 ? l->rest.len : 3;
	bool begun = n == 0 || memcmp(l->rest.p, mark, n) == 0;

	if (!l->fresh || (begun && n < 3 && !l->eof))
		return;
	l->fresh = false;
	if (begun && n == 3) {
		l->rest.len -= 3;
		memmove(l->rest.p, l->rest.p + 3, l->rest.len);
		l->offset += 3;
	}
}

/* Bytes of rest that are whole lines (all of them at the end of file). */
static size_t
whole(const struct lines *l, size_t from)
{
	size_t n = l->rest.len;

	if (l->eof)
		return n;
	while (n > from && l->rest.p[n - 1] != '\n')
		n--;
	return n > from ? n : 0;
}

static uint64_t
count_lines(const char *p, size_t n)
{
	const char *end = p + n;
	uint64_t lines = 0;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
		lines++;
		p++;
	}
	return lines;
}

/* Moves the first n bytes of rest into the run, without a copy of the long
 * part: the run takes rest's memory, rest goes on in the run's. */
static int
hand_out(struct lines *l, struct run *r, size_t n, struct fail *why)
{
	struct buf other = BUF_INIT(l->rest.max);

	other.p = r->p;
	other.cap = r->cap;
	if (buf_add(&other, l->rest.p + n, l->rest.len - n) < 0) {
		r->p = other.p;
		r->cap = other.cap;
		return fail(why, EXIT_MACHINE, "out of memory");
	}
	r->p = l->rest.p;
	r->cap = l->rest.cap;
	r->n = n;
	r->first = l->line;
	r->offset = l->offset;
	l->line += count_lines(r->p, n);
	l->offset += n;
	l->rest = other;
	return 1;
}

/* A line over the ceiling: read on to its end, keeping nothing. */
static int
skip_long(struct lines *l, struct run *r, struct fail *why)
{
	uint64_t length = 0;
	char *lf = NULL;
	size_t n;

	for (;;) {
		lf = l->rest.len ? memchr(l->rest.p, '\n', l->rest.len) : NULL;
		n = lf ? (size_t)(lf - l->rest.p) : l->rest.len;
		length += n;
		if (lf || l->eof)
			break;
		buf_clear(&l->rest);
		if (more(l, why) < 0)
			return -1;
		if (stop_asked())       /* it may never end */
			return fail(why, EXIT_MACHINE, "interrupted");
	}
	if (lf)
		n++;
	r->n = 0;
	r->first = l->line++;
	r->offset = l->offset;
	r->too_long = length;
	l->offset += length + (lf ? 1 : 0);
	l->rest.len -= n;
	memmove(l->rest.p, l->rest.p + n, l->rest.len);
	return 1;
}

int
lines_next(struct lines *l, struct run *r, struct fail *why)
{
	size_t n, seen;
	int k;

	r->too_long = 0;
	r->n = 0;
	while (l->fd < 0 || (l->eof && l->rest.len == 0))
		if ((k = advance(l, why)) <= 0)
			return k;
	r->file = is_stdin(l->files[l->at - 1]) ? "stdin" :
	    l->files[l->at - 1];
	for (seen = 0;;) {
		if (l->fresh)
			seen = 0;       /* what was seen may move */
		drop_mark(l);
		if (!l->fresh && (n = whole(l, seen)) > 0)
			return hand_out(l, r, n, why);
		if (l->rest.len > l->max)
			return skip_long(l, r, why);
		if (l->eof) {           /* an empty file: go to the next */
			while (l->eof && l->rest.len == 0)
				if ((k = advance(l, why)) <= 0)
					return k;
			r->file = is_stdin(l->files[l->at - 1]) ? "stdin" :
			    l->files[l->at - 1];
			seen = 0;
		}
		seen = l->rest.len;
		if ((k = more(l, why)) < 0)
			return -1;
		if (k == 0)
			return 1;
	}
}
