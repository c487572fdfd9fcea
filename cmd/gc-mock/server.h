/* SPDX-License-Identifier: GPL-3.0-or-later */
/* server.h -- HTTP/1.1 on the loopback, by libmicrohttpd; the one file of
 * the mock that includes it. It frames messages and nothing else: what is
 * answered is mock.h's to decide.
 */
#ifndef MOCK_SERVER_H
#define MOCK_SERVER_H

#include "mock.h"

struct server;

/* Listens on 127.0.0.1 at m->opts->port (0: any); m->port tells which. A
 * thread a connection. Returns 0, or -1 with EXIT_MACHINE. */
int server_start(struct server **s, struct mock *m, struct fail *why);

/* Ends all connections and waits for them. */
void server_stop(struct server *s);

#endif
