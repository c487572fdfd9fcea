/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sound.h -- how English words sound, roughly, and how alike two sounds are.
 *
 * Written words become phonemes by rules of spelling: letter by letter, the
 * longest rule that fits first ("tion", "igh", a silent final e). The sounds
 * are those of the ARPAbet without stress; single letters are named (q h s),
 * digits read one by one. The rules are ours; that a few hundred of them
 * suffice for names is from H. S. Elovitz and others, Letter-to-sound rules
 * for automatic translation of English text to phonetics, IEEE Trans. ASSP-24
 * (1976). Recognisers hear a name as other words that sound like it, so
 * sounds are compared, not letters, and by how they are made: place, manner
 * and voice of a consonant, height and depth of a vowel.
 */
#ifndef NER_SOUND_H
#define NER_SOUND_H

#include "base/compat.h"

enum sound {
	SOUND_NONE,
	SOUND_AA, SOUND_AE, SOUND_AH, SOUND_AO, SOUND_AW, SOUND_AY, SOUND_EH,
	SOUND_ER, SOUND_EY, SOUND_IH, SOUND_IY, SOUND_OW, SOUND_OY, SOUND_UH,
	SOUND_UW,
	SOUND_B, SOUND_CH, SOUND_D, SOUND_DH, SOUND_F, SOUND_G, SOUND_HH,
	SOUND_JH, SOUND_K, SOUND_L, SOUND_M, SOUND_N, SOUND_NG, SOUND_P,
	SOUND_R, SOUND_S, SOUND_SH, SOUND_T, SOUND_TH, SOUND_V, SOUND_W,
	SOUND_Y, SOUND_Z, SOUND_ZH,
	SOUNDS
};

/* What it costs, in hundredths, to take one sound for another, to drop a
 * sound, and to put one in. */
struct sound_costs {
	uint8_t change[SOUNDS][SOUNDS], drop[SOUNDS], put[SOUNDS];
};

void sound_costs(struct sound_costs *c);

#define SOUND_MOST 6            /* of one letter: w by its name */

/* A word of folded letters (fold.h) to sounds, `room` at most; returns how
 * many. */
size_t sound_word(uint8_t *out, size_t room, const char *p, size_t n);

/* "AA", "AE", ... */
const char *sound_name(uint8_t sound);

#endif
