/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/link.h"
#include "ner/hash.h"

#define SLOTS_FIRST 256

static struct link *
slot(const struct links *l, uint32_t node, uint64_t key)
{
	size_t i = hash_mix(key + node) & (l->nslots - 1);

	while (l->v[i].child && (l->v[i].node != node || l->v[i].key != key))
		i = (i + 1) & (l->nslots - 1);
	return &l->v[i];
}

uint32_t
links_step(const struct links *l, uint32_t node, uint64_t key)
{
	return l->nslots ? slot(l, node, key)->child : 0;
}

static int
grow(struct links *l)
{
	struct link *old = l->v;
	uint32_t n = l->nslots, i;

	if (2 * l->n < n)
		return 0;
	if (n > UINT32_MAX / 4) {
		errno = ENOMEM;
		return -1;
	}
	l->nslots = n ? 2 * n : SLOTS_FIRST;
	if (!(l->v = calloc(l->nslots, sizeof *l->v))) {
		l->v = old;
		l->nslots = n;
		return -1;
	}
	for (i = 0; i < n; i++)
		if (old[i].child)
			*slot(l, old[i].node, old[i].key) = old[i];
	free(old);
	return 0;
}

uint32_t
links_add(struct links *l, uint32_t node, uint64_t key)
{
	struct link *k;

	if (grow(l) < 0)
		return 0;
	k = slot(l, node, key);
	if (!k->child) {
		k->node = node;
		k->key = key;
		k->child = l->roots + l->n++;
	}
	return k->child;
}

void
links_clear(struct links *l)
{
	if (l->v)
		memset(l->v, 0, l->nslots * sizeof *l->v);
	l->n = 0;
}

void
links_free(struct links *l)
{
	free(l->v);
	l->v = NULL;
	l->n = l->nslots = 0;
}
