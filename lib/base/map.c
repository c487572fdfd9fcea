/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/map.h"
#include "base/rng.h"

static uint64_t seed = 0x2545f4914f6cdd1d;
static pthread_once_t seeded = PTHREAD_ONCE_INIT;

static void
take_seed(void)
{
	const char *fixed = getenv("GC_SEED");
	struct timespec t;

	if (fixed && *fixed) {
		seed = rng_hash(1, fixed, strlen(fixed));
		return;
	}
	clock_gettime(CLOCK_REALTIME, &t);
	seed = rng_mix((uint64_t)t.tv_nsec ^ (uint64_t)getpid() << 32 ^
	    (uint64_t)(uintptr_t)&t);
}

static uint32_t
hash(const void *p, size_t n)
{
	uint64_t h = rng_hash(seed, p, n);

	return (uint32_t)(h ^ h >> 32);
}

/* Twice the slots; keys keep their hashes, so nothing is hashed again. */
static int
grow_slots(struct map *m)
{
	uint32_t n = m->nslots ? m->nslots * 2 : 64, i, at;
	struct map_slot *slots;

	if (n < m->nslots || !(slots = calloc(n, sizeof *slots))) {
		errno = ENOMEM;
		return -1;
	}
	for (i = 0; i < m->nslots; i++) {
		if (m->slots[i].number == 0)
			continue;
		at = m->slots[i].hash & (n - 1);
		while (slots[at].number)
			at = (at + 1) & (n - 1);
		slots[at] = m->slots[i];
	}
	free(m->slots);
	m->bytes += ((size_t)n - m->nslots) * sizeof *slots;
	m->slots = slots;
	m->nslots = n;
	return 0;
}

static int
grow_keys(struct map *m)
{
	uint32_t cap = m->cap ? m->cap * 2 : 32;
	struct map_key *keys;

	keys = realloc(m->keys, cap * sizeof *keys);
	if (!keys)
		return -1;
	m->bytes += ((size_t)cap - m->cap) * sizeof *keys;
	m->keys = keys;
	m->cap = cap;
	return 0;
}

/* Room for n bytes that never move: chunks double up to a megabyte. */
static char *
arena(struct map *m, size_t n)
{
	char **chunks, *p;
	size_t size;

	if (n <= m->size - m->used) {
		p = m->chunks[m->nchunks - 1] + m->used;
		m->used += n;
		return p;
	}
	size = m->size ? m->size * 2 : 1024;
	if (size > (size_t)1 << 20)
		size = (size_t)1 << 20;
	if (size < n)
		size = n;
	chunks = realloc(m->chunks, (m->nchunks + 1) * sizeof *chunks);
	if (!chunks)
		return NULL;
	m->chunks = chunks;
	if (!(p = malloc(size)))
		return NULL;
	m->chunks[m->nchunks++] = p;
	m->bytes += size + sizeof *chunks;
	m->size = size;
	m->used = n;
	return p;
}

/* The slot of a key, or the empty one where it would stand. */
static struct map_slot *
probe(const struct map *m, uint32_t h, const void *p, size_t n)
{
	uint32_t at = h & (m->nslots - 1);
	const struct map_key *k;

	for (; m->slots[at].number; at = (at + 1) & (m->nslots - 1)) {
		if (m->slots[at].hash != h)
			continue;
		k = &m->keys[m->slots[at].number - 1];
		if (k->len == n && (n == 0 || memcmp(k->p, p, n) == 0))
			break;
	}
	return &m->slots[at];
}

uint32_t
map_add(struct map *m, const void *p, size_t n, bool *fresh)
{
	struct map_slot *slot;
	struct map_key *k;
	uint32_t h;
	char *copy;

	pthread_once(&seeded, take_seed);
	if (fresh)
		*fresh = false;
	if (m->n >= m->nslots / 2 && grow_slots(m) < 0)
		return MAP_NONE;
	h = hash(p, n);
	slot = probe(m, h, p, n);
	if (slot->number)
		return slot->number - 1;
	if (n > UINT32_MAX || (m->n == m->cap && grow_keys(m) < 0) ||
	    !(copy = arena(m, n + 1))) {
		errno = ENOMEM;
		return MAP_NONE;
	}
	if (n)
		memcpy(copy, p, n);
	copy[n] = '\0';
	k = &m->keys[m->n];
	k->p = copy;
	k->len = (uint32_t)n;
	k->hash = h;
	slot->hash = h;
	slot->number = ++m->n;
	if (fresh)
		*fresh = true;
	return m->n - 1;
}

uint32_t
map_find(const struct map *m, const void *p, size_t n)
{
	const struct map_slot *slot;

	if (m->n == 0)
		return MAP_NONE;
	slot = probe(m, hash(p, n), p, n);
	return slot->number ? slot->number - 1 : MAP_NONE;
}

void
map_free(struct map *m)
{
	static const struct map empty = MAP_INIT;
	uint32_t i;

	for (i = 0; i < m->nchunks; i++)
		free(m->chunks[i]);
	free(m->chunks);
	free(m->keys);
	free(m->slots);
	*m = empty;
}

int
map_key_cmp(const struct map_key *a, const struct map_key *b)
{
	uint32_t n = a->len < b->len ? a->len : b->len;
	int c = n ? memcmp(a->p, b->p, n) : 0;

	return c ? c : (a->len > b->len) - (a->len < b->len);
}
