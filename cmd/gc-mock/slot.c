/* SPDX-License-Identifier: GPL-3.0-or-later */
/* slot.c -- the slots of template.h, and the text around them. */
#include "slot.h"

#include "base/clock.h"
#include "base/num.h"
#include "base/rng.h"
#include "bot.h"
#include "json/write.h"

struct slot {
	const char *word[5];    /* the slot's words, NUL-ended */
	int n;
	uint64_t hash;          /* of record and slot: the choice */
	bool bare;              /* {=...}: JSON, not text */
	int deep;
};

typedef void put_slot(struct gen *g, const struct seat *s,
    const struct slot *w, struct buf *b);

double
slot_unit(uint64_t hash)
{
	return (double)(rng_mix(hash) >> 11) * 0x1p-53;
}

static double
number_at(const struct slot *w, int i)
{
	double v = 0;

	if (i < w->n)
		num_double(w->word[i], -1e15, 1e15, &v);
	return v;
}

static void
put_index(struct gen *g, const struct seat *s, const struct slot *w,
    struct buf *b)
{
	(void)g;
	buf_addf(b, "%" PRIu64, s->index + (w->word[0][0] == 'n'));
}

static void
put_id(struct gen *g, const struct seat *s, const struct slot *w,
    struct buf *b)
{
	const struct kind *k = w->n > 1 ? gen_kind(g, w->word[1]) : s->kind;
	char id[GEN_ID];

	if (!k || k->total == 0)
		return;
	gen_id(k, w->n > 1 ? rng_mix(w->hash) % (uint64_t)k->total :
	    s->index, id);
	buf_str_add(b, id);
}

/* An identifier of a part of the record, which nobody looks up. */
static void
put_part(struct gen *g, const struct seat *s, const struct slot *w,
    struct buf *b)
{
	struct kind k = { .key = w->hash };
	char id[GEN_ID];

	(void)g;
	gen_id(&k, s->index & 0xffffff, id);
	buf_str_add(b, id);
}

static void
put_time(struct gen *g, const struct seat *s, const struct slot *w,
    struct buf *b)
{
	const char *p = w->n > 1 ? w->word[1] : "0";
	int64_t plus = 0, at;
	char text[TIME_MAX];

	(void)g;
	num_int(p + (*p == '+' || *p == '-'), 0, 1000000000, &plus);
	at = s->time + (*p == '-' ? -plus : plus) * 1000;
	buf_str_add(b, w->word[0][0] == 'd' ? time_format_day(text, at) :
	    time_format(text, at));
}

static void
put_int(struct gen *g, const struct seat *s, const struct slot *w,
    struct buf *b)
{
	double low = number_at(w, 1), high = number_at(w, 2);

	(void)g;
	(void)s;
	buf_addf(b, "%.0f", floor(low + slot_unit(w->hash) * (high - low + 1)));
}

static void
put_num(struct gen *g, const struct seat *s, const struct slot *w,
    struct buf *b)
{
	double low = number_at(w, 1), high = number_at(w, 2);

	(void)g;
	(void)s;
	buf_addf(b, "%.*f", (int)number_at(w, 3),
	    low + slot_unit(w->hash) * (high - low));
}

static void
put_chance(struct gen *g, const struct seat *s, const struct slot *w,
    struct buf *b)
{
	(void)g;
	(void)s;
	buf_str_add(b, slot_unit(w->hash) < number_at(w, 1) ? "true" : "false");
}

/* What the request said: as text, or as JSON where the slot is bare. */
static void
put_asked(struct gen *g, const struct seat *s, const struct slot *w,
    struct buf *b)
{
	const char *text = NULL;
	struct json_val v;

	(void)g;
	if (w->word[0][0] == 'b' && s->q && w->n > 1 && s->q->json.p &&
	    json_get(s->q->json, w->word[1], &v)) {
		if (w->bare || json_decode(v, b) < 0)
			json_raw(b, v);
		return;
	}
	if (w->word[0][0] != 'b' && s->q && w->n > 1)
		text = params_get(w->word[0][0] == 'p' ? &s->q->vars :
		    &s->q->query, w->word[1], false);
	buf_str_add(b, text ? text : w->bare ? "null" : "");
}

static void
put_base(struct gen *g, const struct seat *s, const struct slot *w,
    struct buf *b)
{
	(void)g;
	(void)w;
	if (s->q)
		buf_add(b, s->q->base.p, s->q->base.len);
}

static void
put_fresh(struct gen *g, const struct seat *s, const struct slot *w,
    struct buf *b)
{
	struct kind k = { .key = rng_hash(g->seed, "fresh", 5) };
	char id[GEN_ID];

	(void)s;
	(void)w;
	gen_id(&k, g->fresh++, id);
	buf_str_add(b, id);
}

static void
put_turn(struct gen *g, const struct seat *s, const struct slot *w,
    struct buf *b)
{
	struct buf text = BUF_INIT(BUF_LINE);
	struct seat talk = *s;

	if (w->word[0][0] == 't') {
		buf_addf(b, "%" PRId64, s->turn);
	} else if (w->word[0][0] == 'w') {
		if (s->who.p)
			json_decode(s->who, b);
	} else if (s->said.p && json_decode(s->said, &text) == 0) {
		talk.key = s->talk;
		slot_expand(g, &talk, text.p, text.len, b, w->deep + 1);
	}
	buf_free(&text);
}

/* What the bot heard at the record's index; {doubt} is what confidence leaves,
 * {assessment} is Correct or Incorrect. */
static void
put_heard(struct gen *g, const struct seat *s, const struct slot *w,
    struct buf *b)
{
	struct buf text = BUF_INIT(BUF_LINE);
	const char *name = w->word[0];
	struct utterance u;

	if (!g->bot || (int64_t)s->index >= 2 * g->bot->n)
		return;
	bot_hear(g->bot, s->index, &u);
	if (strcmp(name, "utterance") == 0) {
		bot_say(g->bot, g, s->index, &u, &text);
		buf_add(b, text.p, text.len);
	} else if (strcmp(name, "actual") == 0) {
		buf_str_add(b, g->bot->intents[u.actual].name);
	} else if (strcmp(name, "predicted") == 0) {
		buf_str_add(b, g->bot->intents[u.predicted].name);
	} else if (strcmp(name, "predicted_id") == 0) {
		buf_str_add(b, g->bot->intents[u.predicted].id);
	} else if (strcmp(name, "assessment") == 0) {
		buf_str_add(b, u.actual == u.predicted ? "Correct" :
		    "Incorrect");
	} else {
		json_num(b, strcmp(name, "doubt") == 0 ?
		    floor((1 - u.confidence) * 10000 + 0.5) / 10000 :
		    u.confidence);
	}
	buf_free(&text);
}

static void
put_word(struct gen *g, const struct seat *s, const struct slot *w,
    struct buf *b)
{
	uint32_t at = map_find(&g->words, w->word[0], strlen(w->word[0]));
	struct buf text = BUF_INIT(BUF_LINE);
	const struct word_list *list;

	if (at == MAP_NONE || g->lists[at].n == 0) {
		buf_addf(b, "{%s?}", w->word[0]);
		return;
	}
	list = &g->lists[at];
	if (json_decode(list->v[rng_mix(w->hash) % list->n], &text) == 0)
		slot_expand(g, s, text.p, text.len, b, w->deep + 1);
	buf_free(&text);
}

static const struct {
	const char *name;
	put_slot *put;
} slots[] = {
	{ "index", put_index }, { "number", put_index },
	{ "id", put_id }, { "part", put_part },
	{ "time", put_time }, { "day", put_time },
	{ "int", put_int }, { "num", put_num }, { "chance", put_chance },
	{ "path", put_asked }, { "query", put_asked }, { "body", put_asked },
	{ "base", put_base }, { "fresh", put_fresh },
	{ "turn", put_turn }, { "who", put_turn }, { "said", put_turn },
	{ "utterance", put_heard }, { "actual", put_heard },
	{ "predicted", put_heard }, { "predicted_id", put_heard },
	{ "confidence", put_heard }, { "doubt", put_heard },
	{ "assessment", put_heard },
};

static put_slot *
find_slot(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(slots); i++)
		if (strcmp(slots[i].name, name) == 0)
			return slots[i].put;
	return put_word;
}

/* The inside of a pair of braces. */
static void
put_braces(struct gen *g, const struct seat *s, const char *p, size_t n,
    struct buf *b, int deep)
{
	char text[128];
	struct slot w = { .hash = rng_hash(s->key, p, n), .deep = deep };
	char *at = text, *end;

	if (n > 0 && *p == '=') {
		w.bare = true;
		p++;
		n--;
	}
	snprintf(text, sizeof text, "%.*s", (int)n, p);
	text[strcspn(text, "#")] = '\0';
	while (w.n < (int)COUNT(w.word) && *at) {
		w.word[w.n++] = at;
		end = at + strcspn(at, " ");
		at = end + (*end == ' ');
		*end = '\0';
	}
	if (w.n > 0)
		find_slot(w.word[0])(g, s, &w, b);
}

void
slot_expand(struct gen *g, const struct seat *s, const char *p, size_t n,
    struct buf *b, int deep)
{
	const char *end, *open, *shut;

	if (deep > SLOT_DEEP || n == 0)
		return;
	end = p + n;
	while (p < end && (open = memchr(p, '{', (size_t)(end - p)))) {
		buf_add(b, p, (size_t)(open - p));
		p = open + 1;
		if (p < end && *p == '{') {
			buf_putc(b, '{');
			p++;
			continue;
		}
		shut = memchr(p, '}', (size_t)(end - p));
		if (!shut) {
			buf_putc(b, '{');
			continue;
		}
		put_braces(g, s, p, (size_t)(shut - p), b, deep);
		p = shut + 1;
	}
	buf_add(b, p, (size_t)(end - p));
}
