/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heard.h -- names as a speech recogniser writes them that has never heard of
 * them: words that sound alike ("see the light" is CP Lite).
 *
 * The names' spoken forms, or where one has none its aliases, become sounds,
 * and so does the text. Runs of the text's words whose sounds are near enough
 * to a name's are the name: near by the least cost to turn one into the other
 * (sound.h), as a share of what it would cost to drop the whole name. Only
 * names that have enough pairs of neighbouring sounds in common with the text
 * are compared at all; having them in common is never enough. Read-only after
 * heard_open().
 */
#ifndef NER_HEARD_H
#define NER_HEARD_H

#include "ner/fold.h"
#include "ner/gazetteer.h"
#include "ner/sound.h"

#define HEARD_SOUNDS 200        /* of a name, at most; longer ones are left */

/* A name's sounds. */
struct heard_name {
	uint32_t alias;
	uint32_t at;            /* in heard_index.sounds */
	uint16_t n, worth;      /* how many; what hearing them all is worth */
	float need;             /* kinds of pairs that a text must have */
	uint8_t nwords;         /* whose lengths stand at words, in letters */
	uint32_t words;         /* in heard_index.lengths */
	uint64_t pairs[4];      /* see heard_pairs() */
};

struct heard_index {
	struct sound_costs costs;
	struct buf sounds, lengths;
	struct heard_name *names;       /* owned */
	uint32_t n, cap;
};

int heard_open(struct heard_index *x, const struct gazetteer *g,
    struct fail *why);
void heard_free(struct heard_index *x);

/* The pairs of neighbours in n sounds, by kinds of sounds, 16 by 16. */
void heard_pairs(uint64_t *pairs, const uint8_t *sounds, size_t n);

/* Adds how a text sounds as a JSON string ("K W AA N T AH M"). Returns 0 or
 * -1. */
int heard_spell(struct buf *b, struct fold *work, const char *p, size_t n,
    struct fail *why);

#endif
