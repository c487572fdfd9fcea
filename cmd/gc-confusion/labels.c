/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What --map and --roll-up make of labels.
 *
 * --map FILE holds objects {"as it is":"as it shall be", ...}, one or more a
 * line; a label that is in none stays. Then each --roll-up PREFIX* takes all
 * labels that begin with PREFIX for one, which is called PREFIX*: the first
 * pattern that fits counts. A label is changed once: a map is no chain.
 */
#include "tool.h"

struct label_map {
	struct tally from;      /* labels, as keys */
	struct buf *to;         /* owned; keys, by the number of `from` */
	uint32_t cap;
	const struct opt_list *roll_ups;
};

static int
add(struct label_map *m, struct json_val from, struct json_val to,
    struct fail *why)
{
	struct buf key = BUF_INIT(BUF_RECORD), empty = BUF_INIT(BUF_RECORD), *b;
	uint32_t i, cap;

	if (json_type(to) != JSON_STRING)
		return fail(why, EXIT_DATA, "--map: a label must become a "
		    "string");
	if (key_add(&key, from) < 0) {
		buf_free(&key);
		return fail(why, EXIT_MACHINE, "out of memory");
	}
	i = tally_key(&m->from, key.p, key.len, why);
	buf_free(&key);
	if (i == MAP_NONE)
		return -1;
	if (i >= m->cap) {
		cap = m->cap ? 2 * m->cap : 16;
		if (!(b = realloc(m->to, cap * sizeof *b)))
			return fail_errno(why, "%lu labels",
			    (unsigned long)cap);
		m->to = b;
		while (m->cap < cap)
			m->to[m->cap++] = empty;
	}
	buf_clear(m->to + i);
	return key_add(m->to + i, to) < 0 ?
	    fail(why, EXIT_MACHINE, "out of memory") : 0;
}

static int
on_object(void *ctx, const struct record *rec, struct fail *why)
{
	struct json_iter it;

	if (json_type(rec->val) != JSON_OBJECT)
		return fail(why, EXIT_DATA, "--map: not an object of labels");
	for (it = json_iter(rec->val); json_next(&it);)
		if (add(ctx, it.key, it.val, why) < 0)
			return -1;
	return 0;
}

int
label_map_open(struct label_map **out, const char *file,
    const struct opt_list *roll_ups, struct fail *why)
{
	struct label_map *m = calloc(1, sizeof *m);

	*out = m;
	if (!m)
		return fail_errno(why, "the labels of --map");
	m->roll_ups = roll_ups;
	return file ? filter_each(file, on_object, m, why) : 0;
}

void
label_map_apply(const struct label_map *m, struct buf *key)
{
	uint32_t i = map_find(&m->from.keys, key->p, key->len);
	const char *pattern;
	size_t k, n;

	if (i != MAP_NONE) {
		buf_clear(key);
		buf_add(key, m->to[i].p, m->to[i].len);
	}
	for (k = 0; k < m->roll_ups->n && !key->err; k++) {
		pattern = m->roll_ups->v[k];
		n = strlen(pattern) - 1;
		if (key->len > n && memcmp(key->p + 1, pattern, n) == 0) {
			key->len = 1;
			buf_str_add(key, pattern);
			return;
		}
	}
}

void
label_map_close(struct label_map *m)
{
	uint32_t i;

	if (!m)
		return;
	for (i = 0; i < m->cap; i++)
		buf_free(m->to + i);
	free(m->to);
	tally_free(&m->from);
	free(m);
}
