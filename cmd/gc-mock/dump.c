/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dump.h"

#define ENOUGH ((size_t)48 << 10)       /* bytes a piece */

struct dump {
	struct stream stream;
	struct gen *gen;
	const struct kind *kind;
	const struct request *q;
	int64_t next, end;
};

static int
fill(struct stream *stream, struct buf *b)
{
	struct dump *d = (struct dump *)stream;

	if (d->next >= d->end)
		return 0;
	while (d->next < d->end && b->len < ENOUGH && !b->err) {
		gen_record(d->gen, d->kind, (uint64_t)d->next++, d->q, b);
		buf_putc(b, '\n');
	}
	return b->err ? -1 : 1;
}

static void
drop(struct stream *stream)
{
	free(stream);
}

void
answer_dump(struct answer *a, struct gen *g, const struct kind *k,
    int64_t low, int64_t high, const struct request *q)
{
	struct dump *d = calloc(1, sizeof *d);

	if (!d) {
		answer_error(a, 500, "internal.server.error",
		    "out of memory");
		return;
	}
	d->stream.fill = fill;
	d->stream.free = drop;
	d->gen = g;
	d->kind = k;
	d->q = q;
	d->next = low;
	d->end = k ? high : low;
	answer_begin(a, 200, "application/x-ndjson");
	a->stream = &d->stream;
}
