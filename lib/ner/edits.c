/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/edits.h"

#define FAR 200
#define SIDE (EDITS_LETTERS + 1)

static bool
is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static unsigned
lesser(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

struct table {
	const uint32_t *name, *text;
	size_t n, m;
	uint8_t at[SIDE][SIDE];
};

/* What the last step to a cell costs; FAR: it cannot be. */
static unsigned
step(const struct table *t, enum edit_op op, size_t i, size_t j)
{
	uint32_t a = i ? t->name[i - 1] : 0, b = j ? t->text[j - 1] : 0;

	switch (op) {
	case EDIT_OMIT:
		return i && !is_digit(a) ? t->at[i - 1][j] + 1u : FAR;
	case EDIT_ADD:
		return j && !is_digit(b) ? t->at[i][j - 1] + 1u : FAR;
	case EDIT_CHANGE:
		if (!i || !j || (a != b && (is_digit(a) || is_digit(b))))
			return FAR;
		return t->at[i - 1][j - 1] + (a != b);
	default:
		if (i < 2 || j < 2 || a == b || a != t->text[j - 2] ||
		    b != t->name[i - 2] || is_digit(a) || is_digit(b))
			return FAR;
		return t->at[i - 2][j - 2] + 1u;
	}
}

/* The ways, in the order in which they are taken back: a letter that stays
 * first, so that what is added is added as late as may be. */
static const enum edit_op ways[] = { EDIT_CHANGE, EDIT_SWAP, EDIT_OMIT,
    EDIT_ADD };

static void
fill(struct table *t)
{
	unsigned least;
	size_t i, j, k;

	for (i = 0; i <= t->n; i++)
		for (j = 0; j <= t->m; j++) {
			least = i || j ? FAR : 0;
			for (k = 0; k < COUNT(ways) && (i || j); k++)
				least = lesser(least, step(t, ways[k], i, j));
			t->at[i][j] = (uint8_t)least;
		}
}

size_t
edits_between(struct edit out[EDITS_MOST], const uint32_t *name, size_t n,
    const uint32_t *text, size_t m)
{
	struct table t;
	size_t i = n, j = m, k, left, all;

	if (n > EDITS_LETTERS || m > EDITS_LETTERS)
		return 0;
	t.name = name;
	t.text = text;
	t.n = n;
	t.m = m;
	fill(&t);
	if (t.at[n][m] > EDITS_MOST)
		return 0;
	all = left = t.at[n][m];
	while (left) {
		for (k = 0; step(&t, ways[k], i, j) != t.at[i][j]; k++)
			;
		if (ways[k] != EDIT_CHANGE || name[i - 1] != text[j - 1])
			left--;
		i -= ways[k] == EDIT_ADD ? 0 : ways[k] == EDIT_SWAP ? 2 : 1;
		j -= ways[k] == EDIT_OMIT ? 0 : ways[k] == EDIT_SWAP ? 2 : 1;
		if (ways[k] == EDIT_CHANGE && name[i] == text[j])
			continue;
		out[left].op = ways[k];
		out[left].name = i;
		out[left].text = j;
	}
	return all;
}

const char *
edit_name(enum edit_op op)
{
	static const char *const names[] = { "omit", "add", "change", "swap" };

	return names[op];
}
