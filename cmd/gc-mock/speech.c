/* SPDX-License-Identifier: GPL-3.0-or-later */
/* speech.c -- summaries of conversations by groups, paged by offset: what the
 * speech tutorial asks for insights and for surveys.
 *
 *	{"kind":"summary","of":"insights","paging":"offset","days":730}
 *
 * The filter groups on ids, topics and sentiment are applied to the records
 * themselves.
 */
#include "handlers.h"
#include "list.h"

/* What the filter groups ask for. */
struct wanted {
	struct json_val ids, topics;    /* arrays; p NULL: any */
	double sentiment;               /* at least; NaN: any */
};

static void
read_filter(struct json_val filter, struct wanted *w)
{
	struct json_val field, values;
	struct json_iter it;

	if (!json_get(filter, "field", &field) ||
	    !json_get(filter, "values", &values))
		return;
	if (json_is(field, "id"))
		w->ids = values;
	else if (json_is(field, "speechAnalytics.topics.name"))
		w->topics = values;
	else if (json_is(field, "sentiment.score")) {
		it = json_iter(values);
		if (json_next(&it))
			w->sentiment = json_double(it.val);
	}
}

static void
read_filters(struct json_val body, struct wanted *w)
{
	struct json_val groups, filters;
	struct json_iter it, in;

	memset(w, 0, sizeof *w);
	w->sentiment = NAN;
	if (!json_get(body, "filterGroups", &groups))
		return;
	for (it = json_iter(groups); json_next(&it); )
		if (json_get(it.val, "filters", &filters))
			for (in = json_iter(filters); json_next(&in); )
				read_filter(in.val, w);
}

/* Is one of the record's topics among those wanted? */
static bool
has_topic(struct json_val record, struct json_val wanted)
{
	struct json_val have;
	struct json_iter it, in;
	struct buf name = BUF_INIT(BUF_LINE);
	bool found = false;

	if (!wanted.p || !json_get(record, "topics", &have))
		return true;
	for (it = json_iter(wanted); !found && json_next(&it); ) {
		buf_clear(&name);
		json_decode(it.val, &name);
		for (in = json_iter(have); !found && json_next(&in); )
			found = json_is_n(in.val, name.p, name.len);
	}
	buf_free(&name);
	return found;
}

static bool
has_sentiment(struct json_val record, double least)
{
	struct json_val v;

	if (isnan(least))
		return true;
	return json_get(record, "byMetric", &v) &&
	    json_get(v, "sentiment", &v) && json_get(v, "avg", &v) &&
	    json_type(v) == JSON_NUMBER && json_double(v) >= least;
}

/* "answered" false in a record says that there is none of it. */
static bool
is_answered(struct json_val record)
{
	struct json_val v;

	return !json_get(record, "answered", &v) || json_type(v) != JSON_FALSE;
}

static bool
fits(struct mock *m, const struct list *l, int64_t i, const struct wanted *w,
    struct buf *b)
{
	struct json_val record;

	buf_clear(b);
	gen_record(&m->gen, l->kind, (uint64_t)i, l->q, b);
	return json_check(b->p, b->len, &record, NULL) == 0 &&
	    is_answered(record) && has_topic(record, w->topics) &&
	    has_sentiment(record, w->sentiment);
}

static int
by_value(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The indexes that the ids name, or all of the range; *n of them. */
static int64_t *
candidates(const struct list *l, const struct wanted *w, int64_t *n)
{
	struct buf id = BUF_INIT(BUF_LINE);
	struct json_iter it;
	int64_t *v, at, max = l->high - l->low;

	if (w->ids.p)
		for (max = 0, it = json_iter(w->ids); json_next(&it); )
			max++;
	v = calloc((size_t)max + 1, sizeof *v);
	*n = 0;
	if (!w->ids.p) {
		for (at = l->low; v && at < l->high; at++)
			v[(*n)++] = at;
		return v;
	}
	for (it = json_iter(w->ids); v && json_next(&it); ) {
		buf_clear(&id);
		json_decode(it.val, &id);
		at = gen_find(l->kind, buf_str(&id));
		if (at >= l->low && at < l->high)
			v[(*n)++] = at;
	}
	buf_free(&id);
	if (v)
		qsort(v, (size_t)*n, sizeof *v, by_value);
	return v;
}

/* Narrows the list to what the filters leave. Returns 0, or -1 after an
 * answer. */
static int
narrow(struct list *l, struct mock *m, struct answer *a)
{
	struct buf b = BUF_INIT(BUF_DOC);
	struct wanted w;
	int64_t n, kept = 0, i, *v;

	read_filters(l->q->json, &w);
	v = candidates(l, &w, &n);
	if (!v) {
		answer_error(a, 500, "internal.server.error", "out of memory");
		return -1;
	}
	for (i = 0; i < n; i++)
		if ((kept == 0 || v[kept - 1] != v[i]) &&
		    fits(m, l, v[i], &w, &b))
			v[kept++] = v[i];
	buf_free(&b);
	list_pick(l, v, kept);
	return 0;
}

void
on_summary(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct list l;

	if (list_open(&l, m, r, q, a) == 0 && l.kind &&
	    narrow(&l, m, a) == 0)
		list_answer(&l, m, a);
	list_free(&l);
}
