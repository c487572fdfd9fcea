/* SPDX-License-Identifier: GPL-3.0-or-later */
/* input.h -- contacts from NDJSON, from a reject file, or from CSV.
 *
 * Each is handed out with its place. What is no contact at all (a line that
 * is no JSON, a row with too few cells) is handed out too, with the rule that
 * it breaks. A CSV row becomes a record {"contactId", "features"}, typed by
 * the feature file: an empty cell is null, a cell that is no number where one
 * is meant stays a string, which the check will not like. Without a feature
 * file each column but contactId is a feature, and all its cells are strings.
 */
#ifndef SCORE_INPUT_H
#define SCORE_INPUT_H

#include "features.h"

#include "json/filter.h"

struct contact {
	struct record rec;      /* file, number, attempt, line; val and members
	                         * where rule is NULL */
	const char *rule;       /* what it breaks as a line, or NULL */
	char error[200];
	size_t column;          /* 0: unknown */
	uint64_t offset, length;        /* of one over the ceiling (line NULL) */
	bool is_json;
};

/* Takes one; it dies when this returns. Returns 0, or -1 to end with why. */
typedef int input_take(void *ctx, const struct contact *c, struct fail *why);

struct input {
	struct features *features;      /* NULL: none, for CSV */
	bool csv, retry;
	uint64_t max_record;
	input_take *take;
	int (*idle)(void *ctx, struct fail *why);       /* before a wait */
	void *ctx;
	uint64_t blank, bytes;  /* counted */
};

/* Hands out all contacts of some files; none: stdin. Returns 0 or -1. */
int input_each(struct input *in, char **files, int nfiles, struct fail *why);

/* "true" or "false" where a cell says so, also as spreadsheets and Python spell
 * it (TRUE, True); else NULL. */
const char *input_truth(const char *p, size_t n);

#endif
