/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "gen.h"

#include "base/rng.h"
#include "base/share.h"
#include "lines.h"
#include "template.h"
#include "json/document.h"

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

void
gen_record(struct gen *g, const struct kind *k, uint64_t i,
    const struct request *q, struct buf *b)
{
	struct seat s = { .kind = k, .index = i, .q = q };

	s.key = rng_mix(k->key + rng_mix(i));
	s.time = gen_time(g, k, i);
	template_json(g, &s, k->record, b);
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
	struct json_iter it, in;
	struct word_list *list;
	struct buf name = BUF_INIT(BUF_PATH);

	if (share_read(&g->words_text, "mock/words.json", why) < 0)
		return -1;
	if (json_document(&g->words_text, "mock/words.json", EXIT_USAGE, &doc,
	    why) < 0)
		return -1;
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

/* A line of records.ndjson. */
static int
add_kind(void *ctx, struct json_val line, int number, struct fail *why)
{
	struct gen *g = ctx;
	struct kind *k = realloc(g->kinds, (g->nkinds + 1) * sizeof *k);
	char *name = member_text(line, "kind");
	char *like = member_text(line, "like");
	struct json_val v;

	(void)number;
	if (k)
		g->kinds = k;
	if (!k || !name || strlen(name) >= sizeof k->name ||
	    !json_get(line, "record", &v)) {
		free(name);
		free(like);
		return k ? fail(why, EXIT_USAGE, "a kind needs a short "
		    "\"kind\" and a \"record\"") : out_of_memory(why);
	}
	k += g->nkinds++;
	memset(k, 0, sizeof *k);
	memcpy(k->name, name, strlen(name));
	k->record = v;
	k->key = rng_hash(g->seed, like ? like : name,
	    strlen(like ? like : name));
	k->total = g->records;
	if (json_get(line, "total", &v))
		json_int(v, &k->total);
	if (json_get(line, "times", &v) && json_double(v) > 0)
		k->total = (int64_t)((double)g->records * json_double(v));
	if (json_get(line, "days", &v))
		json_int(v, &k->days);
	free(name);
	free(like);
	return 0;
}

int
gen_open(struct gen *g, uint64_t seed, int64_t now, int64_t records,
    struct fail *why)
{
	static const struct gen empty = {
		.words_text = BUF_INIT(BUF_DOC),
		.kinds_text = BUF_INIT(BUF_DOC), .words = MAP_INIT
	};

	*g = empty;
	g->seed = seed;
	g->records = records;
	g->anchor = now - ((now % DAY_MS) + DAY_MS) % DAY_MS;
	if (read_words(g, why) < 0 ||
	    share_read(&g->kinds_text, "mock/records.ndjson", why) < 0)
		return -1;
	return lines_each(&g->kinds_text, "mock/records.ndjson", add_kind, g,
	    why);
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
