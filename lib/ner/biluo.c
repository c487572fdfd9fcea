/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/biluo.h"

enum { MISSING, BEGIN, IN, LAST, UNIT, OUT, ACTIONS };

static int
choose_closed(struct biluo *b)
{
	const struct moves *m = &b->moves;
	size_t i;

	if (!(b->closed_class = calloc(m->n + 1, sizeof (int))))
		return -1;
	for (i = 0; i < m->n; i++) {
		const struct class *c = &m->v[i];
		bool none = m->labels.keys[c->label].len == 0;

		if (c->action == OUT ? none : !none &&
		    (c->action == BEGIN || c->action == UNIT))
			b->closed_class[b->nclosed++] = (int)i;
	}
	return b->scorer.bare ? 0 : scorer_some(&b->scorer, &b->closed,
	    b->closed_class, b->nclosed);
}

int
biluo_load(struct biluo *b, const char *moves, size_t n, struct fail *why)
{
	uint32_t none;

	if (moves_load(&b->moves, moves, n, ACTIONS, why) < 0) {
		biluo_free(b);
		return fail_prefix(why, "moves");
	}
	none = map_find(&b->moves.labels, "", 0);
	b->wide = KERNEL_STRIDE(b->scorer.token) + KERNEL_LANES;
	if (b->moves.n != b->scorer.classes) {
		fail(why, EXIT_USAGE, "%zu moves, but scores for %zu",
		    b->moves.n, b->scorer.classes);
	} else if (b->scorer.slots != 3 && b->scorer.slots != 6) {
		fail(why, EXIT_USAGE, "%zu features of a state are not "
		    "supported", b->scorer.slots);
	} else if (none == MAP_NONE || moves_find(&b->moves, OUT, none) < 0) {
		fail(why, EXIT_USAGE, "there is no move for no entity");
	} else if (choose_closed(b) < 0) {
		fail(why, EXIT_MACHINE, "out of memory");
	} else {
		return 0;
	}
	biluo_free(b);
	return -1;
}

void
biluo_free(struct biluo *b)
{
	scorer_free(&b->scorer);
	moves_free(&b->moves);
	affine_free(&b->closed);
	free(b->closed_class);
	memset(b, 0, sizeof *b);
}

int
biluo_room_open(struct biluo_room *room, const struct biluo *b)
{
	const struct scorer *s = &b->scorer;

	room->b = b;
	/* a feature, hidden and score row for each of some tokens */
	room->p = kernel_alloc(KERNEL_ROWS * (s->feature +
	    KERNEL_STRIDE(s->hidden) + b->closed.outs) + b->nclosed);
	return room->p ? 0 : -1;
}

void
biluo_room_close(struct biluo_room *room)
{
	free(room->p);
	room->p = NULL;
}

/* The best closed class of a row of scores, and the best that opens nothing;
 * the first of equals. */
static void
choose(const struct biluo *b, const float *score, float *out)
{
	const struct class *v = b->moves.v;
	size_t i, best = 0, shut = SIZE_MAX;

	for (i = 0; i < b->nclosed; i++) {
		if (score[i] > score[best])
			best = i;
		if (v[b->closed_class[i]].action != BEGIN &&
		    (shut == SIZE_MAX || score[i] > score[shut]))
			shut = i;
	}
	out[0] = (float)b->closed_class[best];
	out[1] = (float)b->closed_class[shut];
}

static void
finish_some(const struct biluo_room *room, const float *const *rows,
    float *const *out, size_t n)
{
	const struct biluo *b = room->b;
	const struct scorer *s = &b->scorer;
	size_t f = s->feature, h = KERNEL_STRIDE(s->hidden), i, j;
	float *feature = room->p, *to[KERNEL_ROWS];
	float *hidden = feature + KERNEL_ROWS * f;
	float *score = hidden + KERNEL_ROWS * h;
	const float *from[KERNEL_ROWS], *slots[SCORER_SLOTS];

	s->kernel->maxout(&s->linear, rows, out, n);
	for (i = 0; i < n; i++) {
		from[i] = out[i];
		to[i] = feature + i * f;
	}
	s->kernel->maxout(&s->slot[0], from, to, n);
	for (i = 1; i < s->slots; i++)
		slots[i] = s->empty[i];
	for (i = 0; i < n; i++) {
		slots[0] = to[i];
		scorer_hidden(s, slots, hidden + i * h);
		from[i] = hidden + i * h;
		to[i] = s->bare ? score : score + i * b->closed.outs;
	}
	if (!s->bare)
		s->kernel->maxout(&b->closed, from, to, n);
	for (i = 0; s->bare && i < n; i++) {
		for (j = 0; j < b->nclosed; j++)
			score[j] = from[i][b->closed_class[j]];
		choose(b, score, out[i] + KERNEL_STRIDE(s->token));
	}
	for (i = 0; !s->bare && i < n; i++)
		choose(b, to[i], out[i] + KERNEL_STRIDE(s->token));
}

void
biluo_finish(void *ctx, const float *const *rows, float *const *out, size_t n)
{
	size_t i, m;

	for (i = 0; i < n; i += m) {
		m = n - i < KERNEL_ROWS ? n - i : KERNEL_ROWS;
		finish_some(ctx, rows + i, out + i, m);
	}
}

/* The probability of a closed class, for a row. */
static double
weigh(const struct biluo *b, struct biluo_room *room, const float *row,
    int class, bool may_stay)
{
	const struct scorer *s = &b->scorer;
	float *feature = room->p, *hidden = feature + s->feature, x, mine;
	const float *slots[SCORER_SLOTS];
	double sum = 0;
	size_t i;

	s->kernel->maxout(&s->slot[0], &row, &feature, 1);
	slots[0] = feature;
	for (i = 1; i < s->slots; i++)
		slots[i] = s->empty[i];
	scorer_hidden(s, slots, hidden);
	mine = scorer_score(s, hidden, (size_t)class);
	for (i = 0; i < b->nclosed; i++) {
		if (!may_stay && b->moves.v[b->closed_class[i]].action ==
		    BEGIN)
			continue;
		x = scorer_score(s, hidden, (size_t)b->closed_class[i]);
		sum += exp((double)x - (double)mine);
	}
	return sum > 0 ? 1 / sum : 1;
}

/* Does the open entity go on after this token? I-x against L-x. */
static bool
goes_on(const struct biluo *b, struct biluo_room *room,
    struct biluo_state *s, const float *row)
{
	const struct scorer *c = &b->scorer;
	const float *from, *slots[SCORER_SLOTS];
	float *feature = room->p, *hidden = feature + c->slots * c->feature;
	float *out;
	int in = moves_find(&b->moves, IN, s->open.label);
	int last = moves_find(&b->moves, LAST, s->open.label);
	float x, y;
	size_t each = KERNEL_STRIDE(c->token), i;

	if (in < 0 || last < 0)
		return last < 0 && in >= 0;
	for (i = 0; i < c->slots; i++) {
		slots[i] = c->empty[i];
		if (i > s->nkept)
			continue;
		from = i ? s->kept + (i - 1) * each : row;
		out = feature + i * c->feature;
		c->kernel->maxout(&c->slot[i], &from, &out, 1);
		slots[i] = out;
	}
	scorer_hidden(c, slots, hidden);
	x = scorer_score(c, hidden, (size_t)in);
	y = scorer_score(c, hidden, (size_t)last);
	if (s->weigh)
		s->open.probability /= 1 + exp(-fabs((double)x - (double)y));
	return in < last ? x >= y : x > y;
}

/* Keeps the row of a token of the open entity: the first one's and the last
 * one's, or, where a state has more features, those of the first five. */
static void
keep_row(const struct biluo *b, struct biluo_state *s, const float *row)
{
	size_t n = KERNEL_STRIDE(b->scorer.token), most = b->scorer.slots - 1;

	if (most == 2) {
		if (s->nkept == 0)
			memcpy(s->kept, row, n * sizeof *row);
		memcpy(s->kept + n, row, n * sizeof *row);
		s->nkept = 2;
	} else if (s->nkept < most) {
		memcpy(s->kept + s->nkept++ * n, row, n * sizeof *row);
	}
}

static bool
take_open(const struct biluo *b, struct biluo_room *room,
    struct biluo_state *s, bool may_stay, const float *row,
    struct biluo_span *span)
{
	if (may_stay && goes_on(b, room, s, row)) {
		keep_row(b, s, row);
		return false;
	}
	*span = s->open;
	span->end = (uint32_t)s->at + 1;
	s->open.end = 0;
	return true;
}

bool
biluo_take(const struct biluo *b, struct biluo_room *room,
    struct biluo_state *s, const struct tok *t, const struct tok *next,
    const float *row, struct biluo_span *span, bool *opened)
{
	size_t n = KERNEL_STRIDE(b->scorer.token);
	bool may_stay = next && !(next->flags & (TOK_SENT | TOK_TAKEN));
	bool done = false;
	const struct class *c = &b->moves.v[(size_t)row[n + !may_stay]];

	if (s->open.end) {
		done = take_open(b, room, s, may_stay, row, span);
	} else if (t->flags & (TOK_SPACE | TOK_TAKEN)) {
		done = false;
	} else if (c->action == UNIT) {
		span->start = (uint32_t)s->at;
		span->end = span->start + 1;
		span->label = c->label;
		span->probability = s->weigh ? weigh(b, room, row, (int)(c -
		    b->moves.v), may_stay) : 0;
		done = true;
	} else if (c->action == BEGIN) {
		s->open.start = (uint32_t)s->at;
		s->open.end = 1;        /* any but 0: open */
		s->open.label = c->label;
		s->open.probability = s->weigh ? weigh(b, room, row, (int)(c -
		    b->moves.v), may_stay) : 0;
		s->nkept = 0;
		keep_row(b, s, row);
	}
	if (opened && s->open.end)
		*opened = true;
	s->at++;
	return done;
}
