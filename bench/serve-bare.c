/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serve-bare.c -- the least that libmicrohttpd can do: one answer, whatever
 * is asked. PORT FILE; as many threads as gc-serve has.
 */
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static enum MHD_Result
on_request(void *cls, struct MHD_Connection *conn, const char *url,
    const char *method, const char *version, const char *data, size_t *n,
    void **con)
{
	static char seen;

	(void)url;
	(void)method;
	(void)version;
	(void)data;
	(void)n;
	if (!*con) {
		*con = &seen;
		return MHD_YES;
	}
	return MHD_queue_response(conn, 200, cls);
}

int
main(int argc, char **argv)
{
	static char body[1 << 24];
	FILE *f = argc == 3 ? fopen(argv[2], "rb") : NULL;
	struct MHD_Response *r;
	size_t n;

	if (!f)
		return 2;
	n = fread(body, 1, sizeof body, f);
	fclose(f);
	r = MHD_create_response_from_buffer(n, body, MHD_RESPMEM_PERSISTENT);
	MHD_add_response_header(r, "Content-Type", "text/html; charset=utf-8");
	if (!MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD,
	    (uint16_t)strtoul(argv[1], NULL, 10), NULL, NULL, on_request, r,
	    MHD_OPTION_THREAD_POOL_SIZE, 4u, MHD_OPTION_END))
		return 6;
	pause();
	return 0;
}
