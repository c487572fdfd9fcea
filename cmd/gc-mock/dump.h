/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dump.h -- many records as one NDJSON file, made while it is sent. */
#ifndef MOCK_DUMP_H
#define MOCK_DUMP_H

#include "gen.h"

/* Answers with records [low, high) of a kind. q outlives the answer. */
void answer_dump(struct answer *a, struct gen *g, const struct kind *k,
    int64_t low, int64_t high, const struct request *q);

#endif
