/* SPDX-License-Identifier: GPL-3.0-or-later */
/* index.h -- where the tokens of many lines begin, 64 bytes at a time.
 *
 * The first of two stages (Langdale and Lemire 2019, "Parsing gigabytes of
 * JSON per second", section 3.1; UTF-8 by Keiser and Lemire 2020,
 * "Validating UTF-8 in less than one instruction per byte", section 6).
 * Vector compares give bit masks of quotes, backslashes, operators and white
 * space; carry-less multiplication tells what is inside strings; the
 * positions of all operators, opening quotes, beginnings of other scalars,
 * and line ends outside strings are written out. What can be checked without
 * grammar is checked here: UTF-8, control characters in strings, escapes.
 *
 * Where a check fails, indexing stops at that 64-byte block: lines that end
 * before it are sound, the others want the byte-by-byte scanner.
 */
#ifndef JSON_INDEX_H
#define JSON_INDEX_H

#include "base/compat.h"

struct json_index {
	uint32_t *at;           /* positions, rising; the caller's memory, one
	                         * entry for each byte and 64 to spare */
	size_t n;               /* of them */
	size_t good;            /* up to here every check passed */
	bool escapes;           /* is there any backslash? */
};

struct json_kernel {
	const char *name;
	bool (*here)(void);     /* can this processor run it? */
	void (*index)(const char *p, size_t n, struct json_index *x);
};

/* From the widest to the plainest; ends with a NULL name. */
extern const struct json_kernel json_kernels[];

/* The widest that this processor can run; NULL where there is none. */
const struct json_kernel *json_kernel(void);

#endif
