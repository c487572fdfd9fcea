/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trend.c -- how often each product was mentioned, day by day.
 *
 * A row has a day, one or more names and a count; where no count is there,
 * each name counts once, so that records with a date and groups will do as
 * well as what was counted before. Equal days and names are added up. A day
 * between the first and the last that has no row of a name has 0 of it.
 */
#include "trend.h"
#include "base/num.h"
#include "json/write.h"

#define SPARK_DAYS_MOST 3660    /* days that are drawn on a page */

/* ---- reading ---- */

int
trend_open(struct trend *t, const struct settings *o, struct fail *why)
{
	memset(t, 0, sizeof *t);
	t->text.max = BUF_RECORD;
	if ((o->date && expr_open(&t->date, o->date, "--date", why) < 0) ||
	    (o->series && expr_open(&t->series, o->series, "--series",
	    why) < 0) ||
	    (o->count && expr_open(&t->count, o->count, "--count", why) < 0)) {
		trend_close(t);
		return -1;
	}
	return 0;
}

void
trend_close(struct trend *t)
{
	expr_close(t->date);
	expr_close(t->series);
	expr_close(t->count);
	map_free(&t->names);
	map_free(&t->keys);
	free(t->points);
	buf_free(&t->text);
	memset(t, 0, sizeof *t);
}

/* The first of some members that is there. */
static bool
first_of(struct json_val row, const char *const *names, struct json_val *v)
{
	for (; *names; names++)
		if (json_get(row, *names, v) && json_type(*v) != JSON_NULL)
			return true;
	return false;
}

/* A day as days since 1970, of a date or a time. Returns 0 or -1. */
static int
read_day(struct trend *t, struct json_val v, int32_t *day)
{
	int64_t ms;

	buf_clear(&t->text);
	if (json_decode(v, &t->text) < 0 ||
	    time_parse(t->text.p ? t->text.p : "", t->text.len, &ms) < 0)
		return -1;
	*day = (int32_t)(ms >= 0 ? ms / TREND_DAY :
	    -((-ms + TREND_DAY - 1) / TREND_DAY));
	return 0;
}

int
trend_add(struct trend *t, int32_t day, const char *name, size_t len, double n,
    struct fail *why)
{
	struct { int32_t day; uint32_t name; } key;
	struct point *p;
	uint32_t i, cap;
	bool fresh;

	memset(&key, 0, sizeof key);
	key.day = day;
	key.name = map_add(&t->names, name, len, NULL);
	i = key.name == MAP_NONE ? MAP_NONE :
	    map_add(&t->keys, &key, sizeof key, &fresh);
	if (i != MAP_NONE && i >= t->cap) {
		cap = t->cap ? 2 * t->cap : 256;
		p = realloc(t->points, cap * sizeof *p);
		if (!p)
			i = MAP_NONE;
		else {
			t->points = p;
			t->cap = cap;
		}
	}
	if (i == MAP_NONE)
		return fail(why, EXIT_MACHINE, "out of memory");
	p = &t->points[i];
	if (fresh) {
		p->day = day;
		p->name = key.name;
		p->n = 0;
	}
	p->n += n;
	t->sorted = false;
	return 0;
}

static int
add_point(struct trend *t, int32_t day, struct json_val name, double n,
    struct fail *why)
{
	buf_clear(&t->text);
	if (json_decode(name, &t->text) < 0 || t->text.err)
		return fail(why, EXIT_MACHINE, "out of memory");
	return trend_add(t, day, buf_str(&t->text), t->text.len, n, why);
}

/* The row's day. Returns 0, FILTER_DROPPED, or a reject. */
static int
find_day(struct trend *t, const struct record *rec, struct emit *emit,
    int32_t *day)
{
	static const char *const names[] = { "recorded_date", "date", "day",
	    NULL };
	struct json_val v = { "null", 4 };
	struct fail why;

	if (t->date && expr_one(t->date, rec->val, &v, &why) < 0)
		return filter_reject(emit, rec, NULL, "expression", "%s",
		    why.text);
	if (!t->date && !first_of(rec->val, names, &v))
		return filter_reject(emit, rec, NULL, "no-date", "no "
		    "recorded_date, date or day (--date EXPR says where it is)");
	if (json_type(v) == JSON_NULL)
		return FILTER_DROPPED;
	if (read_day(t, v, day) < 0)
		return filter_reject(emit, rec, NULL, "date", "no date: %.*s",
		    (int)(v.n < 60 ? v.n : 60), v.p);
	return 0;
}

/* The row's count; 1 where it has none. */
static int
find_count(struct trend *t, const struct record *rec, struct emit *emit,
    double *n)
{
	static const char *const names[] = { "mention_count", "count", NULL };
	struct json_val v = { "null", 4 };
	struct fail why;

	*n = 1;
	if (t->count && expr_one(t->count, rec->val, &v, &why) < 0)
		return filter_reject(emit, rec, NULL, "expression", "%s",
		    why.text);
	if (!t->count && !first_of(rec->val, names, &v))
		return 0;
	*n = json_type(v) == JSON_NULL ? 0 : json_double(v);
	if (!(*n >= 0) || !isfinite(*n))
		return filter_reject(emit, rec, NULL, "count",
		    "no count: %.*s", (int)(v.n < 60 ? v.n : 60), v.p);
	return 0;
}

/* The row's names: the results of --series, or its product, or the products
 * among its groups. */
static int
each_name(struct trend *t, const struct record *rec, struct emit *emit,
    int32_t day, double n, struct fail *why)
{
	static const char *const names[] = { "product_name", "product", NULL };
	struct json_val one, *v = &one;
	struct json_iter it;
	size_t count = 1, i;

	if (t->series) {
		if (expr_eval(t->series, rec->val, why) < 0)
			return filter_reject(emit, rec, NULL, "expression",
			    "%s", why->text);
		v = t->series->v;
		count = t->series->n;
	} else if (!first_of(rec->val, names, &one)) {
		if (!json_get(rec->val, "groups", &one) ||
		    !json_get(one, "product", &one) ||
		    json_type(one) != JSON_ARRAY)
			return filter_reject(emit, rec, NULL, "no-product",
			    "no product_name, product or groups.product "
			    "(--series EXPR says where it is)");
		for (it = json_iter(one); json_next(&it);)
			if (json_type(it.val) != JSON_STRING)
				return filter_reject(emit, rec, it.val.p,
				    "product", "a product is no text");
		for (it = json_iter(one); json_next(&it);)
			if (add_point(t, day, it.val, n, why) < 0)
				return -1;
		return FILTER_USED;
	}
	for (i = 0; i < count; i++)
		if (json_type(v[i]) != JSON_STRING &&
		    json_type(v[i]) != JSON_NULL)
			return filter_reject(emit, rec, NULL, "product",
			    "a product is no text: %.*s",
			    (int)(v[i].n < 60 ? v[i].n : 60), v[i].p);
	for (i = 0; i < count; i++)
		if (json_type(v[i]) == JSON_STRING &&
		    add_point(t, day, v[i], n, why) < 0)
			return -1;
	return FILTER_USED;
}

static int
trend_row(struct report *r, const struct record *rec, struct emit *emit,
    struct fail *why)
{
	struct trend *t = &r->trend;
	int32_t day;
	double n;
	int done;

	if ((done = find_day(t, rec, emit, &day)) != 0 ||
	    (done = find_count(t, rec, emit, &n)) != 0)
		return done;
	return each_name(t, rec, emit, day, n, why);
}

/* ---- in order ---- */

/* By day, then name. qsort has no context, so names are ranked first. */
static int
by_day(const void *x, const void *y)
{
	const struct point *a = x, *b = y;

	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	return (a->name > b->name) - (a->name < b->name);
}

static int
by_name(const void *x, const void *y)
{
	const struct named *a = x, *b = y;

	return map_key_cmp(a->key, b->key);
}

struct named *
trend_order(struct trend *t, struct fail *why)
{
	struct named *v = calloc(t->names.n + 1, sizeof *v);
	uint32_t *rank = calloc(t->names.n + 1, sizeof *rank), i;

	if (!v || !rank) {
		free(v);
		free(rank);
		fail(why, EXIT_MACHINE, "out of memory");
		return NULL;
	}
	for (i = 0; i < t->names.n; i++) {
		v[i].key = &t->names.keys[i];
		v[i].name = i;
	}
	qsort(v, t->names.n, sizeof *v, by_name);
	for (i = 0; i < t->names.n; i++)
		rank[v[i].name] = i;
	for (i = 0; !t->sorted && i < t->keys.n; i++)
		t->points[i].name = rank[t->points[i].name];
	for (i = 0; i < t->keys.n; i++)
		v[t->points[i].name].total += t->points[i].n;
	if (t->keys.n)
		qsort(t->points, t->keys.n, sizeof *t->points, by_day);
	t->sorted = true;
	free(rank);
	return v;
}

const char *
trend_day(char out[TIME_MAX], int32_t day)
{
	return time_format_day(out, day * TREND_DAY);
}

/* ---- the table ---- */

/* All mentions of the day of the i-th point, the first of it; *end is the
 * first point of the next. */
static double
of_day(const struct trend *t, uint32_t i, uint32_t *end)
{
	double sum = 0;

	for (*end = i; *end < t->keys.n && t->points[*end].day ==
	    t->points[i].day; ++*end)
		sum += t->points[*end].n;
	return sum;
}

static void
long_table(const struct trend *t, const struct named *v, struct table *table,
    bool full)
{
	char day[TIME_MAX];
	struct figure f;
	double all = 0;
	uint32_t i, end = 0;

	table_column(table, "recorded_date", TABLE_TEXT);
	table_column(table, "product_name", TABLE_TEXT);
	table_column(table, "mention_count", TABLE_BAR);
	if (full) {
		figure_columns(table, "share");
		table_column(table, "of", TABLE_NUMBER);
	}
	for (i = 0; i < t->keys.n; i++) {
		const struct map_key *k = v[t->points[i].name].key;

		if (i == end)
			all = of_day(t, i, &end);
		table_str(table, trend_day(day, t->points[i].day));
		table_text(table, k->p, k->len);
		table_num(table, t->points[i].n);
		if (!full)
			continue;
		figure_share(&f, NULL, NULL, t->points[i].n, all, NULL);
		figure_cells(table, &f);
		table_num(table, f.n);
	}
}

/* A day a row, a name a column, 0 where there is none. */
static void
wide_table(const struct trend *t, const struct named *v, struct table *table,
    bool full)
{
	char text[TIME_MAX];
	uint32_t i = 0, k, end;
	double all;

	table_column(table, "recorded_date", TABLE_TEXT);
	for (k = 0; k < t->names.n; k++)
		table_column_n(table, v[k].key->p, v[k].key->len,
		    TABLE_NUMBER);
	if (full)
		table_column(table, "All", TABLE_NUMBER);
	while (i < t->keys.n) {
		int32_t day = t->points[i].day;

		all = of_day(t, i, &end);
		table_str(table, trend_day(text, day));
		for (k = 0; k < t->names.n; k++) {
			bool here = i < t->keys.n && t->points[i].day == day &&
			    t->points[i].name == k;

			table_num(table, here ? t->points[i++].n : 0);
		}
		if (full)
			table_num(table, all);
	}
}

static int
days_table(struct report *r, struct table *table, struct fail *why)
{
	struct named *v = trend_order(&r->trend, why);

	if (!v)
		return -1;
	table->title = "The days";
	if (r->o->wide)
		wide_table(&r->trend, v, table, r->full);
	else
		long_table(&r->trend, v, table, r->full);
	free(v);
	return 0;
}

/* ---- product by product ---- */

static int
by_most(const void *x, const void *y)
{
	const struct named *a = x, *b = y;

	if (a->total != b->total)
		return a->total < b->total ? 1 : -1;
	return map_key_cmp(a->key, b->key);
}

static double
total(const struct trend *t)
{
	double sum = 0;
	uint32_t i;

	for (i = 0; i < t->keys.n; i++)
		sum += t->points[i].n;
	return sum;
}

int32_t
trend_per(double days)
{
	return days <= 186 ? 1 : days <= 1302 ? 7 : 28;
}

bool
trend_mean_ends(int32_t from, int32_t day, int32_t last, int32_t per)
{
	return day == last || (day - from + 1 >= per && last - day >= per);
}

/* One name's counts, day by day or as means of `per` days, with blanks
 * between. */
static void
put_days(struct buf *b, const struct trend *t, uint32_t name, int32_t per)
{
	int32_t first = t->keys.n ? t->points[0].day : 0, day;
	int32_t last = t->keys.n ? t->points[t->keys.n - 1].day : -1;
	char num[NUM_MAX];
	int32_t from = first;
	uint32_t i = 0;
	double sum = 0;

	for (day = first; day <= last; day++) {
		while (i < t->keys.n && (t->points[i].day < day ||
		    (t->points[i].day == day && t->points[i].name != name)))
			i++;
		if (i < t->keys.n && t->points[i].day == day)
			sum += t->points[i].n;
		if (!trend_mean_ends(from, day, last, per))
			continue;
		buf_add(b, num, num_format(num, sum / (day - from + 1)));
		buf_putc(b, ' ');
		from = day + 1;
		sum = 0;
	}
}

/* Names with their totals; each named keeps its place in code-point order. */
static struct named *
by_product(struct trend *t, struct fail *why)
{
	struct named *v = trend_order(t, why);
	uint32_t i;

	for (i = 0; v && i < t->names.n; i++)
		v[i].name = i;
	if (v)
		qsort(v, t->names.n, sizeof *v, by_most);
	return v;
}

static int
products_table(struct report *r, struct table *table, struct fail *why)
{
	struct trend *t = &r->trend;
	struct buf days = BUF_INIT(BUF_DOC);
	struct named *v;
	struct figure f;
	uint32_t k;

	if (!(v = by_product(t, why)))
		return -1;
	table->title = "Product by product";
	table_column(table, "product", TABLE_TEXT);
	table_column(table, "mentions", TABLE_NUMBER);
	figure_columns(table, "share");
	table_column(table, "of", TABLE_NUMBER);
	table_column(table, "day by day", TABLE_SPARK);
	for (k = 0; k < t->names.n; k++) {
		figure_share(&f, NULL, NULL, v[k].total, total(t), NULL);
		table_text(table, v[k].key->p, v[k].key->len);
		table_num(table, v[k].total);
		figure_cells(table, &f);
		table_num(table, f.n);
		buf_clear(&days);
		if (t->points[t->keys.n - 1].day - t->points[0].day <
		    SPARK_DAYS_MOST)
			put_days(&days, t, v[k].name, 1);
		table_text(table, buf_str(&days), days.len);
	}
	free(v);
	buf_free(&days);
	return 0;
}

/* People get the products first, programs the days. */
static int
trend_table(struct report *r, struct table *t, struct fail *why)
{
	return r->narrow ? products_table(r, t, why) : days_table(r, t, why);
}

static int
trend_more(struct report *r, size_t i, struct table *t, struct fail *why)
{
	if (i > 1)
		return 1;
	return r->narrow ? days_table(r, t, why) : products_table(r, t, why);
}

/* ---- the sentence ---- */

/* Whether there is more of it in the second half of the days than in the
 * first: of so many, as many would fall there by chance. */
static void
put_halves(struct buf *b, const struct trend *t)
{
	int32_t first = t->points[0].day, last = t->points[t->keys.n - 1].day;
	double days = last - first + 1, half = floor(days / 2), late = 0;
	double all = total(t);
	struct figure f;
	uint32_t i;

	if (days < 4)
		return;
	for (i = 0; i < t->keys.n; i++)
		if (t->points[i].day > last - (int32_t)half)
			late += t->points[i].n;
	figure_share(&f, NULL, NULL, late, all, NULL);
	buf_str_add(b, f.low > half / days ? " Mentions grew" : f.high <
	    half / days ? " Mentions fell" : " Mentions neither grew nor fell "
	    "beyond chance");
	buf_str_add(b, ": ");
	lead_percent(b, f.v);
	buf_str_add(b, " of them are of the second half of the days");
	lead_rests(b, late, all, f.low, f.high);
	buf_putc(b, '.');
}

/* Who is mentioned most, of all mentions. */
static void
put_leaders(struct buf *b, const struct named *v, uint32_t n, double all)
{
	struct figure f;
	uint32_t alike = 1;

	while (alike < n && v[alike].total == v[0].total)
		alike++;
	figure_share(&f, NULL, NULL, v[0].total, all, NULL);
	buf_add(b, v[0].key->p, v[0].key->len);
	if (n == 1) {
		buf_str_add(b, " is the only product mentioned: ");
		lead_count(b, all);
		buf_str_add(b, all == 1 ? " time" : " times");
		return;
	}
	if (alike == 2) {
		buf_str_add(b, " and ");
		buf_add(b, v[1].key->p, v[1].key->len);
	} else if (alike > 2) {
		buf_str_add(b, " and ");
		lead_count(b, alike - 1);
		buf_str_add(b, " others");
	}
	buf_str_add(b, alike == 1 ? " leads with " : " lead, each with ");
	lead_percent(b, f.v);
	buf_str_add(b, " of all mentions");
	lead_rests(b, v[0].total, f.n, f.low, f.high);
}

static int
trend_lead(struct report *r, struct buf *b, struct fail *why)
{
	struct trend *t = &r->trend;
	struct named *v = by_product(t, why);
	char from[TIME_MAX], to[TIME_MAX];
	double all = total(t);

	if (!v)
		return -1;
	if (!(all > 0)) {
		buf_str_add(b, "No product was mentioned.");
		free(v);
		return 0;
	}
	put_leaders(b, v, t->names.n, all);
	trend_day(from, t->points[0].day);
	trend_day(to, t->points[t->keys.n - 1].day);
	if (strcmp(from, to) == 0)
		buf_addf(b, ", on %s.", from);
	else
		buf_addf(b, ", %s to %s.", from, to);
	put_halves(b, t);
	free(v);
	return 0;
}

/* ---- as data for a page ---- */

#define LINES_MOST 7            /* products that a page draws */

static int
trend_chart(struct report *r, struct buf *b, struct fail *why)
{
	struct trend *t = &r->trend;
	struct named *v = by_product(t, why);
	char day[TIME_MAX];
	size_t i, at;
	int32_t per = 1;
	uint32_t k;

	if (!v)
		return -1;
	buf_str_add(b, "{\"type\":\"lines\",\"first\":");
	if (t->keys.n)
		json_cstr(b, trend_day(day, t->points[0].day));
	else
		buf_str_add(b, "null");
	if (t->keys.n)
		per = trend_per(t->points[t->keys.n - 1].day -
		    t->points[0].day + 1.0);
	buf_addf(b, ",\"per\":%" PRId32 ",\"all\":%" PRIu32 ",\"series\":[",
	    per, t->names.n);
	for (k = 0; k < t->names.n && k < LINES_MOST && t->points[t->keys.n -
	    1].day - t->points[0].day < SPARK_DAYS_MOST; k++) {
		json_sep(b);
		buf_putc(b, '{');
		json_key(b, "name");
		json_str(b, v[k].key->p, v[k].key->len);
		json_key(b, "total");
		json_num(b, v[k].total);
		json_key(b, "y");
		buf_putc(b, '[');
		at = b->len;
		put_days(b, t, v[k].name, per);
		for (i = at; b->len > at && i < b->len - 1; i++)
			if (b->p[i] == ' ')
				b->p[i] = ',';
		if (b->len > at)
			b->p[b->len - 1] = ']';
		buf_putc(b, '}');
	}
	buf_str_add(b, "]}");
	free(v);
	return 0;
}

/* ---- JSON ---- */

static int
trend_json(struct report *r, struct emit *emit, struct fail *why)
{
	struct trend *t = &r->trend;
	struct named *v = trend_order(t, why);
	struct buf *b = &emit->out;
	char day[TIME_MAX];
	struct figure f;
	double all = 0;
	uint32_t i, end = 0;

	if (!v)
		return -1;
	for (i = 0; i < t->keys.n; i++) {
		const struct map_key *k = v[t->points[i].name].key;

		if (i == end)
			all = of_day(t, i, &end);
		buf_putc(b, '{');
		json_key(b, "recorded_date");
		json_cstr(b, trend_day(day, t->points[i].day));
		json_key(b, "product_name");
		json_str(b, k->p, k->len);
		json_key(b, "mention_count");
		json_num(b, t->points[i].n);
		if (r->o->intervals) {
			figure_share(&f, NULL, NULL, t->points[i].n, all,
			    NULL);
			figure_write(b, "share", &f);
		}
		buf_putc(b, '}');
		filter_line(emit);
	}
	free(v);
	return 0;
}

const struct subject subject_trend = {
	.name = "trend", .title = TREND_TITLE, .usual = FORM_CSV,
	.forms = FORMS_TABLE | FORMS_PICTURE | 1 << FORM_PROM,
	.row = trend_row, .lead = trend_lead, .table = trend_table,
	.more = trend_more, .json = trend_json, .picture = trend_picture,
	.chart = trend_chart,
};
