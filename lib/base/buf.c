/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/buf.h"

int
buf_reserve(struct buf *b, size_t n)
{
	size_t cap;
	char *p;

	if (b->err) {
		errno = b->err;
		return -1;
	}
	if (n <= b->cap - b->len)
		return 0;
	if (b->len > b->max || n > b->max - b->len) {
		errno = b->err = E2BIG;
		return -1;
	}
	cap = b->cap ? b->cap : b->max < 64 ? b->max : 64;
	while (cap < b->len + n)
		cap = cap < b->max / 2 ? cap * 2 : b->max;
	p = realloc(b->p, cap + 1);     /* one for buf_str()'s NUL */
	if (!p) {
		errno = b->err = ENOMEM;
		return -1;
	}
	b->p = p;
	b->cap = cap;
	return 0;
}

int
buf_add(struct buf *b, const void *p, size_t n)
{
	if (n == 0)
		return b->err ? -1 : 0;
	if (UNLIKELY(n > b->cap - b->len || b->err) && buf_reserve(b, n) < 0)
		return -1;
	memcpy(b->p + b->len, p, n);
	b->len += n;
	return 0;
}

int
buf_str_add(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

int
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || buf_reserve(b, (size_t)n) < 0) {
		if (n < 0)
			b->err = errno;
		return -1;
	}
	if (n == 0)
		return 0;
	va_start(ap, fmt);
	vsnprintf(b->p + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
	return 0;
}

const char *
buf_str(struct buf *b)
{
	if (!b->p)
		return "";
	b->p[b->len] = '\0';            /* cap + 1 bytes were allocated */
	return b->p;
}

void
buf_chomp(struct buf *b)
{
	if (b->len > 0 && b->p[b->len - 1] == '\n')
		b->len--;
	if (b->len > 0 && b->p[b->len - 1] == '\r')
		b->len--;
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->err = 0;
}

void
buf_free(struct buf *b)
{
	free(b->p);
	b->p = NULL;
	b->len = b->cap = 0;
	b->err = 0;
}

int
buf_read_fd(struct buf *b, int fd)
{
	for (;;) {
		ssize_t n;
		char probe;

		if (b->len == b->max) {         /* full: is there more? */
			n = read(fd, &probe, 1);
			if (n > 0) {
				errno = b->err = E2BIG;
				return -1;
			}
		} else {
			size_t want = b->max - b->len;

			if (want > 65536)
				want = 65536;
			if (buf_reserve(b, want) < 0)
				return -1;
			n = read(fd, b->p + b->len, want);
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			return 0;
		b->len += (size_t)n;
	}
}
