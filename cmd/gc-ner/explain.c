/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain.c -- how what stands in a text differs from the alias that it is:
 * the letters that were edited, or how the two sound. */
#include "tool.h"
#include "json/write.h"
#include "ner/edits.h"
#include "ner/uni.h"

struct letters {
	uint32_t c[EDITS_LETTERS];      /* code points */
	uint32_t at[EDITS_LETTERS];     /* the text's code point of each */
	size_t n;
};

/* The folded letters of a text, words one after another. Returns 0 or -1. */
static int
take(struct letters *l, struct fold *f, const char *p, size_t n,
    unsigned symbols, struct fail *why)
{
	const char *at, *end;
	uint32_t byte = 0, begin, points = 0;
	size_t i;

	l->n = 0;
	if (fold_text(f, p, n, symbols) < 0)
		return fail_errno(why, "a mention");
	for (i = 0; i < f->nwords; i++) {
		at = f->letters + f->edges[2 * i];
		end = f->letters + f->edges[2 * i + 1];
		while (at < end && l->n < EDITS_LETTERS) {
			begin = fold_begin(f, (uint32_t)(at - f->letters));
			points += (uint32_t)uni_count(p + byte, begin - byte);
			byte = begin;
			l->at[l->n] = points;
			l->c[l->n++] = uni_next(&at);
		}
	}
	return 0;
}

static void
put_letters(struct buf *b, const char *key, const struct letters *l,
    size_t from, size_t n)
{
	char text[16];
	size_t i, k = 0;

	for (i = 0; i < n; i++)
		k += uni_put(text + k, l->c[from + i]);
	json_key(b, key);
	json_str(b, text, k);
}

static void
put_edit(struct buf *b, const struct edit *e, const struct letters *name,
    const struct letters *text, const struct mention *m, bool plural)
{
	size_t n = e->op == EDIT_SWAP ? 2 : 1;

	json_sep(b);
	buf_putc(b, '{');
	json_key(b, "op");
	json_cstr(b, plural ? "plural" : edit_name(e->op));
	json_key(b, "at");
	json_uint(b, e->text < text->n ? m->cp_start + text->at[e->text] :
	    m->cp_end);
	put_letters(b, "from", name, e->name, e->op == EDIT_ADD ? 0 : n);
	put_letters(b, "to", text, e->text, e->op == EDIT_OMIT ? 0 : n);
	buf_putc(b, '}');
}

static int
put_edits(struct buf *b, struct fold *work, const struct gazetteer *g,
    const struct mention *m, const char *text, struct fail *why)
{
	const struct gaz_alias *a = &g->aliases[m->alias];
	struct letters name, there;
	struct edit e[EDITS_MOST];
	size_t n, i;

	if (take(&name, work, gaz_text(g, a->text), a->text.n, FOLD_PLUS |
	    FOLD_HASH | FOLD_AND, why) < 0 || take(&there, work,
	    text + m->start, m->end - m->start, g->symbols, why) < 0)
		return -1;
	if (!(n = edits_between(e, name.c, name.n, there.c, there.n)))
		return 0;               /* a word was stuck to it, no more */
	json_key(b, "changes");
	buf_putc(b, '[');
	for (i = 0; i < n; i++)
		put_edit(b, &e[i], &name, &there, m, i >= m->edits &&
		    e[i].op == EDIT_ADD && e[i].name == name.n);
	buf_putc(b, ']');
	return 0;
}

int
explain_mention(struct buf *b, struct fold *work, const struct gazetteer *g,
    const struct mention *m, const char *text, struct fail *why)
{
	const struct gaz_alias *a = &g->aliases[m->alias];
	struct gaz_str said = a->spoken ? a->said : a->text;

	if (m->method == MENTION_FUZZY)
		return put_edits(b, work, g, m, text, why);
	if (m->method != MENTION_SPEECH)
		return 0;
	json_key(b, "sounds");
	buf_putc(b, '[');
	if (heard_spell(b, work, gaz_text(g, said), said.n, why) < 0)
		return -1;
	json_sep(b);
	if (heard_spell(b, work, text + m->start, m->end - m->start, why) < 0)
		return -1;
	buf_putc(b, ']');
	return 0;
}
