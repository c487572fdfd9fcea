/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/lex.h"
#include "ner/hash.h"
#include "ner/symbol_table.h"
#include "ner/uni.h"

#define SHAPE_LONG 100          /* code points from which all look alike */
#define SHAPE_RUN 4

int
norms_init(struct norms *t, size_t n)
{
	size_t slots = 16;

	while (slots < 2 * n)
		slots *= 2;
	t->key = calloc(slots, sizeof *t->key);
	t->norm = calloc(slots, sizeof *t->norm);
	t->nslots = slots;
	t->n = 0;
	if (t->key && t->norm)
		return 0;
	norms_free(t);
	return -1;
}

void
norms_free(struct norms *t)
{
	free(t->key);
	free(t->norm);
	memset(t, 0, sizeof *t);
}

void
norms_set(struct norms *t, uint64_t key, uint64_t norm)
{
	size_t i = hash_mix(key) & (t->nslots - 1);

	if (key == 0 || 2 * t->n >= t->nslots)
		return;
	while (t->key[i] && t->key[i] != key)
		i = (i + 1) & (t->nslots - 1);
	t->n += !t->key[i];
	t->key[i] = key;
	t->norm[i] = norm;
}

static uint64_t
norms_get(const struct norms *t, uint64_t key)
{
	size_t i;

	if (!t->nslots)
		return 0;
	for (i = hash_mix(key) & (t->nslots - 1); t->key[i];
	    i = (i + 1) & (t->nslots - 1))
		if (t->key[i] == key)
			return t->norm[i];
	return 0;
}

int
lex_attr(const char *name, size_t n)
{
	static const char *const names[LEX_ATTRS] = {
		"ORTH", "NORM", "LOWER", "PREFIX", "SUFFIX", "SHAPE",
		"SPACY", "IS_SPACE"
	};
	int i;

	for (i = 0; i < LEX_ATTRS; i++)
		if (strlen(names[i]) == n && memcmp(names[i], name, n) == 0)
			return i;
	return -1;
}

bool
lex_is_space(const char *p, size_t n)
{
	const char *end = p + n;

	if (n == 0)
		return false;
	while (p < end)
		if (!uni_is_space(uni_next(&p)))
			return false;
	return true;
}

void
lex_shape(struct buf *b, const char *p, size_t n)
{
	const char *end = p + n, *from;
	uint32_t c, last = 0;
	int run = 0;

	if (uni_count(p, n) >= SHAPE_LONG) {
		buf_str_add(b, "LONG");
		return;
	}
	while (p < end) {
		char out[4];

		from = p;
		c = uni_next(&p);
		if (uni_is_alpha(c))
			c = uni_is_upper(c) ? 'X' : 'x';
		else if (uni_is_digit(c))
			c = 'd';
		if (from > end - n && c == last) {
			run++;
		} else {
			run = 0;
			last = c;
		}
		if (run < SHAPE_RUN)
			buf_add(b, out, uni_put(out, c));
	}
}

static uint64_t
lower_id(const struct lex *x, struct buf *work)
{
	buf_clear(work);
	uni_lower(work, x->p, x->n);
	return hash_id(work->p, work->len);
}

const char *
lex_base_norm(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < base_norms_n; i++)
		if (strlen(base_norms[i].text) == n &&
		    memcmp(base_norms[i].text, p, n) == 0)
			return base_norms[i].norm;
	return NULL;
}

static uint64_t
norm_id(const struct lex *x, const struct norms *norms, struct buf *work)
{
	uint64_t id = x->norm;
	const char *base;

	if (id || (id = norms_get(norms, hash_id(x->p, x->n))))
		return id;
	base = lex_base_norm(x->p, x->n);
	return base ? hash_id(base, strlen(base)) : lower_id(x, work);
}

/* The last three code points, or all. */
static uint64_t
suffix_id(const struct lex *x)
{
	size_t at = x->n, left = 3;

	while (at > 0 && left > 0)
		left -= ((unsigned char)x->p[--at] & 0xC0) != 0x80;
	return hash_id(x->p + at, x->n - at);
}

static uint64_t
prefix_id(const struct lex *x)
{
	const char *p = x->p;

	if (x->n == 0)
		return 0;
	uni_next(&p);
	return hash_id(x->p, (size_t)(p - x->p));
}

uint64_t
lex_value(const struct lex *x, enum lex_attr attr, const struct norms *norms,
    struct buf *work)
{
	switch (attr) {
	case LEX_NORM:
		return norm_id(x, norms, work);
	case LEX_LOWER:
		return lower_id(x, work);
	case LEX_PREFIX:
		return prefix_id(x);
	case LEX_SUFFIX:
		return suffix_id(x);
	case LEX_SHAPE:
		buf_clear(work);
		lex_shape(work, x->p, x->n);
		return hash_id(work->p, work->len);
	case LEX_SPACY:
		return x->spacy;
	case LEX_IS_SPACE:
		return lex_is_space(x->p, x->n);
	case LEX_ORTH:
	case LEX_ATTRS:
		break;
	}
	return hash_id(x->p, x->n);
}
