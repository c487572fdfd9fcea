/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/answer.h"
#include "net/style.h"

#define TOTALS "total|totalHits|totalCount|totalResults"

static const struct style styles[] = {
	{ "page", STYLE_NUMBER, "pageNumber", "pageNumber", STYLE_QUERY,
	    "pageSize", "pageSize", TOTALS, 1 },
	{ "page-body", STYLE_NUMBER, "paging.pageNumber|pageNumber",
	    "paging.pageNumber", STYLE_BODY, "paging.pageSize", "pageSize",
	    TOTALS, 1 },
	{ "search", STYLE_NUMBER, "pageNumber", "pageNumber", STYLE_BODY,
	    "pageSize", "pageSize", TOTALS, 1 },
	{ "cursor", STYLE_TOKEN, "cursor", "cursor", STYLE_EITHER,
	    "", "", TOTALS, 0 },
	{ "job", STYLE_TOKEN, "cursor", "cursor", STYLE_EITHER,
	    "", "", TOTALS, 0 },
	{ "cursors", STYLE_TOKEN, "cursors.after", "cursor|after", STYLE_EITHER,
	    "", "", TOTALS, 0 },
	{ "after", STYLE_TOKEN, "after|cursors.after|nextUri?after", "after",
	    STYLE_QUERY, "", "", TOTALS, 0 },
	{ "after-body", STYLE_TOKEN, "after|cursors.after|nextUri?after",
	    "after", STYLE_BODY, "", "", TOTALS, 0 },
	{ "nextpage", STYLE_TOKEN, "nextPage|nextUri?nextPage", "nextPage",
	    STYLE_QUERY, "", "", TOTALS, 0 },
	{ "cursor-in-uri", STYLE_TOKEN, "nextPageUri?cursor|nextUri?cursor",
	    "cursor", STYLE_QUERY, "", "", TOTALS, 0 },
	{ "nexturi", STYLE_LINK, "nextUri", "", STYLE_QUERY,
	    "", "", TOTALS, 0 },
	{ "search-uri", STYLE_LINK, "nextPage", "", STYLE_QUERY,
	    "", "", TOTALS, 0 },
	{ "nextpageuri", STYLE_LINK, "nextPageUri", "", STYLE_QUERY,
	    "", "", TOTALS, 0 },
	{ "scim", STYLE_OFFSET, "startIndex", "startIndex", STYLE_QUERY,
	    "count", "itemsPerPage", TOTALS, 1 },
	{ "offset", STYLE_OFFSET, "offset", "offset", STYLE_EITHER,
	    "size|limit|pageSize", "pageSize", TOTALS, 0 },
	{ "array", STYLE_ONE, "", "", STYLE_QUERY, "", "", TOTALS, 0 },
	{ "none", STYLE_ONE, "", "", STYLE_QUERY, "", "", TOTALS, 0 },
	{ "multipart", STYLE_ONE, "", "", STYLE_QUERY, "", "", TOTALS, 0 }
};

const char *
style_name(size_t i)
{
	return i < COUNT(styles) ? styles[i].name : NULL;
}

const struct style *
style_named(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(styles); i++)
		if (strcmp(styles[i].name, name) == 0)
			return &styles[i];
	return NULL;
}

/* ==== A style said by hand ==== */

/* The cells that an object may change. */
static const char **
cell(struct style *s, struct json_val key)
{
	if (json_is(key, "from"))
		return &s->from;
	if (json_is(key, "param"))
		return &s->param;
	if (json_is(key, "size"))
		return &s->size;
	if (json_is(key, "told_size"))
		return &s->told_size;
	return json_is(key, "total") ? &s->total : NULL;
}

/* Keeps a string in text; NULL where it cannot be a path. */
static const char *
keep(struct buf *text, struct json_val v)
{
	size_t at = text->len;

	if (json_type(v) != JSON_STRING || json_decode(v, text) < 0 ||
	    buf_putc(text, '\0') < 0)
		return NULL;
	if (text->p[at] == '\0' || strlen(text->p + at) >= ANSWER_PATH)
		return NULL;
	return text->p + at;
}

static int
customize(struct style *s, struct json_val v, struct buf *text,
    struct fail *why)
{
	struct json_iter it = json_iter(v);

	/* all at once, so that what points into it stays */
	if (buf_reserve(text, 2 * v.n) < 0)
		return fail(why, EXIT_USAGE, "a style is too long");
	while (json_next(&it)) {
		const char **to = cell(s, it.key);
		bool ok = false;

		if (to)
			ok = (*to = keep(text, it.val)) != NULL;
		else if (json_is(it.key, "style"))
			ok = true;
		else if (json_is(it.key, "first"))
			ok = answer_whole(it.val, &s->first);
		else if (json_is(it.key, "in")) {
			ok = json_is(it.val, "query") ||
			    json_is(it.val, "body");
			s->where = json_is(it.val, "body") ? STYLE_BODY :
			    STYLE_QUERY;
		}
		if (!ok)
			return fail(why, EXIT_USAGE, "paginate: %.*s is not "
			    "known, or not its value",
			    (int)(it.key.n < 60 ? it.key.n : 60), it.key.p);
	}
	return 0;
}

int
style_read(struct style *s, const char *how, struct buf *text,
    struct fail *why)
{
	struct json_val v = { NULL, 0 }, word;
	struct buf name = BUF_INIT(BUF_LINE);
	const struct style *found;

	if (how[0] != '{' && how[0] != '"')
		buf_str_add(&name, how);
	else if (json_check(how, strlen(how), &v, NULL) < 0)
		return fail(why, EXIT_USAGE, "paginate: no JSON: %.60s", how);
	else {
		word = v;
		if (json_type(v) == JSON_OBJECT &&
		    !json_get(v, "style", &word))
			return fail(why, EXIT_USAGE, "paginate: an object "
			    "needs \"style\"");
		json_decode(word, &name);
	}
	found = style_named(buf_str(&name));
	if (!found)
		fail(why, EXIT_USAGE, "no style of paging is called \"%.60s\"",
		    buf_str(&name));
	buf_free(&name);
	if (!found)
		return -1;
	*s = *found;
	return how[0] == '{' ? customize(s, v, text, why) : 0;
}
