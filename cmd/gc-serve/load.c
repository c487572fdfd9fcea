/* SPDX-License-Identifier: GPL-3.0-or-later */
/* load.c -- the documents of a run. */
#include "serve.h"
#include "json/write.h"

#define FILE_MOST ((size_t)64 << 20)

int
load_file(struct buf *b, const struct run_folder *f, int which,
    struct fail *why)
{
	struct buf path = BUF_INIT(BUF_PATH);
	struct stat st;
	int fd, bad;

	buf_addf(&path, "%s/%s", f->path, run_file[which]);
	fd = open(buf_str(&path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
	    O_NONBLOCK);
	buf_free(&path);
	if (fd < 0)
		return fail_errno(why, "%s", run_file[which]);
	b->max = FILE_MOST;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		bad = fail(why, EXIT_MACHINE, "%s: no file",
		    run_file[which]);
	else if (buf_read_fd(b, fd) < 0)
		bad = fail_errno(why, "%s", run_file[which]);
	else
		bad = 0;
	close(fd);
	return bad;
}

static int
take(struct loaded *l, const struct buf *text, int which, struct fail *why)
{
	struct json_err err;
	struct json_val v;
	int r;

	if (json_check(text->p ? text->p : "", text->len, &v, &err) < 0)
		return fail(why, EXIT_DATA, "%s: byte %zu: %s",
		    run_file[which], err.offset + 1, err.text);
	r = docs_take(&l->report.docs, v, why);
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
	l->report.o = &l->settings;
	docs_init(&l->report.docs);
	frequency_init(&l->report.frequency);
	for (i = 0; f && i < DOC_KINDS; i++) {
		if (!f->time[i])
			continue;
		buf_clear(&text);
		if (load_file(&text, f, i, &why) == 0 &&
		    take(l, &text, i, &why) == 0)
			continue;
		if (problems.len)
			buf_putc(&problems, ',');
		json_cstr(&problems, why.text);
	}
	l->problems = problems;
	buf_free(&text);
}

void
load_close(struct loaded *l)
{
	docs_free(&l->report.docs);
	frequency_free(&l->report.frequency);
	buf_free(&l->problems);
}
