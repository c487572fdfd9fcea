/* SPDX-License-Identifier: GPL-3.0-or-later */
/* found.c -- the entities of a record: which are kept, how sure they are, in
 * which groups they go. */
#include "tool.h"
#include "base/num.h"
#include "json/document.h"
#include "json/write.h"
#include "ner/negation.h"
#include "ner/uni.h"

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
	fold_free(&f->fold);
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
	if (json_document(&g->text, path, EXIT_USAGE, &g->root, why) < 0)
		return -1;
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

static bool
same_text(const struct texts *t, const struct found_item *a,
    const struct found_item *b)
{
	size_t n = a->end - a->start;

	return n == b->end - b->start && memcmp(t->v[a->text].p + a->start,
	    t->v[b->text].p + b->start, n) == 0;
}

static void
write_group(struct found *f, const struct texts *t, struct json_val key,
    struct json_val labels)
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
			if (same_text(t, e, &f->v[j]) &&
			    has_label(labels, &f->v[j]))
				break;
		if (j < i)
			continue;
		json_sep(b);
		json_str(b, t->v[e->text].p + e->start, e->end - e->start);
	}
	buf_putc(b, ']');
}

static void
write_groups(struct found *f, const struct texts *t)
{
	struct json_iter it;

	buf_clear(&f->groups);
	buf_putc(&f->groups, '{');
	for (it = json_iter(f->o->groups->root); json_next(&it);)
		write_group(f, t, it.key, it.val);
	buf_putc(&f->groups, '}');
}

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

/* ---- what finders found ---- */

void
found_clear(struct found *f)
{
	f->n = 0;
	f->mixed = false;
}

int
found_add(struct found *f, const struct found_item *e, struct fail *why)
{
	struct found_item *v;
	size_t cap = 2 * f->cap + 32;

	if (f->n == f->cap) {
		if (!(v = realloc(f->v, cap * sizeof *v)))
			return fail_errno(why, "entities");
		f->v = v;
		f->cap = cap;
	}
	f->mixed = f->mixed || e->source != FOUND_MODEL;
	f->v[f->n++] = *e;
	return 0;
}

int
found_model(struct found *f, const struct ner *n, const struct texts *t,
    struct fail *why)
{
	const struct ner_span *s;
	struct found_item e;
	size_t i;

	memset(&e, 0, sizeof e);
	e.weight = 1;
	for (i = 0; i < n->nspans; i++) {
		s = &n->spans[i];
		e.source = s->rule ? FOUND_PATTERN : FOUND_MODEL;
		e.id = ner_id(f->o->pipeline, s, &e.nid);
		e.text = s->text;
		e.start = s->start;
		e.end = s->end;
		e.cp_start = s->cp_start;
		e.cp_end = s->cp_end;
		e.label = ner_label(f->o->pipeline, s->label, &e.nlabel);
		e.confidence = f->o->probability || s->rule ? s->probability :
		    found_heuristic(t->v[s->text].p + s->start,
		    s->end - s->start, &f->work);
		if (found_add(f, &e, why) < 0)
			return -1;
	}
	return 0;
}

int
found_names(struct found *f, const struct mentions *m, uint32_t text,
    struct fail *why)
{
	const struct gazetteer *g = m->g;
	const struct gaz_name *name;
	struct found_item e;
	size_t i;

	e.source = FOUND_GAZETTEER;
	e.text = text;
	for (i = 0; i < m->n; i++) {
		e.mention = m->v[i];
		name = &g->names[g->aliases[e.mention.alias].name];
		e.start = e.mention.start;
		e.end = e.mention.end;
		e.cp_start = e.mention.cp_start;
		e.cp_end = e.mention.cp_end;
		e.label = gaz_text(g, name->type);
		e.nlabel = name->type.n;
		e.id = gaz_text(g, name->id);
		e.nid = name->id.n;
		e.confidence = e.mention.confidence;
		e.weight = name->weight;
		e.cost = e.mention.cost;
		if (found_add(f, &e, why) < 0)
			return -1;
	}
	return 0;
}

/* ---- which stay ---- */

static int
compare(double a, double b)
{
	return (a > b) - (a < b);
}

static double
length(const struct found_item *e)
{
	return e->cp_end - e->cp_start - e->cost;
}

/* Who goes first where two overlap; see found_clear() in tool.h. */
static int
by_precedence(const void *x, const void *y)
{
	const struct found_item *a = x, *b = y;
	size_t n = a->nid < b->nid ? a->nid : b->nid;
	int c;

	if ((a->source == FOUND_MODEL) != (b->source == FOUND_MODEL))
		return a->source == FOUND_MODEL ? 1 : -1;
	if ((c = compare(length(b), length(a))) ||
	    (c = compare(b->weight, a->weight)) ||
	    (c = compare(a->source, b->source)) ||
	    (n && (c = memcmp(a->id, b->id, n))) ||
	    (c = compare(a->nid, b->nid)) || (c = compare(a->text, b->text)) ||
	    (c = compare(a->start, b->start)))
		return c;
	n = a->nlabel < b->nlabel ? a->nlabel : b->nlabel;
	c = n ? memcmp(a->label, b->label, n) : 0;
	return c ? c : compare(a->nlabel, b->nlabel);
}

static int
by_place(const void *x, const void *y)
{
	const struct found_item *a = x, *b = y;
	int c;

	if ((c = compare(a->text, b->text)) ||
	    (c = compare(a->start, b->start)))
		return c;
	return compare(a->end, b->end);
}

/* Is nothing taken between two code points of a run of overlapping ones?
 * Takes them if so. */
static bool
take(char *taken, size_t from, size_t to)
{
	if (memchr(taken + from, 1, to - from))
		return false;
	memset(taken + from, 1, to - from);
	return true;
}

/* Of n that overlap in a chain, those that stay come to the front. */
static size_t
settle_chain(struct found *f, struct found_item *v, size_t n, uint32_t end)
{
	uint32_t first = v[0].cp_start;
	size_t i, left = 0;
	char *taken;

	buf_clear(&f->work);
	if (buf_reserve(&f->work, end - first) < 0)
		return n;               /* f->work.err says so at the end */
	taken = memset(f->work.p, 0, end - first);
	qsort(v, n, sizeof *v, by_precedence);
	for (i = 0; i < n; i++)
		if (take(taken, v[i].cp_start - first, v[i].cp_end - first))
			v[left++] = v[i];
	qsort(v, left, sizeof *v, by_place);
	return left;
}

/* Takes out what yields to another; what stays is in order of place. */
static void
settle(struct found *f)
{
	struct found_item *v = f->v;
	size_t i, j, kept, n = 0;
	uint32_t end;

	qsort(v, f->n, sizeof *v, by_place);
	for (i = 0; i < f->n; i = j) {
		end = v[i].cp_end;
		for (j = i + 1; j < f->n && v[j].text == v[i].text &&
		    v[j].cp_start < end; j++)
			if (v[j].cp_end > end)
				end = v[j].cp_end;
		kept = j - i > 1 ? settle_chain(f, v + i, j - i, end) : 1;
		memmove(v + n, v + i, kept * sizeof *v);
		n += kept;
	}
	f->n = n;
}

/* Keeps those that have a label that is asked for, or enough confidence. */
static void
keep(struct found *f, bool by_label)
{
	size_t i, n = 0;

	for (i = 0; i < f->n; i++)
		if (by_label ? is_wanted(f->o, &f->v[i]) :
		    f->v[i].confidence >= f->o->threshold)
			f->v[n++] = f->v[i];
	f->n = n;
}

/* ---- output ---- */

/* What a gazetteer knows besides: the name, which alias, how it matched. */
static int
write_name(struct found *f, const struct mention *m, const char *text,
    struct fail *why)
{
	const struct gazetteer *g = f->o->names->gazetteer;
	struct buf *b = &f->entities;
	const struct gaz_alias *a = &g->aliases[m->alias];
	const struct gaz_name *n = &g->names[a->name];

	json_key(b, "name");
	json_str(b, gaz_text(g, n->name), n->name.n);
	json_key(b, "alias");
	json_str(b, gaz_text(g, a->text), a->text.n);
	json_key(b, "method");
	json_cstr(b, mention_method(m->method));
	json_key(b, "edits");
	json_uint(b, m->edits);
	json_key(b, "bytes");
	buf_putc(b, '[');
	json_uint(b, m->start);
	json_sep(b);
	json_uint(b, m->end);
	buf_putc(b, ']');
	return explain_mention(b, &f->fold, g, m, text, why);
}

static int
write_entity(struct found *f, const struct texts *t,
    const struct found_item *e, struct fail *why)
{
	static const char *const sources[] = { "model", "pattern",
	    "gazetteer" };
	struct buf *b = &f->entities;
	struct json_val who;

	json_sep(b);
	buf_putc(b, '{');
	json_key(b, "text");
	json_str(b, t->v[e->text].p + e->start, e->end - e->start);
	json_key(b, "label");
	json_str(b, e->label, e->nlabel);
	json_key(b, "start");
	json_uint(b, e->cp_start);
	json_key(b, "end");
	json_uint(b, e->cp_end);
	json_key(b, "confidence");
	json_num(b, e->confidence);
	json_key(b, "source");
	json_cstr(b, sources[e->source]);
	if (e->id) {
		json_key(b, "id");
		json_str(b, e->id, e->nid);
	}
	if (e->source == FOUND_GAZETTEER && write_name(f, &e->mention,
	    t->v[e->text].p, why) < 0)
		return -1;
	if (!t->join && t->selected > 1) {
		json_key(b, "at");
		json_uint(b, t->at[e->text]);
	}
	if (texts_speaker(t, e->text, e->start, &who)) {
		json_key(b, "speaker");
		json_raw(b, who);
	}
	if (negation_of(t->v[e->text].p, t->v[e->text].n, e->start, e->end)) {
		json_key(b, "negated");
		json_bool(b, true);
	}
	buf_putc(b, '}');
	return 0;
}

void
found_settle(struct found *f)
{
	if (f->o->threshold > 0)
		keep(f, false);
	if (f->mixed)
		settle(f);
	if (f->o->labels.n)
		keep(f, true);
}

int
found_write(struct found *f, const struct texts *t,
    const struct record *rec, struct emit *emit, struct fail *why)
{
	struct json_val with;
	size_t i;

	found_settle(f);
	buf_clear(&f->entities);
	buf_putc(&f->entities, '[');
	for (i = 0; i < f->n; i++)
		if (write_entity(f, t, &f->v[i], why) < 0)
			return -1;
	buf_putc(&f->entities, ']');
	if (!f->o->groups) {
		json_set_in(&emit->out, rec->val, &rec->members, "entities",
		    buf_str(&f->entities), f->entities.len);
	} else {
		write_groups(f, t);
		buf_clear(&f->line);
		json_set_in(&f->line, rec->val, &rec->members, "entities",
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
