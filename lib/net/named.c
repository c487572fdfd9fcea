/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/named.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/share.h"
#include "json/jq.h"
#include "json/write.h"

#include <dirent.h>

/* A place where the program reads a variable: A // B // default, A and B
 * each .vars.NAME, .record.NAME or .env.NAME. */
#define LINKS 4

enum source { VARS, RECORD, ENV };

struct chain {
	struct link {
		enum source from;
		char *name;             /* owned */
	} links[LINKS];
	int n;
	char *fallback;                 /* owned; NULL: none, it is needed */
};

struct named {
	char *name, *what;              /* owned; what: "request NAME" */
	struct buf text;                /* the program */
	struct jq *jq;
	struct chain *chains;           /* owned; nchains */
	size_t nchains;
	bool open;                      /* it reads .vars as a whole */
	struct buf input;
};

/* The settings a program may see, and their names there. */
static const struct {
	const char *name;
	enum conf_key key;
} settings[] = {
	{ "bot_id", CONF_BOT_ID },
	{ "model_id", CONF_MODEL_ID },
	{ "dashboard_url", CONF_DASHBOARD_URL },
	{ "campaign_url", CONF_CAMPAIGN_URL },
	{ "webhook_url", CONF_WEBHOOK_URL },
};

/* ---- reading the program ---- */

static size_t
identifier(const char *p)
{
	size_t n = 0;

	while (isalpha((unsigned char)p[n]) || p[n] == '_' ||
	    (n && isdigit((unsigned char)p[n])))
		n++;
	return n;
}

static const char *
blanks(const char *p)
{
	return p + strspn(p, " \t\r\n?");
}

/* .vars.NAME, .record.NAME or .env.NAME at p? Returns what follows, or
 * NULL. */
static const char *
read_link(const char *p, struct link *l)
{
	static const struct { const char *text; size_t n; } from[] = {
		[VARS] = { ".vars.", 6 }, [RECORD] = { ".record.", 8 },
		[ENV] = { ".env.", 5 }
	};
	size_t i, n;

	for (i = 0; i < COUNT(from); i++)
		if (strncmp(p, from[i].text, from[i].n) == 0)
			break;
	if (i == COUNT(from))
		return NULL;
	p += from[i].n;
	l->from = (enum source)i;
	n = identifier(p);
	l->name = n ? strndup(p, n) : NULL;
	return l->name ? p + n : NULL;
}

/* The text of an alternative, for people to read: up to the end of its
 * parenthesis, or to what ends an expression. */
static char *
read_fallback(const char *p)
{
	int depth = 0;
	size_t n;
	bool quoted = false;

	for (n = 0; p[n]; n++) {
		if (p[n] == '\\' && quoted && p[n + 1]) {
			n++;
			continue;
		}
		if (p[n] == '"')
			quoted = !quoted;
		if (quoted)
			continue;
		if (strchr("([{", p[n]))
			depth++;
		else if (strchr(")]}", p[n]) && --depth < 0)
			break;
		else if (depth == 0 && strchr(",;|\n", p[n]))
			break;
	}
	while (n && p[n - 1] == ' ')
		n--;
	return strndup(p, n);
}

/* Is what stands at p asked about by an if? */
static bool
is_guarded(const char *text, const char *p)
{
	while (p > text && strchr(" \t\r\n(", p[-1]))
		p--;
	return p - text >= 2 && memcmp(p - 2, "if", 2) == 0;
}

/* One chain that begins at p. Returns what follows, or NULL. */
static const char *
read_chain(const char *text, const char *p, struct chain *c)
{
	const char *start = p, *at = p, *next;

	memset(c, 0, sizeof *c);
	while (c->n < LINKS && (next = read_link(at, &c->links[c->n]))) {
		c->n++;
		p = next;
		at = blanks(next);
		if (strncmp(at, "//", 2) != 0 || at[2] == '=')
			at = "";
		else
			at = blanks(at + 2);
		if (*at == '\0')
			break;
	}
	if (c->n == 0)
		return NULL;
	if (*at)
		c->fallback = read_fallback(at);
	else if (is_guarded(text, start))
		c->fallback = strdup("null");
	return p;
}

static void
free_chain(struct chain *c)
{
	int i;

	for (i = 0; i < c->n; i++)
		free(c->links[i].name);
	free(c->fallback);
}

/* A copy of the program with its comments blanked out. */
static char *
without_comments(const char *text)
{
	char *s = strdup(text), *p;
	bool quoted = false;

	for (p = s; p && *p; p++) {
		if (quoted && *p == '\\' && p[1])
			p++;
		else if (*p == '"')
			quoted = !quoted;
		else if (*p == '#' && !quoted)
			while (*p && *p != '\n')
				*p++ = ' ';
		if (!*p)
			break;
	}
	return s;
}

/* Notes every chain; and whether .vars is read in any other way. */
static int
find_chains(struct named *n, struct fail *why)
{
	char *text = without_comments(buf_str(&n->text));
	const char *p, *next;
	struct chain c, *more;

	for (p = text; p && *p; p = next) {
		next = p + 1;
		if (*p != '.')
			continue;
		if (strncmp(p, ".vars", 5) == 0 && p[5] != '.' &&
		    !identifier(p + 5))
			n->open = true;
		if (!(next = read_chain(text, p, &c))) {
			next = p + 1;
			continue;
		}
		more = realloc(n->chains, (n->nchains + 1) * sizeof *more);
		if (!more) {
			free_chain(&c);
			free(text);
			return fail(why, EXIT_MACHINE, "out of memory");
		}
		n->chains = more;
		more[n->nchains++] = c;
	}
	free(text);
	return text ? 0 : fail(why, EXIT_MACHINE, "out of memory");
}

/* ---- finding the file ---- */

/* The user's own folder; empty where there is no home. */
static void
own_folder(struct buf *b)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	buf_clear(b);
	if (config && config[0] == '/')
		buf_addf(b, "%s/gcpipe/requests", config);
	else if (home && *home)
		buf_addf(b, "%s/.config/gcpipe/requests", home);
}

/* The file of a name into path. Returns 0 or -1. */
static int
find_file(struct buf *path, const char *name, const char *set,
    struct fail *why)
{
	struct buf below = BUF_INIT(BUF_PATH);
	struct fail ignored;
	int r;

	if (strchr(name, '/')) {
		buf_addf(path, "%s", name);
		return 0;
	}
	own_folder(path);
	if (path->len) {
		buf_addf(path, "/%s.jq", name);
		if (!path->err && access(buf_str(path), F_OK) == 0)
			return 0;
	}
	buf_addf(&below, "requests/%s/%s.jq", set, name);
	r = share_find(path, buf_str(&below), &ignored);
	if (r < 0 && (r = share_find(path, "requests", why)) == 0)
		r = fail(why, EXIT_USAGE, "there is no request '%s' in the "
		    "set %s: gc-fetch --list shows them", name, set);
	buf_free(&below);
	return r;
}

static int
read_file(struct buf *text, const char *path, struct fail *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), r;

	r = fd < 0 ? -1 : buf_read_fd(text, fd);
	if (r < 0) {
		fail_errno(why, "cannot read %s", path);
		if (why)
			why->code = EXIT_USAGE;
	}
	if (fd >= 0)
		close(fd);
	return r;
}

/* "dir/NAME.jq" to "NAME". */
static char *
short_name(const char *name)
{
	const char *base = strrchr(name, '/');
	size_t n;

	base = base ? base + 1 : name;
	n = strlen(base);
	if (n > 3 && strcmp(base + n - 3, ".jq") == 0)
		n -= 3;
	return strndup(base, n);
}

int
named_open(struct named **out, const char *name, const char *set,
    struct fail *why)
{
	struct buf text = BUF_INIT(BUF_PROG), path = BUF_INIT(BUF_PATH);
	struct buf input = BUF_INIT(BUF_DOC);
	struct buf what = BUF_INIT(BUF_PATH);
	struct named *n = calloc(1, sizeof *n);
	int r = -1;

	*out = NULL;
	if (n) {
		n->text = text;
		n->input = input;
		n->name = short_name(name);
		buf_addf(&what, "request %s", n->name ? n->name : "");
		n->what = strdup(buf_str(&what));
	}
	if (!n || !n->name || !n->what)
		fail(why, EXIT_MACHINE, "out of memory");
	else if (find_file(&path, name, set, why) == 0 &&
	    read_file(&n->text, buf_str(&path), why) == 0 &&
	    find_chains(n, why) == 0)
		r = jq_open(&n->jq, buf_str(&n->text), n->what, NULL, why);
	buf_free(&path);
	buf_free(&what);
	if (r < 0)
		named_close(n);
	else
		*out = n;
	return r;
}

void
named_close(struct named *n)
{
	size_t i;

	if (!n)
		return;
	jq_close(n->jq);
	for (i = 0; i < n->nchains; i++)
		free_chain(&n->chains[i]);
	free(n->chains);
	buf_free(&n->text);
	buf_free(&n->input);
	free(n->name);
	free(n->what);
	free(n);
}

/* ---- variables ---- */

int
named_vars_add(struct buf *b, const char *operand, struct fail *why)
{
	const char *eq = strchr(operand, '='), *value;
	struct buf name = BUF_INIT(BUF_LINE), text = BUF_INIT(BUF_DOC);
	struct json_val old, v;
	size_t n = eq ? (size_t)(eq - operand) : 0;
	bool is_json = n > 0 && operand[n - 1] == ':';
	int r = 0;

	n -= is_json;
	if (!eq || n == 0 || identifier(operand) != n)
		return fail(why, EXIT_USAGE,
		    "a variable is name=value or name:=JSON, not '%s'",
		    operand);
	value = eq + 1;
	if (!is_json && json_utf8(value, strlen(value)) != strlen(value))
		return fail(why, EXIT_USAGE, "%.*s: not UTF-8", (int)n,
		    operand);
	if (is_json && json_check(value, strlen(value), &v, NULL) < 0)
		return fail(why, EXIT_USAGE, "%.*s: not JSON: %s", (int)n,
		    operand, value);
	if (is_json)
		json_one_line(&text, v.p, v.n);
	else
		json_cstr(&text, value);
	buf_add(&name, operand, n);
	if (b->len == 0)
		buf_str_add(b, "{}");
	old.p = b->p;
	old.n = b->len;
	if (!b->err) {
		struct buf fresh = BUF_INIT(BUF_DOC);

		json_set(&fresh, old, buf_str(&name), text.p, text.len);
		buf_free(b);
		*b = fresh;
		buf_str(b);
	}
	if (b->err || text.err || name.err)
		r = fail(why, EXIT_MACHINE, "out of memory");
	buf_free(&name);
	buf_free(&text);
	return r;
}

/* Does the program read this variable? */
static bool
reads(const struct named *n, const char *name, size_t len)
{
	size_t i;
	int k;

	for (i = 0; i < n->nchains; i++)
		for (k = 0; k < n->chains[i].n; k++) {
			const struct link *l = &n->chains[i].links[k];

			if (l->from == VARS && strlen(l->name) == len &&
			    memcmp(l->name, name, len) == 0)
				return true;
		}
	return false;
}

/* The names of all variables, each once, in order of appearance. */
static void
var_names(const struct named *n, struct map *names)
{
	size_t i;
	int k;

	for (i = 0; i < n->nchains; i++)
		for (k = 0; k < n->chains[i].n; k++)
			if (n->chains[i].links[k].from == VARS)
				map_add(names, n->chains[i].links[k].name,
				    strlen(n->chains[i].links[k].name), NULL);
}

int
named_vars_check(const struct named *n, const char *vars, struct fail *why)
{
	struct json_val v = { vars, strlen(vars) };
	struct json_iter it = json_iter(v);
	struct buf known = BUF_INIT(BUF_LINE);
	struct map names = MAP_INIT;
	uint32_t i;
	int r = 0;

	while (!n->open && r == 0 && json_next(&it)) {
		if (reads(n, it.key.p + 1, it.key.n - 2))
			continue;
		var_names(n, &names);
		for (i = 0; i < names.n; i++)
			buf_addf(&known, "%s%.*s", i ? ", " : "",
			    (int)names.keys[i].len, names.keys[i].p);
		r = fail(why, EXIT_USAGE, "%s: no variable %.*s: it has %s",
		    n->what, (int)(it.key.n - 2), it.key.p + 1,
		    known.len ? buf_str(&known) : "none");
	}
	map_free(&names);
	buf_free(&known);
	return r;
}

static const char *
setting(const struct conf *conf, const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(settings); i++)
		if (strcmp(settings[i].name, name) == 0)
			return conf ? conf_get(conf, settings[i].key) : NULL;
	return NULL;
}

static bool
has_value(const struct link *l, const struct named_input *in)
{
	struct json_val vars = { in->vars, strlen(in->vars) }, v;

	switch (l->from) {
	case ENV:
		return setting(in->conf, l->name) != NULL;
	case RECORD:
		return in->record.p && json_get(in->record, l->name, &v) &&
		    json_type(v) != JSON_NULL;
	default:
		return json_get(vars, l->name, &v) &&
		    json_type(v) != JSON_NULL;
	}
}

/* Has none of a chain's links a value? A record's own members are its own
 * business, unless there is no record. */
static bool
is_missing(const struct chain *c, const struct named_input *in)
{
	int k;

	if (c->fallback || (c->n == 1 && c->links[0].from == RECORD &&
	    in->record.p))
		return false;
	for (k = 0; k < c->n; k++)
		if (has_value(&c->links[k], in))
			return false;
	return true;
}

/* ---- running ---- */

/* The program's input; stand_in, where not NULL, takes a missing value's
 * place. */
static int
write_input(struct named *n, const struct named_input *in,
    const struct link *stand_in)
{
	struct buf *b = &n->input;
	struct json_val vars = { in->vars, strlen(in->vars) };
	static const char mark[] = "\"\\u0001\"";
	char t[TIME_MAX];
	const char *v;
	size_t i;

	buf_clear(b);
	buf_str_add(b, "{\"vars\":");
	if (stand_in && stand_in->from == VARS)
		json_set(b, vars, stand_in->name, mark, sizeof mark - 1);
	else
		json_raw(b, vars);
	buf_str_add(b, ",\"record\":");
	if (stand_in && stand_in->from == RECORD)
		buf_addf(b, "{\"%s\":%s}", stand_in->name, mark);
	else if (in->record.p)
		json_raw(b, in->record);
	else
		buf_str_add(b, "null");
	buf_str_add(b, ",\"env\":{");
	for (i = 0; i < COUNT(settings); i++) {
		v = in->conf ? conf_get(in->conf, settings[i].key) : NULL;
		json_key(b, settings[i].name);
		if (stand_in && stand_in->from == ENV &&
		    strcmp(stand_in->name, settings[i].name) == 0)
			buf_str_add(b, mark);
		else if (v)
			json_cstr(b, v);
		else
			buf_str_add(b, "null");
	}
	buf_str_add(b, "},\"now\":");
	json_cstr(b, time_format(t, clock_now() / 1000 * 1000));
	buf_addf(b, ",\"step\":%d,\"answer\":", in->step);
	if (in->answer.p)
		json_raw(b, in->answer);
	else
		buf_str_add(b, "null");
	return buf_putc(b, '}');
}

/* The program's results, one a line. */
static int
take_result(void *ctx, struct json_val v)
{
	struct buf *b = ctx;

	json_raw(b, v);
	return buf_putc(b, '\n') < 0;
}

static int
run(struct named *n, const struct named_input *in, const struct link *stand_in,
    struct buf *result, struct fail *why)
{
	int r;

	buf_clear(result);
	if (write_input(n, in, stand_in) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	r = jq_run(n->jq, n->input.p, n->input.len, take_result, result, why);
	if (r == 0 && !result->err)
		return 0;
	if (r >= 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	if (why->code == EXIT_DATA && !in->record.p)
		why->code = EXIT_USAGE; /* its input is what we were told */
	return -1;
}

static int
say_missing(const struct named *n, const struct chain *c, struct fail *why)
{
	const struct link *l;
	struct buf b = BUF_INIT(BUF_LINE);
	struct conf none;
	struct fail how;
	size_t i;
	int k;

	memset(&none, 0, sizeof none);
	for (k = 0; k < c->n; k++) {
		l = &c->links[k];
		how.text[0] = '\0';
		for (i = 0; l->from == ENV && i < COUNT(settings); i++)
			if (strcmp(settings[i].name, l->name) == 0)
				conf_need(&none, settings[i].key, &how);
		buf_str_add(&b, k ? ", or " : "");
		if (l->from == VARS)
			buf_addf(&b, "give %s=...", l->name);
		else if (l->from == RECORD)
			buf_addf(&b, "a record with .%s (--each)", l->name);
		else
			buf_str_add(&b, how.text[0] ? how.text : l->name);
	}
	fail(why, EXIT_USAGE, "%s: %s is missing: %s", n->what,
	    c->links[0].name, buf_str(&b));
	buf_free(&b);
	return -1;
}

/* A value is missing. Does the request depend on it? It does where another
 * value in its place changes what the program yields. */
static int
check_missing(struct named *n, const struct named_input *in, int status,
    const struct buf *result, struct fail *why)
{
	struct buf other = BUF_INIT(BUF_DOC);
	struct fail ignored;
	size_t i;
	int r = 0;

	for (i = 0; r == 0 && i < n->nchains; i++) {
		if (!is_missing(&n->chains[i], in))
			continue;
		if (run(n, in, &n->chains[i].links[0], &other, &ignored) < 0 ||
		    status < 0 || other.len != result->len ||
		    memcmp(other.p, result->p, other.len) != 0)
			r = say_missing(n, &n->chains[i], why);
	}
	buf_free(&other);
	return r;
}

int
named_call(struct named *n, const struct named_input *in, struct call *c,
    struct fail *why)
{
	struct buf result = BUF_INIT(BUF_DOC);
	struct json_val v;
	int r;

	memset(c, 0, sizeof *c);
	r = run(n, in, NULL, &result, why);
	if (check_missing(n, in, r, &result, why) < 0)
		r = -1;
	if (r == 0 && result.len == 0) {
		r = 1;
	} else if (r == 0 && memchr(result.p, '\n', result.len) !=
	    result.p + result.len - 1) {
		r = fail(why, EXIT_USAGE, "%s: yields more than one request",
		    n->what);
	} else if (r == 0) {
		v.p = result.p;
		v.n = result.len - 1;
		r = json_type(v) == JSON_NULL ? 1 :
		    call_parse(c, v, n->what, why);
	}
	buf_free(&result);
	return r;
}

/* ---- what there is to know ---- */

/* The leading comment, "# " taken off; only its first line where asked. */
static void
add_comment(struct buf *b, const char *text, bool first_only)
{
	size_t n;

	while (*text == '#') {
		text += 1 + (text[1] == ' ');
		n = strcspn(text, "\n");
		buf_add(b, text, n);
		if (first_only)
			return;
		buf_putc(b, '\n');
		text += n + (text[n] == '\n');
	}
}

/* How a variable gets its value, by the first chain that begins with it. */
static void
add_var(struct buf *b, const struct named *n, const struct map_key *key)
{
	const struct chain *c = NULL;
	size_t i;
	int k;

	for (i = 0; i < n->nchains && !c; i++)
		for (k = 0; k < n->chains[i].n && !c; k++)
			if (n->chains[i].links[k].from == VARS &&
			    strlen(n->chains[i].links[k].name) == key->len &&
			    memcmp(n->chains[i].links[k].name, key->p,
			    key->len) == 0)
				c = &n->chains[i];
	buf_addf(b, "  %-20.*s", (int)key->len, key->p);
	for (k = 1; c && k < c->n; k++)
		buf_addf(b, "  else %s%s", c->links[k].from == ENV ? "env." :
		    c->links[k].from == RECORD ? "record." : "",
		    c->links[k].name);
	if (!c || c->fallback)
		buf_addf(b, "  default %s\n", c ? c->fallback : "null");
	else
		buf_str_add(b, "  needed\n");
}

const char *
named_text(const struct named *n)
{
	struct buf text = n->text;      /* lent, to be read only */

	return buf_str(&text);
}

void
named_help(const struct named *n, struct buf *b)
{
	struct map names = MAP_INIT;
	uint32_t i;

	buf_addf(b, "usage: gc-fetch -r %s [name=value | name:=JSON]...\n",
	    n->name);
	add_comment(b, named_text(n), false);
	var_names(n, &names);
	if (names.n)
		buf_str_add(b, "\nvariables:\n");
	for (i = 0; i < names.n; i++)
		add_var(b, n, &names.keys[i]);
	map_free(&names);
}

/* ---- the list ---- */

struct entry {
	char *name, *path;
};

struct entries {
	struct entry *v;
	size_t n;
};

static int
add_entry(struct entries *es, const char *dir, const char *file)
{
	size_t n = strlen(file), i;
	struct buf path = BUF_INIT(BUF_PATH);
	struct entry *more;

	if (n < 4 || strcmp(file + n - 3, ".jq") != 0 || file[0] == '.')
		return 0;
	for (i = 0; i < es->n; i++)
		if (strlen(es->v[i].name) == n - 3 &&
		    memcmp(es->v[i].name, file, n - 3) == 0)
			return 0;       /* the user's own came first */
	more = realloc(es->v, (es->n + 1) * sizeof *more);
	if (!more)
		return -1;
	es->v = more;
	buf_addf(&path, "%s/%s", dir, file);
	more[es->n].name = strndup(file, n - 3);
	more[es->n].path = strdup(buf_str(&path));
	buf_free(&path);
	if (!more[es->n].name || !more[es->n].path) {
		free(more[es->n].name);
		free(more[es->n].path);
		return -1;
	}
	es->n++;
	return 0;
}

static int
read_folder(struct entries *es, const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int r = 0;

	if (!d)
		return 0;       /* not there: nothing in it */
	while (r == 0 && (e = readdir(d)))
		r = add_entry(es, dir, e->d_name);
	closedir(d);
	return r;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->name,
	    ((const struct entry *)b)->name);
}

static void
write_entry(struct buf *b, const struct entry *e)
{
	struct buf text = BUF_INIT(BUF_PROG);
	struct fail ignored;

	buf_addf(b, "%s\t", e->name);
	if (read_file(&text, e->path, &ignored) == 0)
		add_comment(b, buf_str(&text), true);
	buf_putc(b, '\n');
	buf_free(&text);
}

int
named_list(struct buf *b, const char *set, struct fail *why)
{
	struct buf path = BUF_INIT(BUF_PATH), below = BUF_INIT(BUF_PATH);
	struct entries es = { NULL, 0 };
	size_t i;
	int r;

	own_folder(&path);
	r = path.len ? read_folder(&es, buf_str(&path)) : 0;
	buf_addf(&below, "requests/%s", set);
	if (r == 0 && share_find(&path, buf_str(&below), why) == 0)
		r = read_folder(&es, buf_str(&path));
	else if (r == 0)
		r = -2;                 /* why is filled */
	if (r == -1)
		fail(why, EXIT_MACHINE, "out of memory");
	if (es.n)
		qsort(es.v, es.n, sizeof *es.v, by_name);
	for (i = 0; i < es.n; i++) {
		if (r == 0)
			write_entry(b, &es.v[i]);
		free(es.v[i].name);
		free(es.v[i].path);
	}
	free(es.v);
	buf_free(&path);
	buf_free(&below);
	return r ? -1 : 0;
}
