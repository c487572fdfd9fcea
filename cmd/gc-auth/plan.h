/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.h -- which token is meant, and how it would be asked for.
 *
 * Everything that follows from options, environment and profile, settled
 * before the cache is looked at: a wrong setting is found whether or not a
 * token happens to be kept.
 */
#ifndef GC_AUTH_PLAN_H
#define GC_AUTH_PLAN_H

#include "base/opt.h"
#include "conf/conf.h"
#include "credential.h"
#include "net/digest.h"

/* The flags that have a say in it. */
struct plan_opts {
	struct conf_opts conf;
	const char *secret_cmd, *token_path, *client_auth;
	int64_t secret_fd;              /* -1: not given */
	struct opt_list scopes, origins;
};

struct plan {
	const struct plan_opts *o;
	struct conf conf;
	struct buf url;                 /* of the token endpoint: checked, and
	                                 * a secret may go there */
	struct buf scopes;              /* a list (scope.h); "": none are sent */
	struct credential secret;       /* origin NULL: there is none */
	const char *ready;              /* a token that needs no asking */
	bool basic;                     /* HTTP Basic, else in the form */
};

/* Settles it, and takes secrets out of the environment. Returns 0, or -1 with
 * EXIT_USAGE; p is to be freed either way. */
int plan_make(struct plan *p, const struct plan_opts *o, struct fail *why);

/* The key the token is kept under: of token URL, client and scopes. Returns
 * 0, or -1 with EXIT_USAGE where no client is named. */
int plan_key(struct plan *p, char key[DIGEST_HEX], struct fail *why);

/* Wipes and frees. */
void plan_free(struct plan *p);

#endif
