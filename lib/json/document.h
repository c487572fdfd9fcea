/* SPDX-License-Identifier: GPL-3.0-or-later */
/* document.h -- a text that is one value, over as many lines as it likes: a
 * file of settings, a document that another program left. */
#ifndef JSON_DOCUMENT_H
#define JSON_DOCUMENT_H

#include "base/fail.h"
#include "json/scan.h"

/* Checks it; a byte order mark in front is dropped. path is what it is called
 * in messages, "PATH:LINE:COLUMN: invalid JSON: ...". Returns 0 and the value,
 * a slice of text, or -1 with that code. */
int json_document(const struct buf *text, const char *path, int code,
    struct json_val *v, struct fail *why);

#endif
