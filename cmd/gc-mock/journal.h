/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journal.h -- a line of JSON for each request, written when its answer is
 * decided: n, method, path, query, headers, body_bytes, body_sha256, status,
 * and fault, the line of the rule that was carried out.
 *
 * Of Authorization only the scheme is told; other headers that carry secrets
 * (Cookie, Proxy-Authorization) are told as present. Header names are in
 * lower case; one that comes twice has its values joined by ", ".
 */
#ifndef MOCK_JOURNAL_H
#define MOCK_JOURNAL_H

#include "exchange.h"
#include "fault.h"

struct journal {
	int fd;                 /* -1: none is kept */
	struct buf line;
	bool failed;            /* a write went wrong, and that was told */
};

/* Opens the file anew (NULL: none). Returns 0, or -1 with EXIT_USAGE. */
int journal_open(struct journal *j, const char *path, struct fail *why);

/* Writes the line of one exchange; status 0 where no status line is sent.
 * Returns 0 or -1; after a failure nothing is written any more. */
int journal_add(struct journal *j, const struct request *q, int status,
    struct fail *why);

void journal_close(struct journal *j);

#endif
