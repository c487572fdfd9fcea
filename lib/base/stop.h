/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stop.h -- SIGINT, SIGTERM and SIGHUP end a program between two records.
 *
 * After stop_init() the first such signal only sets a flag (and interrupts a
 * blocking read or sleep, with EINTR); the program sees it with stop_asked(),
 * puts its house in order, and calls stop_die(), which dies of the very
 * signal, as the shell expects. A second signal kills at once. A signal that
 * was ignored when the program started stays ignored. A file that grows past
 * the shell's limit (ulimit -f) is a failed write, not a death by SIGXFSZ.
 */
#ifndef BASE_STOP_H
#define BASE_STOP_H

#include "base/compat.h"

void stop_init(void);
bool stop_asked(void);

/* Dies of the signal that came; returns only where none came. */
void stop_die(void);

#endif
