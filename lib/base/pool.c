/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/pool.h"

struct slot {
	void *job;
	bool done;
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t work, done;      /* a job came; a job is done */
	struct slot *ring;
	uint64_t put, next, taken;      /* serial numbers: taken <= next <= put */
	int size, n;
	bool stop;
	pool_work *fn;
	void *ctx;
	struct pool_thread { struct pool *p; pthread_t id; int k; } *threads;
};

static void *
run(void *arg)
{
	struct pool_thread *t = arg;
	struct pool *p = t->p;
	struct slot *s;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		while (!p->stop && p->next == p->put)
			pthread_cond_wait(&p->work, &p->lock);
		if (p->stop)
			break;
		s = &p->ring[p->next++ % (uint64_t)p->size];
		pthread_mutex_unlock(&p->lock);
		p->fn(p->ctx, t->k, s->job);
		pthread_mutex_lock(&p->lock);
		s->done = true;
		pthread_cond_signal(&p->done);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

int
pool_start(struct pool **out, int n, int size, pool_work *fn, void *ctx,
    struct fail *why)
{
	struct pool *p = calloc(1, sizeof *p);
	int k, e;

	*out = NULL;
	if (p)
		p->ring = calloc((size_t)size, sizeof *p->ring);
	if (p)
		p->threads = calloc((size_t)n, sizeof *p->threads);
	if (!p || !p->ring || !p->threads) {
		if (p)
			free(p->ring);
		free(p);
		return fail(why, EXIT_MACHINE, "out of memory");
	}
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->work, NULL);
	pthread_cond_init(&p->done, NULL);
	p->size = size;
	p->fn = fn;
	p->ctx = ctx;
	for (k = 0; n > 1 && k < n; k++) {
		p->threads[k].p = p;
		p->threads[k].k = k;
		e = pthread_create(&p->threads[k].id, NULL, run, &p->threads[k]);
		if (e) {
			pool_stop(p);
			errno = e;
			return fail_errno(why, "cannot start a thread");
		}
		p->n++;
	}
	*out = p;
	return 0;
}

bool
pool_full(struct pool *p)
{
	return p->put - p->taken == (uint64_t)p->size;
}

void
pool_put(struct pool *p, void *job)
{
	struct slot *s = &p->ring[p->put % (uint64_t)p->size];

	s->job = job;
	s->done = false;
	if (p->n == 0) {
		p->fn(p->ctx, 0, job);
		s->done = true;
		p->put++;
		return;
	}
	pthread_mutex_lock(&p->lock);
	p->put++;
	pthread_cond_signal(&p->work);
	pthread_mutex_unlock(&p->lock);
}

static void *
take(struct pool *p, bool wait)
{
	struct slot *s = &p->ring[p->taken % (uint64_t)p->size];
	void *job = NULL;

	if (p->taken == p->put)
		return NULL;
	pthread_mutex_lock(&p->lock);
	while (wait && !s->done)
		pthread_cond_wait(&p->done, &p->lock);
	if (s->done) {
		job = s->job;
		p->taken++;
	}
	pthread_mutex_unlock(&p->lock);
	return job;
}

void *
pool_take(struct pool *p)
{
	return take(p, true);
}

void *
pool_try(struct pool *p)
{
	return take(p, false);
}

void
pool_stop(struct pool *p)
{
	int k;

	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	for (k = 0; k < p->n; k++)
		pthread_join(p->threads[k].id, NULL);
	pthread_cond_destroy(&p->done);
	pthread_cond_destroy(&p->work);
	pthread_mutex_destroy(&p->lock);
	free(p->threads);
	free(p->ring);
	free(p);
}
