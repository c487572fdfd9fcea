/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/scorer.h"

struct arrays {
	struct array lw, lb, w, b, pad, uw, ub;
};

static void
arrays_free(struct arrays *a)
{
	free(a->lw.v);
	free(a->lb.v);
	free(a->w.v);
	free(a->b.v);
	free(a->pad.v);
	free(a->uw.v);
	free(a->ub.v);
}

/* The linear layer that is not the last one's. */
static int
find_linear(const struct weights *w, int upper)
{
	size_t i;
	int node;

	for (i = 0; (node = weights_find(w, "linear", i)) >= 0; i++)
		if (node != upper)
			return node;
	return -1;
}

static int
read_arrays(struct arrays *a, const struct weights *w, struct fail *why)
{
	int lower = weights_ref(w, 0, "lower"), upper = weights_ref(w, 0,
	    "upper");
	int linear;
	uint64_t has;

	if (weights_number(w, 0, "has_upper", 1, &has, why) < 0)
		return -1;
	if ((linear = find_linear(w, has ? upper : -1)) < 0)
		return fail(why, EXIT_USAGE, "there is no linear layer");
	if (weights_array(w, linear, "W", 2, &a->lw, why) < 0 ||
	    weights_array(w, linear, "b", 1, &a->lb, why) < 0 ||
	    weights_array(w, lower, "W", 4, &a->w, why) < 0 ||
	    weights_array(w, lower, "b", 2, &a->b, why) < 0 ||
	    weights_array(w, lower, "pad", 4, &a->pad, why) < 0 ||
	    (has && (weights_array(w, upper, "W", 2, &a->uw, why) < 0 ||
	    weights_array(w, upper, "b", 1, &a->ub, why) < 0)))
		return -1;
	return 0;
}

static bool
shapes_fit(const struct arrays *a, size_t in)
{
	const size_t *w = a->w.shape;   /* slots, hidden, pieces, token */

	return a->lw.shape[0] == w[3] && a->lw.shape[1] == in &&
	    a->lb.n == w[3] && a->b.shape[0] == w[1] &&
	    a->b.shape[1] == w[2] && a->pad.shape[0] == 1 &&
	    a->pad.shape[1] == w[0] && a->pad.shape[2] == w[1] &&
	    a->pad.shape[3] == w[2] && (!a->uw.v ||
	    (a->uw.shape[1] == w[1] && a->ub.n == a->uw.shape[0])) &&
	    w[0] <= SCORER_SLOTS && w[2] <= SCORER_PIECES && w[3] <= 1024 &&
	    w[1] <= 1024;
}

/* Numbers o, p in the order that add() reads. */
static float *
flat_copy(const struct scorer *s, const float *v)
{
	size_t n = s->kernel->lanes, o, p;
	float *out = kernel_alloc(s->feature);

	for (o = 0; out && o < s->hidden; o++)
		for (p = 0; p < s->pieces; p++)
			out[(o / n * s->pieces + p) * n + o % n] =
			    v[o * s->pieces + p];
	return out;
}

static int
pack_slots(struct scorer *s, const struct arrays *a)
{
	size_t each = s->hidden * s->pieces, i, stride = KERNEL_STRIDE(
	    s->token);

	s->all.outs = s->slots * s->feature;
	s->all.pieces = 1;
	s->all.ins = stride;
	s->all.w = kernel_alloc(s->all.outs * stride);
	s->all.b = kernel_alloc(s->all.outs);
	if (!s->all.w || !s->all.b)
		return -1;
	for (i = 0; i < s->slots; i++) {
		if (affine_flat(&s->slot[i], s->kernel, a->w.v + i * each *
		    s->token, NULL, s->hidden, s->pieces, s->token, NULL,
		    stride) < 0 ||
		    !(s->empty[i] = flat_copy(s, a->pad.v + i * each)))
			return -1;
		memcpy(s->all.w + i * s->feature * stride, s->slot[i].w,
		    s->feature * stride * sizeof *s->all.w);
	}
	return 0;
}

static int
pack(struct scorer *s, const struct arrays *a)
{
	if (affine_pack(&s->linear, s->kernel, a->lw.v, a->lb.v, s->token, 1,
	    s->in, NULL, KERNEL_STRIDE(s->in)) < 0 ||
	    pack_slots(s, a) < 0 || (!s->bare &&
	    affine_pack(&s->upper, s->kernel, a->uw.v, a->ub.v, s->classes, 1,
	    s->hidden, NULL, KERNEL_STRIDE(s->hidden)) < 0))
		return -1;
	s->bias = flat_copy(s, a->b.v);
	return s->bias ? 0 : -1;
}

int
scorer_load(struct scorer *s, const struct kernel *k, size_t in,
    const struct weights *w, struct fail *why)
{
	struct arrays a;
	int r = 0;

	memset(s, 0, sizeof *s);
	memset(&a, 0, sizeof a);
	s->kernel = k;
	s->in = in;
	if (read_arrays(&a, w, why) < 0)
		r = -1;
	else if (in > 1024 || !shapes_fit(&a, in))
		r = fail(why, EXIT_USAGE, "the scorer's layers do not fit "
		    "together");
	if (r == 0) {
		s->slots = a.w.shape[0];
		s->hidden = a.w.shape[1];
		s->pieces = a.w.shape[2];
		s->token = a.w.shape[3];
		s->bare = !a.uw.v;
		s->classes = s->bare ? s->hidden : a.uw.shape[0];
		s->feature = KERNEL_STRIDE(s->hidden) * s->pieces;
		if (pack(s, &a) < 0)
			r = fail(why, EXIT_MACHINE, "out of memory");
		s->uw = a.uw.v;
		s->ub = a.ub.v;
		a.uw.v = a.ub.v = NULL;
	}
	arrays_free(&a);
	if (r < 0)
		scorer_free(s);
	return r;
}

void
scorer_walk(struct scorer *s, const struct kernel *k, struct ready *r)
{
	size_t bare = s->bare, i;

	s->kernel = k;
	s->mapped = r->p != NULL;
	ready_number(r, &s->slots, SCORER_SLOTS + 1);
	ready_number(r, &s->in, 1025);
	ready_number(r, &s->token, 1025);
	ready_number(r, &s->hidden, 1025);
	ready_number(r, &s->pieces, SCORER_PIECES + 1);
	ready_number(r, &s->classes, (size_t)1 << 16);
	ready_number(r, &bare, 2);
	s->bare = bare;
	s->feature = KERNEL_STRIDE(s->hidden) * s->pieces;
	affine_walk(&s->linear, r);
	for (i = 0; i < s->slots; i++) {
		affine_walk(&s->slot[i], r);
		ready_floats(r, &s->empty[i], s->feature);
	}
	affine_walk(&s->all, r);
	ready_floats(r, &s->bias, s->feature);
	if (s->bare)
		return;
	affine_walk(&s->upper, r);
	ready_floats(r, &s->uw, s->classes * s->hidden);
	ready_floats(r, &s->ub, s->classes);
}

void
scorer_free(struct scorer *s)
{
	size_t i;

	if (s->mapped) {
		memset(s, 0, sizeof *s);
		return;
	}
	affine_free(&s->linear);
	affine_free(&s->upper);
	affine_free(&s->all);
	for (i = 0; i < SCORER_SLOTS; i++) {
		affine_free(&s->slot[i]);
		free(s->empty[i]);
	}
	free(s->bias);
	free(s->uw);
	free(s->ub);
	memset(s, 0, sizeof *s);
}

void
scorer_hidden(const struct scorer *s, const float *const *features,
    float *hidden)
{
	const float *parts[SCORER_SLOTS + 1];

	memcpy(parts, features, s->slots * sizeof *parts);
	parts[s->slots] = s->bias;
	s->kernel->add(parts, s->slots + 1, hidden, KERNEL_STRIDE(s->hidden),
	    s->pieces);
}

float
scorer_score(const struct scorer *s, const float *hidden, size_t class)
{
	const float *w;
	float x;
	size_t i;

	if (s->bare)
		return hidden[class];
	w = s->uw + class * s->hidden;
	x = s->ub[class];
	for (i = 0; i < s->hidden; i++)
		x += hidden[i] * w[i];
	return x;
}

int
scorer_some(const struct scorer *s, struct affine *a, const int *class,
    size_t n)
{
	size_t i;
	float *w = malloc(n * s->hidden * sizeof *w);
	float *b = malloc(n * sizeof *b);
	int r = -1;

	if (w && b) {
		for (i = 0; i < n; i++) {
			memcpy(w + i * s->hidden, s->uw + (size_t)class[i] *
			    s->hidden, s->hidden * sizeof *w);
			b[i] = s->ub[class[i]];
		}
		r = affine_pack(a, s->kernel, w, b, n, 1, s->hidden, NULL,
		    KERNEL_STRIDE(s->hidden));
	}
	free(w);
	free(b);
	return r;
}
