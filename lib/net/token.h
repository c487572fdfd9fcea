/* SPDX-License-Identifier: GPL-3.0-or-later */
/* token.h -- how a program gets the token it sends.
 *
 * Programs do not know the client's secret: they run gc-auth and take the
 * token it prints. The command is GC_AUTH, a line for the shell, to which
 * the word token or refuse is added; by default the gc-auth that lies beside
 * the running program, else the one in PATH. What the program was told by
 * flag (--profile, --region, --api, --cacert) reaches it through the
 * environment, and so do the scopes (GC_SCOPES) and the origins that
 * --allow-origin named (GC_ALLOW_ORIGIN).
 *
 * A token is asked for again when it was taken TOKEN_FRESH seconds ago, so
 * that a run of hours is handed a renewed one before the old one ends: gc-auth
 * renews a minute before. After a 401 say token_refuse() with the very token
 * that was sent; any number of threads may, one renewal follows.
 *
 *	static struct token_opts to;
 *	static const struct opt auth[] = { TOKEN_OPTS(to), OPT_END };
 *
 *	if (token_open(&t, &to, &conf, "analytics:read", &why) < 0) ...
 *	if (token_get(t, &bearer, &why) < 0)    why->code is to be handed on
 *		return msg_fail(&why);
 *	... 401 ...
 *	if (token_refuse(t, buf_str(&bearer), &why) < 0)   no other to be had
 *		return msg_fail(&why);
 *	token_get(t, &bearer, &why);            and repeat once
 *	token_close(t);
 *
 * Where a token may be sent is the sender's business (url.h, http.h).
 */
#ifndef NET_TOKEN_H
#define NET_TOKEN_H

#include "base/buf.h"
#include "base/opt.h"
#include "conf/conf.h"

#define TOKEN_FRESH 30          /* seconds */

struct token_opts {
	const char *auth_env;   /* --auth-env: the variable that holds it */
	bool no_auth;           /* --no-auth: none is sent */
	const struct opt_list *origins; /* --allow-origin; NULL: none */
};

#define TOKEN_OPTS(o) \
	{ 0, "auth-env", "NAME", OPT_STR, &(o).auth_env, 0, 0, \
	    "take the bearer token from the variable NAME" }, \
	{ 0, "no-auth", NULL, OPT_FLAG, &(o).no_auth, 0, 0, \
	    "send no token" }

struct token;

/* Takes the secrets that the suite's variables hold out of this process's own
 * environment, and that of --auth-env (NULL: none): no expression of a request
 * or a policy can read them. gc-auth is given them all the same. Before the
 * first thread. */
void token_hide(const char *auth_env);

/* What gc-auth must be told by variables: what flags say (origins:
 * --allow-origin, NULL for none) and, where not NULL, the scopes. tell is
 * called for each and returns 0 or -1. Returns 0; -1 where tell did, or where
 * memory ends. */
int token_settings(const struct conf *c, const char *scopes,
    const struct opt_list *origins,
    int (*tell)(void *ctx, const char *name, const char *value), void *ctx);

/* Prepares; asks for nothing yet. scopes, words split by blanks, may be NULL:
 * then GC_SCOPES is handed on as it is. c must outlive t. Returns 0, or -1
 * with EXIT_USAGE (both options, a variable that is not set). */
int token_open(struct token **t, const struct token_opts *o,
    const struct conf *c, const char *scopes, struct fail *why);

/* Is there a token to send at all (no --no-auth)? */
bool token_wanted(const struct token *t);

/* Puts the token into out, cleared first; nothing with --no-auth. Threads
 * may call it at once. Returns 0, or -1 with the code to end with: that of
 * the command (2, 4, 5, 6, 7), whose own message went to stderr. */
int token_get(struct token *t, struct buf *out, struct fail *why);

/* A token was answered with 401. Returns 0 where token_get() now gives
 * another, -1 with EXIT_DENIED where none can be had. */
int token_refuse(struct token *t, const char *refused, struct fail *why);

/* Wipes and frees; t may be NULL. */
void token_close(struct token *t);

/* Is this text fit to be a token: visible ASCII, at least one character? */
bool token_valid(const char *p, size_t n);

#endif
