/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/vectors.h"

#include "json/scan.h"

/* The layers that are understood; others add or change something. */
static const char *const known[] = {
	"parser_model", "precomputable_affine", "linear", "list2array",
	"extract_features", "list2ragged", "ragged2list", "ints-getitem",
	"hashembed", "maxout", "layernorm", "dropout", "expand_window",
	"softmax", "tok2vec-listener", "static_vectors", "noop"
};

static bool
is_known(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < COUNT(known); i++)
		if (strlen(known[i]) == n && memcmp(known[i], p, n) == 0)
			return true;
	return false;
}

/* Layers made of others have a name that holds theirs. */
static bool
is_made_of(const char *p, size_t n)
{
	return (n > 11 && memcmp(p, "with_array(", 11) == 0) ||
	    (n > 9 && memcmp(p, "residual(", 9) == 0) ||
	    memchr(p, '>', n) || memchr(p, '|', n);
}

static int
check_names(const struct weights *w, struct fail *why)
{
	const char *p;
	size_t i, n;

	for (i = 0; i < w->n; i++) {
		if (!weights_name(w, i, &p, &n))
			return fail(why, EXIT_USAGE, "a layer has no name");
		if (!is_known(p, n) && !is_made_of(p, n))
			return fail(why, EXIT_USAGE, "layer '%.*s' is not "
			    "supported", (int)(n > 80 ? 80 : n), p);
	}
	return 0;
}

static int
load_table(struct vectors *v, const struct weights *w, size_t i,
    struct pack_val columns, struct fail *why)
{
	struct table *t = &v->table[i];
	int node = weights_find(w, "hashembed", i);
	struct pack_val name;
	struct array e;
	uint64_t seed, column;
	const char *p = "?";
	size_t n = 1, r;
	int attr;

	if (weights_number(w, node, "seed", UINT32_MAX, &seed, why) < 0 ||
	    weights_number(w, node, "column", VECTORS_ATTRS, &column,
	    why) < 0)
		return -1;
	if (!pack_nth(columns, column, NULL, &name) ||
	    !pack_text(name, &p, &n) || (attr = lex_attr(p, n)) < 0)
		return fail(why, EXIT_USAGE, "attribute '%.*s' is not "
		    "supported", (int)(n > 40 ? 40 : n), p);
	if (weights_array(w, node, "E", 2, &e, why) < 0)
		return -1;
	if (i == 0) {
		v->width = e.shape[1];
		v->stride = KERNEL_STRIDE(v->width);
	}
	t->seed = (uint32_t)seed;
	t->attr = (enum lex_attr)attr;
	t->rows = e.shape[0];
	if (attr == LEX_SPACY)
		v->blank = true;
	if (e.shape[1] != v->width ||
	    !(t->v = kernel_alloc(t->rows * v->stride))) {
		free(e.v);
		return fail(why, EXIT_USAGE, "tables of different width");
	}
	for (r = 0; r < t->rows; r++)
		memcpy(t->v + r * v->stride, e.v + r * v->width,
		    v->width * sizeof *e.v);
	free(e.v);
	v->ntables++;
	return 0;
}

static int
load_tables(struct vectors *v, const struct weights *w, struct fail *why)
{
	struct pack *columns;
	size_t i;
	int r = 0;

	if (weights_attr(w, weights_find(w, "extract_features", 0), "columns",
	    &columns, why) < 0)
		return -1;
	for (i = 0; r == 0 && weights_find(w, "hashembed", i) >= 0; i++)
		r = i < VECTORS_ATTRS ? load_table(v, w, i,
		    pack_root(columns), why) : fail(why, EXIT_USAGE,
		    "too many attributes");
	pack_close(columns);
	v->nparts = v->ntables;
	if (r == 0 && v->width > 1024)
		r = fail(why, EXIT_USAGE, "rows of %zu numbers are too wide",
		    v->width);
	return r;
}

/* Packs an encoder's layer but the first, or the mixer (nth 0), in the form
 * that it is computed in. */
static int
pack_layer(const struct vectors *v, struct layer *l, size_t nth,
    const struct array *a, const float *b, size_t wide)
{
	size_t *place, i;
	int r;

	if (nth == 1)
		return 0;               /* see load_first() */
	if (nth > 0 && v->paired)
		return paired_pack(&l->pairs, v->kernel, a->v, b, v->width,
		    a->shape[1], v->width, v->stride);
	if (!(place = malloc(a->shape[2] * sizeof *place)))
		return -1;
	for (i = 0; i < a->shape[2]; i++)
		place[i] = i / v->width * v->stride + i % v->width;
	r = (a->shape[1] > KERNEL_PIECES ? affine_flat : affine_pack)(&l->map,
	    v->kernel, a->v, b, v->width, a->shape[1], a->shape[2], place,
	    wide);
	free(place);
	return r;
}

/* A maxout layer over rows of the vectors' width, and its normalisation: the
 * mixer's (nth 0) over all tables' rows, the others' over windows. */
static int
load_layer(struct vectors *v, struct layer *l, const struct weights *w,
    size_t nth, size_t rows, struct fail *why)
{
	int node = weights_find(w, "maxout", nth);
	int after = weights_find(w, "layernorm", nth);
	struct array a = { NULL, { 0 }, 0, 0 }, b = a, g = a, gb = a;
	int r = -1;

	if (weights_array(w, node, "W", 3, &a, why) < 0 ||
	    weights_array(w, node, "b", 2, &b, why) < 0 ||
	    weights_array(w, after, "G", 1, &g, why) < 0 ||
	    weights_array(w, after, "b", 1, &gb, why) < 0)
		goto out;
	if (a.shape[0] != v->width || a.shape[2] != rows * v->width ||
	    a.shape[1] > (nth ? VECTORS_PIECES : KERNEL_PIECES) ||
	    (nth && a.shape[1] != v->pieces) || b.shape[0] != v->width ||
	    b.shape[1] != a.shape[1] || g.n != v->width || gb.n != v->width) {
		fail(why, EXIT_USAGE, "maxout layer %zu has a shape that is "
		    "not supported", nth);
		goto out;
	}
	l->g = kernel_alloc(v->stride);
	l->b = kernel_alloc(v->stride);
	if (!l->g || !l->b || pack_layer(v, l, nth, &a, b.v, rows *
	    v->stride) < 0) {
		fail(why, EXIT_MACHINE, "out of memory");
		goto out;
	}
	memcpy(l->g, g.v, g.n * sizeof *g.v);
	memcpy(l->b, gb.v, gb.n * sizeof *gb.v);
	r = 0;
out:
	free(a.v);
	free(b.v);
	free(g.v);
	free(gb.v);
	return r;
}

/* The first layer sees rows that depend on one token each: what a token
 * gives as left, middle and right neighbour are parts of one product. The
 * bias goes with the middle. */
static int
load_first(struct vectors *v, const struct weights *w, struct fail *why)
{
	struct array a = { NULL, { 0 }, 0, 0 }, b = a;
	struct affine part;
	size_t seen = 2 * v->window + 1, i, s, n;
	float *cut = NULL;
	int r = -1;

	memset(&part, 0, sizeof part);
	if (weights_array(w, weights_find(w, "maxout", 1), "W", 3, &a,
	    why) < 0 || weights_array(w, weights_find(w, "maxout", 1), "b", 2,
	    &b, why) < 0)
		goto out;
	n = v->width * v->pieces;
	v->first.outs = seen * v->stride * v->pieces;
	v->first.pieces = 1;
	v->first.ins = v->stride;
	v->first.w = kernel_alloc(v->first.outs * v->stride);
	v->first.b = kernel_alloc(v->first.outs);
	cut = kernel_alloc(n * v->width);
	if (!v->first.w || !v->first.b || !cut) {
		fail(why, EXIT_MACHINE, "out of memory");
		goto out;
	}
	for (s = 0; s < seen; s++) {
		for (i = 0; i < n; i++)
			memcpy(cut + i * v->width, a.v + (i * seen + s) *
			    v->width, v->width * sizeof *cut);
		if (affine_flat(&part, v->kernel, cut, s == v->window ? b.v :
		    NULL, v->width, v->pieces, v->width, NULL,
		    v->stride) < 0) {
			fail(why, EXIT_MACHINE, "out of memory");
			goto out;
		}
		i = part.outs;
		memcpy(v->first.w + s * i * v->stride, part.w,
		    i * v->stride * sizeof *cut);
		memcpy(v->first.b + s * i, part.b, i * sizeof *cut);
		affine_free(&part);
	}
	r = 0;
out:
	free(cut);
	free(a.v);
	free(b.v);
	return r;
}

/* How many layers there are, and how far each sees. */
static int
measure(struct vectors *v, const struct weights *w, struct fail *why)
{
	struct array b;
	uint64_t x;
	size_t i;
	int node;

	for (i = 0; (node = weights_find(w, "expand_window", i)) >= 0; i++) {
		if (i >= VECTORS_DEPTH)
			return fail(why, EXIT_USAGE, "an encoder of more than "
			    "%d layers is not supported", VECTORS_DEPTH);
		if (weights_number(w, node, "window_size", 1000, &x, why) < 0)
			return -1;
		if (x == 0 || x > VECTORS_WINDOW || (i && x != v->window))
			return fail(why, EXIT_USAGE, "windows of %ju tokens "
			    "to each side are not supported", (uintmax_t)x);
		v->window = (size_t)x;
	}
	if ((v->depth = i) == 0)
		return fail(why, EXIT_USAGE, "there is no encoder");
	if (weights_array(w, weights_find(w, "maxout", 1), "b", 2, &b,
	    why) < 0)
		return -1;
	v->pieces = b.shape[1];
	free(b.v);
	v->paired = v->window == 1 && v->pieces <= KERNEL_PIECES;
	return 0;
}

/* The encoder: as many layers as there are windows; rows of zeros before
 * and after a text, as many as any layer can see. */
static int
load_encoder(struct vectors *v, const struct weights *w, struct fail *why)
{
	const char *p;
	size_t i, n;
	uint64_t pad = 0;

	if (measure(v, w, why) < 0)
		return -1;
	for (i = 0; i < w->n; i++)
		if (weights_name(w, i, &p, &n) && n > 20 &&
		    memcmp(p, "with_array(residual(", 20) == 0 &&
		    weights_number(w, (int)i, "pad", 1000, &pad, why) < 0)
			return -1;
	if (pad < v->depth * v->window)
		return fail(why, EXIT_USAGE, "an encoder padded by less than "
		    "it sees is not supported");
	for (i = 0; i < v->depth; i++)
		if (load_layer(v, &v->layer[i], w, i + 1, 2 * v->window + 1,
		    why) < 0)
			return -1;
	return load_first(v, w, why);
}

/* ---- static vectors ---- */

bool
vectors_static(const struct weights *w)
{
	return weights_find(w, "static_vectors", 0) >= 0;
}

/* The matrix from a static vector to a row. */
static int
load_cast(struct vectors *v, const struct statics *statics,
    const struct weights *w, struct fail *why)
{
	struct array a;
	int r = -1;

	if (!vectors_static(w))
		return 0;
	if (!statics)
		return fail(why, EXIT_USAGE, "there are no static vectors");
	if (weights_array(w, weights_find(w, "static_vectors", 0), "W", 2, &a,
	    why) < 0)
		return -1;
	if (a.shape[0] != v->width || a.shape[1] != statics->width)
		fail(why, EXIT_USAGE, "static vectors of %zu numbers do not "
		    "fit", statics->width);
	else if (affine_pack(&v->cast, v->kernel, a.v, NULL, v->width, 1,
	    a.shape[1], NULL, a.shape[1]) < 0)
		fail(why, EXIT_MACHINE, "out of memory");
	else
		r = 0;
	free(a.v);
	v->statics = statics;
	v->nparts++;
	return r;
}

int
vectors_load(struct vectors *v, const struct kernel *k,
    const struct norms *norms, const struct statics *statics,
    const struct weights *w, struct fail *why)
{
	memset(v, 0, sizeof *v);
	v->kernel = k;
	v->norms = norms;
	if (check_names(w, why) < 0 || load_tables(v, w, why) < 0 ||
	    load_cast(v, statics, w, why) < 0 ||
	    load_layer(v, &v->mixer, w, 0, v->nparts, why) < 0 ||
	    load_encoder(v, w, why) < 0) {
		vectors_free(v);
		return -1;
	}
	return 0;
}

static void
layer_free(struct layer *l)
{
	affine_free(&l->map);
	paired_free(&l->pairs);
	free(l->g);
	free(l->b);
}

static void
table_walk(struct table *t, size_t stride, struct ready *r)
{
	size_t seed = t->seed, attr = t->attr;

	ready_number(r, &t->rows, (size_t)1 << 24);
	ready_number(r, &seed, (size_t)UINT32_MAX + 1);
	ready_number(r, &attr, LEX_ATTRS);
	ready_floats(r, &t->v, t->rows * stride);
	t->seed = (uint32_t)seed;
	t->attr = (enum lex_attr)attr;
	r->wrong |= t->rows == 0;
}

void
vectors_walk(struct vectors *v, struct ready *r)
{
	size_t blank = v->blank, i;

	v->mapped = r->p != NULL;
	ready_number(r, &v->ntables, VECTORS_ATTRS + 1);
	ready_number(r, &v->nparts, VECTORS_ATTRS + 2);
	ready_number(r, &v->width, 1025);
	ready_number(r, &v->depth, VECTORS_DEPTH + 1);
	ready_number(r, &v->pieces, VECTORS_PIECES + 1);
	ready_number(r, &v->window, VECTORS_WINDOW + 1);
	ready_number(r, &blank, 2);
	v->blank = blank;
	v->stride = KERNEL_STRIDE(v->width);
	v->paired = v->window == 1 && v->pieces <= KERNEL_PIECES;
	if (v->nparts == v->ntables)
		v->statics = NULL;
	else if (v->nparts != v->ntables + 1 || !v->statics)
		r->wrong = true;
	else
		affine_walk(&v->cast, r);
	/* the table is not of the map, and may be another since */
	r->wrong |= v->statics && v->cast.ins != v->statics->width;
	for (i = 0; i < v->ntables; i++)
		table_walk(&v->table[i], v->stride, r);
	affine_walk(&v->mixer.map, r);
	ready_floats(r, &v->mixer.g, v->stride);
	ready_floats(r, &v->mixer.b, v->stride);
	for (i = 0; i < v->depth; i++) {
		ready_floats(r, &v->layer[i].g, v->stride);
		ready_floats(r, &v->layer[i].b, v->stride);
		if (i > 0 && v->paired)
			paired_walk(&v->layer[i].pairs, v->kernel, r);
		if (i > 0 && !v->paired)
			affine_walk(&v->layer[i].map, r);
	}
	affine_walk(&v->first, r);
}

void
vectors_free(struct vectors *v)
{
	size_t i;

	if (v->mapped) {
		memset(v, 0, sizeof *v);
		return;
	}
	for (i = 0; i < VECTORS_ATTRS; i++)
		free(v->table[i].v);
	for (i = 0; i < VECTORS_DEPTH; i++)
		layer_free(&v->layer[i]);
	layer_free(&v->mixer);
	affine_free(&v->first);
	affine_free(&v->cast);
	memset(v, 0, sizeof *v);
}
