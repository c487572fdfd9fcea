/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gen.h -- believable records out of templates, any of them at any time.
 *
 * Record i of a kind is a pure function of seed, kind and i: nothing is kept,
 * a list of a million costs no memory, and every page of it can be asked for
 * in any order. Each choice inside a record is a hash of the record's key and
 * of the slot's own text: the same slot gives the same word all over one
 * record (the product a caller names at first is the one named at the end);
 * a tag makes another choice of it: {first#2}.
 *
 * Templates are JSON (share/mock/records.ndjson). In their strings stand
 * slots in braces; {{ is a brace:
 *
 *	{index} {number}        the record's place, from 0, from 1
 *	{id}                    its identifier
 *	{id KIND}               that of some record of another kind
 *	{time} {time +90}       its moment, and seconds after it (negative too)
 *	{day}                   the day of that
 *	{int A B} {num A B D}   a number, with D decimals
 *	{chance P}              true or false
 *	{path N} {query N} {body N}     what the request said, "" where absent
 *	{base}                  the server's own address
 *	{fresh}                 an identifier that no two requests share
 *	{who} {said} {turn}     in $turns
 *	{LIST}                  a word of a list in share/mock/words.json; the
 *	                        word may hold slots itself
 *
 * A string that is nothing but {=slot} becomes the bare value: a number, a
 * boolean, a member of the body whatever it is (null where absent). Objects
 * with a name in $ first are directives:
 *
 *	{"$repeat":[2,5],"of":T}        an array; in it choices are its own
 *	{"$pick":[T,T,...]}             one of them
 *	{"$maybe":0.8,"of":T}           as a member: sometimes not there
 *	{"$turns":"LIST","of":T}        an array, a T for each turn of a talk:
 *	                                LIST of words.json holds talks, arrays
 *	                                of [who, said]
 */
#ifndef MOCK_GEN_H
#define MOCK_GEN_H

#include "base/map.h"
#include "exchange.h"

#define GEN_ID 37               /* an identifier and its NUL */
#define DAY_MS ((int64_t)86400000)

struct kind {
	char name[48];
	uint64_t key;           /* of seed and name */
	int64_t total;
	int64_t days;           /* the span before anchor; 0: no time */
	struct json_val record; /* the template */
};

struct word_list {
	struct json_val *v;     /* owned; n of them */
	size_t n;
};

struct gen {
	uint64_t seed;
	int64_t anchor;         /* ms: the midnight at which all spans end */
	struct buf words_text, kinds_text;
	struct map words;       /* names of lists[] */
	struct word_list *lists;
	struct kind *kinds;
	size_t nkinds;
	uint64_t fresh;         /* of {fresh}; counts */
};

/* Where a template is expanded. */
struct seat {
	uint64_t key;           /* all choices come from it */
	const struct kind *kind;
	uint64_t index;
	int64_t time;
	const struct request *q;        /* may be NULL */
	uint64_t talk;          /* the key of what is said, in $turns */
	struct json_val who, said;
	int64_t turn;
};

/* Reads words.json and records.ndjson. total replaces "records" there.
 * Returns 0 or -1. */
int gen_open(struct gen *g, uint64_t seed, int64_t now, int64_t total,
    struct fail *why);
void gen_free(struct gen *g);

const struct kind *gen_kind(const struct gen *g, const char *name);

/* Record i of a kind, as JSON. */
void gen_record(struct gen *g, const struct kind *k, uint64_t i,
    const struct request *q, struct buf *b);

/* Any template for a request. */
void gen_answer(struct gen *g, struct json_val template,
    const struct request *q, struct buf *b);

/* Text with slots. */
void gen_text(struct gen *g, const struct seat *s, const char *p, size_t n,
    struct buf *b);

/* Identifiers, both ways; -1 where none of that kind. */
void gen_id(const struct kind *k, uint64_t i, char id[GEN_ID]);
int64_t gen_find(const struct kind *k, const char *id);

/* The moment of record i, ms; and the records with from <= moment < to. */
int64_t gen_time(const struct gen *g, const struct kind *k, uint64_t i);
void gen_range(const struct gen *g, const struct kind *k, int64_t from,
    int64_t to, int64_t *low, int64_t *high);

#endif
