/* SPDX-License-Identifier: GPL-3.0-or-later */
/* weights.h -- reading a model file as thinc writes it.
 *
 * MessagePack: a map of parallel lists, one entry a layer in breadth-first
 * order: nodes {name, refs}, attrs {name: MessagePack in a binary}, params
 * {name: array}. An array is a map with binary keys: shape, type "<f4", data.
 * (thinc/model.py to_bytes, msgpack-numpy.)
 *
 * Layers are found by name and count: the second "maxout". Arrays are copied
 * out, since in the file they lie anywhere.
 */
#ifndef NER_WEIGHTS_H
#define NER_WEIGHTS_H

#include "ner/pack.h"

struct weights {
	struct pack *doc;       /* owned; refers to the file's bytes */
	struct pack_val nodes, attrs, params;
	size_t n;
};

struct array {
	float *v;               /* owned; n of them */
	size_t shape[4], nd, n;
};

/* The bytes must outlive it. Returns 0, or -1 with EXIT_USAGE. */
int weights_open(struct weights *w, const char *p, size_t n,
    struct fail *why);
void weights_close(struct weights *w);

/* The nth layer of that name (from 0), or -1. */
int weights_find(const struct weights *w, const char *name, size_t nth);

/* The name of a layer. */
bool weights_name(const struct weights *w, size_t node, const char **p,
    size_t *n);

/* A layer that another refers to, or -1. */
int weights_ref(const struct weights *w, int node, const char *name);

/* A layer's array, which must have nd dimensions. Returns 0 or -1. */
int weights_array(const struct weights *w, int node, const char *name,
    size_t nd, struct array *a, struct fail *why);

/* A layer's attribute: a small number, or a document of its own, to be
 * closed by the caller. Return 0 or -1. */
int weights_attr(const struct weights *w, int node, const char *name,
    struct pack **doc, struct fail *why);
int weights_number(const struct weights *w, int node, const char *name,
    uint64_t max, uint64_t *value, struct fail *why);

#endif
