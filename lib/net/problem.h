/* SPDX-License-Identifier: GPL-3.0-or-later */
/* problem.h -- what a service says went wrong, as a sentence and a code.
 *
 *	GET http://127.0.0.1:8080/api/v2/users: 403: missing scope users:read
 *	(correlation id 7f3c...)
 *
 * The reason is found in the body's "message", "error_description",
 * "description" or "error", or in RFC 9457's "detail" and "title"; bodies
 * that are no JSON object say nothing. A URL's query is left out: it may hold
 * what is nobody's business. A service that repeats the token it was sent is
 * not quoted in that.
 */
#ifndef NET_PROBLEM_H
#define NET_PROBLEM_H

#include "net/http.h"

/* Fills why from an answer that came, with EXIT_DENIED for 401 and 403 and
 * EXIT_SERVICE for the rest; secret is what was sent, "" for none. Returns
 * -1. */
int problem(const char *method, const char *url, const struct http_answer *a,
    const char *secret, struct fail *why);

/* Puts "METHOD URL: " before why's sentence. Returns -1. */
int problem_place(const char *method, const char *url, struct fail *why);

/* The id by which the service's people find the request, or NULL. */
const char *problem_correlation(const struct http_answer *a);

#endif
