/* SPDX-License-Identifier: GPL-3.0-or-later */
/* nlu.c -- the platform's own way to a bot's quality: versions of a domain,
 * training, the report with its confusion matrix, detection, counts. */
#include "base/clock.h"
#include "base/rng.h"
#include "handlers.h"
#include "json/write.h"
#include "mock.h"
#include "range.h"
#include "template.h"

#define STEPS 13        /* the family of counters on the shelf */

/* ---- answers that go a step further each time ---- */

/* {"kind":"steps","steps":[T,T,...],"restarts":true}: each request for the
 * same path is a step further, up to the last. With "restarts" the steps begin
 * when a "restart" route of the path was called, and until then it is at the
 * last. */
void
on_steps(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct thing *t = shelf_find(&m->shelf, STEPS, q->path.p);
	struct json_val steps, v = { "null", 4 };
	struct json_iter it;
	int64_t i = 0;
	bool restarts = json_get(r->line, "restarts", &v) &&
	    json_type(v) == JSON_TRUE;

	if (!t && !restarts)
		t = shelf_put(&m->shelf, STEPS, q->path.p);
	if (json_get(r->line, "steps", &steps))
		for (it = json_iter(steps); json_next(&it); i++) {
			v = it.val;
			if (t && i == t->version)
				break;
		}
	if (t)
		t->version++;
	template_answer(&m->gen, v, q, answer_json(a, 200));
}

/* {"kind":"restart","body":T}: the path without its last segment goes through
 * its steps again. */
void
on_restart(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct buf path = BUF_INIT(BUF_HEAD);
	struct json_val t = { "null", 4 };
	struct thing *thing;

	buf_add(&path, q->path.p, q->path.len);
	while (path.len > 0 && path.p[path.len - 1] != '/')
		path.len--;
	path.len -= path.len > 0;
	thing = shelf_put(&m->shelf, STEPS, buf_str(&path));
	if (thing)
		thing->version = 0;
	buf_free(&path);
	json_get(r->line, "body", &t);
	template_answer(&m->gen, t, q,
	    answer_json(a, (int)route_int(r, "status", 200)));
}

/* ---- the report ---- */

static void
put_row(const struct bot *bot, const struct metrics *found, size_t row,
    struct buf *b)
{
	size_t i;

	json_sep(b);
	buf_putc(b, '{');
	json_key(b, "name");
	json_cstr(b, bot->intents[row].name);
	json_key(b, "columns");
	buf_putc(b, '[');
	for (i = 0; i < bot->nintents; i++) {
		json_sep(b);
		buf_putc(b, '{');
		json_key(b, "name");
		json_cstr(b, bot->intents[i].name);
		buf_addf(b, ",\"value\":%" PRId64 ".0}",
		    found->matrix[row * bot->nintents + i]);
	}
	buf_str_add(b, "]}");
}

static void
put_metric(struct buf *b, const char *name, double value)
{
	json_sep(b);
	buf_putc(b, '{');
	json_key(b, "name");
	json_cstr(b, name);
	json_key(b, "value");
	json_num(b, value);
	buf_putc(b, '}');
}

void
on_nlu_report(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	const struct metrics *found = bot_measure(&m->bot);
	struct json_val t = { "null", 4 };
	struct buf *b;
	size_t i;

	if (!found) {
		answer_error(a, 500, "internal.server.error", "out of memory");
		return;
	}
	json_get(r->line, "version", &t);
	b = answer_json(a, 200);
	buf_str_add(b, "{\"version\":");
	template_answer(&m->gen, t, q, b);
	buf_str_add(b, ",\"confusionMatrix\":[");
	for (i = 0; i < m->bot.nintents; i++)
		put_row(&m->bot, found, i, b);
	buf_str_add(b, "],\"summary\":{\"metrics\":[");
	put_metric(b, "accuracy", found->accuracy);
	put_metric(b, "precision", found->precision);
	put_metric(b, "recall", found->recall);
	put_metric(b, "f1_score", found->f1);
	buf_str_add(b, "]}}");
}

/* ---- detection ---- */

/* How many words of a phrase stand in the text, as a share of both. */
static double
overlap(const char *text, const char *phrase)
{
	size_t all = 0, hits = 0, n;
	char word[40];

	for (; *phrase; phrase += n) {
		phrase += strcspn(phrase, "abcdefghijklmnopqrstuvwxyz{");
		if (*phrase == '{') {
			n = strcspn(phrase, "}");
			continue;
		}
		n = strspn(phrase, "abcdefghijklmnopqrstuvwxyz");
		if (n < 3 || n >= sizeof word)
			continue;
		snprintf(word, sizeof word, "%.*s", (int)n, phrase);
		all++;
		hits += strstr(text, word) != NULL;
	}
	return all ? (double)hits * (double)hits / (double)all : 0;
}

static void
lower(struct buf *b)
{
	size_t i;

	for (i = 0; i < b->len; i++)
		b->p[i] = (char)tolower((unsigned char)b->p[i]);
	buf_str(b);
}

/* The best overlap of an intent's phrases with a text. */
static double
affinity(const struct intent *in, const char *text)
{
	struct buf phrase = BUF_INIT(BUF_LINE);
	double best = 0.01, v;
	size_t i;

	for (i = 0; i < in->nphrases; i++) {
		buf_clear(&phrase);
		json_decode(in->phrases[i], &phrase);
		lower(&phrase);
		v = overlap(text, buf_str(&phrase));
		if (v > best)
			best = v;
	}
	buf_free(&phrase);
	return best;
}

/* The intents with their shares, the likeliest first; three of them. */
static void
put_detected(const struct bot *bot, double *share, struct buf *b)
{
	double total = 0;
	size_t i, best, k;

	for (i = 0; i < bot->nintents; i++)
		total += share[i];
	for (k = 0; k < 3 && k < bot->nintents; k++) {
		for (best = i = 0; i < bot->nintents; i++)
			if (share[i] > share[best])
				best = i;
		json_sep(b);
		buf_putc(b, '{');
		json_key(b, "name");
		json_cstr(b, bot->intents[best].name);
		json_key(b, "probability");
		json_num(b, floor(share[best] / total * 10000) / 10000);
		buf_str_add(b, ",\"entities\":[]}");
		share[best] = -1;
	}
}

void
on_detect(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct buf text = BUF_INIT(BUF_LINE);
	double *share = calloc(m->bot.nintents, sizeof *share);
	struct json_val v;
	struct buf *b;
	size_t i;

	(void)r;
	if (share && q->json.p && json_get(q->json, "input", &v) &&
	    json_get(v, "text", &v) && json_decode(v, &text) == 0) {
		lower(&text);
		for (i = 0; i < m->bot.nintents; i++)
			share[i] = pow(affinity(&m->bot.intents[i],
			    buf_str(&text)), 3);
		b = answer_json(a, 200);
		buf_str_add(b, "{\"input\":{\"text\":");
		json_raw(b, v);
		buf_str_add(b, "},\"output\":{\"intents\":[");
		put_detected(&m->bot, share, b);
		buf_str_add(b, "]}}");
	} else {
		answer_error(a, 400, "bad.request", "input.text is needed");
	}
	free(share);
	buf_free(&text);
}

/* ---- counts of intents over time ---- */

void
on_bot_aggregates(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	int64_t from, to, low, high, i;
	int64_t *n = calloc(m->bot.nintents, sizeof *n);
	struct utterance u;
	struct json_val v;
	struct buf *b;
	size_t k;

	(void)r;
	if (!n || !q->json.p || !json_get(q->json, "interval", &v) ||
	    range_parse(v, m->gen.anchor, &from, &to) < 0) {
		answer_error(a, 400, "bad.request",
		    "an interval is needed");
		free(n);
		return;
	}
	gen_range(&m->gen, m->bot.kind, from, to, &low, &high);
	for (i = low; i < high; i++) {
		bot_hear(&m->bot, (uint64_t)i, &u);
		n[u.predicted]++;
	}
	b = answer_json(a, 200);
	buf_str_add(b, "{\"results\":[");
	for (k = 0; k < m->bot.nintents; k++) {
		if (n[k] == 0)
			continue;
		json_sep(b);
		buf_str_add(b, "{\"group\":{\"botIntent\":");
		json_cstr(b, m->bot.intents[k].name);
		buf_str_add(b, "},\"data\":[{\"interval\":");
		json_raw(b, v);
		buf_addf(b, ",\"metrics\":[{\"metric\":\"oBotIntent\","
		    "\"stats\":{\"count\":%" PRId64 "}}]}]}", n[k]);
	}
	buf_str_add(b, "]}");
	free(n);
}
