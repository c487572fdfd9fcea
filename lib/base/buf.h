/* SPDX-License-Identifier: GPL-3.0-or-later */
/* buf.h -- a growable run of bytes with a ceiling.
 *
 * Every buffer is born with the most it may ever hold. Past that, or when
 * memory ends, the add fails, errno says why (E2BIG, ENOMEM), nothing is
 * half-added, and b->err stays set until buf_clear(): a caller may add many
 * pieces and look once at the end.
 *
 * The bytes are not text: they may hold NUL; buf_str() ends them with one.
 *
 *	struct buf b = BUF_INIT(BUF_LINE);
 *	buf_str_add(&b, "{\"n\":");
 *	buf_addf(&b, "%d}", n);
 *	if (b.err) ...
 *	buf_free(&b);
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/compat.h"

/* The ceilings, all in one place. */
#define BUF_PATH   ((size_t)4096)       /* a file name */
#define BUF_LINE   ((size_t)1 << 20)    /* a message, an envelope's head */
#define BUF_CONF   ((size_t)1 << 20)    /* a configuration file */
#define BUF_TOKEN  ((size_t)1 << 16)    /* a token, a token answer */
#define BUF_HEAD   ((size_t)1 << 16)    /* the headers of one HTTP message */
#define BUF_PROG   ((size_t)1 << 20)    /* an expression, a jq program */
#define BUF_RECORD ((size_t)64 << 20)   /* a record (--max-record) */
#define BUF_DOC    ((size_t)256 << 20)  /* a document: page, picture, body */

struct buf {
	char *p;        /* owned; NULL while empty */
	size_t len;
	size_t cap;
	size_t max;     /* the ceiling for len */
	int err;        /* 0, E2BIG or ENOMEM; sticky */
};

#define BUF_INIT(ceiling) { NULL, 0, 0, (ceiling), 0 }

/* Makes room for n more bytes. Returns 0, or -1 with errno and b->err. */
int buf_reserve(struct buf *b, size_t n);

/* Adds n bytes. Returns 0 or -1. */
int buf_add(struct buf *b, const void *p, size_t n);

/* Adds a NUL-ended string, without the NUL. Returns 0 or -1. */
int buf_str_add(struct buf *b, const char *s);

/* Adds formatted text. Returns 0 or -1. */
int buf_addf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The bytes with a NUL behind them; "" where empty or out of memory. The
 * pointer lives until the next add. */
const char *buf_str(struct buf *b);

/* Takes a line end (LF, CR LF, CR) off the end. */
void buf_chomp(struct buf *b);

/* Forgets the content and the error, keeps the memory. */
void buf_clear(struct buf *b);

/* Gives the memory back; the buffer may be used again. */
void buf_free(struct buf *b);

/* Reads all of a file descriptor, ceiling included. Returns 0, or -1 with
 * errno (E2BIG where the ceiling was passed). */
int buf_read_fd(struct buf *b, int fd);

/* Adds one byte; the fast road for writers. Returns 0 or -1. */
static inline int
buf_putc(struct buf *b, char c)
{
	if (UNLIKELY(b->len >= b->cap || b->err) && buf_reserve(b, 1) < 0)
		return -1;
	b->p[b->len++] = c;
	return 0;
}

#endif
