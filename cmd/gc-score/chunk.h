/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chunk.h -- contacts on their way to the service and back.
 *
 * Filled by the thread that reads, worked on by one that sends, written out
 * by the first again, in order. Holds the contacts as they are sent, one
 * after the other with commas between them, so that any run of them is a
 * slice; and each one's place, record and answer.
 */
#ifndef SCORE_CHUNK_H
#define SCORE_CHUNK_H

#include "check.h"
#include "input.h"

#include "json/envelope.h"

struct item {
	size_t at, n;           /* of text: the contact; n 0: it is rejected */
	size_t id;              /* length of its id, as spelled */
	size_t raw, nraw;       /* of raw: its record */
	size_t file;            /* of names: its file's name */
	uint64_t number;
	int attempt;
	uint64_t replaced;
	size_t note, nnote;     /* of notes: its envelope, where n is 0 */
	struct json_val score, low, high;       /* while the answer lives */
};

struct chunk {
	struct item *v;
	size_t n, cap;
	size_t sent;            /* items that are not rejected */
	bool keeps;             /* records, for rejects */
	struct buf text, raw, names, notes;
	struct map ids;         /* decoded ids, in order of arrival */
	uint32_t *of_id;        /* the item of an id; cap of them */
	const char *file;       /* the last one that was named */
	size_t file_at;
	/* what came of it */
	struct buf out, audit;
	uint64_t scored, rejected, retried;
	struct fail bad;        /* code 0: nothing ended it */
	char last[DIGEST_HEX];  /* of the last record: where a state stands */
	struct buf scratch;
};

void chunk_init(struct chunk *c, bool keeps);
void chunk_clear(struct chunk *c);
void chunk_free(struct chunk *c);

/* Adds a contact, and takes over what check found. Returns 0; 1 where its id
 * is in the chunk already, and nothing was added; -1 with EXIT_MACHINE. */
int chunk_add(struct chunk *c, const struct contact *from,
    const struct check *check, const struct buf *contact, struct fail *why);

/* Adds one that is rejected before it is sent; list, where not NULL, is put
 * into its envelope as "violations". Returns 0 or -1. */
int chunk_reject(struct chunk *c, const struct contact *from,
    const char *rule, const char *error, const struct buf *list,
    struct fail *why);

/* What the service said when it refused one. */
struct refusal {
	const char *error;
	int status;
	char correlation[72];   /* by which it knows the request; "" */
};

/* Rejects one that the service refused. */
void chunk_refuse(struct chunk *c, size_t i, const struct refusal *said);

/* "file:line:", for messages. */
void chunk_place(struct chunk *c, size_t i, struct buf *b);

/* The number of the item with an id, a string however it is spelled; or
 * SIZE_MAX. */
size_t chunk_find(struct chunk *c, struct json_val id);

/* The id of an item, as spelled. */
struct json_val chunk_id(const struct chunk *c, size_t i);

#endif
