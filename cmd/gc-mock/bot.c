/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bot.h"

#include "base/rng.h"
#include "base/share.h"
#include "lines.h"
#include "template.h"

/* ---- the intents ---- */

static double
number_of(struct json_val obj, const char *name, double absent)
{
	struct json_val v;

	return json_get(obj, name, &v) && json_type(v) == JSON_NUMBER ?
	    json_double(v) : absent;
}

static int
add_intent(void *ctx, struct json_val line, int number, struct fail *why)
{
	struct bot *b = ctx;
	struct intent *in = realloc(b->intents,
	    (b->nintents + 1) * sizeof *in);
	struct json_val phrases, drift = line;
	struct kind ids = { .key = rng_hash(b->kind->key, "intent", 6) };
	struct json_iter it;

	(void)number;
	if (!in)
		return fail(why, EXIT_MACHINE, "out of memory");
	b->intents = in;
	in += b->nintents;
	memset(in, 0, sizeof *in);
	gen_id(&ids, b->nintents++, in->id);
	in->name = member_text(line, "intent");
	in->weight[0] = number_of(line, "weight", 1);
	in->recall[0] = number_of(line, "recall", 1);
	json_get(line, "drift", &drift);
	in->weight[1] = number_of(drift, "weight", in->weight[0]);
	in->recall[1] = number_of(drift, "recall", in->recall[0]);
	if (!in->name || !json_get(line, "phrases", &phrases) ||
	    json_type(phrases) != JSON_ARRAY)
		return fail(why, EXIT_USAGE,
		    "an intent needs \"intent\" and \"phrases\"");
	for (it = json_iter(phrases); json_next(&it); )
		in->nphrases++;
	in->phrases = calloc(in->nphrases + 1, sizeof *in->phrases);
	if (!in->phrases)
		return fail(why, EXIT_MACHINE, "out of memory");
	in->nphrases = 0;
	for (it = json_iter(phrases); json_next(&it); )
		in->phrases[in->nphrases++] = it.val;
	b->total[0] += in->weight[0];
	b->total[1] += in->weight[1];
	return 0;
}

static size_t
intent_named(const struct bot *b, struct json_val name)
{
	size_t i;

	for (i = 0; i < b->nintents; i++)
		if (json_is(name, b->intents[i].name))
			break;
	return i;
}

/* Every intent may be taken for every other, a little; those that "confused"
 * names, much more. */
static int
add_confusion(void *ctx, struct json_val line, int number, struct fail *why)
{
	struct bot *b = ctx;
	struct json_val v;
	struct json_iter it;
	struct intent *in;
	size_t i, self;

	(void)number;
	json_get(line, "intent", &v);
	self = intent_named(b, v);
	in = &b->intents[self];
	in->confused = calloc(b->nintents, sizeof *in->confused);
	if (!in->confused)
		return fail(why, EXIT_MACHINE, "out of memory");
	for (i = 0; i < b->nintents; i++)
		in->confused[i] = i == self ? 0 : 0.05;
	if (json_get(line, "confused", &v))
		for (it = json_iter(v); json_next(&it); ) {
			i = intent_named(b, it.key);
			if (i == b->nintents || i == self)
				return fail(why, EXIT_USAGE, "\"confused\" "
				    "names no other intent: %.*s",
				    (int)(it.key.n < 60 ? it.key.n : 60),
				    it.key.p);
			in->confused[i] = json_double(it.val);
		}
	for (i = 0; i < b->nintents; i++)
		in->confused_total += in->confused[i];
	return 0;
}

int
bot_open(struct bot *b, struct gen *g, int64_t n, bool drift,
    struct fail *why)
{
	static const struct bot empty = { .text = BUF_INIT(BUF_DOC) };
	static const char file[] = "mock/intents.ndjson";

	*b = empty;
	b->n = n;
	b->drift = drift;
	b->kind = gen_kind(g, "utterances");
	if (!b->kind || b->kind->total != 2 * n)
		return fail(why, EXIT_USAGE, "mock/records.ndjson lacks "
		    "\"utterances\" with \"times\":2");
	if (share_read(&b->text, file, why) < 0 ||
	    lines_each(&b->text, file, add_intent, b, why) < 0 ||
	    lines_each(&b->text, file, add_confusion, b, why) < 0)
		return -1;
	if (b->nintents < 2)
		return fail(why, EXIT_USAGE, "%s has fewer than two intents",
		    file);
	return 0;
}

void
bot_free(struct bot *b)
{
	size_t i;

	for (i = 0; i < b->nintents; i++) {
		free(b->intents[i].name);
		free(b->intents[i].phrases);
		free(b->intents[i].confused);
	}
	free(b->intents);
	if (b->metrics)
		free(b->metrics->matrix);
	free(b->metrics);
	buf_free(&b->text);
}

/* ---- one utterance ---- */

static double
unit(uint64_t hash)
{
	return (double)(hash >> 11) * 0x1p-53;
}

void
bot_hear(const struct bot *b, uint64_t i, struct utterance *u)
{
	int world = b->drift && (int64_t)i >= b->n;
	uint64_t h = rng_mix(b->kind->key + rng_mix(i));
	const struct intent *in = b->intents;
	double at = unit(h) * b->total[world], wrong, third;
	size_t k;

	for (k = 0; k + 1 < b->nintents && at >= in[k].weight[world]; k++)
		at -= in[k].weight[world];
	u->actual = u->predicted = k;
	in += k;
	third = unit(h = rng_mix(h));
	wrong = (1 - in->recall[world]) * 4 * third * third * third;
	if (wrong > 1)
		wrong = 1;
	u->confidence = floor((1 - 0.85 * wrong) * 9999) / 10000;
	if (unit(h = rng_mix(h)) >= wrong)
		return;
	at = unit(rng_mix(h)) * in->confused_total;
	for (k = 0; k + 1 < b->nintents && at >= in->confused[k]; k++)
		at -= in->confused[k];
	if (k != u->actual)
		u->predicted = k;
}

/* One small slip of the fingers: a letter twice, missing, or too early. */
static void
mistype(struct buf *text, uint64_t h)
{
	size_t at = 1 + (size_t)((h >> 8) % (text->len - 2));
	char *p = text->p;
	char c = p[at];

	if (!islower((unsigned char)c) || !islower((unsigned char)p[at + 1]))
		return;
	switch (h % 3) {
	case 0:
		p[at] = p[at + 1];
		p[at + 1] = c;
		break;
	case 1:
		memmove(p + at, p + at + 1, text->len - at - 1);
		text->len--;
		break;
	default:
		if (buf_putc(text, '\0') == 0)
			memmove(text->p + at + 1, text->p + at,
			    text->len - 1 - at);
	}
}

void
bot_say(const struct bot *b, struct gen *g, uint64_t i,
    const struct utterance *u, struct buf *text)
{
	const struct intent *in = &b->intents[u->actual];
	uint64_t h = rng_hash(b->kind->key + rng_mix(i), "say", 3);
	struct seat s = { .key = h, .kind = b->kind, .index = i };
	struct buf phrase = BUF_INIT(BUF_LINE);

	buf_clear(text);
	s.time = gen_time(g, b->kind, i);
	if (in->nphrases == 0)
		return;
	json_decode(in->phrases[h % in->nphrases], &phrase);
	template_text(g, &s, phrase.p, phrase.len, text);
	buf_free(&phrase);
	h = rng_mix(h);
	if (h % 5 == 0 && text->len > 0)        /* no capital */
		text->p[0] = (char)tolower((unsigned char)text->p[0]);
	if (h / 5 % 4 == 0 && text->len > 1 &&
	    ispunct((unsigned char)text->p[text->len - 1]))
		text->len--;                    /* no full stop */
	if (h / 20 % 7 == 0 && text->len > 8)
		mistype(text, rng_mix(h));
}

/* ---- the evaluation ---- */

/* Sums of a row or a column. */
static int64_t
sum_of(const struct metrics *m, size_t k, size_t at, bool row)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < k; i++)
		sum += m->matrix[row ? at * k + i : i * k + at];
	return sum;
}

/* Macro means over the labels that stand anywhere; 0/0 counts as 0. */
static void
summarise(struct metrics *m, size_t k)
{
	double labels = 0, right = 0;
	size_t i;

	for (i = 0; i < k; i++) {
		double hit = (double)m->matrix[i * k + i];
		double support = (double)sum_of(m, k, i, true);
		double predicted = (double)sum_of(m, k, i, false);

		if (support + predicted <= 0)
			continue;
		labels++;
		right += hit;
		m->precision += predicted > 0 ? hit / predicted : 0;
		m->recall += support > 0 ? hit / support : 0;
		m->f1 += 2 * hit / (support + predicted);
	}
	if (m->n == 0)
		return;
	m->accuracy = right / (double)m->n;
	m->precision /= labels;
	m->recall /= labels;
	m->f1 /= labels;
}

const struct metrics *
bot_measure(struct bot *b)
{
	struct metrics *m = b->metrics;
	struct utterance u;
	int64_t i;

	if (m)
		return m;
	m = calloc(1, sizeof *m);
	if (!m || !(m->matrix = calloc(b->nintents * b->nintents,
	    sizeof *m->matrix))) {
		free(m);
		return NULL;
	}
	m->n = b->n;
	for (i = b->n; i < 2 * b->n; i++) {
		bot_hear(b, (uint64_t)i, &u);
		m->matrix[u.actual * b->nintents + u.predicted]++;
	}
	summarise(m, b->nintents);
	b->metrics = m;
	return m;
}
