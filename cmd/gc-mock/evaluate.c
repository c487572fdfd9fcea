/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evaluate.c -- a bot's model evaluated, exported, trained: the calls of the
 * bot-performance tutorial. */
#include "base/clock.h"
#include "handlers.h"
#include "json/write.h"
#include "mock.h"
#include "multipart.h"
#include "range.h"

#define OF_EVALUATION 1
#define OF_TRAINING 2

static bool
asks_for(const struct request *q, const char *name, const char *value)
{
	struct json_val v;

	return q->json.p && json_get(q->json, name, &v) &&
	    json_is(v, value);
}

/* 202 with the job's id and a status. */
static void
put_job(struct answer *a, const struct job *job, const char *status)
{
	struct buf *b;

	if (!job) {
		answer_error(a, 500, "internal.server.error",
		    "out of memory");
		return;
	}
	b = answer_json(a, 202);
	buf_putc(b, '{');
	json_key(b, "id");
	json_cstr(b, job->id);
	json_key(b, "status");
	json_cstr(b, status);
	buf_putc(b, '}');
}

void
on_evaluate(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	(void)r;
	if (!asks_for(q, "evaluationType", "default")) {
		answer_error(a, 400, "invalid.value",
		    "evaluationType must be \"default\"");
		return;
	}
	put_job(a, jobs_add(&m->jobs, OF_EVALUATION), "queued");
}

static void
put_metrics(struct buf *b, const struct metrics *found)
{
	json_key(b, "metrics");
	buf_putc(b, '{');
	json_key(b, "accuracy");
	json_num(b, found->accuracy);
	json_key(b, "precision");
	json_num(b, found->precision);
	json_key(b, "recall");
	json_num(b, found->recall);
	json_key(b, "f1Score");
	json_num(b, found->f1);
	buf_putc(b, '}');
	json_key(b, "utterances");
	json_int64(b, found->n);
}

/* Not there at first ("missing" asks), then running, then completed. */
void
on_evaluation(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	const char *id = params_get(&q->vars, "evaluationId", false);
	struct job *job = jobs_find(&m->jobs, OF_EVALUATION, id);
	int64_t missing = route_int(r, "missing", 1);
	int64_t running = missing + route_int(r, "running", 1);
	const struct metrics *found = NULL;
	struct buf *b;
	bool done;

	if (!job || job->asked++ < missing) {
		answer_error(a, 404, "not.found",
		    "Evaluation %.100s was not found.", id);
		return;
	}
	done = job->asked > running;
	if (done && !(found = bot_measure(&m->bot))) {
		answer_error(a, 500, "internal.server.error",
		    "out of memory");
		return;
	}
	b = answer_json(a, 200);
	buf_putc(b, '{');
	json_key(b, "id");
	json_cstr(b, job->id);
	json_key(b, "botId");
	json_cstr(b, BOT_ID);
	json_key(b, "evaluationType");
	json_cstr(b, "default");
	json_key(b, "status");
	json_cstr(b, done ? "completed" : "running");
	if (done)
		put_metrics(b, found);
	buf_putc(b, '}');
}

void
on_train(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	(void)r;
	if (!asks_for(q, "action", "train")) {
		answer_error(a, 400, "invalid.value",
		    "action must be \"train\"");
		return;
	}
	put_job(a, jobs_add(&m->jobs, OF_TRAINING), "training");
}

/* ---- the export ---- */

/* Does some filter on botId name other bots only? */
static bool
is_of_other_bots(struct json_val query)
{
	struct json_val filters, v;
	struct json_iter it, values;

	if (!json_get(query, "filter", &filters))
		return false;
	for (it = json_iter(filters); json_next(&it); ) {
		if (!json_get(it.val, "dimension", &v) ||
		    !json_is(v, "botId") || !json_get(it.val, "values", &v))
			continue;
		for (values = json_iter(v); json_next(&values); )
			if (json_is(values.val, BOT_ID))
				return false;
		return true;
	}
	return false;
}

static bool
lists(struct json_val query, const char *name, const char *word)
{
	struct json_val v;
	struct json_iter it;

	if (!json_get(query, name, &v))
		return false;
	for (it = json_iter(v); json_next(&it); )
		if (json_is(it.val, word))
			return true;
	return false;
}

/* The shape of the parts. Returns -1 where the word is none. */
static int
shape_of(struct json_val query)
{
	static const char *const shapes[] = { "object", "array", "ndjson",
	    "mixed" };
	struct json_val v;
	size_t i;

	if (!json_get(query, "parts", &v))
		return PARTS_OBJECT;
	for (i = 0; i < COUNT(shapes); i++)
		if (json_is(v, shapes[i]))
			return (int)i;
	return -1;
}

void
on_utterances(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct parts p = { .bot = &m->bot, .gen = &m->gen };
	struct json_val v;
	int64_t from, to;
	int shape;

	if (!q->json.p || !json_get(q->json, "export", &v) ||
	    json_type(v) != JSON_TRUE) {
		on_list(m, r, q, a);    /* the platform's query */
		return;
	}
	if (!json_get(q->json, "timeRange", &v) ||
	    range_parse(v, m->gen.anchor, &from, &to) < 0) {
		answer_error(a, 400, "invalid.value", "timeRange is neither "
		    "like last30Days nor {start, end}");
		return;
	}
	shape = shape_of(q->json);
	if (shape < 0) {
		answer_error(a, 400, "invalid.value",
		    "parts must be object, array, ndjson or mixed");
		return;
	}
	p.shape = (enum parts_shape)shape;
	p.utterance = lists(q->json, "include", "utterance");
	p.id = lists(q->json, "include", "id");
	gen_range(&m->gen, m->bot.kind, from, to, &p.next, &p.end);
	if (is_of_other_bots(q->json))
		p.next = p.end;
	p.key = q->number;
	answer_parts(a, &p);
}
