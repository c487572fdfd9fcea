/* SPDX-License-Identifier: GPL-3.0-or-later */
/* range.h -- a span of time, in all the forms that requests have. */
#ifndef MOCK_RANGE_H
#define MOCK_RANGE_H

#include "json/scan.h"

/* "last30Days", "previous7Days", {"start":T,"end":T} (or dateFrom,
 * dateTo), or "T/T", from
 * inclusive, to exclusive; the last days end at anchor. All in ms. Returns
 * 0, or -1 where it is none of these, or ends before it begins. */
int range_parse(struct json_val v, int64_t anchor, int64_t *from,
    int64_t *to);

#endif
