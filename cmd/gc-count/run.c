/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run.h"
#include "base/out.h"

#define WRITE_SIZE ((size_t)64 << 10)

int
run_file(struct fail *why)
{
	const char *dir = getenv("TMPDIR");
	char path[BUF_PATH];
	int fd, n;

	if (!dir || !*dir)
		dir = "/tmp";
	n = snprintf(path, sizeof path, "%s/gc-count.XXXXXX", dir);
	if (n < 0 || (size_t)n >= sizeof path)
		return fail(why, EXIT_USAGE, "TMPDIR is too long");
	if ((fd = mkstemp(path)) < 0)
		return fail_errno(why, "a temporary file in %s", dir);
	(void)unlink(path);
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

/* ---- writing ---- */

void
writer_open(struct writer *w, int fd, off_t at)
{
	struct buf empty = BUF_INIT(BUF_RECORD + BUF_LINE);

	w->b = empty;
	w->run.fd = fd;
	w->run.at = w->run.end = at;
}

static int
writer_flush(struct writer *w, struct fail *why)
{
	if (w->b.err)
		return fail(why, EXIT_MACHINE, "out of memory");
	if (w->b.len && out_fd(w->run.fd, w->b.p, w->b.len) < 0)
		return fail_errno(why, "a temporary file");
	w->run.end += (off_t)w->b.len;
	buf_clear(&w->b);
	return 0;
}

int
writer_add(struct writer *w, const struct item *x, struct fail *why)
{
	struct head h;

	memset(&h, 0, sizeof h);
	h.count = x->count;
	h.place = x->place;
	h.nkey = x->nkey;
	h.nparts = x->nparts;
	buf_add(&w->b, &h, sizeof h);
	buf_add(&w->b, x->key, x->nkey);
	buf_add(&w->b, x->part, x->nparts * sizeof x->part[0]);
	return w->b.err || w->b.len >= WRITE_SIZE ? writer_flush(w, why) : 0;
}

int
writer_close(struct writer *w, bool ok, struct fail *why)
{
	int r = ok ? writer_flush(w, why) : -1;

	buf_free(&w->b);
	return r;
}

/* ---- reading ---- */

int
reader_open(struct reader *r, struct run run, size_t buffer,
    struct fail *why)
{
	memset(r, 0, sizeof *r);
	r->run = run;
	if (!(r->p = malloc(buffer)))
		return fail_errno(why, "a run's buffer");
	r->cap = buffer;
	return 0;
}

void
reader_close(struct reader *r)
{
	free(r->p);
	r->p = NULL;
}

static int
fill(struct reader *r, size_t want, struct fail *why)
{
	size_t left = (size_t)(r->run.end - r->run.at), room;
	ssize_t got;
	char *p;

	memmove(r->p, r->p + r->at, r->n - r->at);
	r->n -= r->at;
	r->at = 0;
	if (want > r->cap) {
		if (!(p = realloc(r->p, want)))
			return fail_errno(why, "a key of %zu bytes", want);
		r->p = p;
		r->cap = want;
	}
	while (r->n < want) {
		room = r->cap - r->n < left ? r->cap - r->n : left;
		got = room ? pread(r->run.fd, r->p + r->n, room, r->run.at) :
		    0;
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return fail_errno(why, "a temporary file");
		r->n += (size_t)got;
		left -= (size_t)got;
		r->run.at += got;
	}
	return 0;
}

int
reader_next(struct reader *r, struct fail *why)
{
	struct head h;
	size_t size;

	if (r->at == r->n && r->run.at == r->run.end)
		return 0;
	if (r->n - r->at < sizeof h && fill(r, sizeof h, why) < 0)
		return -1;
	memcpy(&h, r->p + r->at, sizeof h);
	size = sizeof h + h.nkey + h.nparts * sizeof r->item.part[0];
	if (r->n - r->at < size && fill(r, size, why) < 0)
		return -1;
	r->item.key = r->p + r->at + sizeof h;
	r->item.nkey = h.nkey;
	r->item.count = h.count;
	r->item.place = h.place;
	r->item.nparts = h.nparts;
	memcpy(r->item.part, r->item.key + h.nkey,
	    h.nparts * sizeof r->item.part[0]);
	r->at += size;
	return 1;
}
