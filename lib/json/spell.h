/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spell.h -- long integers, taken through a program that knows only doubles.
 *
 * 9007199254740993 is no double. Before such a program a stand-in takes its
 * place: the nearest double, or, where that is taken, one around it, whose
 * spelling occurs nowhere else in the text; behind it each stand-in, as a
 * number or among a string's letters, is what it stood for again:
 *
 *	{"id":9007199254740993}  >  {"id":9007199254740992}
 *	"/calls/\(.id)"          >  "/calls/9007199254740992"
 *	                         >  "/calls/9007199254740993"
 *
 * So identifiers pass unharmed. Arithmetic sees the nearest double, as ever;
 * only of two integers that would be the same one it sees two, a few units in
 * the last place apart (more where thousands lie between two doubles).
 * A run is SPELL_RUN digits or more, with no digit before or behind them;
 * integers past 10^32, and numbers with a fraction or an exponent, are left
 * to the program.
 *
 *	struct spell s = SPELL_INIT;
 *	if (spell_needed(p, n) && spell_out(&s, p, n) == 1)
 *		p = s.text.p ...
 *	spell_back(&s, result, len);    s.text is the result
 *	spell_free(&s);
 */
#ifndef JSON_SPELL_H
#define JSON_SPELL_H

#include "base/buf.h"
#include "base/map.h"

#define SPELL_RUN 16            /* 10^15 and all below are doubles */

struct spell {
	struct buf text;        /* what spell_out() or spell_back() made */
	struct map runs;        /* of the text, and the stand-ins */
	uint32_t *other;        /* owned: of each run, 1 + its stand-in in a
	                         * text that goes out, or what it stood for in
	                         * one that comes back; 0 for neither */
	uint32_t cap;
	int width;              /* how far around stand-ins are looked for, as
	                         * a power of 2 */
	bool used;              /* is there a stand-in? */
};

#define SPELL_INIT { BUF_INIT(BUF_DOC), MAP_INIT, NULL, 0, 0, false }

/* Has a text a run of that many digits? Looks at a byte in SPELL_RUN. */
bool spell_needed(const char *p, size_t n);

/* Puts a checked JSON text with stand-ins into s->text. Returns 1; 0 where
 * none is needed; -1 where memory ends. */
int spell_out(struct spell *s, const char *p, size_t n);

/* Puts a program's result, with what the stand-ins of the last spell_out()
 * stood for, into s->text. Returns 0 or -1. */
int spell_back(struct spell *s, const char *p, size_t n);

void spell_free(struct spell *s);

#endif
