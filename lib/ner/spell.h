/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spell.h -- the texts of ids.
 *
 * Norms are compared by their ids (hash.h), from which no way leads back to a
 * text; a pattern may ask for the text all the same. */
#ifndef NER_SPELL_H
#define NER_SPELL_H

#include "base/buf.h"
#include "ner/link.h"

struct spellings {
	struct links ids;               /* (0, id) -> number + 1 */
	uint32_t *at;                   /* owned: where texts begin; cap */
	size_t cap;
	struct buf bytes;
};

void spellings_init(struct spellings *s);
void spellings_free(struct spellings *s);

/* Keeps the text of an id. Returns 0, or -1 where memory ends. */
int spellings_add(struct spellings *s, uint64_t id, const char *p, size_t n);

/* An id's text, or NULL. */
const char *spellings_get(const struct spellings *s, uint64_t id, size_t *n);

#endif
