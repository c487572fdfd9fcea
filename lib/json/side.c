/* SPDX-License-Identifier: GPL-3.0-or-later */
/* side.c -- filter_each(): a file of records beside the input, without the
 * frame of a program. */
#include "json/filter.h"
#include "base/stop.h"
#include "json/block.h"
#include "json/lines.h"

struct side {
	int (*on_record)(void *ctx, const struct record *rec,
	    struct fail *why);
	void *ctx;
	struct json_block *block;
	struct run run;
};

/* One line of a run. */
static int
one_line(struct side *s, struct record *rec, enum json_block_kind kind,
    struct json_line *line, struct fail *why)
{
	char say[80];

	rec->val = line->val;
	rec->members = line->members;
	rec->line = line->p;
	rec->len = line->n;
	if (kind == BLOCK_BLANK)
		return 0;
	if (kind == BLOCK_BAD) {
		json_err_say(&line->err, line->p, say, sizeof say);
		return fail(why, EXIT_DATA, "%s:%" PRIu64 ":%zu: %s", rec->file,
		    rec->number, line->err.offset + 1, say);
	}
	if (s->on_record(s->ctx, rec, why) == 0)
		return 0;
	return why ? fail_prefix(why, "%s:%" PRIu64, rec->file, rec->number) :
	    -1;
}

static int
one_run(struct side *s, struct fail *why)
{
	enum json_block_kind kind;
	struct json_line line;
	struct record rec;

	if (stop_asked())
		return fail(why, EXIT_MACHINE, "interrupted");
	if (s->run.too_long)
		return fail(why, EXIT_DATA, "%s:%" PRIu64 ": record of %" PRIu64
		    " bytes is longer than %zu", s->run.file, s->run.first,
		    s->run.too_long, BUF_RECORD);
	memset(&rec, 0, sizeof rec);
	rec.file = s->run.file;
	rec.number = s->run.first;
	json_block_set(s->block, s->run.p, s->run.n);
	for (; (kind = json_block_next(s->block, &line)) != BLOCK_END;
	    rec.number++)
		if (one_line(s, &rec, kind, &line, why) < 0)
			return -1;
	return 0;
}

int
filter_each(const char *path, int (*on_record)(void *ctx,
    const struct record *rec, struct fail *why), void *ctx, struct fail *why)
{
	struct side s = { .on_record = on_record, .ctx = ctx };
	char *files[1];
	struct lines in;
	int k = 0;

	files[0] = (char *)(uintptr_t)(path ? path : "-");
	if (lines_open(&in, files, 1, BUF_RECORD, why) < 0)
		return -1;
	if (json_block_open(&s.block, why) < 0)
		k = -1;
	while (k == 0 && (k = lines_next(&in, &s.run, why)) > 0)
		k = one_run(&s, why);
	json_block_close(s.block);
	free(s.run.p);
	lines_close(&in);
	return k;
}
