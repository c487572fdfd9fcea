/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "counts.h"
#include "json/key.h"

int
counts_key(struct buf *key, struct buf *scratch, struct json_val v)
{
	uint32_t n;

	buf_clear(scratch);
	if (key_add(scratch, v) < 0)
		return -1;
	n = (uint32_t)scratch->len;
	buf_add(key, &n, sizeof n);
	return buf_add(key, scratch->p, n);
}

const char *
counts_next(const char **at, size_t *n)
{
	uint32_t len;
	const char *p;

	memcpy(&len, *at, sizeof len);
	p = *at + sizeof len;
	*at = p + len;
	*n = len;
	return p;
}

/* The sum of a key, made where it is the first. */
static struct thinsum *
sum_of(struct counts *c, uint32_t at, struct fail *why)
{
	uint32_t cap = c->tally.cap;
	struct thinsum *t;

	if (at >= c->cap) {
		if (!(t = realloc(c->sum, cap * sizeof *t))) {
			fail_errno(why, "%lu sums", (unsigned long)cap);
			return NULL;
		}
		memset(t + c->cap, 0, (cap - c->cap) * sizeof *t);
		c->sum = t;
		c->cap = cap;
	}
	return c->sum + at;
}

/* n counts, and the sum of m doubles. */
static int
add(struct counts *c, const char *p, size_t np, uint64_t n, const double *x,
    int m, struct fail *why)
{
	uint32_t at = tally_key(&c->tally, p, np, why);
	const struct exactsum *wide;
	struct thinsum *t;
	int i;

	if (at == MAP_NONE || tally_bump(&c->tally, at, n, why) < 0)
		return -1;
	for (i = 0; i < m; i++) {
		if (!(t = sum_of(c, at, why)))
			return -1;
		wide = t->wide;
		if (thinsum_add(t, x[i]) < 0)
			return fail_errno(why, "a sum");
		c->nwide += t->wide != wide;
	}
	return 0;
}

int
counts_add(struct counts *c, const struct buf *key, uint64_t count, double x,
    struct fail *why)
{
	return add(c, key->p, key->len, count, &x, !isnan(x), why);
}

int
counts_add_sum(struct counts *c, const struct buf *key, uint64_t count,
    const struct exactsum *sum, struct fail *why)
{
	double part[EXACTSUM_PARTS];
	int m = sum ? exactsum_parts(sum, part) : 0;

	if (m < 0)
		return fail(why, EXIT_DATA, "a sum is too large");
	c->sums |= sum != NULL;
	return add(c, key->p, key->len, count, part, m, why);
}

int
counts_parts(const struct counts *c, uint32_t key,
    double part[EXACTSUM_PARTS], uint32_t *n, struct fail *why)
{
	struct exactsum s;
	int m;

	*n = 0;
	if (key >= c->cap)
		return 0;
	thinsum_get(c->sum + key, &s);
	if ((m = exactsum_parts(&s, part)) < 0)
		return fail(why, EXIT_DATA, "a sum is too large");
	*n = (uint32_t)m;
	return 0;
}

int
counts_merge(struct counts *c, struct counts *d, struct fail *why)
{
	double part[EXACTSUM_PARTS];
	bool sums = c->sums || d->sums;
	struct counts empty;
	uint32_t i, m;

	if (c->tally.keys.n == 0) {
		empty = *c;
		*c = *d;
		*d = empty;
	}
	c->sums = sums;
	for (i = 0; i < d->tally.keys.n; i++) {
		const struct map_key *k = d->tally.keys.keys + i;

		if (counts_parts(d, i, part, &m, why) < 0 || add(c, k->p,
		    k->len, d->tally.count[i], part, (int)m, why) < 0)
			return -1;
	}
	return 0;
}

/* What a table has, and what it would have after one more key: where that
 * makes something grow, old and new stand side by side. */
size_t
counts_memory(const struct counts *c)
{
	const struct map *m = &c->tally.keys;
	size_t n = m->bytes + c->tally.cap * sizeof *c->tally.count +
	    c->cap * sizeof *c->sum + c->nwide * sizeof *c->sum->wide;

	if (m->n >= m->nslots / 2)
		n += 2 * m->nslots * sizeof *m->slots;
	if (m->n == m->cap)
		n += m->cap * (2 * sizeof *m->keys +
		    2 * sizeof *c->tally.count + 2 * sizeof *c->sum);
	return n + m->n * COUNTS_SORT;
}

void
counts_free(struct counts *c)
{
	uint32_t i;

	for (i = 0; i < c->cap; i++)
		thinsum_free(c->sum + i);
	free(c->sum);
	tally_free(&c->tally);
	c->sum = NULL;
	c->cap = c->nwide = 0;
}

/* ---- order ---- */

int
counts_cmp(const char *p, size_t np, const char *q, size_t nq)
{
	const char *end = p + np, *x, *y;
	size_t nx, ny;
	int c = 0;

	(void)nq;
	while (c == 0 && p < end) {
		x = counts_next(&p, &nx);
		y = counts_next(&q, &ny);
		c = key_cmp(x, nx, y, ny);
	}
	return c;
}

/* By the first value of a key. */
static uint64_t
rank(const char *p, size_t np)
{
	const char *x;
	size_t n;

	if (np == 0)
		return 0;
	x = counts_next(&p, &n);
	return key_rank(x, n);
}

uint32_t *
counts_order(const struct counts *c, bool falling, struct fail *why)
{
	uint32_t *order = tally_order_ranked(&c->tally, rank, counts_cmp,
	    why);

	if (order && falling && tally_falling(&c->tally, order, why) < 0) {
		free(order);
		return NULL;
	}
	return order;
}

/* A key among the first so far. */
struct leader {
	uint64_t count, rank;
	uint32_t at;
};

static bool
is_before(const struct counts *c, const struct leader *x,
    const struct leader *y)
{
	const struct map_key *k = c->tally.keys.keys;

	if (x->count != y->count)
		return x->count > y->count;
	if (x->rank != y->rank)
		return x->rank < y->rank;
	return counts_cmp(k[x->at].p, k[x->at].len, k[y->at].p,
	    k[y->at].len) < 0;
}

/* x takes the place i of a heap of n with the last one on top. */
static void
settle(const struct counts *c, struct leader *heap, uint32_t n, uint32_t i,
    struct leader x)
{
	uint32_t child;

	while ((child = 2 * i + 1) < n) {
		if (child + 1 < n && is_before(c, heap + child,
		    heap + child + 1))
			child++;
		if (is_before(c, heap + child, &x))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = x;
}

static struct leader
leader(const struct counts *c, uint32_t at)
{
	const struct map_key *k = c->tally.keys.keys + at;
	struct leader x = { c->tally.count[at], rank(k->p, k->len), at };

	return x;
}

uint32_t *
counts_first(const struct counts *c, uint32_t m, struct fail *why)
{
	uint32_t *order = malloc((m + 1) * sizeof *order), i;
	struct leader *heap = malloc((m + 1) * sizeof *heap), x;

	if (!order || !heap) {
		free(order);
		free(heap);
		fail_errno(why, "the first %lu keys", (unsigned long)m);
		return NULL;
	}
	for (i = 0; i < m; i++)
		heap[i] = leader(c, i);
	for (i = m / 2; i-- > 0;)
		settle(c, heap, m, i, heap[i]);
	for (i = m; i < c->tally.keys.n && m > 0; i++) {
		if (c->tally.count[i] < heap->count)
			continue;
		x = leader(c, i);
		if (is_before(c, &x, heap))
			settle(c, heap, m, 0, x);
	}
	for (i = m; i-- > 0;) {
		order[i] = heap->at;
		settle(c, heap, i, 0, heap[i]);
	}
	free(heap);
	return order;
}

void
counts_ahead(const struct counts *c, const uint32_t *order, uint32_t n,
    uint32_t i)
{
	const struct map_key *k = c->tally.keys.keys;

	if (n - i > 16) {
		PREFETCH(k + order[i + 16]);
		PREFETCH(c->tally.count + order[i + 16]);
	}
	if (n - i > 8)
		PREFETCH(k[order[i + 8]].p);
}
