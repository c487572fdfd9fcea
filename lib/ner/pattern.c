/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/pattern.h"

#define STEPS_MOST 16384        /* of one pattern */

int
patterns_open(struct patterns **patterns, const struct pattern_how *how,
    struct fail *why)
{
	struct patterns *p = calloc(1, sizeof *p);
	struct buf bytes = BUF_INIT(BUF_DOC);
	struct links paths = LINKS_INIT(1), texts = LINKS_INIT(ATTRS);

	if (!p)
		return fail_errno(why, "patterns");
	p->how = *how;
	p->bytes = bytes;
	p->paths = paths;
	p->texts = texts;
	specs_init(&p->specs);
	*patterns = p;
	return 0;
}

void
patterns_close(struct patterns *p)
{
	if (!p)
		return;
	specs_free(&p->specs);
	buf_free(&p->bytes);
	links_free(&p->paths);
	links_free(&p->texts);
	free(p->v);
	free(p->steps);
	free(p->ends);
	free(p->by_text);
	free(p->by_spec);
	free(p->cells);
	free(p->loose);
	free(p->others);
	free(p);
}

/* Makes room for one more element. */
static int
room(void *array, size_t n, size_t *cap, size_t size)
{
	void **v = array, *bigger;
	size_t want = 2 * *cap + 64;

	if (n < *cap)
		return 0;
	if (n >= UINT32_MAX - 1 || !(bigger = realloc(*v, want * size)))
		return -1;
	*v = bigger;
	*cap = want;
	return 0;
}

/* ---- reading ---- */

/* A line on its way: where it is wrong, and what phrases need. */
struct reader {
	struct patterns *p;
	struct toks toks;
	struct regex_room *room;
	struct buf text, work, more;
	const char *at;                 /* in the line; NULL: nowhere */
	struct fail *why;
};

static int
wrong(struct reader *r, struct json_val v, const char *text)
{
	r->at = v.p;
	return fail(r->why, EXIT_USAGE, "%s", text);
}

static int
no_memory(struct reader *r)
{
	return fail(r->why, EXIT_MACHINE, "the patterns do not fit memory");
}

/* Adds a step to the last pattern. */
static int
add_step(struct patterns *p, uint32_t spec, bool no, bool may, bool many)
{
	struct step *k;

	if (room(&p->steps, p->nsteps, &p->csteps, sizeof *p->steps) < 0)
		return -1;
	k = &p->steps[p->nsteps++];
	k->spec = spec;
	k->pattern = (uint32_t)p->n - 1;
	k->no = no;
	k->may = may;
	k->many = many;
	k->last = false;
	return 0;
}

static int
add_steps(struct reader *r, struct json_val v, size_t first)
{
	struct patterns *p = r->p;
	struct spec_op op;
	uint32_t spec, i, most;

	if (specs_add(&p->specs, v, &spec, &op, &r->at, r->why) < 0)
		return -1;
	most = op.most == UINT32_MAX ? op.least + 1 : op.most;
	if (p->nsteps - first + most > STEPS_MOST)
		return wrong(r, v, "the pattern is too long");
	for (i = 0; i < most; i++)
		if (add_step(p, spec, op.no, i >= op.least, i >= op.least &&
		    op.most == UINT32_MAX) < 0)
			return no_memory(r);
	return 0;
}

static int
add_tokens(struct reader *r, struct json_val list)
{
	struct patterns *p = r->p;
	size_t first = p->nsteps;
	struct json_iter it;

	for (it = json_iter(list); json_next(&it);)
		if (add_steps(r, it.val, first) < 0)
			return -1;
	if (p->nsteps == first)
		return wrong(r, list, "a pattern of no token");
	p->steps[p->nsteps - 1].last = true;
	return 0;
}

/* The value of a phrase's token that is compared. */
static uint64_t
phrase_value(struct reader *r, const struct tok *t)
{
	const struct pattern_how *how = &r->p->how;
	struct flag_rules flags = { how->english, tok_rules_url(how->rules),
	    r->room, &r->more };
	struct seen s;

	memset(&s, 0, sizeof s);
	s.lex.p = buf_str(&r->text) + t->start;
	s.lex.n = t->n;
	s.lex.norm = t->norm;
	s.norms = how->norms;
	s.flags = &flags;
	s.work = &r->work;
	return seen_value(&s, how->phrase);
}

static int
add_phrase(struct reader *r, struct json_val v)
{
	struct patterns *p = r->p;
	uint32_t node = 0, *ends;
	size_t i, had, now;

	buf_clear(&r->text);
	if (json_decode(v, &r->text) < 0)
		return no_memory(r);
	if (toks_cut(&r->toks, buf_str(&r->text), r->text.len, r->why) < 0)
		return -1;
	if (r->toks.n == 0)
		return wrong(r, v, "a pattern of no token");
	had = p->ends ? links_nodes(&p->paths) : 0;
	for (i = 0; i < r->toks.n; i++)
		if (!(node = links_add(&p->paths, node, phrase_value(r,
		    &r->toks.v[i]))))
			return no_memory(r);
	now = links_nodes(&p->paths);
	if (now > p->cends) {
		if (!(ends = realloc(p->ends, 2 * now * sizeof *ends)))
			return no_memory(r);
		p->ends = ends;
		p->cends = 2 * now;
	}
	memset(p->ends + had, 0, (now - had) * sizeof *p->ends);
	if (!p->ends[node])
		p->ends[node] = (uint32_t)p->n;
	return 0;
}

static int
add_string(struct reader *r, struct json_val v, uint32_t *at, uint32_t *n)
{
	struct buf *b = &r->p->bytes;

	*at = (uint32_t)b->len;
	if (json_decode(v, b) < 0 || buf_putc(b, '\0') < 0)
		return no_memory(r);
	*n = (uint32_t)b->len - *at - 1;
	return 0;
}

static int
add_pattern(struct reader *r, struct json_val line)
{
	struct patterns *p = r->p;
	struct json_val label, id, pattern;
	struct pattern *k;

	if (json_type(line) != JSON_OBJECT)
		return wrong(r, line, "a pattern is an object");
	if (!json_get(line, "label", &label))
		return wrong(r, line, "the pattern has no label");
	if (json_type(label) != JSON_STRING || label.n == 2)
		return wrong(r, label, "a label is a string, not empty");
	if (!json_get(line, "pattern", &pattern))
		return wrong(r, line, "there is no member \"pattern\"");
	if (room(&p->v, p->n, &p->cap, sizeof *p->v) < 0)
		return no_memory(r);
	k = &p->v[p->n++];
	memset(k, 0, sizeof *k);
	if (add_string(r, label, &k->label, &k->nlabel) < 0)
		return -1;
	if (json_get(line, "id", &id) && json_type(id) != JSON_NULL) {
		if (json_type(id) != JSON_STRING)
			return wrong(r, id, "an id is a string");
		if (add_string(r, id, &k->id, &k->nid) < 0)
			return -1;
	}
	if (json_type(pattern) == JSON_STRING)
		return add_phrase(r, pattern);
	if (json_type(pattern) == JSON_ARRAY)
		return add_tokens(r, pattern);
	return wrong(r, pattern, "a pattern is a string or a list of tokens");
}

static int
add_line(struct reader *r, const char *path, size_t number, const char *p,
    size_t n)
{
	struct json_err err;
	struct json_val v;
	size_t i;

	for (i = 0; i < n && (p[i] == ' ' || p[i] == '\t' || p[i] == '\r');
	    i++)
		continue;
	if (i == n)
		return 0;
	if (json_check(p, n, &v, &err) < 0)
		return fail(r->why, EXIT_USAGE, "%s:%zu:%zu: invalid JSON: %s",
		    path, number, err.offset + 1, err.text);
	r->at = NULL;
	if (add_pattern(r, v) == 0)
		return 0;
	if (r->at)
		return fail_prefix(r->why, "%s:%zu:%zu", path, number,
		    (size_t)(r->at - p) + 1);
	return fail_prefix(r->why, "%s:%zu", path, number);
}

static int
add_lines(struct reader *r, const char *path, const char *p, size_t n)
{
	const char *end = p + n, *q;
	size_t number;

	if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
		p += 3;
	for (number = 1; p < end; number++, p = q + 1) {
		if (!(q = memchr(p, '\n', (size_t)(end - p))))
			q = end;
		if (add_line(r, path, number, p, (size_t)(q - p)) < 0)
			return -1;
	}
	return 0;
}

int
patterns_add(struct patterns *p, const char *name, const char *text, size_t n,
    struct fail *why)
{
	struct reader r = { p, { NULL, 0, 0, NULL }, NULL,
	    BUF_INIT(BUF_RECORD), BUF_INIT(BUF_RECORD), BUF_INIT(BUF_RECORD),
	    NULL, why };
	int result = regex_room_open(&r.room, why);

	if (result == 0)
		result = toks_open(&r.toks, p->how.rules, 0, why);
	if (result == 0)
		result = add_lines(&r, name, text, n);
	toks_close(&r.toks);
	regex_room_close(r.room);
	buf_free(&r.text);
	buf_free(&r.work);
	buf_free(&r.more);
	return result;
}

int
patterns_read(struct patterns *p, const char *path, struct fail *why)
{
	struct buf file = BUF_INIT(BUF_DOC);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int r = fd < 0 ? -1 : buf_read_fd(&file, fd);

	if (r < 0) {
		fail_errno(why, "%s", path);
		why->code = EXIT_USAGE;
	} else {
		r = patterns_add(p, path, buf_str(&file), file.len, why);
	}
	if (fd >= 0)
		close(fd);
	buf_free(&file);
	return r;
}

/* ---- the index ---- */

/* Puts a number before a list's others. */
static int
add_cell(struct patterns *p, uint32_t *list, uint32_t number)
{
	struct index_cell *c;

	if (room(&p->cells, p->ncells, &p->ccells, sizeof *p->cells) < 0)
		return -1;
	c = &p->cells[p->ncells++];
	c->number = number;
	c->next = *list;
	*list = (uint32_t)p->ncells;
	return 0;
}

/* The test by whose texts a specification is found, or NULL. */
static const struct test *
key_of(const struct specs *s, const struct spec *k)
{
	const struct test *t = s->tests + k->first, *end = t + k->n;
	const struct test *best = NULL;

	for (; t < end; t++)
		if (t->kind == TEST_IN && !t->no && t->attr < ATTR_LENGTH &&
		    (!best || t->n < best->n))
			best = t;
	return best;
}

static int
index_spec(struct patterns *p, uint32_t number, size_t *nodes)
{
	const struct specs *s = &p->specs;
	const struct test *t = key_of(s, &s->v[number]);
	uint32_t i, node, *more;

	if (!t) {
		p->loose[p->nloose++] = number;
		return 0;
	}
	p->keyed |= 1ull << t->attr;
	for (i = 0; i < t->n; i++) {
		node = links_add(&p->texts, t->attr, s->items[t->first +
		    i].id);
		if (!node)
			return -1;
		if (node >= *nodes) {
			if (!(more = realloc(p->by_text, 2 * (node + 1) *
			    sizeof *more)))
				return -1;
			memset(more + *nodes, 0, (2 * (node + 1) - *nodes) *
			    sizeof *more);
			p->by_text = more;
			*nodes = 2 * (node + 1);
		}
		if (add_cell(p, &p->by_text[node], number) < 0)
			return -1;
	}
	return 0;
}

/* The steps that a match of a pattern may begin with: its first, and as long
 * as they may be left out those behind. */
static int
index_steps(struct patterns *p)
{
	size_t i;
	bool first = true;

	for (i = 0; i < p->nsteps; i++) {
		const struct step *k = &p->steps[i];

		if (first && k->no)
			p->others[p->nothers++] = (uint32_t)i;
		else if (first && add_cell(p, &p->by_spec[k->spec],
		    (uint32_t)i) < 0)
			return -1;
		first = k->last || (first && k->may);
	}
	return 0;
}

int
patterns_ready(struct patterns *p, struct fail *why)
{
	size_t nodes = 0, i;

	p->by_spec = calloc(p->specs.n + 1, sizeof *p->by_spec);
	p->loose = calloc(p->specs.n + 1, sizeof *p->loose);
	p->others = calloc(p->nsteps + 1, sizeof *p->others);
	if (!p->by_spec || !p->loose || !p->others)
		return fail_errno(why, "patterns");
	for (i = 0; i < p->specs.n; i++)
		if (index_spec(p, (uint32_t)i, &nodes) < 0)
			return fail_errno(why, "patterns");
	if (index_steps(p) < 0)
		return fail_errno(why, "patterns");
	for (i = 0; i < p->specs.ntests; i++)
		p->sentences |= p->specs.tests[i].attr == ATTR_SENT_START;
	return 0;
}
