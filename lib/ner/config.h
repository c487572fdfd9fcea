/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config.h -- a pipeline's config.cfg: sections of names and JSON values.
 *
 *	[components.ner]
 *	factory = "ner"
 *
 * Slices point into the text, which must outlive them. */
#ifndef NER_CONFIG_H
#define NER_CONFIG_H

#include "base/fail.h"
#include "json/scan.h"

/* The value of a name in a section, checked as JSON. False where it is absent
 * or no JSON (a reference such as ${paths.train} stands unquoted). */
bool config_get(const char *text, size_t n, const char *section,
    const char *name, struct json_val *v);

/* What is needed of it. */
struct config {
	bool english;           /* its words are English, not any */
	bool parses;            /* a parser runs before ner */
	bool listens;           /* ner has no rows of its own */
};

/* Checks that this pipeline's entities can be given: all that comes before
 * or after ner, and ner itself; with alone, ner itself only. Returns 0, or -1
 * with EXIT_USAGE. */
int config_check(const char *text, size_t n, bool alone, struct config *c,
    struct fail *why);

#endif
