/* SPDX-License-Identifier: GPL-3.0-or-later */
/* toml.h -- the few lines of TOML that config.toml uses.
 *
 * Tables, keys (bare, quoted, dotted), and values on one line: basic and
 * literal strings with all of TOML 1.0's escapes; everything else (numbers,
 * booleans, dates, arrays, inline tables) is handed out as spelled. Strings
 * and arrays over several lines and arrays of tables are errors, as is a
 * NUL, a control character or bytes that are no UTF-8. An error names the
 * line and the byte column, and never quotes what stands there: it may be a
 * secret. That a key stands twice is the caller's to judge.
 *
 *	toml_each("config.toml", text, n, on_item, ctx, &why);
 */
#ifndef CONF_TOML_H
#define CONF_TOML_H

#include "base/buf.h"
#include "base/fail.h"

struct toml_item {
	const char *table;      /* "" before the first header; parts of a
	                         * dotted name are joined by '.' */
	const char *key;        /* likewise */
	const char *text;       /* decoded string, or the value as spelled */
	bool string;            /* was it a string? */
	unsigned line;          /* from 1 */
};

/* Takes one item; everything in it dies when it returns. Returns 0, or -1
 * with why to end the reading. */
typedef int toml_take(void *ctx, const struct toml_item *item,
    struct fail *why);

/* Reads a document; name is its file's, for messages. Returns 0, or -1 with
 * EXIT_USAGE, or what take() failed with. Its own copies are wiped. */
int toml_each(const char *name, const char *p, size_t n, toml_take *take,
    void *ctx, struct fail *why);

#endif
