/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spill.h"

#define BUFFER_MIN ((size_t)4 << 10)    /* of one run being merged */
#define BUFFER_MAX ((size_t)256 << 10)
#define FAN_MAX    512                  /* runs merged at once */
#define COUNT_MAX  ((uint64_t)1 << 62)

/* ---- files and runs ---- */

void
spill_init(struct spill *s, size_t memory)
{
	memset(s, 0, sizeof *s);
	s->memory = memory;
}

static void
close_files(struct spill *s)
{
	while (s->nfiles > 0)
		(void)close(s->file[--s->nfiles]);
	s->n = 0;
	s->open = false;
}

void
spill_free(struct spill *s)
{
	close_files(s);
	free(s->file);
	free(s->run);
	memset(s, 0, sizeof *s);
}

static int
add_file(struct spill *s, int fd, struct fail *why)
{
	int *p = realloc(s->file, (s->nfiles + 1) * sizeof *p);

	if (!p)
		return fail_errno(why, "temporary files");
	s->file = p;
	s->file[s->nfiles++] = fd;
	return 0;
}

static int
add_run(struct spill *s, struct run r, struct fail *why)
{
	size_t cap = s->cap ? 2 * s->cap : 16;
	struct run *p;

	if (s->n == s->cap) {
		if (!(p = realloc(s->run, cap * sizeof *p)))
			return fail_errno(why, "%zu runs", cap);
		s->run = p;
		s->cap = cap;
	}
	s->run[s->n++] = r;
	return 0;
}

int
spill_merge(struct spill *s, struct spill *from, struct fail *why)
{
	size_t i;

	for (i = 0; i < from->nfiles; i++)
		if (add_file(s, from->file[i], why) < 0)
			return -1;
	from->nfiles = 0;
	for (i = 0; i < from->n; i++)
		if (add_run(s, from->run[i], why) < 0)
			return -1;
	from->n = 0;
	s->open = from->open = false;
	return 0;
}

/* ---- writing a run ---- */

/* Begins a run, in a new file where there is none. */
static int
begin(struct spill *s, struct writer *w, struct fail *why)
{
	int fd;

	if (!s->open) {
		if ((fd = run_file(why)) < 0)
			return -1;
		if (add_file(s, fd, why) < 0) {
			(void)close(fd);
			return -1;
		}
		s->open = true;
		s->size = 0;
	}
	writer_open(w, s->file[s->nfiles - 1], s->size);
	return 0;
}

/* Ends it; r is how things went. */
static int
finish(struct spill *s, struct writer *w, int r, struct fail *why)
{
	r = writer_close(w, r == 0, why);
	s->size = w->run.end;
	return r < 0 ? -1 : add_run(s, w->run, why);
}

int
spill_counts(struct spill *s, struct counts *c, struct fail *why)
{
	uint32_t *order = counts_order(c, false, why), i;
	struct writer w;
	struct item x;
	int r = 0;

	if (!order)
		return -1;
	memset(&x, 0, sizeof x);
	if (begin(s, &w, why) < 0) {
		free(order);
		return -1;
	}
	for (i = 0; i < c->tally.keys.n && r == 0; i++) {
		const struct map_key *k = c->tally.keys.keys + order[i];

		counts_ahead(c, order, c->tally.keys.n, i);
		x.key = k->p;
		x.nkey = k->len;
		x.count = c->tally.count[order[i]];
		if ((r = counts_parts(c, order[i], x.part, &x.nparts,
		    why)) == 0)
			r = writer_add(&w, &x, why);
	}
	r = finish(s, &w, r, why);
	free(order);
	counts_free(c);
	return r;
}

/* ---- merging ---- */

typedef int item_cmp(const struct item *x, const struct item *y);

static int
by_key(const struct item *x, const struct item *y)
{
	return counts_cmp(x->key, x->nkey, y->key, y->nkey);
}

static int
by_count(const struct item *x, const struct item *y)
{
	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return (x->place > y->place) - (x->place < y->place);
}

/* A heap of readers, the one with the least item on top. */
struct merge {
	struct reader *reader;  /* owned */
	struct reader **heap;   /* owned; n of them */
	size_t n, all;
	item_cmp *cmp;
	struct buf key;         /* of the item that is being added up */
};

static void
sink(struct merge *m, size_t i)
{
	struct reader *x = m->heap[i];
	size_t child;

	while ((child = 2 * i + 1) < m->n) {
		if (child + 1 < m->n && m->cmp(&m->heap[child + 1]->item,
		    &m->heap[child]->item) < 0)
			child++;
		if (m->cmp(&x->item, &m->heap[child]->item) <= 0)
			break;
		m->heap[i] = m->heap[child];
		i = child;
	}
	m->heap[i] = x;
}

static void
merge_close(struct merge *m)
{
	size_t i;

	for (i = 0; i < m->all; i++)
		reader_close(m->reader + i);
	free(m->reader);
	free(m->heap);
	buf_free(&m->key);
}

static int
merge_open(struct merge *m, const struct run *run, size_t n, size_t memory,
    item_cmp *cmp, struct fail *why)
{
	struct buf empty = BUF_INIT(BUF_RECORD);
	size_t size = memory / n, i;
	int k;

	memset(m, 0, sizeof *m);
	m->key = empty;
	m->cmp = cmp;
	size = size < BUFFER_MIN ? BUFFER_MIN : size > BUFFER_MAX ?
	    BUFFER_MAX : size;
	m->reader = calloc(n, sizeof *m->reader);
	m->heap = calloc(n, sizeof *m->heap);
	if (!m->reader || !m->heap)
		return fail_errno(why, "%zu runs", n);
	for (i = 0; i < n; i++) {
		struct reader *r = m->reader + m->all++;

		if (reader_open(r, run[i], size, why) < 0 ||
		    (k = reader_next(r, why)) < 0)
			return -1;
		if (k > 0)
			m->heap[m->n++] = r;
	}
	for (i = m->n / 2; i-- > 0;)
		sink(m, i);
	return 0;
}

/* The top's reader goes on to its next item. */
static int
advance(struct merge *m, struct fail *why)
{
	int k = reader_next(m->heap[0], why);

	if (k < 0)
		return -1;
	if (k == 0)
		m->heap[0] = m->heap[--m->n];
	if (m->n > 0)
		sink(m, 0);
	return 0;
}

static void
add_parts(struct exactsum *s, const struct item *x)
{
	uint32_t i;

	for (i = 0; i < x->nparts; i++)
		exactsum_add(s, x->part[i]);
}

/* The next item, equal ones added up. 1, 0 at the end, -1. */
static int
merge_next(struct merge *m, struct item *x, struct fail *why)
{
	struct exactsum sum;
	bool more = false;
	int n;

	if (m->n == 0)
		return 0;
	*x = m->heap[0]->item;
	buf_clear(&m->key);
	if (buf_add(&m->key, x->key, x->nkey) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	x->key = m->key.p;
	if (advance(m, why) < 0)
		return -1;
	while (m->n > 0 && m->cmp(x, &m->heap[0]->item) == 0) {
		if (!more) {
			exactsum_init(&sum);
			add_parts(&sum, x);
			more = true;
		}
		x->count += m->heap[0]->item.count;
		if (x->count > COUNT_MAX)
			return fail(why, EXIT_DATA, "counts add up to more "
			    "than 2^62");
		add_parts(&sum, &m->heap[0]->item);
		if (advance(m, why) < 0)
			return -1;
	}
	if (more) {
		if ((n = exactsum_parts(&sum, x->part)) < 0)
			return fail(why, EXIT_DATA, "a sum is too large");
		x->nparts = (uint32_t)n;
	}
	return 1;
}

/* Merges runs and hands out what comes. */
static int
merge_runs(const struct run *run, size_t n, size_t memory, item_cmp *cmp,
    spill_give *give, void *ctx, struct fail *why)
{
	struct merge m;
	struct item x;
	int r = merge_open(&m, run, n, memory, cmp, why), k;

	while (r == 0 && (k = merge_next(&m, &x, why)) != 0)
		r = k < 0 ? -1 : give(ctx, &x, why);
	merge_close(&m);
	return r;
}

static int
on_merged(void *ctx, const struct item *x, struct fail *why)
{
	return writer_add(ctx, x, why);
}

/* One pass: every `fan` runs become one, in a new file. */
static int
pass(struct spill *s, size_t fan, item_cmp *cmp, struct fail *why)
{
	struct spill to;
	struct writer w;
	size_t i, n;
	int r = 0;

	spill_init(&to, s->memory);
	for (i = 0; i < s->n && r == 0; i += n) {
		n = s->n - i < fan ? s->n - i : fan;
		if ((r = begin(&to, &w, why)) < 0)
			break;
		r = merge_runs(s->run + i, n, s->memory, cmp, on_merged, &w,
		    why);
		r = finish(&to, &w, r, why);
	}
	if (r < 0) {
		spill_free(&to);
		return -1;
	}
	spill_free(s);
	*s = to;
	return 0;
}

static int
merge_all(struct spill *s, item_cmp *cmp, spill_give *give, void *ctx,
    struct fail *why)
{
	size_t fan = s->memory / (4 * BUFFER_MIN);

	fan = fan < 2 ? 2 : fan > FAN_MAX ? FAN_MAX : fan;
	while (s->n > fan)
		if (pass(s, fan, cmp, why) < 0)
			return -1;
	return s->n ? merge_runs(s->run, s->n, s->memory, cmp, give, ctx,
	    why) : 0;
}

/* ---- by falling count ---- */

/* Items in the order of keys, on their way to the other order. */
struct turn {
	struct spill spill;
	struct buf bytes;               /* their heads, keys and parts */
	struct place {
		uint64_t count, place;
		size_t at;
	} *place;                       /* owned; n of them */
	size_t n, cap;
	uint64_t seen;
};

static int
by_falling(const void *x, const void *y)
{
	const struct place *a = x, *b = y;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return (a->place > b->place) - (a->place < b->place);
}

static int
turn_flush(struct turn *t, struct fail *why)
{
	struct writer w;
	struct item x;
	struct head h;
	size_t i;
	int r = 0;

	qsort(t->place, t->n, sizeof *t->place, by_falling);
	if (begin(&t->spill, &w, why) < 0)
		return -1;
	for (i = 0; i < t->n && r == 0; i++) {
		const char *p = t->bytes.p + t->place[i].at;

		memcpy(&h, p, sizeof h);
		x.count = t->place[i].count;
		x.place = t->place[i].place;
		x.key = p + sizeof h;
		x.nkey = h.nkey;
		x.nparts = h.nparts;
		memcpy(x.part, x.key + h.nkey, h.nparts * sizeof x.part[0]);
		r = writer_add(&w, &x, why);
	}
	r = finish(&t->spill, &w, r, why);
	t->n = 0;
	buf_clear(&t->bytes);
	return r;
}

static int
on_turn(void *ctx, const struct item *x, struct fail *why)
{
	struct turn *t = ctx;
	size_t cap = t->cap ? 2 * t->cap : 256, need;
	struct place *p;
	struct head h;

	need = sizeof h + x->nkey + x->nparts * sizeof x->part[0];
	if (t->n && (t->bytes.len + need) * 2 + (t->n + 1) * 4 * sizeof *p >
	    t->spill.memory && turn_flush(t, why) < 0)
		return -1;
	if (t->n == t->cap) {
		if (!(p = realloc(t->place, cap * sizeof *p)))
			return fail_errno(why, "%zu keys", cap);
		t->place = p;
		t->cap = cap;
	}
	t->place[t->n].count = x->count;
	t->place[t->n].place = t->seen++;
	t->place[t->n++].at = t->bytes.len;
	memset(&h, 0, sizeof h);
	h.nkey = x->nkey;
	h.nparts = x->nparts;
	buf_add(&t->bytes, &h, sizeof h);
	buf_add(&t->bytes, x->key, x->nkey);
	buf_add(&t->bytes, x->part, x->nparts * sizeof x->part[0]);
	return t->bytes.err ? fail(why, EXIT_MACHINE, "out of memory") : 0;
}

int
spill_finish(struct spill *s, bool falling, spill_give *give, void *ctx,
    struct fail *why)
{
	struct buf empty = BUF_INIT(SIZE_MAX / 2);
	struct turn t;
	int r;

	if (!falling)
		return merge_all(s, by_key, give, ctx, why) < 0 ? -1 : 0;
	memset(&t, 0, sizeof t);
	spill_init(&t.spill, s->memory);
	t.bytes = empty;
	r = merge_all(s, by_key, on_turn, &t, why);
	close_files(s);
	if (r == 0)
		r = turn_flush(&t, why);
	buf_free(&t.bytes);
	free(t.place);
	if (r == 0)
		r = merge_all(&t.spill, by_count, give, ctx, why);
	spill_free(&t.spill);
	return r < 0 ? -1 : 0;
}
