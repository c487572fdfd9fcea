/* SPDX-License-Identifier: GPL-3.0-or-later */
/* child.h -- the command that gc-mock exec runs. */
#ifndef MOCK_CHILD_H
#define MOCK_CHILD_H

#include "mock.h"

#define MODEL_ID "9d47f3e0-1c6a-4b82-b5f7-08e2a1c3d954"

/* Runs argv with the environment that leads it to the mock, hands signals on,
 * and waits. Returns its exit code; 126 or 127 (after a message) where it
 * cannot be run; 128 + n with *signal = n where signal n ended it. wait is
 * the set of signals that the caller has blocked; the child is started with
 * the mask old. */
int child_run(char **argv, const struct mock *m, const sigset_t *wait,
    const sigset_t *old, int *signal);

#endif
