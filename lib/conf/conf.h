/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conf.h -- settings, and where each of them came from.
 *
 * A setting is text. It is looked for in four places, and the first that has
 * it wins: the flag, the environment (several names, in order; a variable
 * that is empty counts as not set), the profile of the official command-line
 * client's own file (~/.gc/config.toml), the default. Beside the text stands
 * the name of the place, for --show-config and for messages.
 *
 *	static struct conf_opts co;
 *	static const struct opt where[] = { CONF_OPTS(co), OPT_END };
 *	struct conf c;
 *
 *	if (conf_load(&c, &co, 0, &why) < 0)
 *		return msg_fail(&why);
 *	url = conf_get(&c, CONF_API_URL);       always set: no trailing slash
 *	if (conf_need(&c, CONF_BOT_ID, &why) < 0)
 *		return msg_fail(&why);          "no bot id: set GENESYS_BOT_ID"
 *	conf_free(&c);
 *
 * CONF_REGION is a domain, whatever spelling it was given in (region.h).
 * CONF_API_URL and CONF_LOGIN_URL are always set: from GC_API_URL and
 * GC_LOGIN_URL, else from the profile's gateway, else from the region; where
 * only GC_API_URL is set the login URL is the same. They start with http://
 * or https://, hold no user, query or fragment, and end without a slash.
 *
 * The client's secret and a ready token are looked for only where the caller
 * asks (CONF_SECRETS): gc-auth alone does. From a file that others can read
 * they are not taken; conf_need() then says so.
 */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include "base/buf.h"
#include "base/fail.h"
#include "base/opt.h"

enum conf_key {
	CONF_PROFILE,           /* GC_PROFILE; DEFAULT */
	CONF_REGION,            /* a domain; mypurecloud.com */
	CONF_API,               /* "tutorial" or "platform" */
	CONF_API_URL, CONF_LOGIN_URL,
	CONF_CLIENT_ID,
	CONF_CLIENT_SECRET,     /* only with CONF_SECRETS */
	CONF_SECRET_FILE,       /* a file's name; GENESYS_CLIENT_SECRET_FILE */
	CONF_ACCESS_TOKEN,      /* only with CONF_SECRETS */
	CONF_SCOPES,            /* words split by blanks */
	CONF_AUTH,              /* the command that hands out tokens */
	CONF_BOT_ID, CONF_MODEL_ID,
	CONF_DASHBOARD_URL, CONF_CAMPAIGN_URL, CONF_WEBHOOK_URL,
	CONF_STORE,             /* a DSN or a file name; gcpipe.db */
	CONF_CACERT,            /* a file of CA certificates; SSL_CERT_FILE */
	CONF_KEYS
};

/* Where a value came from, weakest first. */
enum conf_source {
	CONF_UNSET, CONF_DEFAULT, CONF_DERIVED, CONF_FILE, CONF_ENV, CONF_FLAG
};

struct conf_value {
	char *text;             /* owned; NULL where not set */
	char *origin;           /* owned: "--region", "GENESYS_REGION",
	                         * "~/.gc/config.toml [prod]", "default" */
	char *barred;           /* owned: the file that has it, but that
	                         * others can read; else NULL */
	enum conf_source source;
};

struct conf {
	struct conf_value v[CONF_KEYS];
};

/* What a program's option table fills: a flag's argument, by key. */
struct conf_opts {
	const char *flag[CONF_KEYS];
	bool show;              /* --show-config */
};

#define CONF_OPTS(o) \
	{ 0, "profile", "NAME", OPT_STR, &(o).flag[CONF_PROFILE], 0, 0, \
	    "the profile of ~/.gc/config.toml (DEFAULT)" }, \
	{ 0, "region", "REGION", OPT_STR, &(o).flag[CONF_REGION], 0, 0, \
	    "a region id, a domain or a host" }, \
	{ 0, "api", "SET", OPT_STR, &(o).flag[CONF_API], 0, 0, \
	    "the paths to use: tutorial or platform" }, \
	{ 0, "cacert", "FILE", OPT_STR, &(o).flag[CONF_CACERT], 0, 0, \
	    "trust the CA certificates in FILE" }, \
	{ 0, "show-config", NULL, OPT_FLAG, &(o).show, 0, 0, \
	    "say each setting and where it came from, and end" }

enum { CONF_SECRETS = 1 };      /* what, of conf_load() */

/* Finds all settings. Returns 0, or -1 with EXIT_USAGE (a profile that is
 * not there, a file that does not parse, a URL that is none, ...) or
 * EXIT_MACHINE; c is to be freed either way. */
int conf_load(struct conf *c, const struct conf_opts *o, unsigned what,
    struct fail *why);

/* A value, or NULL; it lives as long as c. */
const char *conf_get(const struct conf *c, enum conf_key key);

/* The place it came from; "not set" where it did not. */
const char *conf_origin(const struct conf *c, enum conf_key key);

/* Is it set? Else -1 with EXIT_USAGE and a sentence that says how to. */
int conf_need(const struct conf *c, enum conf_key key, struct fail *why);

/* GC_API=platform? */
bool conf_platform(const struct conf *c);

/* Adds a line "name<TAB>value<TAB>origin" for each key of a list that ends
 * in CONF_KEYS; a secret's value is "(hidden)". */
void conf_show(const struct conf *c, const enum conf_key *keys,
    struct buf *b);

/* The variable by which another program of the suite would be told the
 * same, where the setting came from a flag; else NULL. For children. */
const char *conf_export(const struct conf *c, enum conf_key key);

/* Wipes secrets and frees. */
void conf_free(struct conf *c);

#endif
