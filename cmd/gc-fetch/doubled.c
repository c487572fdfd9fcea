/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doubled.h"

#include "base/rng.h"

static int
by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static bool
has_id(const struct ids *ids, uint64_t id)
{
	return ids->n && bsearch(&id, ids->v, ids->n, sizeof id, by_value);
}

/* By which name the records of this list are known. */
static const char *
name_of_id(struct json_val record)
{
	static const char *const names[] = { "id", "conversationId",
	    "groupId", "userId" };
	struct json_val v;
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		if (json_get(record, names[i], &v))
			return names[i];
	return "id";
}

int
doubled_count(struct doubled *d, const struct json_val *records,
    size_t nrecords, uint64_t *n, struct fail *why)
{
	struct ids old = d->before;
	uint64_t *more;
	struct json_val id;
	size_t i;

	if (nrecords && !d->name)
		d->name = name_of_id(records[0]);
	d->before = d->now;
	d->now = old;
	d->now.n = 0;
	if (d->now.cap < nrecords) {
		more = realloc(d->now.v, nrecords * sizeof *more);
		if (!more)
			return fail(why, EXIT_MACHINE, "out of memory");
		d->now.v = more;
		d->now.cap = nrecords;
	}
	for (i = 0; i < nrecords; i++)
		if (json_get(records[i], d->name, &id))
			d->now.v[d->now.n++] = rng_hash(0, id.p, id.n);
	if (d->now.n == 0)
		return 0;
	qsort(d->now.v, d->now.n, sizeof *d->now.v, by_value);
	for (i = 0; i < d->now.n; i++) {
		bool again = i && d->now.v[i] == d->now.v[i - 1];
		bool moved = !again && has_id(&d->before, d->now.v[i]);

		d->within += again;
		d->across += moved;
		*n += again || moved;
	}
	return 0;
}

void
doubled_begin(struct doubled *d)
{
	d->now.n = d->before.n = 0;
	d->name = NULL;
	d->within = d->across = 0;
}

void
doubled_free(struct doubled *d)
{
	free(d->now.v);
	free(d->before.v);
	memset(d, 0, sizeof *d);
}
