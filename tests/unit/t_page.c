/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/page.h"
#include "unit.h"

/* ==== A service ====
 *
 * Lists of the numbers 0 to total-1, in every style. It reads requests in a
 * way of its own, so that a mistake in page.c does not agree with itself. */

struct service {
	const char *style;      /* how it answers */
	const char *how;        /* what page_open() is told; NULL: nothing */
	const char *url;
	const char *body;       /* of the first request; NULL: GET */
	long total, size;
	bool terse;             /* leaves out what it can: no total */
	long cap;               /* gives no more than so many; 0: no cap */
};

/* The number behind a word of the text, or else d. */
static long
after_word(const char *text, const char *word, long d)
{
	const char *at = text ? strstr(text, word) : NULL;

	if (!at)
		return d;
	at += strlen(word);
	while (*at == '"' || *at == ':' || *at == '=' || *at == ' ')
		at++;
	return strtol(at, NULL, 10);
}

/* "name":[from,...] */
static void
list(struct buf *b, const char *name, long from, long n)
{
	long i;

	buf_addf(b, "\"%s\":[", name);
	for (i = 0; i < n; i++)
		buf_addf(b, "%s{\"id\":%ld}", i ? "," : "", from + i);
	buf_str_add(b, "]");
}

static void
counted(struct buf *b, const struct service *s, const char *url,
    const char *body, long from, long n)
{
	bool more = from + n < s->total;
	long page = from / s->size + 1, pages;

	pages = (s->total + s->size - 1) / s->size;
	if (strcmp(s->style, "page") == 0) {
		list(b, "entities", from, n);
		if (!s->terse)
			buf_addf(b, ",\"pageSize\":%ld,\"pageNumber\":%ld,"
			    "\"total\":%ld,\"pageCount\":%ld", s->size, page,
			    s->total, pages);
		/* names the last page too, as some lists do */
		buf_addf(b, ",\"nextUri\":%s", s->terse && !more ? "null" :
		    "\"/api/v2/users?pageNumber=99\"");
	} else if (strcmp(s->style, "page-body") == 0) {
		if (n > 0) {            /* past the end it is not there */
			list(b, "conversations", from, n);
			buf_str_add(b, ",");
		}
		buf_addf(b, "\"totalHits\":%ld", s->total);
	} else if (strcmp(s->style, "search") == 0) {
		list(b, "results", from, n);
		buf_addf(b, ",\"types\":[\"users\"],\"total\":%ld,"
		    "\"pageCount\":%ld,\"pageNumber\":%ld,\"nextPage\":\"x\"", s->total,
		    pages, page);
	} else if (strcmp(s->style, "scim") == 0) {
		list(b, "Resources", from, n);
		buf_addf(b, ",\"totalResults\":%ld,\"startIndex\":%ld,"
		    "\"itemsPerPage\":%ld", s->total, from + 1, n);
	} else {
		list(b, "byGroup", from, n);
		if (!s->terse)
			buf_addf(b, ",\"totalCount\":%ld,\"offset\":%ld",
			    s->total, from);
		if (!s->cap && !s->terse)
			buf_addf(b, ",\"pageSize\":%ld", s->size);
	}
	(void)url;
	(void)body;
}

static void
pointed(struct buf *b, const struct service *s, long from, long n)
{
	bool more = from + n < s->total;
	long next = from + n;

	list(b, strcmp(s->style, "cursor") == 0 ? "userDetails" : "entities",
	    from, n);
	if (strcmp(s->style, "cursor") == 0 && more)
		buf_addf(b, ",\"cursor\":\"a+/=%ld\"", next);
	if (strcmp(s->style, "cursors") == 0)
		buf_addf(b, more ? ",\"cursors\":{\"before\":null,\"after\":"
		    "\"a+/=%ld\"}" : ",\"cursors\":{\"before\":null}", next);
	if (strcmp(s->style, "after-body") == 0 && more)
		buf_addf(b, ",\"after\":\"\\u0061+/=%ld\"", next);
	if (strcmp(s->style, "after") == 0)
		buf_addf(b, more ? ",\"nextUri\":\"/api/v2/x?pageSize=1&after="
		    "a%%2B/%%3D%ld&x=1\"" : ",\"nextUri\":null", next);
	if (strcmp(s->style, "nextpage") == 0 && more)
		buf_addf(b, ",\"nextUri\":\"/api/v2/x?nextPage=a%%2B/%%3D%ld\""
		    ",\"total\":1", next);
	if (strcmp(s->style, "nexturi") == 0 && more)
		buf_addf(b, ",\"nextUri\":\"/api/v2/x?at=a+/=%ld&b=%%7C\"",
		    next);
	if (strcmp(s->style, "nextpageuri") == 0)
		buf_addf(b, more ? ",\"nextPageUri\":"
		    "\"https://api.x.com/api/v2/a/next?at=a+/=%ld\"" :
		    ",\"nextPageUri\":null", next);
	if (strcmp(s->style, "cursor-in-uri") == 0)
		buf_addf(b, more ? ",\"nextPageUri\":\"https://other.x.com/q?"
		    "cursor=a%%2B%%2F%%3D%ld&limit=1&type=other\"" :
		    ",\"nextPageUri\":\"\"", next);
}

/* Answers a request. Returns the first item's number. */
static long
serve(struct buf *b, const struct service *s, const char *url,
    const char *body)
{
	long from = 0, n, word;
	const char *both[2] = { url, body };
	int i;

	for (i = 0; i < 2; i++) {
		word = after_word(both[i], "pageNumber", 0);
		if (word > 0)
			from = (word - 1) * s->size;
		word = after_word(both[i], "startIndex", 0);
		if (word > 0)
			from = word - 1;
		from = after_word(both[i], "offset", from);
		/* cursors: the words a client must hand back to the byte */
		from = after_word(both[i], "cursor=a%2B%2F%3D", from);
		from = after_word(both[i], "after=a%2B%2F%3D", from);
		from = after_word(both[i], "after=a%2B/%3D", from);
		from = after_word(both[i], "nextPage=a%2B/%3D", from);
		from = after_word(both[i], "at=a+/=", from);
		from = after_word(both[i], "\"cursor\":\"a+/=", from);
		from = after_word(both[i], "\"after\":\"\\u0061+/=", from);
		from = after_word(both[i], "\"after\":\"a+/=", from);
	}
	n = s->cap && s->cap < s->size ? s->cap : s->size;
	if (from + n > s->total)
		n = s->total > from ? s->total - from : 0;
	buf_str_add(b, "{");
	if (strcmp(s->style, "page") == 0 || strcmp(s->style, "scim") == 0 ||
	    strcmp(s->style, "search") == 0 ||
	    strcmp(s->style, "page-body") == 0 ||
	    strcmp(s->style, "offset") == 0)
		counted(b, s, url, body, from, n);
	else
		pointed(b, s, from, n);
	buf_str_add(b, "}");
	return from;
}

/* ==== A client ==== */

struct run {
	long requests, records;
	bool in_order;
	int r;
	struct page p;
	struct fail why;
	struct buf urls;        /* of all requests, a line each */
};

static struct json_val
value(const char *text, size_t n)
{
	struct json_val v;

	assert_int_equal(json_check(text, n, &v, NULL), 0);
	return v;
}

static void
fetch(struct run *r, const struct service *s)
{
	const struct buf line = BUF_INIT(BUF_DOC);
	struct buf b = BUF_INIT(BUF_LINE);

	memset(r, 0, sizeof *r);
	r->urls = line;
	r->in_order = true;
	assert_int_equal(page_open(&r->p, s->how, &r->why), 0);
	assert_int_equal(page_begin(&r->p, s->url, s->body != NULL, s->body,
	    s->body ? strlen(s->body) : 0, &r->why), 0);
	do {
		struct json_iter it;
		struct json_val id;
		long from;

		assert_true(r->requests++ < 1000);
		buf_addf(&r->urls, "%s %s\n", buf_str(&r->p.url),
		    r->p.post ? buf_str(&r->p.body) : "");
		buf_clear(&b);
		from = serve(&b, s, buf_str(&r->p.url),
		    r->p.post ? buf_str(&r->p.body) : NULL);
		r->r = page_next(&r->p, value(b.p, b.len), -1, &r->why);
		if (r->r < 0)
			break;
		assert_true(r->p.has_list);
		if (from != r->records)
			r->in_order = false;
		for (it = json_iter(r->p.list); json_next(&it); ) {
			assert_true(json_get(it.val, "id", &id));
			if (json_double(id) != (double)r->records++)
				r->in_order = false;
		}
	} while (r->r > 0);
	buf_free(&b);
}

static void
run_free(struct run *r)
{
	page_free(&r->p);
	buf_free(&r->urls);
}

/* Every total and page size: all records, each once, in order, with not one
 * request more than pages. */
static void
fetch_all(const char *style, const char *how, const char *url,
    const char *body)
{
	static const long sizes[] = { 1, 2, 5, 25 };
	char u[200], t[200];
	long total;
	size_t i;

	for (i = 0; i < COUNT(sizes); i++)
		for (total = 0; total <= 26; total++) {
			struct service s = { style, how, u, body ? t : NULL,
			    total, sizes[i], false, 0 };
			long pages = (total + sizes[i] - 1) / sizes[i];
			struct run r;

			snprintf(u, sizeof u, url, sizes[i]);
			if (body)
				snprintf(t, sizeof t, body, sizes[i]);
			fetch(&r, &s);
			if (r.r != 0 || !r.in_order || r.records != total ||
			    r.requests != (pages ? pages : 1))
				fail_msg("%s%s, %ld of %ld: %ld records by %ld "
				    "requests: %s\n%s", style, how ? "" :
				    " (found out)", total, sizes[i], r.records,
				    r.requests, r.why.text, buf_str(&r.urls));
			assert_int_equal(r.p.records, total);
			assert_int_equal(r.p.pages, r.requests);
			run_free(&r);
		}
}

#define API "https://api.x.com/api/v2"

static void
every_style_by_name(void **state)
{
	(void)state;
	fetch_all("page", "page", API "/users?pageSize=%ld", NULL);
	fetch_all("page-body", "page-body", API "/q",
	    "{\"interval\":\"x\",\"paging\":{\"pageSize\":%ld}}");
	fetch_all("search", "search", API "/s", "{\"pageSize\":%ld}");
	fetch_all("cursor", "cursor", API "/r?pageSize=%ld", NULL);
	fetch_all("cursor", "job", API "/r?pageSize=%ld", NULL);
	fetch_all("cursor", "cursor", API "/r", "{\"size\":%ld}");
	fetch_all("cursors", "cursors", API "/c?limit=%ld", NULL);
	fetch_all("after", "after", API "/t?pageSize=%ld", NULL);
	fetch_all("after-body", "after-body", API "/t", "{\"pageSize\":%ld}");
	fetch_all("after-body", "after", API "/t?pageSize=%ld", NULL);
	fetch_all("nextpage", "nextpage", API "/p?pageSize=%ld", NULL);
	fetch_all("nexturi", "nexturi", API "/x?pageSize=%ld", NULL);
	fetch_all("nextpageuri", "nextpageuri", API "/a", "{\"size\":%ld}");
	fetch_all("cursor-in-uri", "cursor-in-uri",
	    API "/interactions?type=webchat&limit=%ld", NULL);
	fetch_all("scim", "scim", API "/scim/Users?count=%ld", NULL);
	fetch_all("offset", "offset", API "/o", "{\"size\":%ld,\"offset\":0}");
	fetch_all("offset", "offset", API "/o?limit=%ld", NULL);
}

static void
every_style_found_out(void **state)
{
	(void)state;
	fetch_all("page", NULL, API "/users?pageSize=%ld", NULL);
	fetch_all("page-body", NULL, API "/q",
	    "{\"interval\":\"x\",\"paging\":{\"pageSize\":%ld}}");
	fetch_all("page-body", NULL, API "/q", "{\"x\":%ld}");
	fetch_all("search", NULL, API "/s", "{\"pageSize\":%ld}");
	fetch_all("cursor", NULL, API "/r?pageSize=%ld", NULL);
	fetch_all("cursor", NULL, API "/r", "{\"size\":%ld}");
	fetch_all("cursors", NULL, API "/c?limit=%ld", NULL);
	fetch_all("after", NULL, API "/t?at=a+/=0&pageSize=%ld", NULL);
	fetch_all("after-body", NULL, API "/t", "{\"pageSize\":%ld}");
	fetch_all("nextpage", NULL, API "/p?pageSize=%ld", NULL);
	fetch_all("nexturi", NULL, API "/x?pageSize=%ld", NULL);
	fetch_all("nextpageuri", NULL, API "/a", "{\"size\":%ld}");
	fetch_all("scim", NULL, API "/scim/Users?count=%ld", NULL);
	fetch_all("offset", NULL, API "/o", "{\"size\":%ld,\"offset\":0}");
	fetch_all("offset", NULL, API "/o?offset=0&limit=%ld", NULL);
}

/* Where nobody tells the total, an empty page is the only end. */
static void
without_a_total_it_goes_on_to_the_end(void **state)
{
	struct service s = { "offset", "offset", API "/o",
	    "{\"size\":10}", 25, 10, true, 0 };
	struct run r;

	(void)state;
	fetch(&r, &s);
	assert_int_equal(r.r, 0);
	assert_int_equal(r.records, 25);
	assert_int_equal(r.p.total, -1);
	run_free(&r);
	s.style = s.how = "page";
	s.url = API "/users?pageSize=10";
	s.body = NULL;
	fetch(&r, &s);                  /* no count, but nextUri ends */
	assert_int_equal(r.records, 25);
	assert_int_equal(r.requests, 3);
	run_free(&r);
}

/* Asked for 10, it gives 4 at a time and does not say so. */
static void
a_page_smaller_than_asked_for_loses_nothing(void **state)
{
	struct service s = { "offset", "offset", API "/o",
	    "{\"size\":10,\"offset\":0}", 25, 10, false, 4 };
	struct run r;

	(void)state;
	fetch(&r, &s);
	assert_int_equal(r.r, 0);
	assert_true(r.in_order);
	assert_int_equal(r.records, 25);
	assert_int_equal(r.requests, 7);
	run_free(&r);
}

static void
starts_where_the_request_says(void **state)
{
	struct service s = { "page-body", NULL, API "/q",
	    "{\"paging\":{\"pageSize\":10,\"pageNumber\":3}}", 25, 10, false,
	    0 };
	struct run r;

	(void)state;
	fetch(&r, &s);
	assert_int_equal(r.requests, 1);
	assert_int_equal(r.p.records, 5);
	run_free(&r);
	s.style = "offset";
	s.body = "{\"size\":10,\"offset\":10}";
	fetch(&r, &s);
	assert_int_equal(r.requests, 2);
	assert_int_equal(r.p.records, 15);
	run_free(&r);
}

static void
only_the_parameter_changes(void **state)
{
	struct service s = { "page-body", NULL, API "/q?x=%7c&y",
	    "{ \"n\" : 1.0,\"paging\":{ \"pageNumber\" : 1 , \"pageSize\":10 },"
	    "\"z\":9007199254740993 }", 25, 10, false, 0 };
	struct run r;

	(void)state;
	fetch(&r, &s);
	assert_string_equal(buf_str(&r.p.url), API "/q?x=%7c&y");
	assert_string_equal(buf_str(&r.p.body),
	    "{ \"n\" : 1.0,\"paging\":{ \"pageNumber\" : 3 , \"pageSize\":10 },"
	    "\"z\":9007199254740993 }");
	run_free(&r);
	s.style = "page";
	s.url = API "/users?a=%7c&pageNumber=1&expand=b,c&pageSize=10";
	s.body = NULL;
	fetch(&r, &s);
	assert_string_equal(buf_str(&r.p.url), API
	    "/users?a=%7c&pageNumber=3&expand=b,c&pageSize=10");
	run_free(&r);
}

/* ==== The tutorials' own defects ==== */

/* It split at "cursor=", took what followed with it, and decoded nothing. */
static void
defect_the_cursor_swallowed_the_parameters_behind_it(void **state)
{
	struct service s = { "cursor-in-uri", "cursor-in-uri",
	    API "/interactions?type=webchat&status=completed&limit=10", NULL,
	    20, 10, false, 0 };
	struct run r;

	(void)state;
	fetch(&r, &s);
	assert_string_equal(buf_str(&r.p.url), API
	    "/interactions?type=webchat&status=completed&limit=10"
	    "&cursor=a%2B%2F%3D10");
	run_free(&r);
}

/* CSAT was read from the first page only. */
static void
defect_only_the_first_page_of_a_post_was_read(void **state)
{
	struct service s = { "offset", NULL, API "/surveys/summary/query",
	    "{\"metrics\":[\"csat\"],\"size\":100,\"offset\":0}", 250, 100,
	    false, 0 };
	struct run r;

	(void)state;
	fetch(&r, &s);
	assert_int_equal(r.records, 250);
	assert_int_equal(r.requests, 3);
	assert_int_equal(r.p.total, 250);
	run_free(&r);
}

/* ==== One answer at a time ==== */

/* Gives one answer to a first request; the page is left for more. */
static int
answer(struct page *p, const char *how, const char *url, const char *body,
    const char *text, struct fail *why)
{
	assert_int_equal(page_open(p, how, why), 0);
	assert_int_equal(page_begin(p, url, body != NULL, body,
	    body ? strlen(body) : 0, why), 0);
	return page_next(p, value(text, strlen(text)), -1, why);
}

static void
a_single_thing_is_one_record(void **state)
{
	static const char *const things[] = {
		"{\"id\":\"x\",\"tags\":[1,2],\"status\":\"completed\"}",
		"{}", "\"text\"", "12", "null",
		"{\"conversations\":{\"a\":1}}"
	};
	struct fail why;
	struct page p;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(things); i++) {
		assert_int_equal(answer(&p, NULL, API "/bots/1", NULL,
		    things[i], &why), 0);
		assert_false(p.has_list);
		assert_int_equal(p.count, 0);
		assert_int_equal(p.total, -1);
		page_free(&p);
	}
}

static void
lists_are_found_by_their_names(void **state)
{
	static const char *const names[] = {
		"entities", "conversations", "results", "userDetails",
		"Resources", "byGroup"
	};
	struct fail why;
	struct page p;
	char text[200];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(names); i++) {
		snprintf(text, sizeof text, "{\"tags\":[1],\"%s\":[7,8, 9]}",
		    names[i]);
		assert_int_equal(answer(&p, NULL, API "/x", NULL, text, &why),
		    0);
		assert_true(p.has_list);
		assert_int_equal(p.count, 3);
		assert_int_equal(p.list.n, 8);
		assert_memory_equal(p.list.p, "[7,8, 9]", 8);
		page_free(&p);
	}
	assert_int_equal(answer(&p, NULL, API "/recordings", NULL,
	    " [ 1, 2 ] ", &why), 0);
	assert_int_equal(p.count, 2);
	assert_string_equal(p.style.name, "array");
	page_free(&p);
	/* no name that is known, but surely a list: its only array */
	assert_int_equal(answer(&p, NULL, API "/x", NULL, "{\"queues\":[1,2],"
	    "\"pageNumber\":1,\"pageCount\":2}", &why), 1);
	assert_int_equal(p.count, 2);
	page_free(&p);
}

static void
an_absent_list_is_an_empty_one(void **state)
{
	struct fail why;
	struct page p;

	(void)state;
	assert_int_equal(answer(&p, NULL, API "/q", "{\"paging\":{}}", "{}",
	    &why), 0);
	assert_true(p.has_list);
	assert_int_equal(p.count, 0);
	page_free(&p);
	assert_int_equal(answer(&p, NULL, API "/x", NULL,
	    "{\"entities\":null}", &why), 0);
	assert_true(p.has_list);
	page_free(&p);
}

static void
two_lists_are_named_in_the_error(void **state)
{
	struct fail why;
	struct page p;

	(void)state;
	assert_int_equal(answer(&p, NULL, API "/x", NULL, "{\"a\":[1],"
	    "\"b\":[2],\"nextUri\":\"/y\"}", &why), -1);
	assert_int_equal(why.code, EXIT_USAGE);
	assert_non_null(strstr(why.text, "\"a\" and \"b\""));
	page_free(&p);
}

static void
a_list_cut_short_keeps_its_total(void **state)
{
	struct fail why;
	struct page p;

	(void)state;
	assert_int_equal(answer(&p, "none", API "/x", NULL, "{\"entities\":"
	    "[1,2],\"total\":5}", &why), 0);
	assert_int_equal(p.total, 5);
	assert_int_equal(p.records, 2);
	page_free(&p);
}

static void
a_link_after_a_post_is_fetched_by_get(void **state)
{
	struct fail why;
	struct page p;

	(void)state;
	assert_int_equal(answer(&p, NULL, API "/archiving/query",
	    "{\"size\":100}", "{\"entities\":[1],\"nextPageUri\":"
	    "\"https://api.x.com/api/v2/archiving/next?t=a%2Fb+c\"}", &why), 1);
	assert_false(p.post);
	assert_int_equal(p.body.len, 0);
	assert_string_equal(buf_str(&p.url),
	    "https://api.x.com/api/v2/archiving/next?t=a%2Fb+c");
	page_free(&p);
}

static void
links_are_relative_or_absolute(void **state)
{
	static const char *const links[][2] = {
		{ "/api/v2/users?pageNumber=2", API "/users?pageNumber=2" },
		{ "?pageNumber=2", API "/users?pageNumber=2" },
		{ "https://evil.com/", "https://evil.com/" },
		{ "//evil.com/", "https://evil.com/" }
	};
	struct fail why;
	struct page p;
	char text[200];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(links); i++) {
		snprintf(text, sizeof text, "{\"entities\":[1],\"nextUri\":"
		    "\"%s\"}", links[i][0]);
		assert_int_equal(answer(&p, NULL, API "/users?a=b", NULL, text,
		    &why), 1);
		assert_string_equal(buf_str(&p.url), links[i][1]);
		page_free(&p);
	}
	assert_int_equal(answer(&p, NULL, API "/users", NULL,
	    "{\"entities\":[1],\"nextUri\":\"/a\\u0000b\"}", &why), -1);
	assert_int_equal(why.code, EXIT_SERVICE);
	page_free(&p);
	assert_int_equal(answer(&p, NULL, API "/users", NULL,
	    "{\"entities\":[1],\"nextUri\":\"/a\\nb\"}", &why), -1);
	page_free(&p);
}

static void
a_gateways_path_stands_before_the_services(void **state)
{
	static const char *const links[][2] = {
		{ "/api/v2/u?p=2", "https://gw/genesys/api/v2/u?p=2" },
		{ "/genesys/api/v2/u?p=2", "https://gw/genesys/api/v2/u?p=2" },
		{ "/genesysx/u", "https://gw/genesys/genesysx/u" },
		{ "?p=2", "https://gw/genesys/api/v2/u?p=2" },
		{ "https://gw/api", "https://gw/api" }
	};
	struct fail why;
	struct page p;
	char text[200];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(links); i++) {
		assert_int_equal(page_open(&p, NULL, &why), 0);
		p.prefix = "/genesys";
		assert_int_equal(page_begin(&p, "https://gw/genesys/api/v2/u",
		    false, NULL, 0, &why), 0);
		snprintf(text, sizeof text, "{\"entities\":[1],\"nextUri\":"
		    "\"%s\"}", links[i][0]);
		assert_int_equal(page_next(&p, value(text, strlen(text)), -1,
		    &why), 1);
		assert_string_equal(buf_str(&p.url), links[i][1]);
		page_free(&p);
	}
}

/* ==== Circles ==== */

static int
again(struct page *p, const char *text, struct fail *why)
{
	return page_next(p, value(text, strlen(text)), -1, why);
}

static void
a_cursor_that_comes_again_is_an_error(void **state)
{
	struct fail why;
	struct page p;

	(void)state;
	assert_int_equal(answer(&p, NULL, API "/x", NULL,
	    "{\"results\":[1],\"cursor\":\"a\"}", &why), 1);
	assert_int_equal(again(&p, "{\"results\":[2],\"cursor\":\"b\"}", &why),
	    1);
	assert_int_equal(again(&p, "{\"results\":[3],\"cursor\":\"a\"}", &why),
	    -1);
	assert_int_equal(why.code, EXIT_SERVICE);
	assert_non_null(strstr(why.text, "page 3 leads back"));
	page_free(&p);
	/* a link to itself */
	assert_int_equal(answer(&p, NULL, API "/x?a=1", NULL,
	    "{\"results\":[1],\"nextUri\":\"/api/v2/x?a=1\"}", &why), -1);
	page_free(&p);
}

static void
a_page_that_does_not_turn_is_an_error(void **state)
{
	const char *same = "{\"conversations\":[1,2],\"totalHits\":10}";
	struct fail why;
	struct page p;

	(void)state;
	assert_int_equal(answer(&p, NULL, API "/q", "{\"paging\":"
	    "{\"pageSize\":2}}", same, &why), 1);
	assert_int_equal(again(&p, same, &why), -1);
	assert_int_equal(why.code, EXIT_SERVICE);
	assert_non_null(strstr(why.text, "page 2 is the same"));
	page_free(&p);
}

static void
empty_pages_have_an_end(void **state)
{
	struct fail why;
	struct page p;
	char text[100];
	int i, r;

	(void)state;
	r = answer(&p, NULL, API "/x", NULL,
	    "{\"results\":[],\"cursor\":\"first\"}", &why);
	for (i = 0; r > 0 && i < 1000; i++) {
		snprintf(text, sizeof text, "{\"results\":[],\"cursor\":%d}",
		    i + 1);
		r = again(&p, text, &why);
	}
	assert_int_equal(r, -1);
	assert_int_equal(i, 100);
	assert_non_null(strstr(why.text, "without an item"));
	page_free(&p);
}

/* ==== Styles said by hand ==== */

static void
an_object_changes_cells_of_a_style(void **state)
{
	struct fail why;
	struct page p;

	(void)state;
	assert_int_equal(answer(&p, "{\"style\":\"cursor\",\"from\":"
	    "\"meta.next\",\"param\":\"scroll.id\",\"in\":\"body\"}",
	    API "/x", "{\"scroll\":{\"n\":5}}",
	    "{\"results\":[1],\"meta\":{\"next\":\"q\\\"\"}}", &why), 1);
	assert_string_equal(buf_str(&p.body),
	    "{\"scroll\":{\"n\":5,\"id\":\"q\\\"\"}}");
	page_free(&p);
	assert_int_equal(answer(&p, "{\"style\":\"page\",\"param\":\"p\","
	    "\"size\":\"n\",\"total\":\"hits\",\"first\":0}",
	    API "/x?n=2", NULL, "{\"hits\":4,\"results\":[1,2]}", &why), 1);
	assert_string_equal(buf_str(&p.url), API "/x?n=2&p=1");
	assert_int_equal(again(&p, "{\"hits\":4,\"results\":[3,4]}", &why), 0);
	assert_int_equal(p.total, 4);
	page_free(&p);
	assert_int_equal(answer(&p, "{\"style\":\"nexturi\",\"from\":"
	    "\"links.next|_links.next.href\"}", API "/x", NULL,
	    "{\"results\":[1],\"_links\":{\"next\":{\"href\":\"/y\"}}}", &why),
	    1);
	assert_string_equal(buf_str(&p.url), "https://api.x.com/y");
	page_free(&p);
	assert_int_equal(answer(&p, "\"none\"", API "/x", NULL,
	    "{\"results\":[1],\"nextUri\":\"/y\"}", &why), 0);
	page_free(&p);
}

static void
what_no_style_is_called_is_refused(void **state)
{
	static const char *const bad[] = {
		"pages", "", "{\"style\":\"x\"}", "{\"param\":\"p\"}", "{",
		"{\"style\":\"page\",\"parm\":\"p\"}",
		"{\"style\":\"page\",\"param\":1}",
		"{\"style\":\"page\",\"in\":\"header\"}",
		"{\"style\":\"page\",\"first\":0.5}",
		"{\"style\":\"page\",\"param\":\"\"}", "\"x", "\"pages\""
	};
	struct fail why;
	struct page p;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		why.code = 0;
		assert_int_equal(page_open(&p, bad[i], &why), -1);
		assert_int_equal(why.code, EXIT_USAGE);
		page_free(&p);
	}
	for (i = 0; style_name(i); i++) {
		assert_int_equal(page_open(&p, style_name(i), &why), 0);
		page_free(&p);
	}
	assert_int_equal(i, 18);
}

static void
a_style_that_needs_a_body_says_so(void **state)
{
	struct fail why;
	struct page p;

	(void)state;
	assert_int_equal(answer(&p, "page-body", API "/x", NULL,
	    "{\"conversations\":[1],\"totalHits\":9}", &why), -1);
	assert_int_equal(why.code, EXIT_USAGE);
	page_free(&p);
	assert_int_equal(answer(&p, "page-body", API "/x", "a=b",
	    "{\"conversations\":[1],\"totalHits\":9}", &why), -1);
	assert_int_equal(why.code, EXIT_USAGE);
	page_free(&p);
	assert_int_equal(answer(&p, "page-body", API "/x", "",
	    "{\"conversations\":[1],\"totalHits\":9}", &why), 1);
	assert_string_equal(buf_str(&p.body),
	    "{\"paging\":{\"pageNumber\":2}}");
	page_free(&p);
}

static void
the_caller_may_count_by_a_rule_of_its_own(void **state)
{
	const char *text = "{\"a\":[1],\"b\":[2,3],\"cursor\":\"x\"}";
	struct fail why;
	struct page p;

	(void)state;
	assert_int_equal(page_open(&p, "cursor", &why), 0);
	assert_int_equal(page_begin(&p, API "/x", false, NULL, 0, &why), 0);
	assert_int_equal(page_next(&p, value(text, strlen(text)), 2, &why), 1);
	assert_false(p.has_list);
	assert_int_equal(p.records, 2);
	page_free(&p);
}

static void
a_cursor_that_is_a_number_goes_back_as_one(void **state)
{
	struct fail why;
	struct page p;

	(void)state;
	assert_int_equal(answer(&p, "cursor", API "/x", "{\"cursor\":0}",
	    "{\"results\":[1],\"cursor\":1e3}", &why), 1);
	assert_string_equal(buf_str(&p.body), "{\"cursor\":1e3}");
	page_free(&p);
	assert_int_equal(answer(&p, "cursor", API "/x?cursor=0", "{\"a\":0}",
	    "{\"results\":[1],\"cursor\":1e3}", &why), 1);
	assert_string_equal(buf_str(&p.url), API "/x?cursor=1e3");
	page_free(&p);
}

static void
usage_results_take_after_and_scans_take_cursor(void **state)
{
	const char *text = "{\"results\":[1],\"cursors\":{\"after\":\"q\"},"
	    "\"nextUri\":\"/api/v2/usage?after=q\"}";
	struct fail why;
	struct page p;

	(void)state;
	assert_int_equal(answer(&p, "cursors", API "/usage", NULL, text, &why),
	    1);
	assert_string_equal(buf_str(&p.url), API "/usage?after=q");
	page_free(&p);
	assert_int_equal(answer(&p, "cursors", API "/scan?limit=10", NULL,
	    "{\"entities\":[1],\"cursors\":{\"after\":\"q\"}}", &why), 1);
	assert_string_equal(buf_str(&p.url), API "/scan?limit=10&cursor=q");
	page_free(&p);
	assert_int_equal(answer(&p, "cursors", API "/x?after=a&limit=1", NULL,
	    "{\"entities\":[1],\"cursors\":{\"after\":\"q\"}}", &why), 1);
	assert_string_equal(buf_str(&p.url), API "/x?after=q&limit=1");
	page_free(&p);
}

/* An answer of many members is read as one of few. */
static void
an_answer_of_many_members(void **state)
{
	struct buf b = BUF_INIT(BUF_LINE);
	struct fail why;
	struct page p;
	int i;

	(void)state;
	buf_str_add(&b, "{");
	for (i = 0; i < 100; i++)
		buf_addf(&b, "\"m%d\":%d,", i, i);
	buf_str_add(&b, "\"entities\":[1],\"nextUri\":\"/y\",\"nextUri\":"
	    "\"/z\"}");
	assert_int_equal(answer(&p, NULL, API "/x", NULL, buf_str(&b), &why),
	    1);
	assert_string_equal(buf_str(&p.url), "https://api.x.com/z");
	page_free(&p);
	assert_int_equal(answer(&p, NULL, API "/x", NULL, "{\"entities\":[1],"
	    "\"next\\u0055ri\":\"/y\",\"nextUri\":\"/z\"}", &why), 1);
	assert_string_equal(buf_str(&p.url), "https://api.x.com/z");
	page_free(&p);
	buf_free(&b);
}

/* Saved after each page and loaded into another: nothing is lost. */
static void
goes_on_from_what_was_saved(void **state)
{
	struct service s = { "page-body", NULL, API "/q",
	    "{\"paging\":{\"pageSize\":10},\"x\":\"\\u00e9\\\"\"}", 95, 10,
	    false, 0 };
	struct buf b = BUF_INIT(BUF_LINE), saved = BUF_INIT(BUF_LINE);
	struct fail why;
	struct page p;
	long requests = 0;
	int r;

	(void)state;
	assert_int_equal(page_open(&p, NULL, &why), 0);
	assert_int_equal(page_begin(&p, s.url, true, s.body, strlen(s.body),
	    &why), 0);
	do {
		struct json_val v;

		requests++;
		buf_clear(&b);
		serve(&b, &s, buf_str(&p.url), buf_str(&p.body));
		r = page_next(&p, value(b.p, b.len), -1, &why);
		if (r <= 0)
			break;
		buf_clear(&saved);
		page_save(&p, &saved);
		page_free(&p);
		v = value(saved.p, saved.len);
		assert_int_equal(page_open(&p, NULL, &why), 0);
		assert_int_equal(page_load(&p, v, &why), 0);
	} while (r > 0);
	assert_int_equal(r, 0);
	assert_int_equal(requests, 10);
	assert_int_equal(p.records, 95);
	assert_int_equal(p.pages, 10);
	assert_int_equal(p.total, 95);
	page_free(&p);
	assert_int_equal(page_open(&p, NULL, &why), 0);
	assert_int_equal(page_load(&p, value("{\"url\":1}", 9), &why), -1);
	assert_int_equal(why.code, EXIT_DATA);
	page_free(&p);
	buf_free(&b);
	buf_free(&saved);
}

/* Each of the names by which an answer tells its style, and nothing else. */
static void
one_name_is_enough(void **state)
{
	static const struct {
		const char *query, *body, *names, *style;
	} cases[] = {
		{ "", NULL, "\"nextUri\":\"/x\"", "nexturi" },
		{ "", NULL, "\"nextPageUri\":\"/x\"", "nextpageuri" },
		{ "", NULL, "\"pageCount\":2,\"pageNumber\":1,\"nextPage\":"
		    "\"/s?q64=x\"", "search-uri" },
		{ "", NULL, "\"nextPage\":\"https://x/s?q64=x\"",
		    "search-uri" },
		{ "", NULL, "\"nextPage\":\"/9j+ab==\"", "nextpage" },
		{ "", NULL, "\"cursor\":\"x\"", "cursor" },
		{ "", NULL, "\"cursors\":{\"after\":\"x\"}", "cursors" },
		{ "", NULL, "\"pageCount\":2", "page" },
		{ "", NULL, "\"totalHits\":3", "page" },
		{ "", NULL, "\"totalCount\":3", "offset" },
		{ "?pageSize=2", NULL, "\"total\":3", "page" },
		{ "?pageNumber=1", NULL, "\"totalCount\":3", "page" },
		{ "?offset=0", NULL, "\"total\":3", "offset" },
		{ "", "{}", "\"nextUri\":\"/x\"", "nexturi" },
		{ "", "{}", "\"nextPageUri\":\"/x\"", "nextpageuri" },
		{ "", "{}", "\"cursor\":\"x\"", "cursor" },
		{ "", "{}", "\"cursors\":{\"after\":\"x\"}", "after-body" },
		{ "", "{}", "\"pageCount\":2", "search" },
		{ "", "{}", "\"totalHits\":3", "page-body" },
		{ "", "{}", "\"totalCount\":3", "offset" },
		/* all is there, or nobody can know */
		{ "", NULL, "\"pageCount\":1", "none" },
		{ "", NULL, "\"totalHits\":2", "none" },
		{ "", NULL, "\"totalCount\":2", "none" },
		{ "", NULL, "\"total\":3", "none" },
		{ "", NULL, "\"pageCount\":2,\"more\":[]", "none" },
		{ "", "{}", "\"pageCount\":2,\"more\":[]", "none" },
	};
	char url[100], text[200];
	struct page p;
	struct fail why;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		snprintf(url, sizeof url, API "/x%s", cases[i].query);
		snprintf(text, sizeof text, "{\"entities\":[1,2],%s}",
		    cases[i].names);
		assert_int_equal(page_open(&p, NULL, &why), 0);
		assert_int_equal(page_begin(&p, url, cases[i].body != NULL,
		    cases[i].body, cases[i].body ? 2 : 0, &why), 0);
		assert_true(page_next(&p, value(text, strlen(text)), -1,
		    &why) >= 0);
		assert_string_equal(p.style.name, cases[i].style);
		assert_int_equal(p.count, 2);
		page_free(&p);
	}
}

/* A page of no list that has such a count in it stays one record. */
static void
a_document_with_a_count_is_no_list(void **state)
{
	static const char text[] = "{\"id\":1,\"pageCount\":12}";
	struct page p;
	struct fail why;

	(void)state;
	assert_int_equal(page_open(&p, NULL, &why), 0);
	assert_int_equal(page_begin(&p, API "/x", false, NULL, 0, &why), 0);
	assert_int_equal(page_next(&p, value(text, strlen(text)), -1, &why), 0);
	assert_false(p.has_list);
	page_free(&p);
}

static void
a_guess_that_the_service_does_not_know_is_taken_back(void **state)
{
	static const char one[] = "{\"entities\":[1],\"cursors\":"
	    "{\"after\":\"a b\"}}", two[] = "{\"entities\":[2]}";
	struct page p;
	struct fail why;

	(void)state;
	assert_int_equal(page_open(&p, NULL, &why), 0);
	assert_int_equal(page_begin(&p, API "/x?n=1", false, NULL, 0, &why), 0);
	assert_int_equal(page_next(&p, value(one, strlen(one)), -1, &why), 1);
	assert_string_equal(buf_str(&p.url), API "/x?n=1&cursor=a%20b");
	assert_false(p.again);
	assert_int_equal(page_next(&p, value(one, strlen(one)), -1, &why), 1);
	assert_true(p.again);
	assert_string_equal(buf_str(&p.url), API "/x?n=1&after=a%20b");
	assert_int_equal(page_next(&p, value(two, strlen(two)), -1, &why), 0);
	assert_int_equal(p.records, 2);
	assert_int_equal(p.pages, 2);
	page_free(&p);
	/* and where it knows neither, that is an error */
	assert_int_equal(page_open(&p, NULL, &why), 0);
	assert_int_equal(page_begin(&p, API "/x", false, NULL, 0, &why), 0);
	assert_int_equal(page_next(&p, value(one, strlen(one)), -1, &why), 1);
	assert_int_equal(page_next(&p, value(one, strlen(one)), -1, &why), 1);
	assert_int_equal(page_next(&p, value(one, strlen(one)), -1, &why), -1);
	assert_int_equal(why.code, EXIT_SERVICE);
	assert_false(p.good);
	page_free(&p);
}

static void
a_third_guess_begins_where_the_first_did(void **state)
{
	static const char one[] = "{\"entities\":[1],\"cursor\":\"k\"}",
	    how[] = "{\"style\":\"cursor\",\"param\":\"a|b|c\"}";
	static const char *const want[] = { API "/x?a=k", API "/x?b=k",
	    API "/x?c=k" };
	struct page p;
	struct fail why;
	size_t i;

	(void)state;
	assert_int_equal(page_open(&p, how, &why), 0);
	assert_int_equal(page_begin(&p, API "/x", false, NULL, 0, &why), 0);
	for (i = 0; i < COUNT(want); i++) {
		assert_int_equal(page_next(&p, value(one, strlen(one)), -1,
		    &why), 1);
		assert_string_equal(buf_str(&p.url), want[i]);
	}
	page_free(&p);
}

/* A query by POST whose cursor belongs into the query: found out where the
 * body was not heard, and still known in another life. */
static void
a_cursor_that_the_body_cannot_say_goes_into_the_query(void **state)
{
	static const char one[] = "{\"entities\":[1],\"after\":\"a b\","
	    "\"nextUri\":\"/x?after=a%20b\"}",
	    two[] = "{\"entities\":[2],\"after\":\"c\"}",
	    three[] = "{\"entities\":[3]}";
	struct buf saved = BUF_INIT(BUF_LINE);
	struct page p, q;
	struct fail why;

	(void)state;
	assert_int_equal(page_open(&p, NULL, &why), 0);
	assert_int_equal(page_begin(&p, API "/x", true, "{\"n\":1}", 7, &why),
	    0);
	assert_int_equal(page_next(&p, value(one, strlen(one)), -1, &why), 1);
	assert_string_equal(buf_str(&p.body), "{\"n\":1,\"after\":\"a b\"}");
	assert_int_equal(page_next(&p, value(one, strlen(one)), -1, &why), 1);
	assert_true(p.again);
	assert_string_equal(buf_str(&p.url), API "/x?after=a%20b");
	assert_string_equal(buf_str(&p.body), "{\"n\":1}");
	assert_int_equal(page_next(&p, value(two, strlen(two)), -1, &why), 1);
	assert_string_equal(buf_str(&p.url), API "/x?after=c");
	page_save(&p, &saved);
	assert_int_equal(page_open(&q, NULL, &why), 0);
	assert_int_equal(page_load(&q, value(saved.p, saved.len), &why), 0);
	assert_int_equal(page_next(&q, value(two, strlen(two)), -1, &why), -1);
	assert_int_equal(page_next(&p, value(three, strlen(three)), -1, &why),
	    0);
	assert_int_equal(p.records, 3);
	page_free(&p);
	page_free(&q);
	buf_free(&saved);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_name_is_enough),
		cmocka_unit_test(a_document_with_a_count_is_no_list),
		cmocka_unit_test(
		    a_guess_that_the_service_does_not_know_is_taken_back),
		cmocka_unit_test(a_third_guess_begins_where_the_first_did),
		cmocka_unit_test(
		    a_cursor_that_the_body_cannot_say_goes_into_the_query),
		cmocka_unit_test(every_style_by_name),
		cmocka_unit_test(every_style_found_out),
		cmocka_unit_test(without_a_total_it_goes_on_to_the_end),
		cmocka_unit_test(a_page_smaller_than_asked_for_loses_nothing),
		cmocka_unit_test(starts_where_the_request_says),
		cmocka_unit_test(only_the_parameter_changes),
		cmocka_unit_test(
		    defect_the_cursor_swallowed_the_parameters_behind_it),
		cmocka_unit_test(defect_only_the_first_page_of_a_post_was_read),
		cmocka_unit_test(a_single_thing_is_one_record),
		cmocka_unit_test(lists_are_found_by_their_names),
		cmocka_unit_test(an_absent_list_is_an_empty_one),
		cmocka_unit_test(two_lists_are_named_in_the_error),
		cmocka_unit_test(a_list_cut_short_keeps_its_total),
		cmocka_unit_test(a_link_after_a_post_is_fetched_by_get),
		cmocka_unit_test(links_are_relative_or_absolute),
		cmocka_unit_test(a_gateways_path_stands_before_the_services),
		cmocka_unit_test(a_cursor_that_comes_again_is_an_error),
		cmocka_unit_test(a_page_that_does_not_turn_is_an_error),
		cmocka_unit_test(empty_pages_have_an_end),
		cmocka_unit_test(an_object_changes_cells_of_a_style),
		cmocka_unit_test(what_no_style_is_called_is_refused),
		cmocka_unit_test(a_style_that_needs_a_body_says_so),
		cmocka_unit_test(the_caller_may_count_by_a_rule_of_its_own),
		cmocka_unit_test(a_cursor_that_is_a_number_goes_back_as_one),
		cmocka_unit_test(
		    usage_results_take_after_and_scans_take_cursor),
		cmocka_unit_test(an_answer_of_many_members),
		cmocka_unit_test(goes_on_from_what_was_saved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
