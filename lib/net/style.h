/* SPDX-License-Identifier: GPL-3.0-or-later */
/* style.h -- the ways in which services hand out a list page by page.
 *
 *	style          the answer says               the next request
 *	-------------  ----------------------------  -------------------------
 *	page           pageNumber, pageCount, total  ?pageNumber
 *	page-body      totalHits                     body paging.pageNumber
 *	search         pageNumber, pageCount, total  body pageNumber
 *	cursor, job    cursor                        ?cursor, or body cursor
 *	cursors        cursors.after                 ?cursor or ?after
 *	after          after, or one in nextUri      ?after
 *	after-body     after, cursors.after          body after
 *	nextpage       nextPage, or one in nextUri   ?nextPage
 *	cursor-in-uri  a cursor in nextPageUri       ?cursor
 *	nexturi        nextUri                       GET that, relative or not
 *	search-uri     nextPage, an address          GET that, relative or not
 *	nextpageuri    nextPageUri                   GET that, relative or not
 *	scim           startIndex, totalResults      ?startIndex
 *	offset         offset, totalCount            ?offset, or body offset
 *	array, none    -                             there is none
 *	multipart      (not JSON)                    there is none
 *
 * A style is a row of a table. An object in the place of a name changes some
 * of its cells, for services that call things otherwise:
 *
 *	{"style": "cursor", "from": "meta.next", "param": "t", "in": "body"}
 *	{"style": "page", "param": "p", "size": "n", "total": "hits",
 *	    "first": 0}
 */
#ifndef NET_STYLE_H
#define NET_STYLE_H

#include "base/buf.h"
#include "base/fail.h"

enum style_kind {
	STYLE_ONE,      /* there is no other page */
	STYLE_LINK,     /* the answer has the next page's address */
	STYLE_TOKEN,    /* the answer has a word to send along */
	STYLE_NUMBER,   /* pages are counted */
	STYLE_OFFSET    /* items are counted */
};

enum style_where { STYLE_QUERY, STYLE_BODY, STYLE_EITHER };

/* Cells are paths with dots between member names; "a|b" is the first that is
 * there, "nextUri?cursor" a query parameter of the URI that is at nextUri,
 * "" nothing. */
struct style {
	const char *name;
	enum style_kind kind;
	const char *from;       /* where LINK and TOKEN are in the answer; else
	                         * where it repeats the number that was sent */
	const char *param;      /* the request's parameter; of several the one
	                         * that it has, else the first */
	enum style_where where; /* EITHER: body where there is one and the
	                         * query has not got the parameter */
	const char *size;       /* the request's page size */
	const char *told_size;  /* the answer's word on it */
	const char *total;      /* how many items there are in all */
	int64_t first;          /* the first number */
};

/* A style by its name, or NULL. */
const struct style *style_named(const char *name);

/* The name of style i, from 0; NULL after the last. */
const char *style_name(size_t i);

/* Reads how, a style's name or JSON of a name or of an object. Cells changed
 * point into text, which is the caller's, empty at first, and has to live as
 * long as the style. Returns 0, or -1 with EXIT_USAGE. */
int style_read(struct style *s, const char *how, struct buf *text,
    struct fail *why);

#endif
