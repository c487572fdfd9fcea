/* SPDX-License-Identifier: GPL-3.0-or-later */
/* block.c -- the second stage: the grammar, over positions.
 *
 * index.c gives the positions of tokens in a span of lines; line_value()
 * walks them, so that the bytes inside strings and the white space are never
 * looked at again. The list ends in a few entries that point at a line end:
 * whatever the grammar expects there, it is not that, so no bound is checked
 * in between.
 *
 * The fast road only ever says yes. A line that it does not take, for
 * whatever reason, goes to json_check(), which has the last word and the
 * reason: an adversary can slow this down, never deceive it.
 */
#include "json/block.h"
#include "json/index.h"

#define SPAN ((size_t)64 << 10) /* indexed at once, unless widened */
#define SENTINELS 8             /* more than the grammar looks ahead */

struct json_block {
	const char *at, *end;           /* the next line; the end of lines */
	const struct json_kernel *kernel;
	/* the span */
	const char *base;               /* NULL: none */
	size_t size, span;              /* its bytes; the most it may have */
	struct json_index index;
	const uint32_t *k, *last;       /* the next token; past the last one */
	/* members of the record, in memory that only grows */
	struct json_member *members;
	uint32_t nmembers, cap;
};

int
json_block_open(struct json_block **out, struct fail *why)
{
	struct json_block *b = calloc(1, sizeof *b);

	*out = b;
	if (!b)
		return fail(why, EXIT_MACHINE, "out of memory");
	b->kernel = json_kernel();
	b->cap = 64;
	b->members = malloc(b->cap * sizeof *b->members);
	if (!b->members || json_block_widen(b, SPAN, why) < 0) {
		json_block_close(b);
		*out = NULL;
		return fail(why, EXIT_MACHINE, "out of memory");
	}
	return 0;
}

int
json_block_widen(struct json_block *b, size_t n, struct fail *why)
{
	uint32_t *at;

	if (n <= b->span)
		return 0;
	at = realloc(b->index.at, (n + 64 + SENTINELS) * sizeof *at);
	if (!at)
		return fail(why, EXIT_MACHINE, "out of memory");
	b->index.at = at;
	b->span = n;
	b->base = NULL;
	return 0;
}

void
json_block_close(struct json_block *b)
{
	if (!b)
		return;
	free(b->members);
	free(b->index.at);
	free(b);
}

void
json_block_use(struct json_block *b, const struct json_kernel *k)
{
	b->kernel = k;
	b->base = NULL;
}

void
json_block_set(struct json_block *b, const char *p, size_t n)
{
	b->at = p;
	b->end = p + n;
	b->base = NULL;
}

/* ---- the grammar ---- */

/* What may stand behind a number or a literal. */
static inline bool
ends_scalar(char c)
{
	return c == ',' || c == '}' || c == ']' || c == '\n' || c == ' ' ||
	    c == '\r' || c == '\t';
}

static inline bool
is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

static inline bool
number_ok(const char *p)
{
	if (*p == '-')
		p++;
	if (*p == '0')
		p++;
	else if (is_digit(*p))
		do
			p++;
		while (is_digit(*p));
	else
		return false;
	if (*p == '.') {
		if (!is_digit(*++p))
			return false;
		do
			p++;
		while (is_digit(*p));
	}
	if (UNLIKELY(*p == 'e' || *p == 'E')) {
		p++;
		if (*p == '+' || *p == '-')
			p++;
		if (!is_digit(*p))
			return false;
		do
			p++;
		while (is_digit(*p));
	}
	return ends_scalar(*p);
}

/* A scalar that is no string. A line end stands before the span's end, so
 * each comparison stops in time. */
static inline bool
scalar_ok(const char *p)
{
	switch (*p) {
	case 't':
		return p[1] == 'r' && p[2] == 'u' && p[3] == 'e' &&
		    ends_scalar(p[4]);
	case 'f':
		return p[1] == 'a' && p[2] == 'l' && p[3] == 's' &&
		    p[4] == 'e' && ends_scalar(p[5]);
	case 'n':
		return p[1] == 'u' && p[2] == 'l' && p[3] == 'l' &&
		    ends_scalar(p[4]);
	default:
		return number_ok(p);
	}
}

static bool
grow_members(struct json_block *b)
{
	struct json_member *m = realloc(b->members,
	    (size_t)b->cap * 2 * sizeof *m);

	if (!m)
		return false;
	b->members = m;
	b->cap *= 2;
	return true;
}

/* The container at k: notes the members where it is an object. Returns the
 * token behind it, or NULL where the grammar does not hold. */
static const uint32_t *
container(struct json_block *b, const uint32_t *k)
{
	const char *p = b->base;
	unsigned char object[JSON_DEPTH];       /* by level: is it one? */
	struct json_member *m = b->members;
	uint32_t n = 0;
	int depth = 0;

open:
	if (depth == JSON_DEPTH)
		return NULL;
	if (p[*k] == '[') {
		object[depth++] = 0;
		if (p[*++k] == ']')
			goto close;
		goto value;
	}
	object[depth++] = 1;
	if (p[*++k] == '}')
		goto close;
member:
	if (p[k[0]] != '"' || p[k[1]] != ':')
		return NULL;
	if (depth == 1) {
		if (UNLIKELY(n == b->cap)) {
			if (!grow_members(b))
				return NULL;
			m = b->members;
		}
		m[n].key = k[0];
		m[n].colon = k[1];
		m[n].val = k[2];
		n++;
	}
	k += 2;
value:
	switch (p[*k]) {
	case '"':
		break;
	case '{':
	case '[':
		goto open;
	default:
		if (!scalar_ok(p + *k))
			return NULL;
	}
	k++;
after:
	if (object[depth - 1]) {
		if (depth == 1)
			m[n - 1].next = *k;
		if (p[*k] == ',') {
			k++;
			goto member;
		}
		if (p[*k] != '}')
			return NULL;
	} else {
		if (p[*k] == ',') {
			k++;
			goto value;
		}
		if (p[*k] != ']')
			return NULL;
	}
close:
	k++;
	if (--depth > 0)
		goto after;
	b->nmembers = n;
	return k;
}

/* The line whose first token is at b->k, where the fast road can take it. */
static bool
fast_line(struct json_block *b, struct json_line *line)
{
	const uint32_t *k;
	const char *p = b->base;
	char first = p[*b->k];

	if (first != '{' && first != '[')
		return false;           /* a scalar alone in its line is rare */
	k = container(b, b->k);
	if (!k || p[*k] != '\n' || k >= b->last || *k >= b->index.good)
		return false;
	line->p = b->at;
	line->n = (size_t)(p + *k - b->at);
	line->val.p = p + *b->k;
	line->val.n = k[-1] - *b->k + 1;
	line->members.base = p;
	line->members.v = first == '{' ? b->members : NULL;
	line->members.n = b->nmembers;
	line->members.escapes = b->index.escapes;
	b->at = p + *k + 1;
	b->k = k + 1;
	return true;
}

/* ---- lines ---- */

static const char *
last_lf(const char *p, size_t n)
{
	while (n > 0 && p[n - 1] != '\n')
		n--;
	return n ? p + n - 1 : NULL;
}

/* Indexes the next span of whole lines. False where no line ends in it. */
static bool
next_span(struct json_block *b)
{
	size_t n = (size_t)(b->end - b->at), i;
	const char *lf;

	b->base = NULL;
	if (!b->kernel)
		return false;
	if (n > b->span)
		n = b->span;
	if (!(lf = last_lf(b->at, n)))
		return false;
	b->base = b->at;
	b->size = (size_t)(lf + 1 - b->at);
	b->kernel->index(b->base, b->size, &b->index);
	b->k = b->index.at;
	b->last = b->index.at + b->index.n;
	for (i = 0; i < SENTINELS; i++)
		b->index.at[b->index.n + i] = (uint32_t)b->size - 1;
	return true;
}

static bool
is_blank(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (p[i] != ' ' && p[i] != '\t' && p[i] != '\r')
			return false;
	return true;
}

/* A line by json_check(). */
static enum json_block_kind
careful_line(struct json_block *b, struct json_line *line)
{
	const char *lf = memchr(b->at, '\n', (size_t)(b->end - b->at));

	line->p = b->at;
	line->n = (size_t)((lf ? lf : b->end) - line->p);
	line->members.v = NULL;
	line->members.n = 0;
	b->at = lf ? lf + 1 : b->end;
	if (b->base && lf && lf < b->base + b->index.good) {
		while (b->k < b->last && b->base + *b->k <= lf)
			b->k++;
	} else {
		b->base = NULL;         /* index again behind this line */
	}
	if (is_blank(line->p, line->n))
		return BLOCK_BLANK;
	return json_check(line->p, line->n, &line->val, &line->err) < 0 ?
	    BLOCK_BAD : BLOCK_VALUE;
}

enum json_block_kind
json_block_next(struct json_block *b, struct json_line *line)
{
	if (b->base && b->at == b->base + b->size)
		b->base = NULL;
	if (b->at == b->end)
		return BLOCK_END;
	if (!b->base && !next_span(b))
		return careful_line(b, line);
	if (b->k < b->last && fast_line(b, line))
		return BLOCK_VALUE;
	return careful_line(b, line);
}
