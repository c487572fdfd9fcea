/* SPDX-License-Identifier: GPL-3.0-or-later */
/* audit.h -- a file of JSON lines that several processes append to, and that
 * is put aside when it has grown.
 *
 * Each line is one write to a descriptor opened for appending. When the file
 * has reached its size, FILE.4 becomes FILE.5 and so on, FILE becomes FILE.1
 * and a new one is begun: under a lock on FILE.lock, by whoever is first; the
 * others notice that the name means another file now. Mode 0600: what people
 * asked for is nobody else's business.
 *
 *	audit_open(&a, "audit.ndjson", 10 << 20, &why);
 *	audit_line(&a, text, n, &why);          text without line end
 *	audit_close(&a);
 */
#ifndef NET_AUDIT_H
#define NET_AUDIT_H

#include "base/fail.h"

#define AUDIT_KEPT 5            /* how many old files stay */

struct audit {
	char *path;             /* owned; NULL: not open */
	uint64_t size;
	int fd;
};

/* Returns 0, or -1 with EXIT_USAGE where the file cannot be opened. */
int audit_open(struct audit *a, const char *path, uint64_t size,
    struct fail *why);

/* Appends a line. Not locked between threads: one write each. Returns 0 or
 * -1. */
int audit_line(struct audit *a, const char *p, size_t n, struct fail *why);

void audit_close(struct audit *a);

#endif
