/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "drift.h"
#include "json/write.h"

/* One category's line of the table, on its way to being sorted. */
struct line {
	struct moved m;
	double p;               /* adjusted over the categories */
	uint32_t at;            /* in the table */
};

/* Most certainly moved first; then in code-point order. */
static int
by_residual(const void *x, const void *y)
{
	const struct line *a = x, *b = y;
	double za = isnan(a->m.z) ? -1 : fabs(a->m.z);
	double zb = isnan(b->m.z) ? -1 : fabs(b->m.z);

	if (za != zb)
		return za < zb ? 1 : -1;
	return (a->at > b->at) - (a->at < b->at);
}

static const char *
status(const struct line *l, double alpha)
{
	if (l->m.status == MOVED_NEW)
		return "new";
	if (l->m.status == MOVED_GONE)
		return "vanished";
	if (!(l->p <= alpha))
		return "same";
	return l->m.z > 0 ? "up" : "down";
}

static void
member(struct buf *b, const char *name, double v)
{
	json_key(b, name);
	json_num(b, v);
}

static void
write_line(struct buf *b, const struct line *l, const struct table *t,
    double alpha)
{
	const struct map_key *k = t->names.keys.keys + t->order[l->at];

	json_sep(b);
	buf_putc(b, '{');
	json_key(b, "category");
	key_write(b, k->p, k->len);
	member(b, "baseline", l->m.baseline);
	member(b, "current", l->m.current);
	member(b, "difference", l->m.difference);
	member(b, "low", l->m.interval.low);
	member(b, "high", l->m.interval.high);
	member(b, "residual", l->m.residual);
	member(b, "z", l->m.z);
	member(b, "p_value", l->m.p);
	member(b, "p_adjusted", l->p);
	json_key(b, "baseline_count");
	json_uint(b, t->a[l->at]);
	json_key(b, "current_count");
	json_uint(b, t->b[l->at]);
	json_key(b, "status");
	json_cstr(b, status(l, alpha));
	buf_putc(b, '}');
}

static int
write_categories(struct buf *b, const struct table *t,
    const struct settings *s, struct fail *why)
{
	size_t n = t->pair.k, i;
	struct line *lines = malloc((n + 1) * sizeof *lines);
	double *p = malloc((n + 1) * sizeof *p);
	int r = -1;

	if (!lines || !p) {
		fail_errno(why, "%zu categories", n);
		goto out;
	}
	for (i = 0; i < n; i++) {
		moved_category(&lines[i].m, &t->pair, i, s->level);
		lines[i].at = (uint32_t)i;
		p[i] = lines[i].m.p;
	}
	if (adjust(p, n, s->adjust, why) < 0)
		goto out;
	for (i = 0; i < n; i++)
		lines[i].p = p[i];
	qsort(lines, n, sizeof *lines, by_residual);
	json_key(b, "categories");
	buf_putc(b, '[');
	for (i = 0; i < n; i++)
		write_line(b, lines + i, t, s->alpha);
	buf_putc(b, ']');
	r = 0;
out:
	free(lines);
	free(p);
	return r;
}

static void
write_test(struct buf *b, const struct answer *a)
{
	json_key(b, "test");
	json_cstr(b, test_name[a->test]);
	member(b, "statistic", a->gof.statistic);
	member(b, "df", a->gof.df);
	member(b, "p_value", a->gof.p);
	member(b, "log10_p", a->gof.log10_p);
	if (!isnan(a->p_adjusted))
		member(b, "p_adjusted", a->p_adjusted);
	if (a->test == TEST_KS && !isnan(a->ks.p_ties))
		member(b, "p_value_ties", a->ks.p_ties);
	if (!isnan(a->p_error)) {
		member(b, "p_error", a->p_error);
		json_key(b, "rounds");
		json_uint(b, a->rounds);
	}
}

static void
write_effects(struct buf *b, const struct answer *a, const struct settings *s)
{
	json_key(b, "effect");
	buf_putc(b, '{');
	member(b, "cramers_v", a->cramers_v);
	json_key(b, "cramers_v_interval");
	if (isnan(a->v.low)) {
		buf_str_add(b, "null");
	} else {
		buf_putc(b, '[');
		json_num(b, a->v.low);
		buf_putc(b, ',');
		json_num(b, a->v.high);
		buf_putc(b, ']');
	}
	member(b, "tvd", a->tvd);
	member(b, "hellinger", a->hellinger);
	if (a->test == TEST_KS) {
		member(b, "ks", a->ks.statistic);
		member(b, "wasserstein", a->ks.wasserstein);
		member(b, "cvm", a->ks.cvm);
		member(b, "cvm_p_value", a->ks.cvm_p);
	}
	buf_putc(b, '}');
	member(b, "min_effect", s->min_effect);
	member(b, "psi", a->psi);
	member(b, "js_divergence", a->js);
	json_key(b, "expected");
	buf_putc(b, '{');
	member(b, "min", a->gof.min_expected);
	json_key(b, "below_5");
	json_uint(b, a->gof.below_5);
	json_key(b, "cells");
	json_uint(b, a->gof.cells);
	buf_putc(b, '}');
	json_key(b, "detectable");
	buf_putc(b, '{');
	member(b, "power", s->power);
	member(b, "cramers_v", a->seen_v);
	member(b, "share", a->seen_share);
	if (a->test == TEST_KS)
		member(b, "ks", a->seen_ks);
	buf_putc(b, '}');
}

/* How far the quantiles of a number moved, and where D is reached. */
static void
write_quantiles(struct buf *b, const struct answer *a, const struct table *t)
{
	static const double q[] = { 0, 0.05, 0.25, 0.5, 0.75, 0.95, 1 };
	double x, y;
	size_t i;

	member(b, "at", a->ks.at);
	json_key(b, "quantiles");
	buf_putc(b, '[');
	for (i = 0; i < COUNT(q); i++) {
		x = ks_quantile(t->values, t->nvalues, false, q[i]);
		y = ks_quantile(t->values, t->nvalues, true, q[i]);
		json_sep(b);
		buf_putc(b, '{');
		member(b, "q", q[i]);
		member(b, "baseline", x);
		member(b, "current", y);
		member(b, "difference", y - x);
		buf_putc(b, '}');
	}
	buf_str_add(b, "],\"categories\":[]");
}

int
document_write(struct buf *b, const struct answer *a, const struct table *t,
    const struct settings *s, const struct map_key *group,
    const uint64_t missing[2], struct fail *why)
{
	static const char *const verdict[] = {
		"no drift", "drift", "insufficient"
	};
	int i;

	buf_str_add(b, "{\"kind\":\"drift\"");
	if (group) {
		json_key(b, "group");
		key_write(b, group->p, group->len);
	}
	if (s->said && s->said->len) {
		buf_putc(b, ',');
		buf_add(b, s->said->p, s->said->len);
	}
	write_test(b, a);
	member(b, "alpha", s->alpha);
	json_key(b, "n_baseline");
	json_uint(b, t->pair.na);
	json_key(b, "n_current");
	json_uint(b, t->pair.nb);
	json_key(b, "verdict");
	json_cstr(b, verdict[a->verdict]);
	json_key(b, "drifted");
	json_bool(b, a->verdict == VERDICT_DRIFT);
	write_effects(b, a, s);
	member(b, "level", s->level);
	if (a->test == TEST_KS)
		write_quantiles(b, a, t);
	else if (write_categories(b, t, s, why) < 0)
		return -1;
	json_key(b, "missing");
	buf_putc(b, '{');
	json_key(b, "baseline");
	json_uint(b, missing[0]);
	json_key(b, "current");
	json_uint(b, missing[1]);
	buf_putc(b, '}');
	json_key(b, "warnings");
	buf_putc(b, '[');
	for (i = 0; i < a->nwarnings; i++) {
		json_sep(b);
		json_cstr(b, a->warning[i]);
	}
	buf_str_add(b, "]}");
	return 0;
}
