/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What --partial writes and --merge reads, three kinds of records:
 *
 *	{"actual":A,"predicted":B,"n":5,"examples":[ids]}	a cell
 *	{"confidence":0.93,"right":true,"n":2}		with --equal-mass
 *	{"kind":"confusion-partial","calibration":{...},"ranks":{...}}
 *
 * A sum of doubles is a list of doubles that add up to it exactly.
 */
#include "tool.h"
#include "json/write.h"

static void
count(struct buf *b, const char *name, uint64_t n)
{
	json_key(b, name);
	json_uint(b, n);
}

static int
write_sum(struct buf *b, const char *name, const struct exactsum *s,
    struct fail *why)
{
	double part[EXACTSUM_PARTS];
	int n = exactsum_parts(s, part), i;

	if (n < 0)
		return fail(why, EXIT_DATA, "a sum is not finite");
	json_key(b, name);
	buf_putc(b, '[');
	for (i = 0; i < n; i++) {
		json_sep(b);
		json_num(b, part[i]);
	}
	buf_putc(b, ']');
	return 0;
}

/* "bands":[[n,right],...]: by the last threshold reached. */
static void
write_bands(struct buf *b, const struct calib *c)
{
	int i;

	json_key(b, "bands");
	buf_putc(b, '[');
	for (i = 0; i < CALIB_THRESHOLDS; i++) {
		json_sep(b);
		buf_putc(b, '[');
		json_uint(b, c->band[i].n);
		buf_putc(b, ',');
		json_uint(b, c->band[i].right);
		buf_putc(b, ']');
	}
	buf_putc(b, ']');
}

static int
write_rest(const struct gather *g, struct buf *b, struct fail *why)
{
	const struct calib *c = &g->calib;
	int i;

	buf_str_add(b, "{\"kind\":\"confusion-partial\"");
	json_key(b, "calibration");
	buf_putc(b, '{');
	count(b, "n", c->n);
	if (write_sum(b, "squares", &c->squares, why) < 0)
		return -1;
	write_bands(b, c);
	json_key(b, "bins");
	buf_putc(b, '[');
	for (i = 0; i < c->nbins; i++) {
		json_sep(b);
		buf_putc(b, '{');
		count(b, "n", c->bins[i].n);
		count(b, "right", c->bins[i].right);
		if (write_sum(b, "confidence", &c->bins[i].confidence,
		    why) < 0)
			return -1;
		buf_putc(b, '}');
	}
	buf_str_add(b, "]}");
	ranks_write_part(b, &g->ranks);
	buf_putc(b, '}');
	return 0;
}

static int
by_cell(const char *p, size_t np, const char *q, size_t nq)
{
	uint32_t n, m;
	int c;

	memcpy(&n, p, sizeof n);
	memcpy(&m, q, sizeof m);
	p += sizeof n;
	q += sizeof m;
	if ((c = key_cmp(p, n, q, m)) != 0)
		return c;
	return key_cmp(p + n, np - sizeof n - n, q + m, nq - sizeof m - m);
}

static int
write_cells(const struct gather *g, struct emit *emit, struct fail *why)
{
	uint32_t *order = tally_order(&g->cells, by_cell, why), i, j, at;
	struct buf *b = &emit->out;
	struct label_pair l;

	if (!order)
		return -1;
	for (i = 0; i < g->cells.keys.n; i++) {
		at = order[i];
		l = gather_labels(g, at);
		buf_putc(b, '{');
		json_key(b, "actual");
		key_write(b, l.actual, l.nactual);
		json_key(b, "predicted");
		key_write(b, l.predicted, l.npredicted);
		count(b, "n", g->cells.count[at]);
		json_key(b, "examples");
		buf_putc(b, '[');
		for (j = 0; at < g->cap && j < g->examples[at].n; j++) {
			json_sep(b);
			key_write(b, g->examples[at].item[j].p,
			    g->examples[at].item[j].len);
		}
		buf_str_add(b, "]}");
		filter_line(emit);
	}
	free(order);
	return 0;
}

static int
write_sure(const struct gather *g, struct emit *emit, struct fail *why)
{
	uint32_t *order = tally_order(&g->sure, gather_by_confidence,
	    why), i;
	struct buf *b = &emit->out;
	double x;

	if (!order)
		return -1;
	for (i = 0; i < g->sure.keys.n; i++) {
		const char *p = g->sure.keys.keys[order[i]].p;

		memcpy(&x, p, sizeof x);
		buf_putc(b, '{');
		json_key(b, "confidence");
		json_num(b, x);
		json_key(b, "right");
		json_bool(b, p[sizeof x]);
		count(b, "n", g->sure.count[order[i]]);
		buf_putc(b, '}');
		filter_line(emit);
	}
	free(order);
	return 0;
}

int
partial_write(const struct gather *g, struct emit *emit, struct fail *why)
{
	if (write_cells(g, emit, why) < 0 || write_sure(g, emit, why) < 0 ||
	    write_rest(g, &emit->out, why) < 0)
		return -1;
	filter_line(emit);
	return 0;
}

/* ---- and back ---- */

static int
strange(const char **rule, struct fail *bad, const char *sentence)
{
	*rule = "partial";
	fail(bad, EXIT_DATA, "%s", sentence);
	return FILTER_REJECTED;
}

static bool
get_count(struct json_val v, const char *name, uint64_t *n)
{
	struct json_val x;
	int64_t i;

	if (!json_get(v, name, &x) || !json_int(x, &i) || i < 0)
		return false;
	*n = (uint64_t)i;
	return true;
}

static bool
get_sum(struct json_val v, const char *name, struct exactsum *s)
{
	struct json_val list;
	struct json_iter it;

	if (!json_get(v, name, &list) || json_type(list) != JSON_ARRAY)
		return false;
	for (it = json_iter(list); json_next(&it);) {
		if (json_type(it.val) != JSON_NUMBER)
			return false;
		exactsum_add(s, json_double(it.val));
	}
	return true;
}

/* A list of k counts. */
static bool
take_counts(struct json_val list, uint64_t *n, int k)
{
	struct json_iter it;
	int64_t x;
	int i = 0;

	if (json_type(list) != JSON_ARRAY)
		return false;
	for (it = json_iter(list); json_next(&it); i++) {
		if (i == k || !json_int(it.val, &x) || x < 0)
			return false;
		n[i] = (uint64_t)x;
	}
	return i == k;
}

static bool
get_bands(struct json_val v, struct calib *c)
{
	struct json_val list;
	struct json_iter it;
	uint64_t pair[2];
	int i = 0;

	if (!json_get(v, "bands", &list) || json_type(list) != JSON_ARRAY)
		return false;
	for (it = json_iter(list); json_next(&it); i++) {
		if (i == CALIB_THRESHOLDS || !take_counts(it.val, pair, 2))
			return false;
		c->band[i].n = pair[0];
		c->band[i].right = pair[1];
	}
	return i == CALIB_THRESHOLDS;
}

/* The calibration of a part, into a fresh one of the same bins. */
static bool
get_calibration(struct json_val v, struct calib *c)
{
	struct json_val list;
	struct json_iter it;
	int i = 0;

	if (!get_count(v, "n", &c->n) || !get_sum(v, "squares", &c->squares) ||
	    !get_bands(v, c) || !json_get(v, "bins", &list) || json_type(list) != JSON_ARRAY)
		return false;
	for (it = json_iter(list); json_next(&it); i++)
		if (i == c->nbins || !get_count(it.val, "n", &c->bins[i].n) ||
		    !get_count(it.val, "right", &c->bins[i].right) ||
		    !get_sum(it.val, "confidence", &c->bins[i].confidence))
			return false;
	return i == c->nbins;
}

static int
take_rest(struct gather *g, const struct settings *s, struct json_val v,
    const char **rule, struct fail *bad)
{
	struct json_val calibration, ranks;
	struct calib c;
	bool good;

	if (!json_get(v, "calibration", &calibration) ||
	    !json_get(v, "ranks", &ranks))
		return strange(rule, bad, "not what --partial writes");
	if (calib_init(&c, (int)s->bins, bad) < 0)
		return -1;
	good = get_calibration(calibration, &c);
	if (good && !ranks_take_part(&g->ranks, ranks)) {
		calib_free(&c);
		return strange(rule, bad, "ranks are not what --partial "
		    "writes");
	}
	if (good)
		calib_merge(&g->calib, &c);
	calib_free(&c);
	return good ? FILTER_USED : strange(rule, bad, "calibration that "
	    "does not fit: was this part made with other --bins?");
}

static int
take_cell(struct reader *r, struct gather *g, const struct settings *s,
    struct json_val v, const char **rule, struct fail *bad)
{
	struct json_val a, p, list;
	struct json_iter it;
	uint64_t n;
	uint32_t cell;

	if (!json_get(v, "actual", &a) || !json_get(v, "predicted", &p) ||
	    !get_count(v, "n", &n) || json_type(a) != JSON_STRING ||
	    (json_type(p) != JSON_STRING && json_type(p) != JSON_NULL))
		return strange(rule, bad, "not what --partial writes");
	buf_clear(&r->a);
	buf_clear(&r->p);
	if (key_add(&r->a, a) < 0 || key_add(&r->p, p) < 0)
		return fail(bad, EXIT_MACHINE, "out of memory");
	cell = gather_cell(g, &r->scratch, &r->a, &r->p, n, bad);
	if (cell == MAP_NONE)
		return -1;
	if (!json_get(v, "examples", &list) || json_type(list) != JSON_ARRAY)
		return FILTER_USED;
	for (it = json_iter(list); json_next(&it);) {
		buf_clear(&r->i);
		if (key_add(&r->i, it.val) < 0)
			return fail(bad, EXIT_MACHINE, "out of memory");
		if (gather_example(g, s, cell, &r->i, bad) < 0)
			return -1;
	}
	return FILTER_USED;
}

static int
take_sure(struct gather *g, const struct settings *s, struct json_val v,
    const char **rule, struct fail *bad)
{
	struct json_val confidence, right;
	char key[sizeof (double) + 1];
	double x;
	uint64_t n;

	json_get(v, "confidence", &confidence);
	x = json_double(confidence);
	if (!(x >= 0 && x <= 1) || !json_get(v, "right", &right) ||
	    !get_count(v, "n", &n))
		return strange(rule, bad, "not what --partial writes");
	if (!s->equal_mass)
		return FILTER_USED;
	memcpy(key, &x, sizeof x);
	key[sizeof x] = json_type(right) == JSON_TRUE;
	return tally_add(&g->sure, key, sizeof key, n, bad) < 0 ? -1 :
	    FILTER_USED;
}

int
partial_take(struct reader *r, struct gather *g, const struct settings *s,
    struct json_val v, const char **rule, struct fail *bad)
{
	struct json_val x;

	if (json_get(v, "kind", &x) && json_is(x, "confusion-partial"))
		return take_rest(g, s, v, rule, bad);
	if (json_get(v, "confidence", &x))
		return take_sure(g, s, v, rule, bad);
	return take_cell(r, g, s, v, rule, bad);
}
