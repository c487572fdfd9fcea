/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dots.h -- shares as dots on their intervals, one below the other.
 *
 * A dot is the figure, the line through it its interval, on a scale of 0 to
 * 100 % that all share (W. S. Cleveland, "The elements of graphing data",
 * 1985); beside it stands in words what it is, since a dot is read to a
 * percent at best. A figure that is no share has its words alone.
 */
#ifndef OUT_DOTS_H
#define OUT_DOTS_H

#include "base/buf.h"

#define DOTS_MOST 48            /* figures that a picture holds legibly */

struct dot {
	const char *name;
	size_t n;               /* of its bytes */
	double value, low, high;        /* NaN: not drawn */
	const char *text;       /* beside it */
	int group;              /* index of its heading, rising */
};

struct dots {
	const char *title;
	const char *subtitle[4];        /* lines; NULL: none */
	const char *const *heading;     /* of each group */
	size_t ndots;           /* at most DOTS_MOST */
	const struct dot *dot;
};

/* Writes the script for a page of 10 inches by dots_height(). */
void dots_script(struct buf *script, const struct dots *c);
double dots_height(const struct dots *c);

#endif
