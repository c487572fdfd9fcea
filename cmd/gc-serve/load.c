/* SPDX-License-Identifier: GPL-3.0-or-later */
/* load.c -- the documents of a run, and what lies beside them. */
#include "serve.h"
#include "json/document.h"
#include "json/write.h"

#define FILE_MOST ((size_t)64 << 20)

static const char *
last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* A file's bytes; what is no file, or a link, is refused. */
static int
read_path(struct buf *b, const char *path, struct fail *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;
	int bad;

	if (fd < 0)
		return fail_errno(why, "%s", last_part(path));
	b->max = FILE_MOST;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		bad = fail(why, EXIT_MACHINE, "%s: no file", last_part(path));
	else if (buf_read_fd(b, fd) < 0)
		bad = fail_errno(why, "%s", last_part(path));
	else
		bad = 0;
	close(fd);
	return bad;
}

int
load_file(struct buf *b, const struct run_folder *f, int which,
    struct fail *why)
{
	struct buf path = BUF_INIT(BUF_PATH);
	int bad;

	buf_addf(&path, "%s/%s", f->path, run_file[which]);
	bad = read_path(b, buf_str(&path), why);
	buf_free(&path);
	return bad;
}

void
load_problem(struct loaded *l, const char *text)
{
	if (l->problems.len)
		buf_putc(&l->problems, ',');
	json_cstr(&l->problems, text);
}

static int
take(struct docs *to, const struct buf *text, int which, struct fail *why)
{
	struct json_val v;
	int r;

	if (json_document(text, run_file[which], EXIT_DATA, &v, why) < 0)
		return -1;
	r = docs_take(to, v, why);
	if (r < 0)
		return fail_prefix(why, "%s", run_file[which]);
	return r == 1 ? 0 : fail(why, EXIT_DATA, "%s: no document of a "
	    "known kind", run_file[which]);
}

void
load_open(struct loaded *l, const struct run_folder *f)
{
	struct buf text = BUF_INIT(FILE_MOST), problems = BUF_INIT(BUF_LINE);
	struct fail why;
	int i;

	memset(l, 0, sizeof *l);
	l->settings.processed = -1;
	l->settings.top = UINT32_MAX;
	l->settings.threshold = 0.75;
	report_init(&l->report, &l->settings);
	l->report.full = l->report.narrow = true;
	l->problems = problems;
	for (i = 0; f && i < RUN_DOCS; i++) {
		if (!f->time[i])
			continue;
		buf_clear(&text);
		if (load_file(&text, f, i, &why) < 0 ||
		    take(&l->report.docs, &text, i, &why) < 0)
			load_problem(l, why.text);
	}
	buf_free(&text);
}

void
load_before(struct loaded *l, const struct run_folder *f)
{
	struct buf text = BUF_INIT(FILE_MOST);
	struct fail why;
	int i;

	for (i = DOC_EVALUATION; f && i <= DOC_CONFUSION; i++) {
		buf_clear(&text);
		if (f->time[i] && load_file(&text, f, i, &why) == 0)
			(void)take(&l->report.before, &text, i, &why);
	}
	buf_free(&text);
}

/* ---- beside the runs ---- */

/* One line of a file of score records. */
static int
on_score(void *ctx, const struct record *rec, struct fail *why)
{
	struct loaded *l = ctx;

	return scores_take(&l->report.scores, rec->val, why) < 0 ? -1 : 0;
}

/* {"products":{text: n}, "issues": {...}, "total_interactions_processed"}. */
static int
take_frequency(struct loaded *l, struct json_val v, struct fail *why)
{
	struct json_iter groups = json_iter(v), it;
	struct buf name = BUF_INIT(BUF_LINE), text = BUF_INIT(BUF_RECORD);
	struct json_val total;
	int64_t n;
	int bad = 0;

	if (json_get(v, "total_interactions_processed", &total) &&
	    json_int(total, &n) && n >= 0)
		l->settings.processed = n;
	while (!bad && json_next(&groups)) {
		if (json_type(groups.val) != JSON_OBJECT)
			continue;
		buf_clear(&name);
		json_decode(groups.key, &name);
		if (name.len > 1 && name.p[name.len - 1] == 's')
			name.len--;
		for (it = json_iter(groups.val); !bad && json_next(&it);) {
			if (!json_int(it.val, &n) || n < 0) {
				bad = fail(why, EXIT_DATA, "a count is none");
				continue;
			}
			buf_clear(&text);
			json_decode(it.key, &text);
			bad = frequency_add(&l->report.frequency, buf_str(&name),
			    name.len, buf_str(&text), text.len, (uint64_t)n,
			    why);
		}
	}
	l->report.frequency.counts = true;
	buf_free(&name);
	buf_free(&text);
	return bad;
}

static int
take_side(struct loaded *l, const struct side_file *f, enum side which,
    struct fail *why)
{
	struct buf text = BUF_INIT(FILE_MOST);
	struct json_val v;
	int bad;

	if (which == SIDE_SCORES)
		return filter_each(f->path, on_score, l, why);
	bad = read_path(&text, f->path, why);
	if (!bad)
		bad = json_document(&text, last_part(f->path), EXIT_DATA, &v,
		    why);
	if (!bad && which == SIDE_FREQUENCY)
		bad = take_frequency(l, v, why);
	else if (!bad)
		bad = docs_take(&l->report.docs, v, why) < 0 ? -1 : 0;
	buf_free(&text);
	return bad;
}

void
load_side(struct loaded *l, const struct side_file *f, enum side which)
{
	struct fail why;

	if (f->path && take_side(l, f, which, &why) < 0)
		load_problem(l, why.text);
}

void
load_close(struct loaded *l)
{
	report_free(&l->report);
	buf_free(&l->problems);
}
