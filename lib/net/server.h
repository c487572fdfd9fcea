/* SPDX-License-Identifier: GPL-3.0-or-later */
/* server.h -- pages over HTTP, read-only, by libmicrohttpd.
 *
 * The program says which page a path has; all else is done here: GET and
 * HEAD alone (405), no body (413), a bearer token compared in constant time
 * (401), the name in Host (403; see below), If-None-Match (304), limits on
 * the size of a request and on its time, and the headers of every answer
 * that tell a browser what it may do with it: nothing that the page's own
 * policy does not name.
 *
 * A page is made once and sent as often as it is asked for, by several
 * threads at once; each holder of a page has a reference. A path is handed
 * over as it was sent, without its query, never decoded: what is compared
 * with a table cannot be led out of it.
 *
 * Without a token only a loopback address is listened at, and only the names
 * localhost, 127.0.0.1 and [::1] are answered to: a page elsewhere whose name
 * was made to point at this machine (DNS rebinding) reads nothing.
 *
 *	server_start(&s, &opts, &why);
 *	while (!stopped) server_tick(s);	(once a second)
 *	server_stop(s);
 */
#ifndef NET_SERVER_H
#define NET_SERVER_H

#include "base/buf.h"
#include "base/fail.h"

#define SERVER_LANES 2          /* threads that wait for what takes long */

struct server;
struct server_page;

struct server_opts {
	const char *address;    /* numeric, IPv4 or IPv6; not NULL */
	int port;               /* 0: any that is free */
	const char *token;      /* asked for with every request; NULL: none */
	double seconds;         /* a request and its answer may take no longer */
	/* The page of a path, with a reference for the server to give back;
	 * NULL where there is none (404). Called by several threads. Where
	 * lane is not NULL it must not take long: *lane is set to -1 for an
	 * answer, or to the lane, 0 to SERVER_LANES - 1, whose thread shall
	 * ask again, with NULL; the others are served meanwhile. */
	struct server_page *(*find)(void *ctx, const char *path, int *lane);
	void *ctx;
};

/* Is this numeric address of the loopback? -1 where it is no address. */
int server_loopback(const char *address);

/* Starts threads of its own, which serve. Returns 0; -1 with EXIT_USAGE for
 * an address that may not be listened at, EXIT_MACHINE where it cannot. */
int server_start(struct server **s, const struct server_opts *o,
    struct fail *why);

/* The port that is listened at. */
int server_port(const struct server *s);

/* Ends requests that have taken too long; to be called every second or so. */
void server_tick(struct server *s);

/* Returns 0; -1 where a page that is being made does not get done within two
 * seconds: then nothing is freed, and the process had better end. */
int server_stop(struct server *s);

/* A page of a media type. Takes the bytes of the body, which is empty after.
 * style, where not NULL, is the base64 of the SHA-256 of the one style sheet
 * that a page of HTML holds. Its tag is made from its bytes. Returns NULL
 * with why where memory ends. The caller has the reference. */
struct server_page *server_page(int status, const char *type,
    const char *style, struct buf *body, struct fail *why);

struct server_page *server_page_hold(struct server_page *p);
void server_page_drop(struct server_page *p);

#endif
