/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "style.h"

#include "base/rng.h"
#include "base64.h"
#include "json/write.h"

static int64_t
pages_of(const struct list *l)
{
	return l->size > 0 ? (l->total + l->size - 1) / l->size : 0;
}

/* Is there a page after this one? */
static bool
has_more(const struct list *l)
{
	return l->twist != TWIST_SHORT && l->start + l->size < l->total;
}

/* Where the next page begins: the place this one has, where it loops. */
static int64_t
next_start(const struct list *l)
{
	return l->start + (l->twist == TWIST_LOOP ? 0 : l->size);
}

static int64_t
claimed_total(const struct list *l)
{
	return l->total + (l->twist == TWIST_TOTAL ? 7 : 0);
}

/* ---- cursors ---- */

/* The list, the range, the place, and a sum over all that. */
static void
put_cursor_text(const struct list *l, const struct mock *m, int64_t start,
    struct buf *b)
{
	uint64_t sum = rng_hash(m->gen.seed, l->r->path, strlen(l->r->path));
	struct buf plain = BUF_INIT(BUF_PATH);

	buf_addf(&plain, "%td:%" PRId64 ":%" PRId64 ":%" PRId64 ":%" PRId64,
	    l->kind ? l->kind - m->gen.kinds : -1, l->low, l->high, start,
	    l->size);
	sum = rng_hash(sum, plain.p, plain.len);
	buf_addf(&plain, ":%06x", (unsigned)(sum & 0xffffff));
	base64_encode(plain.p, plain.len, b);
	buf_free(&plain);
}

int
cursor_read(struct list *l, const struct mock *m, const char *text)
{
	struct buf plain = BUF_INIT(BUF_PATH), same = BUF_INIT(BUF_PATH);
	struct list of = *l;
	int64_t v[5];
	int i, fits;
	char *at;

	if (base64_decode(text, &plain) < 0) {
		buf_free(&plain);
		return -1;
	}
	at = plain.p ? (buf_str(&plain), plain.p) : NULL;
	for (i = 0; at && i < 5; i++, at += *at == ':')
		v[i] = strtoll(at, &at, 10);
	fits = at && v[0] >= 0 && v[0] < (int64_t)m->gen.nkinds && v[4] > 0;
	if (fits) {
		of.kind = m->gen.kinds + v[0];
		of.low = v[1];
		of.high = v[2];
		of.size = v[4];
		put_cursor_text(&of, m, v[3], &same);
		fits = strcmp(buf_str(&same), text) == 0;
	}
	if (fits && route_is(l->r, "filters", "cursor")) {
		l->kind = of.kind;
		l->low = of.low;
		l->high = of.high;
		l->total = of.high - of.low;
		l->size = of.size;
	}
	if (fits)
		l->start = v[3];
	buf_free(&plain);
	buf_free(&same);
	return fits && l->kind == of.kind && l->low == of.low &&
	    l->high == of.high ? 0 : -1;
}

/* ---- URIs ---- */

/* This very server under another name, which makes another origin of it. */
static void
put_foreign_base(const struct request *q, struct buf *b)
{
	bool local = strncmp(q->base.p, "http://localhost", 16) == 0;

	buf_addf(b, "http://%s%s", local ? "127.0.0.1" : "localhost",
	    q->base.p + 7 + strcspn(q->base.p + 7, ":/"));
}

/* The request's own path and query, with one parameter set; first: at the
 * front, and the others behind it. */
static void
put_uri(const struct list *l, const char *name, const char *value,
    bool absolute, bool first, struct buf *b)
{
	const char *n = NULL, *v = NULL;
	struct buf uri = BUF_INIT(BUF_LINE);
	char sep = '?';

	if (l->twist == TWIST_FOREIGN)
		put_foreign_base(l->q, &uri);
	else if (absolute)
		buf_add(&uri, l->q->base.p, l->q->base.len);
	buf_add(&uri, l->q->path.p, l->q->path.len);
	if (first) {
		buf_addf(&uri, "?%s=", name);
		uri_encode(&uri, value);
		sep = '&';
	}
	while (params_next(&l->q->query, &n, &v)) {
		if (strcmp(n, name) == 0)
			continue;
		buf_putc(&uri, sep);
		uri_encode(&uri, n);
		buf_putc(&uri, '=');
		uri_encode(&uri, v);
		sep = '&';
	}
	if (!first) {
		buf_addf(&uri, "%c%s=", sep, name);
		uri_encode(&uri, value);
	}
	json_str(b, uri.p, uri.len);
	buf_free(&uri);
}

/* A member with the URI of a page. */
static void
put_page_uri(const struct list *l, const char *member, int64_t page,
    struct buf *b)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRId64, page);
	json_key(b, member);
	put_uri(l, l->style->at, text, false, false, b);
}

static void
put_cursor_uri(const struct list *l, const struct mock *m,
    const char *member, int64_t start, struct buf *b)
{
	struct buf text = BUF_INIT(BUF_PATH);

	put_cursor_text(l, m, start, &text);
	json_key(b, member);
	put_uri(l, l->style->at, buf_str(&text), false, false, b);
	buf_free(&text);
}

static void
put_int(struct buf *b, const char *name, int64_t value)
{
	json_key(b, name);
	json_int64(b, value);
}

/* ---- what stands beside the items, a style at a time ---- */

static int64_t
page_of(const struct list *l)
{
	return l->start / l->size + 1;
}

static void
rest_page(struct list *l, const struct mock *m, struct buf *b)
{
	int64_t page = page_of(l), pages = pages_of(l);

	(void)m;
	put_int(b, "pageSize", l->size);
	put_int(b, "pageNumber", page);
	put_int(b, "total", claimed_total(l));
	put_page_uri(l, "firstUri", 1, b);
	if (has_more(l))
		put_page_uri(l, "nextUri", next_start(l) / l->size + 1, b);
	if (page > 1)
		put_page_uri(l, "previousUri", page - 1, b);
	put_page_uri(l, "lastUri", pages > 0 ? pages : 1, b);
	put_page_uri(l, "selfUri", page, b);
	put_int(b, "pageCount", pages);
}

static void
rest_page_body(struct list *l, const struct mock *m, struct buf *b)
{
	(void)m;
	put_int(b, "totalHits", claimed_total(l));
}

static void
rest_search(struct list *l, const struct mock *m, struct buf *b)
{
	int64_t page = page_of(l);

	(void)m;
	put_int(b, "total", claimed_total(l));
	put_int(b, "pageCount", pages_of(l));
	put_int(b, "pageSize", l->size);
	put_int(b, "pageNumber", page);
	if (page > 1)
		put_page_uri(l, "previousPage", page - 1, b);
	put_page_uri(l, "currentPage", page, b);
	if (has_more(l))
		put_page_uri(l, "nextPage", next_start(l) / l->size + 1, b);
	buf_str_add(b, ",\"types\":[\"");
	buf_str_add(b, l->kind ? l->kind->name : "");
	buf_str_add(b, "\"]");
}

static void
rest_after(struct list *l, const struct mock *m, struct buf *b)
{
	if (has_more(l))
		put_cursor_uri(l, m, "nextUri", next_start(l), b);
	if (l->start >= l->size)
		put_cursor_uri(l, m, "previousUri", l->start - l->size, b);
}

static void
put_cursor(struct list *l, const struct mock *m, const char *member,
    int64_t start, struct buf *b)
{
	struct buf text = BUF_INIT(BUF_PATH);

	put_cursor_text(l, m, start, &text);
	json_key(b, member);
	json_str(b, text.p, text.len);
	buf_free(&text);
}

static void
rest_after_body(struct list *l, const struct mock *m, struct buf *b)
{
	put_int(b, "pageSize", l->size);
	if (has_more(l))
		put_cursor(l, m, "after", next_start(l), b);
}

static void
rest_cursor(struct list *l, const struct mock *m, struct buf *b)
{
	if (has_more(l))
		put_cursor(l, m, "cursor", next_start(l), b);
}

static void
rest_cursors(struct list *l, const struct mock *m, struct buf *b)
{
	json_key(b, "cursors");
	buf_putc(b, '{');
	if (l->start >= l->size)
		put_cursor(l, m, "before", l->start - l->size, b);
	if (has_more(l))
		put_cursor(l, m, "after", next_start(l), b);
	buf_putc(b, '}');
}

static void
rest_nextpage(struct list *l, const struct mock *m, struct buf *b)
{
	put_int(b, "pageSize", l->size);
	put_int(b, "total", claimed_total(l));
	put_int(b, "pageCount", pages_of(l));
	if (has_more(l))
		put_cursor_uri(l, m, "nextUri", next_start(l), b);
}

static void
rest_nexturi(struct list *l, const struct mock *m, struct buf *b)
{
	(void)m;
	if (has_more(l))
		put_page_uri(l, "nextUri", next_start(l) / l->size + 1, b);
}

static void
rest_scim(struct list *l, const struct mock *m, struct buf *b)
{
	int64_t left = l->total - l->start;

	(void)m;
	put_int(b, "totalResults", claimed_total(l));
	put_int(b, "startIndex", l->start + 1);
	put_int(b, "itemsPerPage", left < l->size ? left < 0 ? 0 : left :
	    l->size);
	buf_str_add(b, ",\"schemas\":"
	    "[\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"]");
}

static void
rest_offset(struct list *l, const struct mock *m, struct buf *b)
{
	(void)m;
	put_int(b, "totalCount", claimed_total(l));
	put_int(b, "pageSize", l->size);
	put_int(b, "offset", l->start);
}

static void
put_next_page_uri(struct list *l, const struct mock *m, bool absolute,
    bool first, struct buf *b)
{
	struct buf text = BUF_INIT(BUF_PATH);

	json_key(b, "nextPageUri");
	if (!has_more(l)) {
		buf_str_add(b, "null");
		return;
	}
	put_cursor_text(l, m, next_start(l), &text);
	put_uri(l, l->style->at, buf_str(&text), absolute, first, b);
	buf_free(&text);
}

static void
rest_nextpageuri(struct list *l, const struct mock *m, struct buf *b)
{
	put_next_page_uri(l, m, true, false, b);
}

/* The cursor comes first, so that who cuts at "cursor=" gets too much. */
static void
rest_cursor_in_uri(struct list *l, const struct mock *m, struct buf *b)
{
	put_next_page_uri(l, m, false, true, b);
}

/* ---- the table ---- */

static const struct style styles[] = {
	{ "page", IN_QUERY, BY_PAGE, "pageNumber", "pageSize", "entities",
	    rest_page },
	{ "page-body", IN_PAGING, BY_PAGE, "pageNumber", "pageSize",
	    "conversations", rest_page_body },
	{ "search", IN_BODY, BY_PAGE, "pageNumber", "pageSize", "results",
	    rest_search },
	{ "after", IN_QUERY, BY_CURSOR, "after", "pageSize", "entities",
	    rest_after },
	{ "after-body", IN_BODY, BY_CURSOR, "after", "pageSize", "entities",
	    rest_after_body },
	{ "cursor", IN_QUERY, BY_CURSOR, "cursor", "pageSize", "entities",
	    rest_cursor },
	{ "cursors", IN_QUERY, BY_CURSOR, "cursor", "limit", "entities",
	    rest_cursors },
	{ "nextpage", IN_QUERY, BY_CURSOR, "nextPage", "pageSize", "entities",
	    rest_nextpage },
	{ "nexturi", IN_QUERY, BY_PAGE, "pageNumber", "pageSize", "entities",
	    rest_nexturi },
	{ "scim", IN_QUERY, BY_INDEX, "startIndex", "count", "Resources",
	    rest_scim },
	{ "offset", IN_BODY, BY_OFFSET, "offset", "size", "byGroup",
	    rest_offset },
	{ "array", IN_QUERY, BY_NOTHING, NULL, NULL, NULL, NULL },
	{ "results", IN_BODY, BY_NOTHING, NULL, NULL, "results", NULL },
	{ "nextpageuri", IN_BODY, BY_CURSOR, "cursor", "size", "entities",
	    rest_nextpageuri },
	{ "cursor-in-uri", IN_QUERY, BY_CURSOR, "cursor", "limit", "entities",
	    rest_cursor_in_uri },
};

const struct style *
style_find(const struct route *r)
{
	size_t i;

	for (i = 0; i < COUNT(styles); i++)
		if (route_is(r, "paging", styles[i].name))
			return &styles[i];
	return &styles[0];
}
