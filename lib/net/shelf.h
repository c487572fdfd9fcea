/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shelf.h -- where named requests lie.
 *
 * A name stands for a file NAME.jq, looked for in the user's own folder
 * (${XDG_CONFIG_HOME:-~/.config}/gcpipe/requests), then in
 * share/requests/SET, SET being tutorial or platform. A name with a slash in
 * it is a file's own.
 */
#ifndef NET_SHELF_H
#define NET_SHELF_H

#include "base/buf.h"
#include "base/fail.h"

/* Puts a request's program into text. Returns 0, or -1 with EXIT_USAGE. */
int shelf_read(struct buf *text, const char *name, const char *set,
    struct fail *why);

/* "dir/NAME.jq" to "NAME", a string of the caller's own; NULL where memory
 * ends. */
char *shelf_name(const char *name);

/* Adds the leading comment of a program, "# " taken off; only its first line
 * where asked. */
void shelf_comment(struct buf *b, const char *text, bool first_only);

/* Adds a line "name<TAB>first line of its comment" for each request there
 * is, sorted; the user's own take the place of the others. */
int shelf_list(struct buf *b, const char *set, struct fail *why);

#endif
