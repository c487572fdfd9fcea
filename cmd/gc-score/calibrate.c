/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibrate.c -- --calibrate: how scores held up against what happened.
 *
 *	brier, ece, bins   stat/calib.h; skill is 1 - brier/(p(1-p)), p the
 *	                   share of outcomes that are true: 0 is no better than
 *	                   saying p to everybody
 *	conformal          split-conformal half-width q (V. Vovk, A. Gammerman
 *	                   and G. Shafer, "Algorithmic learning in a random
 *	                   world", 2005; J. Lei, M. G'Sell, A. Rinaldo, R. J.
 *	                   Tibshirani and L. Wasserman, "Distribution-free
 *	                   predictive inference for regression", JASA 113,
 *	                   2018, theorem 2.2; A. N. Angelopoulos and S. Bates,
 *	                   "A gentle introduction to conformal prediction",
 *	                   2021, section 1): the
 *	                   ceil((n+1)(1-alpha))-th smallest |outcome - score|.
 *	                   An outcome to come lies within score -+ q with
 *	                   probability 1 - alpha at least, where contacts come
 *	                   as these did; that needs n >= 1/alpha - 1, and with
 *	                   fewer there is no such q, only null
 *
 * Outcomes ({"contactId","outcome": true, false, 1 or 0}) are held in memory,
 * scores pass by but for their residuals. */
#include "score.h"

#include "base/msg.h"
#include "json/key.h"
#include "json/write.h"
#include "stat/calib.h"
#include "stat/interval.h"

struct outcomes {
	struct map ids;
	unsigned char *of;      /* owned: bit 0 the outcome, bit 1 used */
	size_t cap;
	struct buf key;
	struct calib calib;
	double *residual;       /* owned */
	size_t n, nresidual;
	uint64_t right, unmatched, inside;
	double alpha;
};

enum { TRUE_BIT = 1, USED_BIT = 2 };

static int
on_outcome(void *ctx, const struct record *rec, struct fail *why)
{
	struct outcomes *u = ctx;
	struct json_val id, v;
	unsigned char *p;
	bool fresh, yes;
	uint32_t k;
	size_t cap;

	if (!json_get(rec->val, "contactId", &id) ||
	    json_type(id) != JSON_STRING ||
	    !json_get(rec->val, "outcome", &v))
		return fail(why, EXIT_DATA, "an outcome is {\"contactId\", "
		    "\"outcome\"}");
	yes = json_type(v) == JSON_TRUE;
	if (!yes && json_type(v) != JSON_FALSE) {
		if (json_double(v) != 0 && json_double(v) != 1)
			return fail(why, EXIT_DATA, "an outcome is true, "
			    "false, 1 or 0");
		yes = json_double(v) == 1;
	}
	buf_clear(&u->key);
	json_decode(id, &u->key);
	k = map_add(&u->ids, buf_str(&u->key), u->key.len, &fresh);
	if (k == MAP_NONE)
		return fail(why, EXIT_MACHINE, "out of memory");
	if (!fresh)
		return fail(why, EXIT_DATA, "a second outcome of the contact "
		    "%.*s", (int)(id.n > 80 ? 80 : id.n), id.p);
	if (k >= u->cap) {
		cap = u->cap ? 2 * u->cap : 1024;
		if (!(p = realloc(u->of, cap)))
			return fail(why, EXIT_MACHINE, "out of memory");
		u->of = p;
		u->cap = cap;
	}
	u->of[k] = yes ? TRUE_BIT : 0;
	return 0;
}

static int
add_residual(struct outcomes *u, double d, struct fail *why)
{
	size_t cap = u->nresidual ? 2 * u->nresidual : 1024;
	double *p;

	if (u->n == u->nresidual) {
		if (!(p = realloc(u->residual, cap * sizeof *p)))
			return fail(why, EXIT_MACHINE, "out of memory");
		u->residual = p;
		u->nresidual = cap;
	}
	u->residual[u->n++] = d;
	return 0;
}

static int
on_score(void *ctx, void *worker, const struct record *rec,
    struct emit *emit, struct fail *why)
{
	struct outcomes *u = ctx;
	struct json_val id, v;
	double score;
	uint32_t k;
	bool yes;

	(void)worker;
	if (!json_get(rec->val, "contactId", &id) ||
	    json_type(id) != JSON_STRING ||
	    !json_get(rec->val, "score", &v) ||
	    !((score = json_double(v)) >= 0 && score <= 1))
		return filter_reject(emit, rec, NULL, "not-a-score",
		    "no contactId and score within [0,1]");
	buf_clear(&u->key);
	json_decode(id, &u->key);
	k = map_find(&u->ids, buf_str(&u->key), u->key.len);
	if (k == MAP_NONE) {
		u->unmatched++;
		return FILTER_DROPPED;
	}
	if (u->of[k] & USED_BIT)
		return filter_reject(emit, rec, NULL, "doubled",
		    "a second score of the contact %.*s",
		    (int)(id.n > 80 ? 80 : id.n), id.p);
	u->of[k] |= USED_BIT;
	yes = u->of[k] & TRUE_BIT;
	u->right += yes;
	calib_add(&u->calib, score, yes);
	return add_residual(u, fabs((yes ? 1.0 : 0.0) - score), why) < 0 ?
	    -1 : FILTER_USED;
}

/* ---- the document ---- */

static int
by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
put_conformal(struct outcomes *u, struct buf *b)
{
	double needed = ceil(1 / u->alpha - 1e-9) - 1;
	double rank = ceil(((double)u->n + 1) * (1 - u->alpha) - 1e-9);

	buf_str_add(b, ",\"conformal\":{\"alpha\":");
	json_num(b, u->alpha);
	json_key(b, "n");
	json_uint(b, u->n);
	json_key(b, "needed");
	json_num(b, needed);
	json_key(b, "half_width");
	if ((double)u->n >= needed && rank >= 1 && rank <= (double)u->n) {
		qsort(u->residual, u->n, sizeof *u->residual, by_value);
		json_num(b, u->residual[(size_t)rank - 1]);
	} else {
		char text[120];

		buf_str_add(b, "null,\"reason\":");
		snprintf(text, sizeof text, "an interval that misses at most "
		    "%g of the time needs n >= %.0f", u->alpha, needed);
		json_cstr(b, text);
	}
	buf_putc(b, '}');
}

static void
put_bins(const struct outcomes *u, struct buf *b)
{
	const struct calib_bin *bin;
	struct interval in;
	int i;

	buf_str_add(b, ",\"bins\":[");
	for (i = 0; i < u->calib.nbins; i++) {
		bin = &u->calib.bins[i];
		in = interval_wilson((double)bin->right, (double)bin->n, 0.95);
		json_sep(b);
		buf_str_add(b, "{\"low\":");
		json_num(b, bin->low);
		json_key(b, "high");
		json_num(b, bin->high);
		json_key(b, "n");
		json_uint(b, bin->n);
		json_key(b, "score");
		json_num(b, calib_bin_confidence(bin));
		json_key(b, "outcome");
		json_num(b, calib_bin_accuracy(bin));
		json_key(b, "interval");
		buf_putc(b, '[');
		json_num(b, in.low);
		buf_putc(b, ',');
		json_num(b, in.high);
		buf_str_add(b, "]}");
	}
	buf_putc(b, ']');
}

static int
on_end(void *ctx, struct emit *emit, struct fail *why)
{
	struct outcomes *u = ctx;
	struct buf *b = &emit->out;
	double p = (double)u->right / (double)u->n;
	double brier = calib_brier(&u->calib);

	(void)why;
	buf_str_add(b, "{\"kind\":\"calibration\"");
	json_key(b, "n");
	json_uint(b, u->n);
	json_key(b, "without_outcome");
	json_uint(b, u->unmatched);
	json_key(b, "without_score");
	json_uint(b, u->ids.n - u->n);
	json_key(b, "prevalence");
	json_num(b, p);
	json_key(b, "brier");
	json_num(b, brier);
	json_key(b, "skill");
	json_num(b, p > 0 && p < 1 ? 1 - brier / (p * (1 - p)) : NAN);
	json_key(b, "ece");
	json_num(b, calib_ece(&u->calib));
	json_key(b, "mce");
	json_num(b, calib_mce(&u->calib));
	put_bins(u, b);
	put_conformal(u, b);
	buf_putc(b, '}');
	filter_line(emit);
	return 0;
}

int
score_calibrate(const struct score_opts *o, char **files, int nfiles)
{
	struct outcomes u = { .ids = MAP_INIT, .key = BUF_INIT(BUF_RECORD),
	    .alpha = o->alpha };
	struct filter_opts single = o->filter;
	struct filter filter = { .opts = &single, .ctx = &u,
	    .record = on_score, .end = on_end, .files = files,
	    .nfiles = nfiles };
	struct fail why;
	int code;

	single.jobs = 1;
	if (calib_init(&u.calib, (int)o->bins, &why) < 0 ||
	    filter_each(o->calibrate, on_outcome, &u, &why) < 0)
		code = msg_fail(&why);
	else
		code = filter_run(&filter);
	calib_free(&u.calib);
	map_free(&u.ids);
	free(u.of);
	free(u.residual);
	buf_free(&u.key);
	return code;
}
