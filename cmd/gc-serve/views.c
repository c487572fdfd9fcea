/* SPDX-License-Identifier: GPL-3.0-or-later */
/* views.c -- one subject as a page and as JSON: the matrix, the drift, and
 * what the other workflows and the store know.
 */
#include "serve.h"
#include "stored.h"
#include "base/clock.h"
#include "json/write.h"
#include "out/page.h"

#define DAY INT64_C(86400000)

static const struct view_of {
	enum leaf page, json;
	const struct subject *subject;
	const char *title;      /* NULL: the subject's */
	const char *path;
	const char *empty;
} views[] = {
	{ LEAF_MATRIX, LEAF_MATRIX_JSON, &subject_matrix, NULL, "matrix",
	    "No run has a confusion matrix yet. The workflow bot-performance "
	    "makes one." },
	{ LEAF_DRIFT, LEAF_DRIFT_DOC, &subject_drift, NULL, "drift",
	    "No run was compared with a baseline yet. The workflow "
	    "bot-performance does it." },
	{ LEAF_TREND, LEAF_TREND_JSON, &subject_trend, NULL, "trend",
	    "The store holds no mentions yet. The workflow product-mentions, "
	    "or gc-store load mentions, puts them there." },
	{ LEAF_MENTIONS, LEAF_MENTIONS_JSON, &subject_frequency,
	    "Products and Issues in Conversations", "mentions",
	    "The store holds no mentions yet. The workflow product-mentions, "
	    "or gc-store load mentions, puts them there." },
	{ LEAF_CHATS, LEAF_CHATS_JSON, &subject_frequency,
	    "Products and Issues in Finished Chats", "chats",
	    "No chats were annotated yet. The workflow annotate-interactions "
	    "does it." },
	{ LEAF_SCORES, LEAF_SCORES_JSON, &subject_summary,
	    "Engagement Scores", "scores",
	    "No contacts were scored yet. The workflow engagement-scores does "
	    "it, and gc-store load scores keeps them." },
	{ LEAF_INSIGHTS, LEAF_INSIGHTS_JSON, &subject_summary,
	    "Speech Insights", "insights",
	    "There are no speech insights yet. The workflow speech-insights "
	    "fetches them." },
};

/* ---- what the store holds ---- */

static int
on_day(void *ctx, const struct stored_value *v, size_t n, struct fail *why)
{
	struct loaded *l = ctx;
	int64_t ms;

	if (n < 3 || time_parse(v[0].p, v[0].n, &ms) < 0)
		return 0;
	return trend_add(&l->report.trend, (int32_t)(ms / DAY), v[1].p,
	    v[1].n, v[2].number, why);
}

static int
on_mention(void *ctx, const struct stored_value *v, size_t n,
    struct fail *why)
{
	struct loaded *l = ctx;

	if (n < 3 || !(v[2].number >= 0))
		return 0;
	if (v[0].n == 0) {
		l->settings.processed = (int64_t)v[2].number;
		return 0;
	}
	return frequency_add(&l->report.frequency, v[0].p, v[0].n, v[1].p,
	    v[1].n, (uint64_t)v[2].number, why);
}

static int
on_score(void *ctx, const struct stored_value *v, size_t n, struct fail *why)
{
	struct loaded *l = ctx;

	(void)why;
	if (n > 0 && isfinite(v[0].number))
		scores_add(&l->report.scores, v[0].number);
	return 0;
}

/* Reads from the store. Returns whether it had something; a store that cannot
 * be read is a problem that the page names. */
static bool
from_store(struct loaded *l, const struct subject_served *s,
    enum stored_what what, stored_row *one, struct served_words *w)
{
	struct fail why;
	int done = stored_read(s->store, what, &w->updated, one, l, &why);

	if (done < 0)
		load_problem(l, why.text);
	if (done == 0)
		w->name = "the store";
	return done == 0;
}

/* ---- what each is filled from ---- */

static bool
from_side(struct loaded *l, const struct subject_served *s, enum side which,
    struct served_words *w)
{
	const struct side_file *f = &s->runs->side[which];

	load_side(l, f, which);
	w->name = f->name;
	w->updated = f->time;
	return f->path != NULL;
}

/* The newer of the file and the store. */
static bool
fill_scores(struct loaded *l, const struct subject_served *s,
    struct served_words *w)
{
	const struct side_file *f = &s->runs->side[SIDE_SCORES];
	bool stored = from_store(l, s, STORED_SCORES, on_score, w);

	if (f->path && (!stored || f->time >= w->updated)) {
		scores_init(&l->report.scores, l->settings.threshold);
		from_side(l, s, SIDE_SCORES, w);
	} else {
		l->report.scores.stored = stored;
	}
	return l->report.scores.n > 0;
}

static bool
has_drift(const struct docs *d)
{
	struct json_val v;

	return docs_get(d, DOC_DRIFT, &v) || d->groups.n;
}

/* Fills the report. Returns whether there is anything to show. */
static bool
fill(struct loaded *l, const struct subject_served *s, enum leaf leaf,
    struct served_words *w)
{
	struct json_val v;

	if ((leaf == LEAF_MATRIX || leaf == LEAF_DRIFT) && s->run) {
		w->name = s->run->name;
		w->updated = s->run->updated;
	}
	switch (leaf) {
	case LEAF_MATRIX:
		return docs_get(&l->report.docs, DOC_CONFUSION, &v);
	case LEAF_DRIFT:
		return has_drift(&l->report.docs);
	case LEAF_TREND:
		return from_store(l, s, STORED_TREND, on_day, w) &&
		    l->report.trend.keys.n;
	case LEAF_MENTIONS:
		l->report.frequency.counts = true;
		return from_store(l, s, STORED_MENTIONS, on_mention, w) &&
		    l->report.frequency.groups.n;
	case LEAF_CHATS:
		return from_side(l, s, SIDE_FREQUENCY, w) &&
		    l->report.frequency.groups.n;
	case LEAF_SCORES:
		return fill_scores(l, s, w);
	default:
		return from_side(l, s, SIDE_INSIGHTS, w) &&
		    docs_get(&l->report.docs, DOC_INSIGHTS, &v);
	}
}

/* ---- JSON ---- */

static int
put_records(struct buf *b, struct loaded *l, const struct subject *s,
    struct fail *why)
{
	struct buf lead = BUF_INIT(BUF_DOC), out = BUF_INIT(BUF_DOC);
	struct emit emit;
	size_t i;
	int bad;

	memset(&emit, 0, sizeof emit);
	emit.out = out;
	bad = s->lead(&l->report, &lead, why);
	if (!bad)
		bad = s->json(&l->report, &emit, why);
	json_key(b, "says");
	json_str(b, lead.p, lead.len);
	json_key(b, "records");
	buf_putc(b, '[');
	for (i = 0; i + 1 < emit.out.len; i++)
		if (emit.out.p[i] == '\n')
			emit.out.p[i] = ',';
	if (emit.out.len)
		buf_add(b, emit.out.p, emit.out.len - 1);
	buf_putc(b, ']');
	if (emit.out.err)
		b->err = emit.out.err;
	buf_free(&emit.out);
	buf_free(&lead);
	return bad;
}

static int
as_json(struct server_page **page, struct loaded *l,
    const struct view_of *view, const struct subject_served *s,
    const struct served_words *w, bool any, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_DOC);
	int bad = 0;

	buf_str_add(&b, "{\"from\":");
	if (any && w->name)
		json_cstr(&b, w->name);
	else
		buf_str_add(&b, "null");
	render_time(&b, "updated", any ? w->updated : 0);
	json_key(&b, "stale");
	json_bool(&b, any && s->stale);
	json_key(&b, "problems");
	buf_putc(&b, '[');
	if (l->problems.len)
		buf_add(&b, l->problems.p, l->problems.len);
	buf_putc(&b, ']');
	if (any)
		bad = put_records(&b, l, view->subject, why);
	else
		buf_str_add(&b, ",\"says\":null,\"records\":[]");
	buf_str_add(&b, "}\n");
	if (!bad)
		bad = render_plain(page, "application/json", &b, why);
	buf_free(&b);
	return bad;
}

/* ---- a page ---- */

/* A page that says what would be here. */
static int
empty_page(struct buf *b, const char *title, const char *served,
    struct fail *why)
{
	struct buf in = BUF_INIT(BUF_DOC);
	int bad;

	buf_str_add(&in, "{\"title\":");
	json_cstr(&in, title);
	json_key(&in, "served");
	buf_str_add(&in, served);
	buf_str_add(&in, ",\"lead\":\"\",\"chart\":null,\"tables\":[]}");
	bad = page_run(b, "report", buf_str(&in), in.len, why);
	buf_free(&in);
	return bad;
}

static int
as_page(struct server_page **page, struct loaded *l,
    const struct view_of *view, const struct subject_served *s,
    struct served_words *w, bool any, struct fail *why)
{
	struct buf more = BUF_INIT(BUF_DOC), b = BUF_INIT(BUF_DOC),
	    here = BUF_INIT(BUF_PATH), data = BUF_INIT(BUF_PATH);
	struct served served = { .updated = w->updated };
	const char *base = s->newest || !s->run ? "/" : s->run->base;
	int bad;

	buf_addf(&here, "%s%s", base, view->path);
	buf_addf(&data, "%s%s.json", base, view->path);
	w->here = buf_str(&here);
	w->data[0][0] = buf_str(&data);
	w->data[0][1] = "as JSON";
	w->empty = any ? NULL : view->empty;
	render_served(&more, s, l, w);
	served.json = buf_str(&more);
	l->report.served = &served;
	if (any)
		bad = report_page(&l->report, view->subject, &b, why);
	else
		bad = empty_page(&b, view->title ? view->title :
		    view->subject->title, served.json, why);
	if (!bad)
		bad = render_html(page, &b, why);
	l->report.served = NULL;
	buf_free(&more);
	buf_free(&b);
	buf_free(&here);
	buf_free(&data);
	return bad;
}

int
view_render(struct server_page **page, const struct subject_served *s,
    struct fail *why)
{
	const struct view_of *view = views;
	struct subject_served t = *s;
	struct served_words w;
	struct loaded l;
	int64_t seconds;
	bool any, bot;
	int bad;

	while (view->page != s->leaf && view->json != s->leaf)
		view++;
	bot = view->page == LEAF_MATRIX || view->page == LEAF_DRIFT;
	memset(&w, 0, sizeof w);
	load_open(&l, bot ? s->run : NULL);
	if (bot)
		load_before(&l, s->before);
	l.settings.title = view->title;
	any = fill(&l, s, view->page, &w);
	seconds = w.updated ? (clock_now() - w.updated) / 1000 : 0;
	t.stale = any && (double)seconds > s->stale_after;
	t.age = age_told(seconds);
	bad = view->json == s->leaf ? as_json(page, &l, view, &t, &w, any,
	    why) : as_page(page, &l, view, &t, &w, any, why);
	load_close(&l);
	return bad;
}
