/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trend.h -- what trend.c and its picture (chart.c) share. */
#ifndef REPORT_TREND_H
#define REPORT_TREND_H

#include "report.h"
#include "base/clock.h"

#define TREND_TITLE "Product Mention Trends by Date"
#define TREND_DAY INT64_C(86400000)

/* A count of one name on one day. */
struct point {
	int32_t day;            /* since 1970 */
	uint32_t name;
	double n;
};

struct named {
	const struct map_key *key;
	uint32_t name;
	double total;
};

/* The names in code-point order; the caller frees them. The points' names
 * become places in it, and the points sorted by day, then name. NULL where
 * memory ends. */
struct named *trend_order(struct trend *t, struct fail *why);

/* How many days a point of a drawn line is the mean of, so that there are not
 * too many to be seen. */
int32_t trend_per(double days);

/* Does the mean of the days from `from` on end with `day`? The last mean is of
 * those that are left over before the last day, too. */
bool trend_mean_ends(int32_t from, int32_t day, int32_t last, int32_t per);

/* A day as text; returns out. */
const char *trend_day(char out[TIME_MAX], int32_t day);

int trend_picture(struct report *r, enum plot_form form, struct buf *b,
    struct fail *why);

#endif
