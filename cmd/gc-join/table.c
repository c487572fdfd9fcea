/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table.h"
#include "json/key.h"

#include <stdatomic.h>

struct node {
	struct node *next;
	size_t n;
	char p[];
};

struct slot {
	struct node *first, *last;      /* owned, a list */
	atomic_bool asked;
};

/* What malloc() keeps beside a block. */
#define OVERHEAD 16

void
table_init(struct table *t, enum keep keep)
{
	const struct map empty = MAP_INIT;

	memset(t, 0, sizeof *t);
	t->keys = empty;
	t->keep = keep;
}

static void
drop_nodes(struct table *t, struct slot *s)
{
	struct node *n, *next;

	for (n = s->first; n; n = next) {
		next = n->next;
		t->bytes -= sizeof *n + n->n + OVERHEAD;
		free(n);
	}
	s->first = s->last = NULL;
}

void
table_free(struct table *t)
{
	uint32_t i;

	for (i = 0; i < t->keys.n && i < t->cap; i++)
		drop_nodes(t, &t->slot[i]);
	free(t->slot);
	map_free(&t->keys);
	t->slot = NULL;
	t->cap = 0;
}

static struct slot *
slot_of(struct table *t, uint32_t at, struct fail *why)
{
	uint32_t cap = t->cap ? t->cap : 64, i;
	struct slot *s;

	while (cap <= at)
		cap *= 2;
	if (cap > t->cap) {
		if (!(s = realloc(t->slot, cap * sizeof *s))) {
			fail_errno(why, "%lu keys", (unsigned long)cap);
			return NULL;
		}
		for (i = t->cap; i < cap; i++) {
			s[i].first = s[i].last = NULL;
			atomic_init(&s[i].asked, false);
		}
		t->bytes += (cap - t->cap) * sizeof *s;
		t->slot = s;
		t->cap = cap;
	}
	return &t->slot[at];
}

static int
second(const char *key, size_t nkey, struct fail *why)
{
	struct buf text = BUF_INIT(BUF_RECORD * 2);

	key_write(&text, key, nkey);
	(void)fail(why, EXIT_DATA, "there is a second record with the key "
	    "%.200s", buf_str(&text));
	buf_free(&text);
	return -1;
}

int
table_add(struct table *t, const char *key, size_t nkey, const char *val,
    size_t nval, struct fail *why)
{
	size_t held = t->keys.bytes;
	struct node *n;
	struct slot *s;
	uint32_t at;
	bool fresh;

	at = map_add(&t->keys, key, nkey, &fresh);
	if (at == MAP_NONE)
		return fail_errno(why, "a key");
	t->bytes += t->keys.bytes - held;
	if (!(s = slot_of(t, at, why)))
		return -1;
	t->doubled += !fresh;
	if (!fresh && t->keep == KEEP_NONE)
		return second(key, nkey, why);
	if (!fresh && t->keep == KEEP_FIRST)
		return 0;
	if (!(n = malloc(sizeof *n + nval)))
		return fail_errno(why, "a value");
	n->next = NULL;
	n->n = nval;
	memcpy(n->p, val, nval);
	if (t->keep == KEEP_LAST)
		drop_nodes(t, s);
	t->bytes += sizeof *n + nval + OVERHEAD;
	if (s->last)
		s->last->next = n;
	else
		s->first = n;
	s->last = n;
	return 0;
}

int
table_get(const struct table *t, const char *key, size_t nkey, struct buf *b)
{
	uint32_t at = map_find(&t->keys, key, nkey);
	const struct node *n;
	bool all = t->keep == KEEP_ALL;

	buf_clear(b);
	if (at == MAP_NONE)
		return 0;
	/* a load is cheaper than a store that others have to hear of */
	if (!atomic_load_explicit(&t->slot[at].asked, memory_order_relaxed))
		atomic_store_explicit(&t->slot[at].asked, true,
		    memory_order_relaxed);
	if (all)
		buf_putc(b, '[');
	for (n = t->slot[at].first; n; n = n->next) {
		buf_add(b, n->p, n->n);
		if (n->next)
			buf_putc(b, ',');
	}
	if (all)
		buf_putc(b, ']');
	return b->err ? -1 : 1;
}

uint64_t
table_idle(const struct table *t)
{
	uint64_t n = 0;
	uint32_t i;

	for (i = 0; i < t->keys.n; i++)
		n += !atomic_load_explicit(&t->slot[i].asked,
		    memory_order_relaxed);
	return n;
}

int
table_each(const struct table *t, int (*take)(void *ctx, const char *key,
    size_t nkey, const char *val, size_t nval, struct fail *why), void *ctx,
    struct fail *why)
{
	const struct node *n;
	uint32_t i;

	for (i = 0; i < t->keys.n; i++)
		for (n = t->slot[i].first; n; n = n->next)
			if (take(ctx, t->keys.keys[i].p, t->keys.keys[i].len,
			    n->p, n->n, why) < 0)
				return -1;
	return 0;
}
