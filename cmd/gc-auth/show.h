/* SPDX-License-Identifier: GPL-3.0-or-later */
/* show.h -- a token, and what is known about it, as text.
 *
 * The two that write a token go to stdout by one write, through a buffer that
 * is wiped: no copy stays in stdio.
 */
#ifndef GC_AUTH_SHOW_H
#define GC_AUTH_SHOW_H

#include "cache.h"
#include "plan.h"

/* Is it a name that show_token() knows? Else -1 with EXIT_USAGE. */
int show_format(const char *name, struct fail *why);

/* The scopes a token has by the service's word, else those it was asked for
 * with; NULL where nothing is known. */
const char *show_scopes(struct plan *p, const struct cached *t);

/* Writes a buffer to stdout at once, and wipes and frees it. Returns 0 or
 * -1. */
int show_print(struct buf *b, struct fail *why);

/* Prints the token: token, header, json, curl-config or env. Returns 0 or
 * -1. */
int show_token(struct plan *p, const struct cached *t, const char *format,
    struct fail *why);

/* Prints {"valid","source","token_url","client_id","taken","expires",
 * "seconds_left","scopes"}; t->token NULL says that none is kept. Returns 0
 * or -1. */
int show_status(struct plan *p, const struct cached *t, const char *path,
    int64_t left, struct fail *why);

/* Prints every setting and its origin; path is the cache's, or NULL. */
int show_config(struct plan *p, double margin, const char *path,
    struct fail *why);

#endif
