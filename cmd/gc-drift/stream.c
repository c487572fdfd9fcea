/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --stream: records in the order of time, and where something changed.
 *
 * Of numbers, their mean is watched; of anything else, the share of each
 * value, which is the mean of 1 where it is this value and 0 where it is
 * another (stat/adwin.h). A value that was not there before had share 0: its
 * window begins with as many blocks of 0 as there were.
 *
 * Many values are many chances of a false alarm: value j, in the order of
 * arrival, gets delta 6/(pi j)^2, which adds up to delta however many come.
 */
#include "drift.h"
#include "json/write.h"

#define BLOCK 32                /* values a look */
#define PAST  8192              /* blocks of 0 that a new value may have */

int
stream_init(struct stream *t, const struct settings *s)
{
	memset(t, 0, sizeof *t);
	t->s = s;
	t->numbers = s->test == TEST_KS;
	return 0;
}

void
stream_free(struct stream *t)
{
	uint32_t i;

	for (i = 0; i < t->cap; i++)
		adwin_free(&t->watch[i].adwin);
	free(t->watch);
	tally_free(&t->names);
	memset(t, 0, sizeof *t);
}

/* The watch of a key, made where it is new. */
static struct watch *
watch(struct stream *t, const struct buf *key, struct fail *why)
{
	const double pi = 3.14159265358979323846;
	uint32_t n = t->names.keys.n, cap, i;
	struct watch *w;
	uint64_t past;
	double j;

	i = tally_key(&t->names, key->p, key->len, why);
	if (i == MAP_NONE)
		return NULL;
	if (i < n)
		return t->watch + i;
	if (i >= t->cap) {
		cap = t->cap ? 2 * t->cap : 16;
		if (!(w = realloc(t->watch, cap * sizeof *w))) {
			fail_errno(why, "%lu values", (unsigned long)cap);
			return NULL;
		}
		memset(w + t->cap, 0, (cap - t->cap) * sizeof *w);
		t->watch = w;
		t->cap = cap;
	}
	w = t->watch + i;
	j = i + 1;
	adwin_init(&w->adwin, t->s->delta * (t->numbers ? 1 :
	    6 / (pi * pi * j * j)));
	past = t->blocks < PAST ? t->blocks : PAST;
	while (!t->numbers && past-- > 0)
		if (adwin_add(&w->adwin, BLOCK, 0, 0, why) < 0)
			return NULL;
	return w;
}

static void
member(struct buf *b, const char *name, double v)
{
	json_key(b, name);
	json_num(b, v);
}

/* Numbers have no name: their watch is that of null. */
static void
write_change(struct stream *t, uint32_t i, const struct adwin_change *c,
    struct emit *emit)
{
	const struct map_key *k = t->names.keys.keys + i;
	struct buf *b = &emit->out;

	buf_str_add(b, "{\"kind\":\"change\",\"method\":\"adwin\"");
	json_key(b, "category");
	key_write(b, k->p, k->len);
	json_key(b, "seen_at");
	json_uint(b, t->line);
	json_key(b, "since");
	json_uint(b, t->values - (uint64_t)c->n_after + 1);
	member(b, "before", c->before);
	member(b, "after", c->after);
	member(b, "difference", c->after - c->before);
	member(b, "limit", c->limit);
	member(b, "n_before", c->n_before);
	member(b, "n_after", c->n_after);
	member(b, "delta", t->s->delta);
	buf_putc(b, '}');
	filter_line(emit);
	t->changes++;
}

/* A block is full, or the stream ends: looks at every value. */
static int
look(struct stream *t, struct emit *emit, struct fail *why)
{
	struct adwin_change c;
	struct watch *w;
	uint32_t i;

	for (i = 0; i < t->names.keys.n && t->n > 0; i++) {
		w = t->watch + i;
		if (adwin_add(&w->adwin, (double)t->n, w->sum, w->squares,
		    why) < 0)
			return -1;
		w->sum = w->squares = 0;
		while (adwin_change(&w->adwin, &c))
			write_change(t, i, &c, emit);
	}
	t->blocks++;
	t->n = 0;
	return 0;
}

static int
take(struct stream *t, struct reader *r, struct json_val v,
    struct emit *emit, struct fail *why)
{
	static const struct json_val null = { "null", 4 };
	double x = t->numbers ? json_double(v) : 1;
	struct watch *w;

	buf_clear(&r->category);
	if (key_add(&r->category, t->numbers ? null : v) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	if (!(w = watch(t, &r->category, why)))
		return -1;
	w->sum += x;
	w->squares += x * x;
	t->values++;
	return ++t->n == BLOCK ? look(t, emit, why) : 0;
}

int
stream_take(struct stream *t, struct reader *r, const struct record *rec,
    struct emit *emit, struct fail *bad)
{
	size_t i, taken = 0;
	double x;

	if (expr_eval_in(r->key, rec->val, &rec->members, bad) < 0)
		return bad->code == EXIT_DATA ? FILTER_REJECTED : -1;
	for (i = 0; i < r->key->n && t->numbers; i++) {
		x = json_double(r->key->v[i]);
		if (json_type(r->key->v[i]) != JSON_NULL &&
		    !(x >= 0 && x <= 1)) {
			fail(bad, EXIT_DATA, "not a number from 0 to 1, as "
			    "--stream with --test ks needs");
			return FILTER_REJECTED;
		}
	}
	t->line++;
	for (i = 0; i < r->key->n; i++) {
		if (json_type(r->key->v[i]) == JSON_NULL)
			continue;
		if (take(t, r, r->key->v[i], emit, bad) < 0)
			return -1;
		taken++;
	}
	return taken ? FILTER_USED : FILTER_DROPPED;
}

int
stream_end(struct stream *t, struct emit *emit, struct fail *why)
{
	return look(t, emit, why);
}
