/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart.c -- the picture of the trend: a line for each product. */
#include "trend.h"
#include "base/msg.h"
#include "out/trend.h"

#define DAYS_MOST 36600         /* a hundred years */

static int
by_total(const void *x, const void *y)
{
	const struct named *a = x, *b = y;

	if (a->total != b->total)
		return a->total < b->total ? 1 : -1;
	return map_key_cmp(a->key, b->key);
}

/* What a picture shows: every name where they are few enough, else those
 * mentioned most, and the rest in one. */
struct lines {
	struct trend_series series[TREND_MOST];
	size_t n;
	size_t others;
	char others_name[32];
	double *y;              /* owned: n times days */
	int32_t first;
	size_t days;
};

static void
choose(struct lines *l, const struct trend *t, struct named *v, size_t *at)
{
	size_t i, own;

	qsort(v, t->names.n, sizeof *v, by_total);
	l->n = t->names.n <= TREND_MOST ? t->names.n : TREND_MOST;
	own = t->names.n <= TREND_MOST ? l->n : TREND_MOST - 1;
	l->others = t->names.n - own;
	for (i = 0; i < t->names.n; i++)
		at[v[i].name] = i < own ? i : own;
	for (i = 0; i < own; i++) {
		l->series[i].name = v[i].key->p;
		l->series[i].n = v[i].key->len;
	}
	if (l->others) {
		snprintf(l->others_name, sizeof l->others_name, "%zu others",
		    l->others);
		l->series[own].name = l->others_name;
		l->series[own].n = strlen(l->others_name);
	}
}

static int
fill(struct lines *l, struct trend *t, struct fail *why)
{
	struct named *v = trend_order(t, why), *ranked = NULL;
	size_t *at = calloc(t->names.n + 1, sizeof *at), i;
	uint32_t last = t->keys.n;

	memset(l, 0, sizeof *l);
	if (v && last) {
		l->first = t->points[0].day;
		l->days = (size_t)(t->points[last - 1].day - l->first) + 1;
	}
	if (v && l->days > DAYS_MOST) {
		free(v);
		free(at);
		return fail(why, EXIT_DATA, "from the first day to the last are "
		    "%zu, more than a picture shows", l->days);
	}
	if (v && at) {
		/* names are places in v's order from here on */
		for (i = 0; i < t->names.n; i++)
			v[i].name = (uint32_t)i;
		ranked = v;
		choose(l, t, ranked, at);
		l->y = calloc(l->n * l->days + 1, sizeof *l->y);
	}
	for (i = 0; l->y && i < last; i++)
		l->y[at[t->points[i].name] * l->days +
		    (size_t)(t->points[i].day - l->first)] += t->points[i].n;
	for (i = 0; l->y && i < l->n; i++)
		l->series[i].y = l->y + i * l->days;
	free(v);
	free(at);
	return l->y ? 0 : fail(why, EXIT_MACHINE, "out of memory");
}

static void
put_subtitle(struct buf *b, const struct trend *t, const struct lines *l)
{
	char from[TIME_MAX], to[TIME_MAX];
	double total = 0;
	uint32_t i;

	for (i = 0; i < t->keys.n; i++)
		total += t->points[i].n;
	if (!l->days) {
		buf_str_add(b, "no mentions");
		return;
	}
	buf_addf(b, "%.15g mentions of %lu product%s, %s to %s", total,
	    (unsigned long)t->names.n, t->names.n == 1 ? "" : "s",
	    trend_day(from, l->first),
	    trend_day(to, l->first + (int32_t)l->days - 1));
}

/* The same, and who leads, for those who cannot see it. */
static void
put_desc(struct buf *b, const struct trend *t, const struct lines *l)
{
	double sum;
	size_t i, k;

	put_subtitle(b, t, l);
	for (k = 0; k < l->n; k++) {
		for (i = 0, sum = 0; i < l->days; i++)
			sum += l->series[k].y[i];
		buf_str_add(b, k ? ", " : ". In all: ");
		buf_add(b, l->series[k].name, l->series[k].n);
		buf_addf(b, " %.15g", sum);
	}
	buf_putc(b, '.');
}

/* Puts means of `per` days in the place of days. Returns how many there
 * are. */
static size_t
thin(struct lines *l, int32_t per)
{
	int32_t last = (int32_t)l->days - 1, day, from;
	size_t n = 0, k;
	double sum;

	for (k = 0; k < l->n; k++) {
		double *y = l->y + k * l->days;

		sum = 0;
		n = 0;
		for (day = from = 0; day <= last; day++) {
			sum += y[day];
			if (!trend_mean_ends(from, day, last, per))
				continue;
			y[n++] = sum / (day - from + 1);
			from = day + 1;
			sum = 0;
		}
	}
	return n;
}

int
trend_picture(struct report *r, enum plot_form form, struct buf *b,
    struct fail *why)
{
	struct buf script = BUF_INIT(BUF_DOC), said = BUF_INIT(BUF_DOC),
	    lines = BUF_INIT(BUF_DOC), desc = BUF_INIT(BUF_DOC);
	struct trend_chart c;
	struct plot_page page;
	struct lines l;
	char unit[64];
	int32_t per;
	int bad;

	if (fill(&l, &r->trend, why) < 0)
		return -1;
	if (l.others)
		msg_note("the picture shows the %zu products mentioned most; "
		    "%zu others are added up", l.n - 1, l.others);
	bad = subject_trend.lead(r, &said, why);
	buf_addf(&desc, "%s ", buf_str(&said));
	put_desc(&desc, &r->trend, &l);
	memset(&c, 0, sizeof c);
	c.title = r->o->title ? r->o->title : TREND_TITLE;
	picture_lines(&lines, buf_str(&said), c.subtitle, COUNT(c.subtitle));
	per = trend_per((double)l.days);
	c.per = (size_t)per;
	c.points = thin(&l, per);
	snprintf(unit, sizeof unit, "mentions a day, means of %zu days",
	    c.per);
	c.y = c.per > 1 ? unit : "mentions a day";
	c.first = l.first * TREND_DAY;
	c.nseries = l.n;
	c.series = l.series;
	trend_script(&script, &c);
	page = picture_page(10, 6, c.title, buf_str(&desc));
	if (!bad && (said.err || lines.err || desc.err))
		bad = fail(why, EXIT_MACHINE, "out of memory");
	if (!bad)
		bad = plot_run(b, &script, &page, form, why);
	buf_free(&script);
	buf_free(&said);
	buf_free(&lines);
	buf_free(&desc);
	free(l.y);
	return bad;
}
