/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cache.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/secret.h"
#include "json/write.h"
#include "net/digest.h"

#include <dirent.h>

#define OLD ((time_t)7 * 86400)         /* seconds: then it is removed */

bool
cache_fits(const struct call *c)
{
	const char *method = call_method(c);

	return c->cache || strcmp(method, "GET") == 0 ||
	    strcmp(method, "HEAD") == 0 ||
	    (strcmp(method, "POST") == 0 && c->repeat);
}

/* ---- the folder ---- */

/* A folder of ours that is nobody else's business. */
static int
make_private(const char *path, struct fail *why)
{
	struct stat st;

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return fail_errno(why, "cannot make the folder %s", path);
	if (lstat(path, &st) < 0)
		return fail_errno(why, "cannot look at %s", path);
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() ||
	    (st.st_mode & 077))
		return fail(why, EXIT_USAGE, "%s can be read by others: "
		    "chmod 700 it, or remove it", path);
	return 0;
}

static int
find_folder(struct buf *b, struct fail *why)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (cache && cache[0] == '/')
		buf_addf(b, "%s", cache);
	else if (home && *home)
		buf_addf(b, "%s/.cache", home);
	else
		return fail(why, EXIT_USAGE, "--cache needs HOME or "
		    "XDG_CACHE_HOME");
	(void)mkdir(buf_str(b), 0700);
	buf_str_add(b, "/gcpipe");
	if (make_private(buf_str(b), why) < 0)
		return -1;
	buf_str_add(b, "/fetch");
	return make_private(buf_str(b), why);
}

static void
add_setting(struct digest *d, const struct fetch *f, enum conf_key key)
{
	const char *v = conf_get(&f->conf, key);

	digest_add(d, v ? v : "", v ? strlen(v) : 0);
	digest_add(d, "\n", 1);
}

static void
add_variable(struct digest *d, const char *name)
{
	const char *v = name ? secret_getenv(name) : NULL;

	digest_add(d, v ? v : "", v ? strlen(v) : 0);
	digest_add(d, "\n", 1);
}

/* What is asked for, and by whom: the client, or whoever a ready token was
 * given to. */
static int
make_key(char hex[DIGEST_HEX], const struct fetch *f,
    const struct json_val *record, struct fail *why)
{
	const char *env = f->o->client.token.auth_env;
	struct digest d;

	if (digest_init(&d, why) < 0)
		return -1;
	digest_add(&d, f->query, strlen(f->query));
	add_setting(&d, f, CONF_CLIENT_ID);
	add_setting(&d, f, CONF_BOT_ID);
	add_setting(&d, f, CONF_MODEL_ID);
	add_setting(&d, f, CONF_DASHBOARD_URL);
	add_setting(&d, f, CONF_CAMPAIGN_URL);
	add_setting(&d, f, CONF_WEBHOOK_URL);
	add_variable(&d, "GENESYSCLOUD_ACCESS_TOKEN");
	digest_add(&d, env ? env : "", env ? strlen(env) : 0);
	add_variable(&d, env);
	digest_add(&d, f->o->client.token.no_auth ? "\nn" : "\ny", 2);
	digest_add(&d, f->since.p, f->since.len);
	digest_add(&d, "\n", 1);
	if (record)
		digest_add(&d, record->p, record->n);
	return digest_end(&d, hex, why);
}

int
cache_open(struct cache *c, const struct fetch *f,
    const struct json_val *record, bool fits, struct fail *why)
{
	struct buf path = BUF_INIT(BUF_PATH);
	char hex[DIGEST_HEX];
	int r = -1;

	memset(c, 0, sizeof *c);
	c->out.fd = -1;
	if (f->o->cache <= 0 || !fits)
		return 0;
	c->age = f->o->cache;
	c->refresh = f->o->refresh;
	if (make_key(hex, f, record, why) == 0 &&
	    find_folder(&path, why) == 0) {
		buf_addf(&path, "/%s.ndjson", hex);
		c->path = path.err ? NULL : strdup(buf_str(&path));
		r = c->path ? 0 : fail(why, EXIT_MACHINE, "out of memory");
	}
	buf_free(&path);
	return r;
}

/* ---- reading ---- */

/* Opens what is there, if it is ours. NULL where there is nothing. */
static FILE *
open_kept(const struct cache *c, struct fail *why, int *status)
{
	int fd = open(c->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	FILE *in;

	*status = 0;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) < 0 || st.st_uid != geteuid() ||
	    (st.st_mode & 077)) {
		close(fd);
		*status = fail(why, EXIT_USAGE, "%s can be read by others: "
		    "remove it", c->path);
		return NULL;
	}
	in = fdopen(fd, "r");
	if (!in)
		close(fd);
	return in;
}

/* Reads the first line: does it still count? */
static bool
is_young(struct cache *c, const char *line, size_t n)
{
	struct buf text = BUF_INIT(64);
	struct json_val v, at, whole;
	int64_t when, now = clock_now();
	bool yes;

	yes = json_check(line, n, &v, NULL) == 0 && json_get(v, "at", &at) &&
	    json_decode(at, &text) == 0 &&
	    time_parse(text.p, text.len, &when) == 0 && when <= now &&
	    (double)(now - when) < c->age * 1000 &&
	    json_get(v, "whole", &whole);
	if (yes)
		c->whole = json_type(whole) == JSON_TRUE;
	buf_free(&text);
	return yes;
}

int
cache_find(struct cache *c, const struct taker *taker, struct fail *why)
{
	char *line = NULL;
	size_t cap = 0;
	struct json_val v;
	ssize_t n;
	FILE *in;
	int r = 0;

	if (!c->path || c->refresh)
		return 0;
	if (!(in = open_kept(c, why, &r)))
		return r;
	n = getline(&line, &cap, in);
	if (n > 0 && is_young(c, line, (size_t)n)) {
		r = 1;
		while (r == 1 && (n = getline(&line, &cap, in)) > 0)
			if (json_check(line, (size_t)n, &v, NULL) < 0)
				r = fail(why, EXIT_MACHINE, "%s is damaged: "
				    "remove it", c->path);
			else if (taker->record(taker->ctx, v, why) < 0)
				r = -1;
		if (ferror(in))
			r = fail_errno(why, "cannot read %s", c->path);
	}
	free(line);
	fclose(in);
	return r;
}

/* ---- writing ---- */

static void
give_up(struct cache *c)
{
	if (c->writing)
		out_abort(&c->out);
	c->writing = false;
	free(c->path);
	c->path = NULL;
}

static int
begin(struct cache *c, struct fail *why)
{
	char head[64], t[TIME_MAX];

	if (out_open(&c->out, c->path, OUT_PRIVATE, why) < 0)
		return -1;
	c->writing = true;
	snprintf(head, sizeof head, "{\"at\":\"%s\",\"whole\":%s}\n",
	    time_format(t, clock_now()), c->whole ? "true" : "false");
	return out_write(&c->out, head, strlen(head), why);
}

int
cache_add(void *ctx, const char *line, size_t n, struct fail *why)
{
	struct cache *c = ctx;

	(void)why;
	if (!c->path || (!c->writing && begin(c, &c->broken) < 0) ||
	    out_write(&c->out, line, n, &c->broken) < 0)
		give_up(c);
	return 0;
}

/* Files that nobody has asked for in a week. */
static void
sweep(const char *path)
{
	struct buf name = BUF_INIT(BUF_PATH);
	const char *slash = strrchr(path, '/');
	time_t now = time(NULL);
	struct dirent *e;
	struct stat st;
	DIR *d;

	buf_add(&name, path, (size_t)(slash - path));
	d = opendir(buf_str(&name));
	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		buf_clear(&name);
		buf_add(&name, path, (size_t)(slash + 1 - path));
		buf_str_add(&name, e->d_name);
		if (!name.err && lstat(buf_str(&name), &st) == 0 &&
		    S_ISREG(st.st_mode) && now - st.st_mtime > OLD)
			unlink(buf_str(&name));
	}
	if (d)
		closedir(d);
	buf_free(&name);
}

int
cache_keep(struct cache *c, struct fail *why)
{
	(void)why;
	if (c->path && !c->writing && begin(c, &c->broken) < 0)
		give_up(c);             /* no record is an answer, too */
	if (c->writing && c->path) {
		c->writing = false;
		if (out_close(&c->out, &c->broken) == 0)
			sweep(c->path);
	}
	if (c->broken.text[0])
		msg_note("not kept for --cache: %s", c->broken.text);
	return 0;
}

void
cache_close(struct cache *c)
{
	give_up(c);
}
