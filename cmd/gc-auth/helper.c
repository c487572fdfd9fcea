/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper.h"
#include "base/secret.h"
#include "net/url.h"
#include "show.h"

/* Takes a line's value where its key is the one. */
static bool
take(const char *line, const char *key, const char **value)
{
	size_t n = strlen(key);

	if (strncmp(line, key, n) != 0 || line[n] != '=')
		return false;
	*value = line + n + 1;
	return true;
}

static void
take_line(struct helper *h, const char *line)
{
	const char *capability = "";

	if (take(line, "protocol", &h->protocol) ||
	    take(line, "host", &h->host) ||
	    take(line, "password", &h->secret) ||
	    take(line, "credential", &h->secret))
		return;
	if (take(line, "capability[]", &capability) &&
	    strcmp(capability, "authtype") == 0)
		h->authtype = true;
}

int
helper_read(struct helper *h, struct fail *why)
{
	char *line, *end;

	memset(h, 0, sizeof *h);
	h->text.max = BUF_TOKEN;
	if (buf_reserve(&h->text, h->text.max) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	if (buf_read_fd(&h->text, STDIN_FILENO) < 0 && errno != E2BIG)
		return fail_errno(why, "cannot read stdin");
	(void)buf_str(&h->text);
	if (h->text.err || memchr(h->text.p, '\0', h->text.len))
		return fail(why, EXIT_DATA, "stdin: expected lines of "
		    "key=value");
	for (line = h->text.p; *line && *line != '\n'; line = end + 1) {
		end = strchr(line, '\n');
		if (!memchr(line, '=', end ? (size_t)(end - line) :
		    strlen(line)))
			return fail(why, EXIT_DATA, "stdin: expected lines of "
			    "key=value");
		if (end)
			*end = '\0';
		take_line(h, line);
		if (!end)
			break;
	}
	return 0;
}

bool
helper_concerns(const struct helper *h, const struct plan *p)
{
	struct buf url = BUF_INIT(BUF_PATH);
	bool same;

	if (!h->protocol || !h->host)
		return false;
	buf_addf(&url, "%s://%s/", h->protocol, h->host);
	same = !url.err && url_same_origin(buf_str(&url),
	    conf_get(&p->conf, CONF_API_URL));
	buf_free(&url);
	return same;
}

int
helper_answer(const struct helper *h, const struct plan *p,
    const struct cached *t, struct fail *why)
{
	const char *id = conf_get(&p->conf, CONF_CLIENT_ID);
	struct buf b = BUF_INIT(2 * BUF_TOKEN);

	if (buf_reserve(&b, b.max) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	if (h->authtype)
		buf_addf(&b, "capability[]=authtype\nauthtype=Bearer\n"
		    "credential=%s\n", t->token);
	else
		buf_addf(&b, "username=%s\npassword=%s\n", id ? id : "token",
		    t->token);
	if (!p->ready)
		buf_addf(&b, "password_expiry_utc=%lld\n",
		    (long long)(t->taken.wall / 1000 + t->lifetime));
	return show_print(&b, why);
}

void
helper_free(struct helper *h)
{
	secret_buf_free(&h->text);
}
