/* SPDX-License-Identifier: GPL-3.0-or-later */
/* render.c -- a run, or all of them, as a page, as JSON, as metrics. */
#include "serve.h"
#include "base/base64.h"
#include "base/clock.h"
#include "json/write.h"
#include "net/digest.h"
#include "out/metrics.h"
#include "out/page.h"

#define TITLE "Einstein Bot NLP Dashboard"
#define SHOWN_MOST 200          /* runs on one page of history */
#define HTML "text/html; charset=utf-8"
#define JSON "application/json"
#define PLAIN "text/plain; charset=utf-8"
#define METRICS "application/openmetrics-text; version=1.0.0; charset=utf-8"

int64_t
age_told(int64_t s)
{
	int64_t unit = s < 7200 ? 60 : s < 172800 ? 3600 : 86400;

	return s < 0 ? 0 : s - s % unit;
}

/* ---- a page of HTML, and the digest of its style sheet ---- */

/* The bytes of 64 hexadecimal digits. */
static void
unhex(char out[32], const char *hex)
{
	int i;

	for (i = 0; i < 64; i += 2) {
		int a = hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10;
		int b = hex[i + 1] <= '9' ? hex[i + 1] - '0' :
		    hex[i + 1] - 'a' + 10;

		out[i / 2] = (char)(a << 4 | b);
	}
}

/* The policy names the one style sheet by its digest: no other has effect,
 * should data ever become markup. */
int
render_html(struct server_page **page, struct buf *b, struct fail *why)
{
	struct buf digest = BUF_INIT(BUF_LINE);
	const char *text = buf_str(b), *from, *to;
	char hex[DIGEST_HEX];
	char raw[32];
	int bad = 0;

	from = strstr(text, "<style>");
	to = from ? strstr(from, "</style>") : NULL;
	if (to) {
		from += strlen("<style>");
		bad = digest_hex(from, (size_t)(to - from), hex, why);
		if (!bad) {
			unhex(raw, hex);
			base64_add(&digest, raw, sizeof raw);
		}
	}
	if (!bad)
		*page = server_page(200, HTML, to ? buf_str(&digest) : NULL,
		    b, why);
	buf_free(&digest);
	return bad || !*page ? -1 : 0;
}

int
render_plain(struct server_page **page, const char *type, struct buf *b,
    struct fail *why)
{
	if (b->err)
		return fail(why, EXIT_MACHINE, "too large for memory");
	*page = server_page(200, type, NULL, b, why);
	return *page ? 0 : -1;
}

/* ---- one run ---- */

void
render_time(struct buf *b, const char *name, int64_t ms)
{
	char text[TIME_MAX];

	json_key(b, name);
	if (ms)
		json_cstr(b, time_format(text, ms));
	else
		buf_str_add(b, "null");
}

static void
put_list(struct buf *b, const char *name, const struct buf *items)
{
	json_key(b, name);
	buf_putc(b, '[');
	if (items->len)
		buf_add(b, items->p, items->len);
	buf_putc(b, ']');
}

static void
put_link(struct buf *b, const char *base, const char *path,
    const char *words)
{
	struct buf at = BUF_INIT(BUF_PATH);

	buf_addf(&at, "%s%s", base, path);
	json_sep(b);
	buf_putc(b, '[');
	json_cstr(b, buf_str(&at));
	buf_putc(b, ',');
	json_cstr(b, words);
	buf_putc(b, ']');
	buf_free(&at);
}

/* Where one can go from a page; what belongs to a run stays with it. */
static void
put_menu(struct buf *b, const char *base, size_t runs)
{
	char history[48];

	snprintf(history, sizeof history, "History (%zu)", runs);
	json_key(b, "menu");
	buf_putc(b, '[');
	put_link(b, "/", "", "Dashboard");
	if (strcmp(base, "/") != 0)
		put_link(b, base, "", "This run");
	put_link(b, base, "matrix", "Matrix");
	put_link(b, base, "drift", "Drift");
	put_link(b, "/", "history", history);
	put_link(b, "/", "trend", "Trend");
	put_link(b, "/", "mentions", "Mentions");
	put_link(b, "/", "chats", "Chats");
	put_link(b, "/", "scores", "Scores");
	put_link(b, "/", "insights", "Speech");
	buf_putc(b, ']');
}

static void
put_words(struct buf *b, const char *name, const char *words)
{
	json_key(b, name);
	if (words)
		json_cstr(b, words);
	else
		buf_str_add(b, "null");
}

void
render_served(struct buf *b, const struct subject_served *s,
    const struct loaded *l, const struct served_words *w)
{
	const char *base = s->newest || !s->run ? "/" : s->run->base;
	size_t i;

	buf_str_add(b, "{\"here\":");
	json_cstr(b, w->here);
	put_menu(b, base, s->nruns);
	put_words(b, "base", base);
	put_words(b, "name", w->name);
	render_time(b, "updated", w->updated);
	json_key(b, "runs");
	json_uint(b, s->nruns);
	json_key(b, "stale");
	json_bool(b, s->stale);
	json_key(b, "age");
	if (s->stale)
		json_int64(b, s->age);
	else
		buf_str_add(b, "null");
	json_key(b, "data");
	buf_putc(b, '[');
	for (i = 0; i < COUNT(w->data) && w->data[i][0]; i++)
		put_link(b, "", w->data[i][0], w->data[i][1]);
	buf_putc(b, ']');
	put_words(b, "empty", w->empty);
	if (l)
		put_list(b, "problems", &l->problems);
	buf_putc(b, '}');
}

static int
dashboard(struct server_page **page, const struct subject_served *s,
    struct loaded *l, struct fail *why)
{
	struct buf more = BUF_INIT(BUF_DOC), b = BUF_INIT(BUF_DOC),
	    data = BUF_INIT(BUF_PATH), metrics = BUF_INIT(BUF_PATH);
	struct served served = { .none = !s->run };
	const char *base = s->newest || !s->run ? "/" : s->run->base;
	struct served_words w;
	int bad;

	memset(&w, 0, sizeof w);
	w.here = base;
	buf_addf(&data, "%sdata.json", base);
	buf_addf(&metrics, "%smetrics", base);
	if (s->run) {
		w.name = s->run->name;
		w.updated = s->run->updated;
		w.data[0][0] = buf_str(&data);
		w.data[0][1] = "as JSON";
		w.data[1][0] = buf_str(&metrics);
		w.data[1][1] = "as metrics";
	}
	render_served(&more, s, l, &w);
	served.updated = s->run ? s->run->updated : 0;
	served.json = buf_str(&more);
	l->report.served = &served;
	bad = subject_dashboard.page(&l->report, &b, why);
	if (bad == 0)
		bad = render_html(page, &b, why);
	l->report.served = NULL;
	buf_free(&more);
	buf_free(&b);
	buf_free(&data);
	buf_free(&metrics);
	return bad;
}

static void
put_document(struct buf *b, const char *name, const struct docs *d,
    enum doc_kind kind)
{
	struct json_val v;

	json_key(b, name);
	if (docs_get(d, kind, &v))
		json_one_line(b, v.p, v.n);
	else
		buf_str_add(b, "null");
}

static int
data(struct server_page **page, const struct subject_served *s,
    const struct loaded *l, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_DOC);
	struct figures f;
	int bad;

	figures_find(&f, &l->report.docs);
	buf_str_add(&b, "{\"run\":");
	if (s->run) {
		json_cstr(&b, s->run->name);
		render_time(&b, "updated", s->run->updated);
	} else {
		buf_str_add(&b, "null,\"updated\":null");
	}
	json_key(&b, "stale");
	json_bool(&b, s->stale);
	json_key(&b, "stale_after_seconds");
	json_num(&b, s->stale_after);
	put_list(&b, "problems", &l->problems);
	json_key(&b, "summary");
	figures_write(&b, &f);
	put_document(&b, "evaluation", &l->report.docs, DOC_EVALUATION);
	put_document(&b, "confusion", &l->report.docs, DOC_CONFUSION);
	put_document(&b, "drift", &l->report.docs, DOC_DRIFT);
	put_document(&b, "decision", &l->report.docs, DOC_DECISION);
	buf_str_add(&b, "}\n");
	bad = render_plain(page, JSON, &b, why);
	buf_free(&b);
	return bad;
}

static int
summary(struct server_page **page, const struct loaded *l, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_LINE);
	struct figures f;
	int bad;

	figures_find(&f, &l->report.docs);
	figures_write(&b, &f);
	buf_putc(&b, '\n');
	bad = render_plain(page, JSON, &b, why);
	buf_free(&b);
	return bad;
}

static int
document(struct server_page **page, const struct loaded *l,
    enum doc_kind kind, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_DOC);
	struct json_val v;
	int bad;

	if (!docs_get(&l->report.docs, kind, &v))
		return 1;
	json_raw(&b, v);
	buf_putc(&b, '\n');
	bad = render_plain(page, JSON, &b, why);
	buf_free(&b);
	return bad;
}

static int
metrics(struct server_page **page, const struct subject_served *s,
    struct loaded *l, struct fail *why)
{
	struct served served = { .none = !s->run };
	struct buf b = BUF_INIT(BUF_DOC);
	int bad;

	served.updated = s->run ? s->run->updated : 0;
	metrics_family(&b, "gcpipe_serve_runs", NULL,
	    "Runs whose results are served.");
	metrics_sample(&b, "gcpipe_serve_runs", NULL, 0, (double)s->nruns);
	metrics_family(&b, "gcpipe_serve_stale", NULL,
	    "1 where these results are older than they should be, else 0.");
	metrics_sample(&b, "gcpipe_serve_stale", NULL, 0, s->stale);
	l->report.served = &served;
	bad = metrics_write(&l->report, &b, why);
	l->report.served = NULL;
	if (bad == 0)
		bad = render_plain(page, METRICS, &b, why);
	buf_free(&b);
	return bad;
}

/* The file where it is not older than what it shows, else drawn anew. */
static int
picture(struct server_page **page, const struct subject_served *s,
    struct loaded *l, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_DOC);
	struct json_val v;
	int bad = -1;

	if (s->run && s->run->time[RUN_PICTURE] &&
	    s->run->time[RUN_PICTURE] >= s->run->time[DOC_CONFUSION])
		bad = load_file(&b, s->run, RUN_PICTURE, why);
	if (bad < 0) {
		buf_clear(&b);
		b.max = BUF_DOC;
		if (!docs_get(&l->report.docs, DOC_CONFUSION, &v)) {
			buf_free(&b);
			return 1;
		}
		bad = subject_matrix.picture(&l->report, PLOT_PNG, &b, why);
	}
	if (bad == 0)
		bad = render_plain(page, "image/png", &b, why);
	buf_free(&b);
	return bad;
}

/* ---- all runs ---- */

static void
put_text(struct buf *b, const char *name, struct json_val doc,
    const char *member)
{
	struct json_val v;

	json_key(b, name);
	if (doc.n && json_get(doc, member, &v))
		json_raw(b, v);
	else
		buf_str_add(b, "null");
}

static void
put_run(struct buf *b, const struct run_folder *f, double stale_after)
{
	int64_t age = (clock_now() - f->updated) / 1000;
	struct json_val none = { NULL, 0 }, v;
	struct loaded l;
	struct figures g;

	load_open(&l, f);
	figures_find(&g, &l.report.docs);
	json_sep(b);
	buf_str_add(b, "{\"name\":");
	json_cstr(b, f->name);
	json_key(b, "base");
	json_cstr(b, f->base);
	render_time(b, "updated", f->updated);
	json_key(b, "stale");
	json_bool(b, (double)age > stale_after);
	json_key(b, "age");
	json_int64(b, age_told(age));
	json_key(b, "accuracy");
	json_num(b, g.accuracy);
	json_key(b, "low");
	json_num(b, g.range[0][0]);
	json_key(b, "high");
	json_num(b, g.range[0][1]);
	json_key(b, "n");
	json_num(b, g.n);
	json_key(b, "source");
	if (g.source)
		json_cstr(b, g.source);
	else
		buf_str_add(b, "null");
	json_key(b, "drift_p_value");
	json_num(b, g.drift_p);
	put_text(b, "log10_p", docs_get(&l.report.docs, DOC_DRIFT, &v) ? v :
	    none, "log10_p");
	put_text(b, "verdict", docs_get(&l.report.docs, DOC_DRIFT, &v) ? v :
	    none, "verdict");
	put_text(b, "retrain", docs_get(&l.report.docs, DOC_DECISION, &v) ?
	    v : none, "retrain");
	put_list(b, "problems", &l.problems);
	buf_putc(b, '}');
	load_close(&l);
}

/* What the newest two say of each other. */
static void
put_lead(struct buf *in, const struct runs *runs)
{
	struct buf lead = BUF_INIT(BUF_DOC);
	struct loaded l;

	if (runs->n) {
		load_open(&l, &runs->v[0]);
		load_before(&l, runs->n > 1 ? &runs->v[1] : NULL);
		lead_bot(&lead, &l.report);
		load_close(&l);
	}
	json_key(in, "lead");
	json_str(in, lead.p, lead.len);
	buf_free(&lead);
}

static int
history(struct server_page **page, const struct subject_served *s,
    struct fail *why)
{
	struct buf in = BUF_INIT(BUF_DOC), b = BUF_INIT(BUF_DOC);
	struct served_words w;
	struct subject_served t = *s;
	size_t i;
	int bad;

	memset(&w, 0, sizeof w);
	w.here = "/history";
	w.data[0][0] = "/history.json";
	w.data[0][1] = "as JSON";
	w.empty = s->nruns ? NULL : "There is no run to show yet. The "
	    "workflow bot-performance makes one.";
	t.stale = false;
	buf_putc(&in, '{');
	json_key(&in, "title");
	json_cstr(&in, TITLE ": history");
	put_lead(&in, s->runs);
	json_key(&in, "total");
	json_uint(&in, s->nruns);
	json_key(&in, "runs");
	buf_putc(&in, '[');
	for (i = 0; i < s->runs->n && i < SHOWN_MOST; i++)
		put_run(&in, &s->runs->v[i], s->stale_after);
	buf_putc(&in, ']');
	if (s->leaf == LEAF_HISTORY_JSON) {
		buf_str_add(&in, "}\n");
		bad = render_plain(page, JSON, &in, why);
	} else {
		json_key(&in, "served");
		render_served(&in, &t, NULL, &w);
		buf_putc(&in, '}');
		bad = page_run(&b, "history", buf_str(&in), in.len, why);
		if (bad == 0)
			bad = render_html(page, &b, why);
	}
	buf_free(&in);
	buf_free(&b);
	return bad;
}

/* A matrix that is right on its diagonal. */
#define ICON "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\">" \
	"<path fill=\"#a2d2f7\" d=\"M1 1h14v14H1z\"/>" \
	"<path fill=\"#20346c\" d=\"M1 1h5v5H1zM6 6h4v4H6zM10 10h5v5h-5z\"/>" \
	"</svg>\n"

static int
fixed(struct server_page **page, const char *type, const char *text,
    struct fail *why)
{
	struct buf b = BUF_INIT(BUF_LINE);
	int bad;

	buf_str_add(&b, text);
	bad = render_plain(page, type, &b, why);
	buf_free(&b);
	return bad;
}

static int
render_run(struct server_page **page, const struct subject_served *s,
    struct loaded *l, struct fail *why)
{
	switch (s->leaf) {
	case LEAF_PAGE:
		return dashboard(page, s, l, why);
	case LEAF_DATA:
		return data(page, s, l, why);
	case LEAF_SUMMARY:
		return summary(page, l, why);
	case LEAF_EVALUATION:
		return document(page, l, DOC_EVALUATION, why);
	case LEAF_CONFUSION:
		return document(page, l, DOC_CONFUSION, why);
	case LEAF_DRIFT_DOC:
		return document(page, l, DOC_DRIFT, why);
	case LEAF_DECISION:
		return document(page, l, DOC_DECISION, why);
	case LEAF_PICTURE:
		return picture(page, s, l, why);
	default:
		return metrics(page, s, l, why);
	}
}

int
render(struct server_page **page, const struct subject_served *s,
    struct fail *why)
{
	struct loaded l;
	int r;

	*page = NULL;
	if (s->leaf == LEAF_HEALTH)
		return fixed(page, PLAIN, "ok\n", why);
	if (s->leaf == LEAF_ICON)
		return fixed(page, "image/svg+xml", ICON, why);
	if (s->leaf == LEAF_HISTORY || s->leaf == LEAF_HISTORY_JSON)
		return history(page, s, why);
	if (s->leaf >= LEAF_MATRIX && s->leaf < LEAF_HEALTH)
		return view_render(page, s, why);
	load_open(&l, s->run);
	load_before(&l, s->before);
	r = render_run(page, s, &l, why);
	load_close(&l);
	return r;
}
