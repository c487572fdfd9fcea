/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan.h"
#include "base/secret.h"
#include "net/token.h"
#include "net/url.h"
#include "scope.h"

/* The client's secret: a flag, the environment, the profile. */
static int
find_secret(struct plan *p, struct fail *why)
{
	const struct conf_value *file = &p->conf.v[CONF_SECRET_FILE];
	const struct conf_value *text = &p->conf.v[CONF_CLIENT_SECRET];
	struct credential *s = &p->secret;
	const struct plan_opts *o = p->o;
	int flags = (file->source == CONF_FLAG) + (o->secret_fd >= 0) +
	    (o->secret_cmd != NULL);

	if (flags > 1)
		return fail(why, EXIT_USAGE, "--secret-file, --secret-fd and "
		    "--secret-cmd exclude each other");
	if (o->secret_cmd) {
		s->cmd = o->secret_cmd;
		s->origin = "--secret-cmd";
	} else if (o->secret_fd >= 0) {
		s->fd = (int)o->secret_fd;
		s->origin = "--secret-fd";
	} else if (file->text && (flags || text->source < CONF_ENV)) {
		s->file = file->text;
		s->origin = file->origin;
	} else if (text->text) {
		s->text = text->text;
		s->origin = text->origin;
	}
	return 0;
}

/* A ready token counts where no stronger source names a client. */
static int
find_ready(struct plan *p, struct fail *why)
{
	const struct conf_value *token = &p->conf.v[CONF_ACCESS_TOKEN];
	enum conf_source client = p->conf.v[CONF_CLIENT_ID].source;

	if (token->barred && client <= CONF_FILE)
		return conf_need(&p->conf, CONF_ACCESS_TOKEN, why);
	if (!token->text || (token->source < CONF_ENV && client > CONF_FILE))
		return 0;
	if (!token_valid(token->text, strlen(token->text)))
		return fail(why, EXIT_USAGE, "%s does not hold a token",
		    token->origin);
	p->ready = token->text;
	return 0;
}

/* Does GC_ALLOW_ORIGIN name its origin: words split by blanks? */
static bool
is_allowed_by_env(const char *url)
{
	const char *words = getenv("GC_ALLOW_ORIGIN");
	struct buf word = BUF_INIT(BUF_PATH);
	bool found = false;
	size_t n;

	for (; !found && words && *words; words += n) {
		words += strspn(words, " ");
		n = strcspn(words, " ");
		buf_clear(&word);
		buf_add(&word, words, n);
		found = n && url_same_origin(url, buf_str(&word));
	}
	buf_free(&word);
	return found;
}

/* May a secret go there? */
static int
check_url(const char *url, const struct opt_list *allowed, struct fail *why)
{
	size_t i;

	if (url_check(url, why) < 0)
		return -1;
	if (strncasecmp(url, "https:", 6) == 0 || url_is_loopback(url) ||
	    is_allowed_by_env(url))
		return 0;
	for (i = 0; i < allowed->n; i++)
		if (url_same_origin(url, allowed->v[i]))
			return 0;
	return fail(why, EXIT_USAGE, "no secret is sent over plain http to "
	    "%s, unless --allow-origin names it", url);
}

static int
find_endpoint(struct plan *p, struct fail *why)
{
	bool platform = conf_platform(&p->conf);
	const char *path = p->o->token_path ? p->o->token_path :
	    "/oauth/token";
	const char *how = p->o->client_auth;

	if (path[0] != '/')
		return fail(why, EXIT_USAGE, "--token-path takes a path that "
		    "begins with '/', not '%.100s'", path);
	p->basic = platform;
	if (how) {
		p->basic = strcmp(how, "basic") == 0;
		if (!p->basic && strcmp(how, "body") != 0)
			return fail(why, EXIT_USAGE, "--client-auth takes "
			    "basic or body, not '%.100s'", how);
	}
	buf_str_add(&p->url, conf_get(&p->conf, platform ? CONF_LOGIN_URL :
	    CONF_API_URL));
	buf_str_add(&p->url, path);
	if (p->url.err)
		return fail(why, EXIT_USAGE, "the token URL is too long");
	return p->ready ? 0 :           /* nothing will be sent */
	    check_url(buf_str(&p->url), &p->o->origins, why);
}

/* Scopes are the flags', else the environment's. The platform takes none for
 * this grant: there a client's roles say what it may do. */
static int
find_scopes(struct plan *p, struct fail *why)
{
	const struct opt_list *flags = &p->o->scopes;
	const char *env = conf_get(&p->conf, CONF_SCOPES);

	if (conf_platform(&p->conf))
		return 0;
	if (flags->n)
		return scope_list(&p->scopes, flags->v, flags->n, why);
	return scope_list(&p->scopes, &env, env != NULL, why);
}

int
plan_make(struct plan *p, const struct plan_opts *o, struct fail *why)
{
	static const char *const hide[] = {
		"GENESYS_CLIENT_SECRET", "GENESYSCLOUD_OAUTHCLIENT_SECRET",
		"GENESYSCLOUD_ACCESS_TOKEN"
	};
	const struct plan none = { .o = o, .url = BUF_INIT(BUF_PATH),
	    .scopes = BUF_INIT(BUF_PATH), .secret = { .fd = -1 } };
	size_t i;
	int bad;

	*p = none;
	bad = conf_load(&p->conf, &o->conf, CONF_SECRETS, why);
	for (i = 0; i < COUNT(hide); i++)
		secret_unset(hide[i]);
	return bad || find_secret(p, why) < 0 || find_ready(p, why) < 0 ||
	    find_scopes(p, why) < 0 || find_endpoint(p, why) < 0 ? -1 : 0;
}

int
plan_key(struct plan *p, char key[DIGEST_HEX], struct fail *why)
{
	const char *id = conf_get(&p->conf, CONF_CLIENT_ID);
	struct digest d;

	if (conf_need(&p->conf, CONF_CLIENT_ID, why) < 0 ||
	    digest_init(&d, why) < 0)
		return -1;
	/* each with its NUL, so that no two plans are the same bytes */
	digest_add(&d, buf_str(&p->url), p->url.len + 1);
	digest_add(&d, id, strlen(id) + 1);
	digest_add(&d, buf_str(&p->scopes), p->scopes.len + 1);
	return digest_end(&d, key, why);
}

void
plan_free(struct plan *p)
{
	buf_free(&p->url);
	buf_free(&p->scopes);
	conf_free(&p->conf);
}
