/* SPDX-License-Identifier: GPL-3.0-or-later */
/* f_pattern.c -- patterns that are anything at all: refused or taken, and what
 * they find stands in order and overlaps nothing. Up to the first NUL it is
 * the patterns, behind it the text. */
#include "json/scan.h"
#include "ner/match.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct tok_rules *rules;         /* read once */

static void
look(const struct matcher *m, const struct patterns *p, size_t n)
{
	size_t i, end = 0;

	for (i = 0; i < m->nspans; i++) {
		const struct match_span *s = &m->spans[i];

		if (s->token < end || s->ntokens == 0 || s->token +
		    s->ntokens > n || s->pattern >= p->n)
			abort();
		end = s->token + s->ntokens;
	}
}

static void
match(const struct patterns *p, const char *text, size_t n)
{
	static const struct match_ent one = { 1, 2, "ORG", 3 };
	struct match_ents ents = { &one, 1, false };
	struct matcher m;
	struct toks t;
	struct fail why;

	if (toks_open(&t, rules, 4096, &why) == 0 &&
	    toks_cut(&t, text, n, &why) == 0 &&
	    matcher_open(&m, p, &why) == 0) {
		if (matcher_run(&m, text, t.v, t.n, NULL, &why) == 0)
			look(&m, p, t.n);
		if (t.n > 3 && matcher_run(&m, text, t.v, t.n, &ents, &why) ==
		    0)
			look(&m, p, t.n);
		matcher_close(&m);
	}
	toks_close(&t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *text = (const char *)data, *cut = memchr(data, 0, n);
	size_t first = cut ? (size_t)(cut - text) : n, rest = n - first;
	struct norms none = { NULL, NULL, 0, 0 };
	struct pattern_how how = { NULL, &none, NULL, true, ATTR_ORTH };
	struct patterns *p;
	struct fail why;

	if (n == 0 || (!rules && tok_rules_english(&rules, &why) < 0))
		return 0;
	how.rules = rules;
	how.phrase = n & 1 ? ATTR_LOWER : ATTR_ORTH;
	if (patterns_open(&p, &how, &why) < 0)
		return 0;
	if (patterns_add(p, "patterns", text, first, &why) == 0 &&
	    patterns_ready(p, &why) == 0) {
		if (rest > 0) {
			text = cut + 1;
			rest--;
		} else {
			text = "The cloud phone isn't a 2-line U.K. phone (yet)";
			rest = strlen(text);
		}
		if (json_utf8(text, rest) == rest)
			match(p, text, rest);
	}
	patterns_close(p);
	return 0;
}
