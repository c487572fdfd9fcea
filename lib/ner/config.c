/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/config.h"

/* Components that leave sentences and entities as they are. */
static const char *const harmless[] = {
	"tok2vec", "tagger", "morphologizer", "attribute_ruler", "lemmatizer",
	"trainable_lemmatizer", "textcat", "textcat_multilabel", "spancat",
	"spancat_singlelabel", "span_finder", "doc_cleaner",
	"experimental_edit_tree_lemmatizer"
};

/* Components that have a part in entities. */
static const struct {
	const char *factory;
	enum config_kind kind;
} parts[] = {
	{ "ner", CONFIG_NER }, { "entity_ruler", CONFIG_RULER },
	{ "parser", CONFIG_PARSER }, { "senter", CONFIG_SENTER },
	{ "sentencizer", CONFIG_MARKS }
};

/* Languages of spaCy 3.8 whose words have English's features; those of hi, ht
 * and ne have norms of their own, ja, ko, th, vi and zh other tokenizers. */
static const char languages[] = " af am ar az bg bn bo ca cs da de dsb el en "
    "es et eu fa fi fo fr ga gd grc gu he hr hsb hu hy id is it kmr kn ky la "
    "lb lg lij lt lv mk ml mr ms nb nl nn pl pt ro ru sa si sk sl sq sr sv ta "
    "te ti tl tn tr tt uk ur xx yo ";

/* The end of the line at p. */
static const char *
line_end(const char *p, const char *end)
{
	const char *q = memchr(p, '\n', (size_t)(end - p));

	return q ? q : end;
}

/* The part of a value up to the next name or section: a value may go on over
 * lines that begin with a blank. */
static const char *
value_end(const char *p, const char *end)
{
	const char *q = line_end(p, end);

	while (q < end && q + 1 < end && (q[1] == ' ' || q[1] == '\t'))
		q = line_end(q + 1, end);
	return q;
}

bool
config_get(const char *text, size_t n, const char *section, const char *name,
    struct json_val *v)
{
	const char *p = text, *end = text + n, *q, *eq;
	size_t len = strlen(section), want = strlen(name), k;
	bool inside = false;

	for (; p < end; p = q < end ? q + 1 : end) {
		q = line_end(p, end);
		if (*p == '[') {
			inside = (size_t)(q - p) >= len + 2 && memcmp(p + 1,
			    section, len) == 0 && p[len + 1] == ']';
			continue;
		}
		if (!inside || !(eq = memchr(p, '=', (size_t)(q - p))))
			continue;
		for (k = (size_t)(eq - p); k > 0 && p[k - 1] == ' '; k--)
			continue;
		if (k != want || memcmp(p, name, k) != 0)
			continue;
		q = value_end(p, end);
		return json_check(eq + 1, (size_t)(q - eq - 1), v, NULL) == 0;
	}
	return false;
}

static bool
in_list(struct json_val list, struct json_val name)
{
	struct json_iter it;

	for (it = json_iter(list); json_next(&it);)
		if (it.val.n == name.n && memcmp(it.val.p, name.p, name.n) ==
		    0)
			return true;
	return false;
}

/* A member of a component's section ("components.NAME" and more). */
static bool
component_get(const char *text, size_t n, struct json_val name,
    const char *more, const char *key, struct json_val *v)
{
	char section[256];

	if (name.n < 2 || name.n > 100)
		return false;
	snprintf(section, sizeof section, "components.%.*s%s",
	    (int)name.n - 2, name.p + 1, more);
	return config_get(text, n, section, key, v);
}

static void
copy_name(char out[CONFIG_NAME], struct json_val name)
{
	snprintf(out, CONFIG_NAME, "%.*s", (int)name.n - 2, name.p + 1);
}

static int
refuse(struct fail *why, struct json_val name, const char *what,
    struct json_val v)
{
	return fail(why, EXIT_USAGE, "component %.*s: %s %.*s is not "
	    "supported", (int)(name.n > 80 ? 80 : name.n), name.p, what,
	    (int)(v.n > 80 ? 80 : v.n), v.p);
}

/* Does it listen to a tok2vec, or has it rows of its own? */
static int
check_rows(const char *text, size_t n, struct json_val name,
    struct json_val rows, struct config_part *p, struct fail *why)
{
	struct json_val v = { "null", 4 };

	p->rows[0] = '\0';
	if (!component_get(text, n, name, ".model.tok2vec", "@architectures",
	    &v))
		return refuse(why, name, "a model without tok2vec,", v);
	if (!json_is(v, "spacy.Tok2VecListener.v1"))
		return 0;
	if (!rows.n)
		return fail(why, EXIT_USAGE, "component %.*s listens to a "
		    "tok2vec, but none runs before it", (int)(name.n > 80 ?
		    80 : name.n), name.p);
	copy_name(p->rows, rows);
	return 0;
}

static int
check_model(const char *text, size_t n, struct json_val name,
    struct config_part *p, struct fail *why)
{
	struct json_val v = { "null", 4 };
	bool tags = p->kind == CONFIG_SENTER;

	if (!component_get(text, n, name, ".model", "@architectures", &v) ||
	    (tags ? !json_is(v, "spacy.Tagger.v1") &&
	    !json_is(v, "spacy.Tagger.v2") :
	    !json_is(v, "spacy.TransitionBasedParser.v2") &&
	    !json_is(v, "spacy.TransitionBasedParser.v1")))
		return refuse(why, name, "the architecture", v);
	return 0;
}

/* A component that has a part in entities. */
static int
add_part(const char *text, size_t n, struct json_val name,
    enum config_kind kind, struct json_val rows, struct config *c,
    struct fail *why)
{
	struct config_part *p = &c->part[c->n];
	struct json_val v;

	if (c->n == CONFIG_PARTS || name.n < 3 || name.n > CONFIG_NAME ||
	    memchr(name.p, '\\', name.n) || memchr(name.p, '/', name.n) ||
	    name.p[1] == '.')
		return fail(why, EXIT_USAGE, "component %.*s: its name, or so "
		    "many components, cannot be taken", (int)(name.n > 80 ?
		    80 : name.n), name.p);
	memset(p, 0, sizeof *p);
	p->kind = kind;
	copy_name(p->name, name);
	if (component_get(text, n, name, "", kind == CONFIG_RULER ?
	    "overwrite_ents" : "overwrite", &v))
		p->overwrite = json_type(v) == JSON_TRUE;
	if (kind == CONFIG_RULER && component_get(text, n, name,
	    ".matcher_fuzzy_compare", "@misc", &v) &&
	    !json_is(v, "spacy.levenshtein_compare.v1"))
		return refuse(why, name, "the comparison", v);
	c->n++;
	if (kind == CONFIG_RULER || kind == CONFIG_MARKS)
		return 0;
	return check_model(text, n, name, p, why) < 0 ? -1 :
	    check_rows(text, n, name, rows, p, why);
}

static bool
is_factory(const char *text, size_t n, struct json_val name,
    const char *factory)
{
	struct json_val v;

	return component_get(text, n, name, "", "factory", &v) &&
	    json_is(v, factory);
}

static int
add_component(const char *text, size_t n, struct json_val name,
    struct json_val *rows, struct config *c, struct fail *why)
{
	struct json_val factory, annotate;
	size_t i;

	if (!component_get(text, n, name, "", "factory", &factory))
		return fail(why, EXIT_USAGE, "component %.*s has no factory",
		    (int)(name.n > 80 ? 80 : name.n), name.p);
	if (json_is(factory, "tok2vec"))
		*rows = name;
	for (i = 0; i < COUNT(harmless); i++)
		if (json_is(factory, harmless[i]))
			return 0;
	if (json_is(factory, "span_ruler") && component_get(text, n, name, "",
	    "annotate_ents", &annotate) && json_type(annotate) == JSON_FALSE)
		return 0;
	for (i = 0; i < COUNT(parts); i++)
		if (json_is(factory, parts[i].factory))
			return add_part(text, n, name, parts[i].kind, *rows,
			    c, why);
	return fail(why, EXIT_USAGE, "component %.*s (%.*s) is not supported; "
	    "see --components ner", (int)(name.n > 80 ? 80 : name.n), name.p,
	    (int)(factory.n > 80 ? 80 : factory.n), factory.p);
}

static bool
is_sentences(enum config_kind kind)
{
	return kind != CONFIG_NER && kind != CONFIG_RULER;
}

/* Leaves out what sets sentences after the last ner; what does between two
 * would give them different ones. */
static int
settle(struct config *c, struct fail *why)
{
	size_t i, n = 0, first = c->n, last = 0;

	for (i = 0; i < c->n; i++) {
		if (c->part[i].kind != CONFIG_NER)
			continue;
		first = i < first ? i : first;
		last = i;
	}
	for (i = 0; i < c->n; i++) {
		if (is_sentences(c->part[i].kind) && i > last)
			continue;
		if (is_sentences(c->part[i].kind) && i > first)
			return fail(why, EXIT_USAGE, "component \"%s\" sets "
			    "sentences between two that find entities, which "
			    "is not supported", c->part[i].name);
		c->part[n++] = c->part[i];
	}
	c->n = n;
	for (i = 0; i < n; i++)
		if (!is_sentences(c->part[i].kind))
			return 0;
	return fail(why, EXIT_USAGE, "the pipeline has no ner");
}

static int
check_pipeline(const char *text, size_t n, struct json_val list,
    struct config *c, struct fail *why)
{
	struct json_val off = { "[]", 2 }, rows = { NULL, 0 };
	struct json_iter it;

	config_get(text, n, "nlp", "disabled", &off);
	for (it = json_iter(list); json_next(&it);)
		if (!in_list(off, it.val) && add_component(text, n, it.val,
		    &rows, c, why) < 0)
			return -1;
	return settle(c, why);
}

/* The component that finds entities: the one that is called so, else the
 * first; and what it listens to. */
static int
check_ner(const char *text, size_t n, struct json_val list, struct config *c,
    struct fail *why)
{
	struct json_val ner = { "\"ner\"", 5 }, rows = { NULL, 0 };
	struct json_val last = { NULL, 0 };
	struct json_iter it;
	bool called = in_list(list, ner);

	for (it = json_iter(list); json_next(&it);) {
		if (is_factory(text, n, it.val, "tok2vec"))
			last = it.val;
		if (called ? json_is(it.val, "ner") :
		    is_factory(text, n, it.val, "ner")) {
			ner = it.val;
			rows = last;
			break;
		}
	}
	if (!is_factory(text, n, ner, "ner"))
		return fail(why, EXIT_USAGE, "ner is not made by the factory "
		    "\"ner\"");
	return add_part(text, n, ner, CONFIG_NER, rows, c, why);
}

static int
check_language(const char *text, size_t n, struct config *c, struct fail *why)
{
	struct json_val v;
	char name[16] = "";

	if (!config_get(text, n, "nlp", "lang", &v))
		return fail(why, EXIT_USAGE, "no language is named");
	if (v.n >= 4 && v.n <= 6)
		snprintf(name, sizeof name, " %.*s ", (int)v.n - 2, v.p + 1);
	if (!*name || !strstr(languages, name))
		return fail(why, EXIT_USAGE, "language %.*s is not supported",
		    (int)(v.n > 40 ? 40 : v.n), v.p);
	c->english = json_is(v, "en");
	if ((config_get(text, n, "nlp", "tokenizer", &v) ?
	    !json_get(v, "@tokenizers", &v) : !config_get(text, n,
	    "nlp.tokenizer", "@tokenizers", &v)) ||
	    !json_is(v, "spacy.Tokenizer.v1"))
		return fail(why, EXIT_USAGE, "this tokenizer is not "
		    "supported");
	return 0;
}

int
config_check(const char *text, size_t n, bool alone, struct config *c,
    struct fail *why)
{
	struct json_val list;
	struct json_iter it;
	bool any = false;

	memset(c, 0, sizeof *c);
	if (check_language(text, n, c, why) < 0)
		return -1;
	if (!config_get(text, n, "nlp", "pipeline", &list) ||
	    json_type(list) != JSON_ARRAY)
		return fail(why, EXIT_USAGE, "there is no pipeline");
	for (it = json_iter(list); json_next(&it);)
		any |= is_factory(text, n, it.val, "ner") ||
		    json_is(it.val, "ner") ||
		    (!alone && is_factory(text, n, it.val, "entity_ruler"));
	if (!any)
		return fail(why, EXIT_USAGE, "the pipeline has no ner");
	return alone ? check_ner(text, n, list, c, why) :
	    check_pipeline(text, n, list, c, why);
}
