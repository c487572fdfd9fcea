/* SPDX-License-Identifier: GPL-3.0-or-later */
/* put.h -- bytes into a buffer that has room for them: buf_reserve() was
 * called for all of them before. There is much of that a contact.
 */
#ifndef SCORE_PUT_H
#define SCORE_PUT_H

#include "base/buf.h"

static inline void
put(struct buf *b, const char *p, size_t n)
{
	memcpy(b->p + b->len, p, n);
	b->len += n;
}

/* Text whose length the compiler knows. */
#define PUT(b, text) put(b, text, sizeof(text) - 1)

#endif
