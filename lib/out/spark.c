/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out/spark.h"
#include "base/num.h"

#define LEVELS 8

/* The next number of a text, which moves on; false at its end. */
static bool
next(const char **p, const char *end, double *v)
{
	const char *from;

	while (*p < end && **p == ' ')
		++*p;
	from = *p;
	while (*p < end && **p != ' ')
		++*p;
	if (from == *p)
		return false;
	*v = num_json(from, (size_t)(*p - from));
	if (!(*v > 0) || !isfinite(*v))
		*v = 0;
	return true;
}

static void
put(struct buf *b, double share, bool blocks)
{
	static const char plain[LEVELS + 1] = "_.:-=+*#";
	int level = (int)(share * (LEVELS - 1) + 0.5);

	if (share > 0 && level == 0)
		level = 1;
	if (blocks) {
		buf_str_add(b, "\xe2\x96");
		buf_putc(b, (char)(0x81 + level));
	} else {
		buf_putc(b, plain[level]);
	}
}

size_t
spark_line(struct buf *b, const char *p, size_t n, bool blocks)
{
	double sum[SPARK_MOST] = { 0 }, most = 0, v;
	size_t numbers = 0, columns, i, count[SPARK_MOST] = { 0 };
	const char *at = p, *end = p + n;

	while (next(&at, end, &v))
		numbers++;
	columns = numbers < SPARK_MOST ? numbers : SPARK_MOST;
	for (i = 0, at = p; next(&at, end, &v); i++) {
		sum[i * columns / numbers] += v;
		count[i * columns / numbers]++;
	}
	for (i = 0; i < columns; i++) {
		sum[i] /= (double)count[i];
		most = sum[i] > most ? sum[i] : most;
	}
	for (i = 0; i < columns; i++)
		put(b, most > 0 ? sum[i] / most : 0, blocks);
	return columns;
}
