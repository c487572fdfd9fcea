/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/near.h"

#define FAR (NEAR_EDITS + 1)

unsigned
near_edits(size_t n)
{
	return n / 5 < NEAR_EDITS ? (unsigned)n / 5 : NEAR_EDITS;
}

/* ---- the index ---- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A packed number without its letter i. */
static uint64_t
without(uint64_t v, unsigned i)
{
	uint64_t low = ((uint64_t)1 << 8 * i) - 1;

	return (v & low) | (v >> 8 & ~low);
}

int
near_deletes(uint64_t *out, const char *letters, size_t n, unsigned deletes)
{
	uint64_t all;
	unsigned i, j;
	int k = 0;

	n = n < NEAR_PREFIX ? n : NEAR_PREFIX;
	all = alias_pack(letters, n);
	out[k++] = all;
	for (i = 0; deletes && i < n; i++) {
		if (is_digit(letters[i]))
			continue;
		out[k++] = without(all, i);
		for (j = 0; deletes > 1 && j < i; j++)
			if (!is_digit(letters[j]))
				out[k++] = without(without(all, i), j);
	}
	return k;
}

static int
post(struct near_index *x, uint64_t left, uint32_t alias)
{
	uint32_t mix = alias_mix(left), cap;
	uint32_t *list = &x->first[mix >> (32 - x->log)];
	struct near_post *v;

	if (*list && x->posts[*list - 1].alias == alias &&
	    x->posts[*list - 1].mix == mix)
		return 0;
	if (x->nposts == x->cap) {
		if (x->cap > UINT32_MAX / 4) {
			errno = ENOMEM;
			return -1;
		}
		cap = x->cap * 2 + 1024;
		if (!(v = realloc(x->posts, cap * sizeof *v)))
			return -1;
		x->posts = v;
		x->cap = cap;
	}
	x->posts[x->nposts].alias = alias;
	x->posts[x->nposts].mix = mix;
	x->posts[x->nposts].next = *list;
	*list = ++x->nposts;
	return 0;
}

int
near_open(struct near_index *x, const struct gazetteer *g, struct fail *why)
{
	const struct gaz_alias *a;
	uint64_t left[NEAR_DELETES];
	unsigned k;
	uint32_t i;
	int j, n;

	memset(x, 0, sizeof *x);
	for (x->log = 10; x->log < 28 && (uint32_t)1 << x->log <
	    g->naliases * 16; )
		x->log++;
	x->first = calloc((size_t)1 << x->log, sizeof *x->first);
	x->has = calloc(g->naliases + (size_t)1, sizeof *x->has);
	if (!x->first || !x->has)
		return fail_errno(why, "a gazetteer");
	for (i = 0; i < g->naliases; i++) {
		a = &g->aliases[i];
		k = near_edits(a->nletters);
		if (g->names[a->name].flags & (GAZ_EXACT | GAZ_NOFUZZY) ||
		    a->nletters < 3)
			continue;
		n = near_deletes(left, gaz_letters(g, a), a->nletters,
		    k < 2 ? k : 2);
		for (j = 0; j < n; j++)
			if (post(x, left[j], i) < 0)
				return fail_errno(why, "a gazetteer");
		for (j = 0; j < a->nletters; j++)
			x->has[i] |= near_bit(gaz_letters(g, a)[j]);
	}
	return 0;
}

void
near_free(struct near_index *x)
{
	free(x->first);
	free(x->posts);
	free(x->has);
	memset(x, 0, sizeof *x);
}

/* ---- the distance ---- */

/* The row of letter i of a name: distances from it to run[0..j) for the j
 * within k of i, at row[j - i + k]; one and two are those before it. */
static unsigned
next_row(uint8_t *row, const uint8_t *one, const uint8_t *two, size_t i,
    const char *name, const char *run, size_t n, unsigned k)
{
	char c = name[i - 1];
	unsigned d, best = FAR, least;
	size_t j;

	for (d = 0; d <= 2 * k; d++) {
		row[d] = FAR;
		if (i + d < k || i + d - k > n)
			continue;
		j = i + d - k;
		least = FAR;
		if (d < 2 * k && !is_digit(c))          /* left out */
			least = one[d + 1] + 1u;
		if (d > 0 && j > 0 && !is_digit(run[j - 1]) &&
		    row[d - 1] + 1u < least)            /* put in */
			least = row[d - 1] + 1u;
		if (j > 0) {
			if (c == run[j - 1] ? one[d] < least :
			    !is_digit(c) && !is_digit(run[j - 1]) &&
			    one[d] + 1u < least)
				least = one[d] + (c != run[j - 1]);
			if (i > 1 && j > 1 && c == run[j - 2] &&
			    name[i - 2] == run[j - 1] && !is_digit(c) &&
			    !is_digit(run[j - 1]) && two[d] + 1u < least)
				least = two[d] + 1u;
		}
		row[d] = (uint8_t)(least < FAR ? least : FAR);
		best = row[d] < best ? row[d] : best;
	}
	return best;
}

unsigned
near_distance(uint8_t *at, const char *name, size_t m, const char *run,
    size_t n, unsigned k)
{
	uint8_t rows[3][2 * NEAR_EDITS + 2], *row;
	unsigned d, best = 0;
	size_t i;

	memset(rows, FAR, sizeof rows);
	for (d = 0; d <= k; d++) {
		rows[0][k + d] = (uint8_t)d;
		if (d >= n || is_digit(run[d]))
			break;
	}
	for (i = 1; i <= m && best <= k; i++)
		best = next_row(rows[i % 3], rows[(i + 2) % 3],
		    rows[(i + 1) % 3], i, name, run, n, k);
	row = rows[m % 3];
	for (d = 0; d <= 2 * k; d++)
		at[d] = best <= k ? row[d] : FAR;
	return best;
}
