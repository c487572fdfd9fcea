/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/unique.h"

static int
add(struct unique *u, const struct buf *name, struct json_val val)
{
	uint32_t i = map_add(&u->names, name->p, name->len, NULL);

	if (i == MAP_NONE)
		return -1;
	if (i == u->cap) {
		uint32_t cap = u->cap ? u->cap * 2 : 16;
		struct json_val *more = realloc(u->vals, cap * sizeof *more);

		if (!more)
			return -1;
		u->vals = more;
		u->cap = cap;
	}
	u->vals[i] = val;
	return 0;
}

int
unique_members(struct unique *u, struct json_val object)
{
	struct json_iter it = json_iter(object);
	struct buf name = BUF_INIT(BUF_DOC);
	int r = 0;

	while (r == 0 && json_next(&it)) {
		buf_clear(&name);
		r = json_decode(it.key, &name) < 0 ? -1 :
		    add(u, &name, it.val);
	}
	buf_free(&name);
	return r;
}

void
unique_free(struct unique *u)
{
	struct map none = MAP_INIT;

	map_free(&u->names);
	u->names = none;
	free(u->vals);
	u->vals = NULL;
	u->cap = 0;
}
