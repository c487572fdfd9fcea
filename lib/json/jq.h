/* SPDX-License-Identifier: GPL-3.0-or-later */
/* jq.h -- jq programs, run by libjq 1.6; the one file that includes jq.h.
 *
 * A struct jq is one compiled program in one interpreter. It belongs to one
 * thread: libjq's values never cross threads. Starting one costs about 16 ms
 * (libjq compiles its own library each time), so expressions that are plain
 * paths go to expr.h, which starts none. Numbers go through IEEE doubles,
 * but long integers keep their digits where nothing is computed from them
 * (spell.h). Input nested deeper than JQ_DEPTH is an error, where libjq would
 * cut it.
 *
 *	struct jq_arg args[] = { { "now", "\"2026-01-01\"" }, { NULL, NULL } };
 *	jq_open(&jq, "{n: .count, at: $now}", "request evaluate", args, &why);
 *	jq_run(jq, text, n, on_value, ctx, &why);
 *	jq_close(jq);
 */
#ifndef JSON_JQ_H
#define JSON_JQ_H

#include "base/fail.h"
#include "json/scan.h"

#define JQ_DEPTH 256

struct jq;

struct jq_arg {
	const char *name;       /* without the $; NULL ends the list */
	const char *json;       /* its value, JSON text */
};

/* Takes one result (JSON text, valid until it returns). Returns 0, or
 * non-zero to stop early. */
typedef int jq_value(void *ctx, struct json_val v);

/* Compiles a program; what names it in messages. args may be NULL. Returns
 * 0, or -1 with EXIT_USAGE and jq's own words. */
int jq_open(struct jq **jq, const char *program, const char *what,
    const struct jq_arg *args, struct fail *why);

/* Runs it on one value. Returns 0; 1 where on_value stopped it; -1 with
 * EXIT_DATA and the program's error. */
int jq_run(struct jq *jq, const char *p, size_t n, jq_value *on_value,
    void *ctx, struct fail *why);

void jq_close(struct jq *jq);

#endif
