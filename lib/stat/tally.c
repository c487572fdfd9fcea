/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/tally.h"

#define TOTAL_MAX ((uint64_t)1 << 62)

static int
grow(struct tally *t, struct fail *why)
{
	uint32_t cap = t->cap ? t->cap * 2 : 64;
	uint64_t *count;

	if (t->keys.n <= t->cap)
		return 0;
	if (cap < t->keys.n)
		cap = t->keys.n;
	if (!(count = realloc(t->count, cap * sizeof *count)))
		return fail_errno(why, "%lu different keys",
		    (unsigned long)t->keys.n);
	memset(count + t->cap, 0, (cap - t->cap) * sizeof *count);
	t->count = count;
	t->cap = cap;
	return 0;
}

uint32_t
tally_key(struct tally *t, const void *p, size_t n, struct fail *why)
{
	uint32_t i = map_add(&t->keys, p, n, NULL);

	if (i == MAP_NONE) {
		fail_errno(why, "%lu different keys",
		    (unsigned long)t->keys.n);
		return MAP_NONE;
	}
	return grow(t, why) < 0 ? MAP_NONE : i;
}

int
tally_add(struct tally *t, const void *p, size_t n, uint64_t count,
    struct fail *why)
{
	uint32_t i = tally_key(t, p, n, why);

	return i == MAP_NONE ? -1 : tally_bump(t, i, count, why);
}

int
tally_bump(struct tally *t, uint32_t key, uint64_t count, struct fail *why)
{
	if (count > TOTAL_MAX - t->total)
		return fail(why, EXIT_DATA, "counts add up to more than 2^62");
	t->count[key] += count;
	t->total += count;
	return 0;
}

int
tally_merge(struct tally *t, const struct tally *u, struct fail *why)
{
	uint32_t i;

	for (i = 0; i < u->keys.n; i++)
		if (tally_add(t, u->keys.keys[i].p, u->keys.keys[i].len,
		    u->count[i], why) < 0)
			return -1;
	return 0;
}

uint64_t
tally_count(const struct tally *t, const void *p, size_t n)
{
	uint32_t i = map_find(&t->keys, p, n);

	return i == MAP_NONE ? 0 : t->count[i];
}

/* ---- order ---- */

/* A key on its way to its place. Most comparisons end at the rank, which
 * lies here, so that the key itself, far away in memory, is not touched. */
struct ranked {
	uint64_t rank;
	uint32_t at;
};

static bool
in_order(const struct tally *t, const struct ranked *x,
    const struct ranked *y, tally_cmp *cmp)
{
	const struct map_key *k = t->keys.keys;

	if (x->rank != y->rank || !cmp)
		return x->rank <= y->rank;
	return cmp(k[x->at].p, k[x->at].len, k[y->at].p, k[y->at].len) <= 0;
}

static void
merge(const struct tally *t, struct ranked *to, const struct ranked *lo,
    const struct ranked *mid, const struct ranked *end, tally_cmp *cmp)
{
	const struct ranked *x = lo, *y = mid;

	if (mid == end || in_order(t, mid - 1, mid, cmp)) {
		memcpy(to, lo, (size_t)(end - lo) * sizeof *to);
		return;
	}
	while (x < mid && y < end)
		*to++ = in_order(t, x, y, cmp) ? *x++ : *y++;
	memcpy(to, x, (size_t)(mid - x) * sizeof *to);
	to += mid - x;
	memcpy(to, y, (size_t)(end - y) * sizeof *to);
}

/* A stable merge sort, as qsort() takes no context: from runs of one upwards,
 * each pass from one half of the memory into the other. Returns the half. */
static struct ranked *
sort(const struct tally *t, struct ranked *from, size_t n, tally_cmp *cmp)
{
	struct ranked *to = from + n, *swap;
	size_t run, lo, mid, end;

	for (run = 1; run < n; run *= 2) {
		for (lo = 0; lo < n; lo = end) {
			mid = lo + run < n ? lo + run : n;
			end = mid + run < n ? mid + run : n;
			merge(t, to + lo, from + lo, from + mid, from + end,
			    cmp);
		}
		swap = from;
		from = to;
		to = swap;
	}
	return from;
}

uint32_t *
tally_order_ranked(const struct tally *t, tally_rank *rank, tally_cmp *cmp,
    struct fail *why)
{
	size_t n = t->keys.n, i;
	struct ranked *all = malloc((2 * n + 1) * sizeof *all), *sorted;
	uint32_t *order = malloc((n + 1) * sizeof *order);

	if (!all || !order) {
		free(all);
		free(order);
		fail_errno(why, "the order of %zu keys", n);
		return NULL;
	}
	for (i = 0; i < n; i++) {
		all[i].at = (uint32_t)i;
		all[i].rank = rank ? rank(t->keys.keys[i].p,
		    t->keys.keys[i].len) : 0;
	}
	sorted = sort(t, all, n, cmp);
	for (i = 0; i < n; i++)
		order[i] = sorted[i].at;
	free(all);
	return order;
}

uint32_t *
tally_order(const struct tally *t, tally_cmp *cmp, struct fail *why)
{
	return tally_order_ranked(t, NULL, cmp, why);
}

int
tally_falling(const struct tally *t, uint32_t *order, struct fail *why)
{
	size_t n = t->keys.n, i;
	struct ranked *all = malloc((2 * n + 1) * sizeof *all), *sorted;

	if (!all)
		return fail_errno(why, "the order of %zu keys", n);
	for (i = 0; i < n; i++) {
		all[i].at = order[i];
		all[i].rank = ~t->count[order[i]];
	}
	sorted = sort(t, all, n, NULL);
	for (i = 0; i < n; i++)
		order[i] = sorted[i].at;
	free(all);
	return 0;
}

void
tally_free(struct tally *t)
{
	map_free(&t->keys);
	free(t->count);
	memset(t, 0, sizeof *t);
}
