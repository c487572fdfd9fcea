/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exit.h -- what a program's end means to its caller.
 *
 * One table for the suite. Each manual page lists the codes it can give; a
 * lint test compares the two. Death by signal stays death by signal.
 */
#ifndef BASE_EXIT_H
#define BASE_EXIT_H

enum exit_code {
	EXIT_OK = 0,        /* done */
	EXIT_NO = 1,        /* done, and the answer is "no" (by option only) */
	EXIT_USAGE = 2,     /* wrong usage or configuration */
	EXIT_DATA = 3,      /* bad input data */
	EXIT_SERVICE = 4,   /* the service failed after all retries */
	EXIT_DENIED = 5,    /* not allowed: 401, 403, a missing scope */
	EXIT_MACHINE = 6,   /* disk full, read or write error, memory */
	EXIT_INCOMPLETE = 7 /* go on with the same command and its state file */
};

#endif
