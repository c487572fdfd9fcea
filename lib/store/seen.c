/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/seen.h"

/* Where a hash stands, or the empty slot where it would. */
static uint64_t *
place(const struct seen *s, uint64_t hash)
{
	size_t i = (size_t)hash & (s->cap - 1);

	while (s->slot[i] && s->slot[i] != hash)
		i = (i + 1) & (s->cap - 1);
	return &s->slot[i];
}

/* At most half full. Returns -1 where there is no room for more. */
static int
grow(struct seen *s)
{
	struct seen more = { NULL, s->n, s->cap ? 2 * s->cap : 4096, false };
	size_t i;

	if (s->n >= SEEN_MOST ||
	    !(more.slot = calloc(more.cap, sizeof *more.slot)))
		return -1;
	for (i = 0; i < s->cap; i++)
		if (s->slot[i])
			*place(&more, s->slot[i]) = s->slot[i];
	free(s->slot);
	*s = more;
	return 0;
}

bool
seen_add(struct seen *s, uint64_t hash)
{
	uint64_t *at;

	if (s->full)
		return true;
	if (2 * s->n >= s->cap && grow(s) < 0) {
		seen_free(s);
		s->full = true;
		return true;
	}
	hash += hash == 0;
	at = place(s, hash);
	if (*at)
		return true;
	*at = hash;
	s->n++;
	return false;
}

void
seen_free(struct seen *s)
{
	static const struct seen empty = SEEN_INIT;

	free(s->slot);
	*s = empty;
}
