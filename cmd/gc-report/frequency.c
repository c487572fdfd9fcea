/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frequency.c -- how often each product and each issue was mentioned.
 *
 * Rows are records with "groups", as gc-ner writes them, whose texts are
 * counted here; or counts, {"product": text, "count": n}, {"issue": ...} or
 * {"group", "text", "count"}, which are added up.
 */
#include "report.h"
#include "json/write.h"
#include "out/bars.h"

void
frequency_init(struct frequency *f)
{
	struct buf text = BUF_INIT(BUF_RECORD);

	memset(f, 0, sizeof *f);
	f->text = text;
}

void
frequency_free(struct frequency *f)
{
	uint32_t i;

	for (i = 0; i < f->groups.n; i++)
		tally_free(&f->tally[i]);
	free(f->tally);
	map_free(&f->groups);
	buf_free(&f->text);
}

/* The tally of a group, made where it is new; NULL where memory ends. */
static struct tally *
group(struct frequency *f, const char *p, size_t n, struct fail *why)
{
	static const struct tally empty = TALLY_INIT;
	struct tally *t;
	bool fresh;
	uint32_t i = map_add(&f->groups, p, n, &fresh);

	if (i != MAP_NONE && fresh) {
		t = realloc(f->tally, (i + 1) * sizeof *t);
		if (!t)
			i = MAP_NONE;
		else
			(f->tally = t)[i] = empty;
	}
	if (i == MAP_NONE) {
		fail(why, EXIT_MACHINE, "out of memory");
		return NULL;
	}
	return &f->tally[i];
}

int
frequency_add(struct frequency *f, const char *name, size_t n,
    const char *text, size_t len, uint64_t count, struct fail *why)
{
	struct tally *t = group(f, name, n, why);

	return t ? tally_add(t, text, len, count, why) : -1;
}

/* Adds a string's text to a group's tally. */
static int
add(struct frequency *f, const char *name, size_t n, struct json_val text,
    uint64_t count, struct fail *why)
{
	buf_clear(&f->text);
	if (json_decode(text, &f->text) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	return frequency_add(f, name, n, buf_str(&f->text), f->text.len, count,
	    why);
}

/* {"product": [texts], ...}: every text once. The whole is checked before
 * anything is counted, so that a reject counts nothing. */
static int
take_groups(struct frequency *f, struct json_val groups,
    const struct record *rec, struct emit *emit, struct fail *why)
{
	struct json_iter it = json_iter(groups), in;
	struct buf name = BUF_INIT(BUF_LINE);
	int r = json_type(groups) == JSON_OBJECT ? 0 : -1;

	while (r == 0 && json_next(&it)) {
		r = json_type(it.val) == JSON_ARRAY ? 0 : -1;
		for (in = json_iter(it.val); r == 0 && json_next(&in);)
			r = json_type(in.val) == JSON_STRING ? 0 : -1;
	}
	if (r < 0)
		return filter_reject(emit, rec, groups.p, "groups",
		    "\"groups\" is no object of lists of texts");
	for (it = json_iter(groups); r == 0 && json_next(&it);) {
		buf_clear(&name);
		json_decode(it.key, &name);
		if (!group(f, buf_str(&name), name.len, why))
			r = -1;
		for (in = json_iter(it.val); r == 0 && json_next(&in);)
			r = add(f, buf_str(&name), name.len, in.val, 1, why);
	}
	buf_free(&name);
	if (r < 0)
		return -1;
	f->records++;
	return FILTER_USED;
}

/* A count's group and text. False where it has neither. */
static bool
find_text(struct json_val row, struct json_val *name, struct json_val *text)
{
	static const struct json_val product = { "\"product\"", 9 },
	    issue = { "\"issue\"", 7 };

	if (json_get(row, "product", text))
		*name = product;
	else if (json_get(row, "issue", text))
		*name = issue;
	else if (!json_get(row, "text", text) ||
	    !json_get(row, "group", name) || json_type(*name) != JSON_STRING)
		return false;
	return json_type(*text) == JSON_STRING || json_type(*text) == JSON_NULL;
}

int
frequency_row(struct report *r, const struct record *rec, struct emit *emit,
    struct fail *why)
{
	struct frequency *f = &r->frequency;
	struct buf decoded = BUF_INIT(BUF_LINE);
	struct json_val v, name, text;
	int64_t n;
	int bad;

	if (json_get(rec->val, "groups", &v))
		return take_groups(f, v, rec, emit, why);
	if (!json_get(rec->val, "count", &v) || !find_text(rec->val, &name,
	    &text))
		return filter_reject(emit, rec, NULL, "no-groups", "neither "
		    "\"groups\" nor a count of a product or an issue");
	if (!json_int(v, &n) || n < 0)
		return filter_reject(emit, rec, v.p, "count",
		    "\"count\" is no whole number: %.*s",
		    (int)(v.n < 40 ? v.n : 40), v.p);
	f->counts = true;
	if (json_type(text) == JSON_NULL)
		return FILTER_DROPPED;
	json_decode(name, &decoded);
	bad = add(f, buf_str(&decoded), decoded.len, text, (uint64_t)n, why);
	buf_free(&decoded);
	return bad < 0 ? -1 : FILTER_USED;
}

/* ---- in order ---- */

/* By falling count, then code points. */
static int
by_count(const void *x, const void *y)
{
	const struct frequency_line *a = x, *b = y;

	if (a->n != b->n)
		return a->n < b->n ? 1 : -1;
	return map_key_cmp(a->key, b->key);
}

/* A tally's lines; the caller frees them. */
static struct frequency_line *
sorted(const struct tally *t, struct fail *why)
{
	struct frequency_line *lines = calloc(t->keys.n + 1, sizeof *lines);
	uint32_t i;

	if (!lines) {
		fail(why, EXIT_MACHINE, "out of memory");
		return NULL;
	}
	for (i = 0; i < t->keys.n; i++) {
		lines[i].key = &t->keys.keys[i];
		lines[i].n = t->count[i];
	}
	qsort(lines, t->keys.n, sizeof *lines, by_count);
	return lines;
}

static int
by_name(const void *x, const void *y)
{
	const struct frequency_line *a = x, *b = y;

	return map_key_cmp(a->key, b->key);
}

/* Calls one() with the lines of a group, those that --top leaves. */
static int
give(struct report *r, frequency_group *one, void *ctx,
    const struct map_key *name, const struct tally *t, struct fail *why)
{
	struct frequency_line *lines = sorted(t, why);
	uint32_t n = t->keys.n < r->o->top ? t->keys.n : r->o->top;
	int bad = lines ? one(r, ctx, name, lines, n, why) : -1;

	free(lines);
	return bad;
}

int
frequency_each(struct report *r, frequency_group *one, void *ctx,
    struct fail *why)
{
	struct frequency *f = &r->frequency;
	struct frequency_line *order;
	uint32_t i, others = 0;
	int bad = 0;

	if (!group(f, "product", 7, why) || !group(f, "issue", 5, why))
		return -1;
	order = calloc(f->groups.n, sizeof *order);
	if (!order)
		return fail(why, EXIT_MACHINE, "out of memory");
	order[0].n = map_find(&f->groups, "product", 7);
	order[1].n = map_find(&f->groups, "issue", 5);
	for (i = 0; i < f->groups.n; i++)
		if (i != order[0].n && i != order[1].n)
			order[2 + others++].n = i;
	for (i = 0; i < f->groups.n; i++)
		order[i].key = &f->groups.keys[order[i].n];
	qsort(order + 2, others, sizeof *order, by_name);
	for (i = 0; i < f->groups.n && bad == 0; i++)
		bad = give(r, one, ctx, order[i].key, &f->tally[order[i].n],
		    why);
	free(order);
	return bad;
}

/* ---- JSON ---- */

double
frequency_total(const struct report *r)
{
	return r->o->processed >= 0 ? (double)r->o->processed :
	    r->frequency.counts ? NAN : (double)r->frequency.records;
}

static void
plural(struct buf *b, const struct map_key *name)
{
	buf_add(b, name->p, name->len);
	buf_putc(b, 's');
}

static void
put_plural(struct report *r, struct buf *b, const struct map_key *name)
{
	struct buf *text = &r->frequency.text;

	buf_clear(text);
	plural(text, name);
	json_sep(b);
	json_str(b, buf_str(text), text->len);
	buf_str_add(b, ":{");
}

static int
json_group(struct report *r, void *ctx, const struct map_key *name,
    const struct frequency_line *lines, uint32_t n, struct fail *why)
{
	struct buf *b = ctx;
	uint32_t i;

	(void)why;
	put_plural(r, b, name);
	for (i = 0; i < n; i++) {
		json_sep(b);
		json_str(b, lines[i].key->p, lines[i].key->len);
		buf_putc(b, ':');
		json_uint(b, lines[i].n);
	}
	buf_putc(b, '}');
	return 0;
}

/* The same as shares of all interactions, with their intervals. */
static int
json_shares(struct report *r, void *ctx, const struct map_key *name,
    const struct frequency_line *lines, uint32_t n, struct fail *why)
{
	double total = frequency_total(r);
	struct buf *b = ctx;
	struct figure f;
	uint32_t i;

	(void)why;
	put_plural(r, b, name);
	for (i = 0; i < n; i++) {
		figure_share(&f, NULL, NULL, (double)lines[i].n, total, NULL);
		json_sep(b);
		json_str(b, lines[i].key->p, lines[i].key->len);
		buf_putc(b, ':');
		figure_object(b, &f);
	}
	buf_putc(b, '}');
	return 0;
}

static int
frequency_json(struct report *r, struct emit *emit, struct fail *why)
{
	struct buf *b = &emit->out;

	buf_putc(b, '{');
	if (frequency_each(r, json_group, b, why) < 0)
		return -1;
	json_key(b, "total_interactions_processed");
	json_num(b, frequency_total(r));
	if (r->o->intervals) {
		json_key(b, "shares");
		buf_putc(b, '{');
		if (frequency_each(r, json_shares, b, why) < 0)
			return -1;
		buf_putc(b, '}');
	}
	buf_putc(b, '}');
	filter_line(emit);
	return 0;
}

/* ---- the table ---- */

static int
table_group(struct report *r, void *ctx, const struct map_key *name,
    const struct frequency_line *lines, uint32_t n, struct fail *why)
{
	double total = frequency_total(r);
	struct figure f;
	uint32_t i;

	(void)why;
	for (i = 0; i < n; i++) {
		table_text(ctx, name->p, name->len);
		table_text(ctx, lines[i].key->p, lines[i].key->len);
		table_num(ctx, (double)lines[i].n);
		if (!r->full)
			continue;
		figure_share(&f, NULL, NULL, (double)lines[i].n, total, NULL);
		figure_cells(ctx, &f);
		table_num(ctx, f.n);
	}
	return 0;
}

static int
frequency_table(struct report *r, struct table *t, struct fail *why)
{
	table_column(t, "group", TABLE_TEXT);
	table_column(t, "text", TABLE_TEXT);
	table_column(t, "count", TABLE_BAR);
	if (r->full) {
		figure_columns(t, "share");
		table_column(t, "of", TABLE_NUMBER);
	}
	return frequency_each(r, table_group, t, why);
}

/* ---- the sentence ---- */

/* Who is named most: one, two, or one of several that are alike; of all there
 * are, whatever --top leaves of them. */
static void
put_leaders(struct buf *b, const struct frequency *f,
    const struct map_key *name, const struct frequency_line *lines,
    uint32_t n)
{
	const struct tally *t = &f->tally[map_find(&f->groups, name->p,
	    name->len)];
	uint32_t alike = 0, i;

	for (i = 0; i < t->keys.n; i++)
		alike += t->count[i] == lines[0].n;
	if (t->keys.n > 1) {
		buf_str_add(b, "Of ");
		lead_count(b, t->keys.n);
		buf_putc(b, ' ');
		plural(b, name);
		buf_str_add(b, ", ");
	}
	buf_add(b, lines[0].key->p, lines[0].key->len);
	if (alike == 2 && n > 1) {
		buf_str_add(b, " and ");
		buf_add(b, lines[1].key->p, lines[1].key->len);
	} else if (alike > 1) {
		buf_str_add(b, " and ");
		lead_count(b, alike - 1);
		buf_str_add(b, alike == 2 ? " other" : " others");
	}
	if (t->keys.n == 1) {
		buf_str_add(b, " is the only ");
		buf_add(b, name->p, name->len);
		buf_str_add(b, " named: ");
	} else {
		buf_str_add(b, alike == 1 ? " is named most: " :
		    " are named most: each ");
	}
}

static int
lead_group(struct report *r, void *ctx, const struct map_key *name,
    const struct frequency_line *lines, uint32_t n, struct fail *why)
{
	double total = frequency_total(r);
	struct buf *b = ctx;
	struct figure f;

	(void)why;
	if (n == 0 || lines[0].n == 0)
		return 0;
	figure_share(&f, NULL, NULL, (double)lines[0].n, total, NULL);
	if (b->len && b->p[b->len - 1] == '.')
		buf_putc(b, ' ');
	put_leaders(b, &r->frequency, name, lines, n);
	if (total > 0) {
		buf_str_add(b, "in ");
		lead_percent(b, f.v);
		buf_str_add(b, " of interactions");
		lead_rests(b, (double)lines[0].n, total, f.low, f.high);
	} else {
		lead_count(b, (double)lines[0].n);
		buf_str_add(b, lines[0].n == 1 ? " time" : " times");
	}
	buf_putc(b, '.');
	return 0;
}

static int
frequency_lead(struct report *r, struct buf *b, struct fail *why)
{
	size_t at = b->len;

	if (frequency_each(r, lead_group, b, why) < 0)
		return -1;
	if (b->len == at)
		buf_str_add(b, "Nothing was named.");
	return 0;
}

/* ---- as data for a page ---- */

#define CHART_MOST 15           /* bars of a group on a page */

static int
chart_group(struct report *r, void *ctx, const struct map_key *name,
    const struct frequency_line *lines, uint32_t n, struct fail *why)
{
	double total = frequency_total(r);
	struct buf *b = ctx;
	struct figure f;
	uint32_t i;

	(void)why;
	if (n == 0)
		return 0;
	json_sep(b);
	buf_putc(b, '{');
	json_key(b, "name");
	json_str(b, name->p, name->len);
	json_key(b, "all");
	json_uint(b, n);
	json_key(b, "bars");
	buf_putc(b, '[');
	for (i = 0; i < n && i < CHART_MOST; i++) {
		figure_share(&f, NULL, NULL, (double)lines[i].n, total, NULL);
		json_sep(b);
		buf_putc(b, '{');
		json_key(b, "name");
		json_str(b, lines[i].key->p, lines[i].key->len);
		json_key(b, "n");
		json_uint(b, lines[i].n);
		figure_members(b, "share", &f);
		buf_putc(b, '}');
	}
	buf_str_add(b, "]}");
	return 0;
}

static int
frequency_chart(struct report *r, struct buf *b, struct fail *why)
{
	buf_str_add(b, "{\"type\":\"bars\",\"of\":");
	json_num(b, frequency_total(r));
	buf_str_add(b, ",\"groups\":[");
	if (frequency_each(r, chart_group, b, why) < 0)
		return -1;
	buf_str_add(b, "]}");
	return 0;
}

/* ---- the picture ---- */

#define TITLE "Entity Frequency"

/* As many bars of each group as the page holds. */
struct picture {
	struct bar bar[BARS_MOST];
	size_t n, most, left_out;       /* most: bars of a group */
	int groups;
	const char *heading[BARS_MOST];
	struct buf text;        /* headings, each ended by NUL */
	size_t at[BARS_MOST];
};

static int
picture_group(struct report *r, void *ctx, const struct map_key *name,
    const struct frequency_line *lines, uint32_t n, struct fail *why)
{
	struct picture *p = ctx;
	uint32_t i;

	(void)r;
	(void)why;
	p->left_out += n;
	if (n == 0 || p->n == BARS_MOST)
		return 0;
	p->at[p->groups] = p->text.len;
	buf_add(&p->text, name->p, name->len);
	buf_add(&p->text, "s", 2);
	for (i = 0; i < n && i < p->most && p->n < BARS_MOST; i++) {
		struct bar *bar = &p->bar[p->n++];

		bar->name = lines[i].key->p;
		bar->n = lines[i].key->len;
		bar->value = (double)lines[i].n;
		bar->group = p->groups;
		p->left_out--;
	}
	p->groups++;
	return 0;
}

static int
draw(struct report *r, struct picture *p, enum plot_form form,
    struct buf *b, struct fail *why)
{
	struct buf script = BUF_INIT(BUF_DOC), said = BUF_INIT(BUF_DOC),
	    more = BUF_INIT(BUF_DOC), lines = BUF_INIT(BUF_DOC);
	struct plot_page page;
	struct bars c;
	int i, bad;

	for (i = 0; i < p->groups; i++)
		p->heading[i] = p->text.p + p->at[i];
	bad = frequency_lead(r, &said, why);
	buf_add(&more, said.p, said.len);
	if (p->left_out)
		buf_addf(&more, " %zu more are not shown.", p->left_out);
	memset(&c, 0, sizeof c);
	c.title = r->o->title ? r->o->title : TITLE;
	picture_lines(&lines, buf_str(&more), c.subtitle, COUNT(c.subtitle));
	c.heading = p->heading;
	c.nbars = p->n;
	c.bar = p->bar;
	bars_script(&script, &c);
	page = picture_page(10, bars_height(&c), c.title, buf_str(&more));
	if (!bad && (more.err || lines.err))
		bad = fail(why, EXIT_MACHINE, "out of memory");
	if (!bad)
		bad = plot_run(b, &script, &page, form, why);
	buf_free(&said);
	buf_free(&more);
	buf_free(&lines);
	buf_free(&script);
	return bad;
}

static int
frequency_picture(struct report *r, enum plot_form form, struct buf *b,
    struct fail *why)
{
	struct buf text = BUF_INIT(BUF_LINE);
	struct picture *p = calloc(1, sizeof *p);
	int bad;

	if (!p)
		return fail(why, EXIT_MACHINE, "out of memory");
	p->text = text;
	p->most = BARS_MOST / 2;
	bad = frequency_each(r, picture_group, p, why);
	if (!bad && p->text.err)
		bad = fail(why, EXIT_MACHINE, "out of memory");
	if (!bad)
		bad = draw(r, p, form, b, why);
	buf_free(&p->text);
	free(p);
	return bad;
}

const struct subject subject_frequency = {
	.name = "frequency", .title = TITLE, .usual = FORM_JSON,
	.forms = FORMS_TABLE | FORMS_PICTURE | 1 << FORM_PROM,
	.row = frequency_row, .lead = frequency_lead,
	.table = frequency_table, .json = frequency_json,
	.picture = frequency_picture, .chart = frequency_chart,
};
