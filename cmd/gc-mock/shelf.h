/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shelf.h -- what clients wrote, kept by name as long as the mock runs. */
#ifndef MOCK_SHELF_H
#define MOCK_SHELF_H

#include "base/buf.h"
#include "base/map.h"

struct thing {
	struct buf json;        /* a checked value */
	int64_t version;        /* from 1; one more with each write */
	uint64_t family;        /* what it belongs to */
	bool gone;
};

struct shelf {
	struct map names;       /* family and name -> number in v */
	struct thing **v;       /* owned, each of them, in order of arrival */
};

/* The thing of a name; NULL where there is none, or where it is gone. */
struct thing *shelf_find(const struct shelf *s, uint64_t family,
    const char *name);

/* The same, made (empty, version 0) where there is none. NULL where memory
 * ends. */
struct thing *shelf_put(struct shelf *s, uint64_t family, const char *name);

void shelf_free(struct shelf *s);

#endif
