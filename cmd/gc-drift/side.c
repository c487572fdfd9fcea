/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drift.h"
#include "json/write.h"

int
reader_open(struct reader *r, const struct settings *s, bool counts,
    struct fail *why)
{
	struct buf empty = BUF_INIT(BUF_RECORD);

	memset(r, 0, sizeof *r);
	r->group = r->category = empty;
	r->counts = counts;
	r->numbers = s->test == TEST_KS;
	r->days = s->seasonal;
	if (counts)
		return 0;
	if (expr_open(&r->key, s->key, "--key", why) < 0 ||
	    (s->by && expr_open(&r->by, s->by, "--by", why) < 0) ||
	    (s->time && expr_open(&r->by, s->time, "--time", why) < 0)) {
		reader_close(r);
		return -1;
	}
	return 0;
}

void
reader_close(struct reader *r)
{
	if (r->key)
		expr_close(r->key);
	if (r->by)
		expr_close(r->by);
	buf_free(&r->group);
	buf_free(&r->category);
}

/* The tally of the group that is in r->group; NULL where memory ends. */
static struct tally *
group_tally(struct side *s, const struct buf *group, struct fail *why)
{
	uint32_t i = tally_key(&s->groups, group->p, group->len, why), cap;
	struct tally *t;

	if (i == MAP_NONE)
		return NULL;
	if (i >= s->cap) {
		cap = s->cap ? 2 * s->cap : 4;
		if (!(t = realloc(s->tally, cap * sizeof *t))) {
			fail_errno(why, "%lu groups", (unsigned long)cap);
			return NULL;
		}
		memset(t + s->cap, 0, (cap - s->cap) * sizeof *t);
		s->tally = t;
		s->cap = cap;
	}
	return s->tally + i;
}

/* Is it a number, where numbers are asked for? An infinite one is none. */
static bool
fits(const struct reader *r, struct json_val v, struct fail *bad)
{
	if (!r->numbers || isfinite(json_double(v)))
		return true;
	fail(bad, EXIT_DATA, "not a number, as --test ks needs");
	return false;
}

static int
add(struct reader *r, struct side *s, struct json_val category,
    uint64_t count, struct fail *why)
{
	struct tally *t = group_tally(s, &r->group, why);

	buf_clear(&r->category);
	if (!t)
		return -1;
	if (key_add(&r->category, category) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	return tally_add(t, r->category.p, r->category.len, count, why);
}

static int
set_group(struct reader *r, struct json_val v, struct fail *why)
{
	static const struct json_val null = { "null", 4 };

	buf_clear(&r->group);
	if (key_add(&r->group, v.p ? v : null) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	return 0;
}

bool
reader_is_count(struct json_val v)
{
	struct json_val x;

	return json_get(v, "category", &x) && json_get(v, "count", &x);
}

static int
take_count(struct reader *r, struct side *s, struct json_val v,
    struct fail *bad)
{
	struct json_val category, count, group = { NULL, 0 };
	int64_t n;

	if (!json_get(v, "category", &category) ||
	    !json_get(v, "count", &count)) {
		fail(bad, EXIT_DATA, "not a count: a record of --counts has "
		    "category and count");
		return FILTER_REJECTED;
	}
	if (!json_int(count, &n) || n < 0) {
		fail(bad, EXIT_DATA, "count is not a whole number from 0 up");
		return FILTER_REJECTED;
	}
	json_get(v, "group", &group);
	if (set_group(r, group, bad) < 0)
		return -1;
	if (json_type(category) == JSON_NULL) {
		s->missing += (uint64_t)n;
		return FILTER_USED;
	}
	if (!fits(r, category, bad))
		return FILTER_REJECTED;
	return add(r, s, category, (uint64_t)n, bad) < 0 ? -1 : FILTER_USED;
}

int
reader_take(struct reader *r, struct side *s, const struct record *rec,
    struct fail *bad)
{
	struct json_val group = { NULL, 0 };
	size_t i, taken = 0;

	if (r->counts)
		return take_count(r, s, rec->val, bad);
	if (expr_eval_in(r->key, rec->val, &rec->members, bad) < 0 ||
	    (r->by && expr_one_in(r->by, rec->val, &rec->members, &group,
	    bad) < 0))
		return bad->code == EXIT_DATA ? FILTER_REJECTED : -1;
	if (r->days ? season_day(&r->group, group, bad) < 0 :
	    set_group(r, group, bad) < 0)
		return bad->code == EXIT_DATA ? FILTER_REJECTED : -1;
	for (i = 0; i < r->key->n; i++)
		if (json_type(r->key->v[i]) != JSON_NULL &&
		    !fits(r, r->key->v[i], bad))
			return FILTER_REJECTED;
	for (i = 0; i < r->key->n; i++) {
		if (json_type(r->key->v[i]) == JSON_NULL)
			continue;
		if (add(r, s, r->key->v[i], 1, bad) < 0)
			return -1;
		taken++;
	}
	s->missing += taken == 0;
	return taken ? FILTER_USED : FILTER_DROPPED;
}

int
side_merge(struct side *s, const struct side *t, struct fail *why)
{
	struct buf group = BUF_INIT(BUF_RECORD);
	struct tally *to;
	uint32_t i;
	int r = 0;

	for (i = 0; i < t->groups.keys.n && r == 0; i++) {
		buf_clear(&group);
		if (buf_add(&group, t->groups.keys.keys[i].p,
		    t->groups.keys.keys[i].len) < 0)
			r = fail(why, EXIT_MACHINE, "out of memory");
		else if (!(to = group_tally(s, &group, why)))
			r = -1;
		else
			r = tally_merge(to, t->tally + i, why);
	}
	s->missing += t->missing;
	buf_free(&group);
	return r;
}

void
side_free(struct side *s)
{
	uint32_t i;

	for (i = 0; i < s->groups.keys.n && i < s->cap; i++)
		tally_free(s->tally + i);
	free(s->tally);
	tally_free(&s->groups);
	memset(s, 0, sizeof *s);
}

static int
write_group(const struct tally *t, const struct map_key *group,
    struct emit *emit, struct fail *why)
{
	uint32_t *order = tally_order(t, key_cmp, why), i;
	struct buf *b = &emit->out;

	if (!order)
		return -1;
	for (i = 0; i < t->keys.n; i++) {
		const struct map_key *k = t->keys.keys + order[i];

		buf_putc(b, '{');
		if (key_type(group->p, group->len) != JSON_NULL) {
			json_key(b, "group");
			key_write(b, group->p, group->len);
		}
		json_key(b, "category");
		key_write(b, k->p, k->len);
		json_key(b, "count");
		json_uint(b, t->count[order[i]]);
		buf_putc(b, '}');
		filter_line(emit);
		if (filter_drain(emit, why) < 0)
			break;
	}
	free(order);
	return i == t->keys.n ? 0 : -1;
}

int
side_write(const struct side *s, struct emit *emit, struct fail *why)
{
	uint32_t *order = tally_order(&s->groups, key_cmp, why), i;
	int r = 0;

	if (!order)
		return -1;
	for (i = 0; i < s->groups.keys.n && r == 0; i++)
		r = write_group(s->tally + order[i],
		    s->groups.keys.keys + order[i], emit, why);
	free(order);
	if (r == 0 && s->missing) {
		buf_str_add(&emit->out, "{\"category\":null,\"count\":");
		json_uint(&emit->out, s->missing);
		buf_putc(&emit->out, '}');
		filter_line(emit);
	}
	return r;
}
