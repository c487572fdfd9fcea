/* SPDX-License-Identifier: GPL-3.0-or-later */
/* oauth.c -- the token endpoint, and what a token says of itself. */
#include "base64.h"
#include "handlers.h"
#include "json/write.h"
#include "mock.h"

/* ---- a token for a client ---- */

/* The error of the token endpoint, in the platform's form. */
static void
refuse(struct answer *a, int status, const char *error, const char *text)
{
	struct buf *b = answer_json(a, status);

	buf_putc(b, '{');
	json_key(b, "error");
	json_cstr(b, error);
	json_key(b, "description");
	json_cstr(b, text);
	json_key(b, "error_description");
	json_cstr(b, text);
	buf_putc(b, '}');
	answer_header(a, "Cache-Control", "no-store");
	if (status == 401)
		answer_header(a, "WWW-Authenticate",
		    "Basic realm=\"gc-mock\"");
}

/* Are these the client's id and secret? Returns 0, or -1 after an answer. */
static int
authenticate(struct answer *a, const char *id, const char *secret)
{
	if (!id || !*id || !secret) {
		refuse(a, 400, "invalid_request",
		    "client id and secret are missing");
		return -1;
	}
	if (strcmp(id, CLIENT_ID) != 0) {
		refuse(a, 400, "invalid_client",
		    "client not found: invalid client_id");
		return -1;
	}
	if (strcmp(secret, CLIENT_SECRET) != 0) {
		refuse(a, 401, "invalid_client", "authentication failed");
		return -1;
	}
	return 0;
}

/* Basic, or the form, not both. */
static int
find_client(const struct request *q, const struct params *form,
    struct answer *a)
{
	const char *basic = params_get(&q->headers, "Authorization", true);
	const char *id = params_get(form, "client_id", false);
	const char *secret = params_get(form, "client_secret", false);
	struct buf pair = BUF_INIT(BUF_HEAD);
	char *colon;
	int status;

	if (!basic)
		return authenticate(a, id, secret);
	if (secret) {
		refuse(a, 400, "invalid_request",
		    "client authentication in header and body at once");
		return -1;
	}
	if (strncasecmp(basic, "Basic ", 6) != 0 ||
	    base64_decode(basic + 6 + strspn(basic + 6, " "), &pair) < 0 ||
	    buf_putc(&pair, '\0') < 0 || !(colon = strchr(pair.p, ':'))) {
		refuse(a, 400, "invalid_request",
		    "the Authorization header is not HTTP Basic");
		buf_free(&pair);
		return -1;
	}
	*colon = '\0';
	status = authenticate(a, pair.p, colon + 1);
	buf_free(&pair);
	return status;
}

/* Are all words known scopes? Returns 0, or -1 after an answer. */
static int
check_scopes(const struct mock *m, const char *scopes, struct answer *a)
{
	char word[128], text[256];
	size_t n;

	for (; *scopes; scopes += n) {
		scopes += strspn(scopes, " ");
		n = strcspn(scopes, " ");
		if (n == 0)
			break;
		snprintf(word, sizeof word, "%.*s", (int)n, scopes);
		if (n >= sizeof word || !routes_scope(&m->routes, word)) {
			snprintf(text, sizeof text, "unknown scope: %s", word);
			refuse(a, 400, "invalid_scope", text);
			return -1;
		}
	}
	return 0;
}

static void
put_grant(const struct grant *g, struct answer *a)
{
	struct buf *b = answer_json(a, 200);

	buf_putc(b, '{');
	json_key(b, "access_token");
	json_cstr(b, g->text);
	json_key(b, "token_type");
	json_cstr(b, "bearer");
	json_key(b, "expires_in");
	json_int64(b, g->life);
	if (g->scopes) {
		json_key(b, "scope");
		json_cstr(b, g->scopes);
	}
	buf_putc(b, '}');
	answer_header(a, "Cache-Control", "no-store");
	answer_header(a, "Pragma", "no-cache");
}

static bool
is_form(const struct request *q)
{
	static const char type[] = "application/x-www-form-urlencoded";
	const char *s = params_get(&q->headers, "Content-Type", true);

	return s && strncasecmp(s, type, sizeof type - 1) == 0 &&
	    (!s[sizeof type - 1] || strchr("; \t", s[sizeof type - 1]));
}

/* The form is right and the client is who it says: a token for it. */
static void
grant_token(struct mock *m, const struct request *q,
    const struct params *form, struct answer *a)
{
	const char *type = params_get(form, "grant_type", false);
	const char *scopes = params_get(form, "scope", false);
	const struct grant *g;
	int64_t life = m->tokens.life;

	if (!type) {
		refuse(a, 400, "invalid_request", "grant_type is missing");
		return;
	}
	if (strcmp(type, "client_credentials") != 0) {
		refuse(a, 400, "unsupported_grant_type",
		    "grant_type must be client_credentials");
		return;
	}
	if (find_client(q, form, a) < 0)
		return;
	if (scopes && scopes[strspn(scopes, " ")] == '\0')
		scopes = NULL;
	if (scopes && check_scopes(m, scopes, a) < 0)
		return;
	if (q->fault && q->fault->expires_in >= 0)
		life = q->fault->expires_in;
	g = tokens_issue(&m->tokens, scopes, life);
	if (g)
		put_grant(g, a);
	else
		answer_error(a, 500, "internal.server.error",
		    "out of memory");
}

void
on_token(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct params form = PARAMS_INIT;

	(void)r;
	if (!is_form(q))
		refuse(a, 400, "invalid_request", "the body must be "
		    "application/x-www-form-urlencoded");
	else if (params_get(&q->query, "client_secret", false))
		refuse(a, 400, "invalid_request",
		    "a secret does not belong into a URL");
	else if (params_form(&form, q->body.p ? q->body.p : "",
	    q->body.len) < 0)
		refuse(a, 400, "invalid_request", "the form is malformed");
	else
		grant_token(m, q, &form, a);
	buf_free(&form.text);
}

/* ---- /api/v2/tokens/me ---- */

void
on_token_info(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	struct buf *b = answer_json(a, 200);

	(void)m;
	(void)r;
	buf_str_add(b, "{\"organization\":{\"id\":"
	    "\"0d5c1d6e-2b7c-4f7e-9c55-6f3b8f4a1c20\","
	    "\"name\":\"Harbour Bank\"},\"OAuthClient\":{");
	json_key(b, "id");
	json_cstr(b, CLIENT_ID);
	json_key(b, "name");
	json_cstr(b, "gc-mock");
	if (q->grant->scopes) {
		json_key(b, "scope");
		json_cstr(b, q->grant->scopes);
	}
	buf_str_add(b, "}}");
}

void
on_token_delete(struct mock *m, const struct route *r, struct request *q,
    struct answer *a)
{
	(void)r;
	tokens_revoke(&m->tokens, q);
	answer_begin(a, 204, NULL);
}
