/* SPDX-License-Identifier: GPL-3.0-or-later */
/* doubled.h -- records that come a second time.
 *
 * Where a list changes while it is read page by page, records move over the
 * edge of a page: one comes twice, and for it another one never comes. So the
 * ids of a page are compared with those of the page before and with each
 * other; no more is kept.
 */
#ifndef GC_FETCH_DOUBLED_H
#define GC_FETCH_DOUBLED_H

#include "base/fail.h"
#include "json/scan.h"

/* Ids of the records of one page, sorted, as hashes. */
struct ids {
	uint64_t *v;            /* owned */
	size_t n, cap;
};

struct doubled {
	struct ids now, before;
	const char *name;       /* the member that is the id; NULL: not yet
	                         * known */
	uint64_t within;        /* came twice on one page, */
	uint64_t across;        /* or on one and the next */
};

/* Do the ids tell records apart? Not where one stands twice on a page, nor
 * surely where the member has another name than "id": a conversation may have
 * several records. Else what came on two pages moved between them. */
static inline uint64_t
doubled_moved(const struct doubled *d)
{
	return d->within || !d->name || strcmp(d->name, "id") != 0 ? 0 :
	    d->across;
}

/* Begins another list; the memory stays. */
void doubled_begin(struct doubled *d);

/* Counts the records of a page that came before, into *n. Returns 0 or -1. */
int doubled_count(struct doubled *d, const struct json_val *records,
    size_t nrecords, uint64_t *n, struct fail *why);

void doubled_free(struct doubled *d);

#endif
