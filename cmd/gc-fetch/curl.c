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

static int
add_setting(void *ctx, const char *name, const char *value)
{
	struct buf *b = ctx;

	buf_addf(b, "%s=", name);
	add_quoted(b, value, strlen(value));
	return buf_putc(b, ' ');
}

/* Returns 0, or -1 where memory ends. */
static int
add_auth(const struct fetch *f, const struct call *c, struct buf *b)
{
	const struct client_opts *o = &f->o->client;
	const struct token_opts *t = &o->token;
	const char *env = t->auth_env ? t->auth_env : c->auth_env;
	const char *command = conf_get(&f->conf, CONF_AUTH);

	if (t->no_auth || (c->no_auth && !t->auth_env)) {
		buf_str_add(b, "curl -sS");
	} else if (env) {
		buf_addf(b, "printf 'Authorization: Bearer %%s\\n' \"$%s\" | "
		    "curl -sS -H @-", env);
	} else {
		if (token_settings(&f->conf, o->scope ? o->scope : c->scopes,
		    &o->allow, add_setting, b) < 0)
			return -1;
		buf_addf(b, "%s header | curl -sS -H @-",
		    command && *command ? command : "gc-auth");
	}
	return 0;
}

int
dry_run_add(const struct fetch *f, const struct call *c, struct buf *b,
    struct fail *why)
{
	struct buf url = BUF_INIT(BUF_LINE);
	const char *method = call_method(c);
	size_t i;
	int r;

	if (client_url(f->client, c->path, NULL, &url, why) < 0 ||
	    client_permits(f->client, c, buf_str(&url), NULL, why) < 0) {
		buf_free(&url);
		return -1;
	}
	r = add_auth(f, c, b);
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
	return r < 0 || b->err ? fail(why, EXIT_MACHINE, "out of memory") : 0;
}
