/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tok.h -- text to tokens, as spaCy's rule tokenizer cuts it.
 *
 * From spacy/tokenizer.pyx (3.8). Text is cut into runs of white space and of
 * everything else (a single blank between two runs belongs to the token
 * before it). A run is looked up whole among the special cases; if it is
 * none, prefixes and suffixes are cut off by their patterns until a special
 * case or nothing of the kind is left; what remains is one token where it is
 * a URL, else it is cut at the infixes. Afterwards special cases that hold
 * affixes or blanks themselves ("a.m.)" cannot be found before) are looked
 * for once more over the tokens.
 *
 * The rules are shared; a struct toks is a thread's own: its regex room, its
 * memory of runs that it has seen (capped; forgetting changes nothing), and
 * the tokens of the last text.
 */
#ifndef NER_TOK_H
#define NER_TOK_H

#include "base/fail.h"

enum {
	TOK_BLANK = 1,          /* exactly one blank follows (SPACY) */
	TOK_SPACE = 2,          /* nothing but white space (IS_SPACE) */
	TOK_STARTS = 4,         /* a special case of several tokens may begin
	                         * with it */
	TOK_SENT = 8,           /* a sentence begins with it: the first, unless
	                         * it is of a special case that was looked for
	                         * over tokens; a parser knows better */
	TOK_TAKEN = 16          /* an entity that an earlier component found
	                         * holds it */
};

struct tok {
	uint64_t orth;          /* hash_text() of its text */
	uint64_t norm;          /* a special case's norm, or 0 */
	uint32_t start, n;      /* bytes in the text */
	uint32_t cp, cps;       /* the same in code points */
	uint32_t flags;
};

struct regex;
struct spellings;
struct tok_rules;

/* Reads a pipeline's file "tokenizer", whose bytes may go afterwards.
 * Returns 0, or -1 with EXIT_USAGE. */
int tok_rules_open(struct tok_rules **rules, const char *p, size_t n,
    struct fail *why);

/* The rules of English, for texts that no pipeline reads. */
int tok_rules_english(struct tok_rules **rules, struct fail *why);
void tok_rules_close(struct tok_rules *rules);

/* What the rules take for a URL, or NULL. */
const struct regex *tok_rules_url(const struct tok_rules *rules);

/* The texts of its special cases' norms. */
const struct spellings *tok_rules_norms(const struct tok_rules *rules);

struct toks {
	struct tok *v;          /* owned; n of them */
	size_t n, cap;
	struct toks_impl *impl;
};

/* memory: about how many bytes of runs to remember. */
int toks_open(struct toks *t, const struct tok_rules *rules, size_t memory,
    struct fail *why);
void toks_close(struct toks *t);

/* Cuts n bytes of valid UTF-8 (below 4 GiB). Tokens stay until the next
 * call. Returns 0, or -1 where memory ends. */
int toks_cut(struct toks *t, const char *p, size_t n, struct fail *why);

#endif
