/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ledger.h -- what became of every record: a line of counts at a program's
 * end; and how many rejects are too many.
 *
 * in = used + dropped + rejected always holds, and along a pipe each
 * program's in is the out of the one before. Programs share the file: a line
 * is one append.
 */
#ifndef JSON_LEDGER_H
#define JSON_LEDGER_H

#include "base/fail.h"

struct ledger {
	uint64_t in, used, dropped, rejected;   /* records */
	uint64_t out;                           /* records written */
	uint64_t retried;                       /* requests sent again */
	uint64_t blank;                         /* lines of white space */
	uint64_t bytes;                         /* read */
	int64_t started;                        /* clock_now() */
	const char *more;       /* members of the program's own, as JSON text
	                         * without braces; NULL: none */
};

/* Can a line be appended? Asked before the work, which may take hours. Returns
 * 0, or -1 with EXIT_USAGE. */
int ledger_check(const char *path, struct fail *why);

/* Appends the line. Returns 0 or -1. */
int ledger_append(const char *path, const struct ledger *l,
    struct fail *why);

/* --max-reject: N records, or P% of them. */
struct allowance {
	uint64_t max;           /* UINT64_MAX: no limit */
	double percent;         /* < 0: no limit */
};

/* Reads "N" or "P%"; NULL allows any number. Returns 0, or -1 with
 * EXIT_USAGE. */
int allowance_parse(struct allowance *a, const char *s, struct fail *why);

/* Is it kept? A percentage can be told at the end only. Returns 0, or -1 with
 * EXIT_DATA. */
int allowance_check(const struct allowance *a, const struct ledger *l,
    bool end, struct fail *why);

#endif
