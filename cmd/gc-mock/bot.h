/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bot.h -- a bot that understands most of what it is told.
 *
 * share/mock/intents.ndjson has a line for each intent: how often people come
 * with it (weight), how well the bot hears it (recall), what it takes it for
 * otherwise (confused: name -> share), what people say (phrases, with slots
 * of words.json); and what of that changes when the world drifts (drift:
 * weight, recall).
 *
 * Utterance i is a pure function of seed and i. The utterances span 60 days
 * before the anchor: [0, n) are the 30 days before last, [n, 2n) the last 30.
 * Drift, where it is asked for, begins with utterance n.
 *
 * Confidence is nearly honest: with recall r an utterance is misheard with
 * probability e = min(1, (1-r) * 4u^3), u uniform, and 1 - 0.85 e is what the
 * bot says of itself: a little too sure, as bots are.
 */
#ifndef MOCK_BOT_H
#define MOCK_BOT_H

#include "gen.h"

#define BOT_ID "2b8e61c4-53d7-4f09-8a1e-c94d07f2a6b3"

struct intent {
	char *name;             /* owned */
	char id[GEN_ID];
	double weight[2];       /* before and with drift */
	double recall[2];
	struct json_val *phrases;       /* owned; nphrases */
	size_t nphrases;
	double *confused;       /* owned: a weight for each intent */
	double confused_total;
};

struct bot {
	const struct kind *kind;        /* "utterances": ids and times */
	int64_t n;              /* of the last 30 days */
	bool drift;
	struct buf text;
	struct intent *intents; /* owned; nintents */
	size_t nintents;
	double total[2];        /* sums of weights */
	struct metrics *metrics;        /* owned; NULL: not yet measured */
};

struct utterance {
	size_t actual, predicted;       /* intents */
	double confidence;              /* four decimals */
};

/* What the evaluation finds, over utterances [n, 2n): the matrix, actual x
 * predicted, and the tutorial's four numbers, macro over all labels seen. */
struct metrics {
	int64_t *matrix;        /* owned; nintents squared */
	int64_t n;
	double accuracy, precision, recall, f1;
};

/* Reads the intents. Returns 0 or -1. */
int bot_open(struct bot *b, struct gen *g, int64_t n, bool drift,
    struct fail *why);
void bot_free(struct bot *b);

void bot_hear(const struct bot *b, uint64_t i, struct utterance *u);

/* What was said, with a typo now and then; not yet JSON. */
void bot_say(const struct bot *b, struct gen *g, uint64_t i,
    const struct utterance *u, struct buf *text);

/* The evaluation; NULL where memory ends. Computed once. */
const struct metrics *bot_measure(struct bot *b);

#endif
