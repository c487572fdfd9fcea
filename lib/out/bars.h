/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bars.h -- counts as bars, in groups one below the other.
 *
 * Bars lie, so that names stay legible; each ends in its number. All groups
 * share one scale, and each has a colour and a heading.
 */
#ifndef OUT_BARS_H
#define OUT_BARS_H

#include "base/buf.h"

#define BARS_MOST 30            /* bars that a picture holds legibly */

struct bar {
	const char *name;
	size_t n;               /* of its bytes */
	double value;
	int group;              /* index of its heading, rising */
};

struct bars {
	const char *title;
	const char *subtitle[4];        /* lines; NULL: none */
	const char *const *heading;     /* of each group */
	size_t nbars;           /* at most BARS_MOST */
	const struct bar *bar;
};

/* Writes the script for a page of 10 inches by bars_height(). */
void bars_script(struct buf *script, const struct bars *c);
double bars_height(const struct bars *c);

#endif
