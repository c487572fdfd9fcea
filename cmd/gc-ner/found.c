/* SPDX-License-Identifier: GPL-3.0-or-later */
/* found.c -- the entities of a record: which are kept, how sure they are, in
 * which groups they go. */
#include "tool.h"
#include "base/num.h"
#include "json/write.h"
#include "ner/uni.h"

struct found_item {
	const struct ner_span *span;
	const char *p, *label;
	size_t n, nlabel;
	double confidence;
};

void
found_init(struct found *f, const struct found_opts *o)
{
	struct buf empty = BUF_INIT(BUF_RECORD);

	memset(f, 0, sizeof *f);
	f->o = o;
	f->entities = f->groups = f->work = f->line = empty;
}

void
found_free(struct found *f)
{
	buf_free(&f->entities);
	buf_free(&f->groups);
	buf_free(&f->work);
	buf_free(&f->line);
	free(f->v);
}

/* ---- confidence ---- */

static bool
is_small_word(const char *p, size_t n)
{
	static const char words[] = " the a an is are was were in on at to "
	    "for ";
	const char *at = words;

	for (; (at = strchr(at, ' ')) && at[1]; at++)
		if (strncmp(at + 1, p, n) == 0 && at[1 + n] == ' ')
			return true;
	return false;
}

double
found_heuristic(const char *p, size_t n, struct buf *work)
{
	const char *at, *end, *from, *word = NULL;
	size_t points, words = 0, small = 0;
	double base, sum;
	char text[NUM_MAX];

	buf_clear(work);
	uni_lower(work, p, n);
	at = buf_str(work);
	end = at + work->len;
	points = uni_count(at, work->len);
	if (points < 3)
		return 0;
	while (at <= end) {
		from = at;
		if (at < end && !uni_is_space(uni_next(&at))) {
			word = word ? word : from;
			continue;
		}
		if (word) {
			words++;
			small += is_small_word(word, (size_t)(from - word));
		}
		word = NULL;
		if (from == end)
			break;
	}
	base = (double)points / 15 * (1 - (words ? (double)small /
	    (double)words : 0));
	sum = base < 1 ? base : 1;
	if (uni_is_upper(uni_next(&p)))
		sum += 0.2;
	if (sum > 1)
		sum = 1;
	snprintf(text, sizeof text, "%.2f", sum);       /* as Python rounds */
	return num_json(text, strlen(text));
}

/* ---- groups ---- */

int
groups_read(struct groups *g, const char *path, struct fail *why)
{
	struct buf empty = BUF_INIT(BUF_CONF);
	struct json_iter it, in;
	struct json_err err;
	int fd = open(path, O_RDONLY | O_CLOEXEC), r;

	g->text = empty;
	if (fd < 0) {
		fail_errno(why, "%s", path);
		why->code = EXIT_USAGE;
		return -1;
	}
	r = buf_read_fd(&g->text, fd);
	close(fd);
	if (r < 0)
		return fail_errno(why, "%s", path);
	if (json_check(buf_str(&g->text), g->text.len, &g->root, &err) < 0)
		return fail(why, EXIT_USAGE, "%s: byte %zu: %s", path,
		    err.offset + 1, err.text);
	if (json_type(g->root) != JSON_OBJECT)
		return fail(why, EXIT_USAGE, "%s: groups are an object", path);
	for (it = json_iter(g->root); json_next(&it);) {
		if (json_type(it.val) != JSON_ARRAY)
			return fail(why, EXIT_USAGE, "%s: group %.*s is no "
			    "list of labels", path, (int)it.key.n, it.key.p);
		for (in = json_iter(it.val); json_next(&in);)
			if (json_type(in.val) != JSON_STRING)
				return fail(why, EXIT_USAGE, "%s: group %.*s "
				    "has a label that is no string", path,
				    (int)it.key.n, it.key.p);
	}
	return 0;
}

static bool
has_label(struct json_val list, const struct found_item *e)
{
	struct json_iter it;

	for (it = json_iter(list); json_next(&it);)
		if (json_is_n(it.val, e->label, e->nlabel))
			return true;
	return false;
}

static void
write_group(struct found *f, struct json_val key, struct json_val labels)
{
	struct buf *b = &f->groups;
	size_t i, j;

	json_sep(b);
	json_raw(b, key);
	buf_str_add(b, ":[");
	for (i = 0; i < f->n; i++) {
		const struct found_item *e = &f->v[i];

		if (!has_label(labels, e))
			continue;
		for (j = 0; j < i; j++)
			if (f->v[j].n == e->n && memcmp(f->v[j].p, e->p,
			    e->n) == 0 && has_label(labels, &f->v[j]))
				break;
		if (j < i)
			continue;
		json_sep(b);
		json_str(b, e->p, e->n);
	}
	buf_putc(b, ']');
}

static void
write_groups(struct found *f)
{
	struct json_iter it;

	buf_clear(&f->groups);
	buf_putc(&f->groups, '{');
	for (it = json_iter(f->o->groups->root); json_next(&it);)
		write_group(f, it.key, it.val);
	buf_putc(&f->groups, '}');
}

/* ---- entities ---- */

static bool
is_wanted(const struct found_opts *o, const struct found_item *e)
{
	size_t i;

	for (i = 0; i < o->labels.n; i++)
		if (strlen(o->labels.v[i]) == e->nlabel &&
		    memcmp(o->labels.v[i], e->label, e->nlabel) == 0)
			return true;
	return o->labels.n == 0;
}

static int
collect(struct found *f, const struct ner *n, const struct texts *t,
    struct fail *why)
{
	struct found_item e, *v;
	size_t i, cap;

	f->n = 0;
	for (i = 0; i < n->nspans; i++) {
		e.span = &n->spans[i];
		e.p = t->v[e.span->text].p + e.span->start;
		e.n = e.span->end - e.span->start;
		e.label = ner_label(f->o->pipeline, e.span->label, &e.nlabel);
		if (!is_wanted(f->o, &e))
			continue;
		e.confidence = f->o->probability ? e.span->probability :
		    found_heuristic(e.p, e.n, &f->work);
		if (e.confidence < f->o->threshold)
			continue;
		if (f->n == f->cap) {
			cap = 2 * f->cap + 32;
			if (!(v = realloc(f->v, cap * sizeof *v)))
				return fail_errno(why, "entities");
			f->v = v;
			f->cap = cap;
		}
		f->v[f->n++] = e;
	}
	return 0;
}

static void
write_entity(struct found *f, const struct texts *t,
    const struct found_item *e)
{
	struct buf *b = &f->entities;

	json_sep(b);
	buf_putc(b, '{');
	json_key(b, "text");
	json_str(b, e->p, e->n);
	json_key(b, "label");
	json_str(b, e->label, e->nlabel);
	json_key(b, "start");
	json_uint(b, e->span->cp_start);
	json_key(b, "end");
	json_uint(b, e->span->cp_end);
	json_key(b, "confidence");
	json_num(b, e->confidence);
	json_key(b, "source");
	json_cstr(b, "model");
	if (!t->join && t->selected > 1) {
		json_key(b, "at");
		json_uint(b, t->at[e->span->text]);
	}
	buf_putc(b, '}');
}

int
found_write(struct found *f, const struct ner *n, const struct texts *t,
    const struct record *rec, struct emit *emit, struct fail *why)
{
	struct json_val with;
	size_t i;

	if (n && collect(f, n, t, why) < 0)
		return -1;
	buf_clear(&f->entities);
	buf_putc(&f->entities, '[');
	for (i = 0; i < f->n; i++)
		write_entity(f, t, &f->v[i]);
	buf_putc(&f->entities, ']');
	if (!f->o->groups) {
		json_set(&emit->out, rec->val, "entities",
		    buf_str(&f->entities), f->entities.len);
	} else {
		write_groups(f);
		buf_clear(&f->line);
		json_set(&f->line, rec->val, "entities",
		    buf_str(&f->entities), f->entities.len);
		with.p = buf_str(&f->line);
		with.n = f->line.len;
		json_set(&emit->out, with, "groups", buf_str(&f->groups),
		    f->groups.len);
	}
	if (f->entities.err || f->groups.err || f->line.err || f->work.err)
		return fail(why, EXIT_MACHINE, "the entities do not fit "
		    "memory");
	filter_line(emit);
	return 0;
}
