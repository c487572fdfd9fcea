/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page.h -- pages, written by jq programs that a user may read and change.
 *
 * A page is share/reports/NAME.jq, run on one JSON value with the definitions
 * of share/reports/page.jq before it (libjq has no search path here, and a
 * page needs no other). Every result of the program is a string; together
 * they are the page. Values enter it through @html, which is the only thing
 * between data and markup, so a page that builds strings by other means is
 * wrong; the tests run the strings that break things through each.
 */
#ifndef OUT_PAGE_H
#define OUT_PAGE_H

#include "base/buf.h"
#include "base/fail.h"

/* Adds the page to b. Returns 0; -1 with EXIT_USAGE where the program is not
 * there or does not compile, EXIT_DATA where it fails on the value. */
int page_run(struct buf *b, const char *name, const char *json, size_t n,
    struct fail *why);

#endif
