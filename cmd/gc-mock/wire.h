/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wire.h -- an answer written by hand, for faults that no proper HTTP server
 * commits: a body that is cut, a wrong Content-Length, bytes that are no
 * answer, a trickle, a connection reset or left hanging.
 */
#ifndef MOCK_WIRE_H
#define MOCK_WIRE_H

#include "mock.h"

/* Writes the answer as its fault says to the client's socket; closing it
 * afterwards is the caller's. reason is the status line's phrase. */
void wire_send(struct mock *m, int fd, const struct request *q,
    struct answer *a, const char *reason);

#endif
