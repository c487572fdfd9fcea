/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plain.c -- answers that a template of the route's line gives. */
#include "handlers.h"
#include "mock.h"

/* "needs": members that the body must have. */
static bool
has_needs(const struct route *r, const struct request *q, struct answer *a)
{
	struct json_val needs, v;
	struct json_iter it;
	struct buf name = BUF_INIT(BUF_PATH);
	bool ok = true;

	if (!json_get(r->line, "needs", &needs))
		return true;
	for (it = json_iter(needs); ok && json_next(&it); ) {
		buf_clear(&name);
		json_decode(it.val, &name);
		ok = q->json.p && json_get_n(q->json, name.p, name.len, &v) &&
		    json_type(v) != JSON_NULL;
	}
	if (!ok)
		answer_error(a, 400, "bad.request",
		    "the body lacks the field %s", buf_str(&name));
	buf_free(&name);
	return ok;
}

void
on_template(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct json_val t;

	if (!has_needs(r, q, a))
		return;
	if (json_get(r->line, "body", &t))
		gen_answer(&m->gen, t, q, answer_json(a,
		    (int)route_int(r, "status", 200)));
	else
		answer_begin(a, (int)route_int(r, "status", 204), NULL);
}
