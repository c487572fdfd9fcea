/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shelf.h"

/* Family and name as one key. */
static void
key_of(struct buf *key, uint64_t family, const char *name)
{
	buf_add(key, &family, sizeof family);
	buf_str_add(key, name);
}

struct thing *
shelf_find(const struct shelf *s, uint64_t family, const char *name)
{
	struct buf key = BUF_INIT(BUF_LINE);
	uint32_t at;

	key_of(&key, family, name);
	at = key.err ? MAP_NONE : map_find(&s->names, key.p, key.len);
	buf_free(&key);
	return at == MAP_NONE || s->v[at]->gone ? NULL : s->v[at];
}

struct thing *
shelf_put(struct shelf *s, uint64_t family, const char *name)
{
	struct buf key = BUF_INIT(BUF_LINE), empty = BUF_INIT(BUF_DOC);
	struct thing *t = calloc(1, sizeof *t), **v;
	uint32_t at = MAP_NONE;
	bool fresh = false;

	key_of(&key, family, name);
	v = realloc(s->v, (s->names.n + 1) * sizeof *v);
	if (v)
		s->v = v;
	if (t && v && !key.err)
		at = map_add(&s->names, key.p, key.len, &fresh);
	buf_free(&key);
	if (at == MAP_NONE || !fresh) {
		free(t);
		if (at != MAP_NONE)
			s->v[at]->gone = false;
		return at == MAP_NONE ? NULL : s->v[at];
	}
	t->json = empty;
	t->family = family;
	return s->v[at] = t;
}

void
shelf_free(struct shelf *s)
{
	uint32_t i;

	for (i = 0; i < s->names.n; i++) {
		buf_free(&s->v[i]->json);
		free(s->v[i]);
	}
	free(s->v);
	map_free(&s->names);
}
