/* SPDX-License-Identifier: GPL-3.0-or-later */
/* request.c -- from the command line to what is asked for. */
#include "bookmark.h"
#include "fetch.h"

#include "json/write.h"
#include "net/digest.h"
#include "net/url.h"

#define NEVER "1970-01-01T00:00:00Z"    /* {since}, before the first run */

static int
no_memory(struct fail *why)
{
	return fail(why, EXIT_MACHINE, "out of memory");
}

/* ---- a call ---- */

static int
set_text(char **to, const char *text, struct fail *why)
{
	free(*to);
	*to = strdup(text);
	return *to ? 0 : no_memory(why);
}

static int
add_header(struct call *c, const char *line, struct fail *why)
{
	size_t n = strcspn(line, ":");

	if (!line[n] || n == 0)
		return fail(why, EXIT_USAGE, "-H takes 'Name: value', not "
		    "'%s'", line);
	if (strncasecmp(line, "Authorization", n) == 0 && n == 13)
		return fail(why, EXIT_USAGE, "a secret is no argument: "
		    "--auth-env takes a bearer token from a variable");
	return call_header(c, line) < 0 ? no_memory(why) : 0;
}

int
fetch_override(const struct fetch *f, struct call *c, struct fail *why)
{
	const struct fetch_opts *o = f->o;
	struct buf name = BUF_INIT(BUF_LINE);
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < o->headers.n; i++)
		r = add_header(c, o->headers.v[i], why);
	if (r == 0 && o->records)
		r = set_text(&c->items, o->records, why);
	if (r == 0 && o->poll)
		r = set_text(&c->poll.until, o->poll, why);
	if (r == 0 && o->paginate && (o->paginate[0] == '{' ||
	    o->paginate[0] == '"')) {
		r = set_text(&c->paginate, o->paginate, why);
	} else if (r == 0 && o->paginate) {
		json_cstr(&name, o->paginate);
		r = set_text(&c->paginate, buf_str(&name), why);
	}
	buf_free(&name);
	return r;
}

/* A POST to .../query or .../search asks and changes nothing. */
static bool
only_asks(const char *path)
{
	size_t n = strcspn(path, "?#");

	return (n >= 6 && strncmp(path + n - 6, "/query", 6) == 0) ||
	    (n >= 7 && strncmp(path + n - 7, "/search", 7) == 0);
}

int
fetch_raw_call(const struct fetch *f, int i, const char *path,
    const struct json_val *body, struct call *c, struct fail *why)
{
	struct json_val v = { f->body.p, f->body.len };

	memset(c, 0, sizeof *c);
	c->poll.interval = c->poll.max_wait = -1;
	if (body)
		v = *body;
	if (set_text(&c->path, path ? path : f->paths[i], why) < 0)
		return -1;
	if (f->o->method && set_text(&c->method, f->o->method, why) < 0)
		return -1;
	if (body || f->o->data) {
		if (!(c->body = malloc(v.n + 1)))
			return no_memory(why);
		if (v.n)
			memcpy(c->body, v.p, v.n);
		c->body[v.n] = '\0';
		c->nbody = v.n;
		if (call_header(c, "Content-Type: application/json") < 0)
			return no_memory(why);
	}
	c->repeat = strcmp(call_method(c), "POST") == 0 && only_asks(c->path);
	return fetch_override(f, c, why);
}

/* ---- {EXPR} in a path ---- */

int
fetch_fill(const char *path, int (*one)(void *ctx, const char *expr, size_t n,
    int which, struct buf *b, struct fail *why), void *ctx, struct buf *out,
    struct fail *why)
{
	const char *open, *close;
	int which = 0;

	buf_clear(out);
	for (; (open = strchr(path, '{')); path = close + 1) {
		if (!(close = strchr(open, '}')))
			return fail(why, EXIT_USAGE, "a '{' without its '}' in "
			    "%s", path);
		buf_add(out, path, (size_t)(open - path));
		if (one(ctx, open + 1, (size_t)(close - open - 1), which++,
		    out, why) < 0)
			return -1;
	}
	buf_str_add(out, path);
	buf_str(out);
	return out->err ? no_memory(why) : 0;
}

static int
fill_since(void *ctx, const char *expr, size_t n, int which, struct buf *b,
    struct fail *why)
{
	const struct fetch *f = ctx;

	(void)which;
	if (n == 5 && memcmp(expr, "since", 5) == 0 && f->o->since)
		return f->since.len ? url_encode(b, f->since.p, f->since.len) :
		    url_encode(b, NEVER, strlen(NEVER));
	if (f->o->each) {               /* a record's, later */
		buf_addf(b, "{%.*s}", (int)n, expr);
		return 0;
	}
	return fail(why, EXIT_USAGE, "{%.*s} in a path goes with %s", (int)n,
	    expr, n == 5 && memcmp(expr, "since", 5) == 0 ? "--since" :
	    "--each");
}

static int
fill_paths(struct fetch *f, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_LINE);
	char *own;
	int i, r = 0;

	for (i = 0; r == 0 && i < f->npaths; i++) {
		r = fetch_fill(f->paths[i], fill_since, f, &b, why);
		own = r == 0 ? strdup(buf_str(&b)) : NULL;
		if (r == 0 && !own)
			r = no_memory(why);
		if (r == 0)
			f->paths[i] = own;      /* until the process ends */
	}
	buf_free(&b);
	return r;
}

/* ---- what is asked for ---- */

static int
read_data(struct fetch *f, struct fail *why)
{
	const char *data = f->o->data;
	struct buf body = BUF_INIT(BUF_DOC);
	int fd, r, e;

	f->body = body;
	if (!data)
		return 0;
	if (data[0] != '@') {
		buf_str_add(&f->body, data);
		return f->body.err ? no_memory(why) : 0;
	}
	fd = strcmp(data, "@-") == 0 ? STDIN_FILENO :
	    open(data + 1, O_RDONLY | O_CLOEXEC);
	r = fd < 0 ? -1 : buf_read_fd(&f->body, fd);
	if (r < 0) {
		e = errno;
		fail_errno(why, "cannot read %s", data + 1);
		if (fd < 0 || (e == EISDIR && fd > STDIN_FILENO))
			why->code = EXIT_USAGE;
	}
	if (fd > STDIN_FILENO)
		close(fd);
	return r;
}

static void
add_text(struct digest *d, const char *s)
{
	digest_add(d, s ? s : "", s ? strlen(s) + 1 : 1);
}

static int
digest_query(struct fetch *f, struct fail *why)
{
	const struct fetch_opts *o = f->o;
	struct digest d;
	size_t i;

	if (digest_init(&d, why) < 0)
		return -1;
	add_text(&d, "gc-fetch 1");
	add_text(&d, conf_get(&f->conf, CONF_API_URL));
	add_text(&d, o->request);
	add_text(&d, f->named ? named_text(f->named) : "");
	add_text(&d, buf_str(&f->vars));
	add_text(&d, o->method);
	add_text(&d, o->data ? "body" : "");
	digest_add(&d, f->body.p, f->body.len);
	for (i = 0; i < (size_t)f->npaths; i++)
		add_text(&d, f->paths[i]);
	for (i = 0; i < o->headers.n; i++)
		add_text(&d, o->headers.v[i]);
	add_text(&d, o->records);
	add_text(&d, o->paginate);
	add_text(&d, o->poll);
	add_text(&d, o->pages ? "pages" : o->raw ? "raw" : "");
	add_text(&d, o->since_by);
	if (o->as)
		add_text(&d, "as");     /* then an answer may stay whole */
	return digest_end(&d, f->query, why);
}

/* The bookmark, as {since} or as the variable since. */
static int
read_bookmark(struct fetch *f, struct fail *why)
{
	struct buf operand = BUF_INIT(BUF_LINE);
	struct json_val vars = { f->vars.p, f->vars.len }, v;
	int r;

	if (!f->o->since)
		return fill_paths(f, why);
	if (f->named && named_vars_check(f->named, "{\"since\":0}", why) < 0)
		return -1;
	if (bookmark_load(f->o->since, f->query, &f->since, why) < 0)
		return -1;
	if (!f->named || f->since.len == 0 || json_get(vars, "since", &v))
		return fill_paths(f, why);
	buf_str_add(&operand, "since=");
	buf_add(&operand, f->since.p, f->since.len);
	r = named_vars_add(&f->vars, buf_str(&operand), why);
	if (r == 0)
		r = named_vars_check(f->named, buf_str(&f->vars), why);
	buf_free(&operand);
	return r;
}

int
fetch_prepare(struct fetch *f, char **operands, int n, struct fail *why)
{
	struct buf vars = BUF_INIT(BUF_DOC), since = BUF_INIT(BUF_LINE);
	int i;

	f->vars = vars;
	f->since = since;
	buf_str_add(&f->vars, "{}");
	for (i = 0; f->named && i < n; i++)
		if (named_vars_add(&f->vars, operands[i], why) < 0)
			return -1;
	if (!f->named) {
		f->paths = operands;
		f->npaths = n;
	}
	if (f->named && named_vars_check(f->named, buf_str(&f->vars), why) < 0)
		return -1;
	if (read_data(f, why) < 0 || digest_query(f, why) < 0)
		return -1;
	if (read_bookmark(f, why) < 0)
		return -1;
	buf_str(&f->vars);              /* from now on threads read it */
	return f->vars.err ? no_memory(why) : 0;
}
