/* SPDX-License-Identifier: GPL-3.0-or-later */
/* resume.h -- where a run stands, in a file, so that the next one goes on.
 *
 * Written after each chunk, when its scores and rejects are on the disk. A
 * state belongs to one question (feature file, model, options, names of the
 * inputs) and refuses another; that the inputs are the same is told from the
 * last record done.
 */
#ifndef SCORE_RESUME_H
#define SCORE_RESUME_H

#include "features.h"

#include "json/ledger.h"

struct resume {
	const char *path;               /* NULL: no state is kept */
	char query[DIGEST_HEX];         /* the question */
	uint64_t done;                  /* records */
	char last[DIGEST_HEX];          /* of the last of them; "" */
	uint64_t bytes, rejects;        /* of the output, of the reject file */
	bool complete;                  /* all is done but renaming them */
	struct ledger n;
	uint64_t replaced[FEATURES_MAX];
};

/* Reads the file where it is there. Returns 1; 0 where it is not, but can be
 * written; -1 with EXIT_USAGE. */
int resume_load(struct resume *r, struct fail *why);

int resume_save(const struct resume *r, struct fail *why);

/* All is done. */
int resume_remove(const struct resume *r, struct fail *why);

#endif
