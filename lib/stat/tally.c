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

/* A merge sort, as qsort() takes no context: from runs of one upwards, each
 * pass from one half of the memory into the other. */
uint32_t *
tally_order(const struct tally *t, tally_cmp *cmp, struct fail *why)
{
	const struct map_key *k = t->keys.keys;
	size_t n = t->keys.n, run, i, j, mid, end, lo, at;
	uint32_t *from = malloc((2 * n + 1) * sizeof *from), *to, *swap, *all;

	if (!(all = from)) {
		fail_errno(why, "the order of %zu keys", n);
		return NULL;
	}
	to = from + n;
	for (i = 0; i < n; i++)
		from[i] = (uint32_t)i;
	for (run = 1; run < n; run *= 2) {
		for (lo = at = 0; lo < n; lo = end) {
			mid = lo + run < n ? lo + run : n;
			end = mid + run < n ? mid + run : n;
			for (i = lo, j = mid; i < mid || j < end;) {
				if (j == end || (i < mid && cmp(k[from[i]].p,
				    k[from[i]].len, k[from[j]].p,
				    k[from[j]].len) <= 0))
					to[at++] = from[i++];
				else
					to[at++] = from[j++];
			}
		}
		swap = from;
		from = to;
		to = swap;
	}
	if (from != all)
		memcpy(all, from, n * sizeof *all);
	return all;
}

void
tally_free(struct tally *t)
{
	map_free(&t->keys);
	free(t->count);
	memset(t, 0, sizeof *t);
}
