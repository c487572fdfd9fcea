/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page.h -- from one page of a list to the request for the next.
 *
 * Pure: requests and answers are text. How a service turns its pages is a
 * style (style.h); where none is named, the first request and its answer tell
 * (detect.h).
 * Where a total or a count of pages says that a page was the last, no further
 * one is asked for. A request that was sent before, or a page that is to the
 * byte the one before, is an error: the service leads in a circle. The next
 * request is the last one with one parameter changed, every other byte as it
 * was; of addresses that the service gives, the caller checks the origin.
 *
 *	struct page p;
 *
 *	page_open(&p, NULL, &why);
 *	page_begin(&p, url, false, NULL, 0, &why);
 *	do {
 *		... send p.url, p.post ? p.body : nothing; check the answer ...
 *		more = page_next(&p, answer, -1, &why);
 *		... emit p.list, p.count items, or the answer itself ...
 *	} while (more > 0);
 */
#ifndef NET_PAGE_H
#define NET_PAGE_H

#include "base/fail.h"
#include "base/map.h"
#include "json/scan.h"
#include "net/style.h"

struct page {
	/* The request to send; the caller may read all of this. */
	struct buf url;
	struct buf body;
	bool post;              /* false: GET, without the body */
	/* The answer that page_next() was given last. */
	bool has_list;          /* false: the whole answer is one record */
	struct json_val list;   /* its items; an array, of the caller's text */
	size_t count;           /* of them */
	bool good;              /* a page of its own, though it may be that no
	                         * way leads on from it */
	bool again;             /* the first page once more, in answer to a
	                         * guess: nothing of it counts */
	/* So far. */
	int64_t total;          /* that the service promised last, or -1 */
	uint64_t records;       /* sum of all counts */
	uint64_t pages;
	/* A path that stands before each of the service's own, such as a
	 * gateway's "/genesys": put before URIs that lack it. Set by the
	 * caller after page_open(); not owned. May be NULL. */
	const char *prefix;

	bool known;             /* style is settled */
	bool detected;          /* by the answers, not by name */
	struct style style;
	struct buf cells;       /* what style's strings may point into */
	int64_t step;           /* items a page, by the first one */
	bool guessed;           /* by which parameter the next page is asked,
	                         * and where it stands */
	struct buf asked, asked_body;   /* then: the request without it */
	unsigned empty;         /* pages without items, one after the other */
	uint64_t last;          /* hash of the last answer */
	struct map seen;        /* hashes of requests */
};

/* Begins; how is a style's name, JSON of a name or an object, or NULL: the
 * answers tell. Returns 0, or -1 with EXIT_USAGE. */
int page_open(struct page *p, const char *how, struct fail *why);

/* Sets the first request: an absolute URL, post where it is not a GET, and
 * its body (NULL: none). Also what a saved state goes on with. Returns 0, or
 * -1 (memory). */
int page_begin(struct page *p, const char *url, bool post, const void *body,
    size_t n, struct fail *why);

/* Takes an answer, a checked JSON value. count is how many items the caller
 * found in it by a rule of its own, or -1: they are looked for here, and told
 * in list. Returns 1 where p now holds another request, 0 where that was the
 * last page; -1 with EXIT_SERVICE where the service leads in a circle or
 * nowhere (the answer's own items count all the same where it is good),
 * EXIT_USAGE where the request does not fit the style or several lists might
 * be the one. */
int page_next(struct page *p, struct json_val answer, int64_t count,
    struct fail *why);

/* The request k pages beyond the next one, where pages are counted and the
 * promised total says that there is such a page; added to url and body, both
 * empty. Returns 1, 0 where nobody can know, or -1 (memory). */
int page_ahead(struct page *p, unsigned k, struct buf *url, struct buf *body,
    struct fail *why);

/* Writes what page_load() needs to go on, one JSON object, to b. */
void page_save(const struct page *p, struct buf *b);

/* Goes on after page_open() with the same how, in place of page_begin().
 * Returns 0, or -1 with EXIT_DATA. */
int page_load(struct page *p, struct json_val saved, struct fail *why);

void page_free(struct page *p);

#endif
