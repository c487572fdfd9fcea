/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/gazetteer.h"
#include "base/num.h"
#include "json/scan.h"
#include "ner/fold.h"

/* A line of a file as its columns; see gazetteer.h for their names. */
enum { ID, NAME, ALIASES, TYPE, FLAGS, SPOKEN, WEIGHT, COLUMNS };

static const char *const columns[][4] = {
	{ "id" }, { "name", "canonical", "canonical name", "canonical_name" },
	{ "aliases", "alias" }, { "type", "label" }, { "flags" },
	{ "spoken", "spoken forms", "spoken_forms" }, { "weight" }
};

struct slice {
	const char *p;
	size_t n;
};

/* What is being read. */
struct source {
	struct gazetteer *g;
	const char *path;
	uint32_t file, line;
	int at[64], nat;                /* TSV: the column of each field */
	bool spoken;                    /* wanted */
	struct slice col[COLUMNS];      /* TSV: of this line */
	struct json_val val;            /* NDJSON: this line; p NULL: TSV */
	struct buf word;                /* a decoded string */
	struct fold fold;
	struct gaz_name name;           /* being made */
	uint32_t first, nplain;         /* its aliases as spelled */
};

static int
wrong(const struct source *s, struct fail *why, const char *text)
{
	return fail(why, EXIT_USAGE, "%s:%" PRIu32 ": %s", s->path, s->line,
	    text);
}

static struct slice
trimmed(const char *p, size_t n)
{
	struct slice s;

	while (n && (p[n - 1] == ' ' || p[n - 1] == '\r' || p[n - 1] == '\t'))
		n--;
	while (n && (*p == ' ' || *p == '\t')) {
		p++;
		n--;
	}
	s.p = p;
	s.n = n;
	return s;
}

static bool
is_word(struct slice s, const char *word)
{
	return strlen(word) == s.n && strncasecmp(s.p, word, s.n) == 0;
}

static int
keep(struct source *s, struct slice what, struct gaz_str *out,
    struct fail *why)
{
	struct buf *b = &s->g->text;

	out->at = (uint32_t)b->len;
	out->n = (uint32_t)what.n;
	if (buf_add(b, what.p, what.n) < 0)
		return fail_errno(why, "%s: the names", s->path);
	return 0;
}

/* Takes the part of a list up to a separator off its front. */
static struct slice
part(struct slice *list, char sep)
{
	const char *end = memchr(list->p, sep, list->n);
	size_t n = end ? (size_t)(end - list->p) : list->n;
	struct slice s = trimmed(list->p, n);

	n += end != NULL;
	list->p += n;
	list->n -= n;
	return s;
}

/* ---- flags ---- */

/* near:a/b: the words, folded, a blank after each. */
static int
add_near(struct source *s, struct slice words, struct fail *why)
{
	struct gaz_str *near = &s->name.near;
	struct buf *b = &s->g->text;
	struct slice word;
	size_t i;

	if (!near->n)
		near->at = (uint32_t)b->len;
	while (words.n) {
		word = part(&words, '/');
		if (fold_text(&s->fold, word.p, word.n, s->g->symbols) < 0)
			return fail_errno(why, "%s", s->path);
		if (!s->fold.nwords)
			continue;
		for (i = 0; i < s->fold.n; i++)
			if (s->fold.letters[i])
				buf_putc(b, s->fold.letters[i]);
		buf_putc(b, ' ');
	}
	near->n = (uint32_t)(b->len - near->at);
	return b->err ? fail_errno(why, "%s: the names", s->path) : 0;
}

static int
read_weight(struct source *s, struct slice text, struct fail *why)
{
	struct buf b = BUF_INIT(64);
	char *end;

	buf_add(&b, text.p, text.n);
	s->name.weight = strtod(buf_str(&b), &end);
	if (b.err || !text.n || *end || !isfinite(s->name.weight)) {
		buf_free(&b);
		return wrong(s, why, "a weight is a number");
	}
	buf_free(&b);
	return 0;
}

static int
read_flag(struct source *s, struct slice f, struct fail *why)
{
	static const struct {
		const char *word;
		unsigned flag;
	} words[] = {
		{ "exact", GAZ_EXACT }, { "case", GAZ_CASE },
		{ "nofuzzy", GAZ_NOFUZZY }
	};
	struct slice rest;
	size_t i;

	for (i = 0; i < COUNT(words); i++)
		if (is_word(f, words[i].word))
			s->name.flags |= words[i].flag;
	if (f.n > 5 && strncasecmp(f.p, "near:", 5) == 0) {
		rest = trimmed(f.p + 5, f.n - 5);
		return add_near(s, rest, why);
	}
	if (f.n > 7 && strncasecmp(f.p, "weight:", 7) == 0) {
		rest = trimmed(f.p + 7, f.n - 7);
		return read_weight(s, rest, why);
	}
	return 0;
}

/* ---- aliases ---- */

/* The letters of the words that fold_text() found; their shape. */
static int
keep_letters(struct source *s, struct slice text, struct gaz_alias *a,
    struct fail *why)
{
	struct buf *b = &s->g->letters;
	const struct fold *f = &s->fold;
	size_t i, len, all = 0, end = 0;

	a->letters = (uint32_t)b->len;
	for (i = 0; i < f->nwords; i++) {
		len = f->edges[2 * i + 1] - f->edges[2 * i];
		all += len;
		if (all > GAZ_LETTERS)
			return wrong(s, why, "an alias of more than 255 "
			    "letters");
		buf_add(b, f->letters + f->edges[2 * i], len);
		a->shape = gaz_shape(a->shape, (uint32_t)len);
		if (i && !fold_joins(text.p + end, fold_begin(f,
		    f->edges[2 * i]) - end))
			a->parted = true;
		end = fold_end(f, text.p, text.n, f->edges[2 * i + 1] - 1);
	}
	if (b->err)
		return fail_errno(why, "%s: the names", s->path);
	a->nletters = (uint8_t)all;
	a->single = f->nwords == 1;
	if (all > s->g->longest)
		s->g->longest = (unsigned)all;
	return 0;
}

/* Adds a way to write the name; one without a letter is an error. */
static int
add_alias(struct source *s, struct slice text, struct fail *why)
{
	struct gazetteer *g = s->g;
	struct gaz_alias a, *v;
	uint32_t cap;

	if (!text.n)
		return 0;
	memset(&a, 0, sizeof a);
	a.name = g->nnames;
	if (fold_text(&s->fold, text.p, text.n, FOLD_PLUS | FOLD_HASH |
	    FOLD_AND) < 0)
		return fail_errno(why, "%s", s->path);
	if (!s->fold.nwords)
		return wrong(s, why, "an alias without a letter");
	g->symbols |= fold_symbols(text.p, text.n);
	if (keep_letters(s, text, &a, why) < 0 || keep(s, text, &a.text, why) < 0)
		return -1;
	if (g->naliases == GAZ_ALIASES)
		return wrong(s, why, "more than 8,000,000 aliases");
	if (g->naliases == g->cap_aliases) {
		cap = g->cap_aliases * 2 + 256;
		if (!(v = realloc(g->aliases, cap * sizeof *v)))
			return fail_errno(why, "%s: the names", s->path);
		g->aliases = v;
		g->cap_aliases = cap;
	}
	g->aliases[g->naliases++] = a;
	return 0;
}

/* The nth spoken form is of the nth alias, whose spelling it has. */
static int
add_spoken(struct source *s, struct slice text, uint32_t nth,
    struct fail *why)
{
	struct gazetteer *g = s->g;
	uint32_t n = g->naliases;

	if (add_alias(s, text, why) < 0 || g->naliases == n)
		return g->naliases == n ? 0 : -1;
	g->aliases[n].spoken = true;
	g->aliases[n].said = g->aliases[n].text;
	if (nth < s->nplain)
		g->aliases[n].text = g->aliases[s->first + nth].text;
	return 0;
}

static int
add_one(struct source *s, int column, struct slice text, uint32_t nth,
    struct fail *why)
{
	switch (column) {
	case ALIASES:
		return add_alias(s, text, why);
	case FLAGS:
		return read_flag(s, text, why);
	default:
		return add_spoken(s, text, nth, why);
	}
}

/* Each of a list's parts. */
static int
add_parts(struct source *s, int column, struct slice list, uint32_t *nth,
    struct fail *why)
{
	char sep = column == FLAGS ? ',' : '|';

	while (list.n)
		if (add_one(s, column, part(&list, sep), (*nth)++, why) < 0)
			return -1;
	return 0;
}

/* ---- a line ---- */

/* A member of this line's object as text: a string, or a number. */
static int
member(struct source *s, int column, struct json_val *v)
{
	size_t i;

	for (i = 0; i < COUNT(columns[0]) && columns[column][i]; i++)
		if (json_get(s->val, columns[column][i], v) &&
		    json_type(*v) != JSON_NULL)
			return 1;
	return 0;
}

static int
text_of(struct source *s, struct json_val v, struct slice *out,
    struct fail *why)
{
	if (json_type(v) == JSON_NUMBER) {
		*out = trimmed(v.p, v.n);
		return 0;
	}
	buf_clear(&s->word);
	if (json_type(v) != JSON_STRING)
		return wrong(s, why, "a column is a string, a list of "
		    "strings, or a number");
	if (json_decode(v, &s->word) < 0)
		return fail_errno(why, "%s", s->path);
	*out = trimmed(buf_str(&s->word), s->word.len);
	return 0;
}

/* A column that has one value; empty where it is not there. */
static int
single(struct source *s, int column, struct slice *out, struct fail *why)
{
	struct json_val v;

	out->p = "";
	out->n = 0;
	if (!s->val.p) {
		if (s->col[column].p)
			*out = s->col[column];
		return 0;
	}
	return member(s, column, &v) ? text_of(s, v, out, why) : 0;
}

/* A column that is a list. */
static int
list(struct source *s, int column, struct fail *why)
{
	struct json_iter it;
	struct json_val v;
	struct slice text;
	uint32_t nth = 0;

	if (!s->val.p || !member(s, column, &v) ||
	    json_type(v) != JSON_ARRAY) {
		if (single(s, column, &text, why) < 0)
			return -1;
		return add_parts(s, column, text, &nth, why);
	}
	for (it = json_iter(v); json_next(&it);)
		if (text_of(s, it.val, &text, why) < 0 ||
		    add_one(s, column, text, nth++, why) < 0)
			return -1;
	return 0;
}

static int
keep_name(struct source *s, struct fail *why)
{
	struct gazetteer *g = s->g;
	struct gaz_name *v;
	uint32_t cap;

	if (g->nnames == g->cap_names) {
		cap = g->cap_names * 2 + 64;
		if (!(v = realloc(g->names, cap * sizeof *v)))
			return fail_errno(why, "%s: the names", s->path);
		g->names = v;
		g->cap_names = cap;
	}
	g->names[g->nnames++] = s->name;
	return 0;
}

/* The line's columns to a name and its aliases. */
static int
add_name(struct source *s, struct fail *why)
{
	struct gaz_name *n = &s->name;
	struct slice id, name, type, weight;

	memset(n, 0, sizeof *n);
	n->weight = 1;
	n->file = s->file;
	n->line = s->line;
	s->first = s->g->naliases;
	if (single(s, ID, &id, why) < 0 || keep(s, id, &n->id, why) < 0 ||
	    single(s, NAME, &name, why) < 0 ||
	    keep(s, name, &n->name, why) < 0)
		return -1;
	if (!n->id.n || !n->name.n)
		return wrong(s, why, "a name needs an id and a name");
	if (add_alias(s, name, why) < 0 || list(s, ALIASES, why) < 0)
		return -1;
	s->nplain = s->g->naliases - s->first;
	if (single(s, TYPE, &type, why) < 0)
		return -1;
	if (!type.n)
		type = trimmed("name", 4);
	if (keep(s, type, &n->type, why) < 0 || list(s, FLAGS, why) < 0 ||
	    single(s, WEIGHT, &weight, why) < 0 ||
	    (weight.n && read_weight(s, weight, why) < 0) ||
	    (s->spoken && list(s, SPOKEN, why) < 0))
		return -1;
	return keep_name(s, why);
}

/* ---- a file ---- */

static int
column_of(struct slice word)
{
	size_t i, j;

	for (i = 0; i < COLUMNS; i++)
		for (j = 0; j < COUNT(columns[i]) && columns[i][j]; j++)
			if (is_word(word, columns[i][j]))
				return (int)i;
	return -1;
}

/* A line of TSV; the first may name the columns. */
static int
tsv_line(struct source *s, struct slice line, bool first, struct fail *why)
{
	struct slice field, rest = line;
	int i;

	s->val.p = NULL;
	if (first) {
		field = part(&rest, '\t');
		rest = line;
		s->nat = COLUMNS;
		for (i = 0; i < COLUMNS; i++)
			s->at[i] = i;
		if (is_word(field, "id")) {
			for (s->nat = 0; rest.n && s->nat <
			    (int)COUNT(s->at); s->nat++)
				s->at[s->nat] = column_of(part(&rest, '\t'));
			return 0;
		}
	}
	memset(s->col, 0, sizeof s->col);
	for (i = 0; i < s->nat && rest.n; i++) {
		field = part(&rest, '\t');
		if (s->at[i] >= 0)
			s->col[s->at[i]] = field;
	}
	return add_name(s, why);
}

static int
json_line(struct source *s, struct slice line, struct fail *why)
{
	struct json_err err;

	if (json_check(line.p, line.n, &s->val, &err) < 0)
		return fail(why, EXIT_USAGE, "%s:%" PRIu32 ":%zu: invalid "
		    "JSON: %s", s->path, s->line, err.offset + 1, err.text);
	if (json_type(s->val) != JSON_OBJECT)
		return wrong(s, why, "a name is an object");
	return add_name(s, why);
}

static int
each_line(struct source *s, const char *p, size_t n, struct fail *why)
{
	struct slice rest = { p, n }, line;
	const char *end;
	bool first = true, json = false;
	size_t bad = json_utf8(p, n), i;

	s->line = 1;
	if (bad < n) {
		for (i = 0; i < bad; i++)
			s->line += p[i] == '\n';
		return wrong(s, why, "invalid UTF-8");
	}
	if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0) {
		rest.p += 3;
		rest.n -= 3;
	}
	for (; rest.n; s->line++) {
		end = memchr(rest.p, '\n', rest.n);
		line.p = rest.p;
		line.n = end ? (size_t)(end - rest.p) : rest.n;
		rest.p += line.n + (end != NULL);
		rest.n -= line.n + (end != NULL);
		if (!trimmed(line.p, line.n).n)
			continue;
		if (first)
			json = trimmed(line.p, line.n).p[0] == '{';
		if ((json ? json_line(s, line, why) :
		    tsv_line(s, line, first, why)) < 0)
			return -1;
		first = false;
	}
	return 0;
}

static int
read_file(struct source *s, struct fail *why)
{
	struct buf b = BUF_INIT(GAZ_FILE);
	int fd = open(s->path, O_RDONLY | O_CLOEXEC), r;

	if (fd < 0) {
		fail_errno(why, "%s", s->path);
		why->code = EXIT_USAGE;
		return -1;
	}
	r = buf_read_fd(&b, fd);
	if (r < 0) {
		fail_errno(why, "%s", s->path);
		if (errno == E2BIG || errno == EISDIR)
			why->code = EXIT_USAGE;
	}
	close(fd);
	if (r == 0)
		r = each_line(s, buf_str(&b), b.len, why);
	buf_free(&b);
	return r;
}

/* ---- the table ---- */

uint32_t
gazetteer_find(const struct gazetteer *g, const struct gaz_alias *a)
{
	const struct alias_table *t = &g->table;
	const char *letters = gaz_letters(g, a);
	uint32_t mask = ((uint32_t)1 << t->logslot) - 1;
	uint32_t hash = alias_hash(letters, a->nletters), i;
	const struct gaz_alias *b;

	for (i = alias_slot(t, hash); t->slots[i].value; i = (i + 1) & mask) {
		if (t->slots[i].hash != hash)
			continue;
		b = &g->aliases[t->slots[i].value - 1];
		if (b->nletters == a->nletters && memcmp(gaz_letters(g, b),
		    letters, a->nletters) == 0)
			return t->slots[i].value;
	}
	return 0;
}

static int
fill_table(struct gazetteer *g, struct fail *why)
{
	struct gaz_alias *a;
	uint32_t i, first;

	if (alias_table_init(&g->table, g->naliases) < 0)
		return fail_errno(why, "a gazetteer");
	for (i = 0; i < g->naliases; i++) {
		a = &g->aliases[i];
		if ((first = gazetteer_find(g, a))) {
			a->next = g->aliases[first - 1].next;
			g->aliases[first - 1].next = i + 1;
		} else {
			alias_table_add(&g->table, gaz_letters(g, a),
			    a->nletters, i + 1);
		}
	}
	return 0;
}

/* ---- interface ---- */

int
gazetteer_open(struct gazetteer **out, const char **files, size_t nfiles,
    bool spoken, struct fail *why)
{
	struct gazetteer *g = calloc(1, sizeof *g);
	struct buf empty = BUF_INIT(GAZ_FILE);
	struct source s;
	size_t i;
	int r = 0;

	if (!g)
		return fail_errno(why, "a gazetteer");
	memset(&s, 0, sizeof s);
	g->text = g->letters = s.word = empty;
	g->files = files;
	s.g = g;
	s.spoken = spoken;
	for (i = 0; i < nfiles && r == 0; i++) {
		s.path = files[i];
		s.file = (uint32_t)i;
		r = read_file(&s, why);
	}
	if (r == 0 && g->naliases == 0)
		r = fail(why, EXIT_USAGE, "%s: no names", nfiles ? files[0] :
		    "a gazetteer");
	if (r == 0)
		r = fill_table(g, why);
	buf_free(&s.word);
	fold_free(&s.fold);
	if (r < 0) {
		gazetteer_close(g);
		return -1;
	}
	*out = g;
	return 0;
}

void
gazetteer_close(struct gazetteer *g)
{
	if (!g)
		return;
	buf_free(&g->text);
	buf_free(&g->letters);
	alias_table_free(&g->table);
	free(g->names);
	free(g->aliases);
	free(g);
}
