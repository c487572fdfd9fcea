/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ask.h"
#include "base/clock.h"
#include "base/num.h"
#include "base/share.h"
#include "json/write.h"

#include <dirent.h>

#define DAY INT64_C(86400000)

/* ---- values of parameters ---- */

/* now, today, -30d (of today, for a day; of now, for a time), or ISO. */
static int
parse_time(const char *text, bool day, int64_t *ms)
{
	double s;

	*ms = clock_now();
	if (day || strcmp(text, "today") == 0)
		*ms -= (*ms % DAY + DAY) % DAY;
	if (strcmp(text, "now") == 0 || strcmp(text, "today") == 0)
		return 0;
	if (*text == '-' && num_seconds(text + 1, &s) == 0 && s < 1e11) {
		*ms -= (int64_t)(s * 1000);
		return 0;
	}
	return time_parse(text, strlen(text), ms);
}

/* Keeps text behind the last word; the place of it. */
static size_t
keep(struct ask *a, const char *text)
{
	size_t at = a->words.len;

	buf_add(&a->words, text, strlen(text) + 1);
	return at;
}

static int
set_value(struct ask *a, struct store_param *p, const char *text,
    struct fail *why)
{
	char out[TIME_MAX];
	int64_t ms;

	p->value.kind = CELL_TEXT;
	switch (p->type) {
	case STORE_INT:
		p->value.kind = CELL_INT;
		if (num_int(text, INT64_MIN, INT64_MAX, &p->value.i) < 0)
			return fail(why, EXIT_USAGE, "%s='%s' is no integer",
			    p->name, text);
		return 0;
	case STORE_REAL:
		p->value.kind = CELL_REAL;
		if (num_double(text, -DBL_MAX, DBL_MAX, &p->value.d) < 0)
			return fail(why, EXIT_USAGE, "%s='%s' is no number",
			    p->name, text);
		return 0;
	case STORE_DAY:
	case STORE_TIME:
		if (parse_time(text, p->type == STORE_DAY, &ms) < 0)
			return fail(why, EXIT_USAGE, "%s='%s' is no time: "
			    "write 2026-01-31, today or -30d", p->name, text);
		text = p->type == STORE_DAY ? time_format_day(out, ms) :
		    time_format(out, ms);
		break;
	default:
		break;
	}
	p->value.n = strlen(text);
	p->value.p = a->words.p + keep(a, text);
	return 0;
}

/* ---- what a query's head says ---- */

/* The next word of a line; *gap gets the blanks before it. */
static const char *
next_word(const char **at, const char *end, size_t *n, size_t *gap)
{
	const char *p = *at, *word;

	while (p < end && *p == ' ')
		p++;
	*gap = (size_t)(p - *at);
	word = p;
	while (p < end && *p != ' ')
		p++;
	*n = (size_t)(p - word);
	*at = p;
	return word;
}

/* "-- :since day -30d   the first day" */
static int
declare(struct ask *a, const char *line, const char *end, struct fail *why)
{
	static const char *const types[] = {
		[STORE_TEXT] = "text", [STORE_INT] = "int",
		[STORE_REAL] = "real", [STORE_DAY] = "day",
		[STORE_TIME] = "time",
	};
	struct store_param *p = &a->param[a->n];
	const char *name, *type, *value;
	char text[128];
	size_t n, k, gap, i;

	name = next_word(&line, end, &n, &gap) + 1;
	type = next_word(&line, end, &k, &gap);
	for (i = 0; i < COUNT(types); i++)
		if (strlen(types[i]) == k && memcmp(types[i], type, k) == 0)
			break;
	if (a->n == ASK_PARAMS || n < 2 || n > sizeof text ||
	    i == COUNT(types))
		return fail(why, EXIT_USAGE, "the query's head: what is '%.*s'"
		    "?", (int)(end - name) + 1, name - 1);
	memset(p, 0, sizeof *p);
	p->typed = true;
	p->type = (enum store_type)i;
	snprintf(text, sizeof text, "%.*s", (int)n - 1, name);
	p->name = a->words.p + keep(a, text);
	a->n++;
	value = next_word(&line, end, &k, &gap);
	if (k == 0 || gap != 1 || k >= sizeof text)
		return 0;
	snprintf(text, sizeof text, "%.*s", (int)k, value);
	return set_value(a, p, text, why);
}

static int
read_head(struct ask *a, struct fail *why)
{
	const char *p = buf_str(&a->sql), *end;

	for (; strncmp(p, "--", 2) == 0; p = *end ? end + 1 : end) {
		end = p + strcspn(p, "\n");
		if (strncmp(p, "-- :", 4) == 0 &&
		    declare(a, p + 3, end, why) < 0)
			return -1;
	}
	return 0;
}

/* name=value, of a declared parameter or of any in SQL of one's own */
static int
take_arg(struct ask *a, const char *arg, struct fail *why)
{
	size_t n = strcspn(arg, "="), i;
	struct store_param *p;

	if (arg[n] != '=' || n == 0)
		return fail(why, EXIT_USAGE, "'%s' is no name=value", arg);
	for (i = 0; i < a->n; i++)
		if (strlen(a->param[i].name) == n &&
		    memcmp(a->param[i].name, arg, n) == 0)
			return set_value(a, &a->param[i], arg + n + 1, why);
	if (a->named)
		return fail(why, EXIT_USAGE, "the query has no parameter "
		    "'%.*s'", (int)n, arg);
	if (a->n == ASK_PARAMS)
		return fail(why, EXIT_USAGE, "more than %d parameters",
		    ASK_PARAMS);
	p = &a->param[a->n++];
	memset(p, 0, sizeof *p);
	i = keep(a, arg);
	a->words.p[i + n] = '\0';
	p->name = a->words.p + i;
	p->value.kind = CELL_TEXT;
	p->value.p = a->words.p + i + n + 1;
	p->value.n = strlen(p->value.p);
	/* a number is one for both databases, or neither */
	if (num_int(p->value.p, INT64_MIN, INT64_MAX, &p->value.i) == 0) {
		p->value.kind = CELL_INT;
		p->type = STORE_INT;
		p->typed = true;
	}
	return 0;
}

static int
read_file(struct buf *b, const char *path, struct fail *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), r;

	if (fd < 0)
		return fail(why, EXIT_USAGE, "cannot open %s: %s", path,
		    strerror(errno));
	r = buf_read_fd(b, fd);
	if (r < 0)
		(void)fail_errno(why, "cannot read %s", path);
	close(fd);
	return r;
}

static bool
is_name(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	return n > 0 && n < 100 && s[n] == '\0';
}

int
ask_read(struct ask *a, const char *what, char **args, int nargs,
    struct fail *why)
{
	const struct buf sql = BUF_INIT(BUF_PROG);
	size_t room = 4096;
	char name[160];
	int i, r;

	memset(a, 0, sizeof *a);
	a->sql = a->words = sql;
	if (*what == '@') {
		r = read_file(&a->sql, what + 1, why);
	} else if (is_name(what)) {
		a->named = true;
		snprintf(name, sizeof name, "sql/%s.sql", what);
		r = share_read(&a->sql, name, why);
	} else {
		r = buf_str_add(&a->sql, what) < 0 ?
		    fail(why, EXIT_USAGE, "the SQL is too long") : 0;
	}
	if (r == 0 && a->sql.len && memchr(a->sql.p, '\0', a->sql.len))
		r = fail(why, EXIT_USAGE, "the SQL holds a NUL");
	/* words stay where they are: room for all of them now */
	for (i = 0; i < nargs; i++)
		room += strlen(args[i]) + TIME_MAX;
	if (r == 0 && buf_reserve(&a->words, room + a->sql.len) < 0)
		r = fail(why, EXIT_USAGE, "too many parameters");
	if (r == 0)
		r = read_head(a, why);
	for (i = 0; r == 0 && i < nargs; i++)
		r = take_arg(a, args[i], why);
	return r;
}

void
ask_free(struct ask *a)
{
	buf_free(&a->sql);
	buf_free(&a->words);
}

/* ---- rows to records ---- */

struct writing {
	struct ask *ask;
	struct out *out;
	struct buf line;
};

static void
put_cell(struct buf *b, const struct cell *c)
{
	switch (c->kind) {
	case CELL_INT:
		json_int64(b, c->i);
		break;
	case CELL_BOOL:
		json_bool(b, c->i != 0);
		break;
	case CELL_REAL:
		json_num(b, c->d);
		break;
	case CELL_NUMBER:
		buf_add(b, c->p, c->n);
		break;
	case CELL_TEXT:
		json_str(b, c->p, c->n);
		break;
	case CELL_JSON:
		if (json_check(c->p, c->n, NULL, NULL) == 0)
			json_one_line(b, c->p, c->n);
		else
			json_str(b, c->p, c->n);
		break;
	default:
		buf_str_add(b, "null");
	}
}

static int
on_row(void *ctx, const char *const *names, const struct cell *cells,
    size_t n, struct fail *why)
{
	struct writing *w = ctx;
	size_t i;

	buf_clear(&w->line);
	buf_putc(&w->line, '{');
	for (i = 0; i < n; i++) {
		json_key(&w->line, names[i]);
		put_cell(&w->line, &cells[i]);
	}
	buf_str_add(&w->line, "}\n");
	if (w->line.err)
		return fail(why, EXIT_MACHINE, "a row is too long");
	w->ask->rows++;
	return out_write(w->out, w->line.p, w->line.len, why);
}

int
ask_run(struct ask *a, struct store *s, struct out *out, struct fail *why)
{
	struct writing w = { a, out, BUF_INIT(BUF_DOC) };
	int r = store_query(s, buf_str(&a->sql), a->param, a->n, on_row, &w,
	    why);

	buf_free(&w.line);
	return r;
}

/* ---- what there is ---- */

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "query NAME[TAB]what it is for", and its parameters below. */
static void
put_query(struct buf *b, const char *file)
{
	struct buf text = BUF_INIT(BUF_PROG);
	struct fail why;
	char path[300];
	const char *p, *end;

	snprintf(path, sizeof path, "sql/%s", file);
	if (share_read(&text, path, &why) == 0) {
		buf_addf(b, "%.*s\n", (int)strlen(file) - 4, file);
		for (p = buf_str(&text); strncmp(p, "-- ", 3) == 0;
		    p = *end ? end + 1 : end) {
			end = p + strcspn(p, "\n");
			buf_addf(b, "    %.*s\n", (int)(end - p) - 3, p + 3);
		}
	}
	buf_free(&text);
}

int
ask_list(struct buf *b, struct fail *why)
{
	struct buf path = BUF_INIT(BUF_PATH);
	char *names[256];
	struct dirent *e;
	size_t n = 0, i, len;
	DIR *dir = NULL;

	if (share_find(&path, "sql", why) == 0 &&
	    !(dir = opendir(buf_str(&path))))
		(void)fail_errno(why, "%s", buf_str(&path));
	buf_free(&path);
	if (!dir)
		return -1;
	while ((e = readdir(dir)) && n < COUNT(names)) {
		len = strlen(e->d_name);
		if (len > 4 && len < 200 &&
		    strcmp(e->d_name + len - 4, ".sql") == 0 &&
		    (names[n] = strdup(e->d_name)))
			n++;
	}
	closedir(dir);
	qsort(names, n, sizeof *names, by_name);
	for (i = 0; i < n; i++) {
		put_query(b, names[i]);
		free(names[i]);
	}
	return 0;
}
