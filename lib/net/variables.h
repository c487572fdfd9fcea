/* SPDX-License-Identifier: GPL-3.0-or-later */
/* variables.h -- which variables a request's program reads, found by reading
 * it.
 *
 * What it reads is a chain: .vars.NAME, .record.NAME, .env.NAME, or several
 * with // between them, each the alternative of the one before. A chain that
 * ends in anything else has a default; one that an if asks about may be null.
 * Comments do not count; the bodies of strings do, for \( ) stands in them.
 *
 *	.vars.size // 100                       size: default 100
 *	.vars.bot_id // .env.bot_id             bot_id: needed, or the setting
 */
#ifndef NET_VARIABLES_H
#define NET_VARIABLES_H

#include "base/fail.h"
#include "base/map.h"

#define CHAIN_LINKS 4

enum link_from { LINK_VARS, LINK_RECORD, LINK_ENV };

struct chain {
	struct link {
		enum link_from from;
		char *name;             /* owned */
	} links[CHAIN_LINKS];
	int n;
	char *fallback;                 /* owned; NULL: none, it is needed */
};

struct variables {
	struct chain *v;                /* owned; n, in order of the text */
	size_t n;
	bool open;                      /* .vars is also read as a whole */
};

/* Reads a program. Returns 0 or -1; to be freed either way. */
int variables_find(struct variables *vs, const char *program,
    struct fail *why);

/* Is .vars.NAME read anywhere? */
bool variables_have(const struct variables *vs, const char *name, size_t n);

/* Adds the names after .vars, each once, in order of the text. */
void variables_names(const struct variables *vs, struct map *names);

/* The first chain that has .vars.NAME in it, or NULL. */
const struct chain *variables_chain(const struct variables *vs,
    const char *name, size_t n);

/* The bytes of an identifier at p; 0 where none begins there. */
size_t variables_identifier(const char *p);

void variables_free(struct variables *vs);

#endif
