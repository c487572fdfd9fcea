/* SPDX-License-Identifier: GPL-3.0-or-later */
/* slot.h -- text with {slots} (template.h), for a seat. */
#ifndef MOCK_SLOT_H
#define MOCK_SLOT_H

#include "template.h"

#define SLOT_DEEP 32    /* words in words, templates in templates */

/* Adds n bytes of text with their slots filled. deep counts how far inside
 * other slots the text stands; beyond SLOT_DEEP nothing is added. */
void slot_expand(struct gen *g, const struct seat *s, const char *p,
    size_t n, struct buf *b, int deep);

/* A number in [0,1) for a hash. */
double slot_unit(uint64_t hash);

#endif
