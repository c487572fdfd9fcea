/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chain.h"

#include "base/msg.h"
#include "json/filter.h"

#define NOTHING "0000000000000000000000000000000000000000000000000000000000000000"
#define BEGIN "{\"kind\":\""     /* of each line */
#define BEGIN_LEN (sizeof BEGIN - 1)
#define TAIL ((off_t)1 << 20)   /* read for a last line */
#define PIECE ((size_t)256 << 10)       /* written at once */
#define MEMBER ",\"chain\":\""
#define MEMBER_LEN (sizeof MEMBER - 1)
#define END_LEN (MEMBER_LEN + DIGEST_HEX - 1 + 2)      /* and its "} */

/* The text before the chain member, and the chain. False: there is none. */
static bool
split(const char *p, size_t n, size_t *body, char link[DIGEST_HEX])
{
	if (n < END_LEN + 1 || memcmp(p + n - 2, "\"}", 2) != 0 ||
	    memcmp(p + n - END_LEN, MEMBER, MEMBER_LEN) != 0)
		return false;
	*body = n - END_LEN;
	memcpy(link, p + n - 2 - (DIGEST_HEX - 1), DIGEST_HEX - 1);
	link[DIGEST_HEX - 1] = '\0';
	return true;
}

/* The next link: over the one before and the line's text up to its brace. */
static int
forge(char link[DIGEST_HEX], const char *p, size_t n, struct fail *why)
{
	struct digest d;

	if (digest_init(&d, why) < 0)
		return -1;
	digest_add(&d, link, DIGEST_HEX - 1);
	digest_add(&d, p, n);
	digest_add(&d, "}", 1);
	return digest_end(&d, link, why);
}

/* The end of a file, with whole lines in it where it has any: where that is
 * known, *from is where it begins. Returns 0 or -1. */
static int
read_tail(int fd, const char *path, struct buf *b, off_t *from,
    struct fail *why)
{
	off_t size = lseek(fd, 0, SEEK_END), tail = TAIL;

	for (;; tail *= 4) {
		buf_clear(b);
		*from = size > tail ? size - tail : 0;
		if (size < 0 || lseek(fd, *from, SEEK_SET) < 0 ||
		    buf_read_fd(b, fd) < 0)
			return fail_errno(why, "cannot read %s", path);
		if (*from == 0 || memchr(b->p, '\n', b->len - 1))
			return 0;
	}
}

/* The last link of a file, where it has one. Returns 1, 0 or -1. */
static int
find_link(const char *path, char link[DIGEST_HEX], struct fail *why)
{
	struct buf b = BUF_INIT(BUF_DOC);
	int fd = open(path, O_RDONLY | O_CLOEXEC), r;
	const char *p, *end;
	size_t body;
	off_t from;

	if (fd < 0)
		return 0;
	r = read_tail(fd, path, &b, &from, why);
	close(fd);
	end = b.p ? b.p + b.len : NULL;
	while (r == 0 && end && end > b.p) {
		if (end[-1] == '\n')
			end--;
		for (p = end; p > b.p && p[-1] != '\n'; )
			p--;
		if (split(p, (size_t)(end - p), &body, link))
			r = 1;
		end = p;
	}
	buf_free(&b);
	return r;
}

/* A process that was killed while it wrote may have left half a line behind.
 * It belongs to no chain, and would spoil the next. Half a line that is none of
 * ours means that the file is somebody else's. Returns 0 or -1. */
static int
cut_torn_line(const char *path, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_DOC);
	int fd = open(path, O_RDWR | O_CLOEXEC), r = 0;
	struct stat st;
	off_t from = 0;
	size_t n, torn;

	if (fd < 0)
		return 0;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		r = read_tail(fd, path, &b, &from, why);
	for (n = b.len; r == 0 && n > 0 && b.p[n - 1] != '\n'; )
		n--;
	torn = b.len - n;
	if (r == 0 && torn > 0) {
		if (memcmp(b.p + n, BEGIN, torn < BEGIN_LEN ? torn :
		    BEGIN_LEN) != 0)
			r = fail(why, EXIT_USAGE, "%s is no audit of gc-score",
			    path);
		else if (ftruncate(fd, from + (off_t)n) < 0)
			r = fail_errno(why, "cannot cut %s", path);
		else
			msg_note("%s: half a line at its end is cut off: a "
			    "run was killed while it wrote", path);
	}
	close(fd);
	buf_free(&b);
	return r;
}

static int
take_lock(struct chain *c, const char *path, struct fail *why)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct buf name = BUF_INIT(BUF_PATH);

	buf_addf(&name, "%s.chain", path);
	c->lock = open(buf_str(&name), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	buf_free(&name);
	if (c->lock >= 0 && fcntl(c->lock, F_SETLK, &whole) == 0)
		return 0;
	if (c->lock >= 0 && (errno == EACCES || errno == EAGAIN))
		return fail(why, EXIT_USAGE, "%s: another process writes this "
		    "audit", path);
	fail_errno(why, "cannot open %s.chain", path);
	why->code = EXIT_USAGE;
	return -1;
}

int
chain_open(struct chain *c, const char *path, uint64_t size,
    struct fail *why)
{
	struct buf b = BUF_INIT(BUF_PATH), lines = BUF_INIT(BUF_DOC);
	int r;

	memset(c, 0, sizeof *c);
	c->lock = -1;
	c->b = lines;
	memcpy(c->link, NOTHING, DIGEST_HEX);
	if (take_lock(c, path, why) < 0 || cut_torn_line(path, why) < 0)
		return -1;
	r = find_link(path, c->link, why);
	if (r == 0) {
		buf_addf(&b, "%s.1", path);
		r = find_link(buf_str(&b), c->link, why);
	}
	buf_free(&b);
	return r < 0 ? -1 : audit_open(&c->audit, path, size, why);
}

static int
flush(struct chain *c, struct fail *why)
{
	int r = 0;

	if (c->b.err)
		return fail(why, EXIT_MACHINE, "out of memory");
	if (c->b.len)           /* audit_line() adds the last LF itself */
		r = audit_line(&c->audit, c->b.p, c->b.len - 1, why);
	buf_clear(&c->b);
	return r;
}

int
chain_add(struct chain *c, const struct buf *lines, struct fail *why)
{
	const char *p = lines->p, *nl, *end = p ? p + lines->len : NULL;

	for (; p && p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (!nl || nl - p < 2)
			break;
		if (forge(c->link, p, (size_t)(nl - p) - 1, why) < 0)
			return -1;
		buf_add(&c->b, p, (size_t)(nl - p) - 1);
		buf_str_add(&c->b, MEMBER);
		buf_str_add(&c->b, c->link);
		buf_str_add(&c->b, "\"}\n");
		if (c->b.len >= PIECE && flush(c, why) < 0)
			return -1;
	}
	return flush(c, why);
}

void
chain_close(struct chain *c)
{
	audit_close(&c->audit);
	if (c->lock >= 0)
		close(c->lock);
	c->lock = -1;
	buf_free(&c->b);
}

/* ---- checking ---- */

struct verify {
	char link[DIGEST_HEX];
	int64_t n;
	bool whole;
};

static int
check_line(void *ctx, const struct record *rec, struct fail *why)
{
	char was[DIGEST_HEX];
	struct verify *v = ctx;
	size_t body;

	if (!split(rec->line, rec->len, &body, was))
		return fail(why, EXIT_DATA, "is no line of a chained audit");
	if (forge(v->link, rec->line, body, why) < 0)
		return -1;
	if (strcmp(v->link, was) != 0 && v->n > 0)
		return fail(why, EXIT_DATA, "the chain is broken: this line, "
		    "or one before it, was changed, taken out or put in");
	if (v->n++ == 0)
		v->whole = strcmp(v->link, was) == 0;
	memcpy(v->link, was, DIGEST_HEX);
	return 0;
}

int64_t
chain_verify(char **files, int n, bool *whole, struct fail *why)
{
	struct verify v;
	int i;

	memset(&v, 0, sizeof v);
	memcpy(v.link, NOTHING, DIGEST_HEX);
	for (i = 0; i < n; i++)
		if (filter_each(files[i], check_line, &v, why) < 0)
			return -1;
	*whole = v.whole || v.n == 0;
	return v.n;
}
