/* SPDX-License-Identifier: GPL-3.0-or-later */
/* poll.h -- a request repeated until an expression on its answer is true.
 *
 * An answer of 404 before the first good one is patience: the job does not
 * exist yet. An answer that says it failed (the call's own expression, else
 * a "status" or "state" that means so) is EXIT_SERVICE; the time running out
 * EXIT_INCOMPLETE.
 */
#ifndef GC_FETCH_POLL_H
#define GC_FETCH_POLL_H

#include "run.h"

#define POLL_INTERVAL 5.0       /* seconds, where nobody says */
#define POLL_MAX_WAIT 300.0

/* Sends the run's request until r->body holds an answer that is it. */
int poll_until(struct run *r, struct fail *why);

#endif
