/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/spell.h"

void
spellings_init(struct spellings *s)
{
	struct links ids = LINKS_INIT(1);
	struct buf bytes = BUF_INIT(BUF_DOC);

	s->ids = ids;
	s->at = NULL;
	s->cap = 0;
	s->bytes = bytes;
}

void
spellings_free(struct spellings *s)
{
	links_free(&s->ids);
	buf_free(&s->bytes);
	free(s->at);
	s->at = NULL;
	s->cap = 0;
}

/* Text number i is bytes at[i] to at[i + 1]. */
int
spellings_add(struct spellings *s, uint64_t id, const char *p, size_t n)
{
	uint32_t had = s->ids.n, *at;
	size_t cap = 2 * s->cap + 256;

	if (had + 2 > s->cap) {
		if (!(at = realloc(s->at, cap * sizeof *at)))
			return -1;
		s->at = at;
		s->cap = cap;
	}
	if (!links_add(&s->ids, 0, id))
		return -1;
	if (s->ids.n == had)
		return 0;
	s->at[had] = (uint32_t)s->bytes.len;
	buf_add(&s->bytes, p, n);
	s->at[had + 1] = (uint32_t)s->bytes.len;
	return s->bytes.err ? -1 : 0;
}

const char *
spellings_get(const struct spellings *s, uint64_t id, size_t *n)
{
	uint32_t i = links_step(&s->ids, 0, id);

	if (!i)
		return NULL;
	*n = s->at[i] - s->at[i - 1];
	return *n ? s->bytes.p + s->at[i - 1] : "";
}
