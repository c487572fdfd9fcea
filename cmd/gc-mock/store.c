/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store.c -- things that clients create, list, read, replace and delete.
 *
 *	{"kind":"store-create","store":"webhooks","body":{"id":"{fresh}",...}}
 *	{"kind":"store-list","store":"webhooks"}        paged by pageNumber
 *	{"kind":"store-get" | "store-replace" | "store-delete",
 *	 "store":"webhooks","id":"webhookId"}
 */
#include "base/rng.h"
#include "handlers.h"
#include "json/write.h"
#include "mock.h"
#include "template.h"

static uint64_t
family_of(const struct route *r)
{
	struct json_val v;

	return json_get(r->line, "store", &v) ? rng_hash(9, v.p, v.n) : 0;
}

void
on_store_create(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct buf made = BUF_INIT(BUF_DOC);
	struct json_val t, v = { NULL, 0 };
	struct thing *thing = NULL;
	char *id = NULL;

	if (json_get(r->line, "body", &t))
		template_answer(&m->gen, t, q, &made);
	if (json_check(made.p ? made.p : "", made.len, &v, NULL) == 0)
		id = member_text(v, "id");
	if (id && (thing = shelf_put(&m->shelf, family_of(r), id))) {
		buf_clear(&thing->json);
		buf_add(&thing->json, made.p, made.len);
		thing->version++;
		buf_add(answer_json(a, (int)route_int(r, "status", 200)),
		    made.p, made.len);
	} else {
		answer_error(a, 500, "internal.server.error",
		    "nothing with an id was made");
	}
	free(id);
	buf_free(&made);
}

void
on_store_list(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	uint64_t family = family_of(r);
	int64_t page = 1, size = 25, n = 0;
	struct buf *b;
	uint32_t i;

	if (request_int(q, a, "pageNumber", 1, INT32_MAX, &page) < 0 ||
	    request_int(q, a, "pageSize", 1, 100, &size) < 0)
		return;
	b = answer_json(a, 200);
	buf_str_add(b, "{\"entities\":[");
	for (i = 0; i < m->shelf.names.n; i++) {
		const struct thing *t = m->shelf.v[i];

		if (t->family != family || t->gone)
			continue;
		if (n >= (page - 1) * size && n < page * size) {
			json_sep(b);
			buf_add(b, t->json.p, t->json.len);
		}
		n++;
	}
	buf_addf(b, "],\"pageSize\":%" PRId64 ",\"pageNumber\":%" PRId64
	    ",\"total\":%" PRId64 ",\"pageCount\":%" PRId64 "}", size, page,
	    n, (n + size - 1) / size);
}

/* The thing that the path names, or an answer of 404. */
static struct thing *
find_thing(struct mock *m, const struct route *r, const struct request *q,
    struct answer *a)
{
	char *name = member_text(r->line, "id");
	const char *id = name ? params_get(&q->vars, name, false) : NULL;
	struct thing *t = id ? shelf_find(&m->shelf, family_of(r), id) : NULL;

	if (!t)
		answer_error(a, 404, "not.found", "Nothing with id %.100s.",
		    id ? id : "");
	free(name);
	return t;
}

void
on_store_get(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	const struct thing *t = find_thing(m, r, q, a);

	if (t)
		buf_add(answer_json(a, 200), t->json.p, t->json.len);
}

void
on_store_replace(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct thing *t = find_thing(m, r, q, a);
	struct buf made = BUF_INIT(BUF_DOC);
	struct json_val v;

	if (!t)
		return;
	if (!q->json.p || json_type(q->json) != JSON_OBJECT) {
		answer_error(a, 400, "bad.request", "an object is needed");
		return;
	}
	json_check(t->json.p, t->json.len, &v, NULL);
	if (json_get(v, "id", &v))
		json_set(&made, q->json, "id", v.p, v.n);
	buf_clear(&t->json);
	buf_add(&t->json, made.p, made.len);
	t->version++;
	buf_add(answer_json(a, 200), made.p, made.len);
	buf_free(&made);
}

void
on_store_delete(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct thing *t = find_thing(m, r, q, a);

	if (!t)
		return;
	t->gone = true;
	answer_begin(a, 204, NULL);
}
