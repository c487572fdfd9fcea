/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/leven.h"
#include "ner/uni.h"

static int
decode(uint32_t *v, const char *p, size_t n)
{
	const char *end = p + n;
	int k = 0;

	while (p < end && k < LEVEN_MAX)
		v[k++] = uni_next(&p);
	return p < end ? -1 : k;
}

/* The next row of the table, for a[i - 1]; returns its least value. */
static int
fill_row(int *row, const int *above, const uint32_t *b, int nb, uint32_t c,
    int i, int edits)
{
	int from = i - edits > 1 ? i - edits : 1;
	int to = i + edits < nb ? i + edits : nb, j, least, v;

	row[from - 1] = from == 1 ? i : edits + 1;
	least = row[from - 1];
	for (j = from; j <= to; j++) {
		v = above[j - 1] + (c != b[j - 1]);
		if (v > row[j - 1] + 1)
			v = row[j - 1] + 1;
		if (j < i + edits && v > above[j] + 1)
			v = above[j] + 1;
		row[j] = v;
		if (v < least)
			least = v;
	}
	return least;
}

bool
leven_within(const char *a, size_t na, const char *b, size_t nb, int edits)
{
	uint32_t x[LEVEN_MAX], y[LEVEN_MAX];
	int rows[2][LEVEN_MAX + 1], m, n, i;

	if (na == nb && memcmp(a, b, na) == 0)
		return true;
	m = decode(x, a, na);
	n = decode(y, b, nb);
	if (m < 0 || n < 0 || m - n > edits || n - m > edits)
		return false;
	for (i = 0; i <= n; i++)
		rows[0][i] = i;
	for (i = 1; i <= m; i++)
		if (fill_row(rows[i & 1], rows[(i - 1) & 1], y, n, x[i - 1],
		    i, edits) > edits)
			return false;
	return rows[m & 1][n] <= edits;
}
