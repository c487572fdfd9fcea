/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "job.h"

#include "base/rng.h"

void
jobs_init(struct jobs *js, uint64_t seed)
{
	static const struct jobs empty = { .names = MAP_INIT };

	*js = empty;
	js->ids.key = rng_hash(seed, "job", 3);
}

void
jobs_free(struct jobs *js)
{
	uint32_t i;

	for (i = 0; i < js->names.n; i++)
		free(js->v[i]);
	free(js->v);
	map_free(&js->names);
}

struct job *
jobs_add(struct jobs *js, uint64_t of)
{
	struct job *job = calloc(1, sizeof *job), **v;
	uint32_t n = js->names.n;

	v = realloc(js->v, (n + 1) * sizeof *v);
	if (v)
		js->v = v;
	if (!job || !v)
		goto no_memory;
	gen_id(&js->ids, n, job->id);
	job->of = of;
	if (map_add(&js->names, job->id, strlen(job->id), NULL) == MAP_NONE)
		goto no_memory;
	return v[n] = job;
no_memory:
	free(job);
	return NULL;
}

struct job *
jobs_find(struct jobs *js, uint64_t of, const char *id)
{
	uint32_t at = map_find(&js->names, id, strlen(id));

	return at != MAP_NONE && js->v[at]->of == of ? js->v[at] : NULL;
}
