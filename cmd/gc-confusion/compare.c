/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two models on the same records. The older one's are kept as id -> was it
 * right; the newer ones' as a list of (that id, actual label, right). A
 * record that got no prediction is not right. An id that occurs twice on a
 * side pairs with nobody knows whom, and is left out; so is one whose actual
 * label is another on each side, for then nobody knows who was right.
 */
#include "tool.h"
#include "json/write.h"
#include "stat/adjust.h"
#include "stat/paired.h"

enum { OLD_WRONG, OLD_RIGHT, OLD_TWICE };

struct match {
	uint32_t id, label;     /* id: MAP_NONE where OLD has it not */
	bool right;
	bool relabelled;        /* OLD has another actual label for it */
};

/* ---- the older side ---- */

struct reading {
	struct old *old;
	const struct settings *s;
	struct reader r;
};

static int
grow(struct old *old, struct fail *why)
{
	uint32_t cap = old->cap ? 2 * old->cap : 1024, *actual;
	uint8_t *state = realloc(old->state, cap);

	if (state)
		old->state = state;
	actual = realloc(old->actual, cap * sizeof *actual);
	if (actual)
		old->actual = actual;
	if (!state || !actual)
		return fail_errno(why, "the ids of --compare");
	old->cap = cap;
	return 0;
}

static int
on_old(void *ctx, const struct record *rec, struct fail *why)
{
	struct reading *c = ctx;
	struct old *old = c->old;
	const char *rule;
	uint32_t i;
	bool fresh;
	int n, id;

	n = reader_labels(&c->r, c->s, rec, &rule, why);
	if (n != FILTER_USED && n != FILTER_DROPPED)
		return -1;
	id = reader_id(&c->r, rec, &rule, why);
	if (id != FILTER_USED && id != FILTER_DROPPED)
		return -1;
	if (id == FILTER_DROPPED) {
		old->without++;
		return 0;
	}
	i = map_add(&old->ids, c->r.i.p, c->r.i.len, &fresh);
	if (i == MAP_NONE)
		return fail_errno(why, "the ids of --compare");
	if (i >= old->cap && grow(old, why) < 0)
		return -1;
	old->actual[i] = MAP_NONE;
	if (n == FILTER_USED && (old->actual[i] = tally_key(&old->labels,
	    c->r.a.p, c->r.a.len, why)) == MAP_NONE)
		return -1;
	old->state[i] = !fresh ? OLD_TWICE : n == FILTER_USED &&
	    c->r.a.len == c->r.p.len &&
	    memcmp(c->r.a.p, c->r.p.p, c->r.a.len) == 0;
	return 0;
}

int
old_read(struct old *old, const struct settings *s, struct fail *why)
{
	struct reading c = { old, s, { 0 } };
	int r;

	if (reader_open(&c.r, s, why) < 0)
		return -1;
	r = filter_each(s->compare, on_old, &c, why);
	reader_close(&c.r);
	return r;
}

void
old_free(struct old *old)
{
	map_free(&old->ids);
	free(old->state);
	free(old->actual);
	tally_free(&old->labels);
}

/* ---- the newer side ---- */

static int
push(struct matches *to, struct match m, struct fail *why)
{
	size_t cap = to->cap ? 2 * to->cap : 1024;
	struct match *p;

	if (to->n == to->cap) {
		if (!(p = realloc(to->m, cap * sizeof *p)))
			return fail_errno(why, "%zu pairs", cap);
		to->m = p;
		to->cap = cap;
	}
	to->m[to->n++] = m;
	return 0;
}

int
compare_take(struct matches *to, const struct old *old,
    const struct buf *actual, const struct buf *id, bool right,
    struct fail *why)
{
	struct match m;

	if (!id) {
		to->without++;
		return 0;
	}
	m.id = map_find(&old->ids, id->p, id->len);
	m.label = tally_key(&to->labels, actual->p, actual->len, why);
	m.right = right;
	m.relabelled = m.id != MAP_NONE && old->actual[m.id] != MAP_NONE &&
	    old->actual[m.id] != map_find(&old->labels.keys, actual->p,
	    actual->len);
	return m.label == MAP_NONE ? -1 : push(to, m, why);
}

int
matches_merge(struct matches *to, const struct matches *from, struct fail *why)
{
	struct match m;
	size_t i;

	for (i = 0; i < from->n; i++) {
		const struct map_key *k;

		m = from->m[i];
		k = from->labels.keys.keys + m.label;
		m.label = tally_key(&to->labels, k->p, k->len, why);
		if (m.label == MAP_NONE || push(to, m, why) < 0)
			return -1;
	}
	to->without += from->without;
	return 0;
}

void
matches_free(struct matches *m)
{
	free(m->m);
	tally_free(&m->labels);
}

/* ---- the comparison ---- */

struct comparison {
	struct paired all;
	struct paired *label;   /* owned; by the label's number */
	uint64_t only_old, only_new, twice, relabelled;
};

static void
count_pair(struct paired *p, bool old, bool now)
{
	if (old && now)
		p->both++;
	else if (old)
		p->lost++;
	else if (now)
		p->gained++;
	else
		p->neither++;
}

/* Counts every id that each side has once. */
static int
pair_up(struct comparison *c, const struct matches *m, const struct old *old,
    struct fail *why)
{
	uint32_t n = old->ids.n, i;
	uint8_t *seen = calloc((size_t)n + 1, 1);
	size_t k;

	c->label = calloc((size_t)m->labels.keys.n + 1, sizeof *c->label);
	if (!seen || !c->label) {
		free(seen);
		return fail_errno(why, "%lu pairs", (unsigned long)n);
	}
	for (k = 0; k < m->n; k++)
		if (m->m[k].id != MAP_NONE && seen[m->m[k].id] < 2)
			seen[m->m[k].id]++;
	for (k = 0; k < m->n; k++) {
		if ((i = m->m[k].id) == MAP_NONE) {
			c->only_new++;
			continue;
		}
		if (seen[i] != 1 || old->state[i] == OLD_TWICE)
			continue;
		if (m->m[k].relabelled) {
			c->relabelled++;
			continue;
		}
		count_pair(&c->all, old->state[i], m->m[k].right);
		count_pair(c->label + m->m[k].label, old->state[i],
		    m->m[k].right);
	}
	for (i = 0; i < n; i++) {
		c->only_old += seen[i] == 0;
		c->twice += seen[i] == 2 || (seen[i] &&
		    old->state[i] == OLD_TWICE);
	}
	free(seen);
	return 0;
}

static void
count(struct buf *b, const char *name, uint64_t n)
{
	json_key(b, name);
	json_uint(b, n);
}

static void
member(struct buf *b, const char *name, double v)
{
	json_key(b, name);
	json_num(b, v);
}

/* Both shares of right answers, and their difference. */
static void
write_pair(struct buf *b, const struct paired *p, double level)
{
	uint64_t n = p->both + p->lost + p->gained + p->neither;
	struct interval i = paired_interval(p, level);

	count(b, "n", n);
	member(b, "old", n ? (double)(p->both + p->lost) / (double)n : NAN);
	member(b, "new", n ? (double)(p->both + p->gained) / (double)n : NAN);
	member(b, "difference", paired_difference(p));
	member(b, "low", i.low);
	member(b, "high", i.high);
	count(b, "lost", p->lost);
	count(b, "gained", p->gained);
}

static int
write_labels(struct buf *b, const struct comparison *c,
    const struct matches *m, const struct settings *s, struct fail *why)
{
	uint32_t n = m->labels.keys.n, i;
	uint32_t *order = tally_order(&m->labels, key_cmp, why);
	double *p = malloc((n + 1) * sizeof *p);
	const struct map_key *k;
	int r = order ? 0 : -1;

	if (!p)
		r = fail_errno(why, "%lu labels", (unsigned long)n);
	for (i = 0; i < n && r == 0; i++)
		p[i] = paired_mid_p(c->label + order[i]);
	if (r == 0)
		r = adjust(p, n, ADJUST_BH, why);
	json_key(b, "per_class");
	buf_putc(b, '[');
	for (i = 0; i < n && r == 0; i++) {
		json_sep(b);
		buf_putc(b, '{');
		json_key(b, "label");
		k = m->labels.keys.keys + order[i];
		key_write(b, k->p, k->len);
		write_pair(b, c->label + order[i], s->level);
		member(b, "p_value", paired_mid_p(c->label + order[i]));
		member(b, "p_adjusted", p[i]);
		buf_putc(b, '}');
	}
	buf_putc(b, ']');
	free(order);
	free(p);
	return r;
}

int
compare_write(struct buf *b, const struct matches *m, const struct settings *s,
    struct fail *why)
{
	struct comparison c;
	int r;

	memset(&c, 0, sizeof c);
	if (pair_up(&c, m, s->old, why) < 0)
		return -1;
	json_key(b, "compare");
	buf_putc(b, '{');
	write_pair(b, &c.all, s->level);
	count(b, "both", c.all.both);
	count(b, "neither", c.all.neither);
	json_key(b, "mcnemar");
	buf_putc(b, '{');
	member(b, "p_value", paired_exact(&c.all));
	member(b, "mid_p", paired_mid_p(&c.all));
	buf_putc(b, '}');
	count(b, "only_old", c.only_old);
	count(b, "only_new", c.only_new);
	count(b, "twice", c.twice);
	count(b, "relabelled", c.relabelled);
	count(b, "without_id", m->without + s->old->without);
	r = write_labels(b, &c, m, s, why);
	buf_putc(b, '}');
	free(c.label);
	return r;
}
