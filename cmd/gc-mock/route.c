/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "route.h"

#include "base/rng.h"
#include "base/share.h"
#include "handlers.h"

static const struct {
	const char *name;
	handler *handle;
} kinds[] = {
	{ "token", on_token },
	{ "token-info", on_token_info },
	{ "token-delete", on_token_delete },
	{ "evaluate", on_evaluate },
	{ "evaluation", on_evaluation },
	{ "utterances", on_utterances },
	{ "train", on_train },
	{ "list", on_list },
	{ "item", on_item },
	{ "job-start", on_job_start },
	{ "job-state", on_job_state },
	{ "job-cancel", on_job_cancel },
	{ "job-results", on_job_results },
	{ "job-download", on_job_download },
	{ "store-create", on_store_create },
	{ "store-list", on_store_list },
	{ "store-get", on_store_get },
	{ "store-replace", on_store_replace },
	{ "store-delete", on_store_delete },
	{ "attributes-get", on_attributes_get },
	{ "attributes-patch", on_attributes_patch },
	{ "attributes-put", on_attributes_put },
	{ "steps", on_steps },
	{ "restart", on_restart },
	{ "nlu-report", on_nlu_report },
	{ "detect", on_detect },
	{ "bot-aggregates", on_bot_aggregates },
	{ "score", on_score },
	{ "summary", on_summary },
	{ "template", on_template },
};

/* ---- the table ---- */

static handler *
find_handler(const char *name)
{
	size_t i;

	for (i = 0; name && i < COUNT(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return kinds[i].handle;
	return NULL;
}

static int
add_route(void *ctx, struct json_val line, int number, struct fail *why)
{
	struct routes *rs = ctx;
	struct route *r = realloc(rs->v, (rs->n + 1) * sizeof *r);
	char *kind = member_text(line, "kind");

	(void)number;
	if (!r) {
		free(kind);
		return fail(why, EXIT_MACHINE, "out of memory");
	}
	rs->v = r;
	r += rs->n++;
	r->method = member_text(line, "method");
	r->path = member_text(line, "path");
	r->scope = member_text(line, "scope");
	r->auth = member_text(line, "auth");
	r->line = line;
	r->handle = find_handler(kind);
	free(kind);
	if (!r->method || !r->path || r->path[0] != '/' || !r->handle)
		return fail(why, EXIT_USAGE, "a route needs a method, "
		    "a path that begins with / and a kind that there is");
	r->key = rng_hash(rng_hash(0, r->method, strlen(r->method)),
	    r->path, strlen(r->path));
	return 0;
}

int
routes_open(struct routes *rs, struct fail *why)
{
	static const struct routes empty = { BUF_INIT(BUF_DOC), NULL, 0 };

	*rs = empty;
	if (share_read(&rs->text, "mock/routes.ndjson", why) < 0)
		return -1;
	return lines_each(&rs->text, "mock/routes.ndjson", add_route, rs,
	    why);
}

void
routes_free(struct routes *rs)
{
	size_t i;

	for (i = 0; i < rs->n; i++) {
		free(rs->v[i].method);
		free(rs->v[i].path);
		free(rs->v[i].scope);
		free(rs->v[i].auth);
	}
	free(rs->v);
	buf_free(&rs->text);
}

/* ---- finding one ---- */

/* One segment of a path, up to the next slash or the end. */
static size_t
segment(const char *p)
{
	return strcspn(p, "/");
}

/* Does the path fit the pattern? Fills vars, which the caller cleared. */
static bool
fits(const char *pattern, const char *path, struct params *vars)
{
	struct buf value = BUF_INIT(BUF_HEAD);
	char name[64];
	size_t n, k;
	bool ok = true;

	while (ok && *pattern && *path) {
		n = segment(pattern);
		k = segment(path);
		if (pattern[0] == '{') {
			snprintf(name, sizeof name, "%.*s", (int)(n - 2),
			    pattern + 1);
			buf_clear(&value);
			ok = k > 0 && uri_decode(&value, path, k, false) == 0;
			params_add(vars, name, buf_str(&value), value.len);
		} else {
			ok = n == k && memcmp(pattern, path, n) == 0;
		}
		pattern += n;
		path += k;
		if (*pattern != *path)
			ok = false;
		pattern += *pattern == '/';
		path += *path == '/';
	}
	buf_free(&value);
	return ok && !*pattern && !*path;
}

const struct route *
routes_find(const struct routes *rs, struct request *q, struct answer *a)
{
	const char *path = buf_str(&q->path);
	const char *method = strcmp(q->method, "HEAD") == 0 ? "GET" :
	    q->method;
	char allow[64] = "";
	size_t i, n = 0;

	for (i = 0; i < rs->n; i++) {
		buf_clear(&q->vars.text);
		if (!fits(rs->v[i].path, path, &q->vars))
			continue;
		if (strcmp(rs->v[i].method, method) == 0)
			return &rs->v[i];
		if (n < sizeof allow && !strstr(allow, rs->v[i].method))
			n += (size_t)snprintf(allow + n, sizeof allow - n,
			    "%s%s", n ? ", " : "", rs->v[i].method);
	}
	if (n == 0) {
		answer_error(a, 404, "not.found",
		    "HTTP 404 Not Found: no such path: %.300s", path);
	} else {
		answer_error(a, 405, "method.not.allowed",
		    "HTTP 405 Method Not Allowed: the path takes %s", allow);
		answer_header(a, "Allow", "%s", allow);
	}
	return NULL;
}

bool
routes_scope(const struct routes *rs, const char *scope)
{
	size_t i;

	for (i = 0; i < rs->n; i++)
		if (rs->v[i].scope && strcmp(rs->v[i].scope, scope) == 0)
			return true;
	return false;
}

bool
route_is(const struct route *r, const char *name, const char *s)
{
	struct json_val v;

	return json_get(r->line, name, &v) && json_is(v, s);
}

int64_t
route_int(const struct route *r, const char *name, int64_t absent)
{
	struct json_val v;
	int64_t n;

	return json_get(r->line, name, &v) && json_int(v, &n) ? n : absent;
}
