/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.h -- what would be written, to be looked at, and carried out later.
 *
 * A planned record's annotation holds the plan:
 *
 *	"annotation":{"status":"planned","attempts":0,"id":ID,
 *	 "set":{name: value}, "before":{name: value or null},
 *	 "precondition":SHA256}
 *
 * precondition is the digest of the id and of the values that the names of set
 * had, in the order of their bytes; a plan is carried out only while that
 * holds, and for no other interaction. What set wants may be changed. The
 * others of the record's attributes may change as they like. before is for
 * people.
 */
#ifndef GC_ANNOTATE_PLAN_H
#define GC_ANNOTATE_PLAN_H

#include "net/digest.h"
#include "wanted.h"

/* The digest of an id and of what an object (p NULL: nothing) holds under the
 * names of another. Returns 0 or -1. */
int plan_digest(struct json_val id, struct json_val names,
    struct json_val there, char hex[DIGEST_HEX], struct fail *why);

/* Adds id, set, before and precondition to an object. Returns 0 or -1. */
int plan_add(struct buf *b, struct json_val id, struct json_val set,
    struct json_val before, struct fail *why);

/* Finds the plan in a record. Returns 1; 0 where the record's annotation says
 * that nothing is planned; -1 with EXIT_DATA. */
int plan_find(struct json_val record, struct json_val *id,
    struct json_val *set, struct json_val *precondition, struct fail *why);

/* Writes a journal's plan of going back to stdout or a file; returns the exit
 * code. */
int plan_undo(const char *journal, const char *output);

#endif
