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

/* What makes entities, and what sets the sentences that they do not cross. */
enum config_kind {
	CONFIG_NER, CONFIG_RULER,       /* entities */
	CONFIG_PARSER, CONFIG_SENTER, CONFIG_MARKS      /* sentences */
};

#define CONFIG_PARTS 16
#define CONFIG_NAME 100

struct config_part {
	enum config_kind kind;
	char name[CONFIG_NAME];         /* its folder, too */
	char rows[CONFIG_NAME];         /* the tok2vec that it listens to; ""
	                                 * where it has rows of its own */
	bool overwrite;                 /* what an earlier one has set */
};

/* What is needed of it. */
struct config {
	bool english;           /* its words are English, not any */
	struct config_part part[CONFIG_PARTS];  /* in the order they run */
	size_t n;
};

/* Checks that this pipeline's entities can be given, and lists the components
 * that have a part in them; with alone, ner itself only. Returns 0, or -1
 * with EXIT_USAGE and the name of what is not supported. */
int config_check(const char *text, size_t n, bool alone, struct config *c,
    struct fail *why);

#endif
