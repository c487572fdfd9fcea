/* SPDX-License-Identifier: GPL-3.0-or-later */
/* curl.c -- --dry-run: a request as a command for the shell, no secret in it.
 *
 *	gc-auth header | curl -sS -H @- 'http://127.0.0.1:8080/api/v2/users'
 *
 * The command can be run as it stands; the token comes from gc-auth, or from
 * the variable that --auth-env names, when it is run.
 */
#include "fetch.h"

#include "net/token.h"

/* 'it'\''s' */
static void
add_quoted(struct buf *b, const char *p, size_t n)
{
	size_t i;

	buf_putc(b, '\'');
	for (i = 0; i < n; i++)
		if (p[i] == '\'')
			buf_str_add(b, "'\\''");
		else
			buf_putc(b, p[i]);
	buf_putc(b, '\'');
}

static void
add_setting(struct buf *b, const char *name, const char *value)
{
	buf_addf(b, "%s=", name);
	add_quoted(b, value, strlen(value));
	buf_putc(b, ' ');
}

/* What gc-auth must be told, as when this program runs it (net/token.h). */
static void
add_settings(const struct fetch *f, const struct call *c, struct buf *b)
{
	static const enum conf_key keys[] = {
		CONF_PROFILE, CONF_REGION, CONF_API, CONF_CACERT
	};
	const char *scopes = f->o->client.scope ? f->o->client.scope :
	    c->scopes;
	const struct opt_list *origins = &f->o->client.allow;
	struct buf words = BUF_INIT(BUF_HEAD);
	size_t i;

	for (i = 0; i < COUNT(keys); i++)
		if (conf_export(&f->conf, keys[i]))
			add_setting(b, conf_export(&f->conf, keys[i]),
			    conf_get(&f->conf, keys[i]));
	for (i = 0; i < origins->n; i++)
		buf_addf(&words, "%s%s", i ? " " : "", origins->v[i]);
	if (words.len)
		add_setting(b, "GC_ALLOW_ORIGIN", buf_str(&words));
	if (words.err)
		b->err = words.err;
	buf_free(&words);
	if (scopes)
		add_setting(b, "GC_SCOPES", scopes);
}

static void
add_auth(const struct fetch *f, const struct call *c, struct buf *b)
{
	const struct token_opts *t = &f->o->client.token;
	const char *env = t->auth_env ? t->auth_env : c->auth_env;
	const char *command = conf_get(&f->conf, CONF_AUTH);

	if (t->no_auth || (c->no_auth && !t->auth_env)) {
		buf_str_add(b, "curl -sS");
	} else if (env) {
		buf_addf(b, "printf 'Authorization: Bearer %%s\\n' \"$%s\" | "
		    "curl -sS -H @-", env);
	} else {
		add_settings(f, c, b);
		buf_addf(b, "%s header | curl -sS -H @-",
		    command && *command ? command : "gc-auth");
	}
}

int
dry_run_add(const struct fetch *f, const struct call *c, struct buf *b,
    struct fail *why)
{
	struct buf url = BUF_INIT(BUF_LINE);
	const char *method = call_method(c);
	size_t i;

	if (client_url(f->client, c->path, NULL, &url, why) < 0 ||
	    client_permits(f->client, c, buf_str(&url), NULL, why) < 0) {
		buf_free(&url);
		return -1;
	}
	add_auth(f, c, b);
	if (conf_export(&f->conf, CONF_CACERT)) {
		buf_str_add(b, " --cacert ");
		add_quoted(b, conf_get(&f->conf, CONF_CACERT),
		    strlen(conf_get(&f->conf, CONF_CACERT)));
	}
	if (strcmp(method, c->body ? "POST" : "GET") != 0)
		buf_addf(b, strcmp(method, "HEAD") ? " -X %s" : " -I", method);
	for (i = 0; i < c->nheaders; i++) {
		buf_str_add(b, " -H ");
		add_quoted(b, c->headers[i], strlen(c->headers[i]));
	}
	if (c->body) {
		buf_str_add(b, " --data-raw ");
		add_quoted(b, c->body, c->nbody);
	}
	buf_putc(b, ' ');
	add_quoted(b, url.p, url.len);
	buf_putc(b, '\n');
	buf_free(&url);
	return b->err ? fail(why, EXIT_MACHINE, "out of memory") : 0;
}
