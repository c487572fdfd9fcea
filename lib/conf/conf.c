/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/conf.h"
#include "base/secret.h"
#include "conf/region.h"
#include "conf/toml.h"

/* A setting's names. The order within env is the order of asking; the first
 * is the one that messages and children are told. */
struct setting {
	const char *name;       /* in --show-config */
	const char *flag;       /* in origins */
	const char *env[4];
	const char *profile;    /* the key in config.toml */
	const char *fallback;
	const char *what;       /* "no WHAT: set ..." */
	bool secret;            /* never shown */
	bool guarded;           /* read only with CONF_SECRETS */
};

static const struct setting settings[CONF_KEYS] = {
	[CONF_PROFILE] = { "profile", "--profile", { "GC_PROFILE" }, NULL,
	    "DEFAULT", "profile", false, false },
	[CONF_REGION] = { "region", "--region", { "GENESYS_REGION",
	    "GENESYS_REGION_HOST", "GENESYSCLOUD_REGION" }, "environment",
	    "mypurecloud.com", "region", false, false },
	[CONF_API] = { "api", "--api", { "GC_API" }, NULL, "tutorial",
	    "set of paths", false, false },
	[CONF_API_URL] = { "api_url", "--api-url", { "GC_API_URL" }, NULL,
	    NULL, "API URL", false, false },
	[CONF_LOGIN_URL] = { "login_url", "--login-url", { "GC_LOGIN_URL" },
	    NULL, NULL, "login URL", false, false },
	[CONF_CLIENT_ID] = { "client_id", "--client-id",
	    { "GENESYS_CLIENT_ID", "GENESYSCLOUD_OAUTHCLIENT_ID" },
	    "client_credentials", NULL, "client id", false, false },
	[CONF_CLIENT_SECRET] = { "client_secret", NULL,
	    { "GENESYS_CLIENT_SECRET", "GENESYSCLOUD_OAUTHCLIENT_SECRET" },
	    "client_secret", NULL, "client secret", true, true },
	[CONF_SECRET_FILE] = { "client_secret_file", "--secret-file",
	    { "GENESYS_CLIENT_SECRET_FILE" }, NULL, NULL,
	    "file with the client secret", false, false },
	[CONF_ACCESS_TOKEN] = { "access_token", NULL,
	    { "GENESYSCLOUD_ACCESS_TOKEN" }, "access_token", NULL,
	    "ready token", true, true },
	[CONF_SCOPES] = { "scopes", "--scope", { "GC_SCOPES" }, NULL, NULL,
	    "scopes", false, false },
	[CONF_AUTH] = { "auth", "--auth", { "GC_AUTH" }, NULL, NULL,
	    "command for tokens", false, false },
	[CONF_BOT_ID] = { "bot_id", "--bot-id", { "GENESYS_BOT_ID" }, NULL,
	    NULL, "bot id", false, false },
	[CONF_MODEL_ID] = { "model_id", "--model-id", { "GENESYS_MODEL_ID" },
	    NULL, NULL, "model id", false, false },
	[CONF_DASHBOARD_URL] = { "dashboard_url", "--dashboard-url",
	    { "DASHBOARD_API_URL" }, NULL, NULL, "dashboard URL", false,
	    false },
	[CONF_CAMPAIGN_URL] = { "campaign_url", "--campaign-url",
	    { "CAMPAIGN_API_URL" }, NULL, NULL, "campaign URL", false, false },
	[CONF_WEBHOOK_URL] = { "webhook_url", "--webhook-url",
	    { "COACHING_WEBHOOK_URL" }, NULL, NULL, "webhook URL", false,
	    false },
	[CONF_STORE] = { "store", "--store", { "GC_STORE",
	    "POSTGRES_CONNECTION_STRING" }, NULL, "gcpipe.db", "store", true,
	    false },
	[CONF_CACERT] = { "cacert", "--cacert", { "SSL_CERT_FILE",
	    "CURL_CA_BUNDLE" }, NULL, NULL, "file of CA certificates", false,
	    false },
};

/* What the profile holds that no single setting is: the parts of the URL of
 * a gateway, in the order of struct loading's array. */
enum { PROTOCOL, HOST, PORT, PATHS, GATEWAY };
static const char *const gateway_keys[GATEWAY] = {
	"gateway_protocol", "gateway_host", "gateway_port",
	"gateway_pathparams"
};

struct loading {
	struct conf *c;
	unsigned what;
	char path[BUF_PATH];            /* of config.toml */
	char place[BUF_PATH + 64];      /* "PATH [PROFILE]" */
	bool open_to_others;            /* the file's mode */
	bool found;                     /* the profile is there */
	char *gateway[GATEWAY];         /* owned */
};

/* ---- values ---- */

static int
no_memory(struct fail *why)
{
	return fail(why, EXIT_MACHINE, "out of memory");
}

/* Puts a value where none of a stronger source stands. */
static int
put(struct conf *c, enum conf_key key, const char *text, const char *origin,
    enum conf_source source, struct fail *why)
{
	struct conf_value *v = &c->v[key];
	char *t, *o;

	if (v->source > source)
		return 0;
	t = strdup(text);
	o = strdup(origin);
	if (!t || !o) {
		secret_free(t);
		free(o);
		return no_memory(why);
	}
	secret_free(v->text);
	free(v->origin);
	v->text = t;
	v->origin = o;
	v->source = source;
	return 0;
}

static bool
wanted(const struct loading *l, enum conf_key key)
{
	return !settings[key].guarded || (l->what & CONF_SECRETS);
}

/* Flags, environment, defaults. */
static int
put_given(struct loading *l, const struct conf_opts *o, struct fail *why)
{
	const char *text;
	size_t i, k;

	for (k = 0; k < CONF_KEYS; k++) {
		const struct setting *s = &settings[k];

		if (!wanted(l, (enum conf_key)k))
			continue;
		if (o && o->flag[k] && put(l->c, (enum conf_key)k, o->flag[k],
		    s->flag, CONF_FLAG, why) < 0)
			return -1;
		for (i = 0; i < COUNT(s->env) && s->env[i]; i++) {
			text = getenv(s->env[i]);
			if (!text || !*text)
				continue;
			if (put(l->c, (enum conf_key)k, text, s->env[i],
			    CONF_ENV, why) < 0)
				return -1;
			break;
		}
		if (s->fallback && put(l->c, (enum conf_key)k, s->fallback,
		    "default", CONF_DEFAULT, why) < 0)
			return -1;
	}
	return 0;
}

/* ---- the profile ---- */

/* A secret in a file that others can read is not taken, but remembered: only
 * who needs it fails. */
static int
bar(struct conf_value *v, const char *path, struct fail *why)
{
	free(v->barred);
	v->barred = strdup(path);
	return v->barred ? 0 : no_memory(why);
}

static int
take_item(void *ctx, const struct toml_item *item, struct fail *why)
{
	struct loading *l = ctx;
	size_t k;

	if (strcasecmp(item->table, l->c->v[CONF_PROFILE].text) != 0)
		return 0;
	l->found = true;
	if (!*item->text)
		return 0;
	for (k = 0; k < GATEWAY; k++)
		if (strcasecmp(item->key, gateway_keys[k]) == 0) {
			free(l->gateway[k]);
			l->gateway[k] = strdup(item->text);
			return l->gateway[k] ? 0 : no_memory(why);
		}
	for (k = 0; k < CONF_KEYS; k++) {
		const struct setting *s = &settings[k];

		if (!s->profile || strcasecmp(item->key, s->profile) != 0 ||
		    !wanted(l, (enum conf_key)k))
			continue;
		if (l->c->v[k].source > CONF_FILE)
			return 0;
		if (s->guarded && l->open_to_others)
			return bar(&l->c->v[k], l->path, why);
		return put(l->c, (enum conf_key)k, item->text, l->place,
		    CONF_FILE, why);
	}
	return 0;
}

/* Reads all of an open file. */
static int
read_profile(struct loading *l, int fd, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_CONF);
	struct stat st;
	int bad;

	if (fstat(fd, &st) < 0)
		return fail_errno(why, "cannot read %s", l->path);
	if (!S_ISREG(st.st_mode))
		return fail(why, EXIT_USAGE, "%s: not a regular file",
		    l->path);
	l->open_to_others = (st.st_mode & 077) != 0;
	/* the whole ceiling at once: growth would leave copies of secrets */
	if (buf_reserve(&b, BUF_CONF) < 0)
		return no_memory(why);
	if (buf_read_fd(&b, fd) < 0) {
		bad = errno == E2BIG ? fail(why, EXIT_USAGE,
		    "%s: longer than %zu bytes", l->path, BUF_CONF) :
		    fail_errno(why, "cannot read %s", l->path);
	} else {
		bad = toml_each(l->path, buf_str(&b), b.len, take_item, l,
		    why);
	}
	secret_buf_free(&b);
	return bad;
}

/* The file need not be there, and neither need its default profile; a profile
 * that was named must be. */
static int
put_profile(struct loading *l, struct fail *why)
{
	const struct conf_value *profile = &l->c->v[CONF_PROFILE];
	const char *home = getenv("HOME");
	int fd = -1, bad = 0;

	if (home && *home) {
		snprintf(l->path, sizeof l->path, "%s/.gc/config.toml", home);
		snprintf(l->place, sizeof l->place, "%s [%.60s]", l->path,
		    profile->text);
		fd = open(l->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (fd < 0 && errno != ENOENT && errno != ENOTDIR) {
			fail_errno(why, "cannot open %s", l->path);
			if (why)
				why->code = EXIT_USAGE;
			return -1;
		}
	}
	if (fd >= 0) {
		bad = read_profile(l, fd, why);
		close(fd);
	}
	if (!bad && !l->found && profile->source > CONF_DEFAULT)
		return fail(why, EXIT_USAGE, "no profile '%s' in %s (named by "
		    "%s)", profile->text, l->path[0] ? l->path :
		    "~/.gc/config.toml: HOME is not set", profile->origin);
	return bad;
}

/* ---- what follows from them ---- */

/* Is it a base for URLs? Cuts the slashes at its end. */
static int
check_url(struct conf_value *v, struct fail *why)
{
	const char *host, *c;
	char *end = v->text + strlen(v->text);

	host = strncasecmp(v->text, "https://", 8) == 0 ? v->text + 8 :
	    strncasecmp(v->text, "http://", 7) == 0 ? v->text + 7 : NULL;
	if (!host || !*host || *host == '/' || *host == ':')
		return fail(why, EXIT_USAGE,
		    "%s: expected http://HOST or https://HOST", v->origin);
	for (c = host; *c; c++)
		if (*c <= ' ' || *c == 0x7f || strchr("?#\\\"", *c))
			return fail(why, EXIT_USAGE, "%s: a URL of a host and "
			    "a path, nothing else, is expected", v->origin);
	if (memchr(host, '@', strcspn(host, "/")))
		return fail(why, EXIT_USAGE,
		    "%s: a URL must not hold a user or password", v->origin);
	while (end > host && end[-1] == '/')
		*--end = '\0';
	return 0;
}

/* A path of gateway_pathparams, "{api: PATH, login: PATH}"; 0 long where it
 * is not there. */
static size_t
path_param(const char *text, const char *name, const char **start)
{
	size_t n = strlen(name);
	const char *c = text ? text : "";

	while (*c) {
		c += strspn(c, "{ ,\"'\t");
		if (strncmp(c, name, n) == 0 &&
		    c[n + strspn(c + n, " \"'")] == ':') {
			c += n + strspn(c + n, " \"'") + 1;
			c += strspn(c, " \"'/");
			*start = c;
			return strcspn(c, " \"',}");
		}
		c += strcspn(c, ",}");
		if (*c)
			c++;
	}
	return 0;
}

/* The profile's gateway, where the CLI is told to go through one. */
static int
put_gateway(struct loading *l, enum conf_key key, const char *param,
    struct fail *why)
{
	struct buf b = BUF_INIT(BUF_PATH);
	const char *path = NULL;
	size_t n;
	int bad;

	if (!l->gateway[HOST])
		return 0;
	buf_addf(&b, "%s://%s", l->gateway[PROTOCOL] ? l->gateway[PROTOCOL] :
	    "https", l->gateway[HOST]);
	if (l->gateway[PORT])
		buf_addf(&b, ":%s", l->gateway[PORT]);
	if ((n = path_param(l->gateway[PATHS], param, &path)) > 0)
		buf_addf(&b, "/%.*s", (int)n, path);
	bad = b.err ? fail(why, EXIT_USAGE, "%s: the gateway's URL is too "
	    "long", l->place) :
	    put(l->c, key, buf_str(&b), l->place, CONF_FILE, why);
	buf_free(&b);
	return bad;
}

/* The URLs, from the strongest that says something about them. */
static int
put_urls(struct loading *l, struct fail *why)
{
	struct conf *c = l->c;
	const struct conf_value *api = &c->v[CONF_API_URL];
	char url[REGION_MAX + 32];

	/* GC_API_URL speaks for both, as one who knows only the file would */
	if (api->source > CONF_FILE && put(c, CONF_LOGIN_URL, api->text,
	    api->origin, CONF_FILE, why) < 0)
		return -1;
	if (c->v[CONF_LOGIN_URL].source < CONF_FILE &&
	    put_gateway(l, CONF_LOGIN_URL, "login", why) < 0)
		return -1;
	if (put_gateway(l, CONF_API_URL, "api", why) < 0)
		return -1;
	snprintf(url, sizeof url, "https://api.%s", c->v[CONF_REGION].text);
	if (put(c, CONF_API_URL, url, "region", CONF_DERIVED, why) < 0)
		return -1;
	snprintf(url, sizeof url, "https://login.%s", c->v[CONF_REGION].text);
	if (put(c, CONF_LOGIN_URL, url, "region", CONF_DERIVED, why) < 0)
		return -1;
	return check_url(&c->v[CONF_API_URL], why) < 0 ? -1 :
	    check_url(&c->v[CONF_LOGIN_URL], why);
}

static int
settle(struct loading *l, struct fail *why)
{
	struct conf_value *region = &l->c->v[CONF_REGION];
	const struct conf_value *api = &l->c->v[CONF_API];
	char domain[REGION_MAX], *copy;

	if (region_domain(region->text, domain, why) < 0)
		return fail_prefix(why, "%s", region->origin);
	if (!(copy = strdup(domain)))
		return no_memory(why);
	free(region->text);
	region->text = copy;
	if (strcmp(api->text, "tutorial") != 0 &&
	    strcmp(api->text, "platform") != 0)
		return fail(why, EXIT_USAGE, "%s takes tutorial or platform, "
		    "not '%.60s'", api->origin, api->text);
	return put_urls(l, why);
}

int
conf_load(struct conf *c, const struct conf_opts *o, unsigned what,
    struct fail *why)
{
	struct loading l;
	size_t i;
	int bad;

	memset(c, 0, sizeof *c);
	memset(&l, 0, sizeof l);
	l.c = c;
	l.what = what;
	bad = put_given(&l, o, why) < 0 || put_profile(&l, why) < 0 ||
	    settle(&l, why) < 0;
	for (i = 0; i < GATEWAY; i++)
		free(l.gateway[i]);
	return bad ? -1 : 0;
}

/* ---- asking ---- */

const char *
conf_get(const struct conf *c, enum conf_key key)
{
	return c->v[key].text;
}

const char *
conf_origin(const struct conf *c, enum conf_key key)
{
	return c->v[key].origin ? c->v[key].origin : "not set";
}

int
conf_need(const struct conf *c, enum conf_key key, struct fail *why)
{
	const struct setting *s = &settings[key];

	if (c->v[key].text)
		return 0;
	if (c->v[key].barred)
		return fail(why, EXIT_USAGE, "%s holds the %s, and others can "
		    "read it: chmod 600 %s", c->v[key].barred, s->what,
		    c->v[key].barred);
	if (s->profile)
		return fail(why, EXIT_USAGE, "no %s: set %s, or %s in "
		    "~/.gc/config.toml", s->what, s->env[0], s->profile);
	return fail(why, EXIT_USAGE, "no %s: set %s", s->what, s->env[0]);
}

bool
conf_platform(const struct conf *c)
{
	return strcmp(c->v[CONF_API].text, "platform") == 0;
}

void
conf_show(const struct conf *c, const enum conf_key *keys, struct buf *b)
{
	for (; *keys != CONF_KEYS; keys++) {
		const struct conf_value *v = &c->v[*keys];
		bool hide = settings[*keys].secret &&
		    v->source > CONF_DEFAULT;

		buf_addf(b, "%s\t%s\t%s\n", settings[*keys].name,
		    hide ? "(hidden)" : v->text ? v->text : "",
		    conf_origin(c, *keys));
	}
}

const char *
conf_export(const struct conf *c, enum conf_key key)
{
	return c->v[key].source == CONF_FLAG ? settings[key].env[0] : NULL;
}

void
conf_free(struct conf *c)
{
	size_t k;

	for (k = 0; k < CONF_KEYS; k++) {
		secret_free(c->v[k].text);
		free(c->v[k].origin);
		free(c->v[k].barred);
	}
	memset(c, 0, sizeof *c);
}
