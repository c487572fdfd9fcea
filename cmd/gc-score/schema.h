/* SPDX-License-Identifier: GPL-3.0-or-later */
/* schema.h -- feature files and JSON Schema (draft 2020-12), one from the
 * other.
 *
 * What is written describes a contact as it may come in, before anything is
 * replaced. What is read is such a schema, or one of the features alone:
 *
 *	type                 number, integer, string, boolean; with "null" in
 *	                     a list, where a null is allowed
 *	minimum, maximum, enum, pattern, title, description, $comment
 *	required             what nothing replaces where it is absent
 *	default              replaces it where it is absent, and a null where
 *	                     that is allowed
 *	x-absent, x-null     where the two differ
 *	x-unit, x-since      for people
 *
 * Any other keyword of a feature is an error: what it asks would not be
 * checked. So is a feature that may be absent and has no default.
 */
#ifndef SCORE_SCHEMA_H
#define SCORE_SCHEMA_H

#include "json/scan.h"
#include "base/fail.h"

struct features;

/* Is it a JSON Schema rather than a feature file? */
bool schema_is(struct json_val v);

/* Adds the feature file that says the same. Returns 0, or -1 with
 * EXIT_USAGE. */
int schema_read(struct json_val v, struct buf *b, struct fail *why);

/* Adds the schema of a contact, with a line end. Returns 0 or -1. */
int schema_write(const struct features *f, struct buf *b, struct fail *why);

#endif
