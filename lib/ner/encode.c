/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/encode.h"
#include "ner/hash.h"

#define WAYS 8
#define READY (-1)
#define AHEAD 8                         /* places to fetch memory for */
#define PAD_KEY 0x9ae16a3b2f90404full   /* stands for a place of padding */

/* One kept row: whose window it is, when it was asked for last, and, while
 * it is not computed yet, the place that will have it. */
struct slot {
	uint64_t key;
	uint32_t stamp;
	int32_t owner;
};

struct memory {
	struct slot *slot;      /* owned; nsets of WAYS */
	float *data;            /* owned; by slot, wide floats each */
	size_t nsets, wide;
};

/* A place of the layout: a token, or padding where v is NULL. */
struct place {
	const char *text;
	const struct tok *v;
};

/* What a layer is asked for and has to do, by place. */
struct level {
	struct memory memory;
	uint64_t *key;          /* owned: hash of the window */
	bool *need;             /* owned */
	int32_t *from;          /* owned: where the row comes from: a place
	                         * that has the same window, itself, or -1 */
	uint32_t *at;           /* owned: the slot that is kept for it */
	int32_t *todo;          /* owned: places to compute, ntodo of them */
	size_t ntodo;
	float *x;               /* owned: rows by place, wide floats each;
	                         * of level 0, scratch for the last layer */
	size_t wide;
};

struct encoder {
	const struct vectors *v;
	encode_finish *finish;
	void *ctx;
	size_t wide, depth;
	uint32_t stamp;
	struct place *place;            /* owned; n of them */
	size_t n, cap;
	struct level level[VECTORS_DEPTH + 1];
	const float **product;          /* owned: by place, of its token */
	float *spill;                   /* owned; see give_products() */
	float *room;                    /* owned: for kernels */
	float *still;                   /* owned: for static vectors */
	size_t cspill;
	struct buf work;
	const float **rows;             /* owned: arguments for kernels */
	float **outs, **first, **second;
};

/* ---- memories ---- */

static int
memory_open(struct memory *m, size_t wide, size_t bytes)
{
	size_t i, each = WAYS * (sizeof *m->slot + wide * sizeof *m->data);

	m->wide = wide;
	m->nsets = bytes / each + 1;
	m->slot = aligned_alloc(WAYS * sizeof *m->slot, m->nsets * WAYS *
	    sizeof *m->slot);
	m->data = aligned_alloc(64, (m->nsets * WAYS * wide *
	    sizeof *m->data + 63) / 64 * 64);
	if (!m->slot || !m->data)
		return -1;
	for (i = 0; i < m->nsets * WAYS; i++) {
		m->slot[i].key = 0;
		m->slot[i].stamp = 0;
		m->slot[i].owner = READY;
	}
	return 0;
}

static void
memory_free(struct memory *m)
{
	free(m->slot);
	free(m->data);
}

static struct slot *
memory_set(const struct memory *m, uint64_t key)
{
	return &m->slot[(size_t)((key >> 32) * m->nsets >> 32) * WAYS];
}

/* The slot of a key: the one that has it (*found), or the one that was asked
 * for longest ago, emptied for it. */
static size_t
memory_slot(struct memory *m, uint64_t key, uint32_t stamp, bool *found)
{
	size_t first = (size_t)(memory_set(m, key) - m->slot), i, old = first;

	for (i = first; i < first + WAYS; i++) {
		if (m->slot[i].key == key && m->slot[i].stamp) {
			m->slot[i].stamp = stamp;
			*found = true;
			return i;
		}
		if (stamp - m->slot[i].stamp > stamp - m->slot[old].stamp)
			old = i;
	}
	*found = false;
	return old;
}

/* ---- open and close ---- */

static int
level_open(struct level *l, size_t wide, size_t memory)
{
	l->wide = wide;
	return memory ? memory_open(&l->memory, wide, memory) : 0;
}

int
encoder_open(struct encoder **enc, const struct vectors *v, size_t wide,
    encode_finish *finish, void *ctx, size_t memory, struct fail *why)
{
	struct buf empty = BUF_INIT(BUF_RECORD);
	struct encoder *e = calloc(1, sizeof *e);
	size_t l, most = KERNEL_ROWS * v->nparts * v->stride;
	size_t token = v->stride + v->first.outs;
	size_t pairs = KERNEL_PAIRS_ROOM(v->stride);
	int r;

	if (!e)
		return fail_errno(why, "an encoder");
	e->v = v;
	e->finish = finish;
	e->ctx = ctx;
	e->wide = wide;
	e->depth = v->depth;
	e->work = empty;
	e->stamp = 1;
	if (most < KERNEL_ROWS * v->pieces * v->stride)
		most = KERNEL_ROWS * v->pieces * v->stride;
	e->room = kernel_alloc(most > pairs ? most : pairs);
	e->still = kernel_alloc(v->statics ? v->statics->width : 0);
	r = !e->room || !e->still ? -1 : level_open(&e->level[0], token,
	    memory * 4 / 10);
	for (l = 1; l <= e->depth && r == 0; l++)
		r = level_open(&e->level[l], l == e->depth ? wide : v->stride,
		    l == 1 && e->depth > 1 ? 0 : memory * 6 / 10 / e->depth);
	if (r < 0) {
		encoder_close(e);
		return fail(why, EXIT_MACHINE, "out of memory");
	}
	*enc = e;
	return 0;
}

void
encoder_close(struct encoder *e)
{
	size_t l;

	if (!e)
		return;
	for (l = 0; l <= VECTORS_DEPTH; l++) {
		memory_free(&e->level[l].memory);
		free(e->level[l].key);
		free(e->level[l].need);
		free(e->level[l].from);
		free(e->level[l].at);
		free(e->level[l].todo);
		free(e->level[l].x);
	}
	free(e->place);
	free(e->product);
	free(e->spill);
	free(e->room);
	free(e->still);
	free(e->rows);
	free(e->outs);
	free(e->first);
	free(e->second);
	buf_free(&e->work);
	free(e);
}

/* ---- the layout ---- */

void
encoder_clear(struct encoder *e)
{
	e->n = 0;
}

static int
again(void *p, size_t n, size_t each)
{
	void **at = p, *q = realloc(*at, n * each);

	if (!q)
		return -1;
	*at = q;
	return 0;
}

static int
grow(struct encoder *e, size_t n, struct fail *why)
{
	size_t l, cap = e->cap ? e->cap : 256;
	int r;

	if (n <= e->cap)
		return 0;
	while (cap < n)
		cap += cap / 2;
	r = again(&e->place, cap, sizeof *e->place) |
	    again(&e->product, cap, sizeof *e->product) |
	    again(&e->rows, cap, sizeof *e->rows) |
	    again(&e->outs, cap, sizeof *e->outs) |
	    again(&e->first, cap, sizeof *e->first) |
	    again(&e->second, cap, sizeof *e->second);
	for (l = 0; l <= e->depth; l++) {
		struct level *v = &e->level[l];

		r |= again(&v->key, cap, sizeof *v->key) |
		    again(&v->need, cap, sizeof *v->need) |
		    again(&v->from, cap, sizeof *v->from) |
		    again(&v->at, cap, sizeof *v->at) |
		    again(&v->todo, cap, sizeof *v->todo);
		free(v->x);
		v->x = kernel_alloc(cap * (l ? v->wide : e->v->stride));
		r |= v->x ? 0 : -1;
	}
	if (r < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	e->cap = cap;
	return 0;
}

int64_t
encoder_add(struct encoder *e, const char *text, const struct tok *v,
    size_t n, size_t first, size_t end, struct fail *why)
{
	size_t d = e->depth * e->v->window, want = end - first + 2 * d;
	bool *asked;
	size_t i, at;
	struct place *p;

	if (e->n + want > INT32_MAX / 2)
		return fail(why, EXIT_DATA, "the text is too long");
	if (grow(e, e->n + want + 1, why) < 0)
		return -1;
	asked = e->level[e->depth].need;
	if ((e->n ^ (first - d)) & 1) {
		e->place[e->n].v = NULL;
		asked[e->n++] = false;
	}
	for (i = 0; i < want; i++) {
		p = &e->place[e->n];
		at = first + i - d;     /* wraps before the text: padding */
		p->text = text;
		p->v = at < n ? &v[at] : NULL;
		asked[e->n] = i >= d && i < want - d;
		e->n++;
	}
	return (int64_t)(e->n - want + d);
}

const float *
encoder_row(const struct encoder *e, int64_t place)
{
	return e->level[e->depth].x + (size_t)place * e->wide;
}

/* ---- what is known, what is not ---- */

static uint64_t
token_key(const struct encoder *e, const struct tok *t)
{
	uint64_t key;

	if (!t)
		return PAD_KEY;
	key = t->orth + t->norm * 0x9fb21c651e98df25ull;
	return hash_mix(key + (e->v->blank && t->flags & TOK_BLANK));
}

/* The same from more than three windows. */
static void
hash_wide(const struct encoder *e, size_t l)
{
	const uint64_t *k = e->level[l - 1].key;
	uint64_t *out = e->level[l].key, h;
	size_t w = e->v->window, i, j;

	for (i = 0; i < e->n; i++) {
		h = l;
		for (j = 0; i >= w && i + w < e->n && j <= 2 * w; j++)
			h = hash_mix(h ^ k[i + j - w]);
		out[i] = h;
	}
}

/* A window's hash, from those of the windows in it that are one layer
 * smaller; where rows come in pairs, which of the two it is counts too. */
static void
hash_windows(struct encoder *e)
{
	size_t l, i;

	for (i = 0; i < e->n; i++)
		e->level[0].key[i] = token_key(e, e->place[i].v);
	for (l = 1; l <= e->depth; l++) {
		const uint64_t *k = e->level[l - 1].key;
		uint64_t *out = e->level[l].key;

		if (!e->v->paired) {
			hash_wide(e, l);
			continue;
		}
		out[0] = out[e->n - 1] = 0;
		for (i = 1; i + 1 < e->n; i++)
			out[i] = hash_mix(k[i - 1] * 0x9fb21c651e98df25ull +
			    (k[i] ^ k[i] >> 29) * 0xe7037ed1a0b428dbull +
			    (k[i + 1] ^ k[i + 1] >> 31) *
			    0x8ebc6af09c88c6e3ull + 2 * l + (l > 1 && i & 1));
	}
}

/* A needed place of a layer: takes its row from memory, or from a place that
 * has the same window, or puts it on the list and asks for what is below. */
static void
look(struct encoder *e, size_t l, size_t i)
{
	struct level *v = &e->level[l];
	struct memory *m = &v->memory;
	bool found = false;
	size_t at = 0, w = e->v->window;

	v->from[i] = READY;
	if (m->slot) {
		at = memory_slot(m, v->key[i], e->stamp, &found);
		if (found && m->slot[at].owner == READY) {
			memcpy(v->x + i * v->wide, m->data + at * m->wide,
			    v->wide * sizeof *v->x);
			return;
		}
		if (found) {
			v->from[i] = m->slot[at].owner;
			return;
		}
		m->slot[at].key = v->key[i];
		m->slot[at].stamp = e->stamp;
		m->slot[at].owner = (int32_t)i;
		v->at[i] = (uint32_t)at;
	}
	v->todo[v->ntodo++] = (int32_t)i;
	memset(v[-1].need + i - w, true, 2 * w + 1);
}

static void
look_all(struct encoder *e)
{
	size_t l, i;

	for (l = 0; l < e->depth; l++)
		memset(e->level[l].need, 0, e->n * sizeof (bool));
	for (l = e->depth; l > 0; l--) {
		const struct level *v = &e->level[l];

		e->level[l].ntodo = 0;
		for (i = 0; i < e->n; i++) {
			if (v->memory.slot && i + AHEAD < e->n)
				__builtin_prefetch(memory_set(&v->memory,
				    v->key[i + AHEAD]));
			if (v->need[i])
				look(e, l, i);
		}
	}
}

/* ---- tokens ---- */

/* A token's static vector as a row; zeros where it has none. */
static void
cast(struct encoder *e, const struct lex *x, float *out)
{
	const struct vectors *v = e->v;
	const float *row = statics_row(v->statics, x, v->norms, &e->work,
	    e->still);

	if (row)
		v->kernel->maxout(&v->cast, &row, &out, 1);
	else
		memset(out, 0, v->stride * sizeof *out);
}

/* A token's rows of all tables, one after another. */
static void
embed(struct encoder *e, const struct place *p, float *out)
{
	const struct vectors *v = e->v;
	struct lex x = { p->text + p->v->start, p->v->n, p->v->norm,
	    (p->v->flags & TOK_BLANK) != 0 };
	uint32_t key[4];
	size_t t, i;

	for (t = 0; t < v->ntables; t++, out += v->stride) {
		const struct table *b = &v->table[t];
		const float *r[4];

		hash_rows(lex_value(&x, b->attr, v->norms, &e->work), b->seed,
		    key);
		for (i = 0; i < 4; i++)
			r[i] = b->v + key[i] % b->rows * v->stride;
		for (i = 0; i < v->stride; i++)
			out[i] = ((r[0][i] + r[1][i]) + r[2][i]) + r[3][i];
	}
	if (v->statics)
		cast(e, &x, out);
}

/* Rows and products of some tokens, KERNEL_ROWS at most, to outs. */
static void
make_products(struct encoder *e, const int32_t *places, float *const *outs,
    size_t n)
{
	const struct vectors *v = e->v;
	size_t in = v->nparts * v->stride, i;
	float *embedded = e->room;
	const float *rows[KERNEL_ROWS] = { NULL };
	float *products[KERNEL_ROWS];

	for (i = 0; i < n; i++) {
		embed(e, &e->place[places[i]], embedded + i * in);
		rows[i] = embedded + i * in;
	}
	v->kernel->maxout(&v->mixer.map, rows, outs, n);
	for (i = 0; i < n; i++) {
		v->kernel->norm(outs[i], v->width, v->mixer.g, v->mixer.b,
		    NULL);
		rows[i] = outs[i];
		products[i] = outs[i] + v->stride;
	}
	v->kernel->maxout(&v->first, rows, products, n);
}

/* The products of every needed token. A slot whose set is all taken in this
 * run cannot be had: then they lie in spill, for this run alone. Padding has
 * a row of zeros, whose products are the bias. */
static int
give_products(struct encoder *e, struct fail *why)
{
	struct level *v = &e->level[0];
	struct memory *m = &v->memory;
	float *outs[KERNEL_ROWS];
	int32_t places[KERNEL_ROWS];
	size_t i, at, nspill, todo = 0, need = 0;
	bool found;

	for (i = 0; i < e->n; i++)
		need += v->need[i];
	if (need + 1 > e->cspill) {
		free(e->spill);
		e->cspill = 0;
		/* mostly untouched, and so no memory */
		if (!(e->spill = aligned_alloc(64, (need + 1) * v->wide *
		    sizeof (float))))
			return fail_errno(why, "rows of a text");
		e->cspill = need + 1;
	}
	memset(e->spill, 0, e->v->stride * sizeof (float));
	memcpy(e->spill + e->v->stride, e->v->first.b, e->v->first.outs *
	    sizeof (float));
	nspill = 1;
	for (i = 0; i < e->n; i++) {
		float *out;

		if (!v->need[i])
			continue;
		if (!e->place[i].v) {
			e->product[i] = e->spill;
			continue;
		}
		at = memory_slot(m, v->key[i], e->stamp, &found);
		out = m->data + at * m->wide;
		e->product[i] = out;
		if (found)
			continue;
		if (m->slot[at].stamp == e->stamp) {
			out = e->spill + nspill++ * v->wide;
			e->product[i] = out;
		} else {
			m->slot[at].key = v->key[i];
			m->slot[at].stamp = e->stamp;
		}
		places[todo] = (int32_t)i;
		outs[todo++] = out;
		if (todo == KERNEL_ROWS) {
			make_products(e, places, outs, todo);
			todo = 0;
		}
	}
	if (todo)
		make_products(e, places, outs, todo);
	return 0;
}

/* ---- layers ---- */

static void
first_layer(struct encoder *e)
{
	const struct vectors *v = e->v;
	struct level *l = &e->level[1];
	size_t s = v->stride, part = v->stride * v->pieces, i, j, at;
	size_t seen = 2 * v->window + 1;
	const float *parts[2 * VECTORS_WINDOW + 1];

	for (i = 0; i < l->ntodo; i++) {
		float *out = e->outs[i];

		at = (size_t)l->todo[i];
		for (j = 0; j < seen; j++)
			parts[j] = e->product[at + j - v->window] + s +
			    j * part;
		v->kernel->add(parts, seen, out, s, v->pieces);
		v->kernel->norm(out, v->width, v->layer[0].g, v->layer[0].b,
		    e->product[at]);
	}
}

/* Which of a pair are to be computed: the first alone (kind 0), both, the
 * second alone; those of one kind are added to the arguments, n so far. */
static size_t
pair_up(struct encoder *e, const struct level *l, const float *below,
    int kind, size_t n)
{
	size_t i, m, at;
	int is;

	for (i = 0; i < l->ntodo; i += m) {
		at = (size_t)l->todo[i];
		m = at % 2 == 0 && i + 1 < l->ntodo &&
		    (size_t)l->todo[i + 1] == at + 1 ? 2 : 1;
		is = m == 2 ? 1 : at % 2 ? 2 : 0;
		if (is != kind)
			continue;
		e->rows[n] = below + (at - at % 2 - 1) * e->v->stride;
		e->first[n] = is == 2 ? NULL : e->outs[i];
		e->second[n++] = is == 0 ? NULL : e->outs[i + m - 1];
	}
	return n;
}

/* Rows that do not go in pairs: each from its window, as it lies there. */
static void
whole_windows(struct encoder *e, const struct level *l,
    const struct layer *y, const float *below)
{
	const struct vectors *v = e->v;
	bool flat = v->pieces > KERNEL_PIECES;
	float *to[KERNEL_ROWS];
	const float *one;
	size_t i, j, m;

	for (i = 0; i < l->ntodo; i += m) {
		m = l->ntodo - i < KERNEL_ROWS ? l->ntodo - i : KERNEL_ROWS;
		for (j = 0; j < m; j++) {
			e->rows[j] = below + ((size_t)l->todo[i + j] -
			    v->window) * v->stride;
			to[j] = flat ? e->room + j * y->map.outs :
			    e->outs[i + j];
		}
		v->kernel->maxout(&y->map, e->rows, to, m);
		for (j = 0; flat && j < m; j++) {
			one = to[j];
			v->kernel->add(&one, 1, e->outs[i + j], v->stride,
			    v->pieces);
		}
	}
}

static void
next_layer(struct encoder *e, size_t nth)
{
	const struct vectors *v = e->v;
	struct level *l = &e->level[nth];
	const struct layer *y = &v->layer[nth - 1];
	const float *below = e->level[nth - 1].x;
	size_t i, n = 0;
	int kind;

	for (kind = 0; v->paired && kind < 3; kind++)
		n = pair_up(e, l, below, kind, n);
	if (v->paired)
		v->kernel->pairs(&y->pairs, e->rows, e->first, e->second, n,
		    e->room);
	else
		whole_windows(e, l, y, below);
	for (i = 0; i < l->ntodo; i++)
		v->kernel->norm(e->outs[i], v->width, y->g, y->b,
		    below + (size_t)l->todo[i] * v->stride);
}

/* Keeps what was computed, and hands it to places with the same window. */
static void
keep(struct encoder *e, struct level *l)
{
	struct memory *m = &l->memory;
	size_t i, at;

	if (!m->slot)
		return;
	for (i = 0; i < l->ntodo; i++) {
		size_t p = (size_t)l->todo[i];

		at = l->at[p];
		if (m->slot[at].owner != l->todo[i])
			continue;       /* taken by another since */
		memcpy(m->data + at * m->wide, l->x + p * l->wide,
		    l->wide * sizeof *l->x);
		m->slot[at].owner = READY;
	}
	for (i = 0; i < e->n; i++)
		if (l->need[i] && l->from[i] != READY)
			memcpy(l->x + i * l->wide, l->x + (size_t)l->from[i] *
			    l->wide, l->wide * sizeof *l->x);
}

/* One layer's list, into its places; the last layer's rows go where those of
 * no layer would be, and finish() makes of them what is kept. */
static void
run_level(struct encoder *e, size_t nth)
{
	struct level *l = &e->level[nth];
	bool last = nth == e->depth;
	size_t i;

	for (i = 0; i < l->ntodo; i++)
		e->outs[i] = last ? e->level[0].x + i * e->v->stride :
		    l->x + (size_t)l->todo[i] * l->wide;
	if (nth == 1)
		first_layer(e);
	else
		next_layer(e, nth);
	if (last && l->ntodo) {
		for (i = 0; i < l->ntodo; i++) {
			e->rows[i] = e->outs[i];
			e->outs[i] = l->x + (size_t)l->todo[i] * l->wide;
		}
		e->finish(e->ctx, e->rows, e->outs, l->ntodo);
	}
	keep(e, l);
}

int
encoder_run(struct encoder *e, struct fail *why)
{
	size_t l;

	if (e->n == 0)
		return 0;
	if (++e->stamp == 0)
		e->stamp = 1;
	hash_windows(e);
	look_all(e);
	if (e->level[1].ntodo && give_products(e, why) < 0)
		return -1;
	for (l = 1; l <= e->depth; l++)
		run_level(e, l);
	return 0;
}
