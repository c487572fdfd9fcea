/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/block.h"

struct json_block {
	const char *at, *end;
};

int
json_block_open(struct json_block **b, struct fail *why)
{
	*b = calloc(1, sizeof **b);
	return *b ? 0 : fail(why, EXIT_MACHINE, "out of memory");
}

void
json_block_close(struct json_block *b)
{
	free(b);
}

void
json_block_set(struct json_block *b, const char *p, size_t n)
{
	b->at = p;
	b->end = p + n;
}

enum json_block_kind
json_block_next(struct json_block *b, struct json_line *line)
{
	const char *lf;
	size_t i;

	if (b->at == b->end)
		return BLOCK_END;
	line->p = b->at;
	lf = memchr(b->at, '\n', (size_t)(b->end - b->at));
	line->n = (size_t)((lf ? lf : b->end) - line->p);
	b->at = lf ? lf + 1 : b->end;
	for (i = 0; i < line->n && (line->p[i] == ' ' || line->p[i] == '\t' ||
	    line->p[i] == '\r'); i++)
		;
	if (i == line->n)
		return BLOCK_BLANK;
	if (json_check(line->p, line->n, &line->val, &line->err) < 0)
		return BLOCK_BAD;
	return BLOCK_VALUE;
}
