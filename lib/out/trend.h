/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trend.h -- counts by day as lines, one a series.
 *
 * Lines differ by colour (M. Okabe and K. Ito's set for colour-blind eyes),
 * by the mark on each point and, past seven, by their dashes, so that none
 * depends on colour; the key names them in the order given. The axis of
 * counts begins at 0.
 */
#ifndef OUT_TREND_H
#define OUT_TREND_H

#include "base/buf.h"

#define TREND_MOST 10           /* lines that a picture holds legibly */

struct trend_series {
	const char *name;
	size_t n;               /* of its bytes */
	const double *y;        /* its points */
};

struct trend_chart {
	const char *title, *y;  /* y: what is counted */
	const char *subtitle[4];        /* lines; NULL: none */
	int64_t first;          /* the first day, milliseconds since 1970 */
	size_t points, per;     /* of each series, so many days apart */
	size_t nseries;         /* at most TREND_MOST */
	const struct trend_series *series;
};

/* Writes the script for a page of 10 by 6 inches. */
void trend_script(struct buf *script, const struct trend_chart *c);

#endif
