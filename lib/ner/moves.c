/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/moves.h"
#include "ner/pack.h"

#include "json/scan.h"

/* A label of an action, as the file has it. */
struct entry {
	int action;
	uint32_t label;
	int64_t count;
	const struct map *labels;       /* for the order */
};

static int
by_count(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return map_key_cmp(&y->labels->keys[y->label],
	    &x->labels->keys[x->label]);
}

int
moves_find(const struct moves *m, int action, uint32_t label)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (m->v[i].action == action && m->v[i].label == label)
			return (int)i;
	return -1;
}

static int
add(struct moves *m, int action, uint32_t label)
{
	size_t cap = 2 * m->cap + 64;
	struct class *v;

	if (m->n == m->cap) {
		if (!(v = realloc(m->v, cap * sizeof *v)))
			return -1;
		m->v = v;
		m->cap = cap;
	}
	m->v[m->n].action = action;
	m->v[m->n++].label = label;
	return 0;
}

/* The labels of one action, into e; returns how many, or -1. */
static int64_t
read_action(struct moves *m, int action, struct json_val v, struct entry *e,
    size_t room, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_LINE);
	struct json_iter it;
	size_t n = 0;

	for (it = json_iter(v); json_next(&it) && n < room; n++) {
		buf_clear(&b);
		if (json_decode(it.key, &b) < 0 ||
		    !json_int(it.val, &e[n].count)) {
			buf_free(&b);
			return fail(why, EXIT_USAGE, "a label without a count");
		}
		e[n].action = action;
		e[n].label = map_add(&m->labels, b.p ? b.p : "", b.len, NULL);
		e[n].labels = &m->labels;
		if (e[n].label == MAP_NONE) {
			buf_free(&b);
			return fail(why, EXIT_MACHINE, "out of memory");
		}
	}
	buf_free(&b);
	return (int64_t)n;
}

/* Labels that were added later, for every action that has them so. */
static int
add_late(struct moves *m, struct entry *e, size_t n)
{
	size_t i, j;

	qsort(e, n, sizeof *e, by_count);
	for (i = 0; i < n; i++) {
		for (j = 0; j < n; j++) {
			if (e[j].label != e[i].label ||
			    moves_find(m, e[j].action, e[j].label) >= 0)
				continue;
			if (add(m, e[j].action, e[j].label) < 0)
				return -1;
		}
	}
	return 0;
}

static int
read_actions(struct moves *m, struct json_val root, int actions,
    struct entry *e, size_t room, struct fail *why)
{
	struct json_val v;
	size_t late = 0, i;
	struct entry *at;
	char name[16];
	int64_t n;
	int a;

	for (a = 0; a < actions; a++) {
		snprintf(name, sizeof name, "%d", a);
		if (!json_get(root, name, &v))
			continue;
		at = e + late;
		if ((n = read_action(m, a, v, at, room - late, why)) < 0)
			return -1;
		qsort(at, (size_t)n, sizeof *at, by_count);
		for (i = 0; i < (size_t)n; i++) {
			if (at[i].count < 0)
				e[late++] = at[i];
			else if (add(m, a, at[i].label) < 0)
				return fail(why, EXIT_MACHINE,
				    "out of memory");
		}
	}
	if (add_late(m, e, late) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	return 0;
}

/* An upper bound for the number of labels: each has a colon. */
static size_t
most(const char *p, size_t n)
{
	size_t i, c = 1;

	for (i = 0; i < n; i++)
		c += p[i] == ':';
	return c;
}

int
moves_load(struct moves *m, const char *p, size_t n, int actions,
    struct fail *why)
{
	struct map none = MAP_INIT;
	struct pack *doc;
	struct pack_val v;
	struct json_val root;
	struct entry *e = NULL;
	const char *text;
	size_t len, room;
	int r = -1;

	memset(m, 0, sizeof *m);
	m->labels = none;
	if (pack_open(&doc, p, n, why) < 0)
		return -1;
	if (!pack_get(pack_root(doc), "moves", &v) ||
	    !pack_text(v, &text, &len) ||
	    json_check(text, len, &root, NULL) < 0) {
		fail(why, EXIT_USAGE, "there are no moves");
	} else {
		room = most(text, len);
		if (!(e = calloc(room, sizeof *e)))
			fail_errno(why, "moves");
		else
			r = read_actions(m, root, actions, e, room, why);
	}
	free(e);
	pack_close(doc);
	if (r < 0)
		moves_free(m);
	return r;
}

void
moves_free(struct moves *m)
{
	map_free(&m->labels);
	free(m->v);
	memset(m, 0, sizeof *m);
}
