/* SPDX-License-Identifier: GPL-3.0-or-later */
/* detect.h -- which style of paging an answer speaks.
 *
 * Nobody named one, so the first request and its answer tell, what is most
 * certain first: a word or an address to go on with; a place of the page that
 * the request or the answer names; last a count that is more than the page
 * holds, which is a style's own word for it: pageCount and totalHits are said
 * by lists that count pages, totalCount by those that count items. A bare
 * total may be anybody's: that is "none", and what is missing is told at the
 * end.
 *
 *	struct detect d = { url, body, post };
 *	style = style_named(detect_style(&d, &answer));
 */
#ifndef NET_DETECT_H
#define NET_DETECT_H

#include "net/answer.h"

struct detect {
	const char *url;        /* of the first request */
	struct json_val body;   /* its body; p NULL: none, or no JSON */
	bool post;              /* not a GET */
};

/* The style's name (style.h); never NULL. */
const char *detect_style(const struct detect *d, const struct answer *a);

#endif
