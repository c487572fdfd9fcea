/* SPDX-License-Identifier: GPL-3.0-or-later */
/* split.c -- --split: a multipart body from a file, or from another program,
 * to records. */
#include "deliver.h"
#include "fetch.h"
#include "parts.h"

#include "base/msg.h"
#include "base/stop.h"

#define PIECE 65536
#define LOOK ((size_t)1 << 20)  /* how far the first delimiter may be */

struct split {
	const struct fetch_opts *o;
	struct deliver d;
	struct parts parts;
	struct buf head;        /* the beginning, until the boundary is known */
	int fd;
};

/* The boundary: named, or what the first delimiter line says. Returns 1 where
 * more bytes are needed. */
static int
find_boundary(struct split *s, bool end, struct fail *why)
{
	char boundary[MULTIPART_BOUNDARY + 1];
	const char *named = s->o->boundary;
	int r;

	if (named) {
		r = parts_begin(&s->parts, named, why);
	} else if (multipart_guess(s->head.p, s->head.len, end, boundary) == 0) {
		r = parts_begin(&s->parts, boundary, why);
	} else if (!end && s->head.len < LOOK) {
		return 1;
	} else {
		return fail(why, EXIT_DATA, "%s: no line begins with a "
		    "boundary: --boundary names it", s->parts.file);
	}
	if (r == 0)
		r = parts_feed(&s->parts, s->head.p, s->head.len, why);
	buf_free(&s->head);
	return r;
}

static int
take(struct split *s, const char *p, size_t n, struct fail *why)
{
	s->d.n.bytes += n;
	if (s->parts.begun)
		return parts_feed(&s->parts, p, n, why);
	if (buf_add(&s->head, p, n) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	return find_boundary(s, false, why);
}

static int
read_all(struct split *s, struct fail *why)
{
	char piece[PIECE];
	ssize_t n;

	while ((n = read(s->fd, piece, sizeof piece)) != 0) {
		if (stop_asked())
			return fail(why, EXIT_MACHINE, "interrupted");
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_errno(why, "cannot read %s",
			    s->parts.file);
		if (take(s, piece, (size_t)n, why) < 0)
			return -1;
		if (s->parts.enough)
			return fail(why, EXIT_INCOMPLETE,
			    "--max-records is reached, and there are more");
	}
	if (!s->parts.begun && find_boundary(s, true, why) < 0)
		return -1;
	if (parts_end(&s->parts, why) == 0)
		return 0;
	return fail_prefix(why, "%s", s->parts.file);
}

static int
open_body(const char *path, struct fail *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		fd = -1;
		errno = EISDIR;
	}
	if (fd < 0) {
		fail_errno(why, "cannot open %s", path);
		why->code = EXIT_USAGE;
	}
	return fd;
}

int
fetch_split(const struct fetch_opts *o)
{
	struct buf head = BUF_INIT(LOOK + PIECE);
	bool is_stdin = strcmp(o->split, "-") == 0;
	char *body = (char *)(uintptr_t)o->split;
	struct split s;
	struct fail why;
	int code = 0;

	memset(&s, 0, sizeof s);
	why.code = EXIT_MACHINE;
	s.o = o;
	s.head = head;
	if ((s.fd = is_stdin ? STDIN_FILENO : open_body(o->split, &why)) < 0)
		return msg_fail(&why);
	parts_init(&s.parts, &s.d.taker);
	s.parts.file = is_stdin ? "stdin" : o->split;
	s.parts.dir = o->other_parts;
	s.parts.max_record = o->filter.max_record;
	s.parts.keep_rejects = o->filter.reject != NULL;
	if (deliver_open(&s.d, &o->filter, &body, false, &why) < 0) {
		code = why.code;
	} else {
		s.d.max_records = (uint64_t)o->max_records;
		if (read_all(&s, &why) < 0)
			code = why.code;
	}
	if (s.parts.other && !o->other_parts)
		msg_note("%" PRIu64 " parts that are no JSON left out: "
		    "--other-parts DIR keeps them", s.parts.other);
	code = deliver_close(&s.d, code, &why);
	parts_free(&s.parts);
	buf_free(&s.head);
	if (!is_stdin)
		close(s.fd);
	return code;
}
