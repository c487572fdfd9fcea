/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scores.c -- scores of contacts, counted as they come. */
#include "report.h"

void
scores_init(struct scores *s, double threshold)
{
	memset(s, 0, sizeof *s);
	s->threshold = threshold;
	exactsum_init(&s->sum);
	exactsum_init(&s->squares);
}

void
scores_add(struct scores *s, double score)
{
	double x = score < 0 ? 0 : score > 1 ? 1 : score;
	size_t i = (size_t)(x * SCORES_BINS);

	s->bin[i < SCORES_BINS ? i : SCORES_BINS - 1]++;
	s->n++;
	s->above += score >= s->threshold;
	exactsum_add(&s->sum, score);
	exactsum_add(&s->squares, score * score);
}

static bool
some(struct json_val v, const char *name)
{
	struct json_val list;
	struct json_iter it;

	if (!json_get(v, name, &list) || json_type(list) != JSON_ARRAY)
		return false;
	it = json_iter(list);
	return json_next(&it);
}

int
scores_take(struct scores *s, struct json_val v, struct fail *why)
{
	struct json_val id, score;

	if (!json_get(v, "contactId", &id) || !json_get(v, "score", &score))
		return 0;
	if (json_type(score) != JSON_NUMBER || !isfinite(json_double(score)))
		return fail(why, EXIT_DATA, "\"score\" is no number: %.*s",
		    (int)(score.n < 40 ? score.n : 40), score.p);
	scores_add(s, json_double(score));
	s->flagged += some(v, "flags");
	s->imputed += some(v, "imputed");
	return 1;
}
