/* SPDX-License-Identifier: GPL-3.0-or-later */
/* moves.h -- the classes of a transition system, in the network's order.
 *
 * A file "moves" lists, for each action, its labels and how often they were
 * seen. The network's outputs are numbered by actions in order of their
 * numbers as text; within one, by falling frequency, equal ones by label,
 * larger first; labels that were added later (frequencies below 0) come after
 * all those, for every action that has them. (transition_system.pyx,
 * initialize_actions and add_action.)
 */
#ifndef NER_MOVES_H
#define NER_MOVES_H

#include "base/fail.h"
#include "base/map.h"

struct class {
	int action;             /* a number of the system's own */
	uint32_t label;         /* in moves.labels */
};

struct moves {
	struct class *v;        /* owned; n of them */
	size_t n, cap;
	struct map labels;      /* texts of labels -> numbers */
};

/* Reads a file "moves" of a system whose actions are 0..actions-1. Returns
 * 0, or -1 with EXIT_USAGE. */
int moves_load(struct moves *m, const char *p, size_t n, int actions,
    struct fail *why);
void moves_free(struct moves *m);

/* The class with that action and label, or -1. */
int moves_find(const struct moves *m, int action, uint32_t label);

#endif
