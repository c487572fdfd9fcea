/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/arcs.h"
#include "ner/tree.h"

enum { SHIFT, REDUCE, LEFT, RIGHT, BREAK, ACTIONS };

#define RING 256                /* tokens whose features are kept */
#define AHEAD KERNEL_ROWS       /* computed together */

struct parse {
	const struct arcs *a;
	struct tree tree;
	parse_rows *rows;
	void *ctx;
	struct fail *why;
	bool failed;            /* rows could not be had */
	bool given;             /* where sentences begin is known */
	float *near;            /* owned: rows of AHEAD tokens */
	float *ring;            /* owned: all features of RING tokens */
	int32_t tag[RING];      /* whose */
	float *room;            /* owned */
	float *sum, *hidden, *score;    /* in room */
	int32_t *stack;         /* owned; from its end down, the rebuffer: a
	                         * token is in one of the two at most */
	bool *sent, *stuck;     /* owned: sentence starts; not to be shifted */
	size_t cap, n, depth, nback, next;
};

/* ---- loading ---- */

/* "dep||head": the parts as labels; new ones may come up as numbers. */
static int
split_label(struct arcs *a, uint32_t i, uint32_t n)
{
	const struct map_key *k = &a->moves.labels.keys[i];
	size_t at;
	uint32_t head;

	a->lifted[i] = 0;
	a->plain[i] = i;
	for (at = 0; at + 1 < k->len; at++) {
		if (k->p[at] != '|' || k->p[at + 1] != '|')
			continue;
		a->plain[i] = map_add(&a->moves.labels, k->p, at, NULL);
		k = &a->moves.labels.keys[i];
		head = map_add(&a->moves.labels, k->p + at + 2,
		    k->len - at - 2, NULL);
		if (a->plain[i] == MAP_NONE || head == MAP_NONE)
			return -1;
		if (i < n)
			a->lifted[i] = head + 1;
		return 0;
	}
	return 0;
}

static int
read_labels(struct arcs *a, struct fail *why)
{
	struct map *labels = &a->moves.labels;
	uint32_t n = labels->n, i;

	a->lifted = calloc(3 * (size_t)n + 2, sizeof *a->lifted);
	a->plain = calloc(3 * (size_t)n + 2, sizeof *a->plain);
	if (!a->lifted || !a->plain)
		return fail_errno(why, "labels");
	for (i = 0; i < n; i++)
		if (split_label(a, i, n) < 0)
			return fail(why, EXIT_MACHINE, "out of memory");
	if ((a->root = map_add(labels, "ROOT", 4, NULL)) == MAP_NONE)
		return fail(why, EXIT_MACHINE, "out of memory");
	for (i = n; i < labels->n; i++)
		a->plain[i] = i;
	return 0;
}

static int
read_classes(struct arcs *a, struct fail *why)
{
	size_t i;
	int k, action;

	for (k = 0; k < ACTIONS; k++)
		a->first[k] = a->end[k] = -1;
	for (i = 0; i < a->moves.n; i++) {
		action = a->moves.v[i].action;
		if (a->first[action] < 0)
			a->first[action] = (int)i;
		else if (a->end[action] != (int)i)
			return fail(why, EXIT_USAGE, "moves that were added "
			    "to a parser later are not supported");
		a->end[action] = (int)i + 1;
	}
	return 0;
}

int
arcs_load(struct arcs *a, const char *moves, size_t n, struct fail *why)
{
	if (moves_load(&a->moves, moves, n, ACTIONS, why) < 0) {
		arcs_free(a);
		return fail_prefix(why, "moves");
	}
	if (a->moves.n != a->scorer.classes)
		fail(why, EXIT_USAGE, "%zu moves, but scores for %zu",
		    a->moves.n, a->scorer.classes);
	else if (a->scorer.slots != 8 && a->scorer.slots != 13)
		fail(why, EXIT_USAGE, "%zu features of a parser's state are "
		    "not supported", a->scorer.slots);
	else if (read_classes(a, why) == 0 && read_labels(a, why) == 0)
		return 0;
	arcs_free(a);
	return -1;
}

void
arcs_free(struct arcs *a)
{
	scorer_free(&a->scorer);
	moves_free(&a->moves);
	free(a->lifted);
	free(a->plain);
	memset(a, 0, sizeof *a);
}

/* ---- room ---- */

int
parse_open(struct parse **parse, const struct arcs *a, struct fail *why)
{
	const struct scorer *s = &a->scorer;
	struct parse *p = calloc(1, sizeof *p);

	if (!p)
		return fail_errno(why, "a parser");
	p->a = a;
	p->room = kernel_alloc(s->feature + KERNEL_STRIDE(s->hidden) +
	    (s->bare ? 0 : s->upper.outs));
	p->ring = kernel_alloc(RING * s->all.outs);
	p->near = kernel_alloc(AHEAD * KERNEL_STRIDE(s->token));
	if (!p->room || !p->ring || !p->near) {
		parse_close(p);
		return fail(why, EXIT_MACHINE, "out of memory");
	}
	p->sum = p->room;
	p->hidden = p->sum + s->feature;
	p->score = s->bare ? p->hidden : p->hidden + KERNEL_STRIDE(s->hidden);
	*parse = p;
	return 0;
}

void
parse_close(struct parse *p)
{
	if (!p)
		return;
	tree_free(&p->tree);
	free(p->near);
	free(p->ring);
	free(p->room);
	free(p->stack);
	free(p->sent);
	free(p->stuck);
	free(p);
}

void
parse_finish(void *ctx, const float *const *rows, float *const *out, size_t n)
{
	const struct parse *p = ctx;
	const struct scorer *s = &p->a->scorer;

	s->kernel->maxout(&s->linear, rows, out, n);
}

/* ---- features ---- */

/* A token's features, all slots; computed with those of the tokens after it
 * that are not there. */
static const float *
features(struct parse *p, int32_t token)
{
	const struct scorer *s = &p->a->scorer;
	size_t each = KERNEL_STRIDE(s->token), n = 0, i;
	const float *from[AHEAD];
	float *out[AHEAD];
	int32_t t;

	if (p->tag[token % RING] != token) {
		while (n < AHEAD && (size_t)token + n < p->n &&
		    p->tag[((size_t)token + n) % RING] < token + (int32_t)n)
			n++;
		if (n == 0)
			n = 1;          /* an old one: alone */
		for (i = 0; i < n; i++) {
			t = token + (int32_t)i;
			from[i] = p->near + i * each;
			out[i] = p->ring + (size_t)(t % RING) * s->all.outs;
			p->tag[t % RING] = t;
		}
		if (p->rows(p->ctx, (size_t)token, n, p->near, p->why) < 0)
			p->failed = true;
		s->kernel->maxout(&s->all, from, out, n);
	}
	return p->ring + (size_t)(token % RING) * s->all.outs;
}

static int32_t
stack_at(const struct parse *p, size_t i)
{
	return i < p->depth ? p->stack[p->depth - 1 - i] : -1;
}

static int32_t
buffer_at(const struct parse *p, size_t i)
{
	if (i < p->nback)
		return p->stack[p->n - p->nback + i];
	i = p->next + i - p->nback;
	return i < p->n ? (int32_t)i : -1;
}

static size_t
buffer_length(const struct parse *p)
{
	return p->n - p->next + p->nback;
}

/* The last child of a token on a side, or the one that it got before. */
static int32_t
child(const struct tree *t, const int32_t *side, int32_t token, int nth)
{
	int32_t c = token < 0 ? -1 : side[token];

	return nth == 1 || c < 0 ? c : t->before[c];
}

/* The tokens that a state names, one a slot (_state.pxd,
 * set_context_tokens). */
static void
name_tokens(const struct parse *p, int32_t *id)
{
	const struct tree *t = &p->tree;
	int32_t b0 = buffer_at(p, 0), s0 = stack_at(p, 0);
	int32_t s1 = stack_at(p, 1);

	id[0] = b0;
	id[1] = buffer_at(p, 1);
	id[2] = s0;
	id[3] = s1;
	id[4] = stack_at(p, 2);
	if (p->a->scorer.slots == 8) {
		id[5] = child(t, t->left, b0, 1);
		id[6] = child(t, t->left, s0, 1);
		id[7] = child(t, t->right, s0, 1);
		return;
	}
	id[5] = child(t, t->left, s0, 1);
	id[6] = child(t, t->right, s0, 1);
	id[7] = child(t, t->left, b0, 1);
	id[8] = child(t, t->right, s0, 2);
	id[9] = child(t, t->left, s1, 1);
	id[10] = child(t, t->left, s1, 2);
	id[11] = child(t, t->right, s1, 1);
	id[12] = child(t, t->right, s1, 2);
}

/* Scores of all classes in this state. */
static void
score(struct parse *p)
{
	const struct scorer *s = &p->a->scorer;
	int32_t id[SCORER_SLOTS];
	const float *f[SCORER_SLOTS], *from = p->hidden;
	float *out = p->score;
	size_t i, j;

	name_tokens(p, id);
	for (i = 0; i < s->slots; i++)
		if (id[i] >= 0)
			features(p, id[i]);
	for (i = 0; i < s->slots; i++) {
		f[i] = id[i] < 0 ? s->empty[i] :
		    features(p, id[i]) + i * s->feature;
		/* two tokens of one place in the ring, both needed: rare */
		for (j = 0; j < i; j++)
			if (id[j] >= 0 && id[i] >= 0 && id[j] != id[i] &&
			    id[j] % RING == id[i] % RING)
				break;
		if (j < i)
			break;
	}
	if (i == s->slots) {
		scorer_hidden(s, f, p->hidden);
	} else {
		memcpy(p->sum, id[0] < 0 ? s->empty[0] : features(p, id[0]),
		    s->feature * sizeof *p->sum);
		for (i = 1; i < s->slots; i++) {
			f[i] = id[i] < 0 ? s->empty[i] :
			    features(p, id[i]) + i * s->feature;
			for (j = 0; j < s->feature; j++)
				p->sum[j] += f[i][j];
		}
		f[0] = p->sum;
		f[1] = s->bias;
		s->kernel->add(f, 2, p->hidden, KERNEL_STRIDE(s->hidden),
		    s->pieces);
	}
	if (!s->bare)
		s->kernel->maxout(&s->upper, &from, &out, 1);
}

/* ---- moves ---- */

static void
find_valid(const struct parse *p, bool ok[ACTIONS])
{
	size_t length = buffer_length(p);
	int32_t b0 = buffer_at(p, 0), b1 = buffer_at(p, 1);
	bool starts = b0 >= 0 && p->sent[b0];

	ok[SHIFT] = p->depth == 0 || (length >= 2 && !starts &&
	    !p->stuck[b0]);
	ok[REDUCE] = p->depth > 0 && !(p->depth == 1 && length > 0 &&
	    p->given && !p->sent[b0]);
	ok[LEFT] = ok[RIGHT] = p->depth > 0 && length > 0 && !starts;
	ok[BREAK] = length >= 2 && b1 == b0 + 1 && !p->sent[b1] &&
	    !p->given;
}

/* The best valid class, the first of equals; -1 where none is valid. */
static int
best_class(const struct parse *p)
{
	const struct arcs *a = p->a;
	bool ok[ACTIONS];
	int best = -1, k, i;

	find_valid(p, ok);
	for (k = 0; k < ACTIONS; k++) {
		if (!ok[k] || a->first[k] < 0)
			continue;
		for (i = a->first[k]; i < a->end[k]; i++)
			if (best < 0 || p->score[i] > p->score[best])
				best = i;
	}
	return best;
}

static void
push(struct parse *p)
{
	int32_t b0 = p->nback ? p->stack[p->n - p->nback--] :
	    (int32_t)p->next++;

	p->stack[p->depth++] = b0;
}

static void
reduce(struct parse *p)
{
	int32_t s0 = stack_at(p, 0);

	p->depth--;
	if (p->tree.head[s0] >= 0 || p->depth == 0)
		return;
	p->stuck[s0] = true;
	p->stack[p->n - ++p->nback] = s0;
}

static void
take(struct parse *p, int class)
{
	const struct class *c = &p->a->moves.v[class];
	int32_t b0 = buffer_at(p, 0), s0 = stack_at(p, 0);

	switch (c->action) {
	case SHIFT:
		push(p);
		break;
	case REDUCE:
		reduce(p);
		break;
	case LEFT:
		tree_add(&p->tree, b0, s0, c->label);
		p->stuck[b0] = false;
		p->depth--;
		break;
	case RIGHT:
		tree_add(&p->tree, s0, b0, c->label);
		push(p);
		break;
	case BREAK:
		p->sent[buffer_at(p, 1)] = true;
		break;
	}
}

static int
grow(struct parse *p, size_t n, struct fail *why)
{
	free(p->stack);
	free(p->sent);
	free(p->stuck);
	p->cap = 0;
	p->stack = malloc(n * sizeof *p->stack);
	p->sent = malloc(n);
	p->stuck = malloc(n);
	if (!p->stack || !p->sent || !p->stuck)
		return fail(why, EXIT_MACHINE, "out of memory");
	p->cap = n;
	return 0;
}

static int
start(struct parse *p, const struct tok *v, size_t n, struct fail *why)
{
	size_t i;

	if ((n > p->cap || n < p->cap / 64) && grow(p, n, why) < 0)
		return -1;
	for (i = 0; i < n; i++)
		p->sent[i] = p->given ? v[i].flags & TOK_SENT : i == 0;
	memset(p->stuck, 0, n);
	memset(p->tag, 0xff, sizeof p->tag);
	p->n = n;
	p->depth = p->nback = p->next = 0;
	return tree_start(&p->tree, n, why);
}

int
parse_run(struct parse *p, struct tok *v, size_t n, bool given,
    parse_rows *rows, void *ctx, struct fail *why)
{
	int class;

	if (n == 0)
		return 0;
	p->rows = rows;
	p->ctx = ctx;
	p->why = why;
	p->failed = false;
	p->given = given;
	if (start(p, v, n, why) < 0)
		return -1;
	while (p->depth > 0 || buffer_length(p) > 0) {
		score(p);
		if (p->failed)
			return -1;
		if ((class = best_class(p)) < 0)
			break;
		take(p, class);
	}
	tree_finish(&p->tree, p->a, v);
	return 0;
}
