/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/toml.h"
#include "base/secret.h"
#include "json/scan.h"

/* Where the reading stands. */
struct toml {
	const char *name;               /* of the file, for messages */
	const char *at, *end;
	const char *line_start;
	unsigned line;
	struct buf table, key, text;    /* the last ones read, decoded */
	struct fail *why;
};

/* ---- failing ---- */

static int
wrong(struct toml *t, const char *where, const char *what)
{
	return fail(t->why, EXIT_USAGE, "%s:%u:%zu: %s", t->name, t->line,
	    (size_t)(where - t->line_start) + 1, what);
}

/* A buffer failed: memory ended, or a name is longer than a file may be. */
static int
no_memory(struct toml *t)
{
	return fail(t->why, EXIT_MACHINE, "%s:%u: out of memory", t->name,
	    t->line);
}

/* ---- characters ---- */

static bool
at_line_end(const struct toml *t)
{
	return t->at == t->end || *t->at == '\n' ||
	    (*t->at == '\r' && t->at + 1 < t->end && t->at[1] == '\n');
}

static bool
next_is(const struct toml *t, char c)
{
	return t->at < t->end && *t->at == c;
}

static void
skip_blanks(struct toml *t)
{
	while (next_is(t, ' ') || next_is(t, '\t'))
		t->at++;
}

/* No NUL, no control character but tab and line ends, all of it UTF-8. */
static int
check_bytes(struct toml *t)
{
	size_t good = json_utf8(t->at, (size_t)(t->end - t->at));
	const char *c, *bad = t->at + good;
	struct toml place = *t;

	for (c = t->at; c < bad; c++) {
		unsigned char u = (unsigned char)*c;

		if (u == '\n') {
			place.line++;
			place.line_start = c + 1;
		} else if ((u < 0x20 && u != '\t' &&
		    (u != '\r' || c + 1 == t->end || c[1] != '\n')) ||
		    u == 0x7f) {
			return wrong(&place, c, u ? "control character" :
			    "NUL byte");
		}
	}
	return bad < t->end ? wrong(&place, bad, "invalid UTF-8") : 0;
}

/* ---- strings ---- */

static void
add_utf8(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		buf_putc(b, (char)c);
	} else if (c < 0x800) {
		buf_putc(b, (char)(0xc0 | c >> 6));
		buf_putc(b, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_putc(b, (char)(0xe0 | c >> 12));
		buf_putc(b, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_putc(b, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_putc(b, (char)(0xf0 | c >> 18));
		buf_putc(b, (char)(0x80 | (c >> 12 & 0x3f)));
		buf_putc(b, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_putc(b, (char)(0x80 | (c & 0x3f)));
	}
}

/* The digits of \uXXXX or \UXXXXXXXX. A NUL is no text here: what follows
 * it would be lost in every C string. */
static int
read_code(struct toml *t, int width, struct buf *b)
{
	const char *start = t->at;
	uint32_t c = 0;

	for (; width > 0; width--, t->at++) {
		if (t->at == t->end || !isxdigit((unsigned char)*t->at))
			return wrong(t, start, "bad \\u escape");
		c = c << 4 | (uint32_t)(*t->at <= '9' ? *t->at - '0' :
		    (*t->at | 0x20) - 'a' + 10);
	}
	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return wrong(t, start, "bad \\u escape");
	add_utf8(b, c);
	return 0;
}

/* What follows a backslash. */
static int
read_escape(struct toml *t, struct buf *b)
{
	static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
	const char *hit, *start = t->at - 1;
	char c;

	if (at_line_end(t))
		return wrong(t, start, "unterminated string");
	c = *t->at++;
	if (c == 'u' || c == 'U')
		return read_code(t, c == 'u' ? 4 : 8, b);
	if (!(hit = strchr(from, c)))
		return wrong(t, start, "unknown escape");
	buf_putc(b, to[hit - from]);
	return 0;
}

/* A string between quotes of its own kind; adds its bytes to b. */
static int
read_string(struct toml *t, struct buf *b)
{
	const char *start = t->at;
	char quote = *t->at++;

	if (t->end - t->at >= 2 && t->at[0] == quote && t->at[1] == quote)
		return wrong(t, start, "a string over several lines is not "
		    "read here");
	for (;;) {
		if (at_line_end(t))
			return wrong(t, start, "unterminated string");
		if (*t->at == quote) {
			t->at++;
			return 0;
		}
		if (*t->at == '\\' && quote == '"') {
			t->at++;
			if (read_escape(t, b) < 0)
				return -1;
		} else {
			buf_putc(b, *t->at++);
		}
	}
}

/* ---- names, values, lines ---- */

static bool
is_bare(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* A name of one or more parts, and the blanks behind it. */
static int
read_name(struct toml *t, struct buf *b)
{
	const char *start;

	buf_clear(b);
	for (;;) {
		skip_blanks(t);
		start = t->at;
		if (next_is(t, '"') || next_is(t, '\'')) {
			if (read_string(t, b) < 0)
				return -1;
		} else {
			while (t->at < t->end && is_bare(*t->at))
				buf_putc(b, *t->at++);
			if (t->at == start)
				return wrong(t, start, "expected a name");
		}
		skip_blanks(t);
		if (!next_is(t, '.'))
			return b->err ? no_memory(t) : 0;
		buf_putc(b, *t->at++);
	}
}

static int
read_header(struct toml *t)
{
	t->at++;
	if (next_is(t, '['))
		return wrong(t, t->at - 1, "an array of tables is not read "
		    "here");
	if (read_name(t, &t->table) < 0)
		return -1;
	if (!next_is(t, ']'))
		return wrong(t, t->at, "expected ']'");
	t->at++;
	return 0;
}

/* An array or inline table: to where its brackets are closed again, strings
 * stepped over. */
static int
skip_brackets(struct toml *t)
{
	const char *start = t->at;
	struct buf scrap = BUF_INIT(BUF_CONF);
	int depth = 0, bad = 0;

	do {
		if (at_line_end(t)) {
			bad = wrong(t, start, "an array or table over several "
			    "lines is not read here");
		} else if (*t->at == '"' || *t->at == '\'') {
			bad = read_string(t, &scrap);
		} else {
			depth += (*t->at == '[' || *t->at == '{') -
			    (*t->at == ']' || *t->at == '}');
			t->at++;
		}
	} while (!bad && depth > 0);
	secret_buf_free(&scrap);
	return bad;
}

static int
read_value(struct toml *t, bool *string)
{
	const char *start = t->at;

	buf_clear(&t->text);
	*string = next_is(t, '"') || next_is(t, '\'');
	if (*string)
		return read_string(t, &t->text);
	if (next_is(t, '[') || next_is(t, '{')) {
		if (skip_brackets(t) < 0)
			return -1;
	} else {
		while (!at_line_end(t) && *t->at != '#')
			t->at++;
		while (t->at > start && (t->at[-1] == ' ' ||
		    t->at[-1] == '\t'))
			t->at--;
	}
	if (t->at == start)
		return wrong(t, start, "expected a value");
	buf_add(&t->text, start, (size_t)(t->at - start));
	return 0;
}

static int
read_pair(struct toml *t, toml_take *take, void *ctx)
{
	struct toml_item item;

	item.line = t->line;
	if (read_name(t, &t->key) < 0)
		return -1;
	if (!next_is(t, '='))
		return wrong(t, t->at, "expected '='");
	t->at++;
	skip_blanks(t);
	if (read_value(t, &item.string) < 0)
		return -1;
	skip_blanks(t);
	if (!at_line_end(t) && *t->at != '#')
		return wrong(t, t->at, "expected the end of the line");
	if (t->text.err)
		return no_memory(t);
	item.table = buf_str(&t->table);
	item.key = buf_str(&t->key);
	item.text = buf_str(&t->text);
	return take(ctx, &item, t->why);
}

static int
read_line(struct toml *t, toml_take *take, void *ctx)
{
	skip_blanks(t);
	if (next_is(t, '[')) {
		if (read_header(t) < 0)
			return -1;
	} else if (!at_line_end(t) && *t->at != '#') {
		if (read_pair(t, take, ctx) < 0)
			return -1;
	}
	skip_blanks(t);
	if (!at_line_end(t) && *t->at != '#')
		return wrong(t, t->at, "expected the end of the line");
	while (t->at < t->end && *t->at != '\n')
		t->at++;
	if (t->at < t->end) {
		t->line_start = ++t->at;
		t->line++;
	}
	return 0;
}

int
toml_each(const char *name, const char *p, size_t n, toml_take *take,
    void *ctx, struct fail *why)
{
	struct toml t = { name, p, p + n, p, 1, BUF_INIT(BUF_CONF),
	    BUF_INIT(BUF_CONF), BUF_INIT(BUF_CONF), why };
	int bad = 0;

	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		t.at = t.line_start = p + 3;
	/* the whole of each at once: a buffer that grows leaves copies */
	if (buf_reserve(&t.text, n) < 0)
		return n > BUF_CONF ? fail(why, EXIT_USAGE,
		    "%s: longer than %zu bytes", name, BUF_CONF) :
		    no_memory(&t);
	bad = check_bytes(&t);
	while (!bad && t.at < t.end)
		bad = read_line(&t, take, ctx);
	buf_free(&t.table);
	buf_free(&t.key);
	secret_buf_free(&t.text);
	return bad;
}
