/* SPDX-License-Identifier: GPL-3.0-or-later */
/* infer.c -- --infer: drafts a feature file from contacts that are good.
 *
 * Types and ranges are what was seen. A feature that was absent or null
 * somewhere gets what replaces it: the lower median of its numbers, the most
 * frequent of its other values. Texts of few different values get them listed.
 * A draft is for people to look at: what was not in the sample is not in it.
 *
 * A CSV cell (--csv) is what it looks like; where a column has words among its
 * numbers, all of them are words. */
#include "score.h"

#include "input.h"

#include "base/msg.h"
#include "base/num.h"
#include "json/expr.h"
#include "json/key.h"
#include "json/write.h"

#define DISTINCT 1000           /* values of a feature that are counted */
#define LISTED 20               /* so few are listed, each seen ... */
#define TIMES 5                 /* ... so often on average */
#define NUMBERS ((size_t)1 << 16)       /* kept for the median */

struct guess {
	char *key;              /* owned: its name, as JSON */
	uint64_t seen, nulls;   /* contacts that have it; of them null */
	uint64_t numbers, integers, strings, booleans, others;
	double min, max;
	double *kept;           /* owned */
	size_t nkept;
	struct map values;
	uint64_t *times;        /* owned; DISTINCT of them */
	bool many;              /* more than DISTINCT */
};

struct infer {
	const struct score_opts *o;
	struct expr *from;
	struct map names;
	struct guess *v;        /* FEATURES_MAX of them */
	uint64_t n;
	struct buf key;
};

static int
note_value(struct infer *f, struct guess *g, struct json_val v)
{
	uint32_t k;

	buf_clear(&f->key);
	if (key_add(&f->key, v) < 0)
		return -1;
	if (g->values.n >= DISTINCT && map_find(&g->values, f->key.p,
	    f->key.len) == MAP_NONE) {
		g->many = true;
		return 0;
	}
	if ((k = map_add(&g->values, f->key.p, f->key.len, NULL)) == MAP_NONE)
		return -1;
	g->times[k]++;
	return 0;
}

/* False for one that no double holds. */
static bool
note_number(struct guess *g, struct json_val v)
{
	double d = num_json(v.p, v.n);

	if (!isfinite(d))
		return false;
	if (g->numbers++ == 0)
		g->min = g->max = d;
	g->integers += d == floor(d);
	g->min = fmin(g->min, d);
	g->max = fmax(g->max, d);
	if (g->nkept < NUMBERS)
		g->kept[g->nkept++] = d;
	return true;
}

static int
note(struct infer *f, struct guess *g, struct json_val v)
{
	g->seen++;
	switch (json_type(v)) {
	case JSON_NULL:
		g->nulls++;
		return 0;
	case JSON_NUMBER:
		g->others += !note_number(g, v);
		return 0;
	case JSON_STRING:
		g->strings++;
		return note_value(f, g, v);
	case JSON_TRUE:
	case JSON_FALSE:
		g->booleans++;
		return note_value(f, g, v);
	default:
		g->others++;
		return 0;
	}
}

/* A cell, a string: what it looks like. Its text is noted in any case. */
static int
note_cell(struct infer *f, struct guess *g, struct json_val v)
{
	struct json_val n;

	g->seen++;
	if (json_type(v) == JSON_NULL) {
		g->nulls++;
		return 0;
	}
	if (input_truth(v.p + 1, v.n - 2))
		g->booleans++;
	else if (json_check(v.p + 1, v.n - 2, &n, NULL) < 0 ||
	    n.n != v.n - 2 || json_type(n) != JSON_NUMBER ||
	    !note_number(g, n))
		g->strings++;
	return note_value(f, g, v);
}

static struct guess *
find(struct infer *f, struct json_val key, struct fail *why)
{
	struct guess *g;
	bool fresh;
	uint32_t k;

	buf_clear(&f->key);
	json_decode(key, &f->key);
	if (memchr(buf_str(&f->key), '\0', f->key.len)) {
		fail(why, EXIT_DATA, "a feature's name holds a NUL");
		return NULL;
	}
	k = map_add(&f->names, buf_str(&f->key), f->key.len, &fresh);
	if (k == MAP_NONE || k >= FEATURES_MAX) {
		fail(why, EXIT_DATA, "more than %d features", FEATURES_MAX);
		return NULL;
	}
	g = &f->v[k];
	if (fresh) {
		g->key = strndup(key.p, key.n);
		g->kept = malloc(NUMBERS * sizeof *g->kept);
		g->times = calloc(DISTINCT, sizeof *g->times);
		if (!g->key || !g->kept || !g->times) {
			fail(why, EXIT_MACHINE, "out of memory");
			return NULL;
		}
	}
	return g;
}

static int
note_all(struct infer *f, struct json_val object, struct fail *why)
{
	struct json_iter it;
	struct guess *g;

	f->n++;
	for (it = json_iter(object); json_next(&it); ) {
		if (!(g = find(f, it.key, why)))
			return -1;
		if ((f->o->csv ? note_cell(f, g, it.val) :
		    note(f, g, it.val)) < 0)
			return fail(why, EXIT_MACHINE, "out of memory");
	}
	return 0;
}

static int
on_record(void *ctx, void *worker, const struct record *rec,
    struct emit *emit, struct fail *why)
{
	struct infer *f = ctx;
	struct json_val object;

	(void)worker;
	if (expr_one_in(f->from, rec->val, &rec->members, &object, why) < 0)
		return filter_reject(emit, rec, NULL, "expression", "%s",
		    why->text);
	if (json_type(object) != JSON_OBJECT)
		return filter_reject(emit, rec, NULL, "not-an-object",
		    "the features are no object");
	return note_all(f, object, why) < 0 ? -1 : FILTER_USED;
}

static int
on_row(void *ctx, const struct contact *c, struct fail *why)
{
	struct json_val object;

	if (c->rule)
		return fail(why, EXIT_DATA, "%s:%" PRIu64 ": %s", c->rec.file,
		    c->rec.number, c->error);
	json_get(c->rec.val, "features", &object);
	return note_all(ctx, object, why);
}

/* ---- the draft ---- */

static int
by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The most frequent value; of several the first. */
static uint32_t
mode(const struct guess *g)
{
	uint32_t i, best = 0;

	for (i = 1; i < g->values.n; i++)
		if (g->times[i] > g->times[best])
			best = i;
	return best;
}

static void
put_default(const struct infer *f, struct guess *g, enum feature_type type,
    struct buf *b)
{
	uint32_t k;

	if (g->seen == f->n && g->nulls == 0)
		return;
	if (type == FEATURE_NUMBER || type == FEATURE_INTEGER) {
		qsort(g->kept, g->nkept, sizeof *g->kept, by_value);
		json_key(b, "default");
		json_num(b, g->kept[(g->nkept - 1) / 2]);
	} else if (g->values.n) {
		k = mode(g);
		json_key(b, "default");
		if (type == FEATURE_BOOLEAN && f->o->csv)
			buf_str_add(b, input_truth(g->values.keys[k].p + 1,
			    g->values.keys[k].len - 1));
		else
			key_write(b, g->values.keys[k].p,
			    g->values.keys[k].len);
	}
}

static void
put_values(const struct guess *g, struct buf *b)
{
	if (g->many || g->values.n > LISTED ||
	    g->seen - g->nulls < (uint64_t)TIMES * g->values.n)
		return;
	json_key(b, "values");
	buf_putc(b, '[');
	feature_put_values(&g->values, b);
	buf_putc(b, ']');
}

/* One type, or false: nothing that a feature file can say. */
static bool
type_of(const struct infer *f, const struct guess *g, enum feature_type *type)
{
	uint64_t known = g->seen - g->nulls;

	if (g->numbers == known)
		*type = g->integers == known ? FEATURE_INTEGER :
		    FEATURE_NUMBER;
	else if (g->booleans == known)
		*type = FEATURE_BOOLEAN;
	else
		*type = FEATURE_STRING;
	return known && (*type != FEATURE_STRING || g->strings == known ||
	    f->o->csv);
}

/* Names all that no feature file can describe. Returns 0 or -1. */
static int
check_types(const struct infer *f, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_LINE);
	enum feature_type type;
	const struct guess *g;
	uint32_t i;
	int r = 0;

	for (i = 0; i < f->names.n; i++) {
		g = &f->v[i];
		if (!type_of(f, g, &type))
			buf_addf(&b, "%s%.200s is %s", b.len ? "; " :
			    "feature ", g->key, g->seen == g->nulls ? "always null" :
			    g->others ? "a list, an object or past all numbers "
			    "somewhere" : "now of one type, now of another");
	}
	if (b.len)
		r = fail(why, EXIT_DATA, "%s", buf_str(&b));
	buf_free(&b);
	return r;
}

static int
write_draft(struct infer *f, struct buf *b, struct fail *why)
{
	enum feature_type type;
	struct guess *g;
	uint32_t i;

	if (f->names.n == 0)
		return fail(why, EXIT_DATA, "there are no features to learn "
		    "from");
	if (check_types(f, why) < 0)
		return -1;
	buf_str_add(b, "{\n  \"features\": {");
	for (i = 0; i < f->names.n; i++) {
		g = &f->v[i];
		(void)type_of(f, g, &type);
		buf_addf(b, "%s\n    %s: {", i ? "," : "", g->key);
		json_key(b, "type");
		json_cstr(b, feature_type_name(type));
		if (type == FEATURE_NUMBER || type == FEATURE_INTEGER) {
			json_key(b, "min");
			json_num(b, g->min);
			json_key(b, "max");
			json_num(b, g->max);
		}
		if (type == FEATURE_STRING)
			put_values(g, b);
		put_default(f, g, type, b);
		buf_putc(b, '}');
	}
	buf_str_add(b, "\n  }\n}");
	return b->err ? fail(why, EXIT_MACHINE, "out of memory") : 0;
}

static int
on_end(void *ctx, struct emit *emit, struct fail *why)
{
	if (write_draft(ctx, &emit->out, why) < 0)
		return -1;
	filter_line(emit);
	return 0;
}

/* The same from CSV. Returns the exit code. */
static int
infer_table(struct infer *f, char **files, int nfiles)
{
	const struct filter_opts *o = &f->o->filter;
	struct input in = { .csv = true, .max_record = o->max_record,
	    .take = on_row, .ctx = f };
	struct buf b = BUF_INIT(BUF_DOC);
	struct fail why;
	int r;

	r = input_each(&in, files, nfiles, &why);
	if (r == 0)
		r = write_draft(f, &b, &why);
	buf_putc(&b, '\n');
	if (r == 0)
		r = out_file(o->output, b.p, b.len, o->if_changed ?
		    OUT_IF_CHANGED : 0, &why);
	buf_free(&b);
	return r < 0 ? msg_fail(&why) : 0;
}

int
score_infer(const struct score_opts *o, char **files, int nfiles)
{
	struct infer f = { .o = o, .names = MAP_INIT,
	    .key = BUF_INIT(BUF_RECORD) };
	struct filter filter = { .opts = &o->filter, .ctx = &f,
	    .record = on_record, .end = on_end, .files = files,
	    .nfiles = nfiles };
	struct filter_opts single = o->filter;
	struct fail why;
	int code, i;

	single.jobs = 1;
	filter.opts = &single;
	f.v = calloc(FEATURES_MAX, sizeof *f.v);
	if (!f.v)
		fail(&why, EXIT_MACHINE, "out of memory");
	if (!f.v || expr_open(&f.from, o->from, "--from", &why) < 0) {
		free(f.v);
		return msg_fail(&why);
	}
	code = o->csv ? infer_table(&f, files, nfiles) : filter_run(&filter);
	for (i = 0; i < FEATURES_MAX; i++) {
		free(f.v[i].key);
		free(f.v[i].kept);
		free(f.v[i].times);
		map_free(&f.v[i].values);
	}
	free(f.v);
	map_free(&f.names);
	expr_close(f.from);
	buf_free(&f.key);
	return code;
}
