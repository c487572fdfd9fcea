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
	uint32_t *seen;                 /* owned: the alias compared last, + 1 */
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

/* Is alias b, of another name, one edit from a? */
static bool
is_near(const struct lint *l, uint32_t a, uint32_t b)
{
	const struct gazetteer *g = l->g;
	const struct gaz_alias *x = &g->aliases[a], *y = &g->aliases[b];
	uint8_t at[2 * NEAR_EDITS + 1];
	unsigned d = x->nletters + 1u - y->nletters;

	if (d > 2 || same_id(g, a, b))
		return false;
	near_distance(at, gaz_letters(g, y), y->nletters, gaz_letters(g, x),
	    x->nletters, 1);
	return at[d] == 1;
}

static int
near_ones(struct lint *l, uint32_t a, struct fail *why)
{
	const struct near_index *x = &l->names->near;
	const struct gaz_alias *alias = &l->g->aliases[a];
	uint64_t left[NEAR_DELETES];
	const struct near_post *post;
	uint32_t p, mix;
	int i, n;

	if (near_edits(alias->nletters) == 0)
		return 0;
	n = near_deletes(left, gaz_letters(l->g, alias), alias->nletters, 1);
	for (i = 0; i < n; i++) {
		mix = alias_mix(left[i]);
		for (p = near_list(x, mix); p; p = post->next) {
			post = &x->posts[p - 1];
			if (post->mix != mix || l->seen[post->alias] == a + 1)
				continue;
			l->seen[post->alias] = a + 1;
			if (is_near(l, a, post->alias) &&
			    say(l, "near", a, post->alias, why) < 0)
				return -1;
		}
	}
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
	    0, NULL };
	struct out out;
	int r;

	if (!(l.seen = calloc(l.g->naliases, sizeof *l.seen)))
		return fail_errno(why, "lint");
	l.out = &out;
	r = out_open(&out, output, 0, why);
	if (r == 0 && (r = each_alias(&l, why)) == 0)
		r = out_close(&out, why);
	else if (r < 0)
		out_abort(&out);
	buf_free(&l.line);
	free(l.seen);
	return r < 0 ? -1 : l.n > 0;
}
