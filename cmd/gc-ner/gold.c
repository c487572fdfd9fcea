/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gold.c -- what was found against what should be: spans of the record itself,
 * or of a file, joined by the records' ids. */
#include "tool.h"
#include "json/write.h"
#include "stat/spans.h"

#define LEVEL 0.95

/* Where in gold.bytes the spans of an id stand. */
struct slice {
	size_t at, n;
};

struct gold {
	const char *expr;               /* NULL: a file */
	const struct groups *groups;
	bool by_id;
	struct map ids;                 /* of the file: as spelled */
	struct slice *slices;           /* owned; by id */
	size_t cslices;
	struct buf bytes;
	struct spans sum;
	uint64_t records;
};

struct gold_work {
	const struct gold *gold;
	struct expr *expr;
	struct spans spans;
	struct span *want, *got;        /* owned */
	size_t nwant, cwant, ngot, cgot;
	struct buf text;
	uint64_t records;
};

/* ---- the file ---- */

/* The list of spans of a gold record. */
static bool
get_list(struct json_val record, struct json_val *list)
{
	return json_get(record, "spans", list) ||
	    json_get(record, "mentions", list) ||
	    json_get(record, "entities", list);
}

static int
add_gold(void *ctx, const struct record *rec, struct fail *why)
{
	struct gold *g = ctx;
	struct json_val id, list;
	struct slice *s;
	uint32_t i;
	bool fresh;

	if (!json_get(rec->val, "id", &id))
		return fail(why, EXIT_DATA, "a gold record needs an id");
	if (!get_list(rec->val, &list) || json_type(list) != JSON_ARRAY)
		return fail(why, EXIT_DATA, "a gold record needs a list: "
		    "spans, mentions or entities");
	i = map_add(&g->ids, id.p, id.n, &fresh);
	if (i == MAP_NONE)
		return fail_errno(why, "gold spans");
	if (!fresh)
		return fail(why, EXIT_DATA, "the id %.*s stands twice",
		    (int)(id.n > 80 ? 80 : id.n), id.p);
	if (i >= g->cslices) {
		size_t cap = 2 * g->cslices + 1024;

		if (!(s = realloc(g->slices, cap * sizeof *s)))
			return fail_errno(why, "gold spans");
		g->slices = s;
		g->cslices = cap;
	}
	g->slices[i].at = g->bytes.len;
	g->slices[i].n = list.n;
	if (buf_add(&g->bytes, list.p, list.n) < 0)
		return fail_errno(why, "gold spans");
	return 0;
}

int
gold_open(struct gold **gold, const char *what, bool by_id,
    const struct groups *groups, struct fail *why)
{
	struct gold *g = calloc(1, sizeof *g);
	struct map none = MAP_INIT;
	struct buf bytes = BUF_INIT(SIZE_MAX / 2);

	if (!g)
		return fail_errno(why, "gold spans");
	g->ids = none;
	g->bytes = bytes;
	g->by_id = by_id;
	g->groups = groups;
	spans_init(&g->sum);
	if (access(what, R_OK) != 0) {
		g->expr = what;
	} else if (filter_each(what, add_gold, g, why) < 0) {
		gold_close(g);
		return -1;
	}
	*gold = g;
	return 0;
}

void
gold_close(struct gold *g)
{
	if (!g)
		return;
	map_free(&g->ids);
	free(g->slices);
	buf_free(&g->bytes);
	spans_free(&g->sum);
	free(g);
}

int
gold_work_open(struct gold_work **work, const struct gold *g,
    struct fail *why)
{
	struct gold_work *w = calloc(1, sizeof *w);
	struct buf text = BUF_INIT(BUF_LINE);

	if (!w)
		return fail_errno(why, "a worker");
	w->gold = g;
	w->text = text;
	spans_init(&w->spans);
	if (g->expr && expr_open(&w->expr, g->expr, "--gold", why) < 0) {
		gold_work_close(w);
		return -1;
	}
	*work = w;
	return 0;
}

void
gold_work_close(struct gold_work *w)
{
	if (!w)
		return;
	if (w->expr)
		expr_close(w->expr);
	spans_free(&w->spans);
	buf_free(&w->text);
	free(w->want);
	free(w->got);
	free(w);
}

/* ---- the spans of a record ---- */

static int
push(struct span **v, size_t *n, size_t *cap, const struct span *s)
{
	size_t want = 2 * *cap + 32;
	struct span *more;

	if (*n == *cap) {
		if (!(more = realloc(*v, want * sizeof *more)))
			return -1;
		*v = more;
		*cap = want;
	}
	(*v)[(*n)++] = *s;
	return 0;
}

/* A span: a text's number above, code points below, so that spans of two
 * texts never meet. */
static struct span
place(uint64_t at, uint64_t start, uint64_t end, uint32_t label)
{
	struct span s = { at << 32 | start, at << 32 | end, label };

	return s;
}

static const char *
read_span(struct gold_work *w, struct json_val v, const struct texts *t,
    struct span *s)
{
	struct json_val start, end, name, at;
	int64_t from, to, text = 0;
	bool placed = json_get(v, "at", &at) || json_get(v, "message", &at);

	if (!json_get(v, "start", &start) || !json_get(v, "end", &end) ||
	    !json_int(start, &from) || !json_int(end, &to) || from < 0 ||
	    to <= from || to > UINT32_MAX)
		return "a gold span needs start and end";
	if (!json_get(v, w->gold->by_id ? "id" : "label", &name) ||
	    json_type(name) != JSON_STRING)
		return w->gold->by_id ? "a gold span needs an id" :
		    "a gold span needs a label";
	if (placed && (t->join || !json_int(at, &text) || text < 0 ||
	    text >= (int64_t)t->selected))
		return t->join ? "a gold span of one text among several that "
		    "are joined" : "a gold span of a text that is not there";
	if (!placed && !t->join && t->selected > 1)
		return "a gold span does not say of which text (at, message)";
	buf_clear(&w->text);
	json_decode(name, &w->text);
	*s = place((uint64_t)text, (uint64_t)from, (uint64_t)to,
	    spans_label(&w->spans, buf_str(&w->text), w->text.len));
	return w->text.err ? "a label is too long" : NULL;
}

static int
take_span(struct gold_work *w, const struct record *rec, struct json_val v,
    const struct texts *t, struct emit *emit, struct fail *why)
{
	const char *wrong;
	struct json_val name;
	struct span s;

	if (!w->gold->by_id && json_get(v, "label", &name) &&
	    json_type(name) == JSON_NULL)
		return FILTER_USED;
	if ((wrong = read_span(w, v, t, &s)))
		return filter_reject(emit, rec, w->expr && v.p >= rec->line &&
		    v.p < rec->line + rec->len ? v.p : NULL, "gold", "%s",
		    wrong);
	if (s.label == MAP_NONE ||
	    push(&w->want, &w->nwant, &w->cwant, &s) < 0)
		return fail_errno(why, "gold spans");
	return FILTER_USED;
}

static int
take_list(struct gold_work *w, const struct record *rec, struct json_val v,
    const struct texts *t, struct emit *emit, struct fail *why)
{
	struct json_iter it;
	int r = FILTER_USED;

	if (json_type(v) == JSON_NULL)
		return r;
	if (json_type(v) == JSON_OBJECT)
		return take_span(w, rec, v, t, emit, why);
	if (json_type(v) != JSON_ARRAY)
		return filter_reject(emit, rec, NULL, "gold",
		    "gold spans are a list of objects");
	for (it = json_iter(v); r == FILTER_USED && json_next(&it);)
		r = take_span(w, rec, it.val, t, emit, why);
	return r;
}

/* The record's gold spans. */
static int
take_want(struct gold_work *w, const struct record *rec,
    const struct texts *t, struct emit *emit, struct fail *why)
{
	const struct gold *g = w->gold;
	struct json_val id, list;
	int r = FILTER_USED;
	uint32_t k;
	size_t i;

	if (w->expr) {
		if (expr_eval_in(w->expr, rec->val, &rec->members, why) < 0)
			return why->code == EXIT_DATA ? filter_reject(emit,
			    rec, NULL, "expression", "%s", why->text) : -1;
		for (i = 0; i < w->expr->n && r == FILTER_USED; i++)
			r = take_list(w, rec, w->expr->v[i], t, emit, why);
		return r;
	}
	if (!json_get(rec->val, "id", &id) ||
	    (k = map_find(&g->ids, id.p, id.n)) == MAP_NONE)
		return FILTER_DROPPED;
	list.p = g->bytes.p + g->slices[k].at;
	list.n = g->slices[k].n;
	return take_list(w, rec, list, t, emit, why);
}

/* The group of a label; false where it has none. */
static bool
group_of(const struct groups *g, const char *label, size_t n,
    struct json_val *name)
{
	struct json_iter it, in;

	for (it = json_iter(g->root); json_next(&it);)
		for (in = json_iter(it.val); json_next(&in);)
			if (json_is_n(in.val, label, n)) {
				*name = it.key;
				return true;
			}
	return false;
}

static int
take_got(struct gold_work *w, const struct texts *t,
    const struct found_item *e, struct fail *why)
{
	const char *p = w->gold->by_id ? (e->id ? e->id : "") : e->label;
	size_t n = w->gold->by_id ? (e->id ? e->nid : 0) : e->nlabel;
	struct json_val group;
	struct span s;

	if (w->gold->groups && !w->gold->by_id) {
		if (!group_of(w->gold->groups, p, n, &group))
			return 0;
		buf_clear(&w->text);
		json_decode(group, &w->text);
		p = buf_str(&w->text);
		n = w->text.len;
	}
	s = place(t->join ? 0 : t->at[e->text], e->cp_start, e->cp_end,
	    spans_label(&w->spans, p, n));
	if (s.label == MAP_NONE || push(&w->got, &w->ngot, &w->cgot, &s) < 0)
		return fail_errno(why, "spans");
	return 0;
}

int
gold_take(struct gold_work *w, const struct record *rec,
    const struct texts *t, struct found *found, struct emit *emit,
    struct fail *why)
{
	size_t i;
	int r;

	w->nwant = w->ngot = 0;
	if ((r = take_want(w, rec, t, emit, why)) != FILTER_USED)
		return r;
	found_settle(found);
	for (i = 0; i < found->n; i++)
		if (take_got(w, t, &found->v[i], why) < 0)
			return -1;
	w->records++;
	return spans_add(&w->spans, w->want, w->nwant, w->got, w->ngot, why) <
	    0 ? -1 : FILTER_USED;
}

int
gold_merge(struct gold *g, const struct gold_work *w, struct fail *why)
{
	g->records += w->records;
	return spans_merge(&g->sum, &w->spans, why);
}

/* ---- the document ---- */

static void
put_interval(struct buf *b, const char *key, struct interval i)
{
	json_key(b, key);
	if (isnan(i.low)) {
		buf_str_add(b, "null");
		return;
	}
	buf_putc(b, '[');
	json_num(b, i.low);
	buf_putc(b, ',');
	json_num(b, i.high);
	buf_putc(b, ']');
}

static void
put_count(struct buf *b, const char *key, uint64_t v)
{
	json_key(b, key);
	json_uint(b, v);
}

/* One way of judging; counts only where both sides share them. */
static void
put_way(struct buf *b, const struct spans_label *l, enum spans_way way,
    bool counts)
{
	static const char *const names[] = { "strict", "exact", "partial",
	    "type" };
	struct spans_score s = spans_score(l, way, LEVEL);
	const struct spans_side *g = &l->gold;
	uint64_t paired = g->correct[way] + g->incorrect[way] +
	    g->partial[way];

	json_key(b, names[way]);
	buf_putc(b, '{');
	if (counts) {
		put_count(b, "correct", g->correct[way]);
		put_count(b, "incorrect", g->incorrect[way]);
		put_count(b, "partial", g->partial[way]);
		put_count(b, "missed", g->n - paired);
		put_count(b, "spurious", l->found.n - paired);
	}
	json_key(b, "precision");
	json_num(b, s.precision);
	json_key(b, "recall");
	json_num(b, s.recall);
	json_key(b, "f1");
	json_num(b, s.f1);
	json_key(b, "intervals");
	buf_putc(b, '{');
	json_key(b, "level");
	json_num(b, LEVEL);
	put_interval(b, "precision", s.iprecision);
	put_interval(b, "recall", s.irecall);
	put_interval(b, "f1", s.if1);
	buf_str_add(b, "}}");
}

static void
put_ways(struct buf *b, const struct spans_label *l, bool counts)
{
	int way;

	put_count(b, "gold", l->gold.n);
	put_count(b, "found", l->found.n);
	for (way = 0; way < SPANS_WAYS; way++)
		put_way(b, l, (enum spans_way)way, counts);
}

static int
by_name(const void *a, const void *b)
{
	return map_key_cmp(*(const struct map_key *const *)a,
	    *(const struct map_key *const *)b);
}

int
gold_write(const struct gold *g, struct emit *emit, struct fail *why)
{
	const struct map *names = &g->sum.names;
	const struct map_key **order = calloc(names->n + 1, sizeof *order);
	struct spans_label sum = spans_sum(&g->sum);
	struct buf *b = &emit->out;
	uint32_t i;

	if (!order)
		return fail_errno(why, "labels");
	for (i = 0; i < names->n; i++)
		order[i] = &names->keys[i];
	qsort(order, names->n, sizeof *order, by_name);
	buf_str_add(b, "{\"kind\":\"spans\"");
	put_count(b, "records", g->records);
	put_ways(b, &sum, true);
	json_key(b, "labels");
	buf_putc(b, '[');
	for (i = 0; i < names->n; i++) {
		json_sep(b);
		buf_putc(b, '{');
		json_key(b, g->by_id ? "id" : "label");
		json_str(b, order[i]->p, order[i]->len);
		put_ways(b, &g->sum.v[order[i] - names->keys], false);
		buf_putc(b, '}');
	}
	buf_str_add(b, "]}");
	free(order);
	filter_line(emit);
	return 0;
}
