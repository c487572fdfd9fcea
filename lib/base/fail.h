/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fail.h -- why a library call did not do its work.
 *
 * Library code never prints and never exits: it fills the caller's struct
 * fail and returns -1. The caller adds what it knows (a file, a line) and
 * main turns the code into the process's end.
 *
 *	struct fail why;
 *	if (out_open(&out, path, 0, &why) < 0)
 *		return msg_fail(&why);
 */
#ifndef BASE_FAIL_H
#define BASE_FAIL_H

#include "base/compat.h"
#include "base/exit.h"

struct fail {
	int code;         /* the exit code that this failure deserves */
	char text[512];   /* one sentence, no line end; cut if longer */
};

/* Fills why (may be NULL) and returns -1. */
int fail(struct fail *why, int code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The same, with ": " and the text of errno added; code EXIT_MACHINE. */
int fail_errno(struct fail *why, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Puts "fmt...: " before the sentence that is there; returns -1. */
int fail_prefix(struct fail *why, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
