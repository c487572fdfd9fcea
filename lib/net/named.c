/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/named.h"
#include "base/clock.h"
#include "json/jq.h"
#include "json/write.h"
#include "net/shelf.h"
#include "net/variables.h"

struct named {
	char *name, *what;              /* owned; what: "request NAME" */
	struct buf text;                /* the program */
	struct jq *jq;
	struct variables reads;
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

int
named_open(struct named **out, const char *name, const char *set,
    struct fail *why)
{
	struct buf text = BUF_INIT(BUF_PROG);
	struct buf input = BUF_INIT(BUF_DOC);
	struct buf what = BUF_INIT(BUF_PATH);
	struct named *n = calloc(1, sizeof *n);
	int r = -1;

	*out = NULL;
	if (n) {
		n->text = text;
		n->input = input;
		n->name = shelf_name(name);
		buf_addf(&what, "request %s", n->name ? n->name : "");
		n->what = strdup(buf_str(&what));
	}
	if (!n || !n->name || !n->what)
		fail(why, EXIT_MACHINE, "out of memory");
	else if (shelf_read(&n->text, name, set, why) == 0 &&
	    variables_find(&n->reads, buf_str(&n->text), why) == 0)
		r = jq_open(&n->jq, buf_str(&n->text), n->what, NULL, why);
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
	if (!n)
		return;
	jq_close(n->jq);
	variables_free(&n->reads);
	buf_free(&n->text);
	buf_free(&n->input);
	free(n->name);
	free(n->what);
	free(n);
}

/* ---- variables ---- */

/* What follows name:=, or what is in the file of name:=@FILE. */
static int
read_json(const char *value, struct buf *file, struct buf *text,
    struct fail *why)
{
	const char *p = value;
	size_t n = strlen(value);
	struct json_val v;
	int fd, r;

	if (*value == '@') {
		fd = open(value + 1, O_RDONLY | O_CLOEXEC);
		r = fd < 0 ? -1 : buf_read_fd(file, fd);
		if (r < 0) {
			fail_errno(why, "cannot read %s", value + 1);
			why->code = EXIT_USAGE;
		}
		if (fd >= 0)
			close(fd);
		if (r < 0)
			return -1;
		p = buf_str(file);
		n = file->len;
	}
	if (json_check(p, n, &v, NULL) < 0)
		return fail(why, EXIT_USAGE, "not JSON: %.300s", value);
	json_one_line(text, v.p, v.n);
	return 0;
}

int
named_vars_add(struct buf *b, const char *operand, struct fail *why)
{
	const char *eq = strchr(operand, '='), *value;
	struct buf name = BUF_INIT(BUF_LINE), text = BUF_INIT(BUF_DOC);
	struct buf file = BUF_INIT(BUF_DOC), fresh = BUF_INIT(BUF_DOC);
	struct json_val old;
	size_t n = eq ? (size_t)(eq - operand) : 0;
	bool is_json = n > 0 && operand[n - 1] == ':';
	int r = 0;

	n -= is_json;
	if (!eq || n == 0 || variables_identifier(operand) != n)
		return fail(why, EXIT_USAGE, "a variable is name=value, "
		    "name:=JSON or name:=@FILE, not '%.300s'", operand);
	value = eq + 1;
	if (!is_json && json_utf8(value, strlen(value)) != strlen(value))
		return fail(why, EXIT_USAGE, "%.*s: not UTF-8", (int)n,
		    operand);
	if (!is_json)
		json_cstr(&text, value);
	else if ((r = read_json(value, &file, &text, why)) < 0)
		fail_prefix(why, "%.*s", (int)n, operand);
	buf_add(&name, operand, n);
	if (b->len == 0)
		buf_str_add(b, "{}");
	old.p = b->p;
	old.n = b->len;
	if (r == 0 && !b->err) {
		json_set(&fresh, old, buf_str(&name), text.p, text.len);
		buf_free(b);
		*b = fresh;
		buf_str(b);
	}
	if (b->err || text.err || name.err)
		r = fail(why, EXIT_MACHINE, "out of memory");
	buf_free(&name);
	buf_free(&text);
	buf_free(&file);
	return r;
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

	while (!n->reads.open && r == 0 && json_next(&it)) {
		if (variables_have(&n->reads, it.key.p + 1, it.key.n - 2))
			continue;
		variables_names(&n->reads, &names);
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
	case LINK_ENV:
		return setting(in->conf, l->name) != NULL;
	case LINK_RECORD:
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

	if (c->fallback || (c->n == 1 && c->links[0].from == LINK_RECORD &&
	    in->record.p))
		return false;
	for (k = 0; k < c->n; k++)
		if (has_value(&c->links[k], in))
			return false;
	return true;
}

/* ---- running ---- */

static void
last_of(struct json_val array, struct buf *b)
{
	struct json_val none = { "null", 4 };
	struct json_iter it;

	if (array.p) {
		it = json_iter(array);
		while (json_next(&it))
			none = it.val;
	}
	json_raw(b, none);
}

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
	if (stand_in && stand_in->from == LINK_VARS)
		json_set(b, vars, stand_in->name, mark, sizeof mark - 1);
	else
		json_raw(b, vars);
	buf_str_add(b, ",\"record\":");
	if (stand_in && stand_in->from == LINK_RECORD)
		buf_addf(b, "{\"%s\":%s}", stand_in->name, mark);
	else if (in->record.p)
		json_raw(b, in->record);
	else
		buf_str_add(b, "null");
	buf_str_add(b, ",\"env\":{");
	for (i = 0; i < COUNT(settings); i++) {
		v = in->conf ? conf_get(in->conf, settings[i].key) : NULL;
		json_key(b, settings[i].name);
		if (stand_in && stand_in->from == LINK_ENV &&
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
	last_of(in->answers, b);
	buf_str_add(b, ",\"answers\":");
	if (in->answers.p)
		json_raw(b, in->answers);
	else
		buf_str_add(b, "[]");
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
		for (i = 0; l->from == LINK_ENV && i < COUNT(settings); i++)
			if (strcmp(settings[i].name, l->name) == 0)
				conf_need(&none, settings[i].key, &how);
		buf_str_add(&b, k ? ", or " : "");
		if (l->from == LINK_VARS)
			buf_addf(&b, "give %s=...", l->name);
		else if (l->from == LINK_RECORD)
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

	for (i = 0; r == 0 && i < n->reads.n; i++) {
		if (!is_missing(&n->reads.v[i], in))
			continue;
		if (run(n, in, &n->reads.v[i].links[0], &other, &ignored) < 0 ||
		    status < 0 || other.len != result->len ||
		    memcmp(other.p, result->p, other.len) != 0)
			r = say_missing(n, &n->reads.v[i], why);
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

/* How a variable gets its value, by the first chain that begins with it. */
static void
add_var(struct buf *b, const struct named *n, const struct map_key *key)
{
	const struct chain *c = variables_chain(&n->reads, key->p, key->len);
	int k;

	buf_addf(b, "  %-20.*s", (int)key->len, key->p);
	for (k = 1; c && k < c->n; k++)
		buf_addf(b, "  else %s%s", c->links[k].from == LINK_ENV ? "env." :
		    c->links[k].from == LINK_RECORD ? "record." : "",
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
	shelf_comment(b, named_text(n), false);
	variables_names(&n->reads, &names);
	if (names.n)
		buf_str_add(b, "\nvariables:\n");
	for (i = 0; i < names.n; i++)
		add_var(b, n, &names.keys[i]);
	map_free(&names);
}
