/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unique.h -- an object's members, each name once.
 *
 * Where a name stands twice the last value counts, in the place of the first,
 * as in jq's objects.
 *
 *	struct unique u = UNIQUE_INIT;
 *	if (unique_members(&u, object) < 0)     out of memory
 *	for (i = 0; i < u.names.n; i++)
 *		use(u.names.keys[i], u.vals[i]);
 *	unique_free(&u);
 */
#ifndef JSON_UNIQUE_H
#define JSON_UNIQUE_H

#include "base/map.h"
#include "json/scan.h"

struct unique {
	struct map names;       /* decoded */
	struct json_val *vals;  /* owned; by number of the name */
	uint32_t cap;
};

#define UNIQUE_INIT { MAP_INIT, NULL, 0 }

/* Gathers the members of a checked object. Returns 0, or -1 where memory
 * ends. */
int unique_members(struct unique *u, struct json_val object);

void unique_free(struct unique *u);

#endif
