/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grant.h -- asking the token endpoint: OAuth 2.0 client credentials (RFC
 * 6749 4.4), with the client's secret and with patience (retry.h).
 *
 * The secret travels as HTTP Basic or in the form, and nowhere else: it is
 * taken out of every message, in all three spellings (plain, percent-encoded,
 * base64), should a service ever repeat it. No redirect is followed.
 */
#ifndef GC_AUTH_GRANT_H
#define GC_AUTH_GRANT_H

#include "cache.h"
#include "credential.h"
#include "net/retry.h"

struct grant {
	const char *url;        /* the endpoint; checked by the caller, also
	                         * that a secret may go there */
	const char *id, *id_origin;
	const struct credential *secret;
	const char *scopes;     /* a list (scope.h); "": none are sent */
	const char *cacert;     /* NULL: the system's */
	bool basic;             /* HTTP Basic, else in the form */
	struct retry_policy policy;
	credential_note *note;
};

/* Asks for a token. Returns 0 with *t filled; -1 with EXIT_DENIED (400, 401,
 * 403), EXIT_SERVICE (all tries failed, or the answer is no token),
 * EXIT_INCOMPLETE (told to wait longer than allowed), EXIT_USAGE (no
 * secret). */
int grant_ask(const struct grant *g, struct cached *t, struct fail *why);

#endif
