/* SPDX-License-Identifier: GPL-3.0-or-later */
/* envelope.h -- the one form in which every program keeps what it rejects.
 *
 *	{"tool","file","line","column","rule","error","retryable","attempt",
 *	 "record"}
 *
 * and, where a service refused it, "status" and "correlationId" before the
 * record. record is the record itself where it is JSON, but a string where it is a
 * JSON string or no JSON (the line's own text), so that a string is always
 * text, and where it is nested so deep that no envelope can hold it; bytes
 * that are not UTF-8 go to record_base64 in its place; of a record over the
 * ceiling nothing is kept but "record":null with offset and length. Every
 * program reads such a file back with --retry.
 */
#ifndef JSON_ENVELOPE_H
#define JSON_ENVELOPE_H

#include "base/fail.h"
#include "json/scan.h"

struct envelope {
	const char *tool, *file, *rule, *error;
	uint64_t line;
	size_t column;          /* 0: unknown */
	bool retryable;
	int attempt;
	int status;             /* a service's; 0: none */
	const char *correlation;        /* by which it knows it, or NULL */
	const char *p;          /* the record's bytes; NULL: too long */
	size_t n;
	bool is_json;           /* a checked value */
	uint64_t offset, length;        /* where p is NULL */
};

/* Adds the envelope and LF to b. */
void envelope_write(struct buf *b, const struct envelope *e);

/* Reads one back: the bytes of its record into record, its place and attempt
 * into *e (strings into names, which e->file points into); e->p is NULL
 * where no record was kept. Returns 0, or -1 with EXIT_DATA where it is no
 * envelope. */
int envelope_read(struct json_val v, struct buf *record, struct buf *names,
    struct envelope *e, struct fail *why);

/* The longest line that an envelope of a record up to max bytes takes. */
size_t envelope_max(uint64_t max);

/* A record that was mended by hand over several lines, and has been checked:
 * its line ends, which can only stand between tokens, become spaces. */
void envelope_flatten(struct buf *record);

#endif
