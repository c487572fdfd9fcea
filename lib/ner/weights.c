/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/weights.h"

int
weights_open(struct weights *w, const char *p, size_t n, struct fail *why)
{
	struct pack_val root;

	memset(w, 0, sizeof *w);
	if (pack_open(&w->doc, p, n, why) < 0)
		return -1;
	root = pack_root(w->doc);
	if (pack_get(root, "nodes", &w->nodes) &&
	    pack_get(root, "attrs", &w->attrs) &&
	    pack_get(root, "params", &w->params) &&
	    (w->n = pack_count(w->nodes)) > 0 &&
	    pack_count(w->attrs) == w->n && pack_count(w->params) == w->n)
		return 0;
	weights_close(w);
	return fail(why, EXIT_USAGE, "not a model as thinc writes it");
}

void
weights_close(struct weights *w)
{
	pack_close(w->doc);
	memset(w, 0, sizeof *w);
}

bool
weights_name(const struct weights *w, size_t node, const char **p, size_t *n)
{
	struct pack_val v, name;

	return pack_nth(w->nodes, node, NULL, &v) &&
	    pack_get(v, "name", &name) && pack_text(name, p, n);
}

int
weights_find(const struct weights *w, const char *name, size_t nth)
{
	const char *p;
	size_t i, n;

	for (i = 0; i < w->n; i++)
		if (weights_name(w, i, &p, &n) && n == strlen(name) &&
		    memcmp(p, name, n) == 0 && nth-- == 0)
			return (int)i;
	return -1;
}

int
weights_ref(const struct weights *w, int node, const char *name)
{
	struct pack_val v, refs, ref;
	uint64_t i;

	if (node < 0 || !pack_nth(w->nodes, (size_t)node, NULL, &v) ||
	    !pack_get(v, "refs", &refs) || !pack_get(refs, name, &ref) ||
	    !pack_uint(ref, &i) || i >= w->n)
		return -1;
	return (int)i;
}

/* The shape of an array and its data, checked against each other. */
static bool
take_shape(struct pack_val v, size_t nd, struct array *a, const char **data)
{
	struct pack_val x, d;
	uint64_t u;
	size_t i, bytes;

	if (!pack_get(v, "type", &x) || !pack_is(x, "<f4") ||
	    !pack_get(v, "shape", &x) || pack_count(x) != nd || nd > 4)
		return false;
	a->nd = nd;
	a->n = 1;
	for (i = 0; i < nd; i++) {
		if (!pack_nth(x, i, NULL, &d) || !pack_uint(d, &u) || u == 0 ||
		    u > UINT32_MAX / a->n)
			return false;
		a->shape[i] = u;
		a->n *= u;
	}
	return pack_get(v, "data", &x) && pack_text(x, data, &bytes) &&
	    bytes == a->n * sizeof *a->v;
}

int
weights_array(const struct weights *w, int node, const char *name, size_t nd,
    struct array *a, struct fail *why)
{
	const uint16_t one = 1;
	struct pack_val v, x;
	const char *data;

	memset(a, 0, sizeof *a);
	if (*(const unsigned char *)&one != 1)
		return fail(why, EXIT_MACHINE, "models are little-endian, "
		    "this machine is not");
	if (node < 0 || !pack_nth(w->params, (size_t)node, NULL, &v) ||
	    !pack_get(v, name, &x) || !take_shape(x, nd, a, &data))
		return fail(why, EXIT_USAGE, "layer %d has no proper array %s",
		    node, name);
	if (!(a->v = malloc(a->n * sizeof *a->v)))
		return fail_errno(why, "a layer's array");
	memcpy(a->v, data, a->n * sizeof *a->v);
	return 0;
}

int
weights_attr(const struct weights *w, int node, const char *name,
    struct pack **doc, struct fail *why)
{
	struct pack_val v, x;
	const char *p;
	size_t n;

	if (node < 0 || !pack_nth(w->attrs, (size_t)node, NULL, &v) ||
	    !pack_get(v, name, &x) || !pack_text(x, &p, &n))
		return fail(why, EXIT_USAGE, "layer %d has no attribute %s",
		    node, name);
	return pack_open(doc, p, n, why);
}

int
weights_number(const struct weights *w, int node, const char *name,
    uint64_t max, uint64_t *value, struct fail *why)
{
	struct pack *doc;
	bool yes, ok;

	if (weights_attr(w, node, name, &doc, why) < 0)
		return -1;
	ok = pack_uint(pack_root(doc), value);
	if (!ok && pack_bool(pack_root(doc), &yes)) {
		*value = yes;
		ok = true;
	}
	pack_close(doc);
	if (ok && *value <= max)
		return 0;
	return fail(why, EXIT_USAGE, "layer %d: %s is out of range", node,
	    name);
}
