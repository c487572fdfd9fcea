/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "list.h"

#include "handlers.h"
#include "json/write.h"
#include "range.h"
#include "style.h"

/* ---- what the list is of ---- */

/* The type that a request names: ?type=, "type", or "where":"type = 'X'". */
static void
asked_type(const struct request *q, struct buf *type)
{
	const char *s = request_query(q, "type"), *end;
	struct buf where = BUF_INIT(BUF_LINE);
	struct json_val v;

	if (s)
		buf_str_add(type, s);
	else if (q->json.p && json_get(q->json, "type", &v))
		json_decode(v, type);
	else if (q->json.p && json_get(q->json, "where", &v) &&
	    json_decode(v, &where) == 0) {
		s = strstr(buf_str(&where), "type");
		s = s ? strchr(s, '\'') : NULL;
		end = s ? strchr(s + 1, '\'') : NULL;
		if (end)
			buf_add(type, s + 1, (size_t)(end - s - 1));
	}
	buf_free(&where);
}

static const struct kind *
find_kind(const struct mock *m, const struct route *r,
    const struct request *q)
{
	struct buf name = BUF_INIT(BUF_PATH), type = BUF_INIT(BUF_PATH);
	const struct kind *k = NULL;
	struct json_val of;

	if (!json_get(r->line, "of", &of))
		return NULL;
	if (json_type(of) == JSON_OBJECT) {
		asked_type(q, &type);
		if (!json_get_n(of, type.p ? type.p : "", type.len, &of))
			of.p = NULL;
	}
	if (of.p && json_decode(of, &name) == 0)
		k = gen_kind(&m->gen, buf_str(&name));
	buf_free(&name);
	buf_free(&type);
	return k;
}

/* The range, wherever the request has it. Returns 1, 0 where it has none, -1
 * where it is wrong. */
static int
asked_range(const struct mock *m, const struct request *q, int64_t *from,
    int64_t *to)
{
	struct buf text = BUF_INIT(BUF_LINE);
	const char *s = request_query(q, "interval");
	struct json_val v;
	int status;

	if (!q->json.p || !(json_get(q->json, "interval", &v) &&
	    memchr(v.p, '/', v.n)))
		v.p = NULL;
	if (q->json.p && !v.p && !json_get(q->json, "timeRange", &v))
		v.p = NULL;
	if (q->json.p && !v.p && (json_get(q->json, "dateFrom", &v) ||
	    json_get(q->json, "dateTo", &v)))
		v = q->json;
	if (!v.p && !s)
		return 0;
	if (v.p)
		return range_parse(v, m->gen.anchor, from, to) < 0 ? -1 : 1;
	json_cstr(&text, s);
	v.p = text.p;
	v.n = text.len;
	status = range_parse(v, m->gen.anchor, from, to) < 0 ? -1 : 1;
	buf_free(&text);
	return status;
}

/* "only": query parameters that fit one value alone. */
static bool
fits_only(const struct route *r, const struct request *q)
{
	struct buf name = BUF_INIT(BUF_PATH);
	struct json_val only;
	struct json_iter it;
	const char *s;
	bool fits = true;

	if (!json_get(r->line, "only", &only))
		return true;
	for (it = json_iter(only); fits && json_next(&it); ) {
		buf_clear(&name);
		json_decode(it.key, &name);
		s = request_query(q, buf_str(&name));
		fits = !s || json_is(it.val, s);
	}
	buf_free(&name);
	return fits;
}

int
list_open(struct list *l, struct mock *m, const struct route *r,
    struct request *q, struct answer *a)
{
	int64_t from, to, days = route_int(r, "days", 0);
	int ranged;

	memset(l, 0, sizeof *l);
	l->r = r;
	l->q = q;
	l->style = style_find(r);
	l->twist = q->fault ? q->fault->twist : TWIST_NONE;
	l->kind = find_kind(m, r, q);
	ranged = asked_range(m, q, &from, &to);
	if (ranged < 0 || (ranged == 0 && route_is(r, "range", "needed"))) {
		answer_error(a, 400, "bad.request", ranged < 0 ?
		    "the time range is malformed" :
		    "a time range is needed");
		return -1;
	}
	if (ranged && days && to - from > days * DAY_MS) {
		answer_error(a, 400, "bad.request",
		    "the time range is longer than %" PRId64 " days", days);
		return -1;
	}
	if (l->kind)
		l->high = l->kind->total;
	if (ranged && l->kind && l->kind->days)
		gen_range(&m->gen, l->kind, from, to, &l->low, &l->high);
	if (!fits_only(r, q))
		l->high = l->low;
	l->total = l->high - l->low;
	return 0;
}

void
list_pick(struct list *l, int64_t *picked, int64_t n)
{
	free(l->picked);
	l->picked = picked;
	l->total = n;
}

void
list_free(struct list *l)
{
	free(l->picked);
	l->picked = NULL;
}

/* ---- the page ---- */

/* A number of the request, wherever the style keeps it. */
static int
read_number(const struct list *l, struct answer *a, const char *name,
    int64_t low, int64_t high, int64_t *value)
{
	struct json_val obj = l->q->json;

	if (l->style->where == IN_QUERY)
		return request_int(l->q, a, name, low, high, value);
	if (!obj.p || (l->style->where == IN_PAGING &&
	    !json_get(obj, "paging", &obj)))
		return 0;
	return member_int(obj, a, name, low, high, value);
}

/* The cursor of the request: of the query for all, of the body for some. */
static int
read_place(struct list *l, const struct mock *m, struct answer *a)
{
	struct buf text = BUF_INIT(BUF_LINE);
	const char *s = request_query(l->q, l->style->at);
	struct json_val v;
	int status = 0;

	if (s)
		buf_str_add(&text, s);
	else if (l->style->where == IN_BODY && l->q->json.p &&
	    json_get(l->q->json, l->style->at, &v))
		json_decode(v, &text);
	if (text.len > 0 && cursor_read(l, m, buf_str(&text)) < 0) {
		answer_error(a, 400, "invalid.cursor", "The cursor is invalid "
		    "or was made for another query.");
		status = -1;
	} else if (text.len == 0 && route_is(l->r, "filters", "cursor")) {
		answer_error(a, 400, "bad.request", "a cursor is needed");
		status = -1;
	}
	buf_free(&text);
	return status;
}

static int
read_page(struct list *l, const struct mock *m, struct answer *a)
{
	int64_t at = l->style->how == BY_OFFSET ? 0 : 1;

	if (l->style->how == BY_NOTHING) {
		l->size = l->total;
		return 0;
	}
	l->size = route_int(l->r, "size", 25);
	if (read_number(l, a, l->style->size, 1, route_int(l->r, "max", 100),
	    &l->size) < 0)
		return -1;
	if (l->style->how == BY_CURSOR)
		return read_place(l, m, a);
	if (read_number(l, a, l->style->at, at, INT32_MAX, &at) < 0)
		return -1;
	l->start = l->style->how == BY_PAGE ? (at - 1) * l->size :
	    l->style->how == BY_INDEX ? at - 1 : at;
	return 0;
}

/* The items, with what the fault does to them. */
static void
put_items(struct list *l, struct mock *m, struct buf *b)
{
	int64_t i = l->start, end = l->start + l->size, at;

	switch (l->twist) {
	case TWIST_REPEAT:
		i = l->start >= l->size ? l->start - l->size : 0;
		end = i + l->size;
		break;
	case TWIST_SHIFT:
		i -= i > 0;
		end -= end > l->size;
		break;
	case TWIST_SKIP:
		i++;
		end++;
		break;
	case TWIST_DROP:
		end--;
		break;
	default:
		break;
	}
	buf_putc(b, '[');
	for (; i < end && i < l->total; i++) {
		json_sep(b);
		at = l->picked ? l->picked[i] : l->low + i;
		gen_record(&m->gen, l->kind, (uint64_t)at, l->q, b);
		if (l->twist == TWIST_DOUBLE && i + 1 == end) {
			json_sep(b);
			gen_record(&m->gen, l->kind, (uint64_t)at, l->q, b);
		}
	}
	buf_putc(b, ']');
}

void
list_answer(struct list *l, struct mock *m, struct answer *a)
{
	struct buf items = BUF_INIT(BUF_PATH);
	struct json_val v;
	struct buf *b;

	if (read_page(l, m, a) < 0)
		return;
	b = answer_json(a, (int)route_int(l->r, "status", 200));
	if (!l->style->items) {
		put_items(l, m, b);
		return;
	}
	buf_putc(b, '{');
	if (json_get(l->r->line, "items", &v))
		json_decode(v, &items);
	else
		buf_str_add(&items, l->style->items);
	/* the platform leaves the list out where a query has no page left */
	if (l->style->where != IN_PAGING || l->start < l->total) {
		json_key(b, buf_str(&items));
		put_items(l, m, b);
	}
	if (l->style->rest)
		l->style->rest(l, m, b);
	buf_putc(b, '}');
	buf_free(&items);
}

void
on_list(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct list l;

	if (list_open(&l, m, r, q, a) == 0)
		list_answer(&l, m, a);
	list_free(&l);
}

/* One record by its id: "of" is its kind, "id" the path's variable. */
void
on_item(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	char *of = member_text(r->line, "of"), *id = member_text(r->line,
	    "id");
	const struct kind *k = of ? gen_kind(&m->gen, of) : NULL;
	const char *given = id ? params_get(&q->vars, id, false) : NULL;
	int64_t at = k && given ? gen_find(k, given) : -1;

	if (at < 0)
		answer_error(a, 404, "not.found", "No %.50s with id %.100s.",
		    of ? of : "record", given ? given : "");
	else
		gen_record(&m->gen, k, (uint64_t)at, q, answer_json(a, 200));
	free(of);
	free(id);
}
