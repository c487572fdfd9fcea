/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/edit.h"
#include "net/detect.h"
#include "net/url.h"

#define NUMBER "pageNumber|pageSize"

static bool
body_has(const struct detect *d, const char *path)
{
	struct json_val v;

	return d->body.p && json_path(d->body, path, &v);
}

static bool
query_has(const struct detect *d, const char *name)
{
	struct url_part part;

	return url_query_get(d->url, name, &part);
}

/* Of an answer that holds one list: does a count at a path say that there is
 * more than that page of it? */
static bool
counts_more(const struct answer *a, const char *path)
{
	struct json_iter it = json_iter(a->v), in;
	struct json_val list = { NULL, 0 };
	int64_t all, here = 0;

	while (json_next(&it))
		if (json_type(it.val) == JSON_ARRAY) {
			if (list.p)
				return false;
			list = it.val;
		}
	if (!list.p || !answer_number(a, path, &all))
		return false;
	for (in = json_iter(list); json_next(&in); )
		here++;
	return all > here;
}

/* Does it have one list, and a count of pages? */
static bool
counts_pages(const struct answer *a)
{
	struct json_iter it = json_iter(a->v);
	int64_t n;
	int lists = 0;

	while (json_next(&it))
		lists += json_type(it.val) == JSON_ARRAY;
	return lists == 1 && answer_number(a, "pageCount", &n) && n > 1;
}

static const char *
detect_post(const struct detect *d, const struct answer *a)
{
	int64_t n;

	if (answer_has_word(a, "nextPageUri"))
		return "nextpageuri";
	if (answer_has_word(a, "cursor"))
		return "cursor";
	if (answer_has_word(a, "after") || answer_has_word(a, "cursors.after"))
		return "after-body";
	if (body_has(d, "paging") || answer_number(a, "totalHits", &n))
		return "page-body";
	if (body_has(d, "offset") || (answer_number(a, "offset", &n) &&
	    answer_number(a, "totalCount", &n)))
		return "offset";
	if (body_has(d, "pageNumber") || (answer_number(a, "pageNumber", &n) &&
	    answer_number(a, "pageCount|total", &n)))
		return "search";
	if (answer_has_word(a, "nextUri"))
		return "nexturi";
	if (counts_pages(a))
		return "search";
	return counts_more(a, "totalCount") ? "offset" : "none";
}

/* Are pages numbered? Where the answer names the next one's address, that
 * says whether by number: a list may count its pages and turn them by key. */
static bool
is_numbered(const struct answer *a)
{
	struct buf uri = BUF_INIT(BUF_LINE);
	struct url_part part;
	struct json_val v;
	bool numbered;
	int64_t n;

	if (!answer_number(a, "pageCount", &n) ||
	    (!answer_number(a, NUMBER, &n) && !counts_pages(a)))
		return false;
	if (!answer_get(a, "nextUri", &v) || !answer_is_word(v))
		return true;
	numbered = json_decode(v, &uri) == 0 &&
	    url_query_get(buf_str(&uri), "pageNumber", &part);
	buf_free(&uri);
	return numbered;
}

/* A search by GET has its whole query in one parameter, the page's number
 * too: only the service's own address leads on. A key may begin with a slash as
 * well, but has no query. */
static bool
has_page_address(const struct answer *a)
{
	struct json_val v;

	return answer_get(a, "nextPage", &v) && json_type(v) == JSON_STRING &&
	    ((v.p[1] == '/' && memchr(v.p, '?', v.n)) ||
	    strncmp(v.p + 1, "http://", 7) == 0 ||
	    strncmp(v.p + 1, "https://", 8) == 0);
}

static const char *
detect_get(const struct detect *d, const struct answer *a)
{
	int64_t n;

	if (answer_has_word(a, "nextPageUri"))
		return "nextpageuri";
	if (has_page_address(a))
		return "search-uri";
	if (is_numbered(a))
		return "page";
	if (answer_number(a, "startIndex", &n) &&
	    answer_number(a, "totalResults", &n))
		return "scim";
	if (answer_has_word(a, "nextUri"))
		return "nexturi";
	if (answer_has_word(a, "cursor"))
		return "cursor";
	if (answer_has_word(a, "cursors.after"))
		return "cursors";
	if (answer_has_word(a, "after"))
		return "after";
	if (answer_has_word(a, "nextPage"))
		return "nextpage";
	if (answer_number(a, "totalCount|total", &n) &&
	    (answer_number(a, "offset", &n) || query_has(d, "offset")))
		return "offset";
	if (answer_number(a, "totalHits|total|totalCount|totalResults", &n) &&
	    (answer_number(a, NUMBER, &n) || query_has(d, "pageNumber") ||
	    query_has(d, "pageSize")))
		return "page";
	if (counts_more(a, "totalHits"))
		return "page";
	return counts_more(a, "totalCount") ? "offset" : "none";
}

const char *
detect_style(const struct detect *d, const struct answer *a)
{
	switch (json_type(a->v)) {
	case JSON_ARRAY:
		return "array";
	case JSON_OBJECT:
		return d->post ? detect_post(d, a) : detect_get(d, a);
	default:
		return "none";
	}
}
