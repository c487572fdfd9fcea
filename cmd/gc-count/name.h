/* SPDX-License-Identifier: GPL-3.0-or-later */
/* name.h -- what a -k says: the field that it makes, and the expression.
 *
 *	'day=.start[0:10]'	day, .start[0:10]
 *	.groups.product[]	product, .groups.product[]
 */
#ifndef CMD_COUNT_NAME_H
#define CMD_COUNT_NAME_H

#include "base/compat.h"

struct name {
	char *name;             /* owned */
	const char *text;
};

/* Returns 0, or -1 where the word does not tell the name. */
int name_parse(struct name *k, const char *word);

#endif
