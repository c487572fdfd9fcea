/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Top-k accuracy: of the records that come with a list of labels, best first,
 * how many have the actual one among the first k. A bot that offers three
 * choices is right where one of them is.
 *
 * In a part: "ranks":{"n":7,"at":[5,1]}, the places counted from the first.
 */
#include "tool.h"
#include "json/write.h"

int
ranks_take(struct ranks *r, const struct settings *s, struct expr *list,
    const struct buf *actual, struct buf *scratch, const struct record *rec,
    const char **rule, struct fail *bad)
{
	size_t i, place = 0;
	int n;

	*rule = "expression";
	if (expr_eval_in(list, rec->val, &rec->members, bad) < 0)
		return bad->code == EXIT_DATA ? FILTER_REJECTED : -1;
	for (i = 0; i < list->n; i++) {
		if (json_type(list->v[i]) == JSON_NULL)
			continue;
		if ((n = gather_label(scratch, list->v[i], s->map, rule,
		    bad)) != FILTER_USED)
			return n;
		if (scratch->len == actual->len &&
		    memcmp(scratch->p, actual->p, actual->len) == 0)
			break;
		place++;
	}
	if (i < list->n && place < RANKS_MAX)
		r->at[place]++;
	r->n += i < list->n || place > 0;
	return FILTER_USED;
}

void
ranks_merge(struct ranks *r, const struct ranks *q)
{
	int i;

	r->n += q->n;
	for (i = 0; i < RANKS_MAX; i++)
		r->at[i] += q->at[i];
}

static void
member(struct buf *b, const char *name, uint64_t n)
{
	json_key(b, name);
	json_uint(b, n);
}

void
ranks_write(struct buf *b, const struct ranks *r, const struct settings *s)
{
	struct interval i;
	uint64_t right = 0;
	int64_t k;

	json_key(b, "top_k");
	buf_putc(b, '[');
	for (k = 0; k < s->ranks && r->n > 0; k++) {
		right += r->at[k];
		i = interval_wilson((double)right, (double)r->n, s->level);
		json_sep(b);
		buf_putc(b, '{');
		member(b, "k", (uint64_t)k + 1);
		member(b, "n", r->n);
		member(b, "correct", right);
		json_key(b, "accuracy");
		json_num(b, (double)right / (double)r->n);
		json_key(b, "interval");
		buf_putc(b, '[');
		json_num(b, i.low);
		buf_putc(b, ',');
		json_num(b, i.high);
		buf_str_add(b, "]}");
	}
	buf_putc(b, ']');
}

void
ranks_write_part(struct buf *b, const struct ranks *r)
{
	int last = RANKS_MAX, i;

	while (last > 0 && r->at[last - 1] == 0)
		last--;
	json_key(b, "ranks");
	buf_putc(b, '{');
	member(b, "n", r->n);
	json_key(b, "at");
	buf_putc(b, '[');
	for (i = 0; i < last; i++) {
		json_sep(b);
		json_uint(b, r->at[i]);
	}
	buf_str_add(b, "]}");
}

bool
ranks_take_part(struct ranks *r, struct json_val v)
{
	struct json_val n, at;
	struct json_iter it;
	struct ranks q;
	uint64_t left;
	int64_t x;
	int i = 0;

	memset(&q, 0, sizeof q);
	if (!json_get(v, "n", &n) || !json_int(n, &x) || x < 0 ||
	    !json_get(v, "at", &at) || json_type(at) != JSON_ARRAY)
		return false;
	left = q.n = (uint64_t)x;
	for (it = json_iter(at); json_next(&it); i++) {
		if (i == RANKS_MAX || !json_int(it.val, &x) || x < 0 ||
		    (uint64_t)x > left)
			return false;
		left -= q.at[i] = (uint64_t)x;
	}
	ranks_merge(r, &q);
	return true;
}
