/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "show.h"
#include "base/clock.h"
#include "base/num.h"
#include "base/out.h"
#include "base/secret.h"
#include "json/write.h"

int
show_format(const char *name, struct fail *why)
{
	static const char *const names[] = {
		"token", "header", "json", "curl-config", "env"
	};
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		if (strcmp(name, names[i]) == 0)
			return 0;
	return fail(why, EXIT_USAGE, "--format takes token, header, json, "
	    "curl-config or env, not '%.100s'", name);
}

const char *
show_scopes(struct plan *p, const struct cached *t)
{
	return t->granted ? t->granted : p->scopes.len ? buf_str(&p->scopes) :
	    NULL;
}

/* ---- a token ---- */

/* Quoted as curl's configuration files want it. */
static void
put_curl(struct buf *b, const char *token)
{
	buf_str_add(b, "header = \"Authorization: Bearer ");
	for (; *token; token++) {
		if (*token == '"' || *token == '\\')
			buf_putc(b, '\\');
		buf_putc(b, *token);
	}
	buf_str_add(b, "\"\n");
}

/* For "eval", and plain enough for files that are no shell's. */
static void
put_env(struct buf *b, const char *token)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._+/=";

	buf_str_add(b, "GENESYSCLOUD_ACCESS_TOKEN=");
	if (token[strspn(token, plain)] == '\0') {
		buf_str_add(b, token);
	} else {
		buf_putc(b, '\'');
		for (; *token; token++)
			if (*token == '\'')
				buf_str_add(b, "'\\''");
			else
				buf_putc(b, *token);
		buf_putc(b, '\'');
	}
	buf_putc(b, '\n');
}

static void
put_json(struct buf *b, struct plan *p, const struct cached *t)
{
	const char *scopes = show_scopes(p, t);
	struct moment now;

	moment_now(&now);
	buf_putc(b, '{');
	json_key(b, "access_token");
	json_cstr(b, t->token);
	json_key(b, "token_type");
	json_cstr(b, "Bearer");
	if (!p->ready) {
		json_key(b, "expires_in");
		json_int64(b, cached_left(t, &now) / 1000);
	}
	if (scopes) {
		json_key(b, "scope");
		json_cstr(b, scopes);
	}
	buf_str_add(b, "}\n");
}

int
show_print(struct buf *b, struct fail *why)
{
	int bad = b->err ? fail(why, EXIT_MACHINE, "out of memory") :
	    out_fd(STDOUT_FILENO, b->p, b->len) < 0 ?
	    fail_errno(why, "cannot write to stdout") : 0;

	secret_buf_free(b);
	return bad;
}

int
show_token(struct plan *p, const struct cached *t, const char *format,
    struct fail *why)
{
	struct buf b = BUF_INIT(8 * BUF_TOKEN);

	if (buf_reserve(&b, 8 * strlen(t->token) + BUF_TOKEN) < 0)
		return show_print(&b, why);
	if (strcmp(format, "json") == 0)
		put_json(&b, p, t);
	else if (strcmp(format, "curl-config") == 0)
		put_curl(&b, t->token);
	else if (strcmp(format, "env") == 0)
		put_env(&b, t->token);
	else
		buf_addf(&b, "%s%s\n", strcmp(format, "header") == 0 ?
		    "Authorization: Bearer " : "", t->token);
	return show_print(&b, why);
}

/* ---- about a token ---- */

static void
put_words(struct buf *b, const char *text)
{
	size_t n;

	buf_putc(b, '[');
	for (; *(text += strspn(text, " \t\r\n")); text += n) {
		n = strcspn(text, " \t\r\n");
		json_sep(b);
		json_str(b, text, n);
	}
	buf_putc(b, ']');
}

static void
put_status(struct buf *b, struct plan *p, const struct cached *t,
    const char *path, int64_t left)
{
	const char *id = conf_get(&p->conf, CONF_CLIENT_ID);
	const char *scopes = show_scopes(p, t);
	char text[TIME_MAX];

	buf_putc(b, '{');
	json_key(b, "valid");
	json_bool(b, p->ready || left > 0);
	json_key(b, "source");
	json_cstr(b, p->ready ? conf_origin(&p->conf, CONF_ACCESS_TOKEN) :
	    path);
	if (!p->ready) {
		json_key(b, "token_url");
		json_cstr(b, buf_str(&p->url));
		json_key(b, "client_id");
		json_cstr(b, id);
	}
	if (t->token) {
		json_key(b, "taken");
		json_cstr(b, time_format(text, t->taken.wall));
		json_key(b, "expires");
		json_cstr(b, time_format(text, t->taken.wall +
		    t->lifetime * 1000));
		json_key(b, "seconds_left");
		json_int64(b, left > 0 ? left / 1000 : 0);
	}
	json_key(b, "scopes");
	if (scopes)
		put_words(b, scopes);
	else
		buf_str_add(b, "null");
	buf_str_add(b, "}\n");
}

int
show_status(struct plan *p, const struct cached *t, const char *path,
    int64_t left, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_LINE);

	put_status(&b, p, t, path, left);
	return show_print(&b, why);
}

int
show_config(struct plan *p, double margin, const char *path,
    struct fail *why)
{
	static const enum conf_key keys[] = {
		CONF_PROFILE, CONF_REGION, CONF_API, CONF_API_URL,
		CONF_LOGIN_URL, CONF_CLIENT_ID, CONF_ACCESS_TOKEN,
		CONF_CACERT, CONF_KEYS
	};
	struct buf b = BUF_INIT(BUF_LINE);
	char text[NUM_MAX];

	conf_show(&p->conf, keys, &b);
	buf_addf(&b, "client_secret\t%s\t%s\n", p->secret.origin ?
	    "(hidden)" : "", p->secret.origin ? p->secret.origin :
	    "not set");
	buf_addf(&b, "scopes\t%s\t%s\n", buf_str(&p->scopes),
	    conf_platform(&p->conf) ? "the platform takes none" :
	    p->o->scopes.n ? "--scope" : conf_origin(&p->conf, CONF_SCOPES));
	buf_addf(&b, "token_url\t%s\t%s\n", buf_str(&p->url),
	    p->o->token_path ? "--token-path" :
	    conf_platform(&p->conf) ? "login_url" : "api_url");
	buf_addf(&b, "client_auth\t%s\t%s\n", p->basic ? "basic" : "body",
	    p->o->client_auth ? "--client-auth" : "api");
	num_format(text, margin);
	buf_addf(&b, "margin\t%s\t%s\n", text, margin == 60 ? "default" :
	    "--margin");
	if (path)
		buf_addf(&b, "cache\t%s\ttoken_url, client_id, scopes\n",
		    path);
	return show_print(&b, why);
}
