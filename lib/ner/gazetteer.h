/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gazetteer.h -- the names that are known: what they are, how they are
 * written, and a table in which a run of words of a text is found or not.
 *
 * A file is TSV, a name a line, in the columns
 *
 *	id  name  aliases  type  flags  spoken  weight
 *
 * of which only the first two are needed; a first line that begins with "id"
 * names the columns, in any order, and those it does not know are left alone.
 * Aliases and spoken forms are separated by '|' (spoken forms stand in the
 * order of the name and its aliases), flags by ','. Or it is NDJSON, objects
 * with members of these names, where aliases, flags and spoken may be arrays.
 * Flags, of which unknown ones are ignored:
 *
 *	exact		only as spelled, to the byte
 *	case		capitals only where the alias has them
 *	nofuzzy		never mistyped or misheard
 *	near:WORD/...	only within 8 words of one of these
 *	weight:N	as the column
 *
 * All is read-only after gazetteer_open(), and may be used by any number of
 * threads.
 */
#ifndef NER_GAZETTEER_H
#define NER_GAZETTEER_H

#include "base/buf.h"
#include "base/fail.h"
#include "ner/alias_table.h"

/* The ceilings. */
#define GAZ_ALIASES 8000000u    /* in all files */
#define GAZ_LETTERS 255         /* of an alias */
#define GAZ_FILE BUF_DOC        /* bytes of all files */

enum gaz_flag {
	GAZ_EXACT = 1, GAZ_CASE = 2, GAZ_NOFUZZY = 4
};

struct gaz_str {
	uint32_t at, n;         /* in gazetteer.text */
};

struct gaz_name {
	struct gaz_str id, name, type;
	struct gaz_str near;    /* folded words, a blank after each */
	double weight;          /* 1 where none is given */
	unsigned flags;
	uint32_t file, line;    /* where it is from */
};

/* One way to write a name. */
struct gaz_alias {
	struct gaz_str text;    /* as spelled; of a spoken form: the alias
	                         * that it speaks */
	struct gaz_str said;    /* of a spoken form: as spelled; else n 0 */
	uint32_t letters;       /* folded, in gazetteer.letters */
	uint32_t name;
	uint32_t next;          /* with the same letters: + 1; 0 is none */
	uint32_t shape;         /* where its words part; see mention.c */
	uint8_t nletters;
	bool spoken;
	bool single;            /* one word */
	bool parted;            /* by more than fold_joins() lets through */
};

struct gazetteer {
	struct buf text, letters;
	struct gaz_name *names;         /* owned */
	struct gaz_alias *aliases;      /* owned */
	uint32_t nnames, naliases;
	uint32_t cap_names, cap_aliases;
	struct alias_table table;       /* letters to the first alias */
	unsigned symbols;               /* that are letters; see fold.h */
	unsigned longest;               /* letters */
	const char **files;             /* the caller's, for messages */
};

/* Reads files. spoken: their spoken forms too. Returns 0, or -1 with
 * EXIT_USAGE and file and line. */
int gazetteer_open(struct gazetteer **g, const char **files, size_t nfiles,
    bool spoken, struct fail *why);
void gazetteer_close(struct gazetteer *g);

/* The first alias with the same letters, + 1; the others are by next. */
uint32_t gazetteer_find(const struct gazetteer *g, const struct gaz_alias *a);

static inline const char *
gaz_text(const struct gazetteer *g, struct gaz_str s)
{
	return g->text.p + s.at;
}

static inline const char *
gaz_letters(const struct gazetteer *g, const struct gaz_alias *a)
{
	return g->letters.p + a->letters;
}

/* Where the words of n letters part: equal shapes part at the same letters.
 * Add a word's length after another, from 0. */
static inline uint32_t
gaz_shape(uint32_t shape, uint32_t length)
{
	return shape * 31 + length;
}

#endif
