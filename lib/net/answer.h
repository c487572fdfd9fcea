/* SPDX-License-Identifier: GPL-3.0-or-later */
/* answer.h -- what an answer of a service has at which place.
 *
 * An answer may be megabytes, and several things are asked of it: so its
 * members are noted in one walk, and looked up among those. Paths are member
 * names with dots between them, "a|b" is the first path that is there.
 *
 *	struct answer a;
 *
 *	answer_note(&a, value);
 *	if (answer_number(&a, "total|totalHits", &total)) ...
 */
#ifndef NET_ANSWER_H
#define NET_ANSWER_H

#include "json/scan.h"

#define ANSWER_MEMBERS 64       /* so many are noted; more are searched */
#define ANSWER_PATH 200         /* longest path, with its NUL */

struct answer {
	struct json_val v;              /* a checked value; the caller's */
	struct json_val key[ANSWER_MEMBERS], val[ANSWER_MEMBERS];
	size_t n;
	bool all;                       /* there are no more than that */
};

void answer_note(struct answer *a, struct json_val v);

/* What stands at one path; where a name stands twice the last one counts. */
bool answer_get(const struct answer *a, const char *path,
    struct json_val *out);

/* The first of some paths at which a whole number stands. */
bool answer_number(const struct answer *a, const char *paths, int64_t *out);

/* Is there, at one path, a word: a number, or a string that is not empty? */
bool answer_has_word(const struct answer *a, const char *path);
bool answer_is_word(struct json_val v);

/* A number without a fraction that a double holds exactly, however spelled. */
bool answer_whole(struct json_val v, int64_t *out);

/* Copies the first of several paths and moves on to the next. False at the
 * end; a path that is too long ends it too. */
bool answer_path(const char **paths, char path[ANSWER_PATH]);

#endif
