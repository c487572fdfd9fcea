/* SPDX-License-Identifier: GPL-3.0-or-later */
/* style.h -- how a list is cut into pages: what a request says of the page it
 * wants, and what an answer says of the next.
 */
#ifndef MOCK_STYLE_H
#define MOCK_STYLE_H

#include "list.h"

enum where { IN_QUERY, IN_BODY, IN_PAGING };
enum how { BY_PAGE, BY_OFFSET, BY_INDEX, BY_CURSOR, BY_NOTHING };

struct style {
	const char *name;
	enum where where;               /* the parameters are there */
	enum how how;
	const char *at, *size;          /* their names */
	const char *items;              /* the member that holds the records */
	/* Writes the members that stand beside the items. */
	void (*rest)(struct list *l, const struct mock *m, struct buf *b);
};

/* The style that a route names; "page" where it names none. */
const struct style *style_find(const struct route *r);

/* Takes the place from a cursor, and what it is of too where the route says
 * "filters":"cursor". Returns 0, or -1 where the cursor is none of this
 * list's. */
int cursor_read(struct list *l, const struct mock *m, const char *text);

#endif
