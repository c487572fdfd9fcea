/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gen.h -- believable records out of templates, any of them at any time.
 *
 * Record i of a kind is a pure function of seed, kind and i: nothing is kept,
 * a list of a million costs no memory, and every page of it can be asked for
 * in any order. Each choice inside a record is a hash of the record's key and
 * of the slot's own text: the same slot gives the same word all over one
 * record (the product a caller names at first is the one named at the end);
 * a tag makes another choice of it: {first#2}.
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

struct bot;

struct gen {
	uint64_t seed;
	int64_t anchor;         /* ms: the midnight at which all spans end */
	struct buf words_text, kinds_text;
	struct map words;       /* names of lists[] */
	struct word_list *lists;
	struct kind *kinds;
	size_t nkinds;
	int64_t records;        /* what "many" is: --records */
	uint64_t fresh;         /* of {fresh}; counts */
	const struct bot *bot;  /* whose utterances slots tell; NULL: none */
};

/* Reads words.json and records.ndjson. Returns 0 or -1. */
int gen_open(struct gen *g, uint64_t seed, int64_t now, int64_t records,
    struct fail *why);
void gen_free(struct gen *g);

const struct kind *gen_kind(const struct gen *g, const char *name);

/* Record i of a kind, as JSON. */
void gen_record(struct gen *g, const struct kind *k, uint64_t i,
    const struct request *q, struct buf *b);

/* Identifiers, both ways; -1 where none of that kind. */
void gen_id(const struct kind *k, uint64_t i, char id[GEN_ID]);
int64_t gen_find(const struct kind *k, const char *id);

/* The moment of record i, ms; and the records with from <= moment < to. */
int64_t gen_time(const struct gen *g, const struct kind *k, uint64_t i);
void gen_range(const struct gen *g, const struct kind *k, int64_t from,
    int64_t to, int64_t *low, int64_t *high);

#endif
