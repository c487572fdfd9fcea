/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/tree.h"
#include "ner/arcs.h"

#define ROUNDS 11               /* at most, until heads lie in sentences */

void
tree_free(struct tree *t)
{
	free(t->head);
	free(t->left);
	free(t->right);
	free(t->before);
	free(t->label);
	free(t->starts);
	memset(t, 0, sizeof *t);
}

int
tree_start(struct tree *t, size_t n, struct fail *why)
{
	size_t i;

	if (n > t->cap || n < t->cap / 64) {
		tree_free(t);
		t->head = malloc(n * sizeof *t->head);
		t->left = malloc(n * sizeof *t->left);
		t->right = malloc(n * sizeof *t->right);
		t->before = malloc(n * sizeof *t->before);
		t->label = malloc(n * sizeof *t->label);
		t->starts = malloc(n);
		if (!t->head || !t->left || !t->right || !t->before ||
		    !t->label || !t->starts) {
			tree_free(t);
			return fail(why, EXIT_MACHINE, "out of memory");
		}
		t->cap = n;
	}
	t->n = n;
	for (i = 0; i < n; i++)
		t->head[i] = t->left[i] = t->right[i] = t->before[i] = -1;
	return 0;
}

void
tree_add(struct tree *t, int32_t head, int32_t child, uint32_t label)
{
	int32_t old = t->head[child];
	int32_t *side;

	if (old >= 0) {         /* always the last one that old got */
		side = child < old ? &t->left[old] : &t->right[old];
		if (*side == child)
			*side = t->before[child];
	}
	side = child < head ? &t->left[head] : &t->right[head];
	t->before[child] = *side;
	*side = child;
	t->head[child] = head;
	t->label[child] = label;
}

static void
widen(struct tree *t, size_t i)
{
	int32_t h = t->head[i];

	if (t->l_edge[i] < t->l_edge[h])
		t->l_edge[h] = t->l_edge[i];
	if (t->r_edge[i] > t->r_edge[h])
		t->r_edge[h] = t->r_edge[i];
}

/* One pass each way; true where every head lies in its own sentence. */
static bool
round_edges(struct tree *t)
{
	int32_t n = (int32_t)t->n, i, j, from = 0;

	for (i = 0; i < n; i++)
		widen(t, (size_t)i);
	for (i = n; i > 0; i--)
		widen(t, (size_t)i - 1);
	memset(t->starts, 0, t->n);
	for (i = 0; i < n; i++)
		if (t->head[i] == i)
			t->starts[t->l_edge[i]] = true;
	for (i = 0; i < n; i++) {
		if (!(i > 0 && t->starts[i]) && i != n - 1)
			continue;
		for (j = from; j < i; j++)
			if (t->head[j] < from || t->head[j] > i)
				return false;
		from = i;
	}
	return true;
}

static void
find_edges(struct tree *t)
{
	size_t i;

	t->l_edge = t->left;
	t->r_edge = t->right;
	for (i = 0; i < t->n; i++)
		t->l_edge[i] = t->r_edge[i] = (int32_t)i;
	for (i = 0; i <= ROUNDS; i++)
		if (round_edges(t))
			break;
}

/* The first of what hangs below a lifted token's head, level by level from
 * left to right, that has the label wanted; else the head. The tokens of a
 * level stand in queue, which has room for all: before[] is free by now. */
static int32_t
new_head(struct tree *t, int32_t token, uint32_t want, const struct tok *v)
{
	int32_t *queue = t->before, q, c;
	size_t at = 0, end = 0;

	queue[end++] = t->head[token];
	while (at < end) {
		q = queue[at++];
		for (c = t->l_edge[q]; c <= t->r_edge[q]; c++) {
			if (c == q || t->head[c] != q || c == token ||
			    v[c].flags & TOK_SPACE)
				continue;
			if (t->label[c] == want)
				return c;
			if (end < t->n)
				queue[end++] = c;
		}
	}
	return t->head[token];
}

void
tree_finish(struct tree *t, const struct arcs *a, struct tok *v)
{
	bool any = false;
	size_t i;

	for (i = 0; i < t->n; i++) {
		if (t->head[i] >= 0)
			continue;
		t->head[i] = (int32_t)i;
		t->label[i] = a->root;
	}
	find_edges(t);
	for (i = 0; i < t->n; i++) {
		uint32_t label = t->label[i];

		if (!a->lifted[label])
			continue;
		t->head[i] = new_head(t, (int32_t)i, a->lifted[label] - 1, v);
		t->label[i] = a->plain[label];
		any = true;
	}
	if (any)
		find_edges(t);
	for (i = 0; i < t->n; i++)
		v[i].flags &= ~(uint32_t)TOK_SENT;
	for (i = 0; i < t->n; i++)
		if (t->head[i] == (int32_t)i)
			v[t->l_edge[i]].flags |= TOK_SENT;
}
