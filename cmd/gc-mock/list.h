/* SPDX-License-Identifier: GPL-3.0-or-later */
/* list.h -- a page of a list, in every style of paging that the platform and
 * the tutorials have.
 *
 * A route says what the list is of and how it is paged:
 *
 *	{"kind":"list","of":"users","paging":"page","size":25,"max":500}
 *
 * "of" is a kind of records.ndjson, or an object that chooses one by the type
 * the request names. "items" is the member that holds the records, where the
 * style's own will not do. "range":"needed" wants a time range, "days" is the
 * longest. What is asked for beyond "max" is 400.
 *
 *	page         ?pageNumber&pageSize -> entities, total, pageCount, ...Uri
 *	page-body    the same in body.paging -> conversations, totalHits
 *	search       the same in the body -> results, nextPage, ...
 *	after        ?after&pageSize -> entities, nextUri with after in it
 *	after-body   after in the body -> entities, after
 *	cursor       ?cursor&pageSize -> cursor
 *	cursors      ?after&limit -> cursors{before,after}
 *	nextpage     ?nextPage&pageSize -> nextUri, total, pageCount
 *	nexturi      ?pageNumber -> nextUri and no other hint
 *	scim         ?startIndex&count, from 1 -> Resources, totalResults
 *	offset       size and offset in the body -> totalCount, pageSize, offset
 *	array        no paging: a bare array
 *	results      no paging: {"results":[...]}, as aggregates have it
 *	nextpageuri  an absolute nextPageUri, to be fetched with GET
 *	cursor-in-uri  ?cursor&limit -> nextPageUri, cursor not its last part
 *
 * A cursor holds what the list is of, so that it opens no other: one that was
 * changed, or is shown with other filters, is 400.
 */
#ifndef MOCK_LIST_H
#define MOCK_LIST_H

#include "mock.h"

struct style;

struct list {
	const struct route *r;
	struct request *q;
	const struct style *style;
	const struct kind *kind;        /* NULL: of nothing */
	int64_t low, high;      /* the records that fit: [low, high) */
	int64_t *picked;        /* owned: these of them alone; may be NULL */
	int64_t total;          /* how many there are of those */
	int64_t start, size;    /* the page: [start, start + size) of total */
	enum twist twist;       /* what is wrong with it */
};

/* Finds kind, range and total by what the route and the request say. Returns
 * 0, or -1 after an answer. free with list_free() either way. */
int list_open(struct list *l, struct mock *m, const struct route *r,
    struct request *q, struct answer *a);

/* Keeps the records of these indexes alone (a table that list_free() frees;
 * each in [low, high), rising). */
void list_pick(struct list *l, int64_t *picked, int64_t n);

/* Reads where the page is, and answers with it. */
void list_answer(struct list *l, struct mock *m, struct answer *a);

void list_free(struct list *l);

#endif
