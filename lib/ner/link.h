/* SPDX-License-Identifier: GPL-3.0-or-later */
/* link.h -- a hash table of edges: (node, key) -> node.
 *
 * Nodes are numbered as they are made: 0 is the root, or any number of roots
 * for keys of several kinds. A trie over numbers is such a table, and so is
 * an index. Linear probing, at most half full.
 *
 *	n = links_step(&l, links_step(&l, 0, orth_a), orth_b);
 */
#ifndef NER_LINK_H
#define NER_LINK_H

#include "base/compat.h"

struct link {
	uint64_t key;
	uint32_t node, child;   /* child 0: an empty slot */
};

struct links {
	struct link *v;         /* owned; nslots of them */
	uint32_t n, nslots;     /* n: edges, and the last child's number */
	uint32_t roots;         /* nodes below that are not made: children
	                         * are numbered from there */
};

/* roots: how many nodes there are before any edge; at least 1. */
#define LINKS_INIT(roots) { NULL, 0, 0, (roots) }

/* The node that an edge leads to, or 0. */
uint32_t links_step(const struct links *l, uint32_t node, uint64_t key);

/* The same, made where it is not there; 0 where memory ends. */
uint32_t links_add(struct links *l, uint32_t node, uint64_t key);

/* The number of nodes, roots included. */
static inline uint32_t
links_nodes(const struct links *l)
{
	return l->roots + l->n;
}

/* Forgets the edges, keeps the memory. */
void links_clear(struct links *l);
void links_free(struct links *l);

#endif
