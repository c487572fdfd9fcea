/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gen.h"

#include "base/clock.h"
#include "base/num.h"
#include "base/rng.h"
#include "base/share.h"
#include "json/write.h"

#define MAX_DEEP 32     /* templates and words in words */

/* ---- identifiers ---- */

/* Four rounds of a Feistel network over 48 bits: a permutation that hides
 * the index and can be turned round. */
static uint64_t
shuffle(uint64_t key, uint64_t x, bool back)
{
	uint64_t left = x >> 24 & 0xffffff, right = x & 0xffffff, t;
	int i;

	for (i = 0; i < 4; i++) {
		t = right;
		right = left ^ (rng_mix(key ^ right << 8 ^
		    (uint64_t)(back ? 3 - i : i)) & 0xffffff);
		left = t;
	}
	return right << 24 | left;
}

void
gen_id(const struct kind *k, uint64_t i, char id[GEN_ID])
{
	uint64_t head = shuffle(k->key, i, false);
	uint64_t tail = rng_mix(k->key ^ rng_mix(i));
	char text[80];

	snprintf(text, sizeof text, "%08" PRIx64 "-%04" PRIx64 "-4%03" PRIx64
	    "-%04" PRIx64 "-%012" PRIx64, head >> 16 & 0xffffffff, head & 0xffff,
	    tail >> 52, (tail & 0x3fff) | 0x8000, tail >> 4 & 0xffffffffffff);
	memcpy(id, text, GEN_ID - 1);
	id[GEN_ID - 1] = '\0';
}

int64_t
gen_find(const struct kind *k, const char *id)
{
	char same[GEN_ID];
	uint64_t head = 0;
	int i, digits = 0;

	if (strlen(id) != GEN_ID - 1)
		return -1;
	for (i = 0; digits < 12; i++) {
		if (id[i] == '-')
			continue;
		if (!isxdigit((unsigned char)id[i]))
			return -1;
		head = head << 4 | (uint64_t)(isdigit((unsigned char)id[i]) ?
		    id[i] - '0' : (id[i] | 0x20) - 'a' + 10);
		digits++;
	}
	head = shuffle(k->key, head, true);
	gen_id(k, head, same);
	return strcasecmp(same, id) == 0 && (int64_t)head < k->total ?
	    (int64_t)head : -1;
}

/* ---- moments: evenly over the span, each with a jitter of its own ---- */

int64_t
gen_time(const struct gen *g, const struct kind *k, uint64_t i)
{
	double step = (double)(k->days * DAY_MS) / (double)k->total;
	double at = (double)i +
	    (double)(rng_mix(k->key ^ i) >> 11) * 0x1p-53;
	int64_t ms;

	if (!k->days)
		return g->anchor;
	ms = (int64_t)(at * step);
	return g->anchor - k->days * DAY_MS + ms - ms % 1000;
}

static int64_t
first_from(const struct gen *g, const struct kind *k, int64_t moment)
{
	int64_t low = 0, high = k->total, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (gen_time(g, k, (uint64_t)mid) < moment)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

void
gen_range(const struct gen *g, const struct kind *k, int64_t from,
    int64_t to, int64_t *low, int64_t *high)
{
	*low = first_from(g, k, from);
	*high = first_from(g, k, to);
	if (*high < *low)
		*high = *low;
}

/* ---- slots ---- */

struct slot {
	const char *word[5];    /* the slot's words, NUL-ended */
	int n;
	uint64_t hash;          /* of record and slot: the choice */
	bool bare;              /* {=...}: JSON, not text */
};

static void expand(struct gen *g, const struct seat *s, const char *p,
    size_t n, struct buf *b, int deep);

static double
unit(uint64_t hash)
{
	return (double)(rng_mix(hash) >> 11) * 0x1p-53;
}

static double
slot_number(const struct slot *w, int i)
{
	double v = 0;

	if (i < w->n)
		num_double(w->word[i], -1e15, 1e15, &v);
	return v;
}

static void
put_time(const struct seat *s, const struct slot *w, bool day, struct buf *b)
{
	char text[TIME_MAX];
	int64_t plus = 0, sign = 1;
	const char *p = w->n > 1 ? w->word[1] : "0";

	if (*p == '-')
		sign = -1;
	num_int(p + (*p == '+' || *p == '-'), 0, 1000000000, &plus);
	plus = s->time + sign * plus * 1000;
	buf_str_add(b, day ? time_format_day(text, plus) :
	    time_format(text, plus));
}

static void
put_id(const struct gen *g, const struct seat *s, const struct slot *w,
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

/* What the request said: as text, or as JSON where the slot is bare. */
static void
put_said(const struct seat *s, const struct slot *w, struct buf *b)
{
	struct json_val v;
	const char *text = NULL;

	if (!s->q || w->n < 2) {
		buf_str_add(b, w->bare ? "null" : "");
	} else if (w->word[0][0] == 'b') {
		if (!s->q->json.p || !json_get(s->q->json, w->word[1], &v))
			buf_str_add(b, w->bare ? "null" : "");
		else if (w->bare)
			json_raw(b, v);
		else if (json_decode(v, b) < 0)
			json_raw(b, v);
	} else {
		text = params_get(w->word[0][0] == 'p' ? &s->q->vars :
		    &s->q->query, w->word[1], false);
		buf_str_add(b, text ? text : w->bare ? "null" : "");
	}
}

static void
put_word(struct gen *g, const struct seat *s, const struct slot *w,
    struct buf *b, int deep)
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
		expand(g, s, text.p, text.len, b, deep + 1);
	buf_free(&text);
}

static void
put_fresh(struct gen *g, struct buf *b)
{
	struct kind k = { "", 0, 0, 0, { NULL, 0 } };
	char id[GEN_ID];

	k.key = rng_hash(g->seed, "fresh", 5);
	gen_id(&k, g->fresh++, id);
	buf_str_add(b, id);
}

/* One slot; a table in the form of a chain, in the order of gen.h. */
static void
put_slot(struct gen *g, const struct seat *s, const struct slot *w,
    struct buf *b, int deep)
{
	const char *name = w->word[0];
	double low = slot_number(w, 1), high = slot_number(w, 2);

	if (strcmp(name, "index") == 0)
		buf_addf(b, "%" PRIu64, s->index);
	else if (strcmp(name, "number") == 0)
		buf_addf(b, "%" PRIu64, s->index + 1);
	else if (strcmp(name, "id") == 0)
		put_id(g, s, w, b);
	else if (strcmp(name, "time") == 0 || strcmp(name, "day") == 0)
		put_time(s, w, name[0] == 'd', b);
	else if (strcmp(name, "int") == 0)
		buf_addf(b, "%.0f", floor(low +
		    unit(w->hash) * (high - low + 1)));
	else if (strcmp(name, "num") == 0)
		buf_addf(b, "%.*f", (int)slot_number(w, 3),
		    low + unit(w->hash) * (high - low));
	else if (strcmp(name, "chance") == 0)
		buf_str_add(b, unit(w->hash) < low ? "true" : "false");
	else if (strcmp(name, "path") == 0 || strcmp(name, "query") == 0 ||
	    strcmp(name, "body") == 0)
		put_said(s, w, b);
	else if (strcmp(name, "base") == 0)
		buf_add(b, s->q ? s->q->base.p : "", s->q ? s->q->base.len : 0);
	else if (strcmp(name, "fresh") == 0)
		put_fresh(g, b);
	else if (strcmp(name, "turn") == 0)
		buf_addf(b, "%" PRId64, s->turn);
	else if (strcmp(name, "who") == 0 && s->who.p)
		json_decode(s->who, b);
	else
		put_word(g, s, w, b, deep);
}

static void
put_said_in_talk(struct gen *g, const struct seat *s, struct buf *b, int deep)
{
	struct buf text = BUF_INIT(BUF_LINE);
	struct seat talk = *s;

	talk.key = s->talk;
	if (json_decode(s->said, &text) == 0)
		expand(g, &talk, text.p, text.len, b, deep + 1);
	buf_free(&text);
}

/* The inside of a pair of braces. */
static void
put_braces(struct gen *g, const struct seat *s, const char *p, size_t n,
    struct buf *b, int deep)
{
	char text[128];
	struct slot w = { .hash = rng_hash(s->key, p, n) };
	char *at = text, *end;

	if (n > 0 && *p == '=') {
		w.bare = true;
		p++;
		n--;
	}
	if (n == 4 && memcmp(p, "said", 4) == 0 && s->said.p) {
		put_said_in_talk(g, s, b, deep);
		return;
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
		put_slot(g, s, &w, b, deep);
}

static void
expand(struct gen *g, const struct seat *s, const char *p, size_t n,
    struct buf *b, int deep)
{
	const char *end = p + n, *open, *shut;

	if (deep > MAX_DEEP)
		return;
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

void
gen_text(struct gen *g, const struct seat *s, const char *p, size_t n,
    struct buf *b)
{
	expand(g, s, p, n, b, 0);
}

/* ---- templates ---- */

static void template(struct gen *g, const struct seat *s, struct json_val t,
    struct buf *b, int deep);

static void
template_string(struct gen *g, const struct seat *s, struct json_val t,
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
	expand(g, s, text.p, text.len, bare ? b : &out, 0);
	if (!bare)
		json_str(b, out.p, out.len);
	buf_free(&text);
	buf_free(&out);
}

/* {"$repeat":[low,high],"of":T} */
static void
template_repeat(struct gen *g, const struct seat *s, struct json_val bounds,
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
		template(g, &own, of, b, deep + 1);
	}
	buf_putc(b, ']');
}

/* {"$turns":"LIST","of":T} */
static void
template_turns(struct gen *g, const struct seat *s, struct json_val name,
    struct json_val of, struct buf *b, int deep)
{
	struct buf list = BUF_INIT(BUF_PATH);
	struct seat own = *s;
	struct json_iter it, pair;
	uint32_t at;

	json_decode(name, &list);
	at = map_find(&g->words, list.p, list.len);
	buf_free(&list);
	buf_putc(b, '[');
	if (at != MAP_NONE && g->lists[at].n > 0) {
		own.talk = s->key;
		own.turn = 0;
		it = json_iter(g->lists[at].v[rng_hash(s->key, name.p,
		    name.n) % g->lists[at].n]);
		while (json_next(&it)) {
			pair = json_iter(it.val);
			if (!json_next(&pair))
				continue;
			own.who = pair.val;
			if (!json_next(&pair))
				continue;
			own.said = pair.val;
			own.key = rng_mix(s->key + (uint64_t)++own.turn);
			own.time = s->time + own.turn * 17000 +
			    (int64_t)(own.key % 9) * 1000;
			json_sep(b);
			template(g, &own, of, b, deep + 1);
		}
	}
	buf_putc(b, ']');
}

static void
template_pick(struct gen *g, const struct seat *s, struct json_val from,
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
	template(g, s, it.val, b, deep + 1);
}

/* Is this {"$maybe":P,...}, and the answer no? */
static bool
left_out(const struct seat *s, struct json_val t, struct json_val *of)
{
	struct json_val p;

	if (json_type(t) != JSON_OBJECT || !json_get(t, "$maybe", &p))
		return false;
	*of = t;
	json_get(t, "of", of);
	return unit(rng_hash(s->key, t.p, t.n)) >= json_double(p);
}

static void
template_object(struct gen *g, const struct seat *s, struct json_val t,
    struct buf *b, int deep)
{
	struct json_val v, of = t, member;
	struct json_iter it;

	json_get(t, "of", &of);
	if (json_get(t, "$repeat", &v)) {
		template_repeat(g, s, v, of, b, deep);
	} else if (json_get(t, "$turns", &v)) {
		template_turns(g, s, v, of, b, deep);
	} else if (json_get(t, "$pick", &v)) {
		template_pick(g, s, v, b, deep);
	} else {
		buf_putc(b, '{');
		it = json_iter(t);
		while (json_next(&it)) {
			member = it.val;
			if (left_out(s, it.val, &member))
				continue;
			json_sep(b);
			json_raw(b, it.key);
			buf_putc(b, ':');
			template(g, s, member, b, deep + 1);
		}
		buf_putc(b, '}');
	}
}

static void
template(struct gen *g, const struct seat *s, struct json_val t,
    struct buf *b, int deep)
{
	struct json_iter it;

	if (deep > MAX_DEEP) {
		buf_str_add(b, "null");
		return;
	}
	switch (json_type(t)) {
	case JSON_STRING:
		template_string(g, s, t, b);
		break;
	case JSON_OBJECT:
		template_object(g, s, t, b, deep);
		break;
	case JSON_ARRAY:
		buf_putc(b, '[');
		it = json_iter(t);
		while (json_next(&it)) {
			json_sep(b);
			template(g, s, it.val, b, deep + 1);
		}
		buf_putc(b, ']');
		break;
	default:
		json_raw(b, t);
	}
}

void
gen_record(struct gen *g, const struct kind *k, uint64_t i,
    const struct request *q, struct buf *b)
{
	struct seat s = { .kind = k, .index = i, .q = q };

	s.key = rng_mix(k->key + rng_mix(i));
	s.time = gen_time(g, k, i);
	template(g, &s, k->record, b, 0);
}

void
gen_answer(struct gen *g, struct json_val t, const struct request *q,
    struct buf *b)
{
	struct seat s = { .q = q, .time = g->anchor };
	struct kind none = { "", 0, 1, 0, { NULL, 0 } };

	s.key = rng_hash(g->seed, q->path.p, q->path.len);
	s.kind = &none;
	none.key = s.key;
	template(g, &s, t, b, 0);
}

/* ---- the files ---- */

const struct kind *
gen_kind(const struct gen *g, const char *name)
{
	size_t i;

	for (i = 0; i < g->nkinds; i++)
		if (strcmp(g->kinds[i].name, name) == 0)
			return &g->kinds[i];
	return NULL;
}

static int
out_of_memory(struct fail *why)
{
	return fail(why, EXIT_MACHINE, "out of memory");
}

static int
read_words(struct gen *g, struct fail *why)
{
	struct json_val doc;
	struct json_err err;
	struct json_iter it, in;
	struct word_list *list;
	struct buf name = BUF_INIT(BUF_PATH);

	if (share_read(&g->words_text, "mock/words.json", why) < 0)
		return -1;
	if (json_check(g->words_text.p, g->words_text.len, &doc, &err) < 0)
		return fail(why, EXIT_USAGE, "mock/words.json: byte %zu: %s",
		    err.offset + 1, err.text);
	for (it = json_iter(doc); json_next(&it); ) {
		buf_clear(&name);
		json_decode(it.key, &name);
		list = realloc(g->lists, (g->words.n + 1) * sizeof *list);
		if (!list || map_add(&g->words, name.p, name.len, NULL) ==
		    MAP_NONE)
			return out_of_memory(why);
		g->lists = list;
		list += g->words.n - 1;
		memset(list, 0, sizeof *list);
		for (in = json_iter(it.val); json_next(&in); )
			list->n++;
		list->v = calloc(list->n + 1, sizeof *list->v);
		if (!list->v)
			return out_of_memory(why);
		list->n = 0;
		for (in = json_iter(it.val); json_next(&in); )
			list->v[list->n++] = in.val;
	}
	buf_free(&name);
	return 0;
}

static int
add_kind(struct gen *g, struct json_val line, int64_t total,
    struct fail *why)
{
	struct kind *k = realloc(g->kinds, (g->nkinds + 1) * sizeof *k);
	struct buf name = BUF_INIT(sizeof k->name - 1);
	struct json_val v;

	if (!k)
		return out_of_memory(why);
	g->kinds = k;
	k += g->nkinds;
	memset(k, 0, sizeof *k);
	if (!json_get(line, "kind", &v) || json_decode(v, &name) < 0 ||
	    !json_get(line, "record", &k->record)) {
		buf_free(&name);
		return fail(why, EXIT_USAGE,
		    "a kind needs a short \"kind\" and a \"record\"");
	}
	memcpy(k->name, name.p, name.len);
	buf_free(&name);
	k->key = rng_hash(g->seed, k->name, strlen(k->name));
	k->total = total;
	if (json_get(line, "total", &v))
		json_int(v, &k->total);
	if (json_get(line, "times", &v) && json_double(v) > 0)
		k->total = (int64_t)((double)total * json_double(v));
	if (json_get(line, "days", &v))
		json_int(v, &k->days);
	g->nkinds++;
	return 0;
}

int
gen_open(struct gen *g, uint64_t seed, int64_t now, int64_t total,
    struct fail *why)
{
	static const struct gen empty = {
		.words_text = BUF_INIT(BUF_DOC),
		.kinds_text = BUF_INIT(BUF_DOC), .words = MAP_INIT
	};
	struct json_val line;
	struct json_err err;
	char *p, *end, *stop;
	int number = 0;

	*g = empty;
	g->seed = seed;
	g->anchor = now - ((now % DAY_MS) + DAY_MS) % DAY_MS;
	if (read_words(g, why) < 0 ||
	    share_read(&g->kinds_text, "mock/records.ndjson", why) < 0)
		return -1;
	p = g->kinds_text.p;
	for (end = p + g->kinds_text.len; p && p < end; p = stop + 1) {
		number++;
		stop = memchr(p, '\n', (size_t)(end - p));
		if (!stop)
			stop = end;
		if (json_check(p, (size_t)(stop - p), &line, &err) < 0)
			return fail(why, EXIT_USAGE,
			    "mock/records.ndjson:%d:%zu: %s", number,
			    err.offset + 1, err.text);
		if (add_kind(g, line, total, why) < 0)
			return fail_prefix(why, "mock/records.ndjson:%d",
			    number);
	}
	return 0;
}

void
gen_free(struct gen *g)
{
	uint32_t i;

	for (i = 0; g->lists && i < g->words.n; i++)
		free(g->lists[i].v);
	free(g->lists);
	free(g->kinds);
	map_free(&g->words);
	buf_free(&g->words_text);
	buf_free(&g->kinds_text);
}
