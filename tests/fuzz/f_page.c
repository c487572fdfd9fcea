/* SPDX-License-Identifier: GPL-3.0-or-later */
/* f_page.c -- any answers to any style of paging end, and spoil no request.
 *
 * Input: a byte that chooses the style (or none), then lines: the request's
 * body (empty: a GET), then answers. Lines that are no JSON are left out.
 */
#include "net/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* The next line of the text at *p, NUL-ended in b. */
static bool
line(const char **p, const char *end, struct buf *b)
{
	const char *nl;

	if (*p >= end)
		return false;
	nl = memchr(*p, '\n', (size_t)(end - *p));
	if (!nl)
		nl = end;
	buf_clear(b);
	buf_add(b, *p, (size_t)(nl - *p));
	*p = nl + 1;
	return true;
}

/* What holds after every step, whatever came. */
static void
check(struct page *p, int more, bool body_was_json)
{
	if (p->total < -1 && p->style.kind == STYLE_ONE && !p->has_list)
		abort();
	if (p->has_list && json_type(p->list) != JSON_ARRAY)
		abort();
	if (more > 0 && strncmp(buf_str(&p->url), "http", 4) != 0 &&
	    p->style.kind != STYLE_LINK)
		abort();
	if (p->post && body_was_json &&
	    json_check(buf_str(&p->body), p->body.len, NULL, NULL) < 0)
		abort();
}

/* A state that was written can be read. */
static void
save_and_load(const struct page *p)
{
	struct buf b = BUF_INIT(BUF_LINE);
	struct json_val v;
	struct page q;

	page_save(p, &b);
	if (json_check(buf_str(&b), b.len, &v, NULL) < 0 ||
	    page_open(&q, NULL, NULL) < 0 || page_load(&q, v, NULL) < 0 ||
	    q.records != p->records || q.post != p->post)
		abort();
	page_free(&q);
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *p = (const char *)data, *end = p + n, *how = NULL;
	struct buf b = BUF_INIT(BUF_LINE);
	struct page page;
	struct json_val v;
	bool is_json;
	int more = 1;

	if (n < 1)
		return 0;
	if (*p >= 0 && *p < 64)
		how = style_name((size_t)*p);
	p++;
	if (page_open(&page, how, NULL) < 0)
		abort();
	if (!line(&p, end, &b))
		b.len = 0;
	is_json = json_check(buf_str(&b), b.len, &v, NULL) == 0;
	if (page_begin(&page, "https://api.x.com/api/v2/x?a=1", b.len > 0,
	    b.p, b.len, NULL) < 0)
		abort();
	while (more > 0 && line(&p, end, &b)) {
		if (json_check(buf_str(&b), b.len, &v, NULL) < 0)
			continue;
		more = page_next(&page, v, -1, NULL);
		check(&page, more, is_json);
		if (more > 0)
			save_and_load(&page);
	}
	page_free(&page);
	buf_free(&b);
	return 0;
}
