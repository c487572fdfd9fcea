/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/rules.h"
#include "ner/english_table.h"
#include "ner/hash.h"
#include "ner/lex.h"
#include "ner/pack.h"
#include "ner/uni.h"

#include "json/scan.h"

#define KEY_ORTH 65             /* spaCy's numbers for the attributes */
#define KEY_NORM 67

const struct special *
rules_find(const struct tok_rules *r, const char *p, size_t n)
{
	uint32_t i;

	if (n > r->longest || r->texts.n == 0)
		return NULL;
	i = map_find(&r->texts, p, n);
	return i == MAP_NONE ? NULL : &r->specials[i];
}

/* Adds the tokens as a path of the trie. */
static int
add_path(struct tok_rules *r, const struct tok *v, size_t n)
{
	uint32_t node = 0;
	size_t i, had = r->ends ? links_nodes(&r->paths) : 0;
	bool *ends;

	for (i = 0; i < n; i++)
		if (!(node = links_add(&r->paths, node, v[i].orth)))
			return -1;
	if (!(ends = realloc(r->ends, links_nodes(&r->paths))))
		return -1;
	r->ends = ends;
	memset(ends + had, 0, links_nodes(&r->paths) - had);
	ends[node] = node != 0;
	return 0;
}

/* ---- reading the file ---- */

static int
open_regex(struct regex **r, struct pack_val root, const char *name,
    struct fail *why)
{
	struct pack_val v;
	const char *p;
	size_t n;

	if (!pack_get(root, name, &v) || pack_type(v) == PACK_NIL)
		return 0;
	if (!pack_text(v, &p, &n))
		return fail(why, EXIT_USAGE, "%s is no pattern", name);
	if (regex_open(r, p, n, 0, why) < 0)
		return fail_prefix(why, "%s", name);
	return 0;
}

/* A token of a special case: {65: orth, 67: norm?}. */
static int
add_part(struct tok_rules *r, struct tok *t, struct pack_val v,
    const char *text, size_t n, struct fail *why)
{
	struct pack_val key, val;
	const char *p;
	size_t i, len, at = t->start;
	uint64_t attr;

	for (i = 0; pack_nth(v, i, &key, &val); i++) {
		if (!pack_uint(key, &attr) || !pack_text(val, &p, &len) ||
		    json_utf8(p, len) < len)
			return fail(why, EXIT_USAGE, "a special case of an "
			    "unknown form");
		if (attr == KEY_NORM) {
			t->norm = hash_id(p, len);
			if (spellings_add(&r->norms, t->norm, p, len) < 0)
				return fail_errno(why, "norms");
		} else if (attr != KEY_ORTH) {
			return fail(why, EXIT_USAGE, "a special case sets an "
			    "attribute that is not supported");
		} else {
			if (len > n - at || memcmp(text + at, p, len) != 0)
				return fail(why, EXIT_USAGE, "a special case "
				    "is not its tokens' text");
			t->orth = hash_text(p, len);
			t->n = (uint32_t)len;
			t->cps = (uint32_t)uni_count(p, len);
			t->flags = lex_is_space(p, len) ? TOK_SPACE : 0;
		}
	}
	return 0;
}

static int
add_special(struct tok_rules *r, struct pack_val key, struct pack_val list,
    struct fail *why)
{
	struct special *s;
	struct pack_val v;
	struct tok *t;
	const char *p;
	size_t n, i;
	uint32_t at, cp = 0;
	bool fresh;

	if (!pack_text(key, &p, &n) || n == 0 || n > UINT16_MAX ||
	    json_utf8(p, n) < n || pack_type(list) != PACK_LIST)
		return fail(why, EXIT_USAGE, "a special case of an unknown "
		    "form");
	i = map_add(&r->texts, p, n, &fresh);
	if (i == MAP_NONE || !fresh)
		return fail(why, i == MAP_NONE ? EXIT_MACHINE : EXIT_USAGE,
		    "a special case cannot be added");
	s = &r->specials[i];
	s->first = (uint32_t)r->nparts;
	s->n = (uint32_t)pack_count(list);
	for (at = 0, i = 0; pack_nth(list, i, NULL, &v); i++) {
		t = &r->parts[r->nparts++];
		t->start = at;
		t->cp = cp;
		if (add_part(r, t, v, p, n, why) < 0)
			return -1;
		at += t->n;
		cp += t->cps;
	}
	if (at != n)
		return fail(why, EXIT_USAGE, "a special case is not its "
		    "tokens' text");
	if (n > r->longest)
		r->longest = n;
	return 0;
}

static int
add_specials(struct tok_rules *r, struct pack_val map, struct fail *why)
{
	struct pack_val key, val;
	size_t n = pack_count(map), parts = 0, i;

	for (i = 0; pack_nth(map, i, NULL, &val); i++)
		parts += pack_count(val);
	r->specials = calloc(n + 1, sizeof *r->specials);
	r->parts = calloc(parts + 1, sizeof *r->parts);
	if (!r->specials || !r->parts)
		return fail_errno(why, "special cases");
	for (i = 0; pack_nth(map, i, &key, &val); i++)
		if (add_special(r, key, val, why) < 0)
			return -1;
	return 0;
}

/* Does a special case have to be looked for over the tokens? */
static bool
needs_path(const struct tok_rules *r, struct regex_room *room, const char *p,
    size_t n)
{
	size_t a, b;

	if (!r->faster || memchr(p, ' ', n))
		return true;
	return (r->prefix && regex_search(r->prefix, room, p, n, 0,
	    REGEX_ANYWHERE, &a, &b) && b > a) ||
	    (r->infix && regex_search(r->infix, room, p, n, 0,
	    REGEX_ANYWHERE, &a, &b)) ||
	    (r->suffix && regex_search(r->suffix, room, p, n, 0,
	    REGEX_ANYWHERE, &a, &b) && b > a);
}

static int
add_paths(struct tok_rules *r, struct fail *why)
{
	struct regex_room *room;
	struct toks t;
	int result = 0;
	uint32_t i;

	if (regex_room_open(&room, why) < 0)
		return -1;
	if (toks_open(&t, r, 0, why) < 0) {
		regex_room_close(room);
		return -1;
	}
	for (i = 0; i < r->texts.n && result == 0; i++) {
		const struct map_key *k = &r->texts.keys[i];

		if (!needs_path(r, room, k->p, k->len))
			continue;
		result = toks_plain(&t, k->p, k->len, why);
		if (result == 0 && add_path(r, t.v, t.n) < 0)
			result = fail(why, EXIT_MACHINE, "out of memory");
	}
	toks_close(&t);
	regex_room_close(room);
	return result;
}

static int
read_rules(struct tok_rules *r, struct pack_val root, struct fail *why)
{
	struct pack_val v;

	r->faster = true;
	if (pack_get(root, "faster_heuristics", &v))
		pack_bool(v, &r->faster);
	if (open_regex(&r->prefix, root, "prefix_search", why) < 0 ||
	    open_regex(&r->suffix, root, "suffix_search", why) < 0 ||
	    open_regex(&r->infix, root, "infix_finditer", why) < 0 ||
	    open_regex(&r->token, root, "token_match", why) < 0 ||
	    open_regex(&r->url, root, "url_match", why) < 0)
		return -1;
	if (pack_get(root, "exceptions", &v) && (add_specials(r, v, why) < 0 ||
	    add_paths(r, why) < 0))
		return -1;
	return 0;
}

int
tok_rules_open(struct tok_rules **rules, const char *p, size_t n,
    struct fail *why)
{
	struct map none = MAP_INIT;
	struct links bare = LINKS_INIT(1);
	struct tok_rules *r = calloc(1, sizeof *r);
	struct pack *doc;
	int result;

	if (!r)
		return fail_errno(why, "a tokenizer");
	r->texts = none;
	r->paths = bare;
	spellings_init(&r->norms);
	if (pack_open(&doc, p, n, why) < 0) {
		free(r);
		return -1;
	}
	result = read_rules(r, pack_root(doc), why);
	pack_close(doc);
	if (result < 0)
		tok_rules_close(r);
	else
		*rules = r;
	return result;
}

int
tok_rules_english(struct tok_rules **rules, struct fail *why)
{
	return tok_rules_open(rules, english_tokenizer, english_tokenizer_n,
	    why);
}

const struct spellings *
tok_rules_norms(const struct tok_rules *r)
{
	return &r->norms;
}

const struct regex *
tok_rules_url(const struct tok_rules *r)
{
	return r->url;
}

void
tok_rules_close(struct tok_rules *r)
{
	if (!r)
		return;
	regex_close(r->prefix);
	regex_close(r->suffix);
	regex_close(r->infix);
	regex_close(r->token);
	regex_close(r->url);
	map_free(&r->texts);
	free(r->specials);
	free(r->parts);
	links_free(&r->paths);
	spellings_free(&r->norms);
	free(r->ends);
	free(r);
}
