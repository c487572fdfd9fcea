/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tool.h"
#include "base/rng.h"

int
gather_init(struct gather *g, const struct settings *s, struct fail *why)
{
	memset(g, 0, sizeof *g);
	return calib_init(&g->calib, (int)s->bins, why);
}

void
gather_free(struct gather *g)
{
	uint32_t i;

	for (i = 0; i < g->cells.keys.n && i < g->cap; i++)
		pick_free(g->examples + i);
	free(g->examples);
	tally_free(&g->cells);
	tally_free(&g->sure);
	calib_free(&g->calib);
	matches_free(&g->matches);
}

int
gather_answer(const struct settings *s, const char *p, size_t n)
{
	const char *label;
	size_t i;

	if (key_type(p, n) == JSON_NULL)
		return NO_PREDICTION;
	for (i = 0; i < s->fallbacks->n; i++) {
		label = s->fallbacks->v[i];
		if (n == strlen(label) + 1 && memcmp(p + 1, label, n - 1) == 0)
			return (int)i;
	}
	return ANSWERED;
}

struct label_pair
gather_labels(const struct gather *g, uint32_t cell)
{
	const struct map_key *k = g->cells.keys.keys + cell;
	struct label_pair l;
	uint32_t n;

	memcpy(&n, k->p, sizeof n);
	l.actual = k->p + sizeof n;
	l.nactual = n;
	l.predicted = l.actual + n;
	l.npredicted = k->len - sizeof n - n;
	return l;
}

uint32_t
gather_cell(struct gather *g, struct buf *scratch, const struct buf *actual,
    const struct buf *predicted, uint64_t n, struct fail *why)
{
	uint32_t length = (uint32_t)actual->len, cell;

	buf_clear(scratch);
	buf_add(scratch, &length, sizeof length);
	buf_add(scratch, actual->p, actual->len);
	buf_add(scratch, predicted->p, predicted->len);
	if (scratch->err) {
		fail(why, EXIT_MACHINE, "out of memory");
		return MAP_NONE;
	}
	cell = tally_key(&g->cells, scratch->p, scratch->len, why);
	if (cell == MAP_NONE || tally_bump(&g->cells, cell, n, why) < 0)
		return MAP_NONE;
	return cell;
}

int
gather_example(struct gather *g, const struct settings *s, uint32_t cell,
    const struct buf *id, struct fail *why)
{
	struct pick *p;
	uint32_t cap;

	if (cell >= g->cap) {
		cap = g->cells.cap;
		if (!(p = realloc(g->examples, cap * sizeof *p)))
			return fail_errno(why, "examples of %lu cells",
			    (unsigned long)cap);
		memset(p + g->cap, 0, (cap - g->cap) * sizeof *p);
		g->examples = p;
		g->cap = cap;
	}
	return pick_add(g->examples + cell, (uint32_t)s->examples,
	    (uint64_t)s->seed, id->p, id->len, why);
}

int
gather_confidence(struct gather *g, const struct settings *s,
    double confidence, bool right, struct fail *why)
{
	char key[sizeof confidence + 1];

	if (s->equal_mass) {
		if (confidence == 0)
			confidence = 0;         /* not -0 */
		memcpy(key, &confidence, sizeof confidence);
		key[sizeof confidence] = (char)right;
		if (tally_add(&g->sure, key, sizeof key, 1, why) < 0)
			return -1;
	}
	calib_add(&g->calib, confidence, right);
	return 0;
}

int
gather_by_confidence(const char *p, size_t np, const char *q, size_t nq)
{
	double x, y;

	(void)np;
	(void)nq;
	memcpy(&x, p, sizeof x);
	memcpy(&y, q, sizeof y);
	if (x != y)
		return x < y ? -1 : 1;
	return p[sizeof x] - q[sizeof x];
}

static int
merge_cells(struct gather *g, const struct settings *s,
    const struct gather *h, struct fail *why)
{
	const struct map_key *k;
	struct buf id = BUF_INIT(BUF_RECORD);
	uint32_t i, j, cell;

	for (i = 0; i < h->cells.keys.n; i++) {
		k = h->cells.keys.keys + i;
		cell = tally_key(&g->cells, k->p, k->len, why);
		if (cell == MAP_NONE || tally_bump(&g->cells, cell,
		    h->cells.count[i], why) < 0)
			return -1;
		for (j = 0; i < h->cap && j < h->examples[i].n; j++) {
			id.p = h->examples[i].item[j].p;
			id.len = h->examples[i].item[j].len;
			if (gather_example(g, s, cell, &id, why) < 0)
				return -1;
		}
	}
	return 0;
}

int
gather_merge(struct gather *g, const struct settings *s,
    const struct gather *h, struct fail *why)
{
	if (merge_cells(g, s, h, why) < 0 ||
	    tally_merge(&g->sure, &h->sure, why) < 0)
		return -1;
	if (matches_merge(&g->matches, &h->matches, why) < 0)
		return -1;
	calib_merge(&g->calib, &h->calib);
	ranks_merge(&g->ranks, &h->ranks);
	return 0;
}

/* ---- records ---- */

/* What a record turned out to be. */
struct found {
	uint32_t cell;
	bool answered, right;
};

int
reader_open(struct reader *r, const struct settings *s, struct fail *why)
{
	struct buf empty = BUF_INIT(BUF_RECORD);

	memset(r, 0, sizeof *r);
	r->a = r->p = r->i = r->scratch = empty;
	if (s->merge)
		return 0;
	if (expr_open(&r->actual, s->actual, "--actual", why) < 0 ||
	    expr_open(&r->predicted, s->predicted, "--predicted", why) < 0 ||
	    (s->confidence && expr_open(&r->confidence, s->confidence,
	    "--confidence", why) < 0) ||
	    (s->id && expr_open(&r->id, s->id, "--id", why) < 0) ||
	    (s->ranked && expr_open(&r->ranked, s->ranked, "--ranked",
	    why) < 0)) {
		reader_close(r);
		return -1;
	}
	return 0;
}

void
reader_close(struct reader *r)
{
	struct expr *e[5];
	size_t i;

	e[0] = r->actual;
	e[1] = r->predicted;
	e[2] = r->confidence;
	e[3] = r->id;
	e[4] = r->ranked;
	for (i = 0; i < COUNT(e); i++)
		if (e[i])
			expr_close(e[i]);
	buf_free(&r->a);
	buf_free(&r->p);
	buf_free(&r->i);
	buf_free(&r->scratch);
}

static int
reject(const char **rule, const char *name, struct fail *bad,
    const char *sentence)
{
	*rule = name;
	fail(bad, EXIT_DATA, "%s", sentence);
	return FILTER_REJECTED;
}

static int
one(struct expr *e, const struct record *rec, struct json_val *v,
    struct fail *bad)
{
	return expr_one_in(e, rec->val, &rec->members, v, bad);
}

/* An array or an object is no label. */
int
gather_label(struct buf *b, struct json_val v, const struct label_map *map,
    const char **rule, struct fail *bad)
{
	enum json_type t = json_type(v);

	if (t == JSON_ARRAY || t == JSON_OBJECT)
		return reject(rule, "label", bad,
		    "a label is a string or a number, not a list or an object");
	buf_clear(b);
	key_add(b, v);
	if (t != JSON_STRING && t != JSON_NULL && b->len)
		b->p[0] = '0' + JSON_STRING;
	if (t == JSON_TRUE || t == JSON_FALSE)
		buf_add(b, v.p, v.n);
	if (map && t != JSON_NULL)
		label_map_apply(map, b);
	if (b->err)
		return fail(bad, EXIT_MACHINE, "out of memory");
	return FILTER_USED;
}

/* The confidence of a record, or NaN where it has none. */
static int
confidence(struct reader *r, const struct record *rec, double *x,
    const char **rule, struct fail *bad)
{
	struct json_val c;

	*x = NAN;
	*rule = "expression";
	if (!r->confidence)
		return FILTER_USED;
	if (one(r->confidence, rec, &c, bad) < 0)
		return bad->code == EXIT_DATA ? FILTER_REJECTED : -1;
	if (json_type(c) == JSON_NULL)
		return FILTER_USED;
	*x = json_double(c);
	if (!(*x >= 0 && *x <= 1))
		return reject(rule, "confidence", bad,
		    "a confidence is a number from 0 to 1");
	return FILTER_USED;
}

/* Both labels of a record, as it spells them. */
static int
values(struct reader *r, const struct record *rec, struct json_val *a,
    struct json_val *p, const char **rule, struct fail *bad)
{
	*rule = "expression";
	if (one(r->actual, rec, a, bad) < 0 ||
	    one(r->predicted, rec, p, bad) < 0)
		return bad->code == EXIT_DATA ? FILTER_REJECTED : -1;
	if (json_type(*a) == JSON_NULL)
		return reject(rule, "no-actual", bad,
		    "the record has no actual label");
	return FILTER_USED;
}

static int
keys(struct reader *r, const struct settings *s, struct json_val a,
    struct json_val p, const char **rule, struct fail *bad)
{
	int n;

	if ((n = gather_label(&r->a, a, s->map, rule, bad)) != FILTER_USED ||
	    (n = gather_label(&r->p, p, s->map, rule, bad)) != FILTER_USED)
		return n;
	return gather_answer(s, r->p.p, r->p.len) == ANSWERED ? FILTER_USED :
	    FILTER_DROPPED;
}

int
reader_labels(struct reader *r, const struct settings *s,
    const struct record *rec, const char **rule, struct fail *bad)
{
	struct json_val a, p;
	int n = values(r, rec, &a, &p, rule, bad);

	return n != FILTER_USED ? n : keys(r, s, a, p, rule, bad);
}

int
reader_id(struct reader *r, const struct record *rec, const char **rule,
    struct fail *bad)
{
	struct json_val id;

	*rule = "expression";
	if (one(r->id, rec, &id, bad) < 0)
		return bad->code == EXIT_DATA ? FILTER_REJECTED : -1;
	if (json_type(id) == JSON_NULL)
		return FILTER_DROPPED;
	buf_clear(&r->i);
	if (key_add(&r->i, id) < 0)
		return fail(bad, EXIT_MACHINE, "out of memory");
	return FILTER_USED;
}

/* ---- labels met before ---- */

/* What tells two spellings apart, nearly always: their ends. */
static uint64_t
ends(struct json_val v)
{
	uint64_t first = 0, last = 0;

	if (v.n < sizeof first) {
		memcpy(&first, v.p, v.n);
		return first;
	}
	memcpy(&first, v.p, sizeof first);
	memcpy(&last, v.p + v.n - sizeof last, sizeof last);
	return first ^ last * 3;
}

/* Where a pair of spellings has its place. */
static struct memo *
memo_at(struct reader *r, struct json_val a, struct json_val p)
{
	if (a.n + p.n > MEMO_BYTES)
		return NULL;
	return r->memo + (rng_mix(ends(a) ^ ends(p) * 5) % MEMO_PAIRS);
}

static bool
memo_is(const struct memo *m, struct json_val a, struct json_val p)
{
	return m->na == a.n && m->np == p.n &&
	    memcmp(m->spelled, a.p, a.n) == 0 &&
	    memcmp(m->spelled + a.n, p.p, p.n) == 0;
}

static void
memo_set(struct memo *m, struct json_val a, struct json_val p, uint32_t cell,
    bool right)
{
	m->na = (uint8_t)a.n;
	m->np = (uint8_t)p.n;
	memcpy(m->spelled, a.p, a.n);
	memcpy(m->spelled + a.n, p.p, p.n);
	m->cell = cell;
	m->right = right;
}

/* The cell of a record, with nothing counted yet. */
static int
find_cell(struct reader *r, struct gather *g, const struct settings *s,
    const struct record *rec, struct found *f, const char **rule,
    struct fail *bad)
{
	struct json_val a, p;
	struct memo *m;
	int n = values(r, rec, &a, &p, rule, bad);

	if (n != FILTER_USED)
		return n;
	m = s->compare || s->ranked ? NULL : memo_at(r, a, p);
	if (m && memo_is(m, a, p)) {
		f->cell = m->cell;
		f->right = m->right;
		f->answered = true;
		return FILTER_USED;
	}
	n = keys(r, s, a, p, rule, bad);
	if (n != FILTER_USED && n != FILTER_DROPPED)
		return n;
	f->answered = n == FILTER_USED;
	f->right = f->answered && r->a.len == r->p.len &&
	    memcmp(r->a.p, r->p.p, r->a.len) == 0;
	f->cell = gather_cell(g, &r->scratch, &r->a, &r->p, 0, bad);
	if (f->cell == MAP_NONE)
		return -1;
	if (m && f->answered)
		memo_set(m, a, p, f->cell, f->right);
	return FILTER_USED;
}

int
reader_take(struct reader *r, struct gather *g, const struct settings *s,
    const struct record *rec, const char **rule, struct fail *bad)
{
	struct found f = { 0, false, false };
	double x = NAN;
	int n, id = FILTER_DROPPED;

	if ((n = find_cell(r, g, s, rec, &f, rule, bad)) != FILTER_USED)
		return n;
	if (f.answered && (n = confidence(r, rec, &x, rule, bad)) !=
	    FILTER_USED)
		return n;
	if (r->id && (!f.right || s->compare)) {
		id = reader_id(r, rec, rule, bad);
		if (id != FILTER_USED && id != FILTER_DROPPED)
			return id;
	}
	if (r->ranked && (n = ranks_take(&g->ranks, s, r->ranked, &r->a,
	    &r->scratch, rec, rule, bad)) != FILTER_USED)
		return n;
	if (s->compare && compare_take(&g->matches, s->old, &r->a,
	    id == FILTER_USED ? &r->i : NULL, f.right, bad) < 0)
		return -1;
	if (tally_bump(&g->cells, f.cell, 1, bad) < 0)
		return -1;
	if (!isnan(x) && gather_confidence(g, s, x, f.right, bad) < 0)
		return -1;
	if (id == FILTER_USED && f.answered && !f.right &&
	    gather_example(g, s, f.cell, &r->i, bad) < 0)
		return -1;
	return FILTER_USED;
}
