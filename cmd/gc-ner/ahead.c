/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ahead.c -- the model reads the texts of some records in one go.
 *
 * The more texts the network sees together the better it works. So where the
 * next lines of the input are there already, their texts are taken with those
 * of the record whose turn it is; when theirs comes, what was found waits.
 * Nothing is waited for, and a line that is no record, or whose texts cannot
 * be had, ends it: that line's own turn will tell.
 */
#include "tool.h"
#include "json/block.h"

#define MOST 32                         /* records */
#define BYTES ((size_t)6 << 10)         /* of text, about */

/* A record (a line's memory alone does not tell: later lines lie there, too),
 * its texts, and the entities found in them. */
struct turn {
	const char *line, *file;
	uint64_t number;
	struct texts texts;
	size_t first, nspans;
};

struct ahead {
	struct ner *ner;                /* owned */
	struct ner view;                /* of one record */
	struct json_block *lines;       /* owned */
	struct turn turn[MOST];
	size_t n, next;
	struct ner_text *v;             /* owned: all their texts */
	size_t cap;
	struct emit none;               /* for what takes texts */
	bool alone;                     /* records are not to be gathered */
};

/* Where records are read alone, by an expression that is long in compiling,
 * there is but one turn. */
static int
open_turns(struct ahead *a, const char *expr, const char *join,
    struct fail *why)
{
	size_t i;

	for (i = 0; i < MOST && !a->alone; i++) {
		if (texts_open(&a->turn[i].texts, expr, join, why) < 0)
			return -1;
		a->alone = expr && !expr_is_path(a->turn[0].texts.expr);
	}
	return 0;
}

int
ahead_open(struct ahead **ahead, struct ner *ner, const char *expr,
    const char *join, struct fail *why)
{
	struct buf empty = BUF_INIT(BUF_RECORD);
	struct ahead *a = calloc(1, sizeof *a);

	if (!a) {
		ner_close(ner);
		return fail_errno(why, "a worker");
	}
	a->ner = ner;
	a->none.out = empty;
	if (open_turns(a, expr, join, why) < 0 ||
	    json_block_open(&a->lines, why) < 0) {
		ahead_close(a);
		return -1;
	}
	*ahead = a;
	return 0;
}

void
ahead_close(struct ahead *a)
{
	size_t i;

	if (!a)
		return;
	ner_close(a->ner);
	for (i = 0; i < MOST; i++)
		texts_close(&a->turn[i].texts);
	if (a->lines)
		json_block_close(a->lines);
	buf_free(&a->none.out);
	free(a->v);
	free(a);
}

static void
name_turn(struct turn *t, const char *file, uint64_t number, const char *line)
{
	t->file = file;
	t->number = number;
	t->line = line;
}

/* Is that the record whose turn it is? */
static bool
is_next(const struct ahead *a, const struct record *rec)
{
	const struct turn *t = &a->turn[a->next];

	return a->next < a->n && t->file == rec->file &&
	    t->number == rec->number && t->line == rec->line;
}

/* The texts of the lines behind a record, while they are few. */
static void
take_more(struct ahead *a, const struct record *rec)
{
	size_t sum = a->turn[0].texts.bytes.len;
	const char *p = rec->line + rec->len;
	uint64_t number = rec->number;
	struct json_line line;
	struct record next;
	struct fail none;

	if (a->alone || !rec->end || p == rec->end || sum >= BYTES)
		return;
	p++;                            /* its LF */
	json_block_set(a->lines, p, (size_t)(rec->end - p));
	memset(&next, 0, sizeof next);
	while (sum < BYTES && a->n < MOST) {
		struct turn *t = &a->turn[a->n];

		number++;
		switch (json_block_next(a->lines, &line)) {
		case BLOCK_BLANK:
			continue;
		case BLOCK_VALUE:
			break;
		default:
			return;
		}
		next.line = line.p;
		next.len = line.n;
		next.val = line.val;
		next.members = line.members;
		if (json_type(line.val) != JSON_OBJECT ||
		    texts_take(&t->texts, &next, &a->none, &none) !=
		    FILTER_USED)
			return;
		name_turn(t, rec->file, number, line.p);
		sum += t->texts.bytes.len;
		a->n++;
	}
}

/* All texts in one list. Returns how many, or SIZE_MAX. */
static size_t
line_up(struct ahead *a)
{
	size_t n = 0, i;
	struct ner_text *v;

	for (i = 0; i < a->n; i++)
		n += a->turn[i].texts.n;
	if (n > a->cap) {
		if (!(v = realloc(a->v, n * sizeof *v)))
			return SIZE_MAX;
		a->v = v;
		a->cap = n;
	}
	for (n = i = 0; i < a->n; i++) {
		const struct texts *t = &a->turn[i].texts;

		if (t->n)
			memcpy(a->v + n, t->v, t->n * sizeof *t->v);
		n += t->n;
	}
	return n;
}

/* Each record's share of what was found. */
static void
share_out(struct ahead *a)
{
	struct ner *ner = a->ner;
	size_t text = 0, span = 0, i;

	for (i = 0; i < a->n; i++) {
		struct turn *t = &a->turn[i];

		if (t->texts.n)
			memcpy(t->texts.v, a->v + text, t->texts.n *
			    sizeof *a->v);
		t->first = span;
		for (; span < ner->nspans && ner->spans[span].text < text +
		    t->texts.n; span++)
			ner->spans[span].text -= (uint32_t)text;
		t->nspans = span - t->first;
		text += t->texts.n;
	}
}

int
ahead_take(struct ahead *a, const struct record *rec, unsigned flags,
    struct emit *emit, struct texts **texts, const struct ner **ner,
    struct fail *why)
{
	struct turn *t;
	size_t n;
	int r;

	if (!is_next(a, rec)) {
		a->n = a->next = 0;
		t = &a->turn[0];
		name_turn(t, rec->file, rec->number, rec->line);
		r = texts_take(&t->texts, rec, emit, why);
		*texts = &t->texts;
		if (r != FILTER_USED)
			return r;
		a->n = 1;
		take_more(a, rec);
		if ((n = line_up(a)) == SIZE_MAX)
			return fail(why, EXIT_MACHINE, "out of memory");
		if (ner_run(a->ner, a->v, n, flags, why) < 0) {
			a->n = 0;
			return why->code == EXIT_DATA ? filter_reject(emit,
			    rec, NULL, "text", "%s", why->text) : -1;
		}
		share_out(a);
	}
	t = &a->turn[a->next++];
	a->view = *a->ner;
	a->view.spans += t->first;
	a->view.nspans = t->nspans;
	*texts = &t->texts;
	*ner = &a->view;
	return FILTER_USED;
}
