/* SPDX-License-Identifier: GPL-3.0-or-later */
/* work.c -- jobs as routes see them: started with 202, asked after, their
 * results listed or downloaded.
 *
 *	{"kind":"job-start","job":"details","of":"conversations",
 *	 "body":{"jobId":"{path job}"}}
 *	{"kind":"job-state","job":"details","id":"jobId",
 *	 "steps":[{"state":"QUEUED"},{"state":"FULFILLED"}],
 *	 "cancelled":{"state":"CANCELLED"}}
 *	{"kind":"job-results", ...as a list...}
 *	{"kind":"job-download", "of":...}       NDJSON, as one file
 *
 * Each ask is a step further; at the last one the job is done.
 */
#include "base/rng.h"
#include "dump.h"
#include "handlers.h"
#include "list.h"
#include "template.h"

/* Which sort of job a route is about. */
static uint64_t
sort_of(const struct route *r)
{
	struct json_val v;

	return json_get(r->line, "job", &v) ? rng_hash(7, v.p, v.n) : 0;
}

static struct job *
find_job(struct mock *m, const struct route *r, const struct request *q,
    struct answer *a)
{
	char *name = member_text(r->line, "id");
	const char *id = name ? params_get(&q->vars, name, false) : NULL;
	struct job *job = id ? jobs_find(&m->jobs, sort_of(r), id) : NULL;

	if (!job)
		answer_error(a, 404, "not.found", "No job %.100s.",
		    id ? id : "");
	free(name);
	return job;
}

void
on_job_start(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct json_val t;
	struct job *job;
	struct list l;

	if (list_open(&l, m, r, q, a) < 0) {
		list_free(&l);
		return;
	}
	job = jobs_add(&m->jobs, sort_of(r));
	if (!job || !json_get(r->line, "body", &t)) {
		answer_error(a, 500, "internal.server.error",
		    "the job cannot begin");
		list_free(&l);
		return;
	}
	job->low = l.low;
	job->high = l.high;
	list_free(&l);
	params_add(&q->vars, "job", job->id, strlen(job->id));
	template_answer(&m->gen, t, q,
	    answer_json(a, (int)route_int(r, "status", 202)));
}

/* The step a job has come to; -1 where the route has none. */
static int64_t
step_of(const struct route *r, const struct job *job, struct json_val *t)
{
	struct json_val steps;
	struct json_iter it;
	int64_t i = -1;

	if (!json_get(r->line, "steps", &steps))
		return -1;
	for (it = json_iter(steps); i + 1 < job->asked && json_next(&it);
	    i++)
		*t = it.val;
	return i;
}

void
on_job_state(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct job *job = find_job(m, r, q, a);
	struct json_val t = { "null", 4 };

	if (!job)
		return;
	params_add(&q->vars, "job", job->id, strlen(job->id));
	job->asked++;
	if (job->cancelled)
		json_get(r->line, "cancelled", &t);
	else
		step_of(r, job, &t);
	template_answer(&m->gen, t, q, answer_json(a, 200));
}

void
on_job_cancel(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct job *job = find_job(m, r, q, a);

	if (!job)
		return;
	job->cancelled = true;
	answer_begin(a, 204, NULL);
}

/* Is the job done ("after" asks)? Else an answer of 400. */
static bool
is_done(const struct route *r, const struct job *job, struct answer *a)
{
	if (!job->cancelled && job->asked >= route_int(r, "after", 1))
		return true;
	answer_error(a, 400, "bad.request", "The job is not fulfilled.");
	return false;
}

void
on_job_results(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct job *job = find_job(m, r, q, a);
	struct list l;

	if (!job || !is_done(r, job, a))
		return;
	if (list_open(&l, m, r, q, a) == 0) {
		l.low = job->low;
		l.high = job->high;
		l.total = l.high - l.low;
		list_answer(&l, m, a);
	}
	list_free(&l);
}

void
on_job_download(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct job *job = find_job(m, r, q, a);
	struct list l;

	if (!job || !is_done(r, job, a))
		return;
	if (list_open(&l, m, r, q, a) == 0)
		answer_dump(a, &m->gen, l.kind, job->low, job->high, q);
	list_free(&l);
}
