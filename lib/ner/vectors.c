/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/vectors.h"

#include "json/scan.h"

/* The layers that are understood; others add or change something. */
static const char *const known[] = {
	"parser_model", "precomputable_affine", "linear", "list2array",
	"extract_features", "list2ragged", "ragged2list", "ints-getitem",
	"hashembed", "maxout", "layernorm", "dropout", "expand_window",
	"softmax", "tok2vec-listener"
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
	if (r == 0 && v->width > 1024)
		r = fail(why, EXIT_USAGE, "rows of %zu numbers are too wide",
		    v->width);
	return r;
}

/* A maxout layer over rows of the vectors' width, and its normalisation: the
 * mixer's (nth 0) over all tables' rows, the others' over windows of three. */
static int
load_layer(struct vectors *v, struct layer *l, const struct weights *w,
    size_t nth, size_t rows, struct fail *why)
{
	int node = weights_find(w, "maxout", nth);
	int after = weights_find(w, "layernorm", nth);
	struct array a = { NULL, { 0 }, 0, 0 }, b = a, g = a, gb = a;
	size_t place[3 * 1024 + VECTORS_ATTRS * 1024], i;
	int r = -1;

	if (weights_array(w, node, "W", 3, &a, why) < 0 ||
	    weights_array(w, node, "b", 2, &b, why) < 0 ||
	    weights_array(w, after, "G", 1, &g, why) < 0 ||
	    weights_array(w, after, "b", 1, &gb, why) < 0)
		goto out;
	if (a.shape[0] != v->width || a.shape[2] != rows * v->width ||
	    a.shape[1] > KERNEL_PIECES || b.shape[0] != v->width ||
	    b.shape[1] != a.shape[1] || g.n != v->width || gb.n != v->width) {
		fail(why, EXIT_USAGE, "maxout layer %zu has a shape that is "
		    "not supported", nth);
		goto out;
	}
	for (i = 0; i < a.shape[2]; i++)
		place[i] = i / v->width * v->stride + i % v->width;
	l->g = kernel_alloc(v->stride);
	l->b = kernel_alloc(v->stride);
	if (!l->g || !l->b || (nth == 0 && affine_pack(&l->map, v->kernel,
	    a.v, b.v, v->width, a.shape[1], a.shape[2], place, rows *
	    v->stride) < 0) || (nth > 1 && paired_pack(&l->pairs, v->kernel,
	    a.v, b.v, v->width, a.shape[1], v->width, v->stride) < 0)) {
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
 * gives as left, middle and right neighbour is three parts of one product.
 * The bias goes with the middle. */
static int
load_first(struct vectors *v, const struct weights *w, struct fail *why)
{
	struct array a = { NULL, { 0 }, 0, 0 }, b = a;
	struct affine part[3];
	size_t place[1024], i, s, n, pieces;
	float *cut = NULL;
	int r = -1;

	memset(part, 0, sizeof part);
	if (weights_array(w, weights_find(w, "maxout", 1), "W", 3, &a,
	    why) < 0 || weights_array(w, weights_find(w, "maxout", 1), "b", 2,
	    &b, why) < 0)
		goto out;
	pieces = v->pieces = a.shape[1];
	n = v->width * pieces;
	for (i = 0; i < v->width; i++)
		place[i] = i;
	v->first.outs = 3 * v->stride * pieces;
	v->first.pieces = 1;
	v->first.ins = v->stride;
	v->first.w = kernel_alloc(v->first.outs * v->stride);
	v->first.b = kernel_alloc(v->first.outs);
	cut = kernel_alloc(n * v->width);
	if (!v->first.w || !v->first.b || !cut) {
		fail(why, EXIT_MACHINE, "out of memory");
		goto out;
	}
	for (s = 0; s < 3; s++) {
		for (i = 0; i < n; i++)
			memcpy(cut + i * v->width, a.v + i * 3 * v->width +
			    s * v->width, v->width * sizeof *cut);
		if (affine_flat(&part[s], v->kernel, cut, s == 1 ? b.v : NULL,
		    v->width, pieces, v->width, place, v->stride) < 0) {
			fail(why, EXIT_MACHINE, "out of memory");
			goto out;
		}
		i = part[s].outs;
		memcpy(v->first.w + s * i * v->stride, part[s].w,
		    i * v->stride * sizeof *cut);
		memcpy(v->first.b + s * i, part[s].b, i * sizeof *cut);
	}
	r = 0;
out:
	for (s = 0; s < 3; s++)
		affine_free(&part[s]);
	free(cut);
	free(a.v);
	free(b.v);
	return r;
}

/* The encoder: as many layers as there are windows; rows of zeros before
 * and after a text, as many as any layer can see. */
static int
load_encoder(struct vectors *v, const struct weights *w, struct fail *why)
{
	const char *p;
	size_t i, n;
	uint64_t x, pad = 0;
	int node;

	for (i = 0; (node = weights_find(w, "expand_window", i)) >= 0; i++)
		if (weights_number(w, node, "window_size", 1, &x, why) < 0 ||
		    x != 1 || i >= VECTORS_DEPTH)
			return fail(why, EXIT_USAGE, "only windows of one "
			    "token to each side are supported");
	v->depth = i;
	if (v->depth == 0)
		return fail(why, EXIT_USAGE, "there is no encoder");
	for (i = 0; i < w->n; i++)
		if (weights_name(w, i, &p, &n) && n > 20 &&
		    memcmp(p, "with_array(residual(", 20) == 0 &&
		    weights_number(w, (int)i, "pad", 1000, &pad, why) < 0)
			return -1;
	if (pad < v->depth)
		return fail(why, EXIT_USAGE, "an encoder padded by less than "
		    "its depth is not supported");
	for (i = 0; i < v->depth; i++)
		if (load_layer(v, &v->layer[i], w, i + 1, 3, why) < 0)
			return -1;
	return load_first(v, w, why);
}

int
vectors_load(struct vectors *v, const struct kernel *k,
    const struct norms *norms, const struct weights *w, struct fail *why)
{
	memset(v, 0, sizeof *v);
	v->kernel = k;
	v->norms = norms;
	if (check_names(w, why) < 0 || load_tables(v, w, why) < 0 ||
	    load_layer(v, &v->mixer, w, 0, v->ntables, why) < 0 ||
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
	size_t blank = v->blank, i, j;

	v->mapped = r->p != NULL;
	ready_number(r, &v->ntables, VECTORS_ATTRS + 1);
	ready_number(r, &v->width, 1025);
	ready_number(r, &v->depth, VECTORS_DEPTH + 1);
	ready_number(r, &v->pieces, KERNEL_PIECES + 1);
	ready_number(r, &blank, 2);
	v->blank = blank;
	v->stride = KERNEL_STRIDE(v->width);
	for (i = 0; i < v->ntables; i++)
		table_walk(&v->table[i], v->stride, r);
	affine_walk(&v->mixer.map, r);
	ready_floats(r, &v->mixer.g, v->stride);
	ready_floats(r, &v->mixer.b, v->stride);
	for (i = 0; i < v->depth; i++) {
		ready_floats(r, &v->layer[i].g, v->stride);
		ready_floats(r, &v->layer[i].b, v->stride);
		for (j = 0; i > 0 && j < COUNT(v->layer[i].pairs.part); j++)
			affine_walk(&v->layer[i].pairs.part[j], r);
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
	memset(v, 0, sizeof *v);
}
