/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gc-report -- documents to what people read.
 *
 * Reads the documents that the other programs write (and rows), keeps the
 * last of each kind, and at the end writes one thing: a table, a page, a
 * picture, metrics. The first operand says what; the ending of -o, or -f,
 * says in which form.
 */
#include "report.h"
#include "base/clock.h"
#include "base/msg.h"
#include "base/num.h"
#include "out/sheet.h"
#include "out/text.h"

static struct settings o = { .processed = -1, .threshold = 0.75 };
static int64_t top;
static struct filter_opts fo = FILTER_DEFAULTS;

static const struct opt table[] = {
	{ 'f', "format", "FORM", OPT_STR, &o.form, 0, 0,
	    "csv tsv md txt json html xlsx svg png pdf prom" },
	{ 0, "title", "TEXT", OPT_STR, &o.title, 0, 0,
	    "what stands above" },
	{ 0, "intervals", NULL, OPT_FLAG, &o.intervals, 0, 0,
	    "csv, tsv, json: with intervals, and what they rest on" },
	{ 0, "previous", "PATH", OPT_STR, &o.previous, 0, 0,
	    "what came before: a file, or a run's folder" },
	{ 0, "threshold", "SCORE", OPT_NUM, &o.threshold, 0, 1,
	    "summary of scores: a contact counts from it on (0.75)" },
	{ 't', "top", "N", OPT_INT, &top, 1, 4e9,
	    "frequency: only the N most frequent of each group" },
	{ 0, "processed", "N", OPT_INT, &o.processed, 0, 9e15,
	    "frequency of counts: the number of interactions" },
	{ 0, "date", "EXPR", OPT_STR, &o.date, 0, 0,
	    "trend: the day (.recorded_date, .date or .day)" },
	{ 0, "series", "EXPR", OPT_STR, &o.series, 0, 0,
	    "trend: what a line is of (.product_name or .product)" },
	{ 0, "count", "EXPR", OPT_STR, &o.count, 0, 0,
	    "trend: how many (.mention_count or .count, else 1)" },
	{ 0, "wide", NULL, OPT_FLAG, &o.wide, 0, 0,
	    "trend: a column for each line" },
	{ 0, "crlf", NULL, OPT_FLAG, &o.csv.crlf, 0, 0,
	    "csv, tsv: end lines in CR LF" },
	{ 0, "bom", NULL, OPT_FLAG, &o.csv.bom, 0, 0,
	    "csv, tsv: begin with a byte order mark, for Excel" },
	{ 0, "excel-safe", NULL, OPT_FLAG, &o.csv.excel_safe, 0, 0,
	    "csv, tsv: no text that Excel would run as a formula" },
	OPT_END
};
static const struct opt common[] = { FILTER_OPTS(fo), OPT_END };

static const struct cmd cmd = {
	"gc-report",
	"SUBJECT [options] [FILE...]",
	"documents to what people read: summary, matrix, drift, frequency, trend,\n"
	"dashboard, metrics", { table, common }
};

static const struct subject *const subjects[] = {
	&subject_summary, &subject_matrix, &subject_drift, &subject_frequency,
	&subject_trend, &subject_dashboard, &subject_metrics,
};

/* ---- forms ---- */

static const struct { const char *name, *also; } form_name[FORM_COUNT] = {
	[FORM_CSV] = { "csv", "csv" }, [FORM_TSV] = { "tsv", "tab" },
	[FORM_MD] = { "md", "markdown" }, [FORM_TXT] = { "txt", "text" },
	[FORM_JSON] = { "json", "ndjson" }, [FORM_SVG] = { "svg", "svg" },
	[FORM_PNG] = { "png", "png" }, [FORM_PDF] = { "pdf", "pdf" },
	[FORM_HTML] = { "html", "htm" }, [FORM_XLSX] = { "xlsx", "xlsx" },
	[FORM_PROM] = { "prom", "openmetrics" },
};

static int
form_named(const char *name)
{
	int f;

	for (f = 0; f < FORM_COUNT; f++)
		if (strcasecmp(name, form_name[f].name) == 0 ||
		    strcasecmp(name, form_name[f].also) == 0)
			return f;
	return -1;
}

/* The forms of a subject in a message: "csv, tsv or json". */
static const char *
forms_of(const struct subject *s, char *out, size_t size)
{
	size_t at = 0;
	int f, left = 0;

	out[0] = '\0';
	for (f = 0; f < FORM_COUNT; f++)
		left += s->forms >> f & 1;
	for (f = 0; f < FORM_COUNT && at < size; f++)
		if (s->forms >> f & 1)
			at += (size_t)snprintf(out + at, size - at, "%s%s",
			    form_name[f].name, --left > 1 ? ", " :
			    left == 1 ? " or " : "");
	return out;
}

/* -f, else the ending of -o, else what is usual. Returns it, or -1 with the
 * exit code in *status. */
static int
choose_form(const struct subject *s, int *status)
{
	const char *name = o.form, *base, *dot;
	char list[128];
	int f;

	if (!name && fo.output) {
		base = strrchr(fo.output, '/');
		dot = strrchr(base ? base : fo.output, '.');
		name = dot ? dot + 1 : NULL;
	}
	f = name ? form_named(name) : (int)s->usual;
	if (f >= 0 && (s->forms >> f & 1))
		return f;
	*status = opt_wrong(&cmd, "%s comes as %s, not as %s%s", s->name,
	    forms_of(s, list, sizeof list), o.form ? "" : ".", name);
	return -1;
}

/* ---- the run ---- */

struct run {
	struct report report;
	const struct subject *subject;
	enum form form;
};

static int
on_record(void *ctx, void *worker, const struct record *rec,
    struct emit *emit, struct fail *why)
{
	struct run *run = ctx;
	int r = docs_take(&run->report.docs, rec->val, why);

	(void)worker;
	if (r < 0 && why->code == EXIT_DATA)
		return filter_reject(emit, rec, NULL, "document", "%s",
		    why->text);
	if (r < 0 || r == 1)
		return r < 0 ? -1 : FILTER_USED;
	if (run->subject->row)
		return run->subject->row(&run->report, rec, emit, why);
	run->report.docs.rows_left_out += r == 0;
	return FILTER_DROPPED;
}

/* Text, Markdown: the sentence, then each table under its title. */
static void
put_texts(struct buf *b, const struct table *t, size_t n, enum form form,
    const char *lead)
{
	bool md = form == FORM_MD;
	struct text_style text;
	size_t i;

	text_style_for(&text, fo.output ? -1 : STDOUT_FILENO);
	if (md && *lead)
		text_markdown_lead(b, lead);
	else if (*lead)
		text_lead(b, lead, &text);
	for (i = 0; i < n; i++) {
		if (i)
			buf_putc(b, '\n');
		if (md)
			text_markdown(b, &t[i]);
		else
			text_table(b, &t[i], &text);
	}
}

static int
put_tables(struct buf *b, const struct table *t, size_t n, enum form form,
    const char *lead, struct fail *why)
{
	struct sheet_about about = { o.title, lead,
	    clock_is_fixed() ? clock_now() : UNDATED };
	struct csv_style csv = o.csv;

	switch (form) {
	case FORM_TXT:
	case FORM_MD:
		put_texts(b, t, n, form, lead);
		return 0;
	case FORM_XLSX:
		return sheet_book(b, t, n, &about, why);
	default:
		csv.tsv = form == FORM_TSV;
		csv_table(b, t, &csv);
		return 0;
	}
}

static int
write_table(struct run *run, struct emit *emit, struct fail *why)
{
	struct buf lead = BUF_INIT(BUF_DOC);
	struct table *t;
	size_t n;
	int r;

	if (report_tables(&run->report, run->subject, &t, &n, why) < 0)
		return -1;
	if (o.title || n == 1)
		t[0].title = o.title;
	r = run->subject->lead ? run->subject->lead(&run->report, &lead, why) :
	    0;
	if (r == 0)
		r = put_tables(&emit->out, t, n, run->form, buf_str(&lead),
		    why);
	emit->n += table_rows(t);
	buf_free(&lead);
	report_tables_free(t, n);
	return r;
}

static int
on_end(void *ctx, struct emit *emit, struct fail *why)
{
	static const enum plot_form drawn[FORM_COUNT] = {
		[FORM_SVG] = PLOT_SVG, [FORM_PNG] = PLOT_PNG,
		[FORM_PDF] = PLOT_PDF,
	};
	struct run *run = ctx;

	if (run->report.docs.rows_left_out)
		msg_note("%" PRIu64 " records that are no documents (without "
		    "\"kind\") left out", run->report.docs.rows_left_out);
	switch (run->form) {
	case FORM_JSON:
		return run->subject->json(&run->report, emit, why);
	case FORM_SVG:
	case FORM_PNG:
	case FORM_PDF:
		emit->n++;
		return run->subject->picture(&run->report, drawn[run->form],
		    &emit->out, why);
	case FORM_HTML:
		emit->n++;
		return report_page(&run->report, run->subject, &emit->out,
		    why);
	case FORM_PROM:
		emit->n++;
		return metrics_write(&run->report, &emit->out, why);
	default:
		return write_table(run, emit, why);
	}
}

/* Bytes that are no text do not belong on a terminal. */
static bool
unfit_for_terminal(enum form form)
{
	return (form == FORM_PNG || form == FORM_PDF || form == FORM_XLSX) &&
	    !fo.output && isatty(STDOUT_FILENO);
}

/* SOURCE_DATE_EPOCH, seconds since 1970, is what reproducible builds say the
 * present is; --now and GC_NOW say it better. */
static const char *
present(char out[TIME_MAX])
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH"),
	    *now = getenv("GC_NOW");
	int64_t s;

	if ((now && *now) || !epoch ||
	    num_int(epoch, 0, INT64_C(253402300799), &s) < 0)
		return NULL;
	return time_format(out, s * 1000);
}

static int
on_previous(void *ctx, const struct record *rec, struct fail *why)
{
	return docs_take(ctx, rec->val, why) < 0 ? -1 : 0;
}

/* The documents of --previous: of a file, or those of a run in its folder. */
static int
read_previous(struct docs *d, struct fail *why)
{
	struct buf path = BUF_INIT(BUF_PATH);
	struct stat st;
	int k, bad = 0;

	if (!o.previous)
		return 0;
	if (stat(o.previous, &st) == 0 && !S_ISDIR(st.st_mode))
		return filter_each(o.previous, on_previous, d, why);
	for (k = DOC_EVALUATION; k <= DOC_CONFUSION && !bad; k++) {
		buf_clear(&path);
		buf_addf(&path, "%s/%s.json", o.previous, doc_name[k]);
		if (access(buf_str(&path), R_OK) == 0)
			bad = filter_each(buf_str(&path), on_previous, d, why);
	}
	if (!bad && !d->doc[DOC_EVALUATION].len && !d->doc[DOC_CONFUSION].len)
		bad = fail(why, EXIT_USAGE, "%s holds no evaluation.json and "
		    "no confusion.json", o.previous);
	buf_free(&path);
	return bad;
}

static const struct subject *
subject_named(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(subjects); i++)
		if (strcmp(name, subjects[i]->name) == 0)
			return subjects[i];
	return NULL;
}

int
main(int argc, char **argv)
{
	struct filter f = { .opts = &fo, .record = on_record, .end = on_end };
	struct run run;
	struct fail why;
	char now[TIME_MAX];
	int first, status, form;

	first = opt_parse(&cmd, argc, argv, &status);
	if (first < 0)
		return status;
	if (first == argc)
		return opt_wrong(&cmd, "say what: summary, matrix, drift, "
		    "frequency, trend, dashboard or metrics");
	run.subject = subject_named(argv[first]);
	if (!run.subject)
		return opt_wrong(&cmd, "there is no report '%s'",
		    argv[first]);
	if ((form = choose_form(run.subject, &status)) < 0)
		return status;
	run.form = (enum form)form;
	if (unfit_for_terminal(run.form))
		return opt_wrong(&cmd, "this is no text for a terminal: say "
		    "-o FILE");
	if (!fo.now)
		fo.now = present(now);
	o.top = top ? (uint32_t)top : UINT32_MAX;
	report_init(&run.report, &o);
	run.report.narrow = run.form == FORM_TXT || run.form == FORM_MD ||
	    run.form == FORM_HTML;
	run.report.full = run.report.narrow || run.form == FORM_XLSX ||
	    o.intervals;
	if (trend_open(&run.report.trend, &o, &why) < 0 ||
	    read_previous(&run.report.before, &why) < 0) {
		report_free(&run.report);
		return msg_fail(&why);
	}
	f.ctx = &run;
	f.files = argv + first + 1;
	f.nfiles = argc - first - 1;
	status = filter_run(&f);
	report_free(&run.report);
	return status;
}
