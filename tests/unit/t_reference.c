/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What other people's programs, and 25 digits of arithmetic, say about the
 * same numbers: the reference files of the test data. */
#include "stat/calib.h"
#include "stat/confusion.h"
#include "stat/dist.h"
#include "stat/distance.h"
#include "stat/gof.h"
#include "stat/moved.h"
#include "stat/resample.h"
#include "base/map.h"
#include "json/scan.h"
#include "near.h"

#define CELLS_MAX 4096

static struct buf text;

/* Reads a file of the test data; skips the test where it is not there. */
static void
load_text(const char *name)
{
	const char *path = test_data(name);
	int fd;

	if (!path) {
		print_message("# no test data: %s\n", name);
		skip();
	}
	buf_free(&text);
	text = (struct buf)BUF_INIT(BUF_DOC);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(buf_read_fd(&text, fd), 0);
	close(fd);
}

static struct json_val
load(const char *name)
{
	struct json_val v;

	load_text(name);
	assert_int_equal(json_check(text.p, text.len, &v, NULL), 0);
	return v;
}

/* The value at a path of names, "gof.chisquare.mp". */
static bool
find(struct json_val v, const char *path, struct json_val *out)
{
	size_t n;

	for (;; path += n + 1) {
		n = strcspn(path, ".");
		if (!json_get_n(v, path, n, &v))
			return false;
		if (path[n] == '\0')
			break;
	}
	*out = v;
	return json_type(v) != JSON_NULL;
}

/* A number, spelled as one or as a string of digits. */
static double
number(struct json_val v)
{
	char s[64];

	if (json_type(v) == JSON_NUMBER)
		return json_double(v);
	assert_true(json_type(v) == JSON_STRING && v.n - 2 < sizeof s);
	memcpy(s, v.p + 1, v.n - 2);
	s[v.n - 2] = '\0';
	return strtod(s, NULL);
}

static double
number_at(struct json_val v, const char *path)
{
	struct json_val x;

	if (!find(v, path, &x))
		return NAN;
	return number(x);
}

static uint64_t *
counts(struct json_val v, const char *name, size_t *k)
{
	struct json_val list;
	struct json_iter it;
	uint64_t *n = calloc(CELLS_MAX, sizeof *n);
	int64_t i;

	assert_non_null(n);
	assert_true(find(v, name, &list));
	*k = 0;
	for (it = json_iter(list); json_next(&it);) {
		assert_true(json_int(it.val, &i) && *k < CELLS_MAX);
		n[(*k)++] = (uint64_t)i;
	}
	return n;
}

/* Statistic and p against the mp values; a p that no double holds, or that
 * is subnormal, by its logarithm. */
static void
check_test(struct json_val c, const struct pair *p, const char *where,
    enum gof_null null, enum gof_kind kind)
{
	struct json_val ref, mp;
	struct gof g;
	double want;

	if (!find(c, where, &ref))
		return;
	gof_test(&g, p, null, kind);
	assert_true(g.df == number_at(ref, "df"));
	if (!find(ref, "mp", &mp)) {
		assert_int_equal(g.state, GOF_UNEXPECTED);
		return;
	}
	assert_near(g.statistic, number_at(mp, "statistic"), 1e-14);
	want = number_at(mp, "pvalue");
	assert_near(g.p, want, want < DBL_MIN ? 1e-9 : 1e-12);
	assert_near(g.log10_p, number_at(mp, "log10_pvalue"), 1e-13);
}

static void
check_distances(struct json_val c, const struct pair *p)
{
	struct json_val d;

	if (!find(c, "distances", &d))
		return;
	assert_near(distance_js(p), number_at(d, "js_divergence_nats"), 1e-14);
	assert_near(distance_tvd(p), number_at(d, "total_variation"), 1e-14);
	assert_near(distance_hellinger(p), number_at(d, "hellinger"), 1e-14);
	/* the reference counts categories that are empty on both sides */
	if (p->used == p->k)
		assert_near(distance_psi(p), number_at(d, "psi_add_half"),
		    1e-14);
	assert_near(gof_cramers_v(p), number_at(c, "homogeneity.cramers_v"),
	    1e-14);
}

/* Residuals, where the case lists its categories in order. */
static void
check_categories(struct json_val c, const struct pair *p)
{
	struct json_val list, names, x;
	struct json_iter it, name;
	struct moved m;
	size_t i = 0;

	if (!find(c, "per_category", &list))
		return;
	assert_true(find(c, "categories", &names));
	name = json_iter(names);
	for (it = json_iter(list); json_next(&it); i++) {
		assert_true(find(it.val, "category", &x));
		while (json_next(&name) && (name.val.n != x.n ||
		    memcmp(name.val.p, x.p, x.n) != 0))
			i++;
		moved_category(&m, p, i, 0.95);
		if (!find(it.val, "std_residual", &x))
			continue;
		assert_near(m.residual, number(x), 1e-12);
		assert_near(m.current, number_at(it.val, "share_current"),
		    1e-14);
		if (find(it.val, "z", &x)) {
			assert_near(m.z, number(x), 1e-12);
			assert_near(m.p, number_at(it.val, "pvalue"), 1e-9);
		}
	}
	assert_true(i == p->k);
}

/* Fisher's exact test, where the reference has it. */
static void
check_exact(struct json_val c, const struct pair *p)
{
	double want = number_at(c, "homogeneity.fisher_exact_two_sided");
	double got, log10_p;

	if (isnan(want))
		return;
	assert_int_equal(resample_exact(&got, &log10_p, p, NULL), 0);
	assert_near(got, want, 1e-9);
}

static void
drift_cases(void **state)
{
	struct json_val doc = load("drift/reference.json"), cases;
	struct json_iter it;
	struct pair p;
	size_t k, k2, n = 0;

	(void)state;
	assert_true(find(doc, "cases", &cases));
	for (it = json_iter(cases); json_next(&it); n++) {
		uint64_t *a = counts(it.val, "baseline", &k);
		uint64_t *b = counts(it.val, "current", &k2);

		assert_true(k == k2);
		assert_int_equal(pair_init(&p, a, b, k, NULL), 0);
		check_test(it.val, &p, "homogeneity.chi2", GOF_HOMOGENEITY,
		    GOF_CHISQ);
		check_test(it.val, &p, "homogeneity.gtest", GOF_HOMOGENEITY,
		    GOF_G);
		check_test(it.val, &p, "gof.chisquare", GOF_FIT, GOF_CHISQ);
		check_test(it.val, &p, "gof.gtest", GOF_FIT, GOF_G);
		check_distances(it.val, &p);
		check_categories(it.val, &p);
		check_exact(it.val, &p);
		free(a);
		free(b);
	}
	assert_true(n >= 20);
}

/* Near 1 the reference itself runs out of its 60 digits: a logarithm below
 * 1e-40 is only asked to be as small. */
static void
chisq_grid(void **state)
{
	struct json_val doc = load("drift/reference.json"), grid;
	struct json_iter it;
	size_t n = 0;

	(void)state;
	assert_true(find(doc, "chi2_sf_grid", &grid));
	for (it = json_iter(grid); json_next(&it); n++) {
		struct tail t = dist_chisq(number_at(it.val, "x"),
		    number_at(it.val, "df"));
		double p = number_at(it.val, "sf_mp");
		double log10_p = number_at(it.val, "log10_sf_mp");

		assert_near(t.p, p, p < DBL_MIN ? 1e-9 : 1e-12);
		if (fabs(log10_p) > 1e-40)
			assert_near(t.log10_p, log10_p, 1e-12);
		else
			assert_true(t.log10_p <= 0 && t.log10_p > -1e-39);
	}
	assert_true(n > 200);
}

static uint32_t
label_number(struct map *labels, struct json_val v)
{
	struct buf b = BUF_INIT(BUF_LINE);
	uint32_t i;

	assert_int_equal(json_decode(v, &b), 0);
	i = map_add(labels, b.p, b.len, NULL);
	buf_free(&b);
	return i;
}

/* Reads a matrix and its labels into cells; returns how many. */
static size_t
read_matrix(struct json_val labels, struct json_val matrix, struct map *names,
    struct cell *cells)
{
	struct json_iter row, col, it;
	uint32_t i = 0, j;
	int64_t n;
	size_t at = 0;

	for (it = json_iter(labels); json_next(&it);)
		label_number(names, it.val);
	for (row = json_iter(matrix); json_next(&row); i++) {
		j = 0;
		for (col = json_iter(row.val); json_next(&col); j++) {
			assert_true(json_int(col.val, &n));
			if (n == 0)
				continue;
			assert_true(at < CELLS_MAX);
			cells[at++] = (struct cell){ i, j, (uint64_t)n };
		}
	}
	return at;
}

/* The same from two lists of labels: a cell a record. */
static size_t
read_pairs(struct json_val c, struct map *names, struct cell *cells)
{
	struct json_val actual, predicted;
	struct json_iter a, b;
	size_t at = 0;

	assert_true(find(c, "y_true", &actual));
	assert_true(find(c, "y_pred", &predicted));
	b = json_iter(predicted);
	for (a = json_iter(actual); json_next(&a); at++) {
		assert_true(json_next(&b) && at < CELLS_MAX);
		cells[at].actual = label_number(names, a.val);
		cells[at].predicted = label_number(names, b.val);
		cells[at].n = 1;
	}
	return at;
}

/* NaN is 0 in scikit-learn's report. */
static void
check_prf(struct json_val report, const char *name, size_t n, struct prf v)
{
	struct json_val ref;

	assert_true(json_get_n(report, name, n, &ref));
	assert_near(isnan(v.precision) ? 0 : v.precision,
	    number_at(ref, "precision"), 1e-12);
	assert_near(isnan(v.recall) ? 0 : v.recall, number_at(ref, "recall"),
	    1e-12);
	assert_near(isnan(v.f1) ? 0 : v.f1, number_at(ref, "f1-score"),
	    1e-12);
}

/* A report with a "micro avg" is over some of the labels: no means then. */
static void
check_report(struct json_val report, const struct confusion *c,
    const struct map *names)
{
	struct json_val v;
	uint32_t i;

	for (i = 0; i < c->k; i++)
		if (json_get_n(report, names->keys[i].p, names->keys[i].len,
		    &v))
			check_prf(report, names->keys[i].p,
			    names->keys[i].len, confusion_label(c, i));
	if (find(report, "micro avg", &v))
		return;
	check_prf(report, "macro avg", 9, c->macro);
	check_prf(report, "weighted avg", 12, c->weighted);
}

static void
banking77(void **state)
{
	static struct cell cells[CELLS_MAX];
	struct json_val doc = load("banking77/reference.json"), labels, v;
	struct map names = MAP_INIT;
	struct confusion c;
	size_t n;

	(void)state;
	assert_true(find(doc, "confusion_matrix.labels", &labels));
	assert_true(find(doc, "confusion_matrix.matrix", &v));
	n = read_matrix(labels, v, &names, cells);
	assert_int_equal(confusion_init(&c, cells, n, names.n, NULL), 0);
	assert_true(c.n == 3080 && c.k == 77 && c.correct == 2743);
	assert_near(c.accuracy, number_at(doc, "accuracy.value"), 1e-15);
	assert_near(c.kappa, number_at(doc, "cohen_kappa"), 1e-15);
	assert_near(c.mcc, number_at(doc, "matthews_corrcoef_30digits"),
	    1e-15);
	assert_near(c.balanced_accuracy, number_at(doc, "balanced_accuracy"),
	    1e-14);
	assert_near(c.macro.f1, number_at(doc, "f1.macro"), 1e-14);
	assert_near(c.weighted.f1, number_at(doc, "f1.weighted"), 1e-14);
	assert_true(find(doc, "classification_report", &v));
	check_report(v, &c, &names);
	confusion_free(&c);
	map_free(&names);
}

/* Calibration of the real classifier, over all of its bin counts. */
static void
banking77_calibration(void **state)
{
	struct json_val doc, list, table;
	struct json_iter it, bin;
	static double conf[4096];
	static bool right[4096];
	struct calib c;
	size_t n = 0, i, runs = 0;
	const char *p, *end;

	(void)state;
	load_text("banking77/predictions.ndjson");
	for (p = text.p, end = p + text.len; p < end; p++) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		struct json_val rec, a, b;

		assert_int_equal(json_check(p, (size_t)(nl - p), &rec, NULL),
		    0);
		assert_true(find(rec, "actual_intent", &a) &&
		    find(rec, "predicted_intent", &b));
		right[n] = a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
		conf[n++] = number_at(rec, "confidence");
		p = nl;
	}
	assert_int_equal(n, 3080);
	doc = load("banking77/reference.json");
	assert_true(find(doc, "calibration", &list));
	for (it = json_iter(list); json_next(&it);) {
		struct json_val rule;

		assert_true(find(it.val, "convention", &rule));
		if (!json_is(rule, "(lo,hi]"))
			continue;
		assert_int_equal(calib_init(&c,
		    (int)number_at(it.val, "bins"), NULL), 0);
		for (i = 0; i < n; i++)
			calib_add(&c, conf[i], right[i]);
		assert_near(calib_ece(&c), number_at(it.val, "ece"), 1e-13);
		assert_near(calib_mce(&c), number_at(it.val, "mce"), 1e-13);
		assert_near(calib_brier(&c),
		    number_at(doc, "top_label_brier"), 1e-13);
		assert_true(find(it.val, "table", &table));
		i = 0;
		for (bin = json_iter(table); json_next(&bin); i++) {
			struct calib_bin *b = c.bins + i;

			assert_true((double)b->n ==
			    number_at(bin.val, "count"));
			assert_true((double)b->right ==
			    number_at(bin.val, "correct"));
			assert_near(calib_bin_confidence(b),
			    number_at(bin.val, "mean_confidence"), 1e-13);
		}
		assert_true(find(doc, "threshold_sweep", &table));
		i = 0;
		for (bin = json_iter(table); json_next(&bin); i++) {
			assert_true(calib_threshold[i] ==
			    number_at(bin.val, "confidence_ge"));
			assert_true((double)calib_kept(&c, (int)i).n ==
			    number_at(bin.val, "kept"));
			assert_true((double)calib_kept(&c, (int)i).right ==
			    number_at(bin.val, "correct"));
		}
		assert_int_equal(i, CALIB_THRESHOLDS);
		calib_free(&c);
		runs++;
	}
	assert_true(runs >= 2);
}

/* kappa and MCC of 0/0 are NaN and 0 in scikit-learn; here both are NaN. */
static void
check_scalar(struct json_val c, const char *name, double v, bool zero_is_nan)
{
	double want = number_at(c, name);

	if (zero_is_nan && want == 0 && isnan(v))
		return;
	assert_near(v, want, 1e-12);
}

static void
check_case_calibration(struct json_val c)
{
	struct json_val confs, cals, actual, predicted, rule, list;
	struct json_iter it, conf, idx, a, b;
	struct calib cal;

	if (!find(c, "confidence", &confs))
		return;
	assert_true(find(c, "calibration", &cals) &&
	    find(c, "y_true", &actual) && find(c, "y_pred", &predicted));
	for (it = json_iter(cals); json_next(&it);) {
		int bins = (int)number_at(it.val, "bins");

		assert_true(find(it.val, "convention", &rule));
		if (!json_is(rule, "(lo,hi]"))
			continue;
		assert_true(find(it.val, "bin_index", &list));
		assert_int_equal(calib_init(&cal, bins, NULL), 0);
		idx = json_iter(list);
		a = json_iter(actual);
		b = json_iter(predicted);
		for (conf = json_iter(confs); json_next(&conf);) {
			double x = json_double(conf.val);

			assert_true(json_next(&idx) && json_next(&a) &&
			    json_next(&b));
			assert_true(calib_bin(x, bins) ==
			    json_double(idx.val));
			calib_add(&cal, x, a.val.n == b.val.n &&
			    memcmp(a.val.p, b.val.p, a.val.n) == 0);
		}
		assert_near(calib_ece(&cal), number_at(it.val, "ece"), 1e-12);
		calib_free(&cal);
	}
}

static void
classification_cases(void **state)
{
	static struct cell cells[CELLS_MAX];
	struct json_val doc = load("stats/classification_cases.json");
	struct json_val report;
	struct json_iter it;
	struct confusion c;
	size_t n, cases = 0;

	(void)state;
	for (it = json_iter(doc); json_next(&it); cases++) {
		struct map names = MAP_INIT;

		n = read_pairs(it.val, &names, cells);
		assert_int_equal(confusion_init(&c, cells, n, names.n, NULL),
		    0);
		check_scalar(it.val, "accuracy", c.accuracy, false);
		check_scalar(it.val, "balanced_accuracy", c.balanced_accuracy,
		    false);
		check_scalar(it.val, "matthews_corrcoef", c.mcc, true);
		check_scalar(it.val, "cohen_kappa", c.kappa, false);
		assert_true(find(it.val, "report_zero_division_0", &report));
		check_report(report, &c, &names);
		check_case_calibration(it.val);
		confusion_free(&c);
		map_free(&names);
	}
	assert_true(cases >= 18);
}

/* ---- values from documentation and papers ---- */

/* A number of the case, as published, or else as scipy has it: to ten digits,
 * or to as many as were printed. */
static void
check_published(struct json_val c, const char *name, double got)
{
	double digits = number_at(c, "published.digits"), want;
	char path[64];

	snprintf(path, sizeof path, "published.%s", name);
	want = number_at(c, path);
	if (isnan(want)) {
		snprintf(path, sizeof path, "scipy.%s", name);
		want = number_at(c, path);
		digits = NAN;
	}
	if (isnan(want))
		return;
	assert_near(got, want, isnan(digits) ? 1e-10 :
	    0.5 * pow(10, 1 - digits));
}

/* A statistic and its df, whatever it was found from, give the p. */
static void
check_law(struct json_val c)
{
	double x = number_at(c, "scipy.statistic");
	double df = number_at(c, "scipy.df");

	if (isnan(x) || isnan(df))
		return;
	assert_near(dist_chisq(x, df).p, number_at(c, "scipy.pvalue"), 1e-10);
	check_published(c, "pvalue", dist_chisq(x, df).p);
}

/* Two rows of counts: homogeneity, without Yates' correction. */
static bool
check_two_rows(struct json_val c, enum gof_kind kind)
{
	struct json_val table, v;
	struct json_iter row;
	struct pair p;
	struct gof g;
	uint64_t *rows[2] = { NULL, NULL };
	size_t k[2], n = 0;

	if (!find(c, "table", &table))
		return false;
	for (row = json_iter(table); json_next(&row) && n < 3; n++) {
		struct json_iter cell = json_iter(row.val);

		if (!json_next(&cell) || json_type(cell.val) != JSON_NUMBER)
			n = 3;                  /* more than two ways */
	}
	if (n != 2)
		return false;
	n = 0;
	for (row = json_iter(table); json_next(&row); n++) {
		struct json_iter cell;
		int64_t x;

		rows[n] = calloc(CELLS_MAX, sizeof **rows);
		assert_non_null(rows[n]);
		k[n] = 0;
		for (cell = json_iter(row.val); json_next(&cell);) {
			assert_true(json_int(cell.val, &x));
			rows[n][k[n]++] = (uint64_t)x;
		}
	}
	assert_true(k[0] == k[1]);
	assert_int_equal(pair_init(&p, rows[0], rows[1], k[0], NULL), 0);
	gof_test(&g, &p, GOF_HOMOGENEITY, kind);
	if (find(c, "correction", &v)) {
		if (find(c, "scipy_uncorrected", &v)) {
			assert_near(g.statistic, number_at(v, "statistic"),
			    1e-10);
			assert_near(g.p, number_at(v, "pvalue"), 1e-10);
		}
	} else {
		check_published(c, "statistic", g.statistic);
		check_published(c, "pvalue", g.p);
		check_published(c, "df", g.df);
	}
	free(rows[0]);
	free(rows[1]);
	return true;
}

/* Observed counts against expected ones, or against equal ones. */
static bool
check_one_row(struct json_val c, const char *name)
{
	uint64_t *seen, *expected;
	struct json_val v;
	struct pair p;
	struct gof g;
	size_t k, k2, i;

	if (!find(c, "observed", &v))
		return false;
	seen = counts(c, "observed", &k);
	if (find(c, "expected", &v)) {
		expected = counts(c, "expected", &k2);
		assert_true(k == k2);
	} else {
		expected = calloc(k, sizeof *expected);
		assert_non_null(expected);
		for (i = 0; i < k; i++)
			expected[i] = 1;
	}
	assert_int_equal(pair_init(&p, expected, seen, k, NULL), 0);
	gof_test(&g, &p, GOF_FIT, strstr(name, "log-likelihood") ? GOF_G :
	    GOF_CHISQ);
	if (find(c, "scipy.pearson", &v)) {
		assert_near(g.statistic, number_at(v, "statistic"), 1e-10);
		assert_near(g.p, number_at(v, "pvalue"), 1e-10);
		gof_test(&g, &p, GOF_FIT, GOF_G);
		assert_true(find(c, "scipy.log-likelihood", &v));
		assert_near(g.statistic, number_at(v, "statistic"), 1e-10);
		assert_near(g.p, number_at(v, "pvalue"), 1e-10);
	} else {
		check_published(c, "statistic", g.statistic);
		check_published(c, "pvalue", g.p);
	}
	free(seen);
	free(expected);
	return true;
}

/* scipy's distance is the root of the divergence. The shares are halves. */
static bool
check_js(struct json_val c)
{
	struct json_val p, q, base;
	struct json_iter it, jt;
	uint64_t a[8], b[8];
	struct pair pair;
	double js;
	size_t k = 0;

	if (!find(c, "p", &p) || !find(c, "q", &q) || !find(c, "base", &base))
		return false;
	jt = json_iter(q);
	for (it = json_iter(p); json_next(&it); k++) {
		assert_true(k < COUNT(a) && json_next(&jt));
		a[k] = (uint64_t)(2 * json_double(it.val));
		b[k] = (uint64_t)(2 * json_double(jt.val));
	}
	assert_int_equal(pair_init(&pair, a, b, k, NULL), 0);
	js = distance_js(&pair) / (json_is(base, "e") ? 1 : log(2));
	assert_near(sqrt(js), number_at(c, "published"), 1e-10);
	return true;
}

/* Kappa and MCC, from a matrix or from two lists of labels. */
static bool
check_agreement(struct json_val c)
{
	static struct cell cells[CELLS_MAX];
	struct json_val a, b, matrix;
	struct json_iter it, jt;
	struct map names = MAP_INIT;
	struct confusion f;
	struct json_val none = { "[]", 2 };
	size_t n = 0;
	uint32_t k = 0;

	if (find(c, "matrix", &matrix)) {
		n = read_matrix(none, matrix, &names, cells);
		for (it = json_iter(matrix); json_next(&it);)
			k++;
	} else if ((find(c, "y1", &a) && find(c, "y2", &b)) ||
	    (find(c, "y_true", &a) && find(c, "y_pred", &b))) {
		jt = json_iter(b);
		for (it = json_iter(a); json_next(&it); n++) {
			assert_true(json_next(&jt));
			cells[n].actual = map_add(&names, it.val.p, it.val.n,
			    NULL);
			cells[n].predicted = map_add(&names, jt.val.p,
			    jt.val.n, NULL);
			cells[n].n = 1;
		}
		k = names.n;
	} else {
		return false;
	}
	assert_int_equal(confusion_init(&f, cells, n, k, NULL), 0);
	check_published(c, "kappa", f.kappa);
	check_published(c, "mcc", f.mcc);
	if (find(c, "exact", &a))
		assert_near(f.kappa, number(a), 1e-15);
	confusion_free(&f);
	map_free(&names);
	return true;
}

/* "df": the value that is passed one time in twenty. */
static bool
check_quantiles(struct json_val c, const char *name)
{
	struct json_val list;
	struct json_iter it;
	char df[16];

	if (!strstr(name, "quantiles") || !find(c, "scipy", &list))
		return false;
	for (it = json_iter(list); json_next(&it);) {
		assert_true(it.key.n - 2 < sizeof df);
		memcpy(df, it.key.p + 1, it.key.n - 2);
		df[it.key.n - 2] = '\0';
		assert_near(dist_chisq(json_double(it.val), strtod(df,
		    NULL)).p, 0.05, 1e-10);
	}
	return true;
}

/* Every case of the file. Three are of tables that a drift does not have: two
 * are three- and four-way, whose p follows from their statistic, and one has
 * three rows; a fourth points to drift/reference.json. */
static void
published(void **state)
{
	struct json_val doc = load("stats/published.json"), test;
	struct json_iter it;
	char name[128];
	size_t n = 0, computed = 0;

	(void)state;
	for (it = json_iter(doc); json_next(&it); n++) {
		assert_true(find(it.val, "test", &test));
		assert_true(test.n < sizeof name);
		memcpy(name, test.p, test.n);
		name[test.n] = '\0';
		check_law(it.val);
		computed += check_two_rows(it.val, strstr(name, "G-test") ?
		    GOF_G : GOF_CHISQ) || check_one_row(it.val, name) ||
		    check_js(it.val) || check_agreement(it.val) ||
		    check_quantiles(it.val, name);
	}
	assert_int_equal(n, 21);
	assert_int_equal(computed, 17);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(drift_cases),
		cmocka_unit_test(chisq_grid),
		cmocka_unit_test(banking77),
		cmocka_unit_test(banking77_calibration),
		cmocka_unit_test(classification_cases),
		cmocka_unit_test(published),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	buf_free(&text);
	return failed;
}
