/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stat/pick.h"
#include "base/rng.h"

/* By hash; where two different strings share one, by their bytes. */
static int
order(const struct picked *x, uint64_t hash, const void *bytes, size_t len)
{
	int c;

	if (x->hash != hash)
		return x->hash < hash ? -1 : 1;
	c = len ? memcmp(x->p, bytes, x->len < len ? x->len : len) : 0;
	return c ? c : (x->len > len) - (x->len < len);
}

static int
offer(struct pick *p, uint32_t k, uint64_t hash, const void *bytes, size_t len,
    struct fail *why)
{
	uint32_t at = p->n;
	struct picked x;
	int c = 1;

	if (k == 0)
		return 0;
	while (at > 0 && (c = order(&p->item[at - 1], hash, bytes, len)) > 0)
		at--;
	if (at == k || (at > 0 && c == 0))
		return 0;
	if (!p->item && !(p->item = calloc(k, sizeof *p->item)))
		return fail_errno(why, "a sample of %lu", (unsigned long)k);
	x.hash = hash;
	x.len = len;
	if (!(x.p = malloc(len ? len : 1)))
		return fail_errno(why, "a sample of %lu", (unsigned long)k);
	if (len)
		memcpy(x.p, bytes, len);
	if (p->n == k)
		free(p->item[--p->n].p);
	memmove(p->item + at + 1, p->item + at, (p->n - at) * sizeof x);
	p->item[at] = x;
	p->n++;
	return 0;
}

int
pick_add(struct pick *p, uint32_t k, uint64_t seed, const void *bytes,
    size_t len, struct fail *why)
{
	return offer(p, k, rng_hash(seed, bytes, len), bytes, len, why);
}

int
pick_merge(struct pick *p, uint32_t k, const struct pick *q, struct fail *why)
{
	uint32_t i;

	for (i = 0; i < q->n; i++)
		if (offer(p, k, q->item[i].hash, q->item[i].p, q->item[i].len,
		    why) < 0)
			return -1;
	return 0;
}

void
pick_free(struct pick *p)
{
	while (p->n > 0)
		free(p->item[--p->n].p);
	free(p->item);
	p->item = NULL;
}
