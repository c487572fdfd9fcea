/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lines.h -- the files that drive the mock are NDJSON, an object a line.
 *
 * Lines of white space are skipped. What is wrong is said with the file's
 * name and the line (EXIT_USAGE): these files are configuration, not data.
 */
#ifndef MOCK_LINES_H
#define MOCK_LINES_H

#include "base/fail.h"
#include "json/scan.h"

/* Takes one checked object, a slice of the text. Returns 0, or -1 with why,
 * to which the place is added. */
typedef int lines_take(void *ctx, struct json_val line, int number,
    struct fail *why);

/* Walks a text; name is for messages. Returns 0 or -1. */
int lines_each(const struct buf *text, const char *name, lines_take *take,
    void *ctx, struct fail *why);

/* Reads a file of the user's whole. Returns 0, or -1 (EXIT_USAGE where it
 * cannot be opened). */
int lines_read(struct buf *b, const char *path, struct fail *why);

/* A member as text, owned by the caller; NULL where it is absent, no string,
 * or memory ended. */
char *member_text(struct json_val obj, const char *name);

#endif
