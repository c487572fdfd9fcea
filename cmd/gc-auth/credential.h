/* SPDX-License-Identifier: GPL-3.0-or-later */
/* credential.h -- the client's secret: where it comes from, read late.
 *
 * A secret in a file, a descriptor or a command's output is read only when a
 * token is really asked for, so that a token from the cache costs no prompt.
 * It is one line; its line end is no part of it.
 */
#ifndef GC_AUTH_CREDENTIAL_H
#define GC_AUTH_CREDENTIAL_H

#include "base/buf.h"
#include "base/fail.h"

/* Where it comes from: the first of these that is set. */
struct credential {
	const char *cmd;        /* a line for the shell */
	int fd;                 /* -1: none */
	const char *file;
	const char *text;       /* the secret itself */
	const char *origin;     /* for messages: "GENESYS_CLIENT_SECRET" */
};

/* Says something worth knowing. */
typedef void credential_note(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Puts the secret into out (cleared, and its whole ceiling reserved first, so
 * that no copy stays behind). Returns 0, or -1 with EXIT_USAGE. */
int credential_read(const struct credential *from, struct buf *out,
    credential_note *note, struct fail *why);

#endif
