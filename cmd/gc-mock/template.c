/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "template.h"

#include "base/rng.h"
#include "bot.h"
#include "json/write.h"
#include "slot.h"

static void build(struct gen *g, const struct seat *s, struct json_val t,
    struct buf *b, int deep);

static void
build_string(struct gen *g, const struct seat *s, struct json_val t,
    struct buf *b)
{
	struct buf text = BUF_INIT(BUF_LINE), out = BUF_INIT(BUF_DOC);
	bool bare;

	if (!memchr(t.p, '{', t.n)) {
		json_raw(b, t);
		return;
	}
	json_decode(t, &text);
	bare = text.len > 2 && memcmp(text.p, "{=", 2) == 0 &&
	    memchr(text.p, '}', text.len) == text.p + text.len - 1;
	slot_expand(g, s, text.p, text.len, bare ? b : &out, 0);
	if (!bare)
		json_str(b, out.p, out.len);
	buf_free(&text);
	buf_free(&out);
}

/* {"$repeat":[low,high],"of":T} */
static void
build_repeat(struct gen *g, const struct seat *s, struct json_val bounds,
    struct json_val of, struct buf *b, int deep)
{
	struct json_iter it = json_iter(bounds);
	uint64_t hash = rng_hash(s->key, of.p, of.n);
	struct seat own = *s;
	int64_t low = 0, high = 0, i, n;

	if (json_next(&it))
		json_int(it.val, &low);
	if (json_next(&it))
		json_int(it.val, &high);
	n = low + (int64_t)(rng_mix(hash) % (uint64_t)(high - low + 1));
	buf_putc(b, '[');
	for (i = 0; i < n; i++) {
		own.key = rng_mix(hash ^ (uint64_t)(i + 1));
		own.turn = i;
		json_sep(b);
		build(g, &own, of, b, deep + 1);
	}
	buf_putc(b, ']');
}

/* The talk that a record has, of a list of talks; false where there is
 * none. */
static bool
talk_of(struct gen *g, const struct seat *s, struct json_val name,
    struct json_val *talk)
{
	struct buf list = BUF_INIT(BUF_PATH);
	uint32_t at;

	json_decode(name, &list);
	at = map_find(&g->words, list.p, list.len);
	if (at != MAP_NONE && g->lists[at].n > 0)
		*talk = g->lists[at].v[rng_hash(s->key, list.p, list.len) %
		    g->lists[at].n];
	else
		at = MAP_NONE;
	buf_free(&list);
	return at != MAP_NONE;
}

/* Sits down at the next turn of a talk; false at its end. */
static bool
next_turn(struct json_iter *it, const struct seat *outer, struct seat *own)
{
	struct json_iter pair;

	if (!json_next(it))
		return false;
	pair = json_iter(it->val);
	if (!json_next(&pair))
		return false;
	own->who = pair.val;
	if (!json_next(&pair))
		return false;
	own->said = pair.val;
	own->talk = outer->key;
	own->turn++;
	own->key = rng_mix(outer->key + (uint64_t)own->turn);
	own->time = outer->time + own->turn * 17000 +
	    (int64_t)(own->key % 9) * 1000;
	return true;
}

/* {"$turns":"LIST","of":T} */
static void
build_turns(struct gen *g, const struct seat *s, struct json_val name,
    struct json_val of, struct buf *b, int deep)
{
	struct seat own = *s;
	struct json_val talk;
	struct json_iter it;

	own.turn = 0;
	buf_putc(b, '[');
	if (talk_of(g, s, name, &talk))
		for (it = json_iter(talk); next_turn(&it, s, &own); ) {
			json_sep(b);
			build(g, &own, of, b, deep + 1);
		}
	buf_putc(b, ']');
}

/* {"$text":"LIST"}: what is said in a talk as one string; with "who" only
 * what that one says. */
static void
build_text(struct gen *g, const struct seat *s, struct json_val t,
    struct json_val name, struct buf *b, int deep)
{
	struct buf all = BUF_INIT(BUF_DOC), said = BUF_INIT(BUF_LINE);
	struct buf only = BUF_INIT(BUF_PATH);
	struct seat own = *s;
	struct json_val talk, who;
	struct json_iter it;
	bool one = json_get(t, "who", &who) && json_decode(who, &only) == 0;

	own.turn = 0;
	if (talk_of(g, s, name, &talk))
		for (it = json_iter(talk); next_turn(&it, s, &own); ) {
			if (one && !json_is_n(own.who, only.p, only.len))
				continue;
			buf_clear(&said);
			json_decode(own.said, &said);
			if (all.len > 0)
				buf_putc(&all, ' ');
			slot_expand(g, s, said.p, said.len, &all, deep + 1);
		}
	json_str(b, all.p, all.len);
	buf_free(&all);
	buf_free(&said);
	buf_free(&only);
}

static void
build_pick(struct gen *g, const struct seat *s, struct json_val from,
    struct buf *b, int deep)
{
	struct json_iter it = json_iter(from);
	uint64_t n = 0, at;

	while (json_next(&it))
		n++;
	if (n == 0) {
		buf_str_add(b, "null");
		return;
	}
	at = rng_hash(s->key, from.p, from.n) % n;
	it = json_iter(from);
	while (json_next(&it) && at-- > 0)
		;
	build(g, s, it.val, b, deep + 1);
}

/* Is this {"$maybe":P,...} or {"$misheard":B,...}, and the answer no? *of is
 * what stands in its place else. */
static bool
left_out(const struct gen *g, const struct seat *s, struct json_val t,
    struct json_val *of)
{
	struct utterance u;
	struct json_val v;

	*of = t;
	if (json_type(t) != JSON_OBJECT)
		return false;
	if (json_get(t, "$maybe", &v)) {
		json_get(t, "of", of);
		return slot_unit(rng_hash(s->key, t.p, t.n)) >= json_double(v);
	}
	if (json_get(t, "$misheard", &v) && g->bot &&
	    (int64_t)s->index < 2 * g->bot->n) {
		json_get(t, "of", of);
		bot_hear(g->bot, s->index, &u);
		return (u.actual != u.predicted) !=
		    (json_type(v) == JSON_TRUE);
	}
	return false;
}

static void
build_array(struct gen *g, const struct seat *s, struct json_val t,
    struct buf *b, int deep)
{
	struct json_iter it = json_iter(t);
	struct json_val member;

	buf_putc(b, '[');
	while (json_next(&it)) {
		if (left_out(g, s, it.val, &member))
			continue;
		json_sep(b);
		build(g, s, member, b, deep + 1);
	}
	buf_putc(b, ']');
}

static void
build_object(struct gen *g, const struct seat *s, struct json_val t,
    struct buf *b, int deep)
{
	struct json_val v, of = t, member;
	struct json_iter it;

	json_get(t, "of", &of);
	if (json_get(t, "$repeat", &v)) {
		build_repeat(g, s, v, of, b, deep);
	} else if (json_get(t, "$turns", &v)) {
		build_turns(g, s, v, of, b, deep);
	} else if (json_get(t, "$text", &v)) {
		build_text(g, s, t, v, b, deep);
	} else if (json_get(t, "$pick", &v)) {
		build_pick(g, s, v, b, deep);
	} else {
		buf_putc(b, '{');
		it = json_iter(t);
		while (json_next(&it)) {
			if (left_out(g, s, it.val, &member))
				continue;
			json_sep(b);
			json_raw(b, it.key);
			buf_putc(b, ':');
			build(g, s, member, b, deep + 1);
		}
		buf_putc(b, '}');
	}
}

static void
build(struct gen *g, const struct seat *s, struct json_val t,
    struct buf *b, int deep)
{
	if (deep > SLOT_DEEP) {
		buf_str_add(b, "null");
		return;
	}
	switch (json_type(t)) {
	case JSON_STRING:
		build_string(g, s, t, b);
		break;
	case JSON_OBJECT:
		build_object(g, s, t, b, deep);
		break;
	case JSON_ARRAY:
		build_array(g, s, t, b, deep);
		break;
	default:
		json_raw(b, t);
	}
}

void
template_json(struct gen *g, const struct seat *s, struct json_val t,
    struct buf *b)
{
	build(g, s, t, b, 0);
}

void
template_answer(struct gen *g, struct json_val t, const struct request *q,
    struct buf *b)
{
	struct kind none = { .total = 1 };
	struct seat s = { .q = q, .kind = &none, .time = g->anchor };

	s.key = rng_hash(g->seed, q->path.p, q->path.len);
	none.key = s.key;
	build(g, &s, t, b, 0);
}

void
template_text(struct gen *g, const struct seat *s, const char *p, size_t n,
    struct buf *b)
{
	slot_expand(g, s, p, n, b, 0);
}
