/* SPDX-License-Identifier: GPL-3.0-or-later */
/* meant.c -- do the words around let an ordinary word be a name? */
#include "ner/mention_impl.h"
#include "ner/uni.h"

static const char *
word_of(const struct mentions_impl *f, size_t i, size_t *n)
{
	const uint32_t *e = f->fold.edges + 2 * i;

	*n = e[1] - e[0];
	return f->fold.letters + e[0];
}

static bool
all_digits(const char *p, size_t n)
{
	while (n && *p >= '0' && *p <= '9') {
		p++;
		n--;
	}
	return n == 0;
}

bool
mention_is_ordinary(const struct mentions_impl *f, size_t word)
{
	size_t n;
	const char *p = word_of(f, word, &n);

	return (n == 1 && strchr("adimrstu", *p)) || all_digits(p, n) ||
	    (f->tools.words && words_has(f->tools.words, p, n));
}

/* Is a word in a list with a blank before and behind each? */
static bool
is_in(const struct mentions_impl *f, size_t word, const char *list)
{
	size_t n;
	const char *p = word_of(f, word, &n), *at = list;

	for (; (at = strchr(at, ' ')) && at[1]; at++)
		if (strncmp(at + 1, p, n) == 0 && at[1 + n] == ' ')
			return true;
	return false;
}

static enum capitals
look_for_capitals(const char *p, size_t n)
{
	const char *end = p + n;
	bool upper = false, lower = false;
	uint32_t c;

	while (p < end && !(upper && lower)) {
		c = uni_next(&p);
		if (uni_is_upper(c))
			upper = true;
		else if (uni_is_alpha(c))
			lower = true;
	}
	return upper && lower ? CAPITALS_USED : CAPITALS_NONE;
}

/* Does a sentence begin with that word? */
static bool
begins(const struct mentions_impl *f, size_t word)
{
	uint32_t from, to;

	if (word == 0)
		return true;
	from = fold_end(&f->fold, f->text, f->ntext,
	    f->fold.edges[2 * word - 1] - 1);
	to = fold_begin(&f->fold, f->fold.edges[2 * word]);
	for (; from < to; from++)
		if (strchr(".!?\n", f->text[from]))
			return true;
	return false;
}

/* Verbs stand behind these, and things in general. */
static const char before[] = " to can cant cannot could would wont will "
    "couldnt wouldnt dont doesnt didnt did do does please pls plz i you we "
    "they not never always a an any some no ";

bool
mention_is_meant(struct mentions_impl *f, const struct gaz_alias *a,
    size_t first, size_t last, bool plural)
{
	const char *p = f->text + fold_begin(&f->fold,
	    f->fold.edges[2 * first]);
	bool capital;
	size_t i;

	if (!f->tools.words || (!a->single && !plural))
		return true;
	for (i = first; i <= last; i++)
		if (!mention_is_ordinary(f, i))
			return true;
	if (f->capitals == CAPITALS_UNKNOWN)
		f->capitals = look_for_capitals(f->text, f->ntext);
	capital = uni_is_upper(uni_next(&p));
	if (f->capitals == CAPITALS_USED && !(capital && begins(f, first)))
		return capital;
	if (plural)
		return false;
	/* can't: the t stands by itself */
	if (first > 0 && (is_in(f, first - 1, before) || (first > 1 &&
	    is_in(f, first - 1, " t ll d "))))
		return false;
	return last + 1 == f->fold.nwords || !is_in(f, last + 1, " of ");
}
