/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/sql.h"

/* ---- parameters ---- */

static bool
begins_name(char c)
{
	return isalpha((unsigned char)c) || c == '_';
}

static bool
in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Past a quoted run; p is at its quote. A doubled quote is part of it. */
static const char *
skip_quoted(const char *p, bool backslashes)
{
	char quote = *p++;

	for (; *p; p++) {
		if (*p == '\\' && backslashes && p[1])
			p++;
		else if (*p == quote && p[1] == quote)
			p++;
		else if (*p == quote)
			return p + 1;
	}
	return p;
}

/* Past $tag$ ... $tag$ where that begins at p, else one byte. */
static const char *
skip_dollars(const char *p)
{
	const char *end = p + 1, *at;
	size_t n;

	while (in_name(*end))
		end++;
	if (*end != '$' || isdigit((unsigned char)p[1]))
		return p + 1;
	n = (size_t)(end + 1 - p);
	for (at = end + 1; *at; at++)
		if (strncmp(at, p, n) == 0)
			return at + n;
	return at;
}

static const char *
skip_comment(const char *p)
{
	const char *end;

	if (p[0] == '-')
		return p + strcspn(p, "\n");
	end = strstr(p + 2, "*/");
	return end ? end + 2 : p + strlen(p);
}

/* Past whatever holds no parameter and begins at p; p where none does. */
static const char *
skip_opaque(const char *start, const char *p)
{
	bool escapes = p > start && (p[-1] == 'E' || p[-1] == 'e') &&
	    (p - 1 == start || !in_name(p[-2]));

	if (*p == '\'')
		return skip_quoted(p, escapes);
	if (*p == '"' || *p == '`')
		return skip_quoted(p, false);
	if (*p == '$')
		return skip_dollars(p);
	if ((p[0] == '-' && p[1] == '-') || (p[0] == '/' && p[1] == '*'))
		return skip_comment(p);
	return p;
}

/* The number of a parameter, from 1; 0 where there are too many. */
static size_t
number_of(struct sql_params *params, const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < params->n; i++)
		if (params->v[i].n == n && memcmp(params->v[i].p, p, n) == 0)
			return i + 1;
	if (i == SQL_PARAMS)
		return 0;
	params->v[i].p = p;
	params->v[i].n = n;
	return ++params->n;
}

int
sql_number(struct buf *out, const char *sql, char mark,
    struct sql_params *params, struct fail *why)
{
	const char *p = sql, *end;
	size_t n;

	params->n = 0;
	while (*p) {
		end = skip_opaque(sql, p);
		if (end != p) {
			buf_add(out, p, (size_t)(end - p));
		} else if (p[0] == ':' && p[1] == ':') {
			buf_str_add(out, "::");         /* a cast */
			end = p + 2;
		} else if (*p == ':' && begins_name(p[1])) {
			for (end = p + 1; in_name(*end);)
				end++;
			n = number_of(params, p + 1, (size_t)(end - p - 1));
			if (n == 0)
				return fail(why, EXIT_USAGE, "more than %d "
				    "parameters", SQL_PARAMS);
			buf_addf(out, "%c%zu", mark, n);
		} else {
			buf_putc(out, *p);
			end = p + 1;
		}
		p = end;
	}
	return out->err ? fail(why, EXIT_USAGE, "the SQL is too long") : 0;
}

/* ---- words ---- */

static int
add_word(struct buf *out, const char *word, size_t n, bool server)
{
	static const struct { const char *word, *file, *server; } words[] = {
		{ "id", "INTEGER PRIMARY KEY", "SERIAL PRIMARY KEY" },
		{ "text", "TEXT", "TEXT COLLATE \"C\"" },
		{ "int", "INTEGER", "BIGINT" },
		{ "real", "REAL", "DOUBLE PRECISION" },
		{ "day", "TEXT", "DATE" },
		{ "time", "TEXT", "TIMESTAMPTZ" },
		{ "table", "STRICT", "" },
		{ "keyed", "STRICT, WITHOUT ROWID", "" },
	};
	size_t i;

	for (i = 0; i < COUNT(words); i++) {
		if (strlen(words[i].word) != n ||
		    memcmp(words[i].word, word, n) != 0)
			continue;
		return buf_str_add(out, server ? words[i].server :
		    words[i].file);
	}
	if (n < 10 || memcmp(word, "varchar(", 8) != 0 || word[n - 1] != ')')
		return -1;
	if (!server)
		return buf_str_add(out, "TEXT");
	return buf_addf(out, "VARCHAR%.*s COLLATE \"C\"", (int)(n - 7),
	    word + 7);
}

int
sql_words(struct buf *out, const char *sql, bool server, struct fail *why)
{
	const char *p = sql, *end;

	while (*p) {
		if (*p == '{') {
			end = p + strcspn(p, "}");
			if (!*end || add_word(out, p + 1,
			    (size_t)(end - p - 1), server) < 0)
				return fail(why, EXIT_USAGE, "no such word: "
				    "%.*s", (int)strcspn(p, "}\n") + 1, p);
			p = end + 1;
		} else if ((end = skip_opaque(sql, p)) != p) {
			buf_add(out, p, (size_t)(end - p));
			p = end;
		} else {
			buf_putc(out, *p++);
		}
	}
	return out->err ? fail(why, EXIT_USAGE, "the SQL is too long") : 0;
}

/* ---- statements ---- */

bool
sql_statement(struct buf *one, const char **sql)
{
	const char *start = *sql, *p = start, *end;
	bool any = false;

	while (*p && *p != ';') {
		end = skip_opaque(start, p);
		any = any || (end == p ? !isspace((unsigned char)*p) :
		    *p != '-' && *p != '/');
		p = end == p ? p + 1 : end;
	}
	buf_clear(one);
	buf_add(one, start, (size_t)(p - start));
	*sql = *p ? p + 1 : p;
	return any || (*p && sql_statement(one, sql));
}

void
sql_name(struct buf *out, const char *name)
{
	buf_putc(out, '"');
	for (; *name; name++) {
		if (*name == '"')
			buf_putc(out, '"');
		buf_putc(out, *name);
	}
	buf_putc(out, '"');
}

void
sql_text(struct buf *out, const char *text)
{
	buf_putc(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			buf_putc(out, '\'');
		buf_putc(out, *text);
	}
	buf_putc(out, '\'');
}

void
sql_columns(struct buf *out, const struct store_table *t,
    enum sql_which which)
{
	const char *comma = "";
	size_t i;

	for (i = 0; i < t->ncols; i++) {
		if ((which == SQL_KEYS && t->col[i].role != STORE_KEY) ||
		    (which == SQL_BROUGHT && t->col[i].role == STORE_STAMP))
			continue;
		buf_str_add(out, comma);
		sql_name(out, t->col[i].name);
		comma = ", ";
	}
}

/* The columns of incoming, the stamp in its place. */
static void
add_stamped(struct buf *out, const struct store_table *t, bool server)
{
	size_t i;

	for (i = 0; i < t->ncols; i++) {
		buf_str_add(out, i ? ", " : "");
		if (t->col[i].role != STORE_STAMP) {
			sql_name(out, t->col[i].name);
			continue;
		}
		buf_str_add(out, server ? "CAST(" : "");
		sql_text(out, t->stamp ? t->stamp : "");
		buf_str_add(out, server ? " AS TIMESTAMPTZ)" : "");
	}
}

void
sql_conflict(struct buf *out, const struct store_table *t, bool server)
{
	const char *word = " SET ";
	size_t i;

	buf_str_add(out, " ON CONFLICT (");
	sql_columns(out, t, SQL_KEYS);
	buf_str_add(out, ") DO UPDATE");
	for (i = 0; i < t->ncols; i++) {
		if (t->col[i].role == STORE_KEY)
			continue;
		buf_str_add(out, word);
		sql_name(out, t->col[i].name);
		buf_str_add(out, " = excluded.");
		sql_name(out, t->col[i].name);
		word = ", ";
	}
	word = " WHERE ";
	for (i = 0; i < t->ncols; i++) {
		if (t->col[i].role != STORE_DATA)
			continue;
		buf_str_add(out, word);
		sql_name(out, t->name);
		buf_putc(out, '.');
		sql_name(out, t->col[i].name);
		buf_str_add(out, server ? " IS DISTINCT FROM excluded." :
		    " IS NOT excluded.");
		sql_name(out, t->col[i].name);
		word = " OR ";
	}
}

void
sql_merge(struct buf *out, const struct store_table *t, bool server,
    enum sql_merging how)
{
	bool distinct = how == SQL_DISTINCT;

	buf_str_add(out, "INSERT INTO ");
	sql_name(out, t->name);
	buf_str_add(out, " (");
	sql_columns(out, t, SQL_ALL);
	buf_str_add(out, ") SELECT ");
	if (distinct && server) {
		buf_str_add(out, "DISTINCT ON (");
		sql_columns(out, t, SQL_KEYS);
		buf_str_add(out, ") ");
	}
	add_stamped(out, t, server);
	buf_str_add(out, " FROM incoming WHERE ");
	/* on a server they lie in the order they came in, too */
	buf_str_add(out, !distinct || server ? "true" :
	    "rowid IN (SELECT max(rowid) FROM incoming GROUP BY ");
	if (distinct && server)
		buf_str_add(out, " ORDER BY ");
	if (distinct) {
		sql_columns(out, t, SQL_KEYS);
		buf_str_add(out, server ? ", ctid DESC" : ")");
	}
	if (how != SQL_FRESH)
		sql_conflict(out, t, server);
}

void
sql_touch(struct buf *out, const struct store_table *t, bool moved)
{
	const char *day = t->day->name;

	buf_str_add(out, moved ? "INSERT INTO touched SELECT DISTINCT o." :
	    "INSERT INTO touched SELECT DISTINCT ");
	sql_name(out, day);
	buf_str_add(out, moved ? " FROM incoming i JOIN " :
	    " FROM incoming WHERE ");
	if (!moved) {
		sql_name(out, day);
		buf_str_add(out, " IS NOT NULL");
		return;
	}
	sql_name(out, t->name);
	buf_str_add(out, " o USING (");
	sql_columns(out, t, SQL_KEYS);
	buf_str_add(out, ") WHERE o.");
	sql_name(out, day);
	buf_str_add(out, " <> i.");
	sql_name(out, day);
	buf_str_add(out, " AND EXISTS (SELECT 1 FROM ");
	sql_name(out, t->name);
	buf_str_add(out, ") ON CONFLICT DO NOTHING");
}
