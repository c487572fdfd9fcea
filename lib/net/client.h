/* SPDX-License-Identifier: GPL-3.0-or-later */
/* client.h -- what all requests of a program share: settings, tokens, one
 * pace, the audit; and the rule where a token may go. Locked: any thread may
 * call. A thread sends with a wire of its own (wire.h).
 *
 * The rule: the suite's token goes to the API's own origin, and to those that
 * --allow-origin names. What carries another token (--auth-env, a request's
 * own), and --no-auth, is bound to the origin of the program's first URL; a
 * request that says itself that it needs none, to that of its own first URL.
 *
 *	static struct client_opts co = CLIENT_DEFAULTS;
 *	static const struct opt wire[] = { CLIENT_OPTS(co), OPT_END };
 *
 *	if (client_open(&c, &co, &conf, say, &why) < 0) ...
 *	if (client_url(c, "/api/v2/users", NULL, &url, &why) < 0) ...
 *	client_close(c);
 */
#ifndef NET_CLIENT_H
#define NET_CLIENT_H

#include "base/opt.h"
#include "conf/conf.h"
#include "net/call.h"
#include "net/http.h"
#include "net/retry.h"
#include "net/token.h"

struct client_opts {
	struct token_opts token;
	struct opt_list allow;          /* --allow-origin */
	const char *rate;
	const char *scope;
	const char *audit;
	uint64_t audit_size;
	double connect_timeout, stall_timeout, max_delay;
	double max_wait;                /* < 0: not said */
	int64_t tries;
	bool repeat;
};

#define CLIENT_DEFAULTS { { NULL, false, NULL }, { NULL, 0 }, NULL, NULL, NULL, \
	10 << 20, 10, 30, 300, -1, 5, false }

/* All but the audit, for a program that keeps one of its own. */
#define CLIENT_WIRE_OPTS(o) \
	TOKEN_OPTS((o).token), \
	{ 0, "scope", "SCOPES", OPT_STR, &(o).scope, 0, 0, \
	    "ask for a token with these scopes" }, \
	{ 0, "allow-origin", "URL", OPT_LIST, &(o).allow, 0, 0, \
	    "the token may also go to URL's origin" }, \
	{ 0, "rate", "N[/TIME]", OPT_STR, &(o).rate, 0, 0, \
	    "no more than N requests a second (/s), /m, /h, /0.5s" }, \
	{ 0, "tries", "N", OPT_INT, &(o).tries, 1, 100, \
	    "try a request N times in all (5)" }, \
	{ 0, "repeat", NULL, OPT_FLAG, &(o).repeat, 0, 0, \
	    "a POST or PATCH may be sent twice, its fate unknown" }, \
	{ 0, "max-delay", "TIME", OPT_SECONDS, &(o).max_delay, 0, 0, \
	    "the longest Retry-After that is waited for (300s)" }, \
	{ 0, "max-wait", "TIME", OPT_SECONDS, &(o).max_wait, 0, 0, \
	    "wait so long in all: retries; --poll (300s)" }, \
	{ 0, "connect-timeout", "TIME", OPT_SECONDS, &(o).connect_timeout, \
	    0, 0, "connecting may take so long (10s)" }, \
	{ 0, "stall-timeout", "TIME", OPT_SECONDS, &(o).stall_timeout, 0, 0, \
	    "a transfer may stand still so long (30s)" }

#define CLIENT_OPTS(o) \
	CLIENT_WIRE_OPTS(o), \
	{ 0, "audit", "FILE", OPT_STR, &(o).audit, 0, 0, \
	    "append a JSON line a request to FILE" }, \
	{ 0, "audit-size", "SIZE", OPT_SIZE, &(o).audit_size, 0, 0, \
	    "rotate FILE when it is so long (10M)" }

struct client;

/* Somebody to tell about a wait. */
typedef void client_note(const char *text);

/* conf must outlive c. Returns 0, or -1 with EXIT_USAGE. */
int client_open(struct client **c, const struct client_opts *o,
    const struct conf *conf, client_note *note, struct fail *why);

/* The absolute URL of a call's path: below the API's URL, or as it is. A
 * base, where not NULL, is the URL of the answer that named the path: then a
 * relative one is below that URL's origin, the prefix of the API's URL added
 * where it was left off. Returns 0, or -1 with EXIT_USAGE. */
int client_url(const struct client *c, const char *path, const char *base,
    struct buf *url, struct fail *why);

/* May a request go there, that carries what this call carries? first is the
 * call's first URL, where url is one that the service named, else NULL.
 * Returns 0; or -1 with EXIT_USAGE for a first URL, EXIT_SERVICE for one that
 * the service named. */
int client_permits(struct client *c, const struct call *call,
    const char *url, const char *first, struct fail *why);

/* Did --allow-origin name the URL's origin? Then also over plain http. */
bool client_allows(const struct client *c, const char *url);

/* The token that a call is to carry; it lives as long as c. Returns 0, or -1
 * with EXIT_USAGE. */
int client_token(struct client *c, const struct call *call,
    struct token **t, struct fail *why);

/* May the call be repeated (--repeat)? */
bool client_repeats(const struct client *c, const struct call *call);

/* Books a request and gives the seconds to wait before it goes; *too_long
 * says that it is not our own --rate that asks for more than --max-delay. */
double client_turn(struct client *c, bool again, bool *too_long);

/* What an answer that succeeded says about the service's pace; that of the
 * API, or of what the token is bound to, alone counts. */
void client_told(struct client *c, const char *url,
    const struct http_answer *a);

/* A 429's Retry-After: holds back all that ask the same service. */
void client_hold(struct client *c, const char *url, double seconds);

/* What to do about an answer: retry.h's verdict. max_wait: seconds, HUGE_VAL
 * for no limit of its own. */
enum retry_verdict client_judge(struct client *c, struct retry *history,
    const struct http_answer *a, bool repeatable, double max_wait,
    struct retry_advice *advice);

/* Says something about a wait, where somebody listens. */
void client_say(const struct client *c, const char *text);

/* Is there an audit? Finishes a request's line with how many records came of
 * it, appends it, and empties it; an empty one is nothing. */
bool client_audits(const struct client *c);
int client_done(struct client *c, struct buf *line, uint64_t records,
    struct fail *why);

/* A handle with the options of the command line. Returns 0 or -1. */
int client_http(const struct client *c, struct http **h, struct fail *why);

/* Requests sent, and how many of them were repetitions. */
void client_counts(struct client *c, uint64_t *sent, uint64_t *retried);

void client_close(struct client *c);

#endif
