/* SPDX-License-Identifier: GPL-3.0-or-later */
/* schema.h -- a store's tables, by version.
 *
 * share/sql/schema/N.sql leads from version N - 1 to version N; the table
 * gc_schema holds a row for each that was carried out. A store of a version
 * above the one that this program knows is left alone: a newer program made
 * it, and knows what the older one would break.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "store/store.h"

#define SCHEMA_VERSION 2

/* The version of a store, 0 where it has no tables of ours. */
int schema_version(struct store *s, int64_t *version, struct fail *why);

/* Brings a store to SCHEMA_VERSION, each step in a transaction of its own;
 * who comes at the same time waits. *from gets the version it had. */
int schema_migrate(struct store *s, int64_t *from, struct fail *why);

/* Is it of that version? Else EXIT_USAGE, and the command that helps. */
int schema_check(struct store *s, struct fail *why);

#endif
