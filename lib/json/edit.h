/* SPDX-License-Identifier: GPL-3.0-or-later */
/* edit.h -- one member of a JSON text changed, every other byte left alone.
 *
 * For texts that are sent again and again with one thing changed, such as a
 * query's page number. A path is member names with dots between them; names
 * that hold a dot cannot be said.
 *
 *	json_put(&body, "paging.pageNumber", "2");
 *	{"interval": "x", "paging": {"pageSize": 100}}  becomes
 *	{"interval": "x", "paging": {"pageSize": 100,"pageNumber":2}}
 */
#ifndef JSON_EDIT_H
#define JSON_EDIT_H

#include "json/scan.h"

/* The value at a path of a checked value; where a name stands twice the last
 * one counts. False where it leads nowhere. */
bool json_path(struct json_val v, const char *path, struct json_val *out);

/* Sets the member at a path to a JSON text: in place where it is there, else
 * at the end of the deepest object that is; what is on the way and no object
 * is replaced. doc holds one checked object, or nothing, which is taken for
 * {}. Returns 0, or -1 where doc failed or is no object. */
int json_put(struct buf *doc, const char *path, const char *value);

#endif
