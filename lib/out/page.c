/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out/page.h"
#include "base/share.h"
#include "json/jq.h"

struct page {
	struct buf *b;
	bool not_a_string;
};

static int
on_value(void *ctx, struct json_val v)
{
	struct page *page = ctx;

	if (json_type(v) != JSON_STRING)
		page->not_a_string = true;
	return page->not_a_string || json_decode(v, page->b) < 0;
}

/* The program: the common definitions, then the page's own text. */
static int
read_program(struct buf *program, const char *name, struct fail *why)
{
	struct buf part = BUF_INIT(BUF_PROG);
	char path[128];
	int r;

	snprintf(path, sizeof path, "reports/%s.jq", name);
	r = share_read(program, "reports/page.jq", why);
	if (r == 0)
		r = share_read(&part, path, why);
	if (r == 0 && (buf_putc(program, '\n') < 0 ||
	    buf_add(program, part.p, part.len) < 0))
		r = fail(why, EXIT_USAGE, "%s is too long", path);
	buf_free(&part);
	return r;
}

int
page_run(struct buf *b, const char *name, const char *json, size_t n,
    struct fail *why)
{
	struct buf program = BUF_INIT(BUF_PROG);
	struct page page = { b, false };
	struct jq *jq = NULL;
	char what[96];
	int r;

	snprintf(what, sizeof what, "page %s", name);
	r = read_program(&program, name, why);
	if (r == 0)
		r = jq_open(&jq, buf_str(&program), what, NULL, why);
	if (r == 0)
		r = jq_run(jq, json, n, on_value, &page, why);
	if (r >= 0 && page.not_a_string)
		r = fail(why, EXIT_DATA, "%s: a result is no string", what);
	else if (r >= 0 && b->err)
		r = fail(why, EXIT_MACHINE, "%s: too large for memory", what);
	jq_close(jq);
	buf_free(&program);
	return r < 0 ? -1 : 0;
}
