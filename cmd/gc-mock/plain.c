/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plain.c -- answers that a template of the route's line gives. */
#include "handlers.h"
#include "mock.h"
#include "template.h"

void
on_template(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct json_val t;

	if (json_get(r->line, "body", &t))
		template_answer(&m->gen, t, q, answer_json(a,
		    (int)route_int(r, "status", 200)));
	else
		answer_begin(a, (int)route_int(r, "status", 204), NULL);
}
