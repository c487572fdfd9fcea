/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lint.c -- what is wrong with a gazetteer, a JSON line a finding.
 *
 *	repeated	a name has an alias twice
 *	shadowed	an alias is another name's too, which is always taken
 *	doubled		an alias is another name's too, and either may be meant
 *	ordinary	an alias is an ordinary word
 *	near		an alias is one edit from another name's
 */
#include "tool.h"
#include "base/out.h"
#include "json/write.h"

struct lint {
	const struct names *names;
	const struct gazetteer *g;
	struct out *out;
	struct buf line;
	uint64_t n;
	struct pair *pairs;             /* owned: in order, up to `next` said */
	size_t npairs, cpairs, next;
};

static void
put(struct buf *b, const char *key, const struct gazetteer *g,
    struct gaz_str s)
{
	json_key(b, key);
	json_str(b, gaz_text(g, s), s.n);
}

/* A finding about an alias, with another or none (the alias itself). */
static int
say(struct lint *l, const char *rule, uint32_t alias, uint32_t other,
    struct fail *why)
{
	const struct gazetteer *g = l->g;
	const struct gaz_alias *a = &g->aliases[alias];
	const struct gaz_alias *b = &g->aliases[other];
	const struct gaz_name *n = &g->names[a->name];
	struct buf *line = &l->line;

	l->n++;
	buf_clear(line);
	buf_putc(line, '{');
	json_key(line, "rule");
	json_cstr(line, rule);
	put(line, "id", g, n->id);
	put(line, "alias", g, a->text);
	if (alias != other) {
		put(line, "other_id", g, g->names[b->name].id);
		put(line, "other_alias", g, b->text);
	}
	json_key(line, "file");
	json_cstr(line, g->files[n->file]);
	json_key(line, "line");
	json_uint(line, n->line);
	buf_str_add(line, "}\n");
	if (line->err)
		return fail(why, EXIT_MACHINE, "a finding does not fit "
		    "memory");
	return out_write(l->out, line->p, line->len, why);
}

static bool
same_id(const struct gazetteer *g, uint32_t a, uint32_t b)
{
	struct gaz_str x = g->names[g->aliases[a].name].id;
	struct gaz_str y = g->names[g->aliases[b].name].id;

	return x.n == y.n && memcmp(gaz_text(g, x), gaz_text(g, y), x.n) == 0;
}

/* Does the name of alias a go before that of b wherever both are found? */
static bool
goes_before(const struct gazetteer *g, uint32_t a, uint32_t b)
{
	const struct gaz_name *x = &g->names[g->aliases[a].name];
	const struct gaz_name *y = &g->names[g->aliases[b].name];
	uint32_t n = x->id.n < y->id.n ? x->id.n : y->id.n;
	int c;

	if (x->near.n || x->flags & (GAZ_EXACT | GAZ_CASE))
		return false;           /* it is not found everywhere */
	if (x->weight != y->weight)
		return x->weight > y->weight;
	c = memcmp(gaz_text(g, x->id), gaz_text(g, y->id), n);
	return c ? c < 0 : x->id.n < y->id.n;
}

/* Is the name written by alias a written there the same way before? */
static int
same_letters(struct lint *l, uint32_t a, uint32_t first, struct fail *why)
{
	const struct gazetteer *g = l->g;
	uint32_t b;

	for (b = first; b; b = g->aliases[b - 1].next) {
		if (b - 1 == a)
			continue;
		if (same_id(g, a, b - 1)) {
			if (b - 1 < a)
				return say(l, "repeated", a, b - 1, why);
		} else if (goes_before(g, b - 1, a)) {
			return say(l, "shadowed", a, b - 1, why);
		} else if (!goes_before(g, a, b - 1)) {
			return say(l, "doubled", a, b - 1, why);
		}
	}
	return 0;
}

/* ---- one edit apart ---- */

/* What is left of an alias's letters with one out. Two that are one edit apart
 * leave the same somewhere, so neighbours are found by sorting, however many
 * names begin alike. */
struct left {
	uint64_t hash;
	uint32_t alias;
};

struct pair {
	uint32_t a, b;          /* a is one edit from b */
};

/* FNV-1a of n letters without the one at i (n: of all). */
static uint64_t
hash_without(const char *p, size_t n, size_t i)
{
	uint64_t h = 0xCBF29CE484222325u;
	size_t k;

	for (k = 0; k < n; k++)
		if (k != i)
			h = (h ^ (unsigned char)p[k]) * 0x100000001B3u;
	return h;
}

static int
by_hash(const void *x, const void *y)
{
	const struct left *a = x, *b = y;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->alias > b->alias) - (a->alias < b->alias);
}

static int
by_alias(const void *x, const void *y)
{
	const struct pair *a = x, *b = y;

	if (a->a != b->a)
		return a->a < b->a ? -1 : 1;
	return (a->b > b->b) - (a->b < b->b);
}

/* Is alias b, of another name, one edit from a? */
static bool
is_near(const struct lint *l, uint32_t a, uint32_t b)
{
	const struct gazetteer *g = l->g;
	const struct gaz_alias *x = &g->aliases[a], *y = &g->aliases[b];
	uint8_t at[2 * NEAR_EDITS + 1];
	unsigned d = x->nletters + 1u - y->nletters;

	if (d > 2 || near_edits(x->nletters) == 0 || y->nletters < 3 ||
	    g->names[y->name].flags & (GAZ_EXACT | GAZ_NOFUZZY) ||
	    same_id(g, a, b))
		return false;
	near_distance(at, gaz_letters(g, y), y->nletters, gaz_letters(g, x),
	    x->nletters, 1);
	return at[d] == 1;
}

static int
keep_pair(struct lint *l, uint32_t a, uint32_t b, struct fail *why)
{
	size_t cap = 2 * l->cpairs + 256;
	struct pair *v;

	if (!is_near(l, a, b))
		return 0;
	if (l->npairs == l->cpairs) {
		if (!(v = realloc(l->pairs, cap * sizeof *v)))
			return fail_errno(why, "lint");
		l->pairs = v;
		l->cpairs = cap;
	}
	l->pairs[l->npairs].a = a;
	l->pairs[l->npairs++].b = b;
	return 0;
}

/* Every two of the aliases that have the letters of a and of b. */
static int
keep_pairs(struct lint *l, uint32_t a, uint32_t b, struct fail *why)
{
	const struct gaz_alias *v = l->g->aliases;
	uint32_t i, j;

	for (i = a + 1; i; i = v[i - 1].next)
		for (j = b + 1; j; j = v[j - 1].next)
			if (keep_pair(l, i - 1, j - 1, why) < 0 ||
			    keep_pair(l, j - 1, i - 1, why) < 0)
				return -1;
	return 0;
}

/* What is left of each run of letters, once however many aliases have it;
 * returns how many, with out NULL only that. */
static size_t
leave(const struct lint *l, struct left *out)
{
	const struct gazetteer *g = l->g;
	const struct gaz_alias *a;
	size_t n = 0, k;
	uint32_t i;

	for (i = 0; i < g->naliases; i++) {
		a = &g->aliases[i];
		if (a->nletters < 3 || gazetteer_find(g, a) != i + 1)
			continue;
		for (k = 0; k <= a->nletters; k++, n++)
			if (out) {
				out[n].hash = hash_without(gaz_letters(g, a),
				    a->nletters, k);
				out[n].alias = i;
			}
	}
	return n;
}

/* All pairs, in order. */
static int
find_near(struct lint *l, struct fail *why)
{
	size_t n = leave(l, NULL), i, j, k = 0;
	struct left *v = malloc((n + 1) * sizeof *v);
	int r = 0;

	if (!v)
		return fail_errno(why, "lint");
	leave(l, v);
	qsort(v, n, sizeof *v, by_hash);
	for (i = 0; i < n && r == 0; i++)
		for (j = i + 1; j < n && v[j].hash == v[i].hash && r == 0; j++)
			if (v[j].alias != v[i].alias)
				r = keep_pairs(l, v[i].alias, v[j].alias, why);
	free(v);
	if (l->npairs)
		qsort(l->pairs, l->npairs, sizeof *l->pairs, by_alias);
	for (i = 0; i < l->npairs; i++)         /* found in several places */
		if (k == 0 || by_alias(&l->pairs[k - 1], &l->pairs[i]) != 0)
			l->pairs[k++] = l->pairs[i];
	l->npairs = k;
	return r;
}

/* Those of alias a. */
static int
near_ones(struct lint *l, uint32_t a, struct fail *why)
{
	for (; l->next < l->npairs && l->pairs[l->next].a == a; l->next++)
		if (say(l, "near", a, l->pairs[l->next].b, why) < 0)
			return -1;
	return 0;
}

static int
each_alias(struct lint *l, struct fail *why)
{
	const struct gazetteer *g = l->g;
	const struct gaz_alias *a;
	uint32_t i;

	for (i = 0; i < g->naliases; i++) {
		a = &g->aliases[i];
		if (same_letters(l, i, gazetteer_find(g, a), why) < 0 ||
		    (a->single && words_has(&l->names->words,
		    gaz_letters(g, a), a->nletters) &&
		    say(l, "ordinary", i, i, why) < 0) ||
		    near_ones(l, i, why) < 0)
			return -1;
	}
	return 0;
}

int
lint_names(const struct names *names, const char *output, struct fail *why)
{
	struct lint l = { names, names->gazetteer, NULL, BUF_INIT(BUF_LINE),
	    0, NULL, 0, 0, 0 };
	struct out out;
	int r;

	if (find_near(&l, why) < 0) {
		free(l.pairs);
		return -1;
	}
	l.out = &out;
	r = out_open(&out, output, 0, why);
	if (r == 0 && (r = each_alias(&l, why)) == 0)
		r = out_close(&out, why);
	else if (r < 0)
		out_abort(&out);
	buf_free(&l.line);
	free(l.pairs);
	return r < 0 ? -1 : l.n > 0;
}
