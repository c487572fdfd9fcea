/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/config.h"

/* Components that leave sentences and entities as they are. */
static const char *const harmless[] = {
	"tok2vec", "tagger", "morphologizer", "attribute_ruler", "lemmatizer",
	"trainable_lemmatizer", "textcat", "textcat_multilabel", "spancat",
	"spancat_singlelabel", "experimental_edit_tree_lemmatizer"
};

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

static int
check_component(const char *text, size_t n, struct json_val name, bool before,
    struct config *c, struct fail *why)
{
	struct json_val factory;
	size_t i;

	if (!component_get(text, n, name, "", "factory", &factory))
		return fail(why, EXIT_USAGE, "component %.*s has no factory",
		    (int)(name.n > 80 ? 80 : name.n), name.p);
	for (i = 0; i < COUNT(harmless); i++)
		if (json_is(factory, harmless[i]))
			return 0;
	if (json_is(factory, "parser") && json_is(name, "parser")) {
		c->parses |= before;
		return 0;
	}
	if (!before && json_is(factory, "senter"))
		return 0;
	return fail(why, EXIT_USAGE, "component %.*s (%.*s) is not supported; "
	    "see --components ner", (int)(name.n > 80 ? 80 : name.n), name.p,
	    (int)(factory.n > 80 ? 80 : factory.n), factory.p);
}

static int
check_pipeline(const char *text, size_t n, struct config *c, struct fail *why)
{
	struct json_val list, off = { "[]", 2 };
	struct json_iter it;
	bool before = true;

	config_get(text, n, "nlp", "pipeline", &list);
	config_get(text, n, "nlp", "disabled", &off);
	for (it = json_iter(list); json_next(&it);) {
		if (json_is(it.val, "ner"))
			before = false;
		else if (!in_list(off, it.val) && check_component(text, n,
		    it.val, before, c, why) < 0)
			return -1;
	}
	return 0;
}

/* ner's own architecture. */
static int
check_ner(const char *text, size_t n, struct config *c, struct fail *why)
{
	struct json_val ner = { "\"ner\"", 5 }, v;

	if (!component_get(text, n, ner, "", "factory", &v) ||
	    !json_is(v, "ner"))
		return fail(why, EXIT_USAGE, "ner is not made by the factory "
		    "\"ner\"");
	if (!component_get(text, n, ner, ".model", "@architectures", &v) ||
	    (!json_is(v, "spacy.TransitionBasedParser.v2") &&
	    !json_is(v, "spacy.TransitionBasedParser.v1")))
		return fail(why, EXIT_USAGE, "ner's architecture %.*s is not "
		    "supported", (int)(v.n > 80 ? 80 : v.n), v.p);
	if ((component_get(text, n, ner, ".model", "use_upper", &v) &&
	    json_type(v) == JSON_FALSE) || (component_get(text, n, ner,
	    ".model", "extra_state_tokens", &v) && json_type(v) == JSON_TRUE))
		return fail(why, EXIT_USAGE, "ner with use_upper = false or "
		    "extra_state_tokens = true is not supported");
	if (!component_get(text, n, ner, ".model.tok2vec", "@architectures",
	    &v))
		return fail(why, EXIT_USAGE, "ner has no tok2vec");
	c->listens = json_is(v, "spacy.Tok2VecListener.v1");
	if (component_get(text, n, ner, ".model.tok2vec.embed",
	    "include_static_vectors", &v) && json_type(v) == JSON_TRUE)
		return fail(why, EXIT_USAGE, "static vectors are not "
		    "supported");
	if (config_get(text, n, "components.tok2vec.model.embed",
	    "include_static_vectors", &v) && json_type(v) == JSON_TRUE &&
	    c->listens)
		return fail(why, EXIT_USAGE, "static vectors are not "
		    "supported");
	return 0;
}

int
config_check(const char *text, size_t n, bool alone, struct config *c,
    struct fail *why)
{
	struct json_val v, name = { "\"ner\"", 5 };

	memset(c, 0, sizeof *c);
	if (!config_get(text, n, "nlp", "lang", &v))
		return fail(why, EXIT_USAGE, "no language is named");
	if (!json_is(v, "en") && !json_is(v, "xx"))
		return fail(why, EXIT_USAGE, "language %.*s is not supported",
		    (int)(v.n > 40 ? 40 : v.n), v.p);
	c->english = json_is(v, "en");
	if ((config_get(text, n, "nlp", "tokenizer", &v) ?
	    !json_get(v, "@tokenizers", &v) : !config_get(text, n,
	    "nlp.tokenizer", "@tokenizers", &v)) ||
	    !json_is(v, "spacy.Tokenizer.v1"))
		return fail(why, EXIT_USAGE, "this tokenizer is not "
		    "supported");
	if (!config_get(text, n, "nlp", "pipeline", &v) ||
	    json_type(v) != JSON_ARRAY || !in_list(v, name))
		return fail(why, EXIT_USAGE, "the pipeline has no ner");
	if (check_ner(text, n, c, why) < 0)
		return -1;
	return alone ? 0 : check_pipeline(text, n, c, why);
}
