/* SPDX-License-Identifier: GPL-3.0-or-later */
/* helper.h -- the protocol that git speaks with its credential helpers.
 *
 * Lines of key=value on stdin, ended by an empty line or the end; the answer
 * likewise on stdout (gitcredentials(7), git-credential(1)). Who asks names
 * the protocol and host it wants a credential for; one that is not the API's
 * own gets no answer, which is how a helper says that it knows nothing.
 */
#ifndef GC_AUTH_HELPER_H
#define GC_AUTH_HELPER_H

#include "cache.h"
#include "plan.h"

struct helper {
	struct buf text;        /* what was read; the rest points into it */
	const char *protocol, *host;
	const char *secret;     /* password or credential; NULL: none */
	bool authtype;          /* who asks knows of authtype=Bearer */
};

/* Reads a question. Returns 0, or -1 with EXIT_DATA. */
int helper_read(struct helper *h, struct fail *why);

/* Is it about the origin of the API? */
bool helper_concerns(const struct helper *h, const struct plan *p);

/* Prints a token as the answer. Returns 0 or -1. */
int helper_answer(const struct helper *h, const struct plan *p,
    const struct cached *t, struct fail *why);

/* Wipes and frees. */
void helper_free(struct helper *h);

#endif
