/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spec.h"
#include "base/num.h"
#include "base/clock.h"
#include "base/share.h"
#include "json/document.h"
#include "json/edit.h"

#define LAST_DAY INT64_C(253402300799999)
#define FIRST_DAY INT64_C(-62135596800000)      /* 0001-01-01 */

/* ---- reading a table's file ---- */

/* A string member as a word that lives as long as the spec. Room was made
 * for all of them before the first. */
static const char *
word(struct spec *s, struct json_val v)
{
	size_t at = s->words.len;

	if (json_decode(v, &s->words) < 0 || buf_putc(&s->words, '\0') < 0)
		return NULL;
	return s->words.p + at;
}

static const char *
member_word(struct spec *s, struct json_val v, const char *name)
{
	struct json_val m;

	return json_get(v, name, &m) ? word(s, m) : NULL;
}

static void
read_paths(struct spec *s, struct json_val v, const char *name,
    const char **paths, size_t *n)
{
	struct json_val list;
	struct json_iter it;

	*n = 0;
	if (!json_get(v, name, &list))
		return;
	for (it = json_iter(list); json_next(&it) && *n < SPEC_PATHS;)
		if ((paths[*n] = word(s, it.val)))
			(*n)++;
}

static int
find_word(struct json_val v, const char *name, const char *const *words,
    size_t n, int fallback)
{
	struct json_val m;
	size_t i;

	if (!json_get(v, name, &m))
		return fallback;
	for (i = 0; i < n; i++)
		if (json_is(m, words[i]))
			return (int)i;
	return -1;
}

static int
read_column(struct spec *s, struct json_val v, struct fail *why)
{
	static const char *const types[] = {
		[STORE_TEXT] = "text", [STORE_INT] = "int",
		[STORE_REAL] = "real", [STORE_DAY] = "day",
		[STORE_TIME] = "time",
	};
	static const char *const roles[] = {
		[STORE_KEY] = "key", [STORE_DATA] = "data",
		[STORE_STAMP] = "stamp",
	};
	struct store_column *c = &s->col[s->table.ncols];
	struct spec_column *f = &s->from[s->table.ncols];
	struct json_val m;
	int type, role;

	if (s->table.ncols == SPEC_COLUMNS)
		return fail(why, EXIT_USAGE, "more than %d columns",
		    SPEC_COLUMNS);
	c->name = member_word(s, v, "name");
	type = find_word(v, "type", types, COUNT(types), -1);
	role = find_word(v, "role", roles, COUNT(roles), STORE_DATA);
	if (!c->name || type < 0 || role < 0)
		return fail(why, EXIT_USAGE, "column %zu lacks a name or a "
		    "type, or has a role that is none", s->table.ncols + 1);
	c->type = (enum store_type)type;
	c->role = (enum store_role)role;
	read_paths(s, v, "record", f->record, &f->nrecord);
	read_paths(s, v, "row", f->row, &f->nrow);
	if (!json_get(v, "default", &f->fallback))
		f->fallback.p = NULL;
	if (!json_get(v, "max", &m) || !json_int(m, &f->max))
		f->max = 0;
	f->null = json_get(v, "null", &m) && json_type(m) == JSON_TRUE;
	s->table.ncols++;
	return 0;
}

static int
read_spec(struct spec *s, struct json_val v, struct fail *why)
{
	struct json_val m;
	struct json_iter it;
	const char *day;
	size_t i;
	bool key = false;

	if (buf_reserve(&s->words, 2 * s->text.len) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	s->table.name = member_word(s, v, "table");
	s->rows = member_word(s, v, "rows");
	s->need = member_word(s, v, "need");
	day = member_word(s, v, "day");
	if (!s->table.name || !json_get(v, "columns", &m))
		return fail(why, EXIT_USAGE, "it names no table, no columns");
	for (it = json_iter(m); json_next(&it);)
		if (read_column(s, it.val, why) < 0)
			return -1;
	s->table.col = s->col;
	for (i = 0; i < s->table.ncols; i++) {
		key = key || s->col[i].role == STORE_KEY;
		if (day && strcmp(day, s->col[i].name) == 0)
			s->table.day = &s->col[i];
	}
	return key ? 0 : fail(why, EXIT_USAGE, "no column is a key");
}

/* Is it a name that share/ could have, and no path? */
static bool
is_name(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	return n > 0 && n < 100 && s[n] == '\0';
}

int
spec_read(struct spec *s, const char *name, struct fail *why)
{
	const struct buf conf = BUF_INIT(BUF_CONF);
	struct buf after = BUF_INIT(BUF_CONF);
	struct fail none;
	char path[160], called[170];
	struct json_val v;

	memset(s, 0, sizeof *s);
	s->text = s->words = conf;
	s->words.max *= 2;
	if (strcmp(name, "product_mentions") == 0)
		return fail(why, EXIT_USAGE, "product_mentions is made from "
		    "mentions: load those");
	if (!is_name(name))
		return fail(why, EXIT_USAGE, "'%s' is no name of a table",
		    name);
	snprintf(path, sizeof path, "sql/tables/%s.json", name);
	if (share_read(&s->text, path, why) < 0)
		return fail_prefix(why, "no table '%s'", name);
	snprintf(called, sizeof called, "share/%s", path);
	if (json_document(&s->text, called, EXIT_USAGE, &v, why) < 0)
		return -1;
	if (read_spec(s, v, why) < 0)
		return fail_prefix(why, "%s", called);
	snprintf(path, sizeof path, "sql/tables/%s.sql", name);
	if (share_read(&after, path, &none) == 0) {
		s->after = strdup(buf_str(&after));
		if (!s->after)
			(void)fail(why, EXIT_MACHINE, "out of memory");
	}
	buf_free(&after);
	return after.len && !s->after ? -1 : 0;
}

void
spec_free(struct spec *s)
{
	free(s->after);
	buf_free(&s->text);
	buf_free(&s->words);
}

/* ---- a value to a cell ---- */

/* Text that has no slice of the record: where it begins, until all of it is
 * written and cannot move any more. */
static void
set_written(struct cell *c, const struct rows *r, size_t at)
{
	c->kind = CELL_TEXT;
	c->p = NULL;
	c->i = (int64_t)at;
	c->n = r->text.len - at;
}

static size_t
code_points(const char *p, size_t n)
{
	size_t i, k = 0;

	for (i = 0; i < n; i++)
		k += ((unsigned char)p[i] & 0xc0) != 0x80;
	return k;
}

static int
take_text(const struct spec *s, size_t col, struct json_val v,
    struct rows *r, struct cell *c, struct fail *why)
{
	size_t at = r->text.len;
	const char *p;

	if (json_type(v) == JSON_NUMBER) {
		c->p = v.p;             /* an id: every digit is kept */
		c->n = v.n;
	} else if (json_type(v) != JSON_STRING) {
		return fail(why, EXIT_DATA, "%s is no text",
		    s->col[col].name);
	} else if (!memchr(v.p, '\\', v.n)) {
		c->p = v.p + 1;
		c->n = v.n - 2;
	} else {
		if (json_decode(v, &r->text) < 0)
			return fail(why, EXIT_MACHINE, "out of memory");
		set_written(c, r, at);
	}
	c->kind = CELL_TEXT;
	p = c->p ? c->p : r->text.p + at;
	if (c->n && memchr(p, '\0', c->n))
		return fail(why, EXIT_DATA, "%s holds a NUL, which no "
		    "database keeps", s->col[col].name);
	if (c->n == 0 && s->col[col].role == STORE_KEY)
		return fail(why, EXIT_DATA, "%s is empty", s->col[col].name);
	if (s->from[col].max && code_points(p, c->n) >
	    (size_t)s->from[col].max)
		return fail(why, EXIT_DATA, "%s is longer than %" PRId64
		    " characters", s->col[col].name, s->from[col].max);
	return 0;
}

static int
take_number(const struct spec *s, size_t col, struct json_val v,
    struct cell *c, struct fail *why)
{
	bool whole = s->col[col].type == STORE_INT;
	double d = json_double(v);

	c->kind = CELL_INT;
	if (whole && json_type(v) == JSON_NUMBER && json_int(v, &c->i))
		return 0;
	if (json_type(v) != JSON_NUMBER || !isfinite(num_json(v.p, v.n)) ||
	    (whole && (d != floor(d) || fabs(d) > 9007199254740992.0)))
		return fail(why, EXIT_DATA, "%s is no %s", s->col[col].name,
		    whole ? "integer of 64 bits" : "number");
	if (whole) {
		c->i = (int64_t)d;
	} else {
		c->kind = CELL_REAL;
		c->d = d == 0 ? 0 : d;  /* SQLite keeps no -0 */
		if (d != 0) {
			c->p = v.p;
			c->n = v.n;
		}
	}
	return 0;
}

static int
take_time(const struct spec *s, size_t col, struct json_val v,
    struct rows *r, struct cell *c, struct fail *why)
{
	char out[TIME_MAX];
	size_t at = r->text.len;
	int64_t ms;

	if (json_type(v) != JSON_STRING ||
	    time_parse(v.p + 1, v.n - 2, &ms) < 0 ||
	    ms < FIRST_DAY || ms > LAST_DAY)
		return fail(why, EXIT_DATA, "%s is no time: it needs "
		    "2026-01-31 or 2026-01-31T09:00:00Z", s->col[col].name);
	if (s->col[col].type == STORE_DAY)
		time_format_day(out, ms);
	else
		time_format(out, ms);
	if (buf_str_add(&r->text, out) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	set_written(c, r, at);
	return 0;
}

/* ---- members ---- */

static void
fields_set(struct fields *f, struct json_val object)
{
	struct json_iter it;

	f->object = object;
	f->n = 0;
	for (it = json_iter(object); json_next(&it); f->n++) {
		if (f->n >= SPEC_FIELDS)
			continue;
		f->key[f->n] = it.key;
		f->val[f->n] = it.val;
	}
}

/* A member by name; where one stands twice the last counts. */
static bool
fields_get(const struct fields *f, const char *name, size_t n,
    struct json_val *out)
{
	size_t i = f->n;

	if (i > SPEC_FIELDS)
		return json_get_n(f->object, name, n, out);
	while (i-- > 0) {
		struct json_val k = f->key[i];

		if (k.n == n + 2 ? memcmp(k.p + 1, name, n) != 0 :
		    k.n < n + 2 || !json_is_n(k, name, n))
			continue;
		*out = f->val[i];
		return true;
	}
	return false;
}

static bool
fields_path(const struct fields *f, const char *path, struct json_val *out)
{
	size_t n = strcspn(path, ".");

	return fields_get(f, path, n, out) &&
	    (!path[n] || json_path(*out, path + n + 1, out));
}

/* ---- a record to rows ---- */

static bool
is_scalar(struct json_val v)
{
	enum json_type t = json_type(v);

	return t != JSON_NULL && t != JSON_OBJECT && t != JSON_ARRAY;
}

/* The first path that leads to something; else null and arrays and objects,
 * which are an error later, or nothing. */
static bool
first_of(const struct fields *f, const char *const *paths, size_t n,
    struct json_val *out)
{
	struct json_val m;
	bool found = false;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!fields_path(f, paths[i], &m) ||
		    json_type(m) == JSON_NULL)
			continue;
		*out = m;
		found = true;
		if (is_scalar(m))
			break;
	}
	return found;
}

/* Where the value of a column stands. */
static bool
find_value(const struct spec *s, size_t col, const struct rows *r,
    struct json_val *v)
{
	const struct spec_column *f = &s->from[col];
	bool elem = r->elem.object.p != NULL;

	if (elem ? first_of(&r->elem, f->row, f->nrow, v) :
	    first_of(&r->record, &s->col[col].name, 1, v))
		return true;
	if ((elem || !s->rows) &&
	    first_of(&r->record, f->record, f->nrecord, v))
		return true;
	*v = f->fallback;
	return f->fallback.p != NULL;
}

static int
take_cell(const struct spec *s, size_t col, struct rows *r, struct cell *c,
    struct fail *why)
{
	struct json_val v;

	memset(c, 0, sizeof *c);
	if (s->col[col].role == STORE_STAMP)
		return 0;               /* the store's business */
	if (!find_value(s, col, r, &v))
		return s->from[col].null ? 0 : fail(why, EXIT_DATA,
		    "there is no %s", s->col[col].name);
	switch (s->col[col].type) {
	case STORE_TEXT:
		return take_text(s, col, v, r, c, why);
	case STORE_INT:
	case STORE_REAL:
		return take_number(s, col, v, c, why);
	default:
		return take_time(s, col, v, r, c, why);
	}
}

/* A row; what is the record's is the same in all of its rows. */
static int
take_row(const struct spec *s, struct rows *r, struct fail *why)
{
	struct cell *c = r->cell + r->n * s->table.ncols;
	size_t i;

	for (i = 0; i < s->table.ncols; i++) {
		if (r->n && s->from[i].nrow == 0)
			c[i] = r->cell[i];
		else if (take_cell(s, i, r, &c[i], why) < 0)
			return -1;
	}
	r->n++;
	return 0;
}

static int
make_room(const struct spec *s, struct rows *r, struct fail *why)
{
	size_t want = (r->n + 1) * s->table.ncols;
	struct cell *p;

	if (want <= r->cap)
		return 0;
	if (!(p = realloc(r->cell, 2 * want * sizeof *p)))
		return fail_errno(why, "a record's rows");
	r->cell = p;
	r->cap = 2 * want;
	return 0;
}

static int
take_elements(const struct spec *s, struct json_val list, struct rows *r,
    struct fail *why)
{
	struct json_iter it;
	struct json_val v;

	if (json_type(list) == JSON_NULL)
		return 0;
	if (json_type(list) != JSON_ARRAY)
		return fail(why, EXIT_DATA, "%s is no array", s->rows);
	for (it = json_iter(list); json_next(&it);) {
		if (json_type(it.val) != JSON_OBJECT)
			return fail(why, EXIT_DATA, "%s holds what is no "
			    "object", s->rows);
		fields_set(&r->elem, it.val);
		if (s->need && (!fields_path(&r->elem, s->need, &v) ||
		    json_type(v) == JSON_NULL)) {
			r->passed++;
			continue;
		}
		if (make_room(s, r, why) < 0 ||
		    take_row(s, r, why) < 0)
			return -1;
	}
	return 0;
}

int
spec_rows(const struct spec *s, struct json_val record, struct rows *r,
    struct fail *why)
{
	struct json_val list;
	size_t i;
	int k;

	r->n = 0;
	r->elem.object.p = NULL;
	fields_set(&r->record, record);
	buf_clear(&r->text);
	if (s->rows && fields_path(&r->record, s->rows, &list))
		k = take_elements(s, list, r, why);
	else if ((k = make_room(s, r, why)) == 0)
		k = take_row(s, r, why);
	for (i = 0; i < r->n * s->table.ncols; i++)
		if (r->cell[i].kind == CELL_TEXT && !r->cell[i].p)
			r->cell[i].p = r->text.p + r->cell[i].i;
	return k;
}

void
rows_free(struct rows *r)
{
	free(r->cell);
	buf_free(&r->text);
}
