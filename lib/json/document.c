/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/document.h"

int
json_document(const struct buf *text, const char *path, int code,
    struct json_val *v, struct fail *why)
{
	const char *p = text->p ? text->p : "", *at, *lf;
	size_t bom = text->len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0 ?
	    3 : 0, line = 1;
	struct json_err err;
	char said[80];

	if (json_check(p + bom, text->len - bom, v, &err) == 0)
		return 0;
	json_err_say(&err, p + bom, said, sizeof said);
	at = p + bom + err.offset;
	while ((lf = memchr(p, '\n', (size_t)(at - p)))) {
		line++;
		p = lf + 1;
	}
	return fail(why, code, "%s:%zu:%zu: %s", path, line,
	    (size_t)(at - p) + 1, said);
}
