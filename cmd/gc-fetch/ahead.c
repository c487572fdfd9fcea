/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ahead.h"

/* The pool's work: one request. */
static void
fetch(void *ctx, int worker, void *job)
{
	struct ahead *a = ctx;
	struct ahead_job *j = job;
	struct wire *w = a->wires[worker];
	struct wire_request req = { .call = &j->call,
	    .url = buf_str(&j->url), .first = j->first };
	const char *type;

	j->result = wire_send(w, &req, &j->why);
	type = http_header(wire_answer(w), "Content-Type");
	snprintf(j->type, sizeof j->type, "%s", type ? type : "");
	j->bytes = wire_answer(w)->bytes;
	buf_clear(&j->answered);
	buf_str_add(&j->answered, wire_url(w));
	wire_hand_over(w, &j->answer, &j->line);
}

int
ahead_open(struct ahead *a, int n, struct client *c, struct fail *why)
{
	struct buf doc = BUF_INIT(BUF_DOC), line = BUF_INIT(BUF_LINE);
	int i;

	memset(a, 0, sizeof *a);
	a->wires = calloc((size_t)n, sizeof *a->wires);
	a->jobs = calloc((size_t)n + 1, sizeof *a->jobs);
	if (!a->wires || !a->jobs)
		return fail(why, EXIT_MACHINE, "out of memory");
	a->n = n;
	for (i = 0; i <= n; i++) {
		a->jobs[i].url = a->jobs[i].line = line;
		a->jobs[i].answered = line;
		a->jobs[i].body = a->jobs[i].answer = doc;
	}
	for (i = 0; i < n; i++)
		if (wire_open(&a->wires[i], c, why) < 0)
			return -1;
	return pool_start(&a->pool, n, n, fetch, a, why);
}

int
ahead_ask(struct ahead *a, struct page *p, const struct call *call,
    const char *first, uint64_t most, struct fail *why)
{
	struct ahead_job *j;
	int r;

	while (a->queued < a->n && (uint64_t)a->queued < most) {
		j = &a->jobs[a->next];
		buf_clear(&j->url);
		buf_clear(&j->body);
		r = page_ahead(p, (unsigned)a->queued, &j->url, &j->body, why);
		if (r <= 0)
			return r;
		j->call = *call;
		j->call.body = p->post && call->body ?
		    (char *)(uintptr_t)buf_str(&j->body) : NULL;
		j->call.nbody = j->body.len;
		j->first = first;
		a->next = (a->next + 1) % (a->n + 1);
		a->queued++;
		pool_put(a->pool, j);
	}
	return 0;
}

static bool
same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len &&
	    (a->len == 0 || memcmp(a->p, b->p, a->len) == 0);
}

struct ahead_job *
ahead_take(struct ahead *a, const struct page *p)
{
	struct ahead_job *j;

	if (a->queued == 0)
		return NULL;
	j = pool_take(a->pool);
	a->queued--;
	if (j && same(&j->url, &p->url) && (!p->post ||
	    same(&j->body, &p->body)))
		return j;
	ahead_drop(a);
	return NULL;
}

void
ahead_drop(struct ahead *a)
{
	while (a->queued > 0 && pool_take(a->pool))
		a->queued--;
}

void
ahead_close(struct ahead *a)
{
	int i;

	pool_stop(a->pool);
	for (i = 0; a->wires && i < a->n; i++)
		wire_close(a->wires[i]);
	for (i = 0; a->jobs && i <= a->n; i++) {
		buf_free(&a->jobs[i].url);
		buf_free(&a->jobs[i].body);
		buf_free(&a->jobs[i].answer);
		buf_free(&a->jobs[i].line);
		buf_free(&a->jobs[i].answered);
	}
	free(a->wires);
	free(a->jobs);
	memset(a, 0, sizeof *a);
}
